"""Which flights there are on a day, and at what fare.

A service is a flight that runs on certain weekdays; one departure of it is a *flight*. No tool
changes the timetable, so it is not stored: it follows from the world's salt, which is, and from
the day. Only bookings are rows.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from callwright.generators.packs.travel.cities import (
    AIRPORTS,
    NUMBER,
    PRICE_LEVEL,
    City,
    distance_km,
    money,
)
from callwright.schemas.errors import ToolError

BOOKABLE_DAYS = 330
"""How far ahead flights and rooms are sold."""
PAST_DAYS = 100
_DAYS = 512
_ROUTE = 8
"""Places for services on one route: a service's number is route * 8 + its place."""
DAILY = 2
"""The first services of each route run every day."""
_NUMBERS = 8999  # prime, and more than there are services: each has a flight number of its own
_STEP = 1009
_STEP_BACK = pow(_STEP, -1, _NUMBERS)

AIRLINES = {
    "NW": "Northwind Airways",
    "AZ": "Azurea Airlines",
    "MR": "Meridian Air",
    "HL": "Halcyon Airlines",
    "KT": "Kestrel Air",
    "PL": "Palisade Airways",
    "SB": "Silverbird",
    "OR": "Orient Star Airlines",
    "VT": "Vantara Air",
    "CB": "Cobalt Airways",
}
AIRLINE_CODES = list(AIRLINES)
SHORT_HAUL = ("Airbus A320neo", "Airbus A321neo", "Boeing 737-800", "Embraer E195-E2")
LONG_HAUL = ("Airbus A350-900", "Boeing 787-9", "Boeing 777-300ER", "Airbus A330-900")
LONG_HAUL_KM = 4500

# ------------------------------------------------------------------------ ids

_SIZE = 36**8
_FACTOR = 1_099_511_627_689
_BACK = pow(_FACTOR, -1, _SIZE)
_SHIFT = 771_958_440_203
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def seal(prefix: str, number: int) -> str:
    """An id that says nothing to the eye: `fl_3k90x2ab`."""
    number = (number * _FACTOR + _SHIFT) % _SIZE
    out = ""
    for _ in range(8):
        number, digit = divmod(number, 36)
        out += _DIGITS[digit]
    return f"{prefix}_{out}"


def unseal(prefix: str, code: str) -> int:
    """The number in an id that `seal` made; -1 for any other text."""
    head, _, tail = code.partition("_")
    if head != prefix or len(tail) != 8 or not set(tail) <= set(_DIGITS):
        return -1
    return (int(tail[::-1], 36) - _SHIFT) * _BACK % _SIZE


def mix(*parts: int) -> int:
    """A 32-bit hash of small numbers, the same everywhere and always."""
    h = 2166136261
    for part in parts:
        h = ((h ^ (part & 0xFFFFFFFF)) * 2654435761) & 0xFFFFFFFF
        h ^= h >> 15
    return h


# ------------------------------------------------------------------- services


@dataclass(frozen=True, slots=True)
class Service:
    """A flight as the timetable has it."""

    service: int
    airline: str
    """Two-letter code."""
    number: str
    departs: int
    """Minutes after midnight at the origin."""
    minutes: int
    stops: int
    fare: int
    """Before what the day adds or takes off."""
    weekdays: int
    """Bit 0 = Monday."""
    aircraft: str


@cache
def _route(first: int) -> tuple[int, int, bool]:
    """(minutes of a direct flight, base fare, long haul)."""
    origin, destination = cities_of(first)
    km = distance_km(origin.name, destination.name)
    fare = round((48 + 1.9 * km**0.62) * PRICE_LEVEL[origin.currency])
    return round((38 + km / 14.2) / 5) * 5, fare, km > LONG_HAUL_KM


@lru_cache(maxsize=4096)
def service_of(number: int, salt: int) -> Service | None:
    """Service `number` in the world of `salt`, 2-4 a route.

    On one route no two leave at one time, and their minutes differ modulo 5: neither durations
    nor arrivals can tie.
    """
    first, place = number - number % _ROUTE, number % _ROUTE
    if not 0 <= first < len(AIRPORTS) ** 2 * _ROUTE or len(set(cities_of(number))) == 1:
        return None
    count = (2, 3, 3, 4)[mix(salt, first) & 3]
    if place >= count:
        return None
    direct, base, long_haul = _route(first)
    gap = 990 // count
    bits = mix(salt, number, 1)
    departs = 365 + place * gap + (bits & 31) * (gap - 70) // 31 // 5 * 5
    minutes, stops = direct + place, 0
    if long_haul and (place + (first >> 3)) % 2:
        stops = 1
        minutes += 95 + (bits >> 5 & 31) * 5
        fare = base * (74 + (bits >> 10 & 15)) // 100
    else:
        fare = base * (92 + (bits >> 10 & 31)) // 100
    code = AIRLINE_CODES[mix(first, bits >> 15 & 3) % len(AIRLINE_CODES)]
    return Service(
        service=number,
        airline=code,
        number=f"{code}{101 + (number * _STEP + salt) % _NUMBERS}",
        departs=departs,
        minutes=minutes,
        stops=stops,
        fare=fare,
        weekdays=127 if place < DAILY or bits >> 17 & 1 else bits >> 18 & 127 | 1 << place,
        aircraft=(LONG_HAUL if long_haul else SHORT_HAUL)[bits >> 25 & 3],
    )


def route(origin: City, destination: City) -> int:
    """Number of the first service from `origin` to `destination`."""
    return (NUMBER[origin.name] * len(AIRPORTS) + NUMBER[destination.name]) * _ROUTE


def cities_of(service: int) -> tuple[City, City]:
    start, end = divmod(service // _ROUTE, len(AIRPORTS))
    return AIRPORTS[start], AIRPORTS[end]


# -------------------------------------------------------------------- flights


@dataclass(frozen=True, slots=True)
class Flight:
    """One departure of a service."""

    key: int
    """Service and day in one number; `id` is this, sealed."""
    number: str
    airline: str
    aircraft: str
    origin: City
    destination: City
    day: date
    departs: datetime
    """At the origin; knows its zone."""
    arrives: datetime
    """At the destination; knows its zone."""
    minutes: int
    stops: int
    fare: float
    seats_left: int

    @property
    def id(self) -> str:
        return seal("fl", self.key)

    @property
    def currency(self) -> str:
        return self.origin.currency


def settings(db: sqlite3.Connection) -> tuple[int, date]:
    """(salt, first day that has a number) of this world."""
    salt, first = db.execute("SELECT salt, first_day FROM settings").fetchone()
    return salt, date.fromisoformat(first)


def flights_on(db: sqlite3.Connection, origin: City, destination: City, day: date) -> list[Flight]:
    """Every departure of the day with a free seat, in order of departure."""
    first = route(origin, destination)
    made = (flight_by_key(db, service, day) for service in range(first, first + _ROUTE))
    return [flight for flight in made if flight and flight.seats_left]


def flight_by_id(db: sqlite3.Connection, flight_id: str) -> Flight:
    """The flight that `flight_id` stands for.

    Raises:
        ToolError: `not_found`.
    """
    flight = flight_at(db, unseal("fl", flight_id))
    if flight is None:
        raise ToolError("not_found", f"No flight with the id {flight_id}.")
    return flight


def flight_at(db: sqlite3.Connection, key: int) -> Flight | None:
    """The flight whose key this is."""
    day = settings(db)[1] + timedelta(days=key % _DAYS)
    return flight_by_key(db, key // _DAYS, day)


def flight_by_key(db: sqlite3.Connection, number: int, day: date) -> Flight | None:
    """The departure of service `number` on `day`, if it runs then."""
    salt, first_day = settings(db)
    service = service_of(number, salt)
    if service is None or not service.weekdays >> day.weekday() & 1:
        return None
    origin, destination = cities_of(number)
    leaves, lands = times(service, day)
    key = key_of(number, day, first_day)
    free = max(0, mix(salt, number, day.toordinal(), 7) % 46 - 2)
    if free:
        taken = db.execute(
            "SELECT count(*) FROM flight_bookings WHERE flight = ? AND status = 'confirmed'", (key,)
        ).fetchone()[0]
        free = max(0, free - taken)
    return Flight(
        key=key,
        number=service.number,
        airline=AIRLINES[service.airline],
        aircraft=service.aircraft,
        origin=origin,
        destination=destination,
        day=day,
        departs=leaves,
        arrives=lands,
        minutes=service.minutes,
        stops=service.stops,
        fare=fare_on(service, day, salt),
        seats_left=free,
    )


def flight_by_number(db: sqlite3.Connection, number: str, day: date) -> Flight:
    """Flight `number` of `day`.

    Raises:
        ToolError: `not_found`.
    """
    salt, _ = settings(db)
    text = number.replace(" ", "").upper()
    digits = int(text[2:]) if text[2:].isdecimal() else 0
    known = service_of((digits - 101 - salt) * _STEP_BACK % _NUMBERS, salt)
    if known is None or known.number != text:
        raise ToolError("not_found", f"No flight with the number {number}.")
    flight = flight_by_key(db, known.service, day)
    if flight is None:
        raise ToolError("not_found", f"Flight {number} does not operate on {day}.")
    return flight


def key_of(service: int, day: date, first_day: date) -> int:
    return service * _DAYS + (day - first_day).days


@cache
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def times(service: Service, day: date) -> tuple[datetime, datetime]:
    """Local departure and arrival."""
    origin, destination = cities_of(service.service)
    hour, minute = divmod(service.departs, 60)
    leaves = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone(origin.zone))
    lands = leaves.astimezone(UTC) + timedelta(minutes=service.minutes)
    return leaves, lands.astimezone(zone(destination.zone))


def fare_on(service: Service, day: date, salt: int) -> float:
    """What the departure of `day` costs.

    Two services of one route never cost the same: each has cents of its own.
    """
    currency = cities_of(service.service)[0].currency
    h = mix(salt, service.service, day.toordinal())
    factor = 0.84 + (h % 1000) / 2200 + (0.12 if day.weekday() in (4, 6) else 0.0)
    place, little = service.service % _ROUTE, (h >> 12) % 12
    if currency == "JPY":
        return round(service.fare * factor / 200) * 200 + 20.0 * place + 10 * (little % 2)
    return money(int(service.fare * factor) + (12 * place + little + 2) / 100, currency)
