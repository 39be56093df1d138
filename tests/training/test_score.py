"""Figures over whole evaluations: gold is perfect, and what is no answer is worth nothing."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from callwright.generators.execution import PackToolbox
from callwright.schemas.record import Conversation, Function
from callwright.training.faults import KINDS
from callwright.training.metrics import METRICS
from callwright.training.records import Decision, EpisodeRecord
from callwright.training.score import SLICES, Scores, score
from callwright.training.turns import Turn, write_turn

BEST = {metric.name: metric.best for metric in METRICS}


@pytest.fixture(scope="module")
def gold(rows: list[Conversation], toolbox: PackToolbox, policies: Any) -> Scores:
    played = [policies.play(row, toolbox, policies.gold) for row in rows]
    return score(rows, policies.decide(rows, policies.gold), played, toolbox.tools())


def scored(rows: Any, toolbox: PackToolbox, policies: Any, says: Any) -> Any:
    played = [policies.play(row, toolbox, says) for row in rows]
    return score(rows, policies.decide(rows, says), played, toolbox.tools(), resamples=50)


def test_gold_is_perfect_by_every_figure_in_every_slice(
    gold: Scores, rows: list[Conversation]
) -> None:
    assert {row.scenario for row in rows} == set(gold.slices["scenario"])
    figures = [gold.overall, *(f for values in gold.slices.values() for f in values.values())]
    for part in figures:
        for name, figure in part.items():
            best = BEST.get(name, 1.0)
            if best is not None:
                assert (figure.value, figure.low, figure.high) == (best,) * 3, name
    assert gold.faults == {"decisions": {}, "episodes": {}}
    assert {"chain_success", "pass^1", "parameters.result.f1", "irrelevance"} <= set(gold.overall)


def test_slices_cover_every_row_once(gold: Scores, rows: list[Conversation]) -> None:
    assert set(gold.slices) == set(SLICES)
    for values in gold.slices.values():
        assert sum(figures["chain_success"].of for figures in values.values()) == len(rows)


def test_an_empty_policy_scores_nothing_anywhere(
    rows: list[Conversation], toolbox: PackToolbox, policies: Any
) -> None:
    found = scored(rows, toolbox, policies, policies.empty)
    for name in (
        "single_call",
        "single_call.bfcl",
        "irrelevance",
        "format_validity",
        "chain_success",
    ):
        assert found.overall[name].value == 0, name
    assert found.overall["parameters.recall"].value == 0
    assert found.overall["schema_validity"].value == 0
    assert set(found.faults["decisions"]) == {"empty"}
    assert "ungrounded" not in found.overall  # nothing was made that could be


def test_a_garbled_policy_scores_nothing_anywhere_and_is_called_malformed(
    rows: list[Conversation], toolbox: PackToolbox, policies: Any
) -> None:
    found = scored(rows, toolbox, policies, policies.garbled)
    for name in ("single_call", "irrelevance", "format_validity", "chain_success", "prefix"):
        assert found.overall[name].value == 0, name
    assert set(found.faults["decisions"]) == set(found.faults["episodes"]) == {"malformed"}


def test_saying_the_prompt_again_is_no_answer(
    rows: list[Conversation], toolbox: PackToolbox, policies: Any
) -> None:
    found = scored(rows, toolbox, policies, policies.copies)
    assert found.overall["irrelevance"].value == 0
    assert found.overall["single_call.call"].value == 0
    assert found.overall["single_call"].value == 0
    assert found.overall["format_validity"].value == 0
    assert found.overall["chain_success"].value == 0


def test_refusing_everything_is_right_just_where_no_call_is_due(
    rows: list[Conversation], toolbox: PackToolbox, policies: Any
) -> None:
    found = scored(rows, toolbox, policies, policies.refuses)
    assert found.overall["irrelevance"].value == 1
    assert found.overall["single_call.answer"].value == 1
    assert found.overall["single_call.call"].value == 0
    assert found.overall["chain_success"].value == sum(not r.plan.steps for r in rows) / len(rows)
    assert set(found.faults["decisions"]) == {"stopped_early"}


def test_random_calls_are_hardly_ever_right_and_mostly_made_up(
    rows: list[Conversation], toolbox: PackToolbox, policies: Any
) -> None:
    rng = random.Random(1)

    def says(row: Conversation, _: int) -> str:
        tool = rng.choice(row.tools)["function"]
        names = tool["parameters"].get("properties", {})
        arguments = {name: f"zq{rng.randrange(10**6)}k" for name in names}
        return write_turn("", [Function(name=tool["name"], arguments=arguments)])

    found = scored(rows, toolbox, policies, says)
    assert found.overall["single_call"].value < 0.02
    assert found.overall["irrelevance"].value == 0
    assert found.overall["ungrounded"].value > 0.8
    assert found.overall["schema_validity"].value < 0.9
    assert found.overall["format_validity"].value == 1  # readable, if wrong


def test_nothing_leaves_a_denominator(
    rows: list[Conversation], toolbox: PackToolbox, policies: Any, gold: Scores
) -> None:
    decisions = policies.decide(rows, policies.gold)
    late = [d.model_copy(update={"turn": Turn(), "failure": "timeout: 60 s"}) for d in decisions]
    for records, kind in ((late, "failed"), ([], "missing")):
        found = score(rows, records, [], toolbox.tools(), resamples=20)
        for name in ("single_call", "parameters.recall", "format_validity", "chain_success"):
            assert found.overall[name].of == gold.overall[name].of
            assert found.overall[name].value == 0
        assert found.faults["decisions"] == {kind: len(decisions)}


def test_records_survive_json_and_give_the_same_scores(
    rows: list[Conversation], toolbox: PackToolbox, policies: Any
) -> None:
    some = rows[:20]
    decisions = policies.decide(some, policies.gold)
    played = [policies.play(row, toolbox, policies.gold) for row in some]
    again = (
        [Decision.model_validate_json(d.model_dump_json()) for d in decisions],
        [EpisodeRecord.model_validate_json(e.model_dump_json()) for e in played],
    )
    assert again == (decisions, played)
    first = score(some, decisions, played, toolbox.tools())
    assert score(some, *again, toolbox.tools()) == first
    assert Scores.model_validate_json(first.model_dump_json()) == first


def test_a_record_of_a_row_that_is_not_there_is_refused(
    rows: list[Conversation], toolbox: PackToolbox, policies: Any
) -> None:
    decisions = policies.decide(rows[:2], policies.gold)
    with pytest.raises(ValueError, match="no such decision"):
        score(rows[:1], decisions)
    with pytest.raises(ValueError, match="not among these"):
        score(rows[:1], None, [policies.play(rows[1], toolbox, policies.gold)])


def test_pass_k_is_the_chance_that_all_of_k_episodes_succeed(
    rows: list[Conversation], toolbox: PackToolbox, policies: Any
) -> None:
    some = [row for row in rows if row.plan.steps][:2]
    played = [
        policies.play(row, toolbox, says, trial)
        for row, wins in zip(some, (3, 1), strict=True)
        for trial, says in enumerate([policies.gold] * wins + [policies.refuses] * (3 - wins))
    ]
    found = score(some, None, played, toolbox.tools(), resamples=20).overall
    assert found["pass^1"].value == pytest.approx((1 + 1 / 3) / 2)
    assert found["pass^2"].value == pytest.approx((1 + 0) / 2)
    assert found["pass^3"].value == pytest.approx((1 + 0) / 2)
    assert found["chain_success"].value == found["pass^1"].value


def test_intervals_hold_the_value_follow_the_seed_and_narrow_with_more_rows(
    rows: list[Conversation], policies: Any
) -> None:
    def says(row: Conversation, i: int) -> str:
        return str((policies.gold if int(row.id[:8], 16) % 2 else policies.refuses)(row, i))

    decisions = policies.decide(rows, says)
    few = {row.id for row in rows[:20]}
    one, two, other = (score(rows, decisions, seed=s).overall["single_call"] for s in (1, 1, 2))
    small = score(rows[:20], [d for d in decisions if d.row in few]).overall["single_call"]
    assert one.low < one.value < one.high
    assert one == two
    assert one != other
    assert one.high - one.low < small.high - small.low


def test_time_and_tokens_are_told(gold: Scores) -> None:
    assert gold.overall["decisions.seconds"].value == pytest.approx(0.25)
    assert gold.overall["decisions.tokens_out"].value == 9
    assert "decisions.tokens_in" not in gold.overall  # nobody counted them
    assert gold.latency["episodes"] == {"p50": 1.5, "p95": 1.5, "p99": 1.5}


def test_every_figure_and_every_kind_of_fault_is_explained() -> None:
    text = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text("utf-8")
    for name in {metric.name.removesuffix(".bfcl") for metric in METRICS} | KINDS.keys():
        first, _, last = name.rpartition(".")
        by_source = f"`{first.partition('.')[0]}.SOURCE"  # parameters.user.f1, wrong_value.user
        assert f"`{name}`" in text or f"`.{last}`" in text or by_source in text, name
