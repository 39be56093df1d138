import math
from datetime import date

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.schemas.canonical import canonical_text, digest, dumps
from callwright.schemas.record import Conversation, Function, Message, ToolCall

SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text()
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    SCALARS | FLOATS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


def conversation(*messages: Message) -> Conversation:
    return Conversation(
        id="r", scenario="single", language="en", tools=[{"type": "function"}], messages=messages
    )


def call(**arguments) -> Message:
    function = Function(name="find", arguments=arguments)
    return Message(role="assistant", tool_calls=[ToolCall(id="call_1", function=function)])


@given(JSON)
def test_a_json_value_survives_its_canonical_text(value):
    back = orjson.loads(dumps(value))
    assert back == value
    assert repr(back) == repr(value)


def test_canonical_text_is_compact_and_keeps_the_order_of_keys():
    assert dumps({"b": 1, "a": [1, 2.0, "é"]}) == '{"b":1,"a":[1,2.0,"é"]}'


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_float_that_json_cannot_write_is_refused_at_any_depth(value):
    for wrapped in (value, [None, value], {"a": {"b": (1, value)}}):
        with pytest.raises(TypeError, match="not a JSON value"):
            dumps(wrapped)
    with pytest.raises(TypeError):
        digest({"a": value})


def test_a_value_that_default_supplies_is_searched_for_nan_too():
    with pytest.raises(TypeError, match="nan"):
        dumps({"a": object()}, default=lambda _: {"x": math.nan})
    assert dumps({"a": object(), "b": None}, default=lambda _: [1]) == '{"a":[1],"b":null}'


@pytest.mark.parametrize("value", [2**64, "\ud800", {1: 2}, date(2026, 5, 3), {1, 2}, b"x"])
def test_what_is_no_json_is_refused(value):
    with pytest.raises(TypeError):
        dumps(value)


def test_equal_values_have_equal_digests_whatever_the_order_of_keys():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})
    assert len(digest([])) == 32


def test_the_digest_of_a_text_is_that_of_its_bytes():
    assert digest("é") == digest("é".encode())
    assert digest(dumps({"a": 1, "b": 2})) != digest(dumps({"b": 2, "a": 1}))


def test_row_text_holds_user_turns_and_calls_but_neither_tools_nor_results():
    row = conversation(
        Message(role="system", content="rules"),
        Message(role="user", content="Find Paris"),
        call(city="Paris"),
        Message(role="tool", tool_call_id="call_1", content='{"code":"CDG"}'),
        Message(role="assistant", content="It is CDG."),
    )
    assert canonical_text(row) == 'user: Find Paris\ncall: find {"city":"Paris"}'


def test_row_text_is_nfc_and_blind_to_the_order_of_arguments():
    one = conversation(Message(role="user", content="cafe\u0301"), call(a=1, b=2))
    other = conversation(Message(role="user", content="caf\u00e9"), call(b=2, a=1))
    assert canonical_text(one) == canonical_text(other)
