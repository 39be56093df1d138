"""Reading a model's text: what is a call, what is none, and what cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.schemas.record import Function
from callwright.training.turns import read_turn, write_turn

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="<>"), min_size=1, max_size=8)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=5,
)


@given(st.lists(st.tuples(NAMES, st.dictionaries(NAMES, VALUES, max_size=3)), max_size=3))
def test_what_is_written_is_read_back(calls: list[tuple[str, dict[str, object]]]) -> None:
    made = [Function(name=name, arguments=arguments) for name, arguments in calls]
    text = write_turn("Let me look.", made)
    if "</tool_call>" in "".join(map(repr, calls)) or "<tool_call>" in "".join(map(repr, calls)):
        return
    turn = read_turn(text)
    assert turn.fault is None
    assert list(turn.calls) == made
    assert turn.content == "Let me look."
    assert turn.raw == text


def test_text_without_a_call_is_what_the_model_says() -> None:
    turn = read_turn("It is 5 km to Oslo.\n")
    assert (turn.content, turn.calls, turn.fault) == ("It is 5 km to Oslo.", (), None)


def test_a_thought_is_kept_apart_and_holds_no_calls() -> None:
    turn = read_turn('<think>\nmaybe <tool_call>{"name": "x"}</tool_call>\n</think>\n\nHello.')
    assert turn.content == "Hello."
    assert turn.calls == ()
    assert turn.reasoning is not None
    assert "maybe" in turn.reasoning


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('<tool_call>\n{"name": "f", "arguments": {"a": 1}}', "not closed"),
        ("<tool_call>{'name': 'f'}</tool_call>", "no JSON"),
        ('<tool_call>{"name": "f", "arguments": {"a": 2027-01-02}}</tool_call>', "no JSON"),
        ('<tool_call>{"name": "f", "arguments": "{}"}</tool_call>', "no object"),
        ('<tool_call>{"arguments": {}}</tool_call>', "name and arguments"),
        ("<tool_call>[]</tool_call>", "name and arguments"),
        ('{"name": "f", "arguments": {}}</tool_call>', "closes nothing"),
        ("<tool_call>" + "[" * 100_000 + "</tool_call>", "no JSON"),
    ],
)
def test_a_call_that_cannot_be_read_is_a_fault_and_runs_nothing(text: str, told: str) -> None:
    turn = read_turn(text)
    assert turn.fault is not None
    assert told in turn.fault
    assert turn.calls == ()
    assert len(turn.fault) < 300


def test_one_bad_call_spoils_its_turn() -> None:
    good = write_turn("", [Function(name="f", arguments={})])
    assert read_turn(good + "\n<tool_call>nonsense</tool_call>").calls == ()
