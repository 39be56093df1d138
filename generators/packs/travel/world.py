"""The first state of a travel desk: who travels, what flies, which hotels there are."""

from __future__ import annotations

import random
import sqlite3
from datetime import date, datetime, timedelta

from callwright.generators.packs.travel import people
from callwright.generators.packs.travel.cities import (
    AIRPORTS,
    CITY,
    PRICE_LEVEL,
    City,
    money,
)
from callwright.generators.packs.travel.houses import HOTELS
from callwright.generators.packs.travel.timetable import (
    DAILY,
    PAST_DAYS,
    fare_on,
    key_of,
    mix,
    route,
    service_of,
    times,
)

SCHEMA = """
PRAGMA foreign_keys = ON;
CREATE TABLE settings (one INTEGER PRIMARY KEY CHECK (one = 1), salt INTEGER, first_day TEXT);
CREATE TABLE travellers (no INTEGER PRIMARY KEY, name TEXT, folded TEXT, email TEXT, home TEXT,
    tier TEXT, points INTEGER, joined_on TEXT, passport_until TEXT);
CREATE TABLE hotels (no INTEGER PRIMARY KEY, city TEXT, name TEXT, folded TEXT, district TEXT,
    stars INTEGER, rating REAL, rate REAL, centre_km REAL, rooms INTEGER, latitude REAL,
    longitude REAL);
CREATE TABLE flight_bookings (no INTEGER PRIMARY KEY, traveller INTEGER REFERENCES travellers,
    flight INTEGER, status TEXT, seat TEXT, bags INTEGER, total REAL, booked_on TEXT);
CREATE TABLE stays (no INTEGER PRIMARY KEY, traveller INTEGER REFERENCES travellers,
    hotel INTEGER REFERENCES hotels, check_in TEXT, nights INTEGER, status TEXT, total REAL,
    booked_on TEXT);
"""
TRAVELLERS = 40
FlightBooking = tuple[int, int, int, str, str | None, int, float, str]
Stay = tuple[int, int, int, str, int, str, float, str]
Hotel = tuple[int, str, str, str, str, int, float, float, float, int, float, float]


def seed_database(rng: random.Random, now: datetime) -> sqlite3.Connection:
    """A desk of its own for each `rng`: everything in it is set by `rng` and `now`."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.executescript(SCHEMA)
    salt = rng.getrandbits(31)
    first_day = now.date() - timedelta(days=PAST_DAYS)
    hotels = _hotels(rng)
    persons = people.travellers(rng, TRAVELLERS)
    numbers = rng.sample(range(1000, 9999), TRAVELLERS)
    tiers = rng.choices(("basic", "silver", "gold", "platinum"), (40, 30, 20, 10), k=TRAVELLERS)
    trips = _Trips(rng, now, salt, hotels)
    for number, (_, _, home) in zip(numbers, persons, strict=True):
        trips.plan(number, CITY[home])
    db.execute("BEGIN")
    db.execute("INSERT INTO settings VALUES (1, ?, ?)", (salt, first_day.isoformat()))
    db.executemany(
        "INSERT INTO travellers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (number, name, people.fold(name), email, home, tier, *_account(rng, tier, now.date()))
            for number, (name, email, home), tier in zip(numbers, persons, tiers, strict=True)
        ],
    )
    db.executemany("INSERT INTO hotels VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", hotels)
    db.executemany("INSERT INTO flight_bookings VALUES (?, ?, ?, ?, ?, ?, ?, ?)", trips.flights)
    db.executemany("INSERT INTO stays VALUES (?, ?, ?, ?, ?, ?, ?, ?)", trips.stays)
    db.execute("COMMIT")
    return db


TIER_POINTS = {"basic": 0, "silver": 15_000, "gold": 40_000, "platinum": 90_000}
"""From how many points on a traveller has a tier."""


def _account(rng: random.Random, tier: str, today: date) -> tuple[int, str, str]:
    """(points, member since, passport valid until)."""
    floor = TIER_POINTS[tier]
    points = floor + int(rng.random() * (14_000 if tier == "basic" else floor * 0.9)) + 240
    joined = today - timedelta(days=60 + int(rng.random() * 3000))
    until = today + timedelta(days=90 + int(rng.random() * 2900))
    return points, joined.isoformat(), until.isoformat()


# --------------------------------------------------------------------- hotels


def _hotels(rng: random.Random) -> list[Hotel]:
    """Within one city no two hotels share rate, rating or distance from the centre."""
    out: list[Hotel] = []
    total = sum(map(len, HOTELS.values()))
    numbers = iter(rng.sample(range(100, 1000), total))
    for city_name, known in HOTELS.items():
        city = CITY[city_name]
        level = PRICE_LEVEL[city.currency]
        ratings = rng.sample(range(71, 98), len(known))
        kms = rng.sample(range(3, 68), len(known))
        rates: set[float] = set()
        for (name, district, stars), rating, km in zip(known, ratings, kms, strict=True):
            rate = 0.0
            while not rate or rate in rates:
                rate = _rate(rng, stars, level, city.currency)
            rates.add(rate)
            out.append(
                (
                    next(numbers),
                    city_name,
                    name,
                    people.fold(name),
                    district,
                    stars,
                    rating / 10,
                    rate,
                    km / 10,
                    40 + int(rng.random() * 160),
                    round(city.latitude + (rng.random() - 0.5) * km / 600, 4),
                    round(city.longitude + (rng.random() - 0.5) * km / 600, 4),
                )
            )
    return out


def _rate(rng: random.Random, stars: int, level: float, currency: str) -> float:
    euros = {3: 78, 4: 134, 5: 262}[stars] * (0.78 + rng.random() * 0.6)
    if currency == "JPY":
        return float(round(euros * level / 100) * 100)
    return money(round(euros * level) + (0.5 if rng.random() < 0.3 else 0.0), currency)


def nightly(rate: float, night: date, hotel: int, currency: str, salt: int) -> float:
    """The price of one night: dearer before Saturdays and Sundays, and a little up and down."""
    factor = 1.0 + (mix(salt, hotel, night.toordinal()) % 9 - 4) / 100
    if night.weekday() in (4, 5):
        factor += 0.15
    return money(rate * factor, currency)


def price_of(rate: float, first: date, nights: int, hotel: int, currency: str, salt: int) -> float:
    days = (first + timedelta(days=i) for i in range(nights))
    return money(sum(nightly(rate, day, hotel, currency, salt) for day in days), currency)


# ---------------------------------------------------------------------- trips


class _Trips:
    """Gives each traveller a trip to come, there and back, and a second one, older or later."""

    def __init__(
        self,
        rng: random.Random,
        now: datetime,
        salt: int,
        hotels: list[Hotel],
    ) -> None:
        self.rng, self.salt = rng, salt
        self.today = now.date()
        self.first_day = self.today - timedelta(days=PAST_DAYS)
        self.hotels: dict[str, list[Hotel]] = {}
        for hotel in hotels:
            self.hotels.setdefault(hotel[1], []).append(hotel)
        self.flight_no = rng.randrange(20_000, 60_000)
        self.stay_no = rng.randrange(3000, 7000)
        self.flights: list[FlightBooking] = []
        self.stays: list[Stay] = []

    def plan(self, traveller: int, home: City) -> None:
        chance = self.rng.random
        away = self._other(home)
        leaves = self.today + timedelta(days=3 + int(chance() * 24))
        nights = 2 + int(chance() * 6)
        landed = self._fly(traveller, home, away, leaves, "confirmed")
        town = "Kyoto" if away.name == "Osaka" and chance() < 0.5 else away.name
        self._stay(traveller, town, landed, nights, "confirmed")
        back = self._fly(traveller, away, home, landed + timedelta(days=nights), "confirmed")
        if chance() < 0.4:
            later = back + timedelta(days=3 + int(chance() * 12))
            city = self._other(home, away).name
            self._stay(traveller, city, later, 2 + int(chance() * 4), "confirmed")
        else:
            past = self.today - timedelta(days=12 + int(chance() * 70))
            elsewhere = self._other(home, away)
            landed = self._fly(traveller, home, elsewhere, past, "completed")
            self._stay(traveller, elsewhere.name, landed, 2 + int(chance() * 4), "completed")
        if chance() < 0.25:
            later = self.today + timedelta(days=40 + int(chance() * 25))
            self._fly(traveller, home, self._other(home, away), later, "cancelled")

    def _other(self, *cities: City) -> City:
        while True:
            city = AIRPORTS[int(self.rng.random() * len(AIRPORTS))]
            if city not in cities:
                return city

    def _fly(self, traveller: int, start: City, end: City, day: date, status: str) -> date:
        """Book one flight; the day it lands."""
        number = route(start, end) + int(self.rng.random() * DAILY)
        service = service_of(number, self.salt)
        assert service is not None, number
        self.flight_no += 1 + int(self.rng.random() * 37)
        seat = self._seat() if status == "completed" or self.rng.random() < 0.35 else None
        key = key_of(number, day, self.first_day)
        self.flights.append(
            (
                self.flight_no,
                traveller,
                key,
                status,
                seat,
                int(self.rng.random() * 2),
                fare_on(service, day, self.salt),
                self._booked(day),
            )
        )
        return times(service, day)[1].date()

    def _stay(self, traveller: int, city: str, day: date, nights: int, status: str) -> None:
        hotels = self.hotels[city]
        hotel = hotels[int(self.rng.random() * len(hotels))]
        currency = CITY[city].currency
        total = price_of(hotel[7], day, nights, hotel[0], currency, self.salt)
        self.stay_no += 1 + int(self.rng.random() * 17)
        self.stays.append(
            (
                self.stay_no,
                traveller,
                hotel[0],
                day.isoformat(),
                nights,
                status,
                total,
                self._booked(day),
            )
        )

    def _seat(self) -> str:
        return f"{5 + int(self.rng.random() * 25)}{'ABCDEF'[int(self.rng.random() * 6)]}"

    def _booked(self, day: date) -> str:
        before = min(day, self.today) - timedelta(days=2 + int(self.rng.random() * 40))
        return before.isoformat()
