"""What stands in the owner's calendars, and what the owner is invited to."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from callwright.generators.nearest import nearest
from callwright.generators.pack import Kind, World
from callwright.generators.packs.agenda.base import (
    EVENT,
    FOUND_EVENTS,
    MAX_ITEMS,
    PERSON,
    AnyTitle,
    CalendarName,
    Clock,
    DayLabel,
    Event,
    EventDay,
    Name,
    Page,
    Response,
    Room,
    Title,
    agenda,
    day_of,
    event_of,
    name_of,
    now,
    own_events,
    pack,
    person_of,
    refuse_private,
    room_name,
)
from callwright.generators.packs.agenda.texts import FILES, chance, invitation_text
from callwright.generators.paging import paged
from callwright.schemas.errors import ToolError

DAYS_OF_INTEREST = (
    "date.task_due", "date.flight", "date.checkin", "date.delivery",
)  # fmt: skip
"""Days of which somebody asks whether they are free."""


class ListedEvent(TypedDict):
    event_id: Annotated[str, Kind("event.listed")]
    title: AnyTitle
    start_time: Clock
    end_time: Clock
    minutes: int
    calendar: CalendarName
    room_name: Room | None


class Day(TypedDict):
    date: DayLabel
    count: int
    next_page: int | None
    events: list[ListedEvent]


class Availability(TypedDict):
    date: DayLabel
    is_free: bool
    event_count: int
    busy_minutes: int
    first_start: Annotated[str | None, Kind("time.event", format="time")]
    last_end: Annotated[str | None, Kind("time.event", format="time")]


class FoundEvent(TypedDict):
    event_id: Annotated[str, Kind("event.found")]
    title: Title
    date: EventDay
    start_time: Clock
    end_time: Clock
    calendar: CalendarName
    room_name: Room | None
    place: str | None
    organizer_name: Name | None
    """None where the user organizes it."""
    later_dates: list[str]


class Organizer(TypedDict):
    person_id: Annotated[str | None, Kind("person.organizer")]
    name: Name


class Participant(TypedDict):
    person_id: Annotated[str, Kind("person.participant")]
    name: Name
    email: str
    team: Annotated[str, Kind("colleague.team")]
    required: bool
    response: Response
    replied_on: str | None


class Attachment(TypedDict):
    file_name: str
    size_kb: int
    url: str


class Change(TypedDict):
    on: str
    by: str
    what: str


class EventDetails(TypedDict):
    event_id: str
    title: AnyTitle
    date: EventDay
    start_time: Clock
    end_time: Clock
    minutes: int
    room_name: Room | None
    my_response: Response
    organizer: Organizer
    participant_count: int
    declined_count: int
    participants: list[Participant]
    description: str
    meeting_link: str | None
    attachments: list[Attachment]
    reminders_minutes_before: list[int]
    changes: list[Change]


class Meeting(TypedDict):
    event_id: Annotated[str, Kind("event.met")]
    title: AnyTitle
    date: EventDay
    start_time: Clock
    end_time: Clock
    room_name: Room | None


class Meetings(TypedDict):
    person_id: str
    name: Name
    count: int
    next_page: int | None
    meetings: list[Meeting]


class Invitation(TypedDict):
    event_id: Annotated[str, Kind("event.invited")]
    title: Title
    organizer_id: Annotated[str, Kind("person.inviter")]
    organizer_name: Name
    date: Annotated[str, Kind("date.invited", format="date")]
    start_time: Clock
    end_time: Clock
    sent_on: DayLabel


class Invitations(TypedDict):
    count: int
    next_page: int | None
    invitations: list[Invitation]


@pack.tool
def list_events(
    world: World,
    date: Annotated[str, Kind("date.agenda", format="date")],
    page: Page = 1,
) -> Day:
    """List what is in the user's calendars on one day, earliest first.

    Args:
        date: The day, YYYY-MM-DD.
        page: Page of the list; the first one when left out.
    """
    events = own_events(world, day_of(date).isoformat())
    shown, following = paged(events, page, MAX_ITEMS)
    return {
        "date": date,
        "count": len(events),
        "next_page": following,
        "events": [
            {
                "event_id": f"{EVENT}-{event.no}",
                "title": event.title,
                "start_time": event.start,
                "end_time": event.end,
                "minutes": event.minutes,
                "calendar": event.calendar,
                "room_name": room_name(world, event.room),
            }
            for event in shown
        ],
    }


@pack.tool
def check_availability(
    world: World,
    date: Annotated[str, Kind("date.meeting", accepts=DAYS_OF_INTEREST, format="date")],
) -> Availability:
    """Tell whether the user is free on a day: how many events there are, from when until when.

    Args:
        date: The day, YYYY-MM-DD.
    """
    events = own_events(world, day_of(date).isoformat())
    return {
        "date": date,
        "is_free": not events,
        "event_count": len(events),
        "busy_minutes": sum(event.minutes for event in events),
        "first_start": events[0].start if events else None,
        "last_end": max(event.end for event in events) if events else None,
    }


@pack.tool
def find_event(world: World, title: Title) -> FoundEvent:
    """Find the next event with a title in the user's calendars. Gives its ID, day and time.

    Args:
        title: Title of the event, in English as the calendars are; capitals do not matter.
    """
    db = agenda(world)
    query = "SELECT * FROM events WHERE title = ? COLLATE NOCASE AND starts_at > ?"
    rows = db.execute(query + " ORDER BY starts_at", (title.strip(), now(world))).fetchall()
    if not rows:
        titles = "SELECT DISTINCT title FROM events WHERE starts_at > ?"
        known = [name for (name,) in db.execute(titles, (now(world),))]
        near = nearest(title, known)
        raise ToolError("not_found", f"No event named {title} is to come.", near)
    first, *later = map(Event._make, rows)
    return {
        "event_id": f"{EVENT}-{first.no}",
        "title": first.title,
        "date": first.day,
        "start_time": first.start,
        "end_time": first.end,
        "calendar": first.calendar,
        "room_name": room_name(world, first.room),
        "place": first.place,
        "organizer_name": name_of(world, first.organizer) if first.organizer else None,
        "later_dates": [event.day for event in later],
    }


@pack.tool
def get_event(
    world: World,
    event_id: Annotated[str, Kind("event.id", accepts=(*FOUND_EVENTS, "event.invited"))],
) -> EventDetails:
    """Show everything about an event at work: participants, organizer, agenda, files, changes.

    The organizer's ID is null where the user organizes it. Refused for private appointments, of
    which no more is kept than their time and place.

    Args:
        event_id: ID of the event.
    """
    event = event_of(world, event_id)
    refuse_private(event)
    people = _participants(world, event)
    sender = name_of(world, event.organizer)
    db = agenda(world)
    rng = chance("event", event.no)
    reminders = db.execute("SELECT minutes_before FROM reminders WHERE event = ?", (event.no,))
    organizer = f"{PERSON}-{event.organizer}" if event.organizer else None
    return {
        "event_id": event_id,
        "title": event.title,
        "date": event.day,
        "start_time": event.start,
        "end_time": event.end,
        "minutes": event.minutes,
        "room_name": room_name(world, event.room),
        "my_response": event.response,
        "organizer": {"person_id": organizer, "name": sender},
        "participant_count": len(people),
        "declined_count": sum(person["response"] == "declined" for person in people),
        "participants": people,
        "description": invitation_text(event.matter, sender, str(event.no)) if event.matter else "",
        "meeting_link": f"https://meet.example.com/{rng.getrandbits(40):010x}" if people else None,
        "attachments": [
            {
                "file_name": name,
                "size_kb": rng.randint(20, 4800),
                "url": f"https://files.example.com/{rng.getrandbits(48):012x}/{name}",
            }
            for name in (rng.sample(FILES, rng.randint(1, 3)) if people else ())
        ],
        "reminders_minutes_before": sorted(minutes for (minutes,) in reminders),
        "changes": [
            Change(on=event.created_on, by=sender, what="created"),
            *(
                Change(on=person["replied_on"], by=person["name"], what=person["response"])
                for person in people
                if person["replied_on"] is not None
            ),
        ],
    }


def _participants(world: World, event: Event) -> list[Participant]:
    rows = agenda(world).execute(
        "SELECT no, name, email, team, required, response, replied_on FROM participants"
        " JOIN people ON person = no WHERE event = ? ORDER BY name",
        (event.no,),
    )
    return [
        {
            "person_id": f"{PERSON}-{row[0]}",
            "name": row[1],
            "email": row[2],
            "team": row[3],
            "required": bool(row[4]),
            "response": row[5],
            "replied_on": row[6],
        }
        for row in rows
    ]


@pack.tool
def list_meetings_with(
    world: World,
    person_id: Annotated[str, Kind("person.met", accepts=("person.colleague",))],
    page: Page = 1,
) -> Meetings:
    """List the user's coming meetings in which a colleague takes part, the next one first.

    Args:
        person_id: ID of the colleague.
        page: Page of the list; the first one when left out.
    """
    person = person_of(world, person_id)
    rows = agenda(world).execute(
        "SELECT events.* FROM events JOIN participants ON event = no WHERE person = ?"
        " AND starts_at > ? AND events.response <> 'declined' ORDER BY starts_at, no",
        (person.no, now(world)),
    )
    events = list(map(Event._make, rows))
    shown, following = paged(events, page, MAX_ITEMS)
    return {
        "person_id": person_id,
        "name": person.name,
        "count": len(events),
        "next_page": following,
        "meetings": [
            {
                "event_id": f"{EVENT}-{event.no}",
                "title": event.title,
                "date": event.day,
                "start_time": event.start,
                "end_time": event.end,
                "room_name": room_name(world, event.room),
            }
            for event in shown
        ],
    }


@pack.tool
def list_invitations(world: World, page: Page = 1) -> Invitations:
    """List the invitations that the user has not answered yet, the earliest event first.

    Args:
        page: Page of the list; the first one when left out.
    """
    rows = agenda(world).execute(
        "SELECT * FROM events WHERE response = 'no reply' AND starts_at > ? ORDER BY starts_at, no",
        (now(world),),
    )
    events = list(map(Event._make, rows))
    shown, following = paged(events, page, MAX_ITEMS)
    return {
        "count": len(events),
        "next_page": following,
        "invitations": [
            {
                "event_id": f"{EVENT}-{event.no}",
                "title": event.title,
                "organizer_id": f"{PERSON}-{event.organizer}",
                "organizer_name": name_of(world, event.organizer),
                "date": event.day,
                "start_time": event.start,
                "end_time": event.end,
                "sent_on": event.created_on,
            }
            for event in shown
        ],
    }
