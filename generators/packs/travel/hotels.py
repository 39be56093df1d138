"""Looking hotels up: tools that change nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from typing_extensions import TypedDict

from callwright.generators.nearest import nearest
from callwright.generators.pack import Kind, World
from callwright.generators.packs.travel.cities import CITY
from callwright.generators.packs.travel.desk import HOTEL, bookable_day, hotel, pack
from callwright.generators.packs.travel.people import fold
from callwright.generators.packs.travel.timetable import mix, settings
from callwright.generators.packs.travel.world import price_of
from callwright.schemas.errors import ToolError

MOST_NIGHTS = 30
CHECK_IN = {3: "14:00", 4: "15:00", 5: "15:00"}
CHECK_OUT = {3: "10:00", 4: "11:00", 5: "12:00"}


class HotelItem(TypedDict):
    hotel_id: Annotated[str, Kind("hotel.id")]
    name: Annotated[str, Kind("hotel.name")]
    district: Annotated[str, Kind("city.district")]
    stars: Annotated[int, Kind("hotel.stars")]
    guest_rating: Annotated[float, Kind("hotel.rating")]
    centre_km: Annotated[float, Kind("distance.local_km")]
    nightly_rate: Annotated[float, Kind("money.rate")]
    currency: Annotated[str, Kind("currency.code")]


class HotelList(TypedDict):
    city: Annotated[str, Kind("city.label")]
    count: Annotated[int, Kind("count.hotels")]
    hotels: list[HotelItem]


class FoundHotel(TypedDict):
    hotel_id: Annotated[str, Kind("hotel.id")]
    name: Annotated[str, Kind("hotel.name")]
    city: Annotated[str, Kind("city.label")]
    district: Annotated[str, Kind("city.district")]
    stars: Annotated[int, Kind("hotel.stars")]
    nearest_airport: Annotated[str, Kind("airport.nearby")]
    nearest_airport_name: Annotated[str, Kind("airport.name")]


class HotelDetails(TypedDict):
    hotel_id: Annotated[str, Kind("hotel.id")]
    name: Annotated[str, Kind("hotel.name")]
    city: Annotated[str, Kind("city.label")]
    district: Annotated[str, Kind("city.district")]
    stars: Annotated[int, Kind("hotel.stars")]
    guest_rating: Annotated[float, Kind("hotel.rating")]
    nightly_rate: Annotated[float, Kind("money.rate")]
    currency: Annotated[str, Kind("currency.code")]
    check_in_from: Annotated[str, Kind("time.checkin", format="time")]
    check_out_until: Annotated[str, Kind("time.checkout", format="time")]
    rooms: Annotated[int, Kind("hotel.rooms")]
    centre_km: Annotated[float, Kind("distance.local_km")]
    latitude: Annotated[float, Kind("geo.hotel_latitude")]
    longitude: Annotated[float, Kind("geo.hotel_longitude")]


class StayPrice(TypedDict):
    hotel_name: Annotated[str, Kind("hotel.name")]
    city: Annotated[str, Kind("city.label")]
    check_in: Annotated[str, Kind("date.checkin", format="date")]
    check_out: Annotated[str, Kind("date.checkout", format="date")]
    nights: Annotated[int, Kind("stay.nights")]
    total: Annotated[float, Kind("money.quote")]
    currency: Annotated[str, Kind("currency.code")]
    rooms_left: Annotated[int, Kind("hotel.rooms_left")]


def rooms_left(world: World, number: int, first: str, nights: int) -> int:
    """Free rooms on the fullest night of a stay; about one stay in fifteen finds none."""
    db = world.db("travel")
    salt, _ = settings(db)
    day = bookable_day(world, first)
    free = max(0, mix(salt, number, day.toordinal(), nights) % 15)
    booked: int = db.execute(
        "SELECT count(*) FROM stays WHERE hotel = ? AND status = 'confirmed' AND check_in < ? "
        "AND date(check_in, '+' || nights || ' days') > ?",
        (number, (day + timedelta(days=nights)).isoformat(), first),
    ).fetchone()[0]
    return max(0, free - booked)


def stay_price(world: World, row: tuple[Any, ...], check_in: str, nights: int) -> StayPrice:
    """What a stay costs and how many rooms are left for it.

    Raises:
        ToolError: `invalid_arguments`; `refused` for a day that cannot be booked and a full house.
    """
    first = bookable_day(world, check_in)
    if not 1 <= nights <= MOST_NIGHTS:
        raise ToolError("invalid_arguments", f"nights must be 1 to {MOST_NIGHTS}, not {nights}.")
    left = rooms_left(world, row[0], check_in, nights)
    if not left:
        raise ToolError("refused", f"{row[2]} has no room left for these nights.")
    currency = CITY[row[1]].currency
    salt, _ = settings(world.db("travel"))
    return {
        "hotel_name": row[2],
        "city": row[1],
        "check_in": check_in,
        "check_out": (first + timedelta(days=nights)).isoformat(),
        "nights": nights,
        "total": price_of(row[7], first, nights, row[0], currency, salt),
        "currency": currency,
        "rooms_left": left,
    }


@pack.tool
def search_hotels(
    world: World,
    city: Annotated[str, Kind("city.served", accepts=("city.destination",))],
    min_stars: Annotated[Literal[3, 4] | None, Kind("hotel.stars")] = None,
    min_rating: Annotated[float | None, Kind("hotel.rating")] = None,
) -> HotelList:
    """List the hotels in a city.

    With rating, distance from the centre and usual rate for a night, in the local currency.

    Args:
        city: English name of the city.
        min_stars: Fewest stars; left out, any.
        min_rating: Lowest guest rating, on a scale up to 10; left out, any.
    """
    place = next((c for c in CITY.values() if c.name.casefold() == city.strip().casefold()), None)
    if place is None:
        raise ToolError("not_found", f"No hotels in {city}: the city is not served.")
    rows = world.db("travel").execute(
        "SELECT * FROM hotels WHERE city = ? ORDER BY name", (place.name,)
    )
    hotels: list[HotelItem] = [
        {
            "hotel_id": f"{HOTEL}{row[0]}",
            "name": row[2],
            "district": row[4],
            "stars": row[5],
            "guest_rating": row[6],
            "centre_km": row[8],
            "nightly_rate": row[7],
            "currency": place.currency,
        }
        for row in rows
        if row[5] >= (min_stars or 0) and row[6] >= (min_rating or 0)
    ]
    return {"city": place.name, "count": len(hotels), "hotels": hotels}


@pack.tool
def find_hotel(world: World, name: Annotated[str, Kind("hotel.name")]) -> FoundHotel:
    """Find a hotel by name.

    Gives its id, city, district and the nearest airport.

    Args:
        name: Name of the hotel.
    """
    row = (
        world.db("travel")
        .execute("SELECT * FROM hotels WHERE folded = ?", (fold(name),))
        .fetchone()
    )
    if row is None:
        hotels = world.db("travel").execute("SELECT name FROM hotels")
        near = nearest(name, (known for (known,) in hotels))
        raise ToolError("not_found", f"No hotel with the name {name}.", near)
    return {
        "hotel_id": f"{HOTEL}{row[0]}",
        "name": row[2],
        "city": row[1],
        "district": row[4],
        "stars": row[5],
        "nearest_airport": CITY[row[1]].iata,
        "nearest_airport_name": CITY[row[1]].airport,
    }


@pack.tool
def get_hotel(
    world: World, hotel_id: Annotated[str, Kind("hotel.id", accepts=("hotel.stayed",))]
) -> HotelDetails:
    """Get everything about one hotel.

    Gives its rate, rating, position, size, and when guests may check in and out.

    Args:
        hotel_id: Id of the hotel.
    """
    row = hotel(world.db("travel"), hotel_id)
    return {
        "hotel_id": hotel_id,
        "name": row[2],
        "city": row[1],
        "district": row[4],
        "stars": row[5],
        "guest_rating": row[6],
        "nightly_rate": row[7],
        "currency": CITY[row[1]].currency,
        "check_in_from": CHECK_IN[row[5]],
        "check_out_until": CHECK_OUT[row[5]],
        "rooms": row[9],
        "centre_km": row[8],
        "latitude": row[10],
        "longitude": row[11],
    }


@pack.tool
def price_stay(
    world: World,
    hotel_id: Annotated[str, Kind("hotel.id")],
    check_in: Annotated[
        str,
        Kind(
            "date.staying",
            accepts=("date.arrival", "date.planned"),
            format="date",
        ),
    ],
    nights: Annotated[int, Kind("stay.nights")],
) -> StayPrice:
    """Work out what a stay at a hotel costs, and how many rooms are left.

    One room for all nights; weekends cost more. Books nothing.

    Args:
        hotel_id: Id of the hotel.
        check_in: First night, YYYY-MM-DD.
        nights: Number of nights.
    """
    return stay_price(world, hotel(world.db("travel"), hotel_id), check_in, nights)
