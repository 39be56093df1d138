"""The gazetteer behind the geography pack: four small tables, read once.

`cities.csv`: 261 cities; coordinates rounded from GeoNames (CC BY 4.0). `airports.csv`: 338
passenger airports; codes and positions from airportsdata (MIT), names as travellers say them.
`countries.csv`: currencies and languages from CLDR, calling codes from phonenumbers.
`timezones.csv`: what CLDR calls each zone. Tests hold the tables against those libraries.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from callwright.generators.nearest import nearest
from callwright.schemas.errors import ToolError
from callwright.schemas.toolbox import Json


class City(NamedTuple):
    name: str
    country: str
    latitude: float
    longitude: float
    timezone: str
    airport: str
    """IATA code of the airport most travellers to the city use."""


class Airport(NamedTuple):
    iata: str
    name: str
    city: str
    """The city it serves; always one of `cities()`."""
    country: str
    latitude: float
    longitude: float
    elevation_m: int
    timezone: str


class Country(NamedTuple):
    code: str
    name: str
    capital: str
    """Empty where there is no undisputed one."""
    currency: str
    currency_name: str
    calling_code: str
    languages: tuple[str, ...]


def _rows(name: str) -> list[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def cities() -> Mapping[str, City]:
    """By name."""
    return {
        r["name"]: City(
            r["name"],
            r["country"],
            float(r["latitude"]),
            float(r["longitude"]),
            r["timezone"],
            r["airport"],
        )
        for r in _rows("cities.csv")
    }


@lru_cache(maxsize=1)
def airports() -> Mapping[str, Airport]:
    """By IATA code."""
    return {
        r["iata"]: Airport(
            r["iata"],
            r["name"],
            r["city"],
            r["country"],
            float(r["latitude"]),
            float(r["longitude"]),
            int(r["elevation_m"]),
            r["timezone"],
        )
        for r in _rows("airports.csv")
    }


@lru_cache(maxsize=1)
def countries() -> Mapping[str, Country]:
    """By ISO 3166 alpha-2 code."""
    return {
        r["code"]: Country(
            r["code"],
            r["name"],
            r["capital"],
            r["currency"],
            r["currency_name"],
            r["calling_code"],
            tuple(filter(None, r["languages"].split(";"))),
        )
        for r in _rows("countries.csv")
    }


@lru_cache(maxsize=1)
def zone_names() -> Mapping[str, str]:
    """IANA zone -> what people call its time."""
    return {r["zone"]: r["name"] for r in _rows("timezones.csv")}


@lru_cache(maxsize=1)
def _by_casefold() -> Mapping[str, str]:
    return {name.casefold(): name for name in cities()}


def find_city(name: str) -> City:
    """The city of that name, in any capitals.

    Raises:
        ToolError: not_found.
    """
    known = _by_casefold().get(" ".join(name.split()).casefold())
    if known is None:
        near = nearest(name, cities())
        raise ToolError("not_found", f"No city named {name} in the gazetteer.", near)
    return cities()[known]


def find_airport(iata: str) -> Airport:
    """The airport with that IATA code.

    Raises:
        ToolError: not_found.
    """
    airport = airports().get(iata.upper())
    if airport is None:
        raise ToolError("not_found", f"No passenger airport with the IATA code {iata}.")
    return airport


def find_country(code: str) -> Country:
    """The country with that ISO code.

    Raises:
        ToolError: not_found.
    """
    country = countries().get(code.upper())
    if country is None:
        raise ToolError("not_found", f"No country {code} on file; give an ISO 3166-1 alpha-2 code.")
    return country


PLACES: dict[str, Callable[[Json], str | None]] = dict.fromkeys(
    ("city.name", "city.one", "city.served", "city.flown"), str
)
"""Kinds of values that stand for a city, and which one; other packs add theirs."""
_PORTS = ("airport.destination", "airport.iata", "airport.visited", "airport.origin")


def country_in(context: Mapping[str, Json]) -> str | None:
    """The country a row is about: one that is named, else that of a place.

    Args:
        context: the values chosen so far.
    """
    for kind in ("country.code", "country.nation", "country.taxed"):
        if isinstance(country := context.get(kind), str):
            return country
    for kind, city_of in PLACES.items():
        if kind in context and (city := cities().get(city_of(context[kind]) or "")) is not None:
            return city.country
    for kind in _PORTS:
        if (airport := airports().get(str(context.get(kind)))) is not None:
            return airport.country
    return None
