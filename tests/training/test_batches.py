"""Batches: every sample once an epoch, little padding, the same again after a resumption."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="batches are tensors")

from callwright.training.batches import Plan, Sequences, collate, pack, sizes

from . import trainees

LENGTHS = [3 + 7 * i % 401 for i in range(999)]


def padding(batches) -> float:
    held = sum(len(b) * max(LENGTHS[i] for i in b) for b in batches)
    return 1 - sum(LENGTHS) / held


@pytest.mark.parametrize("bucketing", [True, False])
def test_every_sequence_comes_once_an_epoch_in_another_order_each(bucketing):
    plan = Plan(LENGTHS, 4, bucketing, seed=1)
    orders = []
    for epoch in (0, 1):
        plan.set_epoch(epoch)
        orders.append([i for batch in plan for i in batch])
        assert sorted(orders[-1]) == list(range(len(LENGTHS)))
    assert orders[0] != orders[1]
    assert len(list(plan)) == len(plan)


def test_an_order_follows_from_seed_and_epoch_alone():
    def order(seed, epoch):
        plan = Plan(LENGTHS, 4, bucketing=True, seed=seed)
        plan.set_epoch(epoch)
        return list(plan)

    assert order(1, 3) == order(1, 3)
    assert order(1, 3) != order(2, 3)


def test_bucketing_leaves_little_padding_and_still_mixes():
    random_padding = padding(list(Plan(LENGTHS, 4, bucketing=False, seed=1)))
    batches = list(Plan(LENGTHS, 4, bucketing=True, seed=1))
    assert random_padding > 0.3
    assert padding(batches) < 0.03
    means = [sum(LENGTHS[i] for i in b) / len(b) for b in batches]
    assert means != sorted(means)


def test_the_longest_sequence_comes_first_so_that_memory_runs_out_at_once_or_not_at_all():
    first = next(iter(Plan(LENGTHS, 4, bucketing=True, seed=1)))
    assert max(LENGTHS[i] for i in first) == max(LENGTHS)


@pytest.mark.parametrize("bucketing", [True, False])
def test_several_devices_together_read_what_one_would(bucketing):
    one = list(Plan(LENGTHS, 6, bucketing, seed=1))
    three = [Plan(LENGTHS, 2, bucketing, seed=1, rank=r, world=3) for r in range(3)]
    for batch, *parts in zip(one, *three, strict=True):
        assert sorted(i for part in parts for i in part) == sorted(batch)


def test_a_device_without_a_sequence_left_reads_one_that_trains_nothing():
    sequences = Sequences([(sample,) for sample in trainees.samples(5)])
    plans = [Plan([4] * 5, 2, seed=1, rank=r, world=3) for r in range(3)]
    parts = [next(iter(plan)) for plan in plans]
    assert [len(plan) for plan in plans] == [1, 1, 1]
    assert sorted(i for part in parts for i in part) == [0, 1, 2, 3, 4]
    empty = list(Plan([4] * 5, 2, seed=1, rank=2, world=4))
    assert [len(batch) for batch in empty] == [1]
    blank = collate([sequences[5]], pad=0, packed=False)
    assert blank["loss_weights"].sum() == 0
    assert blank["tokens"] == 0


def test_packed_sequences_hold_every_sample_whole_and_leave_little_room():
    samples = trainees.samples(300, shortest=2, longest=40)
    packed = pack(samples, 64)
    names = sorted(sample.row for sequence in packed for sample in sequence)
    assert names == sorted(sample.row for sample in samples)
    assert max(sizes(packed)) <= 64
    assert sum(sizes(packed)) > 0.97 * 64 * len(packed)


def test_a_sample_longer_than_a_sequence_is_packed_alone():
    long, short = trainees.samples(2, shortest=20, longest=20)
    assert pack([long, short], 10) == [(long,), (short,)]


def test_positions_begin_anew_with_each_packed_sample_and_with_the_padding():
    one, other, third = trainees.samples(3, shortest=3, longest=5)
    made = collate([(one, other), (third,)], pad=7, packed=True)
    width = len(one.ids) + len(other.ids)
    first = [*range(len(one.ids)), *range(len(other.ids))]
    second = [*range(len(third.ids)), *range(width - len(third.ids))]
    assert made["position_ids"].tolist() == [first, second]
    assert made["input_ids"][1].tolist() == third.ids + [7] * (width - len(third.ids))
    assert made["tokens"] == width + len(third.ids)
