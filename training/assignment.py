"""The one-to-one pairing of greatest total weight (the Hungarian method)."""

from __future__ import annotations

from collections.abc import Sequence


def heaviest(weights: Sequence[Sequence[float]]) -> list[int | None]:
    """For each row of `weights` its column, no column twice, with the greatest possible sum.

    Time grows with the smaller side squared times the larger one.

    Args:
        weights: rows of equal length, nothing negative; what weighs nothing is not paired.

    Source:
        H. W. Kuhn, The Hungarian method for the assignment problem (1955), as shortest
        augmenting paths with potentials.
    """
    rows, columns = len(weights), len(weights[0]) if weights else 0
    if rows == 1:  # the one that weighs most, the first of equals
        best = max(range(columns), key=weights[0].__getitem__, default=None)
        return [best if best is not None and weights[0][best] > 0 else None]
    if rows > columns:
        back = heaviest(list(zip(*weights, strict=True)))
        owner = {row: column for column, row in enumerate(back)}
        return [owner.get(row) for row in range(rows)]
    # Counted from 1; row and column 0 are where a path begins.
    row_price, price = [0.0] * (rows + 1), [0.0] * (columns + 1)
    taken, before = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        taken[0], at = row, 0
        slack, done = [float("inf")] * (columns + 1), [False] * (columns + 1)
        while taken[at]:
            done[at] = True
            here, step, following = taken[at], float("inf"), 0
            for column in range(1, columns + 1):
                if done[column]:
                    continue
                cost = -weights[here - 1][column - 1] - row_price[here] - price[column]
                if cost < slack[column]:
                    slack[column], before[column] = cost, at
                if slack[column] < step:
                    step, following = slack[column], column
            for column in range(columns + 1):
                if done[column]:
                    row_price[taken[column]] += step
                    price[column] -= step
                else:
                    slack[column] -= step
            at = following
        while at:
            taken[at] = taken[before[at]]
            at = before[at]
    found: list[int | None] = [None] * rows
    for column in range(1, columns + 1):
        row = taken[column] - 1
        if row >= 0 and weights[row][column - 1] > 0:
            found[row] = column - 1
    return found
