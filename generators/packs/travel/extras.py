"""What goes with a flight booking: its seat, its bags, its refund and its end."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.travel.cities import PRICE_LEVEL, money
from callwright.generators.packs.travel.desk import (
    FLIGHT_BOOKING,
    open_booking,
    pack,
    today,
)
from callwright.generators.packs.travel.timetable import (
    Flight,
    mix,
    seal,
    settings,
    unseal,
)
from callwright.schemas.errors import ToolError

MOST_BAGS = 5
BAG_FEE = 35
"""In euros or what buys as much."""
REFUND_RULES = ((14, 10), (7, 25), (2, 50), (0, 80))
"""(at least so many days before departure, fee in per cent of what was paid)."""
SEATS_SHOWN = 8
_SEAT_NUMBERS = 512
"""More than seats on any aircraft: a seat's id is booking * this + row * 6 + letter."""
LETTERS = "ABCDEF"
POSITIONS = ("window", "middle", "aisle", "aisle", "middle", "window")
_COMFORT = {"window": 0.4, "aisle": 0.2, "middle": 0.0}
Position = Literal["window", "middle", "aisle"]


class SeatOffer(TypedDict):
    seat_id: Annotated[str, Kind("seat.offer")]
    seat: Annotated[str, Kind("seat.number")]
    row: Annotated[int, Kind("seat.row")]
    position: Annotated[str, Kind("seat.position")]
    fee: Annotated[float, Kind("money.fee")]
    currency: Annotated[str, Kind("currency.code")]


class FreeSeats(TypedDict):
    booking_id: Annotated[str, Kind("booking.flight")]
    flight_number: Annotated[str, Kind("flight.number")]
    count: Annotated[int, Kind("count.seats")]
    seats: list[SeatOffer]


class ChosenSeat(TypedDict):
    booking_id: Annotated[str, Kind("booking.flight")]
    flight_number: Annotated[str, Kind("flight.number")]
    seat: Annotated[str, Kind("seat.number")]
    position: Annotated[str, Kind("seat.position")]
    fee: Annotated[float, Kind("money.fee")]
    currency: Annotated[str, Kind("currency.code")]


class Baggage(TypedDict):
    booking_id: Annotated[str, Kind("booking.flight")]
    flight_number: Annotated[str, Kind("flight.number")]
    added_bags: Annotated[int, Kind("bag.count")]
    extra_bags: Annotated[int, Kind("bag.count")]
    fee: Annotated[float, Kind("money.fee")]
    currency: Annotated[str, Kind("currency.code")]


class Refund(TypedDict):
    booking_id: Annotated[str, Kind("booking.flight")]
    flight_number: Annotated[str, Kind("flight.number")]
    destination_city: Annotated[str, Kind("city.label")]
    departs_on: Annotated[str, Kind("date.flight", format="date")]
    total: Annotated[float, Kind("money.total")]
    fee: Annotated[float, Kind("money.fee")]
    refund: Annotated[float, Kind("money.refund")]
    currency: Annotated[str, Kind("currency.code")]


def seats_on_offer(world: World, flight: Flight) -> list[tuple[int, int]]:
    """(row, letter) of seats that are free: at most one a row, so that no two fees are equal."""
    db = world.db("travel")
    salt, _ = settings(db)
    rows = db.execute(
        "SELECT seat FROM flight_bookings WHERE flight = ? AND status = 'confirmed'", (flight.key,)
    )
    taken = {row[0] for row in rows}
    found = []
    for place in range(SEATS_SHOWN):
        chance = mix(salt, flight.key, place, 11)
        at = 5 + 3 * place + chance % 3, (chance >> 8) % 6
        if seat_name(*at) not in taken:
            found.append(at)
    return found


def seat_id(booking: int, row: int, letter: int) -> str:
    """Names a booking and a seat on its flight."""
    return seal("se", booking * _SEAT_NUMBERS + row * 6 + letter)


def seat_name(row: int, letter: int) -> str:
    return f"{row}{LETTERS[letter]}"


def seat_fee(row: int, letter: int, currency: str) -> float:
    """The further back, the cheaper; a window costs more than an aisle."""
    unit = 0.5 * PRICE_LEVEL[currency]
    return money(unit * (34 - row + _COMFORT[POSITIONS[letter]]), currency)


@pack.tool
def free_seats(
    world: World,
    booking_id: Annotated[str, Kind("booking.flight", accepts=("booking.new",))],
    position: Annotated[Position | None, Kind("seat.position")] = None,
) -> FreeSeats:
    """List seats that are free on the flight of a booking.

    Ordered from front to back, each with its fee.

    Args:
        booking_id: Id of the flight booking.
        position: Only seats in this position; left out, all of them.
    """
    booking, flight = open_booking(world, booking_id)
    seats: list[SeatOffer] = [
        {
            "seat_id": seat_id(booking[0], row, letter),
            "seat": seat_name(row, letter),
            "row": row,
            "position": POSITIONS[letter],
            "fee": seat_fee(row, letter, flight.currency),
            "currency": flight.currency,
        }
        for row, letter in seats_on_offer(world, flight)
        if position in (None, POSITIONS[letter])
    ]
    return {
        "booking_id": booking_id,
        "flight_number": flight.number,
        "count": len(seats),
        "seats": seats,
    }


@pack.tool(effect="write")
def choose_seat(world: World, seat_offer_id: Annotated[str, Kind("seat.offer")]) -> ChosenSeat:
    """Reserve a free seat for a booking.

    Charges the seat's fee and replaces an earlier choice.

    Args:
        seat_offer_id: Id of the free seat, which also says for which booking it is.
    """
    number, place = divmod(unseal("se", seat_offer_id), _SEAT_NUMBERS)
    row, letter = divmod(place, 6)
    db = world.db("travel")
    known = db.execute("SELECT no FROM flight_bookings WHERE no = ?", (number,)).fetchone()
    if known is None or not 1 <= row <= 40:
        raise ToolError("not_found", f"No free seat with the id {seat_offer_id}.")
    booking_id = f"{FLIGHT_BOOKING}{number}"
    booking, flight = open_booking(world, booking_id)
    seat = seat_name(row, letter)
    if (row, letter) not in seats_on_offer(world, flight):
        raise ToolError("refused", f"Seat {seat} on flight {flight.number} is not free.")
    fee = seat_fee(row, letter, flight.currency)
    db.execute(
        "UPDATE flight_bookings SET seat = ?, total = round(total + ?, 2) WHERE no = ?",
        (seat, fee, booking[0]),
    )
    return {
        "booking_id": booking_id,
        "flight_number": flight.number,
        "seat": seat,
        "position": POSITIONS[letter],
        "fee": fee,
        "currency": flight.currency,
    }


@pack.tool(effect="write")
def add_baggage(
    world: World,
    booking_id: Annotated[str, Kind("booking.flight", accepts=("booking.new",))],
    bags: Annotated[int, Kind("bag.count")],
) -> Baggage:
    """Add checked bags to a flight booking.

    Each costs a fee.

    Args:
        booking_id: Id of the flight booking.
        bags: How many bags to add.
    """
    booking, flight = open_booking(world, booking_id)
    if bags < 1:
        raise ToolError("invalid_arguments", f"bags must be at least 1, not {bags}.")
    if booking[5] + bags > MOST_BAGS:
        raise ToolError(
            "refused", f"{booking_id} has {booking[5]} extra bags; {MOST_BAGS} are allowed."
        )
    fee = money(BAG_FEE * PRICE_LEVEL[flight.currency] * bags, flight.currency)
    world.db("travel").execute(
        "UPDATE flight_bookings SET bags = bags + ?, total = round(total + ?, 2) WHERE no = ?",
        (bags, fee, booking[0]),
    )
    return {
        "booking_id": booking_id,
        "flight_number": flight.number,
        "added_bags": bags,
        "extra_bags": booking[5] + bags,
        "fee": fee,
        "currency": flight.currency,
    }


def _refund(world: World, booking: tuple[Any, ...], flight: Flight) -> Refund:
    days = (flight.day - today(world)).days
    percent = next(fee for least, fee in REFUND_RULES if days >= least)
    total = booking[6]
    fee = money(total * percent / 100, flight.currency)
    return {
        "booking_id": f"{FLIGHT_BOOKING}{booking[0]}",
        "flight_number": flight.number,
        "destination_city": flight.destination.name,
        "departs_on": flight.day.isoformat(),
        "total": total,
        "fee": fee,
        "refund": money(total - fee, flight.currency),
        "currency": flight.currency,
    }


@pack.tool
def flight_refund(world: World, booking_id: Annotated[str, Kind("booking.flight")]) -> Refund:
    """Work out what cancelling a flight booking today would give back.

    Cancels nothing.

    Args:
        booking_id: Id of the flight booking.
    """
    return _refund(world, *open_booking(world, booking_id))


@pack.tool(effect="write")
def cancel_flight(world: World, booking_id: Annotated[str, Kind("booking.flight")]) -> Refund:
    """Cancel a flight booking.

    Refunds what was paid less a fee that grows as departure comes near.

    Args:
        booking_id: Id of the flight booking.
    """
    booking, flight = open_booking(world, booking_id)
    world.db("travel").execute(
        "UPDATE flight_bookings SET status = 'cancelled', seat = NULL WHERE no = ?", (booking[0],)
    )
    return _refund(world, booking, flight)
