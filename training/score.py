"""From rows and what a policy did with them to figures, with slices and intervals.

Pure: the same rows and records give the same scores, and no model is needed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import comb

import numpy as np

from callwright.schemas.record import Conversation, Part
from callwright.schemas.toolbox import Tool
from callwright.training.decisions import DecisionScore, score_decisions
from callwright.training.episodes import EpisodeScore, score_episodes
from callwright.training.intervals import Table, intervals, ratios
from callwright.training.metrics import METRICS, Metric
from callwright.training.records import Decision, EpisodeRecord
from callwright.training.wanted import keys

SLICES: dict[str, Callable[[Conversation], str]] = {
    "scenario": lambda row: row.scenario,
    "language": lambda row: row.language,
    "length": lambda row: str(row.plan.length),
    "topology": lambda row: row.plan.topology or "none",
    "split": lambda row: row.split,
}
"""What rows are told apart by."""


class Figure(Part):
    """One figure over one set of rows."""

    value: float
    low: float
    """Lower end of the 95 % interval."""
    high: float
    of: float
    """What stands below the line: how many decisions, leaves, episodes."""


Figures = dict[str, Figure]
"""Name of a metric -> its figure. What was never counted has none."""


class Scores(Part):
    """What an evaluation comes to."""

    rows: int
    seed: int
    resamples: int
    overall: Figures
    slices: dict[str, dict[str, Figures]]
    """Dimension -> its value -> figures over the rows that have it."""
    faults: dict[str, dict[str, int]]
    """`decisions` and `episodes` -> kind of fault -> how many, the most frequent first."""
    latency: dict[str, dict[str, float]]
    """`decisions` and `episodes` -> seconds at p50, p95 and p99."""


def score(
    rows: Sequence[Conversation],
    decisions: Iterable[Decision] | None = None,
    episodes: Iterable[EpisodeRecord] | None = None,
    tools: Sequence[Tool] = (),
    *,
    seed: int = 0,
    resamples: int = 1000,
) -> Scores:
    """Score what a policy did.

    Args:
        rows: every row that was to be evaluated; one without records scores 0.
        decisions: None where none were asked for.
        episodes: likewise.
        tools: the real tools, for kinds and effects.
        seed, resamples: of the bootstrap.

    Raises:
        ValueError: a record belongs to none of the rows.
    """
    known = keys(rows, tools)
    decided = [] if decisions is None else score_decisions(known, decisions)
    played = [] if episodes is None else score_episodes(known, episodes)
    return summarise(rows, decided, played, seed=seed, resamples=resamples)


def summarise(
    rows: Sequence[Conversation],
    decided: Sequence[DecisionScore],
    played: Sequence[EpisodeScore],
    *,
    seed: int = 0,
    resamples: int = 1000,
) -> Scores:
    """Add judged decisions and episodes up; arguments as for `score`."""
    by_row = _sums(decided, played)
    metrics = (*METRICS, *_pass_k(played, by_row))
    over, under = (
        _table(rows, by_row, [getattr(metric, side) for metric in metrics])
        for side in ("over", "under")
    )

    def figures(chosen: Sequence[int]) -> Figures:
        return _figures(metrics, over[chosen], under[chosen], resamples, seed)

    return Scores(
        rows=len(rows),
        seed=seed,
        resamples=resamples,
        overall=figures(range(len(rows))),
        slices={
            name: {value: figures(chosen) for value, chosen in _groups(rows, of).items()}
            for name, of in SLICES.items()
        },
        faults={"decisions": _faults(decided), "episodes": _faults(played)},
        latency={"decisions": _latency(decided), "episodes": _latency(played)},
    )


def _sums(
    decided: Sequence[DecisionScore], played: Sequence[EpisodeScore]
) -> dict[str, dict[str, float]]:
    """Row -> column -> sum of the counts."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    everything: list[DecisionScore | EpisodeScore] = [*decided, *played]
    for one in everything:
        row = found[one.row]
        for column, count in one.counts.items():
            row[column] = row.get(column, 0) + count
    return found


def _pass_k(played: Sequence[EpisodeScore], sums: dict[str, dict[str, float]]) -> list[Metric]:
    """pass^k: the chance that k episodes drawn from a row's trials all succeed.

    Adds each row's share to `sums`.

    Source:
        S. Yao et al., tau-bench (2024), section 3: the mean of C(successes, k) / C(trials, k).
    """
    trials = 1 + max((one.trial for one in played), default=-1)
    for row in {one.row for one in played}:
        won = int(sums[row]["episodes.success"])
        sums[row] |= {f"pass^{k}": comb(won, k) / comb(trials, k) for k in range(1, trials + 1)}
        sums[row]["pass^k"] = 1
    return [Metric(f"pass^{k}", (f"pass^{k}",), ("pass^k",)) for k in range(1, trials + 1)]


def _table(
    rows: Sequence[Conversation],
    sums: Mapping[str, Mapping[str, float]],
    columns: Sequence[tuple[str, ...]],
) -> Table:
    """(rows, figures): for each figure the sum of its columns."""
    found = np.zeros((len(rows), len(columns)))
    places: dict[str, list[int]] = defaultdict(list)
    for n, names in enumerate(columns):
        for name in names:
            places[name].append(n)
    for i, row in enumerate(rows):
        for column, count in sums.get(row.id, {}).items():
            for n in places.get(column, ()):
                found[i, n] += count
    return found


def _figures(
    metrics: Sequence[Metric], over: Table, under: Table, resamples: int, seed: int
) -> Figures:
    below = under.sum(axis=0)
    counted = [n for n, count in enumerate(below) if count]
    if not counted:
        return {}
    over, under = over[:, counted], under[:, counted]
    values = ratios(over, under)
    low, high = intervals(over, under, resamples, seed)
    return {
        metrics[n].name: Figure(value=values[i], low=low[i], high=high[i], of=below[n])
        for i, n in enumerate(counted)
    }


def _groups(
    rows: Sequence[Conversation], of: Callable[[Conversation], str]
) -> dict[str, list[int]]:
    """Value -> indices of the rows that have it, in the order of the values."""
    found: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        found[of(row)].append(i)
    return dict(sorted(found.items()))


def _faults(scores: Sequence[DecisionScore] | Sequence[EpisodeScore]) -> dict[str, int]:
    kinds = Counter(one.fault.kind for one in scores if one.fault is not None)
    return dict(kinds.most_common())


def _latency(scores: Sequence[DecisionScore] | Sequence[EpisodeScore]) -> dict[str, float]:
    seconds = [one.seconds for one in scores if one.seconds is not None]
    if not seconds:
        return {}
    found = np.quantile(seconds, (0.5, 0.95, 0.99))
    return dict(zip(("p50", "p95", "p99"), map(float, found), strict=True))
