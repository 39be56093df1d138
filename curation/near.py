"""Near duplicates among texts: candidates by their rarest shingles, each verified exactly.

The rule is greedy in input order: a text goes when it is similar to an earlier one *that stays*.
Similarity is not transitive: where B is like A and C like B but not like A, B goes and C stays,
for nothing that is left is like it.

The result is exact. What it costs beyond a row's length is the number of rows of one group that
share their rarest shingles: many rows of one group (rows without calls are one) written in few
words take longer than in proportion.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from callwright.curation.shingles import (
    REACH_BITS,
    Ints,
    Rarest,
    Words,
    ceil_share,
    distinct,
    rarest,
    spare,
)

Places = NDArray[np.uint32]

_FEW = 3
"""Rows of a group that are compared each with each: that is cheaper than finding candidates."""
_PAIRS = 1
"""Pairs of entries compared, for each entry there is, between two looks at which rows are left
(more where one row has more). A look goes over all entries, so it must not be for few pairs."""
_SPAN = 1 << 14
"""Entries whose meetings are found at a time."""
_STEP = 1 << 16
"""Entries, or pairs of them, looked at at a time: arrays that stay in the processor's cache."""


class Similar(NamedTuple):
    """A text that goes."""

    row: int
    kept: int
    """The earliest text that stays and is similar."""
    similarity: float


class _Meetings(NamedTuple):
    """Which entries each entry meets. Entries are numbered by shingle, then by size of row."""

    place: Places
    """Where the entry's row stands among the texts."""
    lower: Places
    """From this entry ..."""
    upper: Places
    """... to the one before this they are of its shingle, and of rows whose size it reaches."""


def near_duplicates(
    texts: pl.Series, groups: Ints, threshold: float = 0.8, k: int = 5
) -> list[Similar]:
    """Find the texts to drop so that no two similar ones of a group are left.

    Args:
        texts: Strings, no two of a group equal.
        groups: Of each text, the number of the group within which it is compared.
        threshold: Jaccard similarity of the sets of shingles from which two texts are similar,
            from 0 (excluded) to 1.
        k: Characters in a shingle. A shorter text has none and is similar to nothing.
    """
    long = texts.str.len_chars().to_numpy() >= k
    size = np.bincount(groups[long], minlength=groups.max(initial=0) + 1)[groups]
    stays = np.ones(len(texts), np.bool_)
    found: list[Similar] = []
    few = np.flatnonzero(long & (size > 1) & (size <= _FEW))
    many = np.flatnonzero(long & (size > _FEW))
    rare = rarest(texts.gather(many), groups[many], threshold, k)
    # No two pairs of different groups have to do with each other.
    for row, other in chain(_each_with_each(few, groups[few]), _candidates(rare, many, stays)):
        # Earlier rows come first, so that `stays[row]` is settled by now.
        if not (stays[row] and stays[other]):
            continue
        likeness = jaccard(texts[row], texts[other], k)
        if likeness >= threshold:
            stays[other] = False
            found.append(Similar(other, row, likeness))
    return sorted(found)


def jaccard(one: str, other: str, k: int) -> float:
    """Exact Jaccard similarity of two texts' sets of shingles, whatever they consist of."""
    narrow = np.frombuffer((one + other).encode("utf-32-le"), np.uint32)
    base = int(narrow.max()) + 1
    characters = narrow.astype(np.uint64)
    windows = len(characters) - (k - 1)
    codes, limit = characters[:windows].copy(), base
    for offset in range(1, k):
        if limit * base > 1 << 63:  # no room for another digit: number what there is
            codes = np.searchsorted(distinct(codes.copy()), codes).astype(np.uint64)
            limit = len(codes)
        codes *= np.uint64(base)
        codes += characters[offset : offset + windows]
        limit *= base
    # Equal shingles side by side, one's first. The windows between, across the seam of the two
    # texts, belong to neither.
    codes <<= np.uint64(1)
    codes[len(one) :] |= np.uint64(1)
    both = distinct(np.concatenate((codes[: len(one) - (k - 1)], codes[len(one) :])))
    both >>= np.uint64(1)
    shared = int(np.count_nonzero(both[1:] == both[:-1]))
    return shared / (len(both) - shared)


def _each_with_each(rows: Ints, groups: Ints) -> Iterator[tuple[int, int]]:
    """All pairs (earlier, later) within each group."""
    order = np.argsort(groups, kind="stable")
    ends = np.flatnonzero(np.diff(groups[order], append=-1)) + 1
    for members in np.split(rows[order], ends[:-1]):
        yield from combinations(members.tolist(), 2)


def _candidates(rare: Rarest, rows: Ints, stays: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Pairs (earlier, later) of `rows` that may be similar, by the earlier one.

    What the caller has dropped from `stays` meanwhile is left out of what follows: the rows of a
    large cluster go when its first row is compared, and are never compared with each other.
    """
    sizes = np.empty_like(rare.sizes)
    sizes[rare.places] = rare.sizes
    meetings, work = _meetings(rare)
    most = _PAIRS * len(meetings.place)
    start = 0
    while start < len(rows):
        work *= stays[rows]
        end = start + max(1, int(np.searchsorted(np.cumsum(work[start:]), most, "right")))
        now = work > 0
        now[:start], now[end:] = False, False
        for one, other in _likely(_pairs(meetings, now), sizes):
            yield int(rows[one]), int(rows[other])
        start = end


def _meetings(rare: Rarest) -> tuple[_Meetings, Ints]:
    """Find the entries that each entry meets, and how many those of each text meet altogether.

    `rare` loses its entries, which are no longer needed.
    """
    work = np.zeros(len(rare.places), np.int64)
    found = _Meetings(*(np.empty(len(rare.entries), np.uint32) for _ in _Meetings._fields))
    # They are looked up at random, so the less of the cache they fill the better.
    small, places = rare.sizes.astype(np.uint32), rare.places.astype(np.uint32)
    start = 0
    for span in _spans(rare):
        here = slice(start, start + len(span))
        shingles, rows = rare.shingles(span), rare.rows(span)
        new = np.append(shingles[:1] != shingles[:1], shingles[1:] != shingles[:-1])
        run = np.cumsum(new) << 40
        sizes = small[rows].astype(np.int64)
        ordered = run + sizes  # by size within a shingle, as rows are numbered by it
        place = places[rows]
        lower = np.searchsorted(ordered, run + ceil_share(sizes, rare.threshold), "left")
        upper = np.searchsorted(ordered, run + rare.reaches(span, sizes).astype(np.int64), "right")
        upper = np.maximum(upper, lower)
        np.add.at(work, place, upper - lower)
        found.place[here] = place
        found.lower[here] = lower + start
        found.upper[here] = upper + start
        start = here.stop
    rare.entries = np.empty(0, np.uint64)
    return found, work


def _pairs(meetings: _Meetings, now: NDArray[np.bool_]) -> Words:
    """`earlier << 32 | later`, earlier among `now`, once for each shingle the rows share."""
    found = [np.empty(0, np.uint64)]
    for start in range(0, len(meetings.place), _STEP):
        entries = np.flatnonzero(now[meetings.place[start : start + _STEP]]) + start
        many = meetings.upper[entries] - meetings.lower[entries]
        total = np.cumsum(many, dtype=np.int64)
        cuts = np.searchsorted(total, np.arange(_STEP, total[-1] if len(total) else 0, _STEP))
        for some, times in zip(np.split(entries, cuts), np.split(many, cuts), strict=True):
            other = np.repeat(
                meetings.lower[some] - np.cumsum(times, dtype=np.int64) + times, times
            )
            other += np.arange(len(other))
            later, earlier = meetings.place[other], np.repeat(meetings.place[some], times)
            meet = (later > earlier).nonzero()[0]
            # Each must be in the other's reach.
            meet = meet[meetings.upper[other[meet]] > np.repeat(some, times)[meet]]
            found.append(earlier[meet].astype(np.uint64) << np.uint64(32) | later[meet])
    return np.concatenate(found)


def _likely(pairs: Words, sizes: Ints) -> Iterator[tuple[int, int]]:
    """Pairs that share as many of their rarest shingles as similar rows must."""
    if not len(pairs):
        return
    pairs.sort()
    bounds = np.flatnonzero(np.concatenate(([True], pairs[1:] != pairs[:-1], [True])))
    for start in range(0, len(bounds) - 1, _STEP):
        some = bounds[start : start + _STEP + 1]
        different = pairs[some[:-1]]
        one = (different >> np.uint64(32)).astype(np.int64)
        other = (different & np.uint64(0xFFFFFFFF)).astype(np.int64)
        likely = np.diff(some) > spare(np.minimum(sizes[one], sizes[other]))
        yield from zip(one[likely].tolist(), other[likely].tolist(), strict=True)


def _spans(rare: Rarest) -> Iterator[Words]:
    """The entries piece by piece; those of a shingle stay together."""
    start, entries = 0, rare.entries
    others = np.uint64((1 << (rare.row_bits + REACH_BITS)) - 1)
    while start < len(entries):
        end = min(start + _SPAN, len(entries))
        end += int(np.searchsorted(entries[end:], entries[end - 1] | others, "right"))
        yield entries[start:end]
        start = end
