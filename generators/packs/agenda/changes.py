"""Putting events into the calendar, moving and cancelling them, and answering invitations."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.agenda.base import (
    CLOSES,
    EVENT,
    FOUND_EVENTS,
    OPENS,
    AnyTitle,
    Clock,
    Event,
    EventDay,
    Minutes,
    Moment,
    Name,
    Title,
    agenda,
    busy_owner,
    busy_room,
    event_of,
    free_starts,
    is_free,
    minutes_of,
    moment_of,
    name_of,
    next_number,
    now,
    own_events,
    pack,
    person_of,
    refuse_private,
    room_name,
)
from callwright.schemas.errors import ToolError

NewTitle = Annotated[str, Kind("event.new_title")]
EventId = Annotated[str, Kind("event.id", accepts=FOUND_EVENTS)]
OldOrNew = Annotated[str, Kind("event.id", accepts=(*FOUND_EVENTS, "event.new"))]
"""Things are also done at once with an event that has just been put in."""
Start = Annotated[str, Kind("datetime.planned", format="local-date-time")]
Duration = Annotated[int, Kind("duration.meeting"), Field(ge=5, le=480)]

MOST_REMINDERS = 4


class NewEvent(TypedDict):
    event_id: Annotated[str, Kind("event.new")]
    title: NewTitle
    calendar: str
    starts_at: Moment
    ends_at: Moment
    events_that_day: int


class MovedEvent(TypedDict):
    event_id: str
    title: AnyTitle
    old_starts_at: Moment
    starts_at: Moment
    ends_at: Moment
    room_kept: bool
    notified: int


class CancelledEvent(TypedDict):
    event_id: str
    title: AnyTitle
    starts_at: Moment
    status: str
    notified: int


class Answered(TypedDict):
    event_id: str
    title: Title
    response: Annotated[str, Kind("invitation.response")]
    organizer_name: Name
    starts_at: Moment
    open_invitations: int


class Invited(TypedDict):
    event_id: str
    title: AnyTitle
    date: EventDay
    start_time: Clock
    invited_name: Name
    participant_count: int


class Reminder(TypedDict):
    event_id: str
    title: AnyTitle
    minutes_before: int
    remind_at: Moment
    reminder_count: int


def refuse_clash(
    world: World, start: str, minutes: int, busy: list[Minutes], without: int | None = None
) -> None:
    """Nobody is at two places at once, in the past, or at work at night.

    Raises:
        ToolError: `refused`, with the free times of that day where there are any.
    """
    moment = moment_of(start)
    free = free_starts(world, moment.date(), minutes, busy)[:6]
    if start <= now(world):
        raise ToolError("refused", f"{start} lies in the past; it is {now(world)} now.")
    begin = minutes_of(start[11:])
    if begin < OPENS * 60 or begin + minutes > CLOSES * 60:
        raise ToolError("refused", f"Events must lie between {OPENS:02}:00 and {CLOSES}:00.", free)
    for event in own_events(world, start[:10], without):
        if not is_free([(minutes_of(event.start), minutes_of(event.end))], begin, minutes):
            taken = f"{event.title} is from {event.start} to {event.end}"
            raise ToolError("refused", f"{start} is taken: {taken}.", free)
    if not is_free(busy, begin, minutes):
        raise ToolError("refused", f"{start} is not free.", free)


def insert_event(
    world: World, title: str, start: str, minutes: int, *, room: int | None = None
) -> Event:
    """A new event at work that the owner organizes."""
    ends = moment_of(start) + timedelta(minutes=minutes)
    event = Event(
        next_number(world, "events", title, start), "Work", title, None, start,
        f"{ends:%Y-%m-%dT%H:%M}", None, room, None, "accepted", now(world)[:10],
    )  # fmt: skip
    agenda(world).execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", event)
    return event


def _own_to_come(world: World, event_id: str, what: str) -> Event:
    """An event that the owner may change.

    Raises:
        ToolError: `refused` when it is over or somebody else's.
    """
    event = event_of(world, event_id)
    if event.starts_at <= now(world):
        raise ToolError("refused", f"{event.title} was on {event.day} and is over.")
    if event.organizer is not None:
        organizer = name_of(world, event.organizer)
        advice = "Decline it instead, or ask the organizer."
        message = f"Only the organizer, {organizer}, can {what} {event.title}. {advice}"
        raise ToolError("refused", message)
    return event


def count_participants(world: World, event: Event) -> int:
    query = "SELECT count(*) FROM participants WHERE event = ?"
    return int(agenda(world).execute(query, (event.no,)).fetchone()[0])


@pack.tool(effect="write")
def create_event(world: World, title: NewTitle, starts_at: Start, minutes: Duration) -> NewEvent:
    """Put a new event into the user's work calendar. Refused when the user has no time then.

    Args:
        title: Title of the event, in English as the calendars are.
        starts_at: Local start, YYYY-MM-DDTHH:MM.
        minutes: How long it takes.
    """
    refuse_clash(world, starts_at, minutes, busy_owner(world, starts_at[:10]))
    event = insert_event(world, title, starts_at, minutes)
    return {
        "event_id": f"{EVENT}-{event.no}",
        "title": title,
        "calendar": event.calendar,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "events_that_day": len(own_events(world, event.day)),
    }


@pack.tool(effect="write")
def move_event(world: World, event_id: EventId, new_start: Start) -> MovedEvent:
    """Move an event to another time. It keeps its length, and its room where that is free then.

    Refused for events that somebody else organizes and for times at which the user is busy.

    Args:
        event_id: ID of the event.
        new_start: New local start, YYYY-MM-DDTHH:MM.
    """
    event = _own_to_come(world, event_id, "move")
    day, start = new_start[:10], new_start
    refuse_clash(world, start, event.minutes, busy_owner(world, day, event.no), event.no)
    kept = event.room is not None and is_free(
        busy_room(world, event.room, day, event.no), minutes_of(start[11:]), event.minutes
    )
    ends = f"{moment_of(start) + timedelta(minutes=event.minutes):%Y-%m-%dT%H:%M}"
    agenda(world).execute(
        "UPDATE events SET starts_at = ?, ends_at = ?, room = ? WHERE no = ?",
        (start, ends, event.room if kept else None, event.no),
    )
    return {
        "event_id": event_id,
        "title": event.title,
        "old_starts_at": event.starts_at,
        "starts_at": start,
        "ends_at": ends,
        "room_kept": kept,
        "notified": count_participants(world, event),
    }


@pack.tool(effect="write")
def cancel_event(world: World, event_id: EventId) -> CancelledEvent:
    """Cancel an event that the user organizes and tell its participants.

    Refused for events that somebody else organizes.

    Args:
        event_id: ID of the event.
    """
    event = _own_to_come(world, event_id, "cancel")
    notified = count_participants(world, event)
    for table in ("participants", "reminders"):
        agenda(world).execute(f"DELETE FROM {table} WHERE event = ?", (event.no,))  # noqa: S608
    agenda(world).execute("DELETE FROM events WHERE no = ?", (event.no,))
    return {
        "event_id": event_id,
        "title": event.title,
        "starts_at": event.starts_at,
        "status": "cancelled",
        "notified": notified,
    }


@pack.tool(effect="write")
def respond_to_invitation(
    world: World,
    event_id: Annotated[
        str, Kind("event.to_answer", accepts=("event.invited", "event.found", "event.met"))
    ],
    response: Annotated[Literal["accepted", "declined", "tentative"], Kind("invitation.response")],
) -> Answered:
    """Accept or decline an event that somebody else organizes, or say that the user may come.

    Args:
        event_id: ID of the event.
        response: The answer; an earlier one is replaced.
    """
    event = event_of(world, event_id)
    if event.organizer is None:
        message = f"The user organizes {event.title} and is not invited to it. Cancel or move it."
        raise ToolError("refused", message)
    if event.starts_at <= now(world):
        raise ToolError("refused", f"{event.title} was on {event.day} and is over.")
    if event.response == response:
        raise ToolError("refused", f"The answer to {event.title} is {response} already.")
    db = agenda(world)
    db.execute("UPDATE events SET response = ? WHERE no = ?", (response, event.no))
    query = "SELECT count(*) FROM events WHERE response = 'no reply' AND starts_at > ?"
    return {
        "event_id": event_id,
        "title": event.title,
        "response": response,
        "organizer_name": name_of(world, event.organizer),
        "starts_at": event.starts_at,
        "open_invitations": db.execute(query, (now(world),)).fetchone()[0],
    }


@pack.tool(effect="write")
def invite_to_event(
    world: World,
    event_id: OldOrNew,
    person_id: Annotated[
        str,
        Kind("person.guest", accepts=("person.colleague", "person.manager", "person.requester")),
    ],
) -> Invited:
    """Invite a colleague to an event. Refused when they take part already or the room is too small.

    Args:
        event_id: ID of the event.
        person_id: ID of the colleague.
    """
    event, person = event_of(world, event_id), person_of(world, person_id)
    refuse_private(event)
    if event.starts_at <= now(world):
        raise ToolError("refused", f"{event.title} was on {event.day} and is over.")
    db = agenda(world)
    query = "SELECT response FROM participants WHERE event = ? AND person = ?"
    known = db.execute(query, (event.no, person.no)).fetchone()
    if known is not None:
        raise ToolError("refused", f"{person.name} is invited already; the reply: {known[0]}.")
    count = count_participants(world, event) + 1
    if event.room is not None:
        seats = db.execute("SELECT seats FROM rooms WHERE no = ?", (event.room,)).fetchone()[0]
        if count + 1 > seats:
            message = f"{room_name(world, event.room)} has only {seats} seats. Book a larger room."
            raise ToolError("refused", message)
    row = (event.no, person.no)
    db.execute("INSERT INTO participants VALUES (?, ?, 'no reply', 1, NULL)", row)
    return {
        "event_id": event_id,
        "title": event.title,
        "date": event.day,
        "start_time": event.start,
        "invited_name": person.name,
        "participant_count": count,
    }


@pack.tool(effect="write")
def set_reminder(
    world: World,
    event_id: OldOrNew,
    minutes_before: Annotated[int, Kind("duration.notice"), Field(ge=1, le=10080)],
) -> Reminder:
    """Have the user reminded some time before an event. Refused when there are four already.

    Args:
        event_id: ID of the event.
        minutes_before: How many minutes before it begins.
    """
    event = event_of(world, event_id)
    at = f"{moment_of(event.starts_at) - timedelta(minutes=minutes_before):%Y-%m-%dT%H:%M}"
    if at <= now(world):
        raise ToolError("refused", f"{at} lies in the past; it is {now(world)} now.")
    db = agenda(world)
    rows = db.execute("SELECT minutes_before FROM reminders WHERE event = ?", (event.no,))
    known = [minutes for (minutes,) in rows]
    if minutes_before in known:
        message = f"There is a reminder {minutes_before} minutes before {event.title} already."
        raise ToolError("refused", message)
    if len(known) >= MOST_REMINDERS:
        raise ToolError("refused", f"{event.title} has {MOST_REMINDERS} reminders, the most.")
    number = next_number(world, "reminders", event.title)
    db.execute("INSERT INTO reminders VALUES (?, ?, ?)", (number, event.no, minutes_before))
    return {
        "event_id": event_id,
        "title": event.title,
        "minutes_before": minutes_before,
        "remind_at": at,
        "reminder_count": len(known) + 1,
    }
