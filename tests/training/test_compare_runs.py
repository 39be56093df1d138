"""Two evaluations side by side: exact p-values, and a guard that speaks up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.schemas.record import Conversation
from callwright.training.compare_runs import Judged, Pairs, compare, guard


def pairs(better: int, worse: int, both: int = 10) -> Pairs:
    return Pairs("chains", both, ("x",) * better, ("y",) * worse, 0)


@pytest.mark.parametrize(
    ("better", "worse", "p"),
    [(0, 0, 1.0), (1, 0, 1.0), (5, 0, 0.0625), (10, 2, 0.0386), (6, 6, 1.0)],
)
def test_p_is_mcnemars_exact_one(better: int, worse: int, p: float) -> None:
    assert pairs(better, worse).p == pytest.approx(p, abs=1e-4)


@given(st.integers(0, 400), st.integers(0, 400))
def test_p_is_a_probability_and_knows_no_direction(better: int, worse: int) -> None:
    assert 0 < pairs(better, worse).p <= 1
    assert pairs(better, worse).p == pairs(worse, better).p


def test_the_guard_names_what_is_worse_and_only_that() -> None:
    assert "harmed: chains" in guard([pairs(0, 12)])
    assert guard([pairs(12, 0), pairs(2, 3)]).startswith("no harm seen")


def test_pairs_are_counted_overall_and_by_scenario(rows: list[Conversation]) -> None:
    names = [f"{row.id} trial 0" for row in rows]
    gold = Judged({}, dict.fromkeys(names, True))
    none = Judged({}, dict.fromkeys(names, False))
    chains, *by_scenario = compare(rows, gold, none)
    assert (chains.first, chains.second, chains.count) == (1.0, 0.0, len(rows))
    assert sum(p.count for p in by_scenario) == len(rows)
    assert {p.name for p in by_scenario} == {f"chains: {row.scenario}" for row in rows}
    assert chains.harmed
    assert not compare(rows, none, gold)[0].harmed
