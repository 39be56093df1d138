"""Hotel stays that travellers have booked: list, look into, book, extend, cancel."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from typing import Annotated, Any

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.geography.data import cities
from callwright.generators.packs.travel.cities import CITY, money
from callwright.generators.packs.travel.desk import (
    HOTEL,
    STAY,
    hotel,
    next_number,
    pack,
    row,
    today,
    traveller,
)
from callwright.generators.packs.travel.hotels import CHECK_IN, MOST_NIGHTS, stay_price
from callwright.generators.packs.travel.timetable import settings
from callwright.generators.packs.travel.trips import BookingStatus
from callwright.generators.packs.travel.world import nightly, price_of
from callwright.schemas.errors import ToolError

FREE_DAYS = 3
"""A stay may be cancelled at no charge until so many days before check-in."""


class StayItem(TypedDict):
    booking_id: Annotated[str, Kind("booking.stay")]
    status: Annotated[str, Kind("booking.status")]
    hotel_name: Annotated[str, Kind("hotel.name")]
    city: Annotated[str, Kind("city.label")]
    check_in: Annotated[str, Kind("date.checkin", format="date")]
    check_out: Annotated[str, Kind("date.checkout", format="date")]


class Stays(TypedDict):
    traveller_name: Annotated[str, Kind("traveller.name")]
    status: Annotated[str | None, Kind("booking.status")]
    count: Annotated[int, Kind("count.bookings")]
    stays: list[StayItem]


class Stay(TypedDict):
    booking_id: Annotated[str, Kind("booking.stay")]
    status: Annotated[str, Kind("booking.status")]
    traveller_name: Annotated[str, Kind("traveller.name")]
    hotel_id: Annotated[str, Kind("hotel.stayed")]
    hotel_name: Annotated[str, Kind("hotel.name")]
    city: Annotated[str, Kind("city.label")]
    country_code: Annotated[str, Kind("country.stay")]
    nearest_airport: Annotated[str, Kind("airport.stay")]
    check_in: Annotated[str, Kind("date.checkin", format="date")]
    check_in_from: Annotated[str, Kind("time.checkin", format="time")]
    check_out: Annotated[str, Kind("date.checkout", format="date")]
    nights: Annotated[int, Kind("stay.nights")]
    free_cancellation_until: Annotated[str | None, Kind("date.cancel_by", format="date")]
    free_cancellation_ended_on: Annotated[str | None, Kind("date.cancel_past", format="date")]
    total: Annotated[float, Kind("money.total")]
    currency: Annotated[str, Kind("currency.code")]


class NewStay(TypedDict):
    booking_id: Annotated[str, Kind("booking.new_stay")]
    traveller_name: Annotated[str, Kind("traveller.name")]
    hotel_name: Annotated[str, Kind("hotel.name")]
    city: Annotated[str, Kind("city.label")]
    check_in: Annotated[str, Kind("date.checkin", format="date")]
    check_out: Annotated[str, Kind("date.checkout", format="date")]
    nights: Annotated[int, Kind("stay.nights")]
    free_cancellation_until: Annotated[str | None, Kind("date.free_until", format="date")]
    total: Annotated[float, Kind("money.total")]
    currency: Annotated[str, Kind("currency.code")]


class ExtendedStay(TypedDict):
    booking_id: Annotated[str, Kind("booking.stay")]
    hotel_name: Annotated[str, Kind("hotel.name")]
    added_nights: Annotated[int, Kind("stay.nights")]
    check_out: Annotated[str, Kind("date.checkout", format="date")]
    extra_cost: Annotated[float, Kind("money.fee")]
    total: Annotated[float, Kind("money.total")]
    currency: Annotated[str, Kind("currency.code")]


class CancelledStay(TypedDict):
    booking_id: Annotated[str, Kind("booking.stay")]
    hotel_name: Annotated[str, Kind("hotel.name")]
    check_in: Annotated[str, Kind("date.checkin", format="date")]
    fee: Annotated[float | None, Kind("money.fee")]
    refund: Annotated[float, Kind("money.refund")]
    currency: Annotated[str, Kind("currency.code")]


def _check_out(check_in: str, nights: int) -> str:
    return (date.fromisoformat(check_in) + timedelta(days=nights)).isoformat()


def _free_until(check_in: str) -> str:
    return (date.fromisoformat(check_in) - timedelta(days=FREE_DAYS)).isoformat()


def _in_time(world: World, last_day: str) -> bool:
    return today(world).isoformat() <= last_day


def _stay(db: sqlite3.Connection, booking_id: str) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """A stay's row and its hotel's."""
    found = row(db, "stays", STAY, booking_id, "hotel booking")
    return found, hotel(db, f"{HOTEL}{found[2]}")


def _coming(world: World, booking_id: str) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """A stay that has not begun.

    Raises:
        ToolError: `not_found`; `refused` when it is cancelled or check-in was before today.
    """
    stay, place = _stay(world.db("travel"), booking_id)
    if stay[5] == "cancelled":
        raise ToolError("refused", f"Booking {booking_id} has been cancelled.")
    if date.fromisoformat(stay[3]) < today(world):
        raise ToolError("refused", f"The stay of {booking_id} has already begun.")
    return stay, place


@pack.tool
def list_stays(
    world: World,
    traveller_id: Annotated[str, Kind("traveller.id")],
    status: Annotated[BookingStatus | None, Kind("booking.status")] = None,
) -> Stays:
    """List the hotel bookings of a traveller.

    Ordered by check-in, the earliest first.

    Args:
        traveller_id: Id of the traveller.
        status: Only bookings with this status; left out, all of them.
    """
    db = world.db("travel")
    person = traveller(db, traveller_id)
    rows = db.execute(
        "SELECT s.no, s.status, h.name, h.city, s.check_in, s.nights FROM stays s "
        "JOIN hotels h ON h.no = s.hotel WHERE s.traveller = ? ORDER BY s.check_in, s.no",
        (person[0],),
    )
    stays: list[StayItem] = [
        {
            "booking_id": f"{STAY}{number}",
            "status": state,
            "hotel_name": name,
            "city": city,
            "check_in": check_in,
            "check_out": _check_out(check_in, nights),
        }
        for number, state, name, city, check_in, nights in rows
        if status in (None, state)
    ]
    return {
        "traveller_name": person[1],
        "status": status,
        "count": len(stays),
        "stays": stays[:8],
    }


@pack.tool
def get_stay(world: World, booking_id: Annotated[str, Kind("booking.stay")]) -> Stay:
    """Get one hotel booking.

    Gives hotel, days, price, and until when it can be cancelled free of charge, or on what day that
    ended.

    Args:
        booking_id: Id of the hotel booking.
    """
    db = world.db("travel")
    stay, place = _stay(db, booking_id)
    person = db.execute("SELECT name FROM travellers WHERE no = ?", (stay[1],)).fetchone()
    free_until = _free_until(stay[3])
    still_free = stay[5] == "confirmed" and _in_time(world, free_until)
    return {
        "booking_id": booking_id,
        "status": stay[5],
        "traveller_name": person[0],
        "hotel_id": f"{HOTEL}{place[0]}",
        "hotel_name": place[2],
        "city": place[1],
        "country_code": cities()[place[1]].country,
        "nearest_airport": CITY[place[1]].iata,
        "check_in": stay[3],
        "check_in_from": CHECK_IN[place[5]],
        "check_out": _check_out(stay[3], stay[4]),
        "nights": stay[4],
        "free_cancellation_until": free_until if still_free else None,
        "free_cancellation_ended_on": None if still_free else free_until,
        "total": stay[6],
        "currency": CITY[place[1]].currency,
    }


@pack.tool(effect="write")
def book_hotel(
    world: World,
    traveller_id: Annotated[str, Kind("traveller.id")],
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
) -> NewStay:
    """Book a room at a hotel for a traveller.

    One room for all nights, paid at once.

    Args:
        traveller_id: Id of the traveller who stays.
        hotel_id: Id of the hotel.
        check_in: First night, YYYY-MM-DD.
        nights: Number of nights.
    """
    db = world.db("travel")
    person = traveller(db, traveller_id)
    place = hotel(db, hotel_id)
    price = stay_price(world, place, check_in, nights)
    number = next_number(db, "stays", person[0], place[0], date.fromisoformat(check_in).toordinal())
    free_until = _free_until(check_in)
    db.execute(
        "INSERT INTO stays VALUES (?, ?, ?, ?, ?, 'confirmed', ?, ?)",
        (number, person[0], place[0], check_in, nights, price["total"], today(world).isoformat()),
    )
    return {
        "booking_id": f"{STAY}{number}",
        "traveller_name": person[1],
        "hotel_name": place[2],
        "city": place[1],
        "check_in": check_in,
        "check_out": price["check_out"],
        "nights": nights,
        "free_cancellation_until": free_until if _in_time(world, free_until) else None,
        "total": price["total"],
        "currency": price["currency"],
    }


@pack.tool(effect="write")
def extend_stay(
    world: World,
    booking_id: Annotated[str, Kind("booking.stay")],
    nights: Annotated[int, Kind("stay.more_nights")],
) -> ExtendedStay:
    """Add nights to the end of a hotel booking.

    Charges the added nights at once.

    Args:
        booking_id: Id of the hotel booking.
        nights: How many nights to add.
    """
    stay, place = _coming(world, booking_id)
    if not 1 <= nights <= MOST_NIGHTS - stay[4]:
        raise ToolError("refused", f"{booking_id} cannot be extended by {nights} nights.")
    db = world.db("travel")
    salt, _ = settings(db)
    currency = CITY[place[1]].currency
    end = date.fromisoformat(_check_out(stay[3], stay[4]))
    extra = price_of(place[7], end, nights, place[0], currency, salt)
    total = money(stay[6] + extra, currency)
    db.execute(
        "UPDATE stays SET nights = nights + ?, total = ? WHERE no = ?", (nights, total, stay[0])
    )
    return {
        "booking_id": booking_id,
        "hotel_name": place[2],
        "added_nights": nights,
        "check_out": (end + timedelta(days=nights)).isoformat(),
        "extra_cost": extra,
        "total": total,
        "currency": currency,
    }


@pack.tool(effect="write")
def cancel_stay(world: World, booking_id: Annotated[str, Kind("booking.stay")]) -> CancelledStay:
    """Cancel a hotel booking.

    Free of charge until three days before check-in; after that the first night is kept.

    Args:
        booking_id: Id of the hotel booking.
    """
    stay, place = _coming(world, booking_id)
    db = world.db("travel")
    currency = CITY[place[1]].currency
    fee = None
    if not _in_time(world, _free_until(stay[3])):
        salt, _ = settings(db)
        fee = nightly(place[7], date.fromisoformat(stay[3]), place[0], currency, salt)
    db.execute("UPDATE stays SET status = 'cancelled' WHERE no = ?", (stay[0],))
    return {
        "booking_id": booking_id,
        "hotel_name": place[2],
        "check_in": stay[3],
        "fee": fee,
        "refund": money(stay[6] - (fee or 0.0), currency),
        "currency": currency,
    }
