"""What the agenda's tools share: the pack, ids, look-ups by id, and who is busy when."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, timedelta
from typing import Annotated, Any, NamedTuple

from callwright.generators.pack import Kind, Pack, World
from callwright.generators.packs.agenda.texts import chance
from callwright.generators.packs.agenda.world import seed_database
from callwright.generators.packs.travel.timetable import mix
from callwright.schemas.errors import ToolError

pack = Pack(
    "agenda",
    about="The user's own agenda: calendars, events, invitations, rooms, colleagues and tasks.",
    data="Invented and seeded; people, rooms and appointments belong to nobody.",
    seed_database=seed_database,
)

MAX_ITEMS = 8
"""Longest list a result holds; what follows is on the next page."""

EVENT, PERSON, ROOM, TASK = "EV", "PE", "RM", "TK"
OPENS, CLOSES = 8, 20
"""Hours between which events may be planned."""

Minutes = tuple[int, int]
"""From and until, in minutes after midnight."""

Title = Annotated[str, Kind("event.title")]
AnyTitle = Annotated[str, Kind("event.any_title")]
"""Of an event that may be a new one."""
Name = Annotated[str, Kind("colleague.name")]
EventDay = Annotated[str, Kind("date.event", format="date")]
DayLabel = Annotated[str, Kind("date.label", format="date")]
Clock = Annotated[str, Kind("time.event", format="time")]
Moment = Annotated[str, Kind("datetime.event", format="local-date-time")]
Room = Annotated[str, Kind("room.name")]
CalendarName = Annotated[str, Kind("agenda.calendar")]
Response = Annotated[str, Kind("invitation.response")]
Page = Annotated[int, Kind("agenda.page")]

FOUND_EVENTS = ("event.found", "event.listed", "event.met")
PEOPLE = ("person.colleague", "person.manager", "person.organizer", "person.requester")


class Event(NamedTuple):
    no: int
    calendar: str
    title: str
    matter: str | None
    starts_at: str
    ends_at: str
    organizer: int | None
    """None: the owner."""
    room: int | None
    place: str | None
    response: str
    created_on: str

    @property
    def day(self) -> str:
        return self.starts_at[:10]

    @property
    def start(self) -> str:
        return self.starts_at[11:]

    @property
    def end(self) -> str:
        return self.ends_at[11:]

    @property
    def minutes(self) -> int:
        return minutes_of(self.end) - minutes_of(self.start)


class Person(NamedTuple):
    no: int
    name: str
    folded: str
    email: str
    team: str
    role: str
    manager: int | None
    works_from: str
    works_until: str
    city: str
    desk: str
    day_off: str


def agenda(world: World) -> sqlite3.Connection:
    return world.db("agenda")


def now(world: World) -> str:
    """The current local time as events have theirs."""
    return f"{world.now:%Y-%m-%dT%H:%M}"


def minutes_of(time: str) -> int:
    """HH:MM as minutes after midnight."""
    return int(time[:2]) * 60 + int(time[3:])


def row_of(world: World, table: str, prefix: str, code: str, what: str) -> tuple[Any, ...]:
    digits = code.removeprefix(f"{prefix}-")
    found = None
    if digits != code and digits.isdecimal() and len(digits) < 12:
        query = f"SELECT * FROM {table} WHERE no = ?"  # noqa: S608 - our own names
        found = agenda(world).execute(query, (int(digits),)).fetchone()
    if found is None:
        raise ToolError("not_found", f"No {what} with the ID {code}.")
    return tuple(found)


def event_of(world: World, event_id: str) -> Event:
    return Event(*row_of(world, "events", EVENT, event_id, "event"))


def person_of(world: World, person_id: str) -> Person:
    return Person(*row_of(world, "people", PERSON, person_id, "colleague"))


def name_of(world: World, person: int | None) -> str:
    """The colleague's name; the owner's for None."""
    if person is None:
        found = agenda(world).execute("SELECT owner FROM settings").fetchone()
    else:
        found = agenda(world).execute("SELECT name FROM people WHERE no = ?", (person,)).fetchone()
    return str(found[0])


def room_name(world: World, room: int | None) -> str | None:
    if room is None:
        return None
    found = agenda(world).execute("SELECT name FROM rooms WHERE no = ?", (room,)).fetchone()
    return str(found[0])


def next_number(world: World, table: str, *about: str) -> int:
    """A number for a new row: above all others, by a step that depends on what it is about.

    So another title gets another number, and who passes it on has really read it.
    """
    (highest,) = agenda(world).execute(f"SELECT max(no) FROM {table}").fetchone()  # noqa: S608
    letters = (ord(letter) for text in about for letter in text)
    return int(highest) + 1 + mix(*letters) % 89


# --------------------------------------------------------------------- who is busy


def own_events(world: World, day: str, without: int | None = None) -> list[Event]:
    """The owner's events on a day, earliest first; declined ones take no time."""
    rows = agenda(world).execute(
        "SELECT * FROM events WHERE starts_at >= ? AND starts_at < ? AND response <> 'declined'"
        " ORDER BY starts_at, no",
        (day, f"{day}U"),
    )
    return [event for event in map(Event._make, rows) if event.no != without]


def busy_owner(world: World, day: str, without: int | None = None) -> list[Minutes]:
    return [(minutes_of(e.start), minutes_of(e.end)) for e in own_events(world, day, without)]


def busy_person(world: World, person: Person, day: str) -> list[Minutes]:
    """When a colleague has no time on a day: meetings with the owner and others of their own."""
    if day == person.day_off:
        return [(0, 24 * 60)]
    shared = agenda(world).execute(
        "SELECT starts_at, ends_at FROM events JOIN participants ON event = no WHERE person = ?"
        " AND starts_at >= ? AND starts_at < ? AND participants.response <> 'declined'",
        (person.no, day, f"{day}U"),
    )
    busy = [(minutes_of(begin[11:]), minutes_of(end[11:])) for begin, end in shared]
    (salt,) = agenda(world).execute("SELECT salt FROM settings").fetchone()
    rng = chance("busy", salt, person.no, day)
    for _ in range(rng.randint(1, 4)):
        start = rng.randrange(8 * 60, 17 * 60, 30)
        busy.append((start, start + rng.choice((30, 60, 60, 90, 120))))
    return busy


def busy_room(world: World, room: int, day: str, without: int | None = None) -> list[Minutes]:
    """When a room is taken on a day: by the owner's events and by other teams."""
    own = agenda(world).execute(
        "SELECT starts_at, ends_at, no FROM events WHERE room = ? AND starts_at >= ?"
        " AND starts_at < ?",
        (room, day, f"{day}U"),
    )
    busy = [(minutes_of(a[11:]), minutes_of(b[11:])) for a, b, no in own if no != without]
    (salt,) = agenda(world).execute("SELECT salt FROM settings").fetchone()
    rng = chance("room", salt, room, day)
    for _ in range(rng.randint(0, 3)):
        start = rng.randrange(8 * 60, 18 * 60, 30)
        busy.append((start, start + rng.choice((30, 60, 90))))
    return busy


def is_free(busy: list[Minutes], start: int, minutes: int) -> bool:
    return all(until <= start or start + minutes <= begin for begin, until in busy)


def free_starts(world: World, day: date, minutes: int, busy: list[Minutes]) -> list[str]:
    """Half hours of a day, from now on, at which `minutes` are free within office hours."""
    found = []
    for start in range(9 * 60, 18 * 60 - minutes + 1, 30):
        moment = datetime.combine(day, datetime.min.time()) + timedelta(minutes=start)
        if moment > world.now.replace(tzinfo=None) and is_free(busy, start, minutes):
            found.append(f"{moment:%Y-%m-%dT%H:%M}")
    return found


def refuse_private(event: Event) -> None:
    """Participants, rooms and details are for events at work.

    Raises:
        ToolError: `refused` for a private event.
    """
    if event.calendar != "Work":
        where = f"; it takes place at {event.place}" if event.place else ""
        raise ToolError("refused", f"{event.title} is a private appointment{where}.")


def day_of(text: str) -> date:
    """A day as YYYY-MM-DD.

    Raises:
        ToolError: `invalid_arguments` for anything else.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ToolError("invalid_arguments", f"{text} is no day; write YYYY-MM-DD.") from None


def moment_of(text: str) -> datetime:
    """A local time as YYYY-MM-DDTHH:MM.

    Raises:
        ToolError: `invalid_arguments` for anything else.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - local, without a zone
    except ValueError:
        raise ToolError(
            "invalid_arguments", f"{text} is no time; write YYYY-MM-DDTHH:MM."
        ) from None
