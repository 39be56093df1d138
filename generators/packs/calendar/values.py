"""Where values of the pack's kinds come from: days near the row's own clock."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from random import Random

from callwright.generators.pack import World
from callwright.generators.packs.calendar.almanac import almanac
from callwright.generators.packs.calendar.base import WEEKDAYS, pack
from callwright.generators.packs.calendar.holidays import FESTIVALS, date_in
from callwright.generators.packs.geography.data import country_in
from callwright.generators.packs.geography.values import FESTIVAL_HOMES
from callwright.schemas.toolbox import Json

Context = Mapping[str, Json]


def _day(world: World, rng: Random, low: int, high: int) -> str:
    return (world.now.date() + datetime.timedelta(days=rng.randint(low, high))).isoformat()


@pack.kind("date.day")
def date_day(world: World, rng: Random, context: Context) -> str:
    """To come; the second one of a row is later than the first."""
    first = context.get("date.day")
    if isinstance(first, str):
        earlier = datetime.date.fromisoformat(first)
        return (earlier + datetime.timedelta(days=rng.randint(3, 150))).isoformat()
    return _day(world, rng, 12, 240)


@pack.kind("date.count_from")
def date_count_from(world: World, rng: Random, _context: Context) -> str:
    """The day people count from: today as a rule."""
    return _day(world, rng, 0, 0) if rng.random() < 0.92 else _day(world, rng, 1, 10)


@pack.kind("date.month")
def date_month(world: World, rng: Random, context: Context) -> str:
    """A month to come; where the country is known, one in which it has holidays."""
    now = world.now.date()
    months = [
        f"{year}-{month:02}"
        for year in (now.year, now.year + 1)
        for month in range(1, 13)
        if (year, month) >= (now.year, now.month)
    ]
    if "weekday.name" in context:  # a day in it is still to come, and soon enough to be planned
        return rng.choice(months[1:8])
    country = country_in(context)
    if country is None:
        return rng.choice(months)
    some, several = _months_with_holidays(country, now.year)
    wanted = several if rng.random() < 0.7 else some
    return rng.choice([m for m in months if m in wanted] or months)


@lru_cache(maxsize=512)
def _months_with_holidays(country: str, year: int) -> tuple[frozenset[str], frozenset[str]]:
    """Months of this year and the next with a public holiday, and with more than one."""
    days = [*almanac(country).year(year), *almanac(country).year(year + 1)]
    counts = Counter(f"{day:%Y-%m}" for day in days)
    return frozenset(counts), frozenset(m for m, n in counts.items() if n > 1)


@pack.kind("date.year")
def date_year(world: World, rng: Random, context: Context) -> int:
    """Soon; not this year where the festival asked about is over."""
    year = world.now.year
    festival = context.get("festival.name")
    over = festival in FESTIVALS and date_in(festival, year) <= world.now.date()
    return year + rng.choices((0, 1, 2, 3, 4, 5), (0 if over else 6, 6, 4, 2, 1, 1))[0]


@pack.kind("date.birth")
def date_birth(_world: World, rng: Random, _context: Context) -> str:
    return (datetime.date(1945, 1, 1) + datetime.timedelta(days=rng.randrange(27_700))).isoformat()


@pack.kind("date.past")
def date_past(_world: World, rng: Random, _context: Context) -> str:
    return (datetime.date(1968, 1, 1) + datetime.timedelta(days=rng.randrange(20_800))).isoformat()


@pack.kind("time.local")
def time_local(_world: World, rng: Random, _context: Context) -> str:
    return f"{rng.randint(7, 21):02}:{rng.choice((0, 0, 0, 15, 30, 30, 45)):02}"


@pack.kind("count.working_days")
def count_working_days(_world: World, rng: Random, _context: Context) -> int:
    return rng.choices(
        (2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 15, 20), (3, 6, 3, 6, 2, 2, 2, 5, 2, 1, 2, 1)
    )[0]


@pack.kind("count.span")
def count_span(_world: World, rng: Random, _context: Context) -> int:
    return rng.choice((2, 2, 3, 3, 4, 5, 6, 6, 8, 10, 12))


@pack.kind("calendar.unit")
def calendar_unit(_world: World, rng: Random, _context: Context) -> str:
    return rng.choice(("days", "weeks", "months"))


@pack.kind("calendar.short_unit")
def calendar_short_unit(_world: World, rng: Random, _context: Context) -> str:
    return rng.choice(("days", "weeks"))


@pack.kind("weekday.name")
def weekday_name(_world: World, rng: Random, _context: Context) -> str:
    return rng.choice(WEEKDAYS)


@pack.kind("calendar.which")
def calendar_which(_world: World, rng: Random, _context: Context) -> str:
    return rng.choices(("first", "second", "third", "fourth", "last"), (5, 3, 2, 1, 4))[0]


@pack.kind("festival.name")
def festival_name(_world: World, rng: Random, context: Context) -> str:
    """One that is kept where the row is about."""
    here = country_in(context)
    kept = [f for f in FESTIVALS if here is None or here in FESTIVAL_HOMES.get(f, {here})]
    return rng.choice(kept)


# Days that only results give: others of their kind, for swapping.


@pack.kind("date.holiday", said=False)
def date_holiday(world: World, rng: Random, context: Context) -> str:
    days = almanac(country_in(context) or "FR").year(world.now.year)
    return rng.choice(days).isoformat()


@pack.kind("date.workday", said=False)
def date_workday(world: World, rng: Random, _context: Context) -> str:
    return _day(world, rng, 2, 200)


@pack.kind("date.today", said=False)
def date_today(world: World, rng: Random, _context: Context) -> str:
    return _day(world, rng, -200, 0)
