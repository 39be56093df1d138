"""Which rows say what another row says already: exactly, nearly, or in other words.

Four stages, each on the rows that those before it left, and in each the first in input order
stays:

    exact_duplicate   equal canonical text, equal calls
    near_duplicate    similar text, equal calls: long rows that differ in one argument value
                      are different rows (`near` says which of several similar ones stays)
    same_calls        equal calls with equal results, which stand for an equal starting state,
                      however they are worded; rows without calls are never the same by this
    skeleton_cap      the same wording and bindings with other values, beyond so many
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from callwright.curation.near import near_duplicates
from callwright.curation.shingles import Ints

REASONS = ("exact_duplicate", "near_duplicate", "same_calls", "skeleton_cap")
SCHEMA: dict[str, pl.DataType] = {
    "row": pl.UInt32(),  # place in the frame that was looked at
    "id": pl.String(),
    "reason": pl.String(),  # one of `REASONS`
    "kept": pl.String(),  # id of a row of the group that stays: the similar one, or the first
    "similarity": pl.Float64(),  # of the two texts, for the first two reasons
}
COLUMNS = ("id", "text", "calls", "results", "skeleton")
"""What is read of the features."""


def duplicates(
    frame: pl.DataFrame,
    *,
    near: float = 0.8,
    shingle: int = 5,
    max_same_calls: int = 1,
    max_per_skeleton: int | None = 20,
) -> pl.DataFrame:
    """Find the rows to drop.

    Args:
        frame: Features (`COLUMNS` are enough), in the order in which rows take precedence.
        near: Jaccard similarity of character shingles from which texts are similar; above 0.
        shingle: Characters in a shingle.
        max_same_calls: Rows that may make the same calls with the same results.
        max_per_skeleton: Rows that may have the same skeleton; None is no cap. Rows without
            skeleton are not counted.

    Returns:
        A frame with the columns of `SCHEMA`, a row for each to drop, in input order.
    """
    calls = _groups(frame["calls"])
    rows = np.arange(frame.height)
    found = []

    first = _firsts(_groups(frame["text"]) * frame.height + calls)
    found.append(_found(rows[first < rows], first[first < rows], "exact_duplicate", 1.0))
    rows = rows[first == rows]

    similar = near_duplicates(frame["text"].gather(rows), calls[rows], near, shingle)
    dropped = np.array([item.row for item in similar], np.int64)
    stays = rows[np.array([item.kept for item in similar], np.int64)]
    likeness = pl.Series([item.similarity for item in similar], dtype=pl.Float64)
    found.append(_found(rows[dropped], stays, "near_duplicate", likeness))
    rows = np.delete(rows, dropped)

    calling = rows[(frame["calls"] != "").to_numpy()[rows]]
    results = _groups(frame["results"])
    same = calls[calling] * frame.height + results[calling]
    over, first = _beyond(calling, same, max_same_calls)
    found.append(_found(over, first, "same_calls", None))
    rows = np.setdiff1d(rows, over, assume_unique=True)

    if max_per_skeleton is not None:
        built = rows[(frame["skeleton"] != "").to_numpy()[rows]]
        over, first = _beyond(built, _groups(frame["skeleton"])[built], max_per_skeleton)
        found.append(_found(over, first, "skeleton_cap", None))

    table, ids = pl.concat(found).sort("row"), frame["id"]
    return table.select(
        pl.col("row").cast(pl.UInt32),
        ids.gather(table["row"]).alias("id"),
        "reason",
        ids.gather(table["kept"]).alias("kept"),
        "similarity",
    )


def _groups(values: pl.Series) -> Ints:
    """Of each row, the first row that has the same value."""
    rows = _firsts(values.hash().to_numpy())
    if values.eq_missing(values.gather(rows)).all():
        return rows
    # Two values of one hash: number the values themselves, which takes long.
    numbered = pl.DataFrame({"value": values}).with_row_index("row")
    return numbered.select(pl.col("row").first().over("value")).to_series().to_numpy().astype("i8")


def _firsts(groups: NDArray[np.integer]) -> Ints:
    """Of each number, the place of the first that is equal."""
    _, first, which = np.unique(groups, return_index=True, return_inverse=True)
    places: Ints = first[which]
    return places


def _beyond(rows: Ints, groups: Ints, most: int) -> tuple[Ints, Ints]:
    """The rows that come after `most` others of their group, and the first of each's group."""
    if not len(rows):
        return rows, rows
    order = np.argsort(groups, kind="stable")
    start = np.flatnonzero(np.append(True, np.diff(groups[order]) != 0))
    sizes = np.diff(start, append=len(order))
    place = np.arange(len(order)) - np.repeat(start, sizes)
    over = place >= most
    return rows[order[over]], rows[order[np.repeat(start, sizes)[over]]]


def _found(
    rows: Ints, kept: Ints, reason: str, similarity: float | pl.Series | None
) -> pl.DataFrame:
    frame = pl.DataFrame({"row": rows.astype("i8"), "kept": kept.astype("i8")})
    column = similarity if isinstance(similarity, pl.Series) else pl.lit(similarity)
    return frame.with_columns(
        pl.lit(reason).alias("reason"), column.cast(pl.Float64).alias("similarity")
    )
