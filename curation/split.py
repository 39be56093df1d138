"""Splitting so that nothing leaks.

    test_unseen_tools    calls a held-out tool; no other split calls or offers one
    test_unseen_shapes   neither its sequence nor its topology is in `train`
    test_seen            tools and sequences that `train` has; no request, skeleton with values or
                         user-grounded call of `train`
    validation           drawn as `test_seen`, but rich in complex chains
    train                all the rest

The first two follow from what is held out. The next two are drawn: rows that share a request,
filled skeleton, near-duplicate or user-grounded call are drawn together or stay together. Where
ties have welded so many rows that too few can be drawn, those rows are drawn whose ties cost the
fewest others, which are dropped. No two splits share a request, filled skeleton or near-duplicate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from callwright.curation.draw import Draw
from callwright.curation.groups import Pairs, Sharing, grounded_keys, joined, twin_keys
from callwright.curation.held_out import (
    MOST,
    HeldOut,
    calling,
    edges,
    shapes_chosen,
    shapes_named,
    tools_chosen,
    tools_named,
)
from callwright.curation.recipe import SplitSection
from callwright.schemas.canonical import digest
from callwright.schemas.errors import RecipeError

TRAIN = "train"
SPLITS = ("train", "validation", "test_seen", "test_unseen_shapes", "test_unseen_tools")


@dataclass
class Split:
    """What goes where."""

    split_of: list[str | None]
    """For each row of the frame its split; None: dropped."""
    dropped: dict[int, str]
    """Row -> what it would have leaked."""
    held_out: HeldOut = field(default_factory=HeldOut)
    topologies: frozenset[str] = frozenset()
    """Held out for `test_unseen_shapes`."""


def split(
    frame: pl.DataFrame,
    section: SplitSection,
    *,
    seed: int = 0,
    packs: Mapping[str, str] | None = None,
    near: Pairs = (),
) -> Split:
    """Decide for each row which split it goes to.

    Args:
        frame: `features.features`.
        section: The recipe's.
        seed: Decides between what is equally good.
        packs: Tool -> pack, as far as known.
        near: Rows (places in the frame) that are near-duplicates of each other.

    Raises:
        RecipeError: The recipe wants what these rows cannot give; the message says what they can.
    """
    pairs = list(near)
    try:
        return _Splitting(frame, section, seed, packs or {}, pairs).run()
    except _TooFew as fault:
        first = few = fault
    # What was found on the way to more need not be there on the way to less: try it.
    share = first.share
    while few.name == first.name and share > 0:
        less = section.model_copy(update={first.name: share})
        try:
            _Splitting(frame, less, seed, packs or {}, pairs).run()
            break
        except _TooFew as fault:
            few, share = fault, min(fault.share, round(0.95 * share, 3) - 0.001)
    raise RecipeError(
        f"curation.split.{first.name}: {first.wanted:,} of {frame.height:,} rows are wanted, "
        f"{first.found:,} are possible{first.held_out}; set it to "
        f"{f'{share:.3g} or less' if share > 0 else '0'}, or curate more rows"
    )


class _TooFew(Exception):
    """A split cannot have as many rows as it is to have."""

    def __init__(self, name: str, wanted: int, found: int, rows: int, held: HeldOut) -> None:
        super().__init__(name)
        self.name, self.wanted, self.found = name, wanted, found
        self.share = int(1000 * found / max(1, rows)) / 1000
        names = ", ".join(held.names[:6]) if name == "test_unseen_tools" else ""
        self.held_out = f" (held out: {names})" if names else ""


class _Splitting:
    def __init__(
        self,
        frame: pl.DataFrame,
        section: SplitSection,
        seed: int,
        packs: Mapping[str, str],
        near: list[tuple[int, int]],
    ) -> None:
        self.frame, self.section, self.seed, self.packs = frame, section, seed, packs
        self.rows = range(frame.height)
        self.called: list[list[str]] = frame["called"].to_list()
        self.sequence: list[str] = frame["sequence"].to_list()
        self.topology: list[str] = frame["topology"].to_list()
        self.twins = [*Sharing(twin_keys(frame)).rows_of, *map(list, near)]
        self.made = Split([TRAIN] * frame.height, {})
        # An order of its own that does not depend on how the rows were found.
        self.rank: list[str] = [digest(f"{seed} {name}") for name in frame["id"]]

    def run(self) -> Split:
        wanted = self._wanted()
        self._hold_tools(wanted["test_unseen_tools"])
        self._hold_shapes(wanted["test_unseen_shapes"])
        self._part(joined(self.rows, self.twins), "request or filled skeleton")
        if self.made.topologies:
            self._part(self._alike(self.sequence), "sequence", (TRAIN, "test_unseen_shapes"))
        self._hold_offers()
        for name in ("test_unseen_tools", "test_unseen_shapes"):
            self._enough(name, wanted[name], len(self._in(name)))
        self._draw(wanted)
        self._enough(TRAIN, 1, len(self._in(TRAIN)))
        self._count_dropped()
        return self.made

    def _wanted(self) -> dict[str, int]:
        """Rows for each split but `train`."""
        shares = {name: float(getattr(self.section, name)) for name in SPLITS if name != TRAIN}
        return {
            name: max(1, round(share * len(self.rows))) if share else 0
            for name, share in shares.items()
        }

    # -------------------------------------------------------------- held out

    def _hold_tools(self, wanted: int) -> None:
        if not wanted:
            return
        if self.section.held_out:
            held: HeldOut | None = tools_named(self.section.held_out, self.called, self.packs)
        else:
            held = tools_chosen(wanted, self.called, self.packs)
        if held is None:
            rows, most = len(self.rows), int(MOST * len(self.rows))
            raise RecipeError(
                f"curation.split.test_unseen_tools: {wanted:,} of {rows:,} rows are wanted, but "
                + (
                    f"more than {most:,} would leave too little to train on; set it to "
                    f"{int(100 * MOST) / 100:g} or less"
                    if wanted > most
                    else f"no packs and no cluster of tools are called in {wanted:,} to {most:,}; "
                    "name some in held_out, or set it to 0"
                )
            )
        self.made.held_out = held
        for row in calling(held.tools, self.called):
            self.made.split_of[row] = "test_unseen_tools"

    def _hold_shapes(self, wanted: int) -> None:
        if not wanted:
            return
        rest = self._in(TRAIN)
        if self.section.held_out_shapes:
            there = (self.topology[row] for row in rest if self.sequence[row])
            shapes = shapes_named(self.section.held_out_shapes, there)
        else:
            shapes = shapes_chosen(wanted, self.frame[rest], self.seed)
        self.made.topologies = shapes
        for row in rest:
            if self.topology[row] in shapes:
                self.made.split_of[row] = "test_unseen_shapes"

    def _hold_offers(self) -> None:
        """Drop what would be left without any tool once held-out ones are no longer offered."""
        held = self.made.held_out.tools
        for row, offered in enumerate(self.frame["offered"].to_list()):
            split = self.made.split_of[row]
            if split not in (None, "test_unseen_tools") and offered and held.issuperset(offered):
                self._drop(row, "it offers held-out tools only")

    # --------------------------------------------------------------- parting

    def _alike(self, names: Sequence[str]) -> list[list[int]]:
        found: dict[str, list[int]] = {}
        for row in self.rows:
            if names[row]:
                found.setdefault(names[row], []).append(row)
        return list(found.values())

    def _part(
        self, groups: Iterable[Sequence[int]], what: str, splits: Sequence[str] = SPLITS
    ) -> None:
        """Where rows that share something stand in several splits, let one split have them."""
        for group in groups:
            there = [row for row in group if self.made.split_of[row] in splits]
            homes = Counter(self.made.split_of[row] for row in there)
            if len(homes) < 2:
                continue
            # The fewest rows are lost; where that is no matter, a test is harder to fill.
            keep = max(homes, key=lambda home: (homes[home], SPLITS.index(str(home))))
            kept = next(row for row in there if self.made.split_of[row] == keep)
            for row in there:
                if self.made.split_of[row] != keep:
                    self._drop(row, f"{keep} has its {what}: {self.frame['id'][kept]}")

    def _drop(self, row: int, why: str) -> None:
        self.made.split_of[row] = None
        self.made.dropped[row] = why

    # --------------------------------------------------------------- drawing

    def _draw(self, wanted: Mapping[str, int]) -> None:
        pool = self._in(TRAIN)
        grounded = Sharing(grounded_keys(self.frame[pool]))
        ties = [[pool[place] for place in places] for places in grounded.rows_of]
        stratum = list(self.frame.select("scenario", "length", "language").iter_rows())
        left = Counter(self.sequence[row] for row in pool)
        draw = Draw(pool, [*self.twins, *ties], stratum, self.sequence, left, self.rank)
        spare = int(self.section.max_dropped * len(self.rows)) - len(self.made.dropped)
        seen, number = wanted["test_seen"], wanted["validation"]
        part = spare * seen // max(1, seen + number)
        taken = self._take(draw, "test_seen", seen, pool, part, seen=True)
        self._enough("test_seen", seen, taken)
        spare -= part
        hard = [row for row in pool if edges(self.topology[row]) >= 2]
        easy = [row for row in pool if edges(self.topology[row]) < 2]
        # At most a third of the complex chains there are: training wants them too.
        most = min(round(self.section.complex * number), len(hard) // 3)
        taken = self._take(draw, "validation", most, hard, spare // 2)
        taken += self._take(draw, "validation", number - taken, easy, spare // 2)
        taken += self._take(draw, "validation", number - taken, pool, 0)
        self._enough("validation", number, taken)

    def _take(
        self, draw: Draw, name: str, wanted: int, of: list[int], spare: int, *, seen: bool = False
    ) -> int:
        taken, lost = draw.take(wanted, of, spare, seen=seen)
        for row in taken:
            self.made.split_of[row] = name
        for row, cause in lost.items():
            self._drop(row, f"{name} has its call or request: {self.frame['id'][cause]}")
        return len(taken)

    # -------------------------------------------------------------- checking

    def _in(self, name: str) -> list[int]:
        return [row for row in self.rows if self.made.split_of[row] == name]

    def _enough(self, name: str, wanted: int, found: int) -> None:
        if found >= wanted:
            return
        if name == TRAIN:
            raise RecipeError("curation.split: nothing is left to train on; lower the shares")
        raise _TooFew(name, wanted, found, len(self.rows), self.made.held_out)

    def _count_dropped(self) -> None:
        dropped, most = len(self.made.dropped), self.section.max_dropped * len(self.rows)
        if dropped > most:
            raise RecipeError(
                f"curation.split.max_dropped: {dropped:,} of {len(self.rows):,} rows would be "
                f"dropped, {int(most):,} may be; set it to {dropped / len(self.rows) + 0.001:.3f} "
                "or lower the splits' shares"
            )
