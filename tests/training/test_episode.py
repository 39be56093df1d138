"""Episodes against the real tools: gold succeeds, and what is wrong is told as what it is."""

from __future__ import annotations

from typing import Any

import pytest

from callwright.generators.execution import PackToolbox
from callwright.schemas.record import Conversation, Function
from callwright.training.episode import Episode, Outcome
from callwright.training.gold import gold_turns
from callwright.training.turns import Turn, read_turn, write_turn


def play(row: Conversation, toolbox: PackToolbox, turns: Any) -> Episode:
    episode = Episode(row, toolbox)
    for text in turns:
        if episode.ended:
            break
        episode.act(read_turn(text))
    return episode


def of(rows: list[Conversation], scenario: str) -> list[Conversation]:
    return [row for row in rows if row.scenario == scenario]


def test_gold_succeeds_in_every_row_of_every_scenario(
    rows: list[Conversation], toolbox: PackToolbox
) -> None:
    assert {row.scenario for row in rows} >= {"single", "chain", "dag", "stateful", "irrelevant"}
    for row in rows:
        episode = play(row, toolbox, gold_turns(row))
        assert episode.outcome() == Outcome("answered", words=True, state=True, outputs=True), (
            row.id
        )
        # The conversation that came about is the row's own.
        assert [m["role"] for m in episode.messages] == [m.role for m in row.messages]
        assert [m["content"] or "" for m in episode.messages] == [
            m.content or "" for m in row.messages
        ]


def test_a_policy_sees_messages_and_tools_and_nothing_of_what_is_expected(
    rows: list[Conversation], toolbox: PackToolbox
) -> None:
    row = of(rows, "chain")[0]
    seen = Episode(row, toolbox)
    assert [m["role"] for m in seen.messages if m["role"] != "system"] == ["user"]
    assert seen.tools == row.tools
    assert not {"expected", "plan", "sources", "row"} & {n for n in vars(seen) if n[0] != "_"}


def test_what_a_policy_does_to_its_copy_of_the_tools_leaves_the_row_alone(
    rows: list[Conversation], toolbox: PackToolbox
) -> None:
    row = rows[0]
    episode = Episode(row, toolbox)
    episode.tools.clear()
    assert row.tools


def test_an_answer_without_the_calls_is_no_success(
    rows: list[Conversation], toolbox: PackToolbox
) -> None:
    for row in rows:
        outcome = play(row, toolbox, ["I cannot say."]).outcome()
        assert outcome.success is (not row.plan.steps), row.id


def test_a_write_that_nobody_wanted_is_no_success(
    rows: list[Conversation], toolbox: PackToolbox
) -> None:
    row = next(r for r in of(rows, "stateful"))
    texts = list(gold_turns(row))
    writes = {t.name for t in toolbox.tools() if t.effect == "write"}
    (last, *_) = [t for t in reversed(texts) if any(w in t for w in writes)]
    turns = [*texts[:-1], last, texts[-1]]  # the last write once more
    episode = play(row, toolbox, turns)
    again = episode.executed[-1]
    assert again.function.name in writes
    assert again.failure is not None or not episode.outcome().success


def test_a_tool_that_is_not_offered_is_not_run(
    rows: list[Conversation], toolbox: PackToolbox
) -> None:
    row = of(rows, "irrelevant")[0]
    offered = {tool["function"]["name"] for tool in row.tools}
    other = next(t.name for t in toolbox.tools() if t.name not in offered)
    episode = play(row, toolbox, [write_turn("", [Function(name=other, arguments={})]), "Done."])
    assert episode.executed[0].failure == "not_found"
    assert not episode.outcome().success  # a row that wants no call got one


def test_a_malformed_call_ends_the_episode_and_runs_nothing(
    rows: list[Conversation], toolbox: PackToolbox
) -> None:
    episode = play(of(rows, "chain")[0], toolbox, ["<tool_call>{broken</tool_call>", "never"])
    assert episode.ended == "malformed"
    assert episode.executed == []
    assert not episode.outcome().success


def test_a_model_that_never_stops_is_stopped(
    rows: list[Conversation], toolbox: PackToolbox
) -> None:
    row = of(rows, "single")[0]
    first = next(gold_turns(row))
    assert play(row, toolbox, [first] * 100).ended in ("too_many_turns", "too_many_calls")
    flood = Turn(calls=read_turn(first).calls * 1000)
    episode = Episode(row, toolbox)
    episode.act(flood)
    assert episode.ended == "too_many_calls"
    assert len(episode.executed) < 20


def test_the_user_says_again_what_the_request_holds_and_then_has_nothing_to_add(
    rows: list[Conversation], toolbox: PackToolbox
) -> None:
    row = next(r for r in of(rows, "single") if r.language == "en" and r.sources)
    (call,) = row.expected.calls
    name = next(iter(call.arguments))
    episode = Episode(row, toolbox)
    episode.act(read_turn(f"Which {name.replace('_', ' ')} do you mean?"))
    assert episode.ended is None
    assert name.replace("_", " ") in episode.messages[-1]["content"]
    episode.act(read_turn("Would you like tea?"))
    assert episode.messages[-1]["content"] == "I have nothing to add."
    episode.act(read_turn("Are you sure?"))
    assert episode.ended == "answered"


def test_episodes_of_one_row_are_equal_and_do_not_meet(
    rows: list[Conversation], toolbox: PackToolbox
) -> None:
    row = of(rows, "stateful")[0]
    one, two = Episode(row, toolbox), Episode(row, toolbox)
    for text in gold_turns(row):
        one.act(read_turn(text))
        two.act(read_turn(text))
    assert one.messages == two.messages
    assert one.outcome().success
    assert two.outcome().success


def test_an_ended_episode_takes_no_turn_and_a_running_one_has_no_outcome(
    rows: list[Conversation], toolbox: PackToolbox
) -> None:
    episode = Episode(rows[0], toolbox)
    with pytest.raises(RuntimeError, match="has not ended"):
        episode.outcome()
    episode.act(read_turn("<tool_call>"))
    with pytest.raises(RuntimeError, match="has ended"):
        episode.act(read_turn("more"))


@pytest.mark.parametrize("last", ["", "...", "<|im_start|>", "the request"])
def test_an_episode_that_does_not_end_with_words_of_its_own_is_no_success(
    rows: list[Conversation], toolbox: PackToolbox, last: str
) -> None:
    row = of(rows, "chain")[0]
    *calls, _ = gold_turns(row)
    request = next(m.content for m in row.messages if m.role == "user")
    outcome = play(row, toolbox, [*calls, request if last == "the request" else last]).outcome()
    assert (outcome.state, outcome.outputs, outcome.words) == (True, True, False)
    assert not outcome.success
