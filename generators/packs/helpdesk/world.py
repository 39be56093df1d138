"""The support desk's first state: a small SQLite database, different for every seed."""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter
from datetime import datetime, timedelta

from callwright.generators.packs.helpdesk.tables import (
    AGENT_CLOSINGS,
    AGENT_DETAILS,
    AGENT_OPENINGS,
    AGENTS,
    ARTICLE_PARTS,
    ARTICLE_TYPES,
    CUSTOMER_CLOSINGS,
    CUSTOMER_DETAILS,
    CUSTOMER_OPENINGS,
    DUTIES,
    FIRST,
    FIXES,
    LAST,
    ORGANISATIONS,
    PLANS,
    PRIORITIES,
    PROBLEMS,
    QUEUES,
)
from callwright.generators.seeding import insert, new_database
from callwright.generators.worlds import local

SCHEMA = """
CREATE TABLE organisations (
  organisation_id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, plan TEXT NOT NULL,
  seats INTEGER NOT NULL, since TEXT NOT NULL, contract_ends_on TEXT NOT NULL);
CREATE TABLE people (
  person_id TEXT PRIMARY KEY, organisation_id TEXT NOT NULL REFERENCES organisations,
  name TEXT NOT NULL, email TEXT NOT NULL);
CREATE TABLE agents (
  agent_id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, queue TEXT NOT NULL, duty TEXT NOT NULL,
  back_on TEXT, email TEXT NOT NULL);
CREATE TABLE errors (error_code TEXT PRIMARY KEY, problem TEXT NOT NULL UNIQUE,
  queue TEXT NOT NULL);
CREATE TABLE tickets (
  ticket_id TEXT PRIMARY KEY, organisation_id TEXT NOT NULL REFERENCES organisations,
  person_id TEXT NOT NULL REFERENCES people, queue TEXT NOT NULL,
  error_code TEXT NOT NULL REFERENCES errors, status TEXT NOT NULL, priority TEXT NOT NULL,
  agent_id TEXT REFERENCES agents, opened_at TEXT NOT NULL, replied_at TEXT,
  resolution TEXT);
CREATE TABLE messages (
  message_id INTEGER PRIMARY KEY, ticket_id TEXT NOT NULL REFERENCES tickets,
  at TEXT NOT NULL, sender TEXT NOT NULL, role TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE articles (
  article_id TEXT PRIMARY KEY, error_code TEXT NOT NULL REFERENCES errors, type TEXT NOT NULL,
  fix TEXT NOT NULL, minutes INTEGER NOT NULL, fixed_in TEXT NOT NULL, updated_on TEXT NOT NULL,
  views INTEGER NOT NULL, helpful_percent INTEGER NOT NULL, author TEXT NOT NULL,
  sections TEXT NOT NULL);
CREATE INDEX messages_of ON messages (ticket_id);
CREATE INDEX tickets_of ON tickets (organisation_id);
"""

Row = tuple[str | int | float | None, ...]
LEAST, MOST = 2, 7
"""Tickets of a customer: all of them stand on one page."""
AGENT_MOST = 8
"""Unsolved tickets of an agent: these too."""


def seed_database(rng: random.Random, now: datetime) -> sqlite3.Connection:
    """The desk as it stands at `now`: 36 customers, about 160 tickets, 900 messages."""
    db = new_database(SCHEMA)
    organisations = _organisations(rng, now)
    people = _people(rng, organisations)
    agents = _agents(rng, now)
    errors = _errors(rng)
    tickets = _tickets(rng, now, organisations, people, agents, errors)
    for table, rows in (
        ("organisations", organisations),
        ("people", people),
        ("agents", agents),
        ("errors", errors),
        ("tickets", tickets),
        ("messages", _messages(rng, now, tickets, people, agents)),
        ("articles", _articles(rng, now, errors, agents)),
    ):
        insert(db, table, rows)
    db.commit()
    db.execute("PRAGMA foreign_keys = ON")
    return db


def _ids(rng: random.Random, prefix: str, count: int, low: int, high: int) -> list[str]:
    return [f"{prefix}-{number}" for number in rng.sample(range(low, high), count)]


def _organisations(rng: random.Random, now: datetime) -> list[Row]:
    today = now.date()
    ids = _ids(rng, "ORG", len(ORGANISATIONS), 100, 999)
    return [
        (
            organisation_id,
            name,
            rng.choice(tuple(PLANS)),
            rng.randrange(3, 260),
            (today - timedelta(rng.randrange(200, 2500))).isoformat(),
            (today + timedelta(rng.randrange(20, 400))).isoformat(),
        )
        for organisation_id, name in zip(ids, ORGANISATIONS, strict=True)
    ]


def _people(rng: random.Random, organisations: list[Row]) -> list[Row]:
    names = rng.sample([(f, last) for f in FIRST for last in LAST], 3 * len(organisations))
    ids = _ids(rng, "P", len(names), 10_000, 99_999)
    rows: list[Row] = []
    for at, (person, (first, last)) in enumerate(zip(ids, names, strict=True)):
        owner = organisations[at // 3]
        host = str(owner[1]).lower().replace(" ", "-")
        email = f"{first}.{last}@{host}.example".lower()
        rows.append((person, owner[0], f"{first} {last}", email))
    return rows


def _agents(rng: random.Random, now: datetime) -> list[Row]:
    ids = _ids(rng, "AG", len(AGENTS), 100, 999)
    rows: list[Row] = []
    for at, (agent, name) in enumerate(zip(ids, rng.sample(AGENTS, len(AGENTS)), strict=True)):
        duty = rng.choices(tuple(DUTIES), tuple(DUTIES.values()))[0]
        if at < len(QUEUES):
            duty = "on duty"  # somebody is there in every queue
        back = (now.date() + timedelta(rng.randrange(1, 15))).isoformat()
        email = f"{name.lower().replace(' ', '.')}@desk.example"
        queue = QUEUES[at % len(QUEUES)]
        rows.append((agent, name, queue, duty, None if duty == "on duty" else back, email))
    return rows


def _errors(rng: random.Random) -> list[Row]:
    problems = [(problem, queue) for queue, all_ in PROBLEMS.items() for problem in all_]
    codes = _ids(rng, "E", len(problems), 1000, 9999)
    return [(code, problem, queue) for code, (problem, queue) in zip(codes, problems, strict=True)]


def _tickets(
    rng: random.Random,
    now: datetime,
    organisations: list[Row],
    people: list[Row],
    agents: list[Row],
    errors: list[Row],
) -> list[Row]:
    owners = [o[0] for o in organisations for _ in range(rng.randrange(LEAST, MOST + 1))]
    # In the order in which they were opened, ids rise; no two in one minute.
    rng.shuffle(owners)
    ages = sorted(rng.sample(range(12, 60 * 24 * 9), len(owners)), reverse=True)
    number = rng.randrange(3000, 8000)
    rows: list[Row] = []
    problems: dict[object, list[Row]] = {}
    busy: Counter[object] = Counter()
    for owner, age in zip(owners, ages, strict=True):
        number += rng.randrange(1, 6)
        left = problems.setdefault(owner, rng.sample(errors, len(errors)))
        code, _, queue = left.pop()  # a customer reports a problem once
        team = [a[0] for a in agents if a[2] == queue and busy[a[0]] < AGENT_MOST]
        status = rng.choice(("open", "open", "open", "pending", "pending", "solved"))
        if not team or (age < 60 * 24 and rng.random() < 0.6):
            status = "new"
        agent = None if status == "new" else rng.choice(team)
        busy[agent] += status != "solved"
        opened = now - timedelta(minutes=age)
        reply = None if status == "new" else min(age - 6, rng.randrange(5, 60 * 9))
        rows.append(
            (
                f"HD-{number}",
                owner,
                rng.choice([p[0] for p in people if p[1] == owner]),
                queue,
                code,
                status,
                rng.choices(tuple(PRIORITIES), (2, 5, 3, 1))[0],
                agent,
                local(opened),
                None if reply is None else local(opened + timedelta(minutes=reply)),
                "solved" if status == "solved" else None,
            )
        )
    return rows


def _messages(
    rng: random.Random, now: datetime, tickets: list[Row], people: list[Row], agents: list[Row]
) -> list[Row]:
    names = {row[0]: str(row[2]) for row in people} | {row[0]: str(row[1]) for row in agents}
    rows: list[Row] = []
    for ticket in tickets:
        moment = datetime.fromisoformat(str(ticket[8])).replace(tzinfo=now.tzinfo)
        count = 1 if ticket[7] is None else rng.randrange(5, 10)
        last = now - timedelta(minutes=1)
        step = (last - moment) / (count + 1)
        for at in range(count):
            by_agent = at % 2 == 1
            sender = names[ticket[7] if by_agent else ticket[2]]
            body = _body(rng, by_agent=by_agent)
            role = "agent" if by_agent else "customer"
            rows.append((len(rows) + 1, ticket[0], local(moment + step * at), sender, role, body))
    return rows


def _body(rng: random.Random, *, by_agent: bool) -> str:
    opening, details, closing = (
        (AGENT_OPENINGS, AGENT_DETAILS, AGENT_CLOSINGS)
        if by_agent
        else (CUSTOMER_OPENINGS, CUSTOMER_DETAILS, CUSTOMER_CLOSINGS)
    )
    return " ".join((rng.choice(opening), *rng.sample(details, 3), rng.choice(closing)))


def _articles(rng: random.Random, now: datetime, errors: list[Row], agents: list[Row]) -> list[Row]:
    kinds = [(code, type_) for code, _, _ in errors for type_ in rng.sample(ARTICLE_TYPES, 3)]
    ids = _ids(rng, "KB", len(kinds), 1000, 9999)
    helpful: dict[object, list[int]] = {}
    ages: dict[object, list[int]] = {}
    rows: list[Row] = []
    for article, (code, type_) in zip(ids, kinds, strict=True):
        version = f"{rng.randrange(2, 9)}.{rng.randrange(0, 20)}.{rng.randrange(0, 10)}"
        rows.append(
            (
                article,
                code,
                type_,
                rng.choice(FIXES),
                5 * rng.randrange(1, 10),
                version,
                # No two articles on one problem are as old or as well liked.
                (now.date() - timedelta(_next(rng, ages, code, 3, 700))).isoformat(),
                rng.randrange(40, 9000),
                _next(rng, helpful, code, 35, 98),
                rng.choice(agents)[1],
                json.dumps(rng.sample(ARTICLE_PARTS, len(ARTICLE_PARTS))),
            )
        )
    return rows


def _next(
    rng: random.Random, drawn: dict[object, list[int]], key: object, low: int, high: int
) -> int:
    """A number for `key` that it did not get before."""
    return drawn.setdefault(key, rng.sample(range(low, high), 3)).pop()
