"""What is true of every pack's worlds."""

from __future__ import annotations

import datetime

import pytest

from callwright.generators.packs import PACK_NAMES, load_pack

from .worlds import Worlds

NOW = datetime.datetime(2026, 11, 12, 8, 15, tzinfo=datetime.UTC)
STATEFUL = [pack for pack in map(load_pack, PACK_NAMES) if pack.seed_database is not None]
MADE_BY_TOOLS = {"disputes", "pickups"}
"""Tables whose rows only calls make."""
FEWEST = {"files": 10, "helpdesk": 10, "home": 10, "library": 5}
"""Pack -> each of its tables has more rows; of the others, any."""

every_world = pytest.mark.parametrize("pack", STATEFUL, ids=lambda pack: pack.name)


@every_world
@pytest.mark.parametrize("seed", range(6))
def test_a_world_is_large_and_whole(pack, seed):
    worlds = Worlds(pack, NOW)
    counts = worlds.counts(worlds.world(seed))
    for table, count in counts.items():
        assert count > FEWEST.get(pack.name, 0) or table in MADE_BY_TOOLS, table
    assert len(counts) >= 5
    assert sum(counts.values()) > 200


@every_world
@pytest.mark.parametrize("seed", range(6))
def test_a_world_follows_from_its_seed(pack, seed):
    worlds = Worlds(pack, NOW)
    first, again, next_one, other = (
        worlds.state(worlds.world(n)) for n in (seed, seed, seed + 1, seed + 100)
    )
    assert first == again
    assert first not in (next_one, other)


def test_at_least_six_packs_have_worlds():
    assert len(STATEFUL) >= 6
