import math
from datetime import date

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.schemas import validation
from callwright.schemas.validation import (
    FORMATS,
    SchemaProblem,
    check_schema,
    compile_schema,
    explain,
    is_valid,
)

TEXTS = st.sampled_from(
    [
        "",
        "a",
        "CDG",
        "１２",
        "12",
        "12\n",
        "é",
        "é",
        "😀",
        "\u3000",
        "2026-02-29",
        "a@b.co",
        "2026-05-03T10:00:00Z",
        "2026-05-03T10:00:00",
        "2024-02-29",
        "{}",
        "null",
        "周@例.cn",
    ]
)
NUMBERS = st.sampled_from(
    [
        0,
        1,
        -1,
        2,
        1.0,
        -0.0,
        0.5,
        0.1,
        0.3,
        19.99,
        2**53,
        2**53 + 1,
        2**63,
        2**64 - 1,
        1e20,
        1e300,
        -(2**63),
        100,
        True,
        False,
    ]
)
SCALARS = TEXTS | NUMBERS | st.none()
KEYS = st.sampled_from(["a", "b", "名", "x/y"])
VALUES = st.recursive(
    SCALARS | st.just(math.nan),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
BOUNDS = st.sampled_from([0, 1, 2, 5, 1.5, 2**53, 0.1, -3])
PATTERNS = st.sampled_from(
    ["^[A-Z]{3}$", r"^\d+$", r"\w", r"^\s$", "^.$", r"^\p{L}+$", "^a$|^é$", "", r"^(?!a).*$"]
)
TYPES = st.sampled_from(["string", "integer", "number", "boolean", "null", "array", "object"])


def objects(inner):
    return st.fixed_dictionaries(
        {"type": st.just("object"), "properties": st.dictionaries(KEYS, inner, max_size=3)},
        optional={
            "required": st.lists(KEYS, unique=True, max_size=2),
            "additionalProperties": st.booleans() | inner,
            "maxProperties": st.integers(0, 3),
        },
    )


def arrays(inner):
    return st.fixed_dictionaries(
        {"type": st.just("array"), "items": inner},
        optional={
            "minItems": st.integers(0, 2),
            "maxItems": st.integers(0, 2),
            "uniqueItems": st.booleans(),
        },
    )


LEAVES = st.one_of(
    st.fixed_dictionaries({"type": TYPES}),
    st.fixed_dictionaries({"type": st.lists(TYPES, min_size=1, max_size=2, unique=True)}),
    st.fixed_dictionaries({"enum": st.lists(SCALARS, min_size=1, max_size=3, unique_by=repr)}),
    st.fixed_dictionaries({"const": SCALARS}),
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["integer", "number"]),
            "minimum": BOUNDS,
            "maximum": BOUNDS,
            "exclusiveMinimum": BOUNDS,
            "exclusiveMaximum": BOUNDS,
            "multipleOf": st.sampled_from([1, 2, 0.1, 0.01, 0.5, 1.0]),
        },
    ),
    st.fixed_dictionaries(
        {"type": st.just("string")},
        optional={
            "minLength": st.integers(0, 2),
            "maxLength": st.integers(0, 3),
            "pattern": PATTERNS,
            "format": st.sampled_from([*FORMATS, "time", "uuid", "uri", "ipv4", "made-up"]),
            "x-kind": st.just("airport.iata"),
        },
    ),
)
SCHEMAS = st.recursive(
    LEAVES,
    lambda inner: (
        objects(inner)
        | arrays(inner)
        | st.fixed_dictionaries({"anyOf": st.tuples(inner, st.just({"type": "null"})).map(list)})
    ),
    max_leaves=6,
)


def reference(schema, value):
    return validation._reference(orjson.dumps(schema)).is_valid(value)


@settings(max_examples=600)
@given(SCHEMAS, VALUES)
def test_both_libraries_give_the_same_verdict(schema, value):
    assert is_valid(schema, value) == reference(schema, value)


@settings(max_examples=300)
@given(SCHEMAS, st.data())
def test_both_libraries_agree_on_arguments_shaped_like_the_schema(schema, data):
    # Random values mostly fail at the outermost type; these get past it.
    value = data.draw(shaped(schema))
    assert is_valid(schema, value) == reference(schema, value)


def shaped(schema):
    if "properties" in schema:
        inner = {key: shaped(value) for key, value in schema["properties"].items()}
        return st.fixed_dictionaries({}, optional={**inner, "extra": SCALARS})
    if "items" in schema:
        return st.lists(shaped(schema["items"]), max_size=3)
    if "anyOf" in schema:
        return shaped(schema["anyOf"][0]) | st.none()
    if schema.get("type") == "string":
        return TEXTS
    return NUMBERS | SCALARS


@settings(max_examples=300)
@given(SCHEMAS, VALUES)
def test_an_explanation_is_one_line_and_stands_exactly_where_the_verdict_is_no(schema, value):
    reason = explain(schema, value)
    assert (reason is None) == is_valid(schema, value)
    if reason is not None:
        assert reason.startswith("at ")
        assert "\n" not in reason
        assert len(reason) <= 300


@given(st.dates())
def test_every_calendar_day_is_a_date(day):
    assert is_valid({"format": "date"}, day.isoformat())
    assert is_valid({"format": "date-time"}, f"{day.isoformat()}T23:59:59+08:00")


@given(st.from_regex(r"\A[0-9]{4}-[01][0-9]-[0-3][0-9]\Z"))
def test_a_date_is_what_the_calendar_knows(text):
    try:
        known = bool(date.fromisoformat(text))
    except ValueError:
        known = text.startswith("0000-") and is_valid({"format": "date"}, text)
    assert is_valid({"format": "date"}, text) == known


@pytest.mark.parametrize(
    ("name", "text", "verdict"),
    [
        ("date", "2026-02-29", False),
        ("date", "2026-5-3", False),
        ("date", "２０２６-05-03", False),
        ("date-time", "2026-05-03T10:00:00", False),
        ("date-time", "2026-05-03T10:00:00.5Z", True),
        ("email", "li.wei@example.com", True),
        ("email", "Li Wei <li.wei@example.com>", False),
        ("email", "nobody", False),
        ("time", "14:30", True),
        ("uuid", "no uuid", True),
        ("regex", "[", True),
    ],
)
def test_only_dates_instants_and_addresses_are_asserted(name, text, verdict):
    assert is_valid({"format": name}, text) is verdict
    assert is_valid({"format": name}, 3)


def test_numbers_are_judged_by_value():
    assert is_valid({"type": "integer"}, 1.0)
    assert is_valid({"type": "integer"}, 2**64)
    assert is_valid({"multipleOf": 0.01}, 19.99)
    assert not is_valid({"type": "integer"}, True)
    assert not is_valid({"type": "number"}, math.nan)


def test_patterns_are_those_of_the_standard_and_not_of_python():
    assert not is_valid({"pattern": "^a$"}, "a\n")
    assert not is_valid({"pattern": r"^\d+$"}, "１２")
    assert explain({"pattern": r"^\d+$"}, "１２") == r"at top: '１２' does not match '^\\d+$'"


def test_a_hostile_pattern_ends_and_counts_as_no_match():
    assert not is_valid({"pattern": r"^(a+)+\1?$"}, "a" * 40 + "b")


def test_an_explanation_names_the_place_and_the_value():
    schema = {"properties": {"a/b": {"items": {"type": "string", "maxLength": 2}}}}
    assert explain(schema, {"a/b": ["x", 3]}) == "at /a~1b/1: 3 is not of type 'string'"


def test_an_explanation_of_alternatives_says_what_each_wants():
    schema = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert explain(schema, 3) == "at top: 3 is not of type 'string' or 3 is not of type 'null'"


def test_what_is_no_json_is_invalid_and_explained():
    for value in ({1: 2}, "\ud800", {"a": object()}):
        assert not is_valid({"type": "object", "required": ["b"]}, value)
        assert "not a JSON value" in explain({"type": "object", "required": ["b"]}, value)


def test_a_fault_that_only_the_fast_library_finds_is_explained_in_its_words(monkeypatch):
    lenient = validation._reference(b"true")
    monkeypatch.setattr(validation, "_reference", lambda _: lenient)
    assert explain({"type": "string"}, 3) == 'at top: 3 is not of type "string"'


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"type": "objct"}, "at /type"),
        ({"properties": {"a": {"pattern": "["}}}, "at /properties/a/pattern"),
        ({"$ref": "http://example.com/x.json"}, "Retrieval is disabled"),
        ({"$ref": "file:///etc/hostname"}, "Retrieval is disabled"),
        ({"$ref": "#/$defs/nowhere"}, "nowhere"),
        ({"const": math.inf, "enum": object()}, "not JSON"),
        ([], "not list"),
    ],
)
def test_a_bad_schema_is_told_in_one_line(schema, reason):
    assert reason in check_schema(schema)
    if isinstance(schema, dict):
        with pytest.raises(SchemaProblem):
            is_valid(schema, 1)


def test_a_good_schema_has_no_problem():
    assert check_schema({"type": "object", "x-kind": "money.usd"}) is None
    assert check_schema(True) is None


def test_a_schema_changed_after_its_first_use_is_judged_as_it_now_stands():
    schema = {"type": "string"}
    assert is_valid(schema, "a")
    schema["type"] = "integer"
    assert not is_valid(schema, "a")
    assert compile_schema(schema) is compile_schema({"type": "integer"})
