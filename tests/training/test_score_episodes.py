"""Scoring episodes: how far they went the plan's way, and what stopped them."""

from __future__ import annotations

import pytest

from callwright.generators.execution import PackToolbox
from callwright.schemas.record import Conversation, Function
from callwright.training.episode import Episode
from callwright.training.episodes import EpisodeScore, score_episode
from callwright.training.records import EpisodeRecord
from callwright.training.turns import Turn
from callwright.training.wanted import keys


def recorded(row: Conversation, toolbox: PackToolbox, turns: list[Turn]) -> EpisodeRecord:
    episode = Episode(row, toolbox)
    for turn in turns:
        if episode.ended is None:
            episode.act(turn)
    assert episode.ended is not None
    return EpisodeRecord(
        row=row.id,
        messages=episode.messages,
        turns=tuple(episode.turns),
        executed=tuple(episode.executed),
        ending=episode.ended,
        outcome=episode.outcome(),
    )


def judged(row: Conversation, toolbox: PackToolbox, *turns: list[Function]) -> EpisodeScore:
    """Score the turns given as lists of calls, and then an answer."""
    said = [Turn("", tuple(calls)) for calls in turns] + [Turn("That is all I found.")]
    key = keys([row], toolbox.tools())[row.id]
    return score_episode(key, 0, recorded(row, toolbox, said))


def gold(row: Conversation) -> list[list[Function]]:
    return [[c.function for c in m.tool_calls] for m in row.messages if m.tool_calls]


def kind(score: EpisodeScore) -> str | None:
    return score.fault.kind if score.fault else None


@pytest.fixture(scope="module")
def chain(rows: list[Conversation]) -> Conversation:
    """A chain of two or more calls, the first of which takes something."""
    return next(
        r for r in rows
        if r.scenario == "chain" and r.plan.topology == "0>1" and r.expected.calls[0].arguments
    )  # fmt: skip


@pytest.fixture(scope="module")
def parallel(rows: list[Conversation]) -> Conversation:
    return next(r for r in rows if r.scenario == "parallel" and len(gold(r)[0]) > 1)


def test_independent_calls_are_an_exact_chain_in_any_order_and_any_number_of_turns(
    parallel: Conversation, toolbox: PackToolbox
) -> None:
    calls = [call for turn in gold(parallel) for call in turn]
    for turns in ([calls], [calls[::-1]], [[call] for call in calls]):
        score = judged(parallel, toolbox, *turns)
        assert score.success
        assert score.exact == {"strict": True, "bfcl": True}


def test_a_consumer_made_beside_its_producer_is_out_of_order(
    chain: Conversation, toolbox: PackToolbox
) -> None:
    calls = [call for turn in gold(chain) for call in turn]
    score = judged(chain, toolbox, calls)
    assert score.success  # the world and the outputs are as wanted
    assert not score.exact["strict"]
    assert score.counts["episodes.prefix.strict"] == 0.5
    assert score.counts["episodes.leaves.made_up"] >= 1  # it cannot have seen the value


def test_one_call_too_many_is_no_exact_chain_but_ruins_neither_success_nor_the_steps(
    chain: Conversation, toolbox: PackToolbox
) -> None:
    first, *rest = gold(chain)
    score = judged(chain, toolbox, first, first, *rest)
    assert score.success
    assert not score.exact["strict"]
    assert score.counts["episodes.steps.strict"] == 1
    assert score.counts["episodes.prefix.strict"] == 0.5
    assert score.counts["episodes.calls.repeated"] == 1


def test_the_state_of_the_world_alone_is_not_enough(
    chain: Conversation, toolbox: PackToolbox
) -> None:
    # tau2 compares the final state; where nothing is written, doing nothing leaves it as wanted.
    score = judged(chain, toolbox)
    assert score.counts["episodes.state"]
    assert not score.success
    assert kind(score) == "stopped_early"
    assert score.fault is not None
    assert score.fault.call == "call_1"


def test_the_first_failed_step_is_named(chain: Conversation, toolbox: PackToolbox) -> None:
    (first,), *_ = gold(chain)
    assert kind(judged(chain, toolbox, [first])) == "stopped_early"
    assert kind(judged(chain, toolbox, [Function(name="nope", arguments={})])) == "unknown_tool"
    name = next(iter(first.arguments))
    wrong = Function(name=first.name, arguments={**first.arguments, name: "zzz 9"})
    score = judged(chain, toolbox, [wrong])
    assert kind(score) in ("wrong_value.user", "wrong_value.system")
    assert score.fault is not None
    assert (score.fault.call, score.fault.made) == ("call_1", 0)
    other = next(
        tool["function"]["name"]
        for tool in chain.tools
        if tool["function"]["name"] not in chain.plan.sequence
    )
    assert kind(judged(chain, toolbox, [Function(name=other, arguments={})])) == "wrong_tool"
    assert kind(judged(chain, toolbox, *[[first]] * 50)) == "extra_call"


def test_a_right_call_made_before_what_it_comes_from_is_an_extra_one(
    chain: Conversation, toolbox: PackToolbox
) -> None:
    _, consumer = gold(chain)
    key = keys([chain], toolbox.tools())[chain.id]
    score = score_episode(key, 0, recorded(chain, toolbox, [Turn("", tuple(consumer)), Turn()]))
    assert not score.success  # nothing is answered
    assert score.fault is not None
    assert (score.fault.kind, score.fault.call) == ("extra_call", "call_2")


def test_an_error_that_is_made_good_counts_as_recovery(
    chain: Conversation, toolbox: PackToolbox
) -> None:
    (first,), *rest = gold(chain)
    wrong = Function(name=first.name, arguments={"no such": "argument"})
    counts = judged(chain, toolbox, [wrong], [first], *rest).counts
    assert (counts["episodes.hindered"], counts["episodes.recovered"]) == (1, True)
    counts = judged(chain, toolbox, [wrong]).counts
    assert (counts["episodes.hindered"], counts["episodes.recovered"]) == (1, False)
    assert "episodes.hindered" not in judged(chain, toolbox, [first], *rest).counts


def test_a_call_in_a_row_that_wants_none_is_unwanted(
    rows: list[Conversation], toolbox: PackToolbox
) -> None:
    row = next(r for r in rows if r.scenario == "irrelevant")
    made = Function(name=row.tools[0]["function"]["name"], arguments={})
    score = judged(row, toolbox, [made])
    assert kind(score) == "unwanted_call"
    assert score.counts["episodes.steps.strict"] == 0
    assert judged(row, toolbox).exact["strict"]


def test_an_episode_that_was_cut_off_is_an_outcome(
    chain: Conversation, toolbox: PackToolbox
) -> None:
    key = keys([chain], toolbox.tools())[chain.id]
    record = EpisodeRecord(
        row=chain.id, messages=[], turns=(), executed=(), ending="failed", outcome=None,
        failure="timeout: 60 s",
    )  # fmt: skip
    score = score_episode(key, 0, record)
    assert not score.success
    assert kind(score) == "failed"
    assert kind(score_episode(key, 0, None)) == "missing"


def test_writes_keep_their_place(rows: list[Conversation], toolbox: PackToolbox) -> None:
    row = next(r for r in rows if r.scenario == "stateful" and len(gold(r)) > 1)
    assert judged(row, toolbox, *gold(row)).exact["strict"]
    assert not judged(row, toolbox, *gold(row)[::-1]).exact["strict"]


def test_a_question_back_is_the_answer_of_a_row_that_wants_no_call(
    rows: list[Conversation], toolbox: PackToolbox
) -> None:
    row = next(r for r in rows if r.scenario == "irrelevant")
    asked = recorded(row, toolbox, [Turn("I cannot do that. Anything else?")])
    assert score_episode(keys([row], toolbox.tools())[row.id], 0, asked).success
