"""Character shingles of many texts at once, and the rarest few of each.

A text's shingles are the set of its windows of k characters. Texts with n and m shingles whose
Jaccard similarity is at least t have at least a = ceil(t / (1 + t) (n + m)) in common. Put every
text's shingles into one order, the rarest first: then the two have one in common among the first
n - a + 1 of the one and the first m - a + 1 of the other ("prefix filtering": Chaudhuri et al.
2006, Bayardo et al. 2007). Only texts that meet so need a closer look, and rare shingles bring
few together. We look `spare(n)` shingles further and ask for as many more in common.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Ints = NDArray[np.int64]

_CHARACTERS = 1 << 16
"""Characters worked on at a time: arrays that stay in the processor's cache. A longer text is
worked on whole."""
_ROW_BITS = 12
"""Rows worked on at a time are numbered in so many bits."""
_SAMPLE = 8
"""One row in so many is counted: which shingles are rare shows in a part of the rows too."""
_BUCKETS = 16, 26
"""Bits of the table of frequencies, at least and at most."""
_RANK_BITS = 7
REACH_BITS = 4
_HASH_BITS = 64 - _ROW_BITS - _RANK_BITS
_FACTOR, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)


@dataclass
class Rarest:
    """The rarest shingles of every row. Rows are numbered by the size of their sets."""

    entries: Words
    """`shingle's hash | row | reach`, in bits from the upper to the lower, sorted."""
    row_bits: int
    sizes: Ints
    """How many different shingles a row has; ascending."""
    places: Ints
    """Where the row stands among the texts."""
    threshold: float

    def shingles(self, entries: Words) -> Words:
        """What is equal for equal shingles."""
        return entries >> np.uint64(self.row_bits + REACH_BITS)

    def rows(self, entries: Words) -> Ints:
        """Row of each entry."""
        rows: Ints = (entries >> np.uint64(REACH_BITS)).astype(np.int64)
        rows &= (1 << self.row_bits) - 1
        return rows

    def reaches(self, entries: Words, sizes: Ints) -> NDArray[np.float64]:
        """Up to which size of the other row an entry, of a row of its size, is looked at."""
        reach = (entries & np.uint64((1 << REACH_BITS) - 1)).astype(np.float64)
        step = (1 / self.threshold - self.threshold) / ((1 << REACH_BITS) - 1)
        reach *= step
        reach += self.threshold
        reach *= sizes
        reach += 1e-6
        return reach


def rarest(texts: pl.Series, groups: Ints, threshold: float, k: int) -> Rarest:
    """Give the rarest shingles of each text, as many as prefix filtering asks for.

    Args:
        texts: Of at least `k` characters each.
        groups: Of each text, the group in which it is compared; shingles of two groups differ.
        threshold: Jaccard similarity from 0 (excluded) to 1.
        k: Characters in a shingle.
    """
    lengths = texts.str.len_chars().to_numpy().astype(np.int64)
    windows = lengths - (k - 1)
    salts = _mixed(groups.astype(np.uint64) * _MIX)
    every = slice(None, None, _SAMPLE)
    ranks = _ranks(texts.gather_every(_SAMPLE), lengths[every], salts[every], k)
    row_bits = max(1, len(texts).bit_length())
    # No row yields more than it would without repeats. What is not written to takes no memory.
    entries = np.empty(int(_prefix(windows, threshold).sum()), np.uint64)
    sizes = np.zeros(len(texts), np.int64)
    used = 0
    for start, end in _chunks(lengths):
        hashes = _hashes(texts[start:end], lengths[start:end], salts[start:end], k)
        row = np.repeat(np.arange(end - start, dtype=np.uint64), windows[start:end])
        keys, sizes[start:end] = _ordered(hashes, row, end - start, ranks)
        some = _entries(keys, sizes[start:end], start, row_bits, threshold)
        entries[used : used + len(some)] = some
        used += len(some)
    places = np.argsort(sizes, kind="stable")
    numbers = np.empty(len(places), np.uint64)
    numbers[places] = np.arange(len(places), dtype=np.uint64) << np.uint64(REACH_BITS)
    rare = Rarest(entries[:used], row_bits, sizes[places], places, threshold)
    others = np.uint64((1 << 64) - (1 << (row_bits + REACH_BITS)) + (1 << REACH_BITS) - 1)
    for first in range(0, used, _CHARACTERS):
        some = rare.entries[first : first + _CHARACTERS]
        some[:] = some & others | numbers[rare.rows(some)]
    rare.entries.sort()
    return rare


def spare(sizes: Ints) -> Ints:
    """How many shingles more than needed are looked at, which similar rows must share too."""
    return sizes >> 6


def _prefix(sizes: Ints, threshold: float) -> Ints:
    """How many of a row's `sizes` shingles are looked at, for the largest row it may be like."""
    return sizes - ceil_share(sizes, threshold) + 1 + spare(sizes)


def ceil_share(sizes: Ints, share: float) -> Ints:
    """`ceil(share * sizes)`, never one too many by rounding."""
    ceiling: Ints = np.ceil(share * sizes - 1e-9).astype(np.int64)
    return ceiling


def _chunks(lengths: Ints) -> Iterator[tuple[int, int]]:
    """Ranges of rows that are worked on together: of `_CHARACTERS` at most, but a row at least."""
    ends = np.cumsum(lengths)
    start = 0
    while start < len(lengths):
        before = ends[start] - lengths[start]
        end = max(start + 1, int(np.searchsorted(ends, before + _CHARACTERS, "right")))
        end = min(end, start + (1 << _ROW_BITS))
        yield start, end
        start = end


def _hashes(texts: pl.Series, lengths: Ints, salts: Words, k: int) -> Words:
    """Hashes of all windows, row after row."""
    characters = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32).astype(np.uint64)
    count = len(characters) - (k - 1)
    hashes = characters[:count].copy()
    for offset in range(1, k):
        hashes *= _FACTOR
        hashes += characters[offset : offset + count]
    inside = np.ones(count, np.bool_)
    for offset in range(1, k):  # windows that reach into the next row
        inside[np.cumsum(lengths)[:-1] - offset] = False
    hashes = hashes[inside]
    hashes ^= np.repeat(salts, lengths - (k - 1))
    return _mixed(hashes)


def _mixed(hashes: Words) -> Words:
    """Every bit depends on every bit; in place."""
    for shift in (32, 29):
        hashes ^= hashes >> np.uint64(shift)
        hashes *= _MIX
    hashes ^= hashes >> np.uint64(32)
    return hashes


def _ranks(texts: pl.Series, lengths: Ints, salts: Words, k: int) -> NDArray[np.uint8]:
    """Rank of rarity by the upper bits of a shingle's hash: 0 where none was counted."""
    # Buckets grow with the data: in a table of fixed size everything ends up frequent.
    bits = min(max(int(lengths.sum()).bit_length() - 1, _BUCKETS[0]), _BUCKETS[1])
    counts = np.zeros(1 << bits, np.uint32)
    for start, end in _chunks(lengths):
        hashes = _hashes(texts[start:end], lengths[start:end], salts[start:end], k)
        buckets = (hashes >> np.uint64(64 - bits)).astype(np.uint32)
        buckets.sort()
        first = _first(buckets)
        counts[buckets[first]] += np.diff(first, append=len(buckets)).astype(np.uint32)
    ranks = np.empty(len(counts), np.uint8)
    for some in range(0, len(counts), 1 << 20):  # logarithms are floats: not all at once
        part = slice(some, some + (1 << 20))
        ranks[part] = 4 * np.log2(counts[part] + 1.0)
    return np.minimum(ranks, (1 << _RANK_BITS) - 1, out=ranks)


def _ordered(hashes: Words, row: Words, rows: int, ranks: NDArray[np.uint8]) -> tuple[Words, Ints]:
    """`row | rank | hash` of each row's different shingles, the rarest first; their numbers."""
    bits = len(ranks).bit_length() - 1
    rank = ranks[(hashes >> np.uint64(64 - bits)).astype(np.intp)].astype(np.uint64)
    # One sort does it all: rows apart, the rarest first, repeats side by side. The rank follows
    # from the hash, so the order is the same in every row.
    keys = hashes >> np.uint64(64 - _HASH_BITS)
    keys |= rank << np.uint64(_HASH_BITS)
    keys |= row << np.uint64(64 - _ROW_BITS)
    keys = distinct(keys)
    return keys, np.bincount((keys >> np.uint64(64 - _ROW_BITS)).astype(np.int64), minlength=rows)


def _entries(keys: Words, sizes: Ints, start: int, row_bits: int, threshold: float) -> Words:
    """The entries (see `Rarest`) of a chunk's rows, the first of which is row `start`."""
    looked_at = np.minimum(_prefix(sizes, threshold), sizes)
    row = np.repeat(np.arange(len(sizes)), looked_at)
    place = np.arange(len(row)) - np.repeat(np.cumsum(looked_at) - looked_at, looked_at)
    keys = keys[np.repeat(np.cumsum(sizes) - sizes, looked_at) + place]
    size = sizes[row]
    # Solved for m: place < n - t / (1 + t) (n + m) + 1 + spare
    reach = (size - place + spare(size)) * (1 + threshold) / threshold / size - 1
    steps = (1 << REACH_BITS) - 1
    span = max(1 / threshold - threshold, 1e-9)
    reach = np.ceil((reach - threshold) / span * steps).clip(0, steps)
    # The lower bits of the hash alone, as the row takes the place of the upper: two shingles
    # that become one by it cost no more than a pair looked at in vain.
    entries = (keys & np.uint64((1 << _HASH_BITS) - 1)) << np.uint64(row_bits + REACH_BITS)
    entries |= (row + start).astype(np.uint64) << np.uint64(REACH_BITS)
    entries |= reach.astype(np.uint64)
    return entries


def distinct(values: Words) -> Words:
    """The different values in order; sorts `values` in place, as `np.unique` would not."""
    values.sort()
    return values[_first(values)]


def _first(ordered: NDArray[np.unsignedinteger]) -> NDArray[np.intp]:
    """Where each different value of a sorted array that is not empty starts."""
    new = np.empty(len(ordered), np.bool_)
    new[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return new.nonzero()[0]
