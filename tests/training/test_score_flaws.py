"""Where other scorers go wrong: each flaw is a case in which ours is right."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.schemas.record import Conversation, Function, Message, ToolCall
from callwright.training.assignment import heaviest
from callwright.training.decisions import DecisionScore, score_decision
from callwright.training.extraction import extract, extract_by_mode
from callwright.training.records import Decision
from callwright.training.turns import Turn, read_turn
from callwright.training.wanted import Key

TEXT = {"type": "string"}
INTEGER = {"type": "integer"}


def call(name: str = "f", **arguments: Any) -> Function:
    return Function(name=name, arguments=arguments)


def tool(name: str = "f", **properties: Any) -> dict[str, Any]:
    parameters = {"type": "object", "properties": properties}
    return {"type": "function", "function": {"name": name, "parameters": parameters}}


def row(*gold: Function, tools: Any = (), asked: str = "Do it, please, as I said.") -> Conversation:
    """A request, the gold calls in one turn, and nothing about where values come from."""
    calls = [ToolCall(id=f"call_{n}", function=one) for n, one in enumerate(gold, 1)]
    message = (
        Message(role="assistant", tool_calls=calls)
        if calls
        else Message(role="assistant", content="I have no tool for that.")
    )
    return Conversation(
        id="r",
        scenario="parallel" if gold else "irrelevant",
        language="en",
        tools=list(tools) or [tool(a=TEXT, b=TEXT)],
        messages=[Message(role="user", content=asked), message],
    )


def judged(wanted: Conversation, *made: Function, text: str = "") -> DecisionScore:
    turn = Turn("", made) if made else read_turn(text)
    key = Key(wanted)
    point = key.points[0]
    return score_decision(key, point, Decision(row="r", message=point.message, turn=turn))


def figures(score: DecisionScore, mode: str = "strict") -> tuple[float, float]:
    """Precision and recall of the parameters."""
    equal, made, gold = (score.counts[f"leaves.{c}.{mode}"] for c in ("equal", "made", "gold"))
    return equal / made if made else 0.0, equal / gold


@pytest.mark.parametrize(("gold", "made"), [("-5", "5"), ("2024-1-12", "2024-11-2")])
def test_bfcl_takes_other_numbers_and_dates_for_the_wanted_ones(gold: str, made: str) -> None:
    assert judged(row(call(a=gold)), call(a=made)).right == {"strict": False, "bfcl": True}


def test_bfcl_refuses_a_default_that_is_spelled_out() -> None:
    tools = [tool(a=TEXT, unit={"type": "string", "default": "km"})]
    score = judged(row(call(a="x"), tools=tools), call(a="x", unit="km"))
    assert score.right == {"strict": True, "bfcl": False}
    assert figures(score) == (1, 1)
    assert figures(score, "bfcl") == (0.5, 1)


def test_bfcl_can_refuse_right_calls_for_their_order() -> None:
    # Its first allowed call also fits the second made one; greedy pairing then finds none left.
    answer = {"ground_truth": [{"f": {"a": ["x", "y"]}}, {"f": {"a": ["x"]}}]}
    wanted = row(tools=[tool(a=TEXT)]).model_copy(
        update={"messages": [Message(role="user", content="Both.")], "origin": {"answer": answer}}
    )
    assert judged(wanted, call(a="x"), call(a="y")).right == {"strict": True, "bfcl": True}
    assert not judged(wanted, call(a="x"), call(a="z")).right["strict"]


@pytest.mark.parametrize(
    "text",
    [
        '<tool_call>{"name": "f", "arguments": {"a": </tool_call>',
        '{"name": "f", "arguments": {"a": "x"}}',
        '```json\n{"name": "f", "arguments": {"a": "x"}}\n```',
        "[f(a='x')]",
        "<function=f>{}</function>",
        "<|python_tag|>f(a=1)",
        "",
        "\n ... \n",
        "Do it, please, as I said.",
        "user: Do it, please, as I said.",
    ],
)
def test_bfcl_takes_what_it_cannot_decode_for_a_refusal(text: str) -> None:
    assert judged(row(), text=text).right == {"strict": False, "bfcl": False}
    assert judged(row(), text="That is beyond me.").right == {"strict": True, "bfcl": True}


def test_quoting_the_request_in_an_answer_is_no_echo() -> None:
    said = '"Do it, please, as I said." is not something my tools can do.'
    assert judged(row(), text=said).right["strict"]


def test_nestful_lets_one_call_too_many_ruin_the_rest() -> None:
    wanted = row(call(a="x"), call(a="y"))
    score = judged(wanted, call(a="new"), call(a="x"), call(a="y"))
    assert figures(score) == (pytest.approx(2 / 3), 1)
    assert score.fault is not None
    assert score.fault.kind == "extra_call"


def test_seal_tools_scores_five_copies_of_a_right_call_above_1() -> None:
    precision, recall = figures(judged(row(call(a="x")), *[call(a="x")] * 5))
    assert (precision, recall) == (0.2, 1)


def test_taskbench_swaps_precision_and_recall() -> None:
    # One of two wanted values was given, and nothing wrong: precision 1, recall a half.
    assert figures(judged(row(call(a="x", b="y")), call(a="x"))) == (1, 0.5)
    assert figures(judged(row(call(a="x")), call(a="x", b="y"))) == (0.5, 1)


def test_calls_are_set_against_those_they_share_most_values_with() -> None:
    wanted = row(call(a="x", b="y"), call(a="x", b="z"))
    precision, recall = figures(judged(wanted, call(a="x", b="z"), call(a="q", b="y")))
    assert (precision, recall) == (0.75, 0.75)


def test_an_empty_object_and_an_empty_list_are_values() -> None:
    wanted = row(call(a=[], b={}), tools=[tool(a={"type": "array"}, b={"type": "object"})])
    assert judged(wanted, call(a=[], b={})).counts["leaves.gold.strict"] == 2
    assert figures(judged(wanted, call(a=[1], b={}))) == (0.5, 0.5)


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        ([call("g", a="x")], "unknown_tool"),
        ([call("h")], "wrong_tool"),
        ([call(a="y", b="b")], "wrong_value.unknown"),
        ([call(a="x")], "missing_argument"),
        ([call(a="x", b="b", c=1)], "extra_argument"),
        ([call(a="x", b="b")] * 2, "extra_call"),
        ([], "stopped_early"),
    ],
)
def test_what_went_wrong_first_is_named(made: list[Function], kind: str) -> None:
    wanted = row(call(a="x", b="b"), tools=[tool(a=TEXT, b=TEXT), tool("h")])
    fault = judged(wanted, *made, text="Here is all I know.").fault
    assert fault is not None
    assert fault.kind == kind


def test_a_value_from_nowhere_is_told_from_one_that_was_said() -> None:
    wanted = row(call(a="Oslo"), asked="From Oslo to Rome, three nights.")
    assert judged(wanted, call(a="Rome", b="3")).counts["leaves.made_up"] == 0
    assert judged(wanted, call(a="Paris", b="Oslo")).counts["leaves.made_up"] == 1
    assert judged(wanted, call(a=True, b=None)).counts["leaves.made_up"] == 0


def test_a_call_made_again_is_redundant_and_the_first_is_not() -> None:
    counts = judged(row(call(a="x")), call(a="x"), call(a="x"), call(a="y")).counts
    assert (counts["calls"], counts["calls.repeated"]) == (3, 1)


NAMES = st.sampled_from(("f", "g"))
VALUES = st.sampled_from(("x", "y", 1, 1.0, True, None)) | st.lists(st.integers(0, 2))
CALLS = st.lists(
    st.builds(
        lambda name, arguments: Function(name=name, arguments=arguments),
        NAMES,
        st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3),
    ),
    max_size=4,
)


def offering(gold: list[Function]) -> Conversation:
    return row(*gold, tools=[tool("f", a=TEXT, b=INTEGER), tool("g", a=TEXT)])


@given(CALLS, CALLS)
def test_precision_and_recall_lie_between_0_and_1_and_are_1_where_all_is_right(
    gold: list[Function], made: list[Function]
) -> None:
    wanted = Key(offering(gold)).points[0].wanted
    for found in extract_by_mode(wanted, made).values():
        equal = sum(found.equal.values())
        all_gold, all_made = sum(found.gold.values()), sum(found.made.values()) + found.extra
        assert 0 <= equal <= min(all_gold, all_made)
        assert all(found.equal.get(s, 0) <= n for s, n in found.gold.items())
        if found.right:
            assert equal == all_gold == all_made
    assert extract(wanted, gold, "strict").right


@given(CALLS, CALLS, st.randoms())
def test_the_order_of_calls_in_a_turn_changes_nothing(
    gold: list[Function], made: list[Function], rng: Any
) -> None:
    wanted = offering(gold)
    one = judged(wanted, *made)
    shuffled = rng.sample(made, len(made))
    other = judged(offering(rng.sample(gold, len(gold))), *shuffled)
    assert one.counts == other.counts
    assert one.right == other.right


@given(
    st.integers(0, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 5), min_size=width, max_size=width), max_size=4
        )
    )
)
def test_the_heaviest_pairing_is_as_heavy_as_any(weights: list[list[int]]) -> None:
    found = heaviest(weights)
    used = [column for column in found if column is not None]
    assert len(used) == len(set(used))
    width = len(weights[0]) if weights else 0
    seats = [*range(width), *[None] * len(weights)]
    best = max(
        sum(weights[i][j] for i, j in enumerate(order) if j is not None)
        for order in set(permutations(seats, len(weights)))
    )
    assert sum(weights[i][j] for i, j in enumerate(found) if j is not None) == best
