"""A selection singles out one item or none: what a request leaves open has no right answer."""

from __future__ import annotations

import pytest

from callwright.schemas.record import Rule, Test
from callwright.schemas.selection import select, value_at

FLIGHTS = [
    {"id": "a", "fare": 210.0, "departs": "07:30", "stops": 1, "to": {"city": "Oslo"}},
    {"id": "b", "fare": 95.5, "departs": "18:00", "stops": 0, "to": {"city": "Kyoto"}},
    {"id": "c", "fare": 340, "departs": "19:15", "stops": 0, "to": {"city": "Oslo"}},
]


def chosen(items, take, *tests, by=None):
    """Id of the item that is selected."""
    where = [Test(field=field, op=op, value=value) for field, op, value in tests]
    index = select(items, Rule(where=where, take=take, by=by))
    return None if index is None else items[index]["id"]


@pytest.mark.parametrize(
    ("take", "by", "expected"),
    [
        ("first", None, "a"),
        ("last", None, "c"),
        ("min", "fare", "b"),
        ("max", "fare", "c"),
        ("min", "departs", "a"),
        ("max", "departs", "c"),
        ("only", None, None),
    ],
)
def test_one_of_all_is_taken_by_place_or_by_value(take, by, expected):
    assert chosen(FLIGHTS, take, by=by) == expected


@pytest.mark.parametrize("take", ["first", "last", "min", "max", "only"])
def test_of_an_empty_list_and_of_none_that_pass_nothing_is_taken(take):
    assert chosen([], take, by="fare") is None
    assert chosen(FLIGHTS, take, ("fare", "ge", 1000), by="fare") is None


@pytest.mark.parametrize("take", ["first", "last", "min", "max", "only"])
def test_the_only_one_that_passes_is_taken_however_it_is_taken(take):
    assert chosen(FLIGHTS, take, ("to.city", "eq", "Kyoto"), by="fare") == "b"


def test_tests_are_all_to_be_passed_and_their_bounds_pass():
    assert chosen(FLIGHTS, "first", ("departs", "ge", "18:00")) == "b"
    assert chosen(FLIGHTS, "last", ("departs", "le", "18:00")) == "b"
    assert chosen(FLIGHTS, "first", ("departs", "ge", "18:01")) == "c"
    assert chosen(FLIGHTS, "only", ("stops", "eq", 0), ("fare", "ge", 100)) == "c"
    assert chosen(FLIGHTS, "only", ("fare", "le", 95.5)) == "b"
    assert chosen(FLIGHTS, "only", ("fare", "le", 95)) is None


def test_the_only_one_of_two_is_none():
    assert chosen(FLIGHTS, "only", ("stops", "eq", 0)) is None


def test_a_tie_leaves_the_choice_open():
    tied = [*FLIGHTS, {**FLIGHTS[1], "id": "d"}]
    assert chosen(tied, "min", by="fare") is None
    assert chosen(tied, "max", by="fare") == "c"
    assert chosen(tied, "min", ("stops", "eq", 1), by="fare") == "a"
    assert chosen([{"id": "x", "n": 1}, {"id": "y", "n": 1.0}], "min", by="n") is None


@pytest.mark.parametrize("other", ["210", None, True, [1], {"a": 1}])
def test_what_cannot_be_compared_is_neither_least_nor_most(other):
    mixed = [*FLIGHTS, {"id": "d", "fare": other}]
    for items in (mixed, mixed[::-1]):
        assert chosen(items, "min", by="fare") is None
        assert chosen(items, "max", by="fare") is None


def test_a_field_that_is_missing_leaves_the_least_unknown_and_fails_every_test():
    items = [*FLIGHTS, {"id": "d"}, {"id": "e", "to": "Oslo"}]
    assert chosen(items, "min", by="fare") is None
    assert chosen(items, "min", ("fare", "le", 999), by="fare") == "b"
    assert chosen(items, "last", ("to.city", "eq", "Oslo")) == "c"
    assert chosen(FLIGHTS, "min", by=None) is None


def test_equality_tells_types_apart():
    items = [
        {"id": "n", "v": 1},
        {"id": "t", "v": True},
        {"id": "s", "v": "1"},
        {"id": "f", "v": 1.0},
    ]
    for identity, value in [("n", 1), ("t", True), ("s", "1"), ("f", 1.0)]:
        assert chosen(items, "only", ("v", "eq", value)) == identity


@pytest.mark.parametrize("value", [True, None, "7", [7]])
def test_a_bound_of_another_type_passes_nothing(value):
    for op in ("ge", "le"):
        assert chosen([{"id": "a", "v": 7}], "first", ("v", op, value)) is None


def test_numbers_compare_across_their_types():
    items = [{"id": "a", "v": 2}, {"id": "b", "v": 1.5}]
    assert chosen(items, "min", by="v") == "b"
    assert chosen(items, "only", ("v", "ge", 1.75)) == "a"


def test_a_value_is_found_along_its_path_or_is_none():
    assert value_at(FLIGHTS[0], "to.city") == "Oslo"
    assert value_at(FLIGHTS[0], "to.country") is None
    assert value_at(FLIGHTS[0], "fare.amount") is None
    assert value_at("Oslo", "city") is None
    assert value_at({"": 3}, "") == 3


def test_items_that_are_no_objects_are_never_compared():
    assert select([1, 2], Rule(take="min", by="v")) is None
    assert select([1, 2], Rule(take="last")) == 1
