"""Flight bookings: list them, look into one, book, move to another flight."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date as day_type
from typing import Annotated, Any, Literal

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.geography.data import cities
from callwright.generators.packs.travel.cities import PRICE_LEVEL, money
from callwright.generators.packs.travel.desk import (
    FLIGHT_BOOKING,
    bookable_day,
    flight_booking,
    next_number,
    open_booking,
    pack,
    today,
    traveller,
)
from callwright.generators.packs.travel.flights import Departure, departure_of, local
from callwright.generators.packs.travel.timetable import (
    Flight,
    flight_at,
    flight_by_id,
    flights_on,
    seal,
    unseal,
)
from callwright.schemas.errors import ToolError

CHANGE_FEE = 40
"""In euros or what buys as much."""
_FLIGHTS = 1 << 22
"""More than any flight's key: a change offer is booking * this + flight."""

BookingStatus = Literal["confirmed", "completed", "cancelled"]


class FlightBookingItem(TypedDict):
    booking_id: Annotated[str, Kind("booking.flight")]
    status: Annotated[str, Kind("booking.status")]
    flight_number: Annotated[str, Kind("flight.number")]
    origin_city: Annotated[str, Kind("city.label")]
    destination_city: Annotated[str, Kind("city.flown_to")]
    departs_on: Annotated[str, Kind("date.flight", format="date")]
    departs_time: Annotated[str, Kind("time.departure", format="time")]


class FlightBookings(TypedDict):
    traveller_name: Annotated[str, Kind("traveller.name")]
    status: Annotated[str | None, Kind("booking.status")]
    count: Annotated[int, Kind("count.bookings")]
    bookings: list[FlightBookingItem]


class FlightBooking(TypedDict):
    booking_id: Annotated[str, Kind("booking.flight")]
    status: Annotated[str, Kind("booking.status")]
    traveller_name: Annotated[str, Kind("traveller.name")]
    booked_on: Annotated[str, Kind("date.booked", format="date")]
    flight_id: Annotated[str, Kind("flight.booked")]
    flight_number: Annotated[str, Kind("flight.number")]
    departure: Departure
    destination: Annotated[str, Kind("airport.reached")]
    destination_city: Annotated[str, Kind("city.destination")]
    destination_country: Annotated[str, Kind("country.visited")]
    seat: Annotated[str | None, Kind("seat.number")]
    extra_bags: Annotated[int, Kind("bag.count")]
    total: Annotated[float, Kind("money.ticket")]
    currency: Annotated[str, Kind("currency.code")]


class NewFlightBooking(TypedDict):
    booking_id: Annotated[str, Kind("booking.new")]
    status: Annotated[str, Kind("booking.status")]
    traveller_name: Annotated[str, Kind("traveller.name")]
    flight_number: Annotated[str, Kind("flight.number")]
    origin_city: Annotated[str, Kind("city.label")]
    destination_city: Annotated[str, Kind("city.label")]
    departs_at: Annotated[str, Kind("datetime.departure", format="date-time")]
    arrives_on: Annotated[str, Kind("date.arrival", format="date")]
    total: Annotated[float, Kind("money.ticket")]
    currency: Annotated[str, Kind("currency.code")]


class ChangeOffer(TypedDict):
    offer_id: Annotated[str, Kind("change.offer")]
    flight_number: Annotated[str, Kind("flight.number")]
    departs_at: Annotated[str, Kind("datetime.offered", format="date-time")]
    departs_time: Annotated[str, Kind("time.departure", format="time")]
    arrives_at: Annotated[str, Kind("datetime.offered", format="date-time")]
    duration_minutes: Annotated[int, Kind("duration.flight_minutes")]
    fare: Annotated[float, Kind("money.fare")]
    to_pay: Annotated[float, Kind("money.fee")]
    currency: Annotated[str, Kind("currency.code")]


class ChangeOffers(TypedDict):
    booking_id: Annotated[str, Kind("booking.flight")]
    current_flight_number: Annotated[str, Kind("flight.number")]
    origin_city: Annotated[str, Kind("city.label")]
    destination_city: Annotated[str, Kind("city.label")]
    date: Annotated[str, Kind("date.flight", format="date")]
    count: Annotated[int, Kind("count.flights")]
    offers: list[ChangeOffer]


class ChangedFlight(TypedDict):
    booking_id: Annotated[str, Kind("booking.flight")]
    old_flight_number: Annotated[str, Kind("flight.number")]
    new_flight_number: Annotated[str, Kind("flight.number")]
    destination_city: Annotated[str, Kind("city.label")]
    departs_at: Annotated[str, Kind("datetime.departure", format="date-time")]
    arrives_on: Annotated[str, Kind("date.reached", format="date")]
    paid: Annotated[float, Kind("money.fee")]
    currency: Annotated[str, Kind("currency.code")]


@pack.tool
def list_flight_bookings(
    world: World,
    traveller_id: Annotated[str, Kind("traveller.id")],
    status: Annotated[BookingStatus | None, Kind("booking.status")] = None,
) -> FlightBookings:
    """List the flight bookings of a traveller.

    Ordered by departure, the earliest first.

    Args:
        traveller_id: Id of the traveller.
        status: Only bookings with this status; left out, all of them.
    """
    db = world.db("travel")
    person = traveller(db, traveller_id)
    rows = db.execute(
        "SELECT no, flight, status FROM flight_bookings WHERE traveller = ?", (person[0],)
    ).fetchall()
    items: list[FlightBookingItem] = []
    for number, key, state in rows:
        flight = flight_at(db, key)
        if flight is None or status not in (None, state):
            continue
        items.append(
            {
                "booking_id": f"{FLIGHT_BOOKING}{number}",
                "status": state,
                "flight_number": flight.number,
                "origin_city": flight.origin.name,
                "destination_city": flight.destination.name,
                "departs_on": flight.day.isoformat(),
                "departs_time": local(flight.departs)[11:],
            }
        )
    items.sort(key=lambda item: (item["departs_on"], item["departs_time"]))
    return {
        "traveller_name": person[1],
        "status": status,
        "count": len(items),
        "bookings": items[:8],
    }


@pack.tool
def get_flight_booking(
    world: World, booking_id: Annotated[str, Kind("booking.flight")]
) -> FlightBooking:
    """Get one flight booking.

    Gives its flight, status, seat, extra bags and what was paid.

    Args:
        booking_id: Id of the flight booking.
    """
    db = world.db("travel")
    found, flight = flight_booking(db, booking_id)
    person = db.execute("SELECT name FROM travellers WHERE no = ?", (found[1],)).fetchone()
    return {
        "booking_id": booking_id,
        "status": found[3],
        "traveller_name": person[0],
        "booked_on": found[7],
        "flight_id": flight.id,
        "flight_number": flight.number,
        "departure": departure_of(flight),
        "destination": flight.destination.iata,
        "destination_city": flight.destination.name,
        "destination_country": cities()[flight.destination.name].country,
        "seat": found[4],
        "extra_bags": found[5],
        "total": found[6],
        "currency": flight.currency,
    }


@pack.tool(effect="write")
def book_flight(
    world: World,
    traveller_id: Annotated[str, Kind("traveller.id")],
    flight_id: Annotated[str, Kind("flight.id")],
) -> NewFlightBooking:
    """Book one seat on a flight for a traveller.

    Charges the flight's current fare.

    Args:
        traveller_id: Id of the traveller who flies.
        flight_id: Id of the flight.
    """
    db = world.db("travel")
    person = traveller(db, traveller_id)
    flight = flight_by_id(db, flight_id)
    if flight.departs <= world.now:
        raise ToolError("refused", f"Flight {flight.number} has already departed.")
    if not flight.seats_left:
        raise ToolError("refused", f"Flight {flight.number} on {flight.day} is full.")
    twice = db.execute(
        "SELECT no FROM flight_bookings "
        "WHERE traveller = ? AND flight = ? AND status = 'confirmed'",
        (person[0], flight.key),
    ).fetchone()
    if twice is not None:
        raise ToolError("refused", f"{person[1]} is already booked on flight {flight.number}.")
    number = next_number(db, "flight_bookings", person[0], flight.key)
    db.execute(
        "INSERT INTO flight_bookings VALUES (?, ?, ?, 'confirmed', NULL, 0, ?, ?)",
        (number, person[0], flight.key, flight.fare, today(world).isoformat()),
    )
    return {
        "booking_id": f"{FLIGHT_BOOKING}{number}",
        "status": "confirmed",
        "traveller_name": person[1],
        "flight_number": flight.number,
        "origin_city": flight.origin.name,
        "destination_city": flight.destination.name,
        "departs_at": local(flight.departs),
        "arrives_on": flight.arrives.date().isoformat(),
        "total": flight.fare,
        "currency": flight.currency,
    }


def _refuse_crossing(
    db: sqlite3.Connection, found: Sequence[Any], current: Flight, day: day_type
) -> None:
    """Nobody flies back before they have flown there.

    Raises:
        ToolError: `refused` when another flight of the same traveller would be overtaken.
    """
    others = db.execute(
        "SELECT no, flight FROM flight_bookings "
        "WHERE traveller = ? AND status = 'confirmed' AND no <> ?",
        (found[1], found[0]),
    )
    for number, key in others:
        other = flight_at(db, key)
        if other is None:
            continue
        later = other.departs > current.departs
        if later != (other.departs.date() > day) or other.departs.date() == day:
            other_id = f"{FLIGHT_BOOKING}{number}"
            raise ToolError("refused", f"On {day} it would overtake booking {other_id}.")


def offer_id(booking: int, flight: Flight) -> str:
    """Names a booking and the flight that it may be moved to."""
    return seal("co", booking * _FLIGHTS + flight.key)


def _to_pay(total: float, flight: Flight) -> float:
    """Change fee, and the difference when the new fare is higher."""
    fee = CHANGE_FEE * PRICE_LEVEL[flight.currency]
    return money(fee + max(0.0, flight.fare - total), flight.currency)


@pack.tool
def change_offers(
    world: World,
    booking_id: Annotated[str, Kind("booking.flight")],
    date: Annotated[str, Kind("date.travel", format="date")],
) -> ChangeOffers:
    """List the flights that a booking can be moved to on a given day.

    Same route; `to_pay` is the change fee and any difference in fare.

    Args:
        booking_id: Id of the flight booking that is to be moved.
        date: New day of departure, YYYY-MM-DD.
    """
    db = world.db("travel")
    found, current = open_booking(world, booking_id)
    day = bookable_day(world, date)
    _refuse_crossing(db, found, current, day)
    offers: list[ChangeOffer] = [
        {
            "offer_id": offer_id(found[0], flight),
            "flight_number": flight.number,
            "departs_at": local(flight.departs),
            "departs_time": local(flight.departs)[11:],
            "arrives_at": local(flight.arrives),
            "duration_minutes": flight.minutes,
            "fare": flight.fare,
            "to_pay": _to_pay(found[6], flight),
            "currency": flight.currency,
        }
        for flight in flights_on(db, current.origin, current.destination, day)
        if flight.key != current.key and flight.departs > world.now
    ]
    return {
        "booking_id": booking_id,
        "current_flight_number": current.number,
        "origin_city": current.origin.name,
        "destination_city": current.destination.name,
        "date": day.isoformat(),
        "count": len(offers),
        "offers": offers,
    }


@pack.tool(effect="write")
def change_flight(
    world: World, change_offer_id: Annotated[str, Kind("change.offer")]
) -> ChangedFlight:
    """Move a booking to another flight by taking a change offer.

    Charges what the offer says; a chosen seat is given up.

    Args:
        change_offer_id: Id of the change offer.
    """
    db = world.db("travel")
    booking, key = divmod(unseal("co", change_offer_id), _FLIGHTS)
    flight = flight_at(db, key) if booking > 0 else None
    known = db.execute("SELECT no FROM flight_bookings WHERE no = ?", (booking,)).fetchone()
    if flight is None or known is None:
        raise ToolError("not_found", f"No change offer with the id {change_offer_id}.")
    booking_id = f"{FLIGHT_BOOKING}{booking}"
    found, current = open_booking(world, booking_id)
    if (flight.origin, flight.destination) != (current.origin, current.destination):
        raise ToolError("refused", f"Offer {change_offer_id} is not for the route of {booking_id}.")
    if flight.departs <= world.now or not flight.seats_left:
        raise ToolError("refused", f"Flight {flight.number} can no longer be booked.")
    if flight.key == current.key:
        raise ToolError("refused", f"{booking_id} is already booked on flight {flight.number}.")
    paid = _to_pay(found[6], flight)
    db.execute(
        "UPDATE flight_bookings SET flight = ?, seat = NULL, total = round(total + ?, 2) "
        "WHERE no = ?",
        (flight.key, paid, booking),
    )
    return {
        "booking_id": booking_id,
        "old_flight_number": current.number,
        "new_flight_number": flight.number,
        "destination_city": flight.destination.name,
        "departs_at": local(flight.departs),
        "arrives_on": flight.arrives.date().isoformat(),
        "paid": paid,
        "currency": flight.currency,
    }
