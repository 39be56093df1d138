"""Rows that belong together, because something that they share may stand in one split only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import polars as pl

Pairs = Iterable[tuple[int, int]]
"""Two rows each, by their place in the frame."""


def twin_keys(frame: pl.DataFrame) -> pl.DataFrame:
    """What no two splits may share: the request, and the skeleton with its values.

    Args:
        frame: `features.features`.

    Returns:
        Columns `row` (place in the frame) and `key` (64-bit hash), one row each.
    """
    request = pl.concat_str(pl.lit("request\0"), pl.col("user"))
    filled = pl.concat_str(
        pl.lit("skeleton\0"), pl.col("skeleton"), pl.lit("\0"), pl.col("calls"), ignore_nulls=True
    )
    return pl.concat(
        [
            _keys(frame, request, pl.col("user") != ""),
            _keys(frame, filled, (pl.col("skeleton") != "") & (pl.col("calls") != "")),
        ]
    )


def grounded_keys(frame: pl.DataFrame) -> pl.DataFrame:
    """The calls whose values all come from the user; as `twin_keys`."""
    calls = frame.select(row=pl.int_range(pl.len(), dtype=pl.UInt32), key="grounded")
    return calls.explode("key").drop_nulls().with_columns(pl.col("key").hash()).unique()


def _keys(frame: pl.DataFrame, key: pl.Expr, where: pl.Expr) -> pl.DataFrame:
    rows = frame.select(row=pl.int_range(pl.len(), dtype=pl.UInt32), key=key.hash(), there=where)
    return rows.filter("there").select("row", "key")


class Sharing:
    """Which rows share keys."""

    def __init__(self, keys: pl.DataFrame) -> None:
        """Take in keys (`row`, `key`); a key of one row only is no tie and is forgotten."""
        shared = (
            keys.unique()
            .filter(pl.len().over("key") > 1)
            .group_by("key")
            .agg(pl.col("row").sort())
            .sort("row")  # by their rows: the hashes of another run's keys come in another order
        )
        self.rows_of: list[list[int]] = shared["row"].to_list()
        """Key, by number -> its rows."""
        self.keys_of: defaultdict[int, list[int]] = defaultdict(list)
        for key, rows in enumerate(self.rows_of):
            for row in rows:
                self.keys_of[row].append(key)

    def neighbours(self, row: int) -> set[int]:
        """The other rows that share a key with `row`."""
        found = {other for key in self.keys_of.get(row, ()) for other in self.rows_of[key]}
        return found - {row}

    def ties(self, row: int) -> int:
        """How many rows `row` shares keys with, counted once a key."""
        return sum(len(self.rows_of[key]) - 1 for key in self.keys_of.get(row, ()))


def joined(rows: Sequence[int], *shared: Iterable[Sequence[int]]) -> list[list[int]]:
    """Connected components.

    Args:
        rows: The rows to sort into components.
        shared: Lists of rows that share something; rows that are not asked for tie nothing.

    Returns:
        Components in the order of their first rows, each ascending.
    """
    leader = {row: row for row in rows}

    def find(row: int) -> int:
        while leader[row] != row:
            leader[row] = row = leader[leader[row]]
        return row

    for ties in shared:
        for together in ties:
            here = [find(row) for row in together if row in leader]
            for row in here[1:]:
                first, second = sorted((find(here[0]), find(row)))
                leader[second] = first
    found: defaultdict[int, list[int]] = defaultdict(list)
    for row in sorted(rows):
        found[find(row)].append(row)
    return list(found.values())
