"""When people are free, and which rooms are."""

from __future__ import annotations

from datetime import date as day_type
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.agenda.base import (
    EVENT,
    MAX_ITEMS,
    PEOPLE,
    AnyTitle,
    Clock,
    DayLabel,
    EventDay,
    Minutes,
    Name,
    Page,
    Person,
    Room,
    agenda,
    busy_owner,
    busy_person,
    busy_room,
    day_of,
    event_of,
    free_starts,
    is_free,
    minutes_of,
    now,
    pack,
    person_of,
    refuse_private,
    room_name,
)
from callwright.generators.packs.agenda.changes import (
    OldOrNew,
    count_participants,
    insert_event,
    refuse_clash,
)
from callwright.generators.packs.travel.timetable import seal, unseal
from callwright.generators.paging import paged
from callwright.schemas.errors import ToolError

DAY_SPAN, LENGTHS = 1000, 500
"""Days and minutes as digits of a slot's number: person, day, half hour, minutes."""

TalkTitle = Annotated[str, Kind("event.talk_title")]


class Slot(TypedDict):
    slot_id: Annotated[str, Kind("slot.free")]
    start_time: Annotated[str, Kind("time.slot", format="time")]
    end_time: Annotated[str, Kind("time.slot_end", format="time")]


class Slots(TypedDict):
    person_id: str
    name: Name
    date: DayLabel
    minutes: int
    count: int
    next_page: int | None
    slots: list[Slot]


class Held(TypedDict):
    event_id: Annotated[str, Kind("event.new")]
    title: TalkTitle
    with_name: Name
    date: EventDay
    start_time: Clock
    end_time: Clock
    status: str


class FreeRoom(TypedDict):
    offer_id: Annotated[str, Kind("room.offer")]
    room_name: Room
    building: Annotated[str, Kind("room.building")]
    floor: int
    seats: int
    has_video: bool
    has_whiteboard: bool


class Rooms(TypedDict):
    event_id: str
    title: AnyTitle
    date: EventDay
    start_time: Clock
    end_time: Clock
    people: int
    count: int
    next_page: int | None
    rooms: list[FreeRoom]


class Booked(TypedDict):
    event_id: str
    title: AnyTitle
    room_name: Room
    building: Annotated[str, Kind("room.building")]
    floor: int
    date: EventDay
    start_time: Clock
    end_time: Clock
    given_up_room: Room | None


def both_busy(world: World, person: Person, day: str) -> list[Minutes]:
    """When the owner or the colleague has no time, their hours off included."""
    off = [(0, minutes_of(person.works_from)), (minutes_of(person.works_until), 24 * 60)]
    return [*busy_owner(world, day), *busy_person(world, person, day), *off]


def slot_id(person: int, start: str, minutes: int) -> str:
    """Names a colleague, a start and a length."""
    half_hours = minutes_of(start[11:]) // 30
    number = person * DAY_SPAN + day_type.fromisoformat(start[:10]).toordinal() % DAY_SPAN
    return seal("sl", (number * 48 + half_hours) * LENGTHS + minutes)


@pack.tool
def find_free_slots(
    world: World,
    person_id: Annotated[
        str, Kind("person.partner", accepts=(*PEOPLE, "person.participant", "person.inviter"))
    ],
    date: Annotated[str, Kind("date.meeting", format="date")],
    minutes: Annotated[int, Kind("duration.meeting"), Field(ge=15, le=480)],
    page: Page = 1,
) -> Slots:
    """List the times of a day at which both the user and a colleague are free, earliest first.

    Args:
        person_id: ID of the colleague.
        date: The day, YYYY-MM-DD.
        minutes: How long both have to be free.
        page: Page of the list; the first one when left out.
    """
    person, day = person_of(world, person_id), day_of(date)
    if date < now(world)[:10]:
        raise ToolError("refused", f"{date} lies in the past; today is {now(world)[:10]}.")
    starts = free_starts(world, day, minutes, both_busy(world, person, date))
    if day.weekday() > 4:
        starts = []
    shown, following = paged(starts, page, MAX_ITEMS)
    return {
        "person_id": person_id,
        "name": person.name,
        "date": date,
        "minutes": minutes,
        "count": len(starts),
        "next_page": following,
        "slots": [
            {
                "slot_id": slot_id(person.no, start, minutes),
                "start_time": start[11:],
                "end_time": f"{(m := minutes_of(start[11:]) + minutes) // 60:02}:{m % 60:02}",
            }
            for start in shown
        ],
    }


@pack.tool(effect="write")
def book_slot(world: World, slot_id: Annotated[str, Kind("slot.free")], title: TalkTitle) -> Held:
    """Plan a meeting in a free slot and invite the colleague whom the slot was found for.

    Args:
        slot_id: ID of the free slot.
        title: Title of the meeting, in English as the calendars are.
    """
    number = unseal("sl", slot_id)
    rest, minutes = divmod(number, LENGTHS)
    rest, half_hours = divmod(rest, 48)
    person_no, ordinal = divmod(rest, DAY_SPAN)
    db = agenda(world)
    if number < 0 or not db.execute("SELECT 1 FROM people WHERE no = ?", (person_no,)).fetchone():
        raise ToolError("not_found", f"No free slot with the ID {slot_id}.")
    person = person_of(world, f"PE-{person_no}")
    day = _near(world, ordinal).isoformat()
    start = f"{day}T{half_hours // 2:02}:{half_hours % 2 * 30:02}"
    refuse_clash(world, start, minutes, both_busy(world, person, day))
    event = insert_event(world, title, start, minutes)
    row = (event.no, person.no)
    db.execute("INSERT INTO participants VALUES (?, ?, 'no reply', 1, NULL)", row)
    return {
        "event_id": f"{EVENT}-{event.no}",
        "title": title,
        "with_name": person.name,
        "date": event.day,
        "start_time": event.start,
        "end_time": event.end,
        "status": "invitation sent",
    }


def _near(world: World, ordinal: int) -> day_type:
    """The next day with these last digits of its ordinal."""
    today = world.now.date().toordinal()
    return day_type.fromordinal(today + (ordinal - today) % DAY_SPAN)


@pack.tool
def free_rooms(world: World, event_id: OldOrNew, page: Page = 1) -> Rooms:
    """List the meeting rooms that are free during an event and large enough, smallest first.

    Args:
        event_id: ID of the event.
        page: Page of the list; the first one when left out.
    """
    event = event_of(world, event_id)
    refuse_private(event)
    if event.starts_at <= now(world):
        raise ToolError("refused", f"{event.title} was on {event.day} and is over.")
    people = count_participants(world, event) + 1
    rows = agenda(world).execute("SELECT * FROM rooms WHERE seats >= ? ORDER BY seats", (people,))
    start = minutes_of(event.start)
    free = [
        row
        for row in rows
        if row[0] != event.room
        and is_free(busy_room(world, row[0], event.day, event.no), start, event.minutes)
    ]
    shown, following = paged(free, page, MAX_ITEMS)
    return {
        "event_id": event_id,
        "title": event.title,
        "date": event.day,
        "start_time": event.start,
        "end_time": event.end,
        "people": people,
        "count": len(free),
        "next_page": following,
        "rooms": [
            {
                "offer_id": room_offer(event.no, row[0]),
                "room_name": row[1],
                "building": row[2],
                "floor": row[3],
                "seats": row[4],
                "has_video": bool(row[5]),
                "has_whiteboard": bool(row[6]),
            }
            for row in shown
        ],
    }


def room_offer(event: int, room: int) -> str:
    """Names an event and a room for it."""
    return seal("ro", event * 1000 + room)


@pack.tool(effect="write")
def book_room(world: World, offer_id: Annotated[str, Kind("room.offer")]) -> Booked:
    """Book a free room for an event; a room that the event had before is given up.

    Args:
        offer_id: ID of the offer: a room that is free during that event.
    """
    number = unseal("ro", offer_id)
    event_no, room = divmod(number, 1000)
    db = agenda(world)
    found = db.execute("SELECT name, building, floor FROM rooms WHERE no = ?", (room,)).fetchone()
    known = db.execute("SELECT 1 FROM events WHERE no = ?", (event_no,)).fetchone()
    if number < 0 or found is None or known is None:
        raise ToolError("not_found", f"No room offer with the ID {offer_id}.")
    event = event_of(world, f"{EVENT}-{event_no}")
    busy = busy_room(world, room, event.day, event.no)
    if not is_free(busy, minutes_of(event.start), event.minutes):
        raise ToolError("refused", f"{found[0]} is taken from {event.start} to {event.end} now.")
    if event.room == room:
        raise ToolError("refused", f"{found[0]} is booked for {event.title} already.")
    db.execute("UPDATE events SET room = ? WHERE no = ?", (room, event.no))
    return {
        "event_id": f"{EVENT}-{event.no}",
        "title": event.title,
        "room_name": found[0],
        "building": found[1],
        "floor": found[2],
        "date": event.day,
        "start_time": event.start,
        "end_time": event.end,
        "given_up_room": room_name(world, event.room),
    }
