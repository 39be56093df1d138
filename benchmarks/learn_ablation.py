"""The weighting ablation of `learn.py`, added up: pairs of runs that differ in nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
from learn_work import TESTS, WEIGHTINGS, Work

from callwright.training.intervals import intervals, ratios


def runs_of(work: Work) -> dict[str, list[dict[str, Any]]]:
    """Weighting -> its runs, as far as all weightings have their seed."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in WEIGHTINGS}
    for seed in work.scale.seeds:
        runs = {n: work.found(f"ablation-{n.replace(' ', '_')}-{seed}") for n in WEIGHTINGS}
        if all(run is not None for run in runs.values()):
            for name, run in runs.items():
                found[name].append(run or {})
    return {name: runs for name, runs in found.items() if runs}


def _per_row(runs: list[dict[str, Any]]) -> list[tuple[str, np.ndarray]]:
    """Decisions, then episodes: (what, an array of (row, right and of how many))."""
    made = []
    for what in ("decisions", "episodes"):
        sums: dict[str, np.ndarray] = {}
        for run in runs:
            for split in TESTS:
                for row, counts in run["splits"][split][what].items():
                    sums[row] = sums.get(row, np.zeros(2)) + counts
        made.append((what, np.array([sums[row] for row in sorted(sums)])))
    return made


def figures(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How often right, turns and then rows: over all seeds, and by seed."""
    single = [[_share(sums) for _, sums in _per_row([run])] for run in runs]
    return [
        {"what": what, "seeds": [one[n] for one in single], **_interval(sums[:, :1], sums[:, 1:])}
        for n, (what, sums) in enumerate(_per_row(runs))
    ]


def against(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How much more often right than the first, row by row.

    The interval is over rows: of what other seeds would do the figures by seed give an idea.
    """
    made = []
    for (what, one), (_, other) in zip(_per_row(first), _per_row(second), strict=True):
        made.append({"what": what, **_interval(other[:, :1] - one[:, :1], one[:, 1:])})
    return made


def _share(sums: np.ndarray) -> float:
    return float(sums[:, 0].sum() / sums[:, 1].sum())


def _interval(over: np.ndarray, under: np.ndarray) -> dict[str, float]:
    low, high = intervals(over, under, 2000, 0)
    return {"value": float(ratios(over, under)[0]), "low": float(low[0]), "high": float(high[0])}
