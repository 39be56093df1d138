"""The worlds of a build: how many there are, and what time it is in each."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from functools import cache

WORLDS = 16
"""Distinct worlds of a build. Each costs about 20 ms to make, once per process."""

_FIRST_DAY = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
"""After the date of every rate table, so that no row quotes a figure from its future."""


@cache
def clock(variant: int) -> datetime:
    """What time it is in world `variant`: spread over four months, on a quarter of an hour."""
    chance = random.Random(f"clock {variant}")
    return _FIRST_DAY + timedelta(days=chance.randrange(120), minutes=15 * chance.randrange(4 * 12))


def local(moment: datetime) -> str:
    """A date with a time of day as the worlds write it, such as `2026-11-12T09:30`."""
    return moment.strftime("%Y-%m-%dT%H:%M")
