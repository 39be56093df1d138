"""The first state of an agenda: one owner, the colleagues, and what is planned."""

from __future__ import annotations

import random
import sqlite3
from datetime import date, datetime, time, timedelta

from callwright.generators.packs.agenda.tables import (
    CALENDARS,
    LISTS,
    PRIORITIES,
    PRIVATE,
    RESPONSES,
    ROOM_NAMES,
    STEPS,
    TASKS,
    TEAMS,
    WORK,
    Errand,
    Topic,
)
from callwright.generators.packs.travel import people

SCHEMA = """
PRAGMA foreign_keys = ON;
CREATE TABLE settings (one INTEGER PRIMARY KEY CHECK (one = 1), salt INTEGER, owner TEXT,
    email TEXT);
CREATE TABLE people (no INTEGER PRIMARY KEY, name TEXT, folded TEXT, email TEXT, team TEXT,
    role TEXT, manager INTEGER REFERENCES people, works_from TEXT, works_until TEXT, city TEXT,
    desk TEXT, day_off TEXT);
CREATE TABLE rooms (no INTEGER PRIMARY KEY, name TEXT, building TEXT, floor INTEGER, seats INTEGER,
    video INTEGER, whiteboard INTEGER);
CREATE TABLE calendars (name TEXT PRIMARY KEY, colour TEXT);
CREATE TABLE events (no INTEGER PRIMARY KEY, calendar TEXT REFERENCES calendars, title TEXT,
    matter TEXT, starts_at TEXT, ends_at TEXT, organizer INTEGER REFERENCES people,
    room INTEGER REFERENCES rooms, place TEXT, response TEXT, created_on TEXT);
CREATE TABLE participants (event INTEGER REFERENCES events, person INTEGER REFERENCES people,
    response TEXT, required INTEGER, replied_on TEXT, PRIMARY KEY (event, person));
CREATE TABLE reminders (no INTEGER PRIMARY KEY, event INTEGER REFERENCES events,
    minutes_before INTEGER);
CREATE TABLE lists (name TEXT PRIMARY KEY, created_on TEXT);
CREATE TABLE tasks (no INTEGER PRIMARY KEY, list TEXT REFERENCES lists, title TEXT, due_date TEXT,
    priority TEXT, done_on TEXT, created_on TEXT, requested_by INTEGER REFERENCES people);
CREATE TABLE subtasks (no INTEGER PRIMARY KEY, task INTEGER REFERENCES tasks, title TEXT,
    done INTEGER);
CREATE INDEX events_by_time ON events (starts_at);
"""

COLLEAGUES = 30
PAST_DAYS, DAYS_AHEAD = 10, 44
"""How far back and ahead events stand in the calendars."""

MOST_A_DAY = 5
ERRAND_TIMES = {
    "day": (8 * 60, 8 * 60 + 15, 12 * 60, 12 * 60 + 30, 17 * 60, 17 * 60 + 30),
    "evening": (18 * 60, 18 * 60 + 30, 19 * 60, 19 * 60 + 30),
}
"""Starts of private appointments, in minutes after midnight."""
CITIES = ("London", "Berlin", "Madrid", "Singapore", "Toronto")
"""Where the colleagues' offices are; all keep one calendar, that of the owner's office."""


def seed_database(rng: random.Random, now: datetime) -> sqlite3.Connection:
    """An agenda of its own for each `rng`: everything in it is set by `rng` and `now`."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.executescript(SCHEMA)
    (owner, email, _), *others = people.travellers(rng, COLLEAGUES + 1)
    db.execute("BEGIN")
    db.execute("INSERT INTO settings VALUES (1, ?, ?, ?)", (rng.getrandbits(30), owner, email))
    _people(db, rng, now.date(), others)
    _rooms(db, rng)
    db.executemany(
        "INSERT INTO calendars VALUES (?, ?)", zip(CALENDARS, ("blue", "green"), strict=True)
    )
    _Planner(db, rng, now).plan()
    _tasks(db, rng, now.date())
    db.execute("COMMIT")
    return db


def _people(
    db: sqlite3.Connection, rng: random.Random, today: date, named: list[tuple[str, str, str]]
) -> None:
    """The colleagues: the first of each team leads it, and the first of all leads them."""
    numbers = rng.sample(range(2100, 9900), len(named))
    desks = rng.sample(range(101, 480), len(named))
    heads: dict[str, int] = {}
    for at, (name, email, _) in enumerate(named):
        no, team = numbers[at], list(TEAMS)[at % len(TEAMS)]
        head = heads.setdefault(team, no)
        boss = numbers[0] if head == no else head
        starts = rng.choice((8 * 60, 8 * 60 + 30, 9 * 60, 9 * 60 + 30))
        until = starts + rng.choice((8, 9)) * 60
        db.execute(
            "INSERT INTO people VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                no,
                name,
                people.fold(name),
                email,
                team,
                "team lead" if head == no else rng.choice(TEAMS[team]),
                None if boss == no else boss,
                clock(starts),
                clock(until),
                rng.choice(CITIES),
                f"{'ABCD'[desks[at] % 4]}{desks[at]}",
                weekday(rng, today, 3, 40).isoformat(),
            ),
        )


def colleagues(db: sqlite3.Connection) -> list[int]:
    """Those with whom the owner has to do: everybody but the head of all."""
    query = "SELECT no FROM people WHERE manager IS NOT NULL ORDER BY no"
    return [no for (no,) in db.execute(query)]


def _rooms(db: sqlite3.Connection, rng: random.Random) -> None:
    """No two rooms with as many seats: one of those that are free is the smallest."""
    names = rng.sample(ROOM_NAMES, 14)
    seats = rng.sample([4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 18, 20, 24, 30], 14)
    numbers = rng.sample(range(310, 990), 14)
    for no, name, size in zip(numbers, names, seats, strict=True):
        extras = (int(rng.random() < 0.6), int(rng.random() < 0.5))
        place = (rng.choice(("North Wing", "South Wing")), rng.randint(1, 5))
        db.execute(
            "INSERT INTO rooms VALUES (?, ?, ?, ?, ?, ?, ?)", (no, name, *place, size, *extras)
        )


class _Planner:
    """Fills the calendars: meetings that come back every week, single ones, private errands."""

    def __init__(self, db: sqlite3.Connection, rng: random.Random, now: datetime) -> None:
        self.db, self.rng, self.now = db, rng, now.replace(tzinfo=None)
        self.first = now.date() - timedelta(days=PAST_DAYS)
        self.days: dict[date, list[tuple[int, int]]] = {}
        """Day -> what is taken, in minutes after midnight."""
        self.people = colleagues(db)
        self.rooms = db.execute("SELECT no, seats FROM rooms ORDER BY seats").fetchall()
        self.event = rng.randrange(20_000, 60_000)
        self.reminder = rng.randrange(4000, 8000)

    def plan(self) -> None:
        rng = self.rng
        topics, errands = rng.sample(WORK, len(WORK)), rng.sample(PRIVATE, 10)
        for at, topic in enumerate(topics[:6]):
            self._weekly(at % 5, topic)
        invitations = rng.randint(4, 7)
        for topic in topics[6 : 6 + invitations]:
            day = self._day(2, DAYS_AHEAD - 10)
            self._meeting(
                day, self._free(day, topic.minutes), topic, *self._company(topic, True), "no reply"
            )
        for topic in topics[6 + invitations :]:
            for _ in range(rng.choice((1, 1, 2))):
                day = self._day(-PAST_DAYS, DAYS_AHEAD - 4)
                company = self._company(topic, rng.random() < 0.4)
                self._meeting(day, self._free(day, topic.minutes), topic, *company, "accepted")
            if not self._is_ahead(topic.title):
                day = self._day(1, DAYS_AHEAD - 4)
                company = self._company(topic, rng.random() < 0.4)
                self._meeting(day, self._free(day, topic.minutes), topic, *company, "accepted")
        for errand in errands:
            self._errand(errand)

    def _errand(self, errand: Errand) -> None:
        """A private appointment at a time at which people have such."""
        while True:
            day, start = self._day(1, DAYS_AHEAD - 6), self.rng.choice(ERRAND_TIMES[errand.time])
            if self._fits(day, start, errand.minutes):
                about = ("Private", errand.title, None, None, None, errand.place, "accepted")
                self._insert(day, start, errand.minutes, about)
                return

    def _is_ahead(self, title: str) -> bool:
        query = "SELECT 1 FROM events WHERE title = ? AND starts_at > ?"
        return self.db.execute(query, (title, f"{self.now:%Y-%m-%dT%H:%M}")).fetchone() is not None

    def _weekly(self, on: int, topic: Topic) -> None:
        """At one time on one day of the week, with the same people; now and then left out."""
        company = self._company(topic, self.rng.random() < 0.5)
        days = [self.first + timedelta(days=n) for n in range(PAST_DAYS + DAYS_AHEAD)]
        days = [day for day in days if day.weekday() == on]
        start = self._free(days[0], topic.minutes)
        for day in days:
            if self.rng.random() < 0.9 and self._fits(day, start, topic.minutes):
                self._meeting(day, start, topic, *company, "accepted")

    def _day(self, low: int, high: int) -> date:
        """A working day with room for one more."""
        while True:
            day = weekday(self.rng, self.now.date(), low, high)
            if len(self.days.get(day, ())) < MOST_A_DAY:
                return day

    def _free(self, day: date, minutes: int) -> int:
        """A time between nine and half past five at which nothing else is planned."""
        starts = [
            s for s in range(9 * 60, 17 * 60 + 31 - minutes, 30) if self._fits(day, s, minutes)
        ]
        return self.rng.choice(starts) if starts else 18 * 60

    def _fits(self, day: date, start: int, minutes: int) -> bool:
        return all(b <= start or start + minutes <= a for a, b in self.days.get(day, ()))

    def _company(self, topic: Topic, invited: bool) -> tuple[int | None, list[int]]:
        """(organizer, None for the owner; those who take part beside the owner)."""
        size = max(1, topic.size + self.rng.choice((-1, 0, 0, 1)))
        others = self.rng.sample(self.people, size)
        return (others[0] if invited else None), others

    def _meeting(
        self,
        day: date,
        start: int,
        topic: Topic,
        organizer: int | None,
        others: list[int],
        response: str,
    ) -> None:
        large = [no for no, seats in self.rooms if seats > len(others)]
        room = self.rng.choice(large) if self.rng.random() < 0.7 else None
        about = ("Work", topic.title, topic.matter, organizer, room, None, response)
        no, created = self._insert(day, start, topic.minutes, about)
        for person in others:
            reply = (
                "accepted"
                if person == organizer
                else self.rng.choices(RESPONSES, (60, 12, 12, 16))[0]
            )
            replied = None if reply == "no reply" else self._between(created)
            required = int(person == organizer or self.rng.random() < 0.75)
            row = (no, person, reply, required, replied)
            self.db.execute("INSERT INTO participants VALUES (?, ?, ?, ?, ?)", row)

    def _between(self, created: date) -> str:
        """A day from `created` to today."""
        days = max(0, (self.now.date() - created).days)
        return (created + timedelta(days=self.rng.randint(0, days))).isoformat()

    def _insert(
        self, day: date, start: int, minutes: int, about: tuple[object, ...]
    ) -> tuple[int, date]:
        """One event; its number and the day on which it was put in."""
        self.days.setdefault(day, []).append((start, start + minutes))
        self.event += self.rng.randint(3, 90)
        created = min(day, self.now.date()) - timedelta(days=self.rng.randint(2, 30))
        moment = datetime.combine(day, time()) + timedelta(minutes=start)
        ends = moment + timedelta(minutes=minutes)
        calendar, title, matter, organizer, room, place, response = about
        self.db.execute(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self.event, calendar, title, matter, f"{moment:%Y-%m-%dT%H:%M}",
                f"{ends:%Y-%m-%dT%H:%M}", organizer, room, place, response, created.isoformat(),
            ),
        )  # fmt: skip
        self.reminder += self.rng.randint(1, 9)
        row = (self.reminder, self.event, self.rng.choice((10, 15, 15, 30, 60)))
        self.db.execute("INSERT INTO reminders VALUES (?, ?, ?)", row)
        return self.event, created


def _tasks(db: sqlite3.Connection, rng: random.Random, today: date) -> None:
    """Each list has its tasks, no two open ones due on one day; some are done, a few overdue."""
    people_numbers = colleagues(db)
    task, step = rng.randrange(1200, 4000), rng.randrange(30_000, 60_000)
    for name in LISTS:
        db.execute("INSERT INTO lists VALUES (?, ?)", (name, _ago(today, rng.randint(60, 700))))
        titles = rng.sample(TASKS[name], min(len(TASKS[name]), rng.randint(6, 12)))
        ahead = rng.sample(range(1, 50), len(titles))
        for at, title in enumerate(titles):
            task += rng.randint(1, 30)
            done = at > 3 and rng.random() < 0.3
            late = not done and at < 2 and rng.random() < 0.5
            due = today + timedelta(days=-rng.randint(1, 4) - 5 * at if late else ahead[at])
            created = today - timedelta(days=rng.randint(6, 60))
            boss = rng.choice(people_numbers) if name == "Work" and rng.random() < 0.7 else None
            row = (
                task, name, title, due.isoformat(), rng.choices(PRIORITIES, (3, 5, 2))[0],
                _ago(today, rng.randint(0, 5)) if done else None, created.isoformat(), boss,
            )  # fmt: skip
            db.execute("INSERT INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
            steps = sorted(rng.sample(range(len(STEPS[name])), rng.randint(2, 4)))
            so_far = len(steps) if done or rng.random() < 0.6 else rng.randint(0, len(steps) - 1)
            for position, which in enumerate(steps):
                step += rng.randint(1, 4)
                finished = int(position < so_far)
                db.execute(
                    "INSERT INTO subtasks VALUES (?, ?, ?, ?)",
                    (step, task, STEPS[name][which], finished),
                )


def _ago(today: date, days: int) -> str:
    return (today - timedelta(days=days)).isoformat()


def weekday(rng: random.Random, today: date, low: int, high: int) -> date:
    """A day from Monday to Friday, `low` to `high` days from today."""
    while True:
        day = today + timedelta(days=rng.randint(low, high))
        if day.weekday() < 5:
            return day


def clock(minutes: int) -> str:
    """Minutes after midnight as HH:MM."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
