"""What two splits share, counted: the proof that a split keeps its promises."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import polars as pl

from callwright.curation.groups import Pairs
from callwright.curation.split import SPLITS

MEASURES = (
    "requests",
    "filled_skeletons",
    "near_duplicates",
    "grounded_calls",
    "sequences",
    "topologies",
    "tools_called",
    "tools_offered",
    "held_out_tools",
)
"""What is counted: things that rows of both splits have. `requests`: what the user says, to the
letter. `filled_skeletons`: the skeleton with its values. `near_duplicates`: pairs of rows.
`grounded_calls`: (tool, full arguments) of calls whose values all come from the user."""


@dataclass(frozen=True)
class Shared:
    """What two splits share."""

    one: str
    other: str
    counts: dict[str, int]
    """Measure -> things that both have."""
    zero: tuple[str, ...]
    """Measures that must be zero for this pair."""

    @property
    def leaks(self) -> dict[str, int]:
        """What ought to be zero and is not."""
        return {name: self.counts[name] for name in self.zero if self.counts[name]}


def leakage(
    frame: pl.DataFrame, *, near: Pairs = (), held_out: AbstractSet[str] = frozenset()
) -> list[Shared]:
    """Count for every two splits what they share.

    Args:
        frame: `features.features` of the rows that were kept, with a column `split`; `offered`
            as it is written.
        near: Rows (places in the frame) that are near-duplicates of each other.
        held_out: Tools for `test_unseen_tools` alone.
    """
    there = [name for name in SPLITS if name in set(frame["split"])]
    called, offered = (_exploded(frame, name) for name in ("called", "offered"))
    met = pl.concat([called, offered]).unique()
    things = {
        "requests": frame.filter(pl.col("user") != "").select("split", thing="user"),
        "filled_skeletons": _filled(frame),
        "grounded_calls": _exploded(frame, "grounded"),
        "sequences": frame.filter(pl.col("sequence") != "").select("split", thing="sequence"),
        "topologies": frame.filter(pl.col("sequence") != "").select("split", thing="topology"),
        "tools_called": called,
        "tools_offered": offered,
        "held_out_tools": met.filter(pl.col("thing").is_in(sorted(held_out))),
    }
    counts = {name: _both(table) for name, table in things.items()}
    split_of = frame["split"].to_list()
    counts["near_duplicates"] = _pairs((split_of[a], split_of[b]) for a, b in near)
    return [
        Shared(
            one,
            other,
            {name: counts[name].get(frozenset((one, other)), 0) for name in MEASURES},
            must_be_zero(one, other),
        )
        for one, other in combinations(there, 2)
    ]


def must_be_zero(one: str, other: str) -> tuple[str, ...]:
    """The measures that must be zero between two splits."""
    zero = ["requests", "filled_skeletons", "near_duplicates"]
    pair = {one, other}
    if pair <= {"train", "validation", "test_seen"}:
        zero.append("grounded_calls")
    if pair == {"train", "test_unseen_shapes"}:
        zero += ["sequences", "topologies"]
    if "test_unseen_tools" in pair:
        zero.append("held_out_tools")
    return tuple(zero)


def to_json(table: Iterable[Shared]) -> list[dict[str, Any]]:
    """The table as plain JSON."""
    return [
        {
            "between": [shared.one, shared.other],
            "shared": shared.counts,
            "must_be_zero": list(shared.zero),
        }
        for shared in table
    ]


def _filled(frame: pl.DataFrame) -> pl.DataFrame:
    there = frame.filter(pl.col("skeleton") != "", pl.col("calls") != "")
    return there.select("split", thing=pl.concat_str("skeleton", pl.lit(" "), "calls"))


def _exploded(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    return frame.select("split", thing=column).explode("thing").drop_nulls()


def _both(things: pl.DataFrame) -> dict[frozenset[str], int]:
    """Pair of splits -> different things that both have."""
    found = things.unique()
    common = found.filter(pl.len().over("thing") > 1)
    pairs = common.join(common, on="thing").filter(pl.col("split") < pl.col("split_right"))
    counted = pairs.group_by("split", "split_right").len()
    return {frozenset((one, other)): rows for one, other, rows in counted.iter_rows()}


def _pairs(pairs: Iterable[tuple[str, str]]) -> dict[frozenset[str], int]:
    found: dict[frozenset[str], int] = {}
    for pair in map(frozenset, pairs):
        found[pair] = found.get(pair, 0) + (len(pair) == 2)
    return found
