"""Form: what the messages must look like, and that the plan says what they do."""

import pytest

from callwright.schemas.form import check_form
from callwright.schemas.reading import Unreadable, calls_of
from callwright.schemas.record import Conversation
from callwright.schemas.shape import longest

USER = {"role": "user", "content": "Go"}
SYSTEM = {"role": "system", "content": "Help."}
END = {"role": "assistant", "content": "Done."}


def turn(*ids):
    calls = [{"id": i, "function": {"name": "step", "arguments": {}}} for i in ids]
    results = [{"role": "tool", "tool_call_id": i, "content": '{"n":5}'} for i in ids]
    return [{"role": "assistant", "tool_calls": calls}, *results]


def row(messages, *, scenario="imported", **fields):
    tools = [{"type": "function", "function": {"name": "step"}}]
    record = {"id": "r", "scenario": scenario, "language": "en", "tools": tools}
    return Conversation.model_validate({**record, "messages": messages, **fields})


@pytest.mark.parametrize(
    "messages",
    [
        [USER, END],
        [SYSTEM, USER, END],
        [USER, *turn("call_1"), END],
        [USER, *turn("call_1", "call_2"), *turn("call_3"), END],
        [USER, END, USER, *turn("call_1"), END],
    ],
)
def test_turns_follow_each_other(messages):
    assert check_form(row(messages)).outcome == "pass"


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [USER],
        [END],
        [SYSTEM, END],
        [USER, SYSTEM, END],
        [SYSTEM, SYSTEM, USER, END],
        [USER, USER, END],
        [USER, END, END],
        [USER, *turn("call_1")],
        [USER, *turn("call_1", "call_2")[:2], END],
        [USER, *turn("call_1"), *turn("call_1"), END],
        [USER, *turn("call_2"), END],
        [USER, *turn("call_1"), USER, END],
        [USER, {"role": "assistant", "content": None}],
        [USER, {"role": "assistant", "content": "Done.", "tool_calls": []}],
        [USER, {**END, "tool_call_id": "call_1"}],
        [{**USER, "tool_calls": turn("call_1")[0]["tool_calls"]}, END],
        [USER, {"role": "tool", "tool_call_id": "call_1", "content": "1"}, END],
    ],
)
def test_messages_out_of_order_fail(messages):
    gate = check_form(row(messages))
    assert gate.outcome == "fail"
    assert gate.detail


def test_calls_are_read_with_their_results_turns_and_order():
    calls = calls_of(row([SYSTEM, USER, *turn("call_1", "call_2"), *turn("call_3"), END]))
    assert [(c.index, c.turn, c.id) for c in calls] == [
        (0, 2, "call_1"),
        (1, 2, "call_2"),
        (2, 5, "call_3"),
    ]
    assert calls[0].value == {"n": 5}
    with pytest.raises(Unreadable, match="call_1"):
        calls_of(row([USER, turn("call_1")[0], END]))


def test_an_imported_row_needs_no_plan_but_a_built_one_does():
    messages = [USER, *turn("call_1"), END]
    assert check_form(row(messages)).outcome == "pass"
    assert check_form(row(messages, scenario="single")).outcome == "fail"


PLAN = {
    "steps": [{"call": "call_1", "tool": "step"}, {"call": "call_2", "tool": "step"}],
    "goals": ["call_2"],
    "sequence": ["step", "step"],
    "topology": "2",
    "skeleton": "0123456789abcdef",
    "length": 1,
}
GOLD = {"calls": [{"name": "step", "arguments": {}}] * 2}


@pytest.mark.parametrize(
    ("turns", "scenario", "outcome"),
    [
        ([*turn("call_1", "call_2")], "parallel", "pass"),
        ([*turn("call_1"), *turn("call_2")], "parallel", "fail"),  # one after the other
        ([*turn("call_1", "call_2")], "single", "fail"),
        ([*turn("call_1"), *turn("call_2")], "chain", "fail"),  # nothing is passed on
        ([*turn("call_1"), *turn("call_2")], "dag", "fail"),
        ([*turn("call_1"), *turn("call_2")], "irrelevant", "fail"),
        ([*turn("call_1"), *turn("call_2")], "multi_turn", "fail"),  # one request only
        ([*turn("call_1"), *turn("call_2")], "error_recovery", "pass"),
    ],
)
def test_a_scenario_promises_a_shape(turns, scenario, outcome):
    conversation = row([USER, *turns, END], scenario=scenario, plan=PLAN, expected=GOLD)
    assert check_form(conversation).outcome == outcome


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ([], 1),
        ([(1, 2)], 2),
        ([(1, 2), (2, 3)], 3),
        ([(1, 3), (2, 3)], 2),
        ([(1, 3), (3, 4), (2, 4)], 3),
        ([(2, 1), (1, 2)], 2),  # backwards is no edge
        ([(1, 9)], 1),
    ],
)
def test_length_is_the_longest_path_in_calls(edges, expected):
    calls = calls_of(row([USER, *turn("call_1", "call_2", "call_3", "call_4"), END]))
    named = [(f"call_{a}", f"call_{b}", "/x") for a, b in edges]
    assert longest(calls, named) == expected
    assert longest([], []) == 0
