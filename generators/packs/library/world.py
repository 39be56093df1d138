"""The library's first state: a small SQLite database, different for every seed."""

from __future__ import annotations

import random
import sqlite3
from datetime import datetime, timedelta

from callwright.generators.packs.library.tables import HEADINGS, PEOPLE, SENTENCES, TERMS, WORKS
from callwright.generators.seeding import insert, new_database

SCHEMA = """
CREATE TABLE authors (
  author_id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, department TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE, room TEXT NOT NULL, joined_on TEXT NOT NULL);
CREATE TABLE documents (
  document_id TEXT PRIMARY KEY, title TEXT NOT NULL UNIQUE, topic TEXT NOT NULL,
  author_id TEXT NOT NULL REFERENCES authors, pages INTEGER NOT NULL, reads INTEGER NOT NULL,
  review_on TEXT NOT NULL);
CREATE TABLE sections (
  section_id TEXT PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents,
  number INTEGER NOT NULL, heading TEXT NOT NULL, page INTEGER NOT NULL,
  sentences TEXT NOT NULL);
CREATE TABLE versions (
  version_id TEXT PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents,
  number TEXT NOT NULL, issued_on TEXT NOT NULL, editor_id TEXT NOT NULL REFERENCES authors,
  change TEXT NOT NULL);
CREATE TABLE citations (
  section_id TEXT NOT NULL REFERENCES sections, document_id TEXT NOT NULL REFERENCES documents,
  PRIMARY KEY (section_id, document_id));
CREATE TABLE terms (
  term TEXT PRIMARY KEY, definition TEXT NOT NULL,
  section_id TEXT NOT NULL REFERENCES sections);
CREATE TABLE bookmarks (
  bookmark_id TEXT PRIMARY KEY, section_id TEXT NOT NULL UNIQUE REFERENCES sections,
  added_on TEXT NOT NULL);
CREATE TABLE copies (
  copy_id TEXT PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents,
  binding TEXT NOT NULL, ready_on TEXT NOT NULL);
CREATE TABLE reports (
  report_id TEXT PRIMARY KEY, section_id TEXT NOT NULL REFERENCES sections,
  reason TEXT NOT NULL, reported_on TEXT NOT NULL);
CREATE INDEX sections_of ON sections (document_id);
CREATE INDEX versions_of ON versions (document_id);
"""

Row = tuple[str | int | None, ...]
SECTIONS = 6
"""Sections of a document."""


def seed_database(rng: random.Random, now: datetime) -> sqlite3.Connection:
    """The library as it stands at `now`: 37 documents of six sections, by ten authors."""
    db = new_database(SCHEMA)
    authors = _authors(rng, now)
    documents = _documents(rng, now, [str(author[0]) for author in authors])
    sections = _sections(rng, documents)
    for table, rows in (
        ("authors", authors),
        ("documents", documents),
        ("sections", sections),
        ("versions", _versions(rng, now, documents, authors)),
        ("citations", _citations(rng, documents, sections)),
        ("terms", _terms(rng, documents, sections)),
        ("bookmarks", _bookmarks(rng, now, sections)),
        ("copies", _copies(rng, now, documents)),
        ("reports", _reports(rng, now, sections)),
    ):
        insert(db, table, rows)
    db.commit()
    db.execute("PRAGMA foreign_keys = ON")
    return db


def _ids(rng: random.Random, prefix: str, count: int, low: int, high: int) -> list[str]:
    ids = [f"{prefix}-{number}" for number in sorted(rng.sample(range(low, high), count))]
    rng.shuffle(ids)
    return ids


def _day(now: datetime, back: int) -> str:
    return (now.date() - timedelta(back)).isoformat()


def _authors(rng: random.Random, now: datetime) -> list[Row]:
    rows: list[Row] = []
    for author_id, (name, department) in zip(
        _ids(rng, "AU", len(PEOPLE), 100, 999), PEOPLE, strict=True
    ):
        email = f"{name.lower().replace(' ', '.')}@fernhill.example.com"
        room = f"{rng.choice('ABCD')}{rng.randrange(101, 450)}"
        rows.append((author_id, name, department, email, room, _day(now, rng.randrange(400, 7000))))
    return rows


def _documents(rng: random.Random, now: datetime, authors: list[str]) -> list[Row]:
    reads = rng.sample(range(40, 2400), len(WORKS))
    reviews = rng.sample(range(10, 700), len(WORKS))
    rows: list[Row] = []
    for document_id, work, read, review in zip(
        _ids(rng, "DOC", len(WORKS), 1000, 9999), WORKS, reads, reviews, strict=True
    ):
        pages = rng.randrange(14, 96)
        due = (now.date() + timedelta(review)).isoformat()
        rows.append((document_id, work.title, work.topic, rng.choice(authors), pages, read, due))
    return rows


def _sections(rng: random.Random, documents: list[Row]) -> list[Row]:
    ids = iter(_ids(rng, "S", SECTIONS * len(documents), 10_000, 99_999))
    rows: list[Row] = []
    for document in documents:
        headings = sorted(rng.sample(range(len(HEADINGS)), SECTIONS))
        pages = sorted(rng.sample(range(2, int(str(document[4]))), SECTIONS))
        for number, (heading, page) in enumerate(zip(headings, pages, strict=True), 1):
            text = " ".join(map(str, rng.sample(range(len(SENTENCES)), rng.randrange(16, 22))))
            rows.append((next(ids), document[0], number, HEADINGS[heading], page, text))
    return rows


def _versions(
    rng: random.Random, now: datetime, documents: list[Row], authors: list[Row]
) -> list[Row]:
    changes = ("deadlines revised", "new forms", "contacts updated", "scope widened", "layout only")
    counts = [rng.randrange(2, 5) for _ in documents]
    ids = iter(_ids(rng, "V", sum(counts), 1000, 9999))
    rows: list[Row] = []
    for document, count in zip(documents, counts, strict=True):
        ages = sorted(rng.sample(range(20, 1900), count), reverse=True)
        for major, age in enumerate(ages, 1):
            editor = rng.choice(authors)[0]
            number = f"{major}.{rng.randrange(0, 4)}"
            rows.append(
                (next(ids), document[0], number, _day(now, age), editor, rng.choice(changes))
            )
    return rows


def _citations(rng: random.Random, documents: list[Row], sections: list[Row]) -> list[Row]:
    rows: list[Row] = []
    for section in sections:
        others = [d[0] for d in documents if d[0] != section[1]]
        rows += [(section[0], other) for other in rng.sample(others, rng.choice((0, 1, 1, 2, 3)))]
    return rows


def _terms(rng: random.Random, documents: list[Row], sections: list[Row]) -> list[Row]:
    """Each term is explained in a section of a document of its own field."""
    topics = {document[0]: document[2] for document in documents}
    rows: list[Row] = []
    for term, (topic, definition) in TERMS.items():
        fitting = [section for section in sections if topics[section[1]] == topic]
        rows.append((term, definition, rng.choice(fitting)[0]))
    return rows


def _bookmarks(rng: random.Random, now: datetime, sections: list[Row]) -> list[Row]:
    chosen = rng.sample(sections, 7)
    ages = rng.sample(range(2, 300), len(chosen))
    ids = _ids(rng, "B", len(chosen), 100, 900)
    return [(b, s[0], _day(now, age)) for b, s, age in zip(ids, chosen, ages, strict=True)]


def _copies(rng: random.Random, now: datetime, documents: list[Row]) -> list[Row]:
    return [
        (copy_id, document[0], rng.choice(("stapled", "spiral", "hardcover")),
         (now.date() + timedelta(rng.randrange(1, 6))).isoformat())
        for copy_id, document in zip(
            _ids(rng, "C", 11, 1000, 9000), rng.sample(documents, 11), strict=True
        )
    ]  # fmt: skip


def _reports(rng: random.Random, now: datetime, sections: list[Row]) -> list[Row]:
    ids = _ids(rng, "ER", 11, 100, 900)
    return [
        (report, section[0], "outdated", _day(now, rng.randrange(1, 200)))
        for report, section in zip(ids, rng.sample(sections, 11), strict=True)
    ]
