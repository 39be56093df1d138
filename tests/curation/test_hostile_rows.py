"""Whatever a row holds, `check` gives a verdict: it never crashes on data."""

import random

import pytest
import small_world
from pydantic import ValidationError

from callwright.curation.verify import GATES, certify, check
from callwright.schemas.pointers import leaves, replace
from callwright.schemas.record import Conversation

ODD = [None, "", "x", "/", "~", "/0", "call_9", "call_2", -1, 0, 7, 10**30, 1.5, True, [], {}]
ODD += [[1], {"a": 1}, "２０", "\ud800", "date.relative", "chain", "2026-13-45", 1e308]


def spoiled(record, rng):
    """The record with one to three of its leaves replaced, cut or swapped for another's."""
    found = [pointer for pointer, _ in leaves(record)]
    for _ in range(rng.randint(1, 3)):
        pointer = rng.choice(found)
        while pointer.count("/") > 1 and rng.random() < 0.3:
            pointer = pointer.rpartition("/")[0]  # a whole branch
        value = rng.choice(ODD)
        try:
            record = replace(record, pointer, value)
        except KeyError:
            continue  # the branch is gone
    return record


@pytest.mark.parametrize("seed", range(6))
def test_no_row_crashes_a_gate(seed, rows, toolbox):
    rng = random.Random(seed)
    judged = failed = 0
    for _ in range(400):
        name = rng.choice(list(rows))
        try:
            row = Conversation.model_validate(spoiled(rows[name].model_dump(), rng))
        except ValidationError:
            continue
        gates = check(row, toolbox)
        assert list(gates) == list(GATES)
        assert list(certify(row, toolbox).gates) == list(GATES)
        judged += 1
        failed += any(gate.outcome == "fail" for gate in gates.values())
    assert judged > 50
    assert failed > judged / 2


def test_a_pointer_of_absurd_length_is_only_wrong(toolbox):
    row = small_world.chain()
    sources = {**row.sources, "call_1": {"/city" + "/0" * 5000: row.sources["call_1"]["/city"]}}
    assert check(row.model_copy(update={"sources": sources}), toolbox)["grounding"].detail
