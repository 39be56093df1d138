"""Which values there are: what a traveller may say, and what stands in results."""

# ruff: noqa: ARG001 - samplers share one signature

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta

from callwright.generators.pack import World
from callwright.generators.packs.geography.data import PLACES, cities
from callwright.generators.packs.travel.cities import AIRPORTS, BY_IATA, CITIES, CITY, City
from callwright.generators.packs.travel.desk import (
    FLIGHT_BOOKING,
    HOTEL,
    STAY,
    TRAVELLER,
    pack,
    today,
)
from callwright.generators.packs.travel.desk import flight_booking as flight_booking_of
from callwright.generators.packs.travel.extras import seat_id, seats_on_offer
from callwright.generators.packs.travel.houses import HOTELS
from callwright.generators.packs.travel.timetable import (
    DAILY,
    Flight,
    flight_at,
    flight_by_key,
    flights_on,
    route,
    service_of,
    settings,
)
from callwright.generators.packs.travel.trips import offer_id
from callwright.schemas.toolbox import Json

Context = Mapping[str, Json]
CONFIRMED = "status = 'confirmed'"
NEAR, FAR = 2, 46
"""Days from today within which people usually plan."""
_CITY_OF = {name: city for city, hotels in HOTELS.items() for name, _, _ in hotels}
PLACES["hotel.name"] = lambda name: _CITY_OF.get(str(name))


def _any(world: World, rng: random.Random, table: str, column: str, where: str = "1") -> Json:
    db = world.db("travel")
    count = db.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]  # noqa: S608
    found = db.execute(
        f"SELECT {column} FROM {table} WHERE {where} LIMIT 1 OFFSET ?",  # noqa: S608
        (int(rng.random() * count),),
    ).fetchone()
    return found[0]


def _day(world: World, rng: random.Random) -> str:
    day = today(world) + timedelta(days=NEAR + int(rng.random() * (FAR - NEAR)))
    return day.isoformat()


@pack.kind("traveller.name")
def traveller_name(world: World, rng: random.Random, context: Context) -> Json:
    return _any(world, rng, "travellers", "name")


@pack.kind("traveller.email")
def traveller_email(world: World, rng: random.Random, context: Context) -> Json:
    return _any(world, rng, "travellers", "email")


@pack.kind("traveller.id", said=False)
def traveller_id(world: World, rng: random.Random, context: Context) -> Json:
    return f"{TRAVELLER}{_any(world, rng, 'travellers', 'no')}"


def _bound_for(world: World, context: Context) -> City | None:
    """The city that the row's flight goes to."""
    if isinstance(code := context.get("airport.destination"), str):
        return BY_IATA.get(code)
    if isinstance(code := context.get("booking.flight"), str):
        return flight_booking_of(world.db("travel"), code)[1].destination
    if isinstance(name := context.get("city.flown"), str):
        return CITY.get(name)
    return None


def _city(rng: random.Random, *taken: Json) -> str:
    """A city other than the ones already spoken of."""
    while True:
        city = CITIES[int(rng.random() * len(CITIES))]
        if city.name not in taken and city.iata not in taken:
            return city.name


@pack.kind("city.served")
def served_city(world: World, rng: random.Random, context: Context) -> Json:
    """Where the row's flight goes, if it has one."""
    bound_for = _bound_for(world, context)
    if bound_for is not None and "city.served" not in context:
        return bound_for.name
    return _city(rng, context.get("city.served"), context.get("city.flown"))


@pack.kind("city.flown")
def flown_city(world: World, rng: random.Random, context: Context) -> Json:
    """Where the row's hotel is, if it has one. Kyoto's airport is Osaka's: better not Kyoto."""
    hotel = _CITY_OF.get(str(context.get("hotel.name")))
    here = hotel or context.get("city.served")
    if here is not None and "city.flown" not in context:
        return here
    taken = [context.get(k) for k in ("city.flown", "airport.origin", "airport.destination")]
    return _city(rng, "Kyoto", *taken)


def _airport(rng: random.Random, *taken: Json) -> str:
    while True:
        city = AIRPORTS[int(rng.random() * len(AIRPORTS))]
        if city.iata not in taken and city.name not in taken:
            return city.iata


def _stayed_at(world: World, context: Context) -> Json:
    """The airport of the hotel that the row is about."""
    if isinstance(name := context.get("hotel.name"), str):
        return CITY[_CITY_OF[name]].iata
    if isinstance(code := context.get("booking.stay"), str):
        found = (
            world.db("travel")
            .execute(
                "SELECT h.city FROM stays s JOIN hotels h ON h.no = s.hotel WHERE s.no = ?",
                (int(code.removeprefix(STAY)),),
            )
            .fetchone()
        )
        return CITY[found[0]].iata if found else None
    return None


@pack.kind("airport.origin")
def origin(world: World, rng: random.Random, context: Context) -> Json:
    return _airport(
        rng,
        context.get("airport.destination"),
        context.get("city.served"),
        context.get("city.flown"),
        _stayed_at(world, context),
    )


@pack.kind("airport.destination")
def destination(world: World, rng: random.Random, context: Context) -> Json:
    """Where the row's hotel is, if it has one."""
    city = CITY.get(str(context.get("city.served")))
    here = city.iata if city else _stayed_at(world, context)
    if here is not None and here != context.get("airport.origin"):
        return here
    return _airport(rng, context.get("airport.origin"), context.get("city.flown"))


@pack.kind("country.visited", said=False)
def visited_country(world: World, rng: random.Random, context: Context) -> Json:
    return cities()[rng.choice(CITIES).name].country


@pack.kind("flight.number")
def flight_number(world: World, rng: random.Random, context: Context) -> Json:
    salt, _ = settings(world.db("travel"))
    start, end = rng.sample(AIRPORTS, 2)
    service = service_of(route(start, end) + int(rng.random() * DAILY), salt)
    assert service is not None
    return service.number


@pack.kind("date.flight")
def flight_day(world: World, rng: random.Random, context: Context) -> Json:
    """Every route is flown daily, and so is every flight whose number is sampled here."""
    return _day(world, rng)


TRAVELLERS = {"traveller.no": "no", "traveller.name": "name", "traveller.email": "email"}


def _trip(world: World, context: Context) -> Flight | None:
    """The flight that the row's booking is for; else its traveller's next one."""
    db = world.db("travel")
    if isinstance(code := context.get("booking.flight"), str):
        return flight_booking_of(db, code)[1]
    if isinstance(code := context.get("traveller.id"), str):
        context = {"traveller.no": int(code.removeprefix(TRAVELLER))}
    for kind, column in TRAVELLERS.items():
        if kind in context:
            whose = f"SELECT no FROM travellers WHERE {column} = ?"  # noqa: S608
            query = "SELECT flight FROM flight_bookings WHERE status = 'confirmed' AND traveller ="
            found = db.execute(f"{query} ({whose})", (context[kind],)).fetchall()
            flights = [f for (key,) in found if (f := flight_at(db, key)) is not None]
            return min(flights, key=lambda f: f.departs, default=None)
    return None


@pack.kind("date.travel")
def travel_day(world: World, rng: random.Random, context: Context) -> Json:
    """For a booking or a traveller with one, a few days before or after the flight."""
    trip = _trip(world, context)
    if trip is not None and trip.departs > world.now:
        day = trip.day + timedelta(days=rng.choice((-2, -1, 1, 2)))
        return max(day, today(world) + timedelta(days=NEAR)).isoformat()
    return _day(world, rng)


@pack.kind("date.staying")
def first_night(world: World, rng: random.Random, context: Context) -> Json:
    """The day on which the row's flight arrives, if it has one."""
    trip = _trip(world, context)
    if trip is not None and trip.arrives.date() > today(world):
        return trip.arrives.date().isoformat()
    return _day(world, rng)


@pack.kind("date.checkin", said=False)
def check_in(world: World, rng: random.Random, context: Context) -> Json:
    return _day(world, rng)


@pack.kind("date.checkout", said=False)
def check_out(world: World, rng: random.Random, context: Context) -> Json:
    return _day(world, rng)


@pack.kind("date.arrival", said=False)
def arrival_day(world: World, rng: random.Random, context: Context) -> Json:
    return _day(world, rng)


@pack.kind("date.cancel_by", said=False)
def deadline(world: World, rng: random.Random, context: Context) -> Json:
    return _day(world, rng)


@pack.kind("date.expiry", said=False)
def expiry(world: World, rng: random.Random, context: Context) -> Json:
    return (today(world) + timedelta(days=30 + int(rng.random() * 300))).isoformat()


@pack.kind("datetime.departure", said=False)
def departure_time(world: World, rng: random.Random, context: Context) -> Json:
    return f"{_day(world, rng)}T{6 + int(rng.random() * 16):02d}:{int(rng.random() * 12) * 5:02d}"


@pack.kind("datetime.arrival", said=False)
def arrival_time(world: World, rng: random.Random, context: Context) -> Json:
    return f"{_day(world, rng)}T{int(rng.random() * 24):02d}:{int(rng.random() * 60):02d}"


def _flight(world: World, rng: random.Random) -> Flight:
    db = world.db("travel")
    while True:
        start, end = rng.sample(AIRPORTS, 2)
        day = today(world) + timedelta(days=NEAR + int(rng.random() * (FAR - NEAR)))
        flight = flight_by_key(db, route(start, end) + int(rng.random() * DAILY), day)
        if flight is not None and flight.seats_left:
            return flight


@pack.kind("flight.id", said=False)
def flight_id(world: World, rng: random.Random, context: Context) -> Json:
    return _flight(world, rng).id


@pack.kind("flight.booked", said=False)
def booked_flight(world: World, rng: random.Random, context: Context) -> Json:
    return flight_id(world, rng, context)


def _booked(world: World, rng: random.Random) -> tuple[int, Flight]:
    """A confirmed booking and its flight."""
    number = _any(world, rng, "flight_bookings", "no", CONFIRMED)
    db = world.db("travel")
    key = db.execute("SELECT flight FROM flight_bookings WHERE no = ?", (number,)).fetchone()[0]
    flight = flight_at(db, key)
    assert flight is not None, number
    return number, flight


@pack.kind("booking.flight")
def flight_booking(world: World, rng: random.Random, context: Context) -> Json:
    return f"{FLIGHT_BOOKING}{_any(world, rng, 'flight_bookings', 'no', CONFIRMED)}"


@pack.kind("booking.new", said=False)
def new_booking(world: World, rng: random.Random, context: Context) -> Json:
    return flight_booking(world, rng, context)


@pack.kind("booking.stay")
def stay_booking(world: World, rng: random.Random, context: Context) -> Json:
    return f"{STAY}{_any(world, rng, 'stays', 'no', CONFIRMED)}"


@pack.kind("change.offer", said=False)
def change_offer(world: World, rng: random.Random, context: Context) -> Json:
    while True:
        number, flight = _booked(world, rng)
        day = today(world) + timedelta(days=NEAR + int(rng.random() * (FAR - NEAR)))
        others = flights_on(world.db("travel"), flight.origin, flight.destination, day)
        if others:
            return offer_id(number, rng.choice(others))


@pack.kind("seat.offer", said=False)
def seat_offer(world: World, rng: random.Random, context: Context) -> Json:
    number, flight = _booked(world, rng)
    return seat_id(number, *rng.choice(seats_on_offer(world, flight)))


@pack.kind("bag.count")
def bags(world: World, rng: random.Random, context: Context) -> Json:
    return 2 + int(rng.random() * 2)


@pack.kind("hotel.id", said=False)
def hotel_id(world: World, rng: random.Random, context: Context) -> Json:
    return f"{HOTEL}{_any(world, rng, 'hotels', 'no')}"


@pack.kind("hotel.stayed", said=False)
def hotel_stayed(world: World, rng: random.Random, context: Context) -> Json:
    return hotel_id(world, rng, context)


@pack.kind("hotel.name")
def hotel_name(world: World, rng: random.Random, context: Context) -> Json:
    """Where the row's flight goes, or among the hotels of the city it is about."""
    bound_for = _bound_for(world, context)
    city = bound_for.name if bound_for else context.get("city.served")
    if isinstance(city, str) and "hotel.name" not in context:
        return _any(world, rng, "hotels", "name", f"city = '{city}'")
    return _any(world, rng, "hotels", "name")


@pack.kind("stay.nights")
def nights(world: World, rng: random.Random, context: Context) -> Json:
    return 2 + int(rng.random() * 6)


@pack.kind("stay.more_nights")
def more_nights(world: World, rng: random.Random, context: Context) -> Json:
    return 2 + int(rng.random() * 3)


@pack.kind("hotel.rating")
def lowest_rating(world: World, rng: random.Random, context: Context) -> Json:
    """A limit that some of a city's hotels keep and others do not."""
    return (7.5, 8, 8.5, 9)[int(rng.random() * 4)]
