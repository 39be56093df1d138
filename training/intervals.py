"""Ratios of sums with bootstrap intervals, resampled by row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]

_AT_ONCE = 1_000_000  # row draws held in memory at a time
LEVEL = 0.95


def ratios(over: Table, under: Table) -> Table:
    """Sum over sum of each column; NaN where nothing was counted."""
    return _divided(over.sum(axis=0), under.sum(axis=0))


def intervals(over: Table, under: Table, resamples: int, seed: int) -> tuple[Table, Table]:
    """The 95 % percentile interval of each column's ratio.

    Rows are drawn with replacement and keep all that belongs to them: the decisions of one row
    are no independent trials. A resample in which nothing was counted is left out.

    Args:
        over, under: (rows, figures).
        resamples: how often rows are drawn.
        seed: equal seeds give equal intervals.

    Returns:
        (low, high), each (figures,).

    Source:
        B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13; the
        clustered form as in A. C. Davison and D. V. Hinkley, Bootstrap Methods (1997), 3.8.
    """
    rows, figures = over.shape
    rng = np.random.default_rng(seed)
    even = np.full(rows, 1 / rows)
    drawn: list[Table] = []
    step = max(1, _AT_ONCE // rows)
    for start in range(0, resamples, step):
        times = rng.multinomial(rows, even, size=min(step, resamples - start)).astype(np.float64)
        drawn.append(_divided(times @ over, times @ under))
    found = np.concatenate(drawn)
    found.sort(axis=0)  # NaN goes last
    last = np.maximum((~np.isnan(found)).sum(axis=0) - 1, 0)
    tail, columns = (1 - LEVEL) / 2, np.arange(figures)
    low = found[np.floor(tail * last).astype(int), columns]
    high = found[np.ceil((1 - tail) * last).astype(int), columns]
    return low, high


def _divided(over: Table, under: Table) -> Table:
    found = np.full(under.shape, np.nan)
    np.divide(over, under, out=found, where=under > 0)
    return found
