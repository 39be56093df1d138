"""Where values of the pack's kinds come from: only what the tools know."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from random import Random

from callwright.generators.pack import World
from callwright.generators.packs.geography.base import geodesic, pack
from callwright.generators.packs.geography.data import (
    Airport,
    City,
    airports,
    cities,
    countries,
    country_in,
    zone_names,
)
from callwright.schemas.toolbox import Json

SHORT_FLIGHT_KM = 1800
LONGEST_HOP_KM = 13_500


@lru_cache(maxsize=1)
def _cities() -> tuple[str, ...]:
    return tuple(cities())


@lru_cache(maxsize=1)
def _main_airports() -> tuple[str, ...]:
    """Airports a traveller names: each city's main one."""
    return tuple(dict.fromkeys(city.airport for city in cities().values()))


@lru_cache(maxsize=1)
def _countries() -> tuple[str, ...]:
    return tuple(countries())


@lru_cache(maxsize=1)
def _nations() -> tuple[str, ...]:
    """Countries whose capital and languages somebody may have to ask for."""
    return tuple(
        c.code
        for c in countries().values()
        if c.capital and c.capital != c.name and c.code not in _KNOWN_TO_ALL
    )


_KNOWN_TO_ALL = frozenset("AT CN DE ES FR GB GR IE IT JP KR MX RU US".split())

SAME_COUNTRY = 0.97
"""How often a country named beside a place is that place's."""


def _away(context: Mapping[str, Json]) -> tuple[set[str], set[str]]:
    """Countries and time zones that the row is already about: a trip leads to other ones."""
    about = {str(context[k]) for k in ("country.code", "country.nation") if k in context}
    zones: set[str] = set()
    city = cities().get(str(context.get("city.name", context.get("city.one"))))
    if city is not None:
        about.add(city.country)
        zones.add(zone_names()[city.timezone])
    for kind in ("airport.iata", "airport.visited", "airport.destination", "airport.origin"):
        airport = airports().get(str(context.get(kind)))
        if airport is not None:
            about.add(airport.country)
            zones.add(zone_names().get(airport.timezone, ""))
    return about, zones


_CHINESE = frozenset({"CN", "SG"})
FESTIVAL_HOMES = {
    "chinese_new_year": _CHINESE,
    "lantern_festival": _CHINESE,
    "qingming_festival": _CHINESE,
    "dragon_boat_festival": _CHINESE,
    "mid_autumn_festival": _CHINESE,
    "double_ninth_festival": _CHINESE,
    "winter_solstice": _CHINESE,
    "diwali_festival": frozenset({"IN"}),
    "holi_festival": frozenset({"IN"}),
    "us_thanksgiving": frozenset({"US"}),
}
"""Where a festival is kept that most of the world does not know."""


@pack.kind("city.name")
def city_name(_world: World, rng: Random, context: Mapping[str, Json]) -> str:
    if "city.name" not in context and (
        homes := FESTIVAL_HOMES.get(str(context.get("festival.name")))
    ):
        return rng.choice([name for name, city in cities().items() if city.country in homes])
    country = context.get("country.code")
    if "city.name" not in context and isinstance(country, str) and rng.random() < SAME_COUNTRY:
        return rng.choice(_cities_of(country) or _cities())
    return _elsewhere(rng, context)


@pack.kind("city.one")
def city_one(_world: World, rng: Random, context: Mapping[str, Json]) -> str:
    """A city that somebody lives in who meets somebody halfway."""
    return _elsewhere(rng, context)


def _elsewhere(rng: Random, context: Mapping[str, Json]) -> str:
    countries_about, zones = _away(context)
    picked = rng.sample(_cities(), 6)
    for name in picked:
        city = cities()[name]
        if city.country not in countries_about and zone_names()[city.timezone] not in zones:
            return name
    return next((n for n in picked if n != context.get("city.name")), picked[0])


@lru_cache(maxsize=128)
def _cities_of(country: str) -> tuple[str, ...]:
    return tuple(c.name for c in cities().values() if c.country == country)


@pack.kind("city.partner")
def city_partner(_world: World, rng: Random, context: Mapping[str, Json]) -> str:
    """A city that somebody elsewhere may want to meet halfway: within a short flight."""
    nation = countries().get(str(context.get("country.nation")))
    airport = airports().get(str(context.get("airport.visited")))
    name = (
        nation.capital
        if nation
        else airport.city
        if airport
        else context.get("city.one", context.get("city.name"))
    )
    here = cities().get(str(name))
    if here is None:
        return rng.choice(_cities())
    return rng.choice(_within_reach(here.name))


@lru_cache(maxsize=512)
def _within_reach(city: str) -> tuple[str, ...]:
    here = cities()[city]
    away = sorted(
        (geodesic(here.latitude, here.longitude, c.latitude, c.longitude)[0], c.name)
        for c in cities().values()
        if c.country != here.country
    )
    near = [name for km, name in away if km <= SHORT_FLIGHT_KM]
    return tuple(near if len(near) >= 5 else [name for _, name in away[:5]])


@pack.kind("country.code")
def country_code(_world: World, rng: Random, context: Mapping[str, Json]) -> str:
    return _country(_countries(), rng, context)


@pack.kind("city.placed", said=False)
@pack.kind("city.office", said=False)
def city_placed(_world: World, rng: Random, _context: Mapping[str, Json]) -> str:
    return rng.choice(_cities())


@pack.kind("city.midway", said=False)
def city_midway(_world: World, rng: Random, _context: Mapping[str, Json]) -> str:
    return rng.choice(_cities())


@pack.kind("country.nation")
def country_nation(_world: World, rng: Random, context: Mapping[str, Json]) -> str:
    return _country(_nations(), rng, context)


def _country(codes: tuple[str, ...], rng: Random, context: Mapping[str, Json]) -> str:
    """The country of the place that the row is about, as a rule; a second one is another."""
    here = country_in(context)
    twice = here in (context.get("country.code"), context.get("country.nation"))
    if here in codes and not (twice and "country.code" in context) and rng.random() < SAME_COUNTRY:
        return str(here)
    away, _ = _away(context)
    picked = rng.sample(codes, 4)
    return next((code for code in picked if code not in away), picked[0])


@pack.kind("airport.iata")
def airport_iata(_world: World, rng: Random, context: Mapping[str, Json]) -> str:
    return _airport(rng, context)


@pack.kind("airport.visited")
def airport_visited(_world: World, rng: Random, context: Mapping[str, Json]) -> str:
    return _airport(rng, context)


@pack.kind("airport.listed", said=False)
def airport_listed(_world: World, rng: Random, context: Mapping[str, Json]) -> str:
    return _airport(rng, context)


def _airport(rng: Random, context: Mapping[str, Json]) -> str:
    away, zones = _away(context)
    picked = [airports()[iata] for iata in rng.sample(_main_airports(), 6)]
    other = [airport for airport in picked if airport.country not in away] or picked
    far = [airport for airport in other if zone_names().get(airport.timezone) not in zones]
    ranked = far + [airport for airport in other if airport not in far]
    here = _start(context)
    if here is not None:  # a flight between the two should be one that exists
        ranked = [a for a in ranked if _km(here, a) < LONGEST_HOP_KM] or ranked
    return ranked[0].iata


def _start(context: Mapping[str, Json]) -> Airport | City | None:
    for kind in ("airport.iata", "airport.origin", "airport.destination"):
        if (airport := airports().get(str(context.get(kind)))) is not None:
            return airport
    return cities().get(str(context.get("city.name")))


def _km(here: Airport | City, there: Airport) -> float:
    return geodesic(here.latitude, here.longitude, there.latitude, there.longitude)[0]


@pack.kind("timezone.name", said=False)
def timezone_name(_world: World, rng: Random, _context: Mapping[str, Json]) -> str:
    return rng.choice(tuple(zone_names()))


@pack.kind("timezone.flight", said=False)
@pack.kind("timezone.phone", said=False)
@pack.kind("timezone.airport", said=False)
def timezone_airport(_world: World, rng: Random, _context: Mapping[str, Json]) -> str:
    return rng.choice(tuple(zone_names()))


@pack.kind("geo.latitude", said=False)
def geo_latitude(_world: World, rng: Random, _context: Mapping[str, Json]) -> float:
    return cities()[rng.choice(_cities())].latitude


@pack.kind("geo.longitude", said=False)
def geo_longitude(_world: World, rng: Random, _context: Mapping[str, Json]) -> float:
    return cities()[rng.choice(_cities())].longitude


@pack.kind("geo.midpoint_latitude", said=False)
def midpoint_latitude(_world: World, rng: Random, _context: Mapping[str, Json]) -> float:
    return round(rng.uniform(-40, 65), 2)


@pack.kind("geo.midpoint_longitude", said=False)
def midpoint_longitude(_world: World, rng: Random, _context: Mapping[str, Json]) -> float:
    return round(rng.uniform(-120, 150), 2)


@pack.kind("distance.radius_km")
def radius_km(_world: World, rng: Random, _context: Mapping[str, Json]) -> int:
    return rng.choice((50, 60, 70, 75, 80, 90, 100, 110, 120, 125, 140, 150, 160, 175, 180, 200))
