"""Two evaluations over the same rows, pair by pair: what the second does better and what worse.

Source of the test: Q. McNemar, "Note on the sampling error of the difference between correlated
proportions or percentages", Psychometrika 12 (1947); exact and two-sided, by the binomial
distribution of the pairs that differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import comb

from callwright.schemas.record import Conversation
from callwright.schemas.toolbox import Tool
from callwright.training.decisions import score_decisions
from callwright.training.episodes import score_episodes
from callwright.training.records import Decision, EpisodeRecord
from callwright.training.wanted import keys

SIGNIFICANT = 0.05
"""p below which a difference is taken for one."""

Verdicts = Mapping[str, bool]
"""Pair (a decision, an episode) -> whether it is right."""


@dataclass(frozen=True)
class Pairs:
    """What two evaluations say of the same decisions or episodes."""

    name: str
    both: int
    better: tuple[str, ...]
    """Pairs that only the second has right."""
    worse: tuple[str, ...]
    """Pairs that only the first has right."""
    neither: int

    @property
    def count(self) -> int:
        return self.both + len(self.better) + len(self.worse) + self.neither

    @property
    def first(self) -> float:
        return (self.both + len(self.worse)) / self.count

    @property
    def second(self) -> float:
        return (self.both + len(self.better)) / self.count

    @property
    def p(self) -> float:
        """How likely so uneven a split is where neither evaluation is better."""
        few, n = min(len(self.better), len(self.worse)), len(self.better) + len(self.worse)
        return min(1.0, 2 * sum(comb(n, k) for k in range(few + 1)) / 2**n) if n else 1.0

    @property
    def harmed(self) -> bool:
        return self.second < self.first and self.p < SIGNIFICANT


@dataclass(frozen=True)
class Judged:
    """One evaluation, judged: by decision and by episode."""

    decisions: Verdicts
    episodes: Verdicts
    faults: Mapping[str, str] = field(default_factory=dict)
    """Pair -> kind of its fault, where it is not right."""


def judge(
    rows: Sequence[Conversation],
    decisions: Sequence[Decision],
    episodes: Sequence[EpisodeRecord],
    tools: Sequence[Tool],
) -> Judged:
    """Judge the records of one evaluation, strictly.

    Raises:
        ValueError: a record belongs to none of the rows.
    """
    known = keys(rows, tools)
    decided = {f"{s.row} message {s.message}": s for s in score_decisions(known, decisions)}
    played = {f"{s.row} trial {s.trial}": s for s in score_episodes(known, episodes)}
    faults = {name: one.fault.kind for name, one in decided.items() if one.fault is not None}
    faults |= {name: one.fault.kind for name, one in played.items() if one.fault is not None}
    return Judged(
        {name: score.right["strict"] for name, score in decided.items()},
        {name: score.success for name, score in played.items()},
        faults,
    )


def compare(rows: Sequence[Conversation], first: Judged, second: Judged) -> list[Pairs]:
    """Set two evaluations side by side: overall, then what tuning may harm.

    Returns:
        `single calls` and `chains` over all rows; then single calls of each scenario, chains of
        each scenario. A pair that only one evaluation has is left out of all.
    """
    scenario = {row.id: row.scenario for row in rows}
    found = [
        _pairs("single calls", first.decisions, second.decisions),
        _pairs("chains", first.episodes, second.episodes),
    ]
    for what, one, other in (
        ("single calls", first.decisions, second.decisions),
        ("chains", first.episodes, second.episodes),
    ):
        for name in sorted(set(scenario.values())):
            chosen = {pair: right for pair, right in one.items() if scenario[row_of(pair)] == name}
            found.append(_pairs(f"{what}: {name}", chosen, other))
    return [pairs for pairs in found if pairs.count]


def guard(pairs: Sequence[Pairs]) -> str:
    """One line on whether the second evaluation is worse anywhere."""
    harmed = [p for p in pairs if p.harmed]
    if not harmed:
        return f"no harm seen: nothing is worse at p < {SIGNIFICANT}"
    told = ", ".join(f"{p.name} {p.first:.1%} -> {p.second:.1%} (p {p.p:.2g})" for p in harmed)
    return f"harmed: {told}"


def _pairs(name: str, first: Verdicts, second: Verdicts) -> Pairs:
    shared = [pair for pair in first if pair in second]
    return Pairs(
        name,
        sum(first[pair] and second[pair] for pair in shared),
        tuple(pair for pair in shared if second[pair] and not first[pair]),
        tuple(pair for pair in shared if first[pair] and not second[pair]),
        sum(not (first[pair] or second[pair]) for pair in shared),
    )


def row_of(pair: str) -> str:
    """Id of the row that a pair belongs to."""
    return pair.rsplit(" ", 2)[0]
