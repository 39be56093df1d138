"""What people say of the house, and what may stand in for an id when causality is checked."""

# ruff: noqa: ARG001 - samplers share one signature

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta

from callwright.generators.pack import World
from callwright.generators.packs.home.base import house, pack
from callwright.generators.worlds import local
from callwright.schemas.toolbox import Json

Context = Mapping[str, Json]


def _column(kind: str, query: str, *, said: bool) -> None:
    """Values of `kind` are the first column of what `query` finds."""

    @pack.kind(kind, said=said)
    def sample(world: World, rng: random.Random, context: Context) -> Json:
        found = house(world).execute(query).fetchall()
        return found[int(rng.random() * len(found))][0]


_column("home.device", "SELECT name FROM devices", said=True)
_column("home.room", "SELECT name FROM rooms", said=True)
_column("home.scene", "SELECT name FROM scenes", said=True)
_column("home.model", "SELECT model_number FROM models", said=True)
_column("home.device_id", "SELECT device_id FROM devices", said=False)
_column("home.room_id", "SELECT room_id FROM rooms", said=False)
_column("home.scene_id", "SELECT scene_id FROM scenes", said=False)
_column("home.timer_id", "SELECT timer_id FROM timers", said=False)
_column("home.alert_id", "SELECT alert_id FROM alerts", said=False)


@pack.kind("temperature.wanted")
def temperature_wanted(world: World, rng: random.Random, context: Context) -> Json:
    return rng.choice((18.5, 19, 19.5, 20, 20.5, 21, 21.5, 22, 22.5, 23, 24))


@pack.kind("datetime.timer_wanted")
def timer_wanted(world: World, rng: random.Random, context: Context) -> Json:
    """A quarter of an hour within ten days that is still to come, not in the dead of night."""
    start = world.now.replace(hour=0, minute=0)
    day = start + timedelta(days=rng.choice((1, 1, 1, 2, 2, 3, 4, 5, 6, 8, 10)))
    return local(
        day + timedelta(hours=rng.randrange(6, 24), minutes=rng.choice((0, 0, 30, 15, 45)))
    )
