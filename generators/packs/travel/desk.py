"""The pack itself and what its tools share: ids, days, rows."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from typing import Any

from callwright.generators.pack import Pack, World
from callwright.generators.packs.travel.timetable import BOOKABLE_DAYS, Flight, flight_at, mix
from callwright.generators.packs.travel.world import seed_database
from callwright.schemas.errors import ToolError

pack = Pack(
    "travel",
    about="A travel desk: travellers and their flights, seats, bags and hotel stays.",
    data="Invented people, airlines and hotels in real cities; airport codes as in airportsdata.",
    seed_database=seed_database,
)

TRAVELLER, FLIGHT_BOOKING, STAY, HOTEL = "TV", "FB", "ST", "HT"


def number_of(prefix: str, code: str, what: str) -> int:
    """The row behind an id such as FB20417.

    Raises:
        ToolError: `not_found` for what is no such id.
    """
    digits = code.removeprefix(prefix)
    if digits == code or not digits.isdecimal():
        raise ToolError("not_found", f"No {what} with the id {code}.")
    return int(digits)


def row(db: sqlite3.Connection, table: str, prefix: str, code: str, what: str) -> tuple[Any, ...]:
    """The row of `table` with this id.

    Raises:
        ToolError: `not_found`.
    """
    number = number_of(prefix, code, what)
    found = db.execute(f"SELECT * FROM {table} WHERE no = ?", (number,)).fetchone()  # noqa: S608
    if found is None:
        raise ToolError("not_found", f"No {what} with the id {code}.")
    return tuple(found)


def traveller(db: sqlite3.Connection, traveller_id: str) -> tuple[Any, ...]:
    return row(db, "travellers", TRAVELLER, traveller_id, "traveller")


def hotel(db: sqlite3.Connection, hotel_id: str) -> tuple[Any, ...]:
    return row(db, "hotels", HOTEL, hotel_id, "hotel")


def today(world: World) -> date:
    return world.now.date()


def bookable_day(world: World, text: str) -> date:
    """A day that flights and rooms are sold for.

    Raises:
        ToolError: `refused` for the past and the far future.
    """
    day, first = date.fromisoformat(text), today(world)
    if day < first:
        raise ToolError("refused", f"{text} lies in the past; today is {first}.")
    last = first + timedelta(days=BOOKABLE_DAYS)
    if day > last:
        raise ToolError("refused", f"{text} is too far ahead; bookings are open until {last}.")
    return day


def next_number(db: sqlite3.Connection, table: str, *about: int) -> int:
    """A number for a new row: above all others, by a step that depends on what is booked.

    So another flight or traveller gets another booking number, and who passes the number on has
    really read it.
    """
    highest: int = db.execute(f"SELECT max(no) FROM {table}").fetchone()[0]  # noqa: S608
    return highest + 1 + mix(*about) % 89


def flight_booking(db: sqlite3.Connection, booking_id: str) -> tuple[tuple[Any, ...], Flight]:
    """A flight booking's row and its flight."""
    found = row(db, "flight_bookings", FLIGHT_BOOKING, booking_id, "flight booking")
    flight = flight_at(db, found[2])
    assert flight is not None, booking_id
    return found, flight


def open_booking(world: World, booking_id: str) -> tuple[tuple[Any, ...], Flight]:
    """A booking that can still be changed.

    Raises:
        ToolError: `not_found`; `refused` when it is cancelled or its flight has left.
    """
    found, flight = flight_booking(world.db("travel"), booking_id)
    if found[3] == "cancelled":
        raise ToolError("refused", f"Booking {booking_id} has been cancelled.")
    if flight.departs <= world.now:
        raise ToolError("refused", f"Flight {flight.number} of {booking_id} has already departed.")
    return found, flight
