"""Samples put together: into packed sequences, into batches of like length, into tensors."""

from __future__ import annotations

import math
import random
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from callwright.training.sample import Sample

Packed = tuple[Sample, ...]
"""The samples of one sequence: one, unless they are packed."""

_POOL = 50
"""Batches whose samples are sorted by length together. Less is more random, more is less padding;
the value is that of the usual length-grouped samplers."""


def pack(samples: Sequence[Sample], most: int) -> list[Packed]:
    """Put samples into as few sequences of at most `most` tokens as best fit, longest first, finds.

    A longer sample has a sequence of its own.
    """
    sequences: list[list[Sample]] = []
    rooms: list[tuple[int, int]] = []  # (tokens free, sequence), sorted
    for sample in sorted(samples, key=lambda one: -len(one.ids)):
        size = len(sample.ids)
        at = bisect_left(rooms, (size, -1))
        if at < len(rooms):
            room, chosen = rooms.pop(at)
        else:
            room, chosen = most, len(sequences)
            sequences.append([])
        sequences[chosen].append(sample)
        insort(rooms, (room - size, chosen))
    return [tuple(sequence) for sequence in sequences]


def sizes(sequences: Iterable[Packed]) -> list[int]:
    """Tokens of each sequence."""
    return [sum(len(sample.ids) for sample in sequence) for sequence in sequences]


@dataclass
class Plan:
    """Which sequences make which batch of an epoch, on one of several devices.

    Each epoch has an order of its own, which follows from `seed` and the epoch alone, so that a
    resumed training goes on where it was. Taken over all devices, the n-th batches are the same
    sequences as the n-th batch of one device with `world` times the batch size.
    """

    lengths: Sequence[int]
    """Tokens of each sequence."""
    batch_size: int
    """Sequences a batch and device."""
    bucketing: bool = False
    """Sequences of like length together."""
    seed: int | None = None
    """None: longest first, no shuffling."""
    rank: int = 0
    world: int = 1
    """Devices."""
    epoch: int = 0

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __len__(self) -> int:
        return math.ceil(len(self.lengths) / (self.batch_size * self.world))

    def __iter__(self) -> Iterator[list[int]]:
        """Batches of indices; one past the last sequence where this device has none."""
        for batch in self._batches():
            yield batch[self.rank :: self.world] or [len(self.lengths)]

    def _batches(self) -> list[list[int]]:
        size = self.batch_size * self.world
        order = list(range(len(self.lengths)))
        if self.seed is None:
            return _cut(sorted(order, key=self._shortness), size)
        chance = random.Random(f"{self.seed} {self.epoch}")
        chance.shuffle(order)
        if not self.bucketing:
            return _cut(order, size)
        pools = _cut(order, size * _POOL)
        batches = [b for pool in pools for b in _cut(sorted(pool, key=self._shortness), size)]
        chance.shuffle(batches)
        if self.epoch == 0:
            # If memory is to run out, then at once.
            longest = max(batches, key=lambda batch: max(self.lengths[i] for i in batch))
            batches.remove(longest)
            batches.insert(0, longest)
        return batches

    def _shortness(self, index: int) -> int:
        return -self.lengths[index]


def _cut(items: list[int], size: int) -> list[list[int]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


class Sequences:
    """A torch dataset of the sequences, and of one past the last that trains nothing."""

    def __init__(self, packed: Sequence[Packed]) -> None:
        token = packed[0][0].ids[0]
        blank = Sample(row="", ids=[token] * 2, weights=[0.0] * 2, classes=[None] * 2)
        self._packed = [*packed, (blank,)]

    def __len__(self) -> int:
        return len(self._packed) - 1

    def __getitem__(self, index: int) -> Packed:
        return self._packed[index]


def collate(batch: Sequence[Packed], *, pad: int, packed: bool) -> dict[str, Any]:
    """Tensors of a batch, padded on the right.

    There is no attention mask: under causal attention no token sees the padding to its right, and
    without a mask the faster kernels are chosen. In packed sequences positions begin anew with
    each sample, which is how transformers' attention tells the samples apart where it is given no
    mask; padding counts as one more sample.

    Returns:
        `input_ids`, `loss_weights`, with `packed` also `position_ids`, each (batch, tokens);
        `tokens`: how many are no padding.
    """
    import torch

    width = max(sizes(batch))
    ids = torch.full((len(batch), width), pad)
    weights = torch.zeros(len(batch), width)
    positions = torch.zeros(len(batch), width, dtype=torch.long)
    tokens = 0
    for row, sequence in enumerate(batch):
        at = 0
        for sample in sequence:
            end = at + len(sample.ids)
            ids[row, at:end] = torch.tensor(sample.ids)
            # The first token is nobody's label: before it stands nothing, or another sample.
            weights[row, at + 1 : end] = torch.tensor(sample.weights[1:])
            positions[row, at:end] = torch.arange(end - at)
            at = end
            tokens += len(sample.ids) if sample.row else 0
        positions[row, at:] = torch.arange(width - at)
    made = {"input_ids": ids, "loss_weights": weights, "tokens": tokens}
    return {**made, "position_ids": positions} if packed else made
