"""What people say about an agenda, and what may stand in for an id when causality is checked."""

# ruff: noqa: ARG001 - samplers share one signature

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta

from callwright.generators.pack import World
from callwright.generators.packs.agenda.base import (
    EVENT,
    PERSON,
    TASK,
    agenda,
    busy_owner,
    free_starts,
    now,
    pack,
    person_of,
)
from callwright.generators.packs.agenda.slots import (
    both_busy,
    free_rooms,
    slot_id,
)
from callwright.generators.packs.agenda.tables import LISTS, NEW_EVENTS, NEW_TASKS, TALKS
from callwright.generators.packs.agenda.world import weekday
from callwright.schemas.toolbox import Json

Context = Mapping[str, Json]

MINE = "calendar = 'Work' AND organizer IS NULL AND starts_at > ?"
"""Events that the owner may move, cancel, find a room for and invite to."""
PLAN_AHEAD = 21
"""Days within which people usually plan."""


def _one(world: World, rng: random.Random, query: str, *values: Json) -> Json:
    """The first column of one of the rows that `query` finds."""
    db = agenda(world)
    (count,) = db.execute(f"SELECT count(*) FROM ({query})", values).fetchone()  # noqa: S608
    if not count:
        raise LookupError(query)
    at = (*values, int(rng.random() * count))
    return db.execute(query + " LIMIT 1 OFFSET ?", at).fetchone()[0]


# ---------------------------------------------------------------------------- people


@pack.kind("colleague.name")
def colleague_name(world: World, rng: random.Random, context: Context) -> Json:
    return _one(world, rng, "SELECT name FROM people WHERE manager IS NOT NULL")


def _person(world: World, rng: random.Random, context: Context) -> Json:
    number = _one(world, rng, "SELECT no FROM people WHERE manager IS NOT NULL")
    return f"{PERSON}-{number}"


for kind in (
    "colleague", "manager", "organizer", "requester", "participant", "inviter",
    "any", "met", "guest", "partner",
):  # fmt: skip
    pack.kind(f"person.{kind}", said=False)(_person)


# ---------------------------------------------------------------------------- events


@pack.kind("event.title")
def event_title(world: World, rng: random.Random, context: Context) -> Json:
    """Of an event to come: mostly one that the owner organizes, now and then a private one."""
    which = rng.choices(
        ("calendar = 'Private'", "calendar = 'Work' AND organizer IS NULL", "organizer > 0"),
        (15, 55, 30),
    )[0]
    query = "SELECT DISTINCT title FROM events WHERE starts_at > ? AND response <> 'no reply'"
    return _one(world, rng, f"{query} AND {which}", now(world))


@pack.kind("event.taken_start")
def taken_start(world: World, rng: random.Random, context: Context) -> Json:
    """When one of the owner's own events to come begins: nothing else fits in then."""
    query = f"SELECT starts_at FROM events WHERE {MINE}"  # noqa: S608
    return _one(world, rng, query, now(world))


@pack.kind("event.new_title")
def new_event_title(world: World, rng: random.Random, context: Context) -> Json:
    return rng.choice(NEW_EVENTS)


@pack.kind("event.talk_title")
def talk_title(world: World, rng: random.Random, context: Context) -> Json:
    return rng.choice(TALKS)


def _event(world: World, rng: random.Random, context: Context) -> Json:
    query = f"SELECT no FROM events WHERE {MINE}"  # noqa: S608
    return f"{EVENT}-{_one(world, rng, query, now(world))}"


for kind in ("id", "found", "listed", "met", "new"):
    pack.kind(f"event.{kind}", said=False)(_event)


def _invitation(world: World, rng: random.Random, context: Context) -> Json:
    query = "SELECT no FROM events WHERE response = 'no reply' AND starts_at > ?"
    return f"{EVENT}-{_one(world, rng, query, now(world))}"


for kind in ("invited", "to_answer"):
    pack.kind(f"event.{kind}", said=False)(_invitation)


@pack.kind("duration.meeting")
def meeting_minutes(world: World, rng: random.Random, context: Context) -> Json:
    return rng.choice((30, 30, 30, 45, 45, 60, 60, 90))


@pack.kind("duration.notice")
def notice(world: World, rng: random.Random, context: Context) -> Json:
    return rng.choice((5, 20, 25, 40, 45, 90, 120))


# ------------------------------------------------------------------- days and times


@pack.kind("date.agenda")
def agenda_day(world: World, rng: random.Random, context: Context) -> Json:
    """A day with something in the calendar, soon as a rule."""
    last = (world.now.date() + timedelta(days=PLAN_AHEAD)).isoformat()
    query = "SELECT DISTINCT substr(starts_at, 1, 10) FROM events WHERE starts_at BETWEEN ? AND ?"
    return _one(world, rng, query, (world.now.date() + timedelta(days=1)).isoformat(), last)


def _colleague(world: World, context: Context) -> str | None:
    """The ID of the colleague whom the row is about."""
    query = "SELECT no FROM people WHERE name = ?"
    name = context.get("colleague.name")
    found = agenda(world).execute(query, (name,)).fetchone() if isinstance(name, str) else None
    return f"{PERSON}-{found[0]}" if found else None


@pack.kind("date.meeting")
def meeting_day(world: World, rng: random.Random, context: Context) -> Json:
    """A working day on which the row's colleague is there."""
    code = _colleague(world, context)
    off = person_of(world, code).day_off if code else None
    while True:
        day = weekday(rng, world.now.date(), 1, PLAN_AHEAD).isoformat()
        if day != off:
            return day


@pack.kind("datetime.planned")
def planned_start(world: World, rng: random.Random, context: Context) -> Json:
    """A time at which the owner has nothing else."""
    said = context.get("duration.meeting")
    minutes = said if isinstance(said, int) else 120
    for _ in range(20):
        day = weekday(rng, world.now.date(), 1, PLAN_AHEAD)
        starts = free_starts(world, day, minutes, busy_owner(world, day.isoformat()))
        if starts:
            return rng.choice(starts)
    raise LookupError("no free time")


@pack.kind("date.task")
def due_day(world: World, rng: random.Random, context: Context) -> Json:
    """A day by which something is to be done: within six weeks."""
    return (world.now.date() + timedelta(days=rng.randint(1, 40))).isoformat()


def _other_due_day(world: World, rng: random.Random, context: Context) -> Json:
    return _one(world, rng, "SELECT DISTINCT due_date FROM tasks WHERE due_date IS NOT NULL")


pack.kind("date.task_due", said=False)(_other_due_day)


@pack.kind("date.event", said=False)
def event_day(world: World, rng: random.Random, context: Context) -> Json:
    query = "SELECT DISTINCT substr(starts_at, 1, 10) FROM events WHERE starts_at > ?"
    return _one(world, rng, query, now(world))


# ------------------------------------------------------------------ slots and rooms


@pack.kind("slot.free", said=False)
def free_slot(world: World, rng: random.Random, context: Context) -> Json:
    for _ in range(20):
        person = person_of(world, str(_person(world, rng, context)))
        day = weekday(rng, world.now.date(), 1, PLAN_AHEAD).isoformat()
        busy = both_busy(world, person, day)
        starts = free_starts(world, date.fromisoformat(day), 30, busy)
        if starts:
            return slot_id(person.no, rng.choice(starts), 30)
    raise LookupError("no free slot")


@pack.kind("room.offer", said=False)
def offered_room(world: World, rng: random.Random, context: Context) -> Json:
    for _ in range(20):
        found = free_rooms(world, str(_event(world, rng, context)))["rooms"]
        if found:
            return rng.choice(found)["offer_id"]
    raise LookupError("no free room")


# ----------------------------------------------------------------------------- tasks


@pack.kind("task.title")
def task_title(world: World, rng: random.Random, context: Context) -> Json:
    return _one(world, rng, "SELECT title FROM tasks WHERE done_on IS NULL")


def _task(world: World, rng: random.Random, context: Context) -> Json:
    number = _one(world, rng, "SELECT no FROM tasks WHERE done_on IS NULL")
    return f"{TASK}-{number}"


for kind in ("id", "found", "listed"):
    pack.kind(f"task.{kind}", said=False)(_task)


@pack.kind("task.list")
def task_list(world: World, rng: random.Random, context: Context) -> Json:
    """The one that the row's new task belongs on."""
    title = context.get("task.new_title")
    for name, titles in NEW_TASKS.items():
        if title in titles:
            return name
    return rng.choice(LISTS)


@pack.kind("task.new_title")
def new_task_title(world: World, rng: random.Random, context: Context) -> Json:
    """One that suits the list that the row is about."""
    name = context.get("task.list")
    names = [name] if isinstance(name, str) and name in NEW_TASKS else list(NEW_TASKS)
    return rng.choice([title for name in names for title in NEW_TASKS[name]])
