"""The comparator: what counts as the call that was wanted, in both sets of rules."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.schemas.compare import equal, matches, maximum_matching, pair
from callwright.schemas.compare_gold import OMITTED, Gold, gold_of, gold_of_bfcl
from callwright.schemas.record import Function

NUMBER = {"type": "number"}
INTEGER = {"type": "integer"}
TEXT = {"type": "string"}


def call(name: str = "f", **arguments: Any) -> Function:
    return Function(name=name, arguments=arguments)


def schema(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


@pytest.mark.parametrize(
    ("gold", "made", "under", "same"),
    [
        (True, 1, INTEGER, False),
        (1, True, INTEGER, False),
        (5, 5.0, NUMBER, True),
        (5, 5.0, INTEGER, False),
        (5, 5.0, {}, False),
        (5, 5.0, {"anyOf": [NUMBER, {"type": "null"}]}, True),
        ("5", 5, TEXT, False),
        (5, "5", INTEGER, False),
        (0.1 + 0.2, 0.3, NUMBER, True),
        (1.0, 1.00001, NUMBER, False),
        (10**400, 1e300, NUMBER, False),
        ("-5", "5", TEXT, False),  # BFCL: equal
        ("2024-1-12", "2024-11-2", TEXT, False),  # BFCL: equal
        (" Oslo", "Oslo ", TEXT, True),
        ("cafe\u0301", "caf\u00e9", TEXT, True),
        ("Buy more milk", "buy More milk", TEXT, True),
        ("EUR", "eur", TEXT, False),
        ("Paris", "paris", {"type": "string", "x-kind": "city.name"}, True),
        ("CDG", "cdg", {"type": "string", "x-kind": "airport.iata"}, False),
        ("red wine", "Red Wine", {"type": "string", "enum": ["red wine"]}, False),
        ("Ann Lee", "ANN LEE", {"type": "string", "format": "email"}, False),
        ([1, 2], [2, 1], {"type": "array", "items": INTEGER}, False),
        ([1, 2], [2, 1], {"type": "array", "items": INTEGER, "uniqueItems": True}, True),
        ([1, 2], [1, 1], {"type": "array", "items": INTEGER, "uniqueItems": True}, False),
        ([1], [1.0], {"type": "array", "items": NUMBER}, True),
        (None, None, {}, True),
        (None, 0, {}, False),
        ([], {}, {}, False),
    ],
)
def test_values_are_compared_as_their_schema_types_them(
    gold: Any, made: Any, under: Any, same: bool
) -> None:
    assert equal(gold, made, under) is same


def test_an_argument_left_out_is_its_default_spelled_out() -> None:
    under = schema(city=TEXT, unit={"type": "string", "default": "km"})
    assert matches(gold_of(call(city="Oslo")), call(city="Oslo", unit="km"), under)
    assert matches(gold_of(call(city="Oslo", unit="km")), call(city="Oslo"), under)
    assert not matches(gold_of(call(city="Oslo")), call(city="Oslo", unit="miles"), under)
    assert not matches(gold_of(call(city="Oslo")), call(city="Oslo", colour="red"), under)


def test_defaults_hold_within_objects_too() -> None:
    under = schema(to=schema(city=TEXT, code={"type": "integer", "default": 0}))
    wanted = gold_of(call(to={"city": "Oslo"}))
    assert matches(wanted, call(to={"city": "Oslo", "code": 0}), under)
    assert not matches(wanted, call(to={"city": "Oslo", "code": 1}), under)


def test_any_of_the_allowed_values_is_right_and_none_other() -> None:
    wanted = Gold("f", {"a": [1, 2], "b": ["x", OMITTED]})
    under = schema(a=INTEGER, b=TEXT)
    assert matches(wanted, call(a=2), under)
    assert matches(wanted, call(a=1, b="x"), under)
    assert not matches(wanted, call(a=3), under)
    assert not matches(wanted, call(b="x"), under)
    assert not matches(wanted, call(a=1, b="y"), under)


def test_an_empty_text_that_is_wanted_is_no_leave_to_omit_it() -> None:
    assert matches(gold_of(call(note="")), call(note=""), schema(note=TEXT))
    assert not matches(gold_of(call(note="")), call(), schema(note=TEXT))


def test_the_right_calls_are_never_refused_for_their_order() -> None:
    # A greedy pairing gives the first gold call the only call that fits the second.
    gold = [Gold("f", {"a": [1, 2]}), Gold("f", {"a": [1]})]
    made = [call(a=1), call(a=2)]
    assert pair(gold, made, {"f": schema(a=INTEGER)}) == [1, 0]


def test_five_copies_of_a_right_call_are_one_right_call() -> None:
    found = pair([gold_of(call(a=1))], [call(a=1)] * 5, {})
    assert found == [0]


@given(
    st.integers(0, 5), st.integers(0, 5), st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)))
)
def test_as_many_are_paired_as_can_be(left: int, right: int, edges: set[tuple[int, int]]) -> None:
    found = maximum_matching(left, right, lambda i, j: (i, j) in edges)
    used = [j for j in found if j is not None]
    assert len(used) == len(set(used))
    assert all((i, j) in edges for i, j in enumerate(found) if j is not None)
    seats = [*range(right), *[None] * left]
    best = max(
        sum(j is not None and (i, j) in edges for i, j in enumerate(order))
        for order in set(permutations(seats, left))
    )
    assert len(used) == best


@pytest.mark.parametrize(
    ("allowed", "made", "same"),
    [
        (["-5"], "5", True),
        (["New York, NY"], "new york ny", True),
        ([5], 5.0, False),
        ([5.0], 5, True),
        ([True], 1, False),
        (["x", ""], "", True),
    ],
)
def test_bfcl_verdicts_keep_their_flaws(allowed: list[Any], made: Any, same: bool) -> None:
    names = {str: "string", int: "integer", float: "number", bool: "boolean"}
    under = schema(a={"type": names[type(allowed[0])]})
    wanted = gold_of_bfcl({"f": {"a": allowed}})
    assert matches(wanted, call(a=made), under, "bfcl") is same


def test_a_default_spelled_out_fails_by_bfcls_rules_only() -> None:
    under = schema(city=TEXT, unit={"type": "string", "default": "km"})
    wanted, made = gold_of(call(city="Oslo")), call(city="Oslo", unit="km")
    assert matches(wanted, made, under)
    assert not matches(wanted, made, under, "bfcl")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    )
)
def test_every_value_equals_itself(value: Any) -> None:
    assert matches(gold_of(call(a=value)), call(a=value), {})
