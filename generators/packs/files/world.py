"""The drive's first state: a small SQLite database, different for every seed."""

from __future__ import annotations

import random
import sqlite3
from datetime import datetime, timedelta

from callwright.generators.packs.files.tables import (
    CLOSABLE,
    DOCUMENTS,
    FOLDERS,
    HEADINGS,
    LABELS,
    NOTES,
    PASSAGES,
    PROJECTS,
    SAID,
    SIZES,
    SUBJECTS,
    TAGS,
    TEAMS,
)
from callwright.generators.packs.travel.people import travellers
from callwright.generators.seeding import insert, new_database
from callwright.generators.worlds import local

SCHEMA = """
CREATE TABLE members (
  member_id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, email TEXT NOT NULL,
  team TEXT NOT NULL, job TEXT NOT NULL, city TEXT NOT NULL, extension TEXT NOT NULL,
  joined_on TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE folders (
  folder_id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE,
  owner_id TEXT NOT NULL REFERENCES members, archived INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
  file_id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, type TEXT NOT NULL,
  folder_id TEXT NOT NULL REFERENCES folders, created_at TEXT NOT NULL,
  size_kb INTEGER NOT NULL, modified_at TEXT NOT NULL,
  modified_by TEXT NOT NULL REFERENCES members,
  locked_by TEXT REFERENCES members, deleted_at TEXT, deleted_by TEXT REFERENCES members);
CREATE TABLE versions (
  version_id TEXT PRIMARY KEY, file_id TEXT NOT NULL REFERENCES files,
  number INTEGER NOT NULL, saved_at TEXT NOT NULL, author_id TEXT NOT NULL REFERENCES members,
  size_kb INTEGER NOT NULL, label TEXT, UNIQUE (file_id, number));
CREATE TABLE access (
  access_id TEXT PRIMARY KEY, file_id TEXT NOT NULL REFERENCES files,
  member_id TEXT NOT NULL REFERENCES members, role TEXT NOT NULL, since TEXT NOT NULL,
  UNIQUE (file_id, member_id));
CREATE TABLE tags (
  file_id TEXT NOT NULL REFERENCES files, tag TEXT NOT NULL,
  PRIMARY KEY (file_id, tag)) WITHOUT ROWID;
CREATE TABLE passages (
  file_id TEXT NOT NULL REFERENCES files, subject TEXT NOT NULL, passage TEXT NOT NULL);
CREATE TABLE notes (
  note_id TEXT PRIMARY KEY, title TEXT NOT NULL UNIQUE,
  author_id TEXT NOT NULL REFERENCES members, created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL, body TEXT NOT NULL, closed INTEGER NOT NULL);
CREATE TABLE note_links (
  note_id TEXT NOT NULL REFERENCES notes, file_id TEXT NOT NULL REFERENCES files,
  added_at TEXT NOT NULL, PRIMARY KEY (note_id, file_id));
CREATE TABLE links (
  url TEXT PRIMARY KEY, file_id TEXT NOT NULL UNIQUE REFERENCES files, expires_on TEXT NOT NULL);
"""

MEMBERS = 24
FILES_IN_A_FOLDER = (5, 11)
"""Fewest and most; above 8 a folder has a second page."""

Row = tuple[str | int | None, ...]


MINUTES_A_DAY = 13 * 60
"""People work from seven in the morning to eight in the evening."""


def seed_database(rng: random.Random, now: datetime) -> sqlite3.Connection:
    """The drive as it stands at `now`: 15 folders, about 120 files, 24 people, 18 notes."""
    db = new_database(SCHEMA)
    members = _members(rng, now)
    people = [str(row[0]) for row in members]
    folders = _folders(rng, people)
    drafts = _files(rng, now, folders)
    insert(db, "members", members)
    insert(db, "folders", folders)
    versions = _versions(rng, now, drafts, people)
    files = _as_they_are(rng, now, drafts, versions, people)
    insert(db, "files", files)
    insert(db, "versions", versions)
    insert(db, "access", _access(rng, now, files, people))
    tags: list[Row] = [
        (f[0], tag) for f in files for tag in rng.sample(TAGS, rng.choice((0, 1, 1, 2, 3)))
    ]
    insert(db, "tags", tags)
    insert(db, "passages", _passages(rng, files))
    notes = _notes(rng, now, members)
    insert(db, "notes", notes)
    insert(db, "note_links", _note_links(rng, files, notes))
    insert(db, "links", _links(rng, now, files))
    db.commit()
    db.execute("PRAGMA foreign_keys = ON")
    return db


def _numbers(rng: random.Random, prefix: str, count: int, low: int, high: int) -> list[str]:
    """`count` different ids in no particular order."""
    return [f"{prefix}-{number}" for number in rng.sample(range(low, high), count)]


def _worked(now: datetime, age: int) -> datetime:
    """The moment `age` minutes of working days before the last midnight."""
    days, minutes = divmod(age, MINUTES_A_DAY)
    midnight = now.replace(hour=0, minute=0)
    return midnight - timedelta(days=days) - timedelta(hours=4, minutes=minutes + 1)


def _members(rng: random.Random, now: datetime) -> list[Row]:
    ids = _numbers(rng, "M", MEMBERS, 100, 999)
    extensions = rng.sample(range(2000, 9999), MEMBERS)
    rows: list[Row] = []
    for member, (name, email, city), number in zip(
        ids, travellers(rng, MEMBERS), extensions, strict=True
    ):
        team = rng.choice(list(TEAMS))
        joined = now.date() - timedelta(rng.randrange(60, 4000))
        job = rng.choice(TEAMS[team])
        rows.append((member, name, email, team, job, city, str(number), joined.isoformat()))
    return rows


def _folders(rng: random.Random, people: list[str]) -> list[Row]:
    ids = _numbers(rng, "FD", len(FOLDERS), 100, 999)
    archived = set(rng.sample(CLOSABLE, 1))
    return [
        (folder, name, rng.choice(people), int(name in archived))
        for folder, name in zip(ids, FOLDERS, strict=True)
    ]


def _files(rng: random.Random, now: datetime, folders: list[Row]) -> list[Row]:
    places = [folder[0] for folder in folders for _ in range(rng.randint(*FILES_IN_A_FOLDER))]
    ids = _numbers(rng, "F", len(places), 10_000, 99_999)
    known = [(project, document) for project in PROJECTS for document in DOCUMENTS]
    chosen = rng.sample(known, len(places))
    rows: list[Row] = []
    for file, place, (project, document) in zip(ids, places, chosen, strict=True):
        made = now - timedelta(days=rng.randrange(90, 500), minutes=rng.randrange(600))
        type_ = DOCUMENTS[document]
        rows.append((file, f"{project} {document}", type_, place, local(made)))
    return rows


def _versions(rng: random.Random, now: datetime, files: list[Row], people: list[str]) -> list[Row]:
    """Every file's versions, oldest first; no two of the drive were saved in one minute."""
    counts = [rng.choice((1, 2, 3, 3, 4, 5, 6)) for _ in files]
    ids = iter(_numbers(rng, "V", sum(counts), 10_000, 99_999))
    ages = iter(rng.sample(range(80 * MINUTES_A_DAY), sum(counts)))
    rows: list[Row] = []
    for file, count in zip(files, counts, strict=True):
        authors = rng.sample(people, 3)
        labels = rng.sample(LABELS, count)
        size = rng.randint(*SIZES[str(file[2])])
        for number, age in enumerate(sorted((next(ages) for _ in range(count)), reverse=True), 1):
            saved = local(_worked(now, age))
            label = labels[number - 1] if rng.random() < 0.4 else None
            rows.append((next(ids), file[0], number, saved, rng.choice(authors), size, label))
            size += rng.randrange(1, 2 + size // 5)
    return rows


def _as_they_are(
    rng: random.Random, now: datetime, files: list[Row], versions: list[Row], people: list[str]
) -> list[Row]:
    """The files as their newest versions are; some are checked out, others lie in the trash."""
    newest = {version[1]: (version[5], version[3], version[4]) for version in versions}
    chosen = rng.sample(range(len(files)), 21)
    tidy = rng.sample(people, 5)  # they do most of the tidying up
    state: dict[int, Row] = {at: (rng.choice(people), None, None) for at in chosen[:5]}
    for at, age in zip(chosen[5:], rng.sample(range(28 * MINUTES_A_DAY), 16), strict=True):
        state[at] = (None, local(_worked(now, age)), rng.choice(tidy))
    return [
        (*file, *newest[file[0]], *state.get(at, (None, None, None)))
        for at, file in enumerate(files)
    ]


def _access(rng: random.Random, now: datetime, files: list[Row], people: list[str]) -> list[Row]:
    rows: list[Row] = []
    counts = [rng.choice((2, 3, 3, 4, 4, 5, 6)) for _ in files]
    ids = iter(_numbers(rng, "AC", sum(counts), 1000, 9999))
    for file, count in zip(files, counts, strict=True):
        days = sorted(rng.sample(range(3, 85), count), reverse=True)
        for at, (member, age) in enumerate(zip(rng.sample(people, count), days, strict=True)):
            role = "owner" if at == 0 else rng.choice(("editor", "viewer"))
            since = (now.date() - timedelta(age)).isoformat()
            rows.append((next(ids), file[0], member, role, since))
    return rows


def _passages(rng: random.Random, files: list[Row]) -> list[Row]:
    """The files of a folder speak of the same few things."""
    known = rng.sample(SUBJECTS, 18)
    spoken_of: dict[str, list[str]] = {}
    rows: list[Row] = []
    for file in files:
        if file[2] == "image":
            continue
        subjects = spoken_of.setdefault(str(file[3]), rng.sample(known, 12))
        for subject, passage in zip(rng.sample(subjects, 4), rng.sample(PASSAGES, 4), strict=True):
            rows.append((file[0], subject, passage.format(subject)))
    return rows


def _notes(rng: random.Random, now: datetime, members: list[Row]) -> list[Row]:
    ids = _numbers(rng, "N", len(NOTES), 1000, 9999)
    ages = rng.sample(range(40 * MINUTES_A_DAY), len(NOTES))
    closed = set(rng.sample(NOTES, 2))
    rows: list[Row] = []
    for note, title, age in zip(ids, NOTES, ages, strict=True):
        updated = _worked(now, age)
        made = _worked(now, age + rng.randrange(MINUTES_A_DAY, 20 * MINUTES_A_DAY))
        author = rng.choice(members)
        names = [str(author[1]), *rng.sample([str(m[1]) for m in members if m is not author], 4)]
        body = _body(rng, names)
        rows.append(
            (note, title, author[0], local(made), local(updated), body, int(title in closed))
        )
    return rows


def _body(rng: random.Random, names: list[str]) -> str:
    """Minutes under their headings: who was there, then what was said, all of it."""
    said = iter(rng.sample(SAID, 26))
    parts = [f"{HEADINGS[0]}: {', '.join(names)}."]
    for heading, count in zip(HEADINGS[1:], (11, 6, 5, 4), strict=True):
        parts.append(heading + "\n" + "\n".join(f"- {next(said)}" for _ in range(count)))
    return "\n\n".join(parts)


def _note_links(rng: random.Random, files: list[Row], notes: list[Row]) -> list[Row]:
    there = [file for file in files if file[9] is None]
    rows: list[Row] = []
    for note in notes:
        made = datetime.fromisoformat(str(note[3]))
        minutes = sorted(rng.sample(range(1, 30), rng.choice((1, 2, 3, 3, 4))))
        for file, minute in zip(rng.sample(there, len(minutes)), minutes, strict=True):
            rows.append((note[0], file[0], local(made + timedelta(minutes=minute))))
    return rows


def _links(rng: random.Random, now: datetime, files: list[Row]) -> list[Row]:
    there = [file for file in files if file[9] is None]
    return [
        (
            link_to(str(file[0]), rng.randrange(1000)),
            file[0],
            (now.date() + timedelta(rng.randrange(5, 80))).isoformat(),
        )
        for file in rng.sample(there, 12)
    ]


def link_to(file_id: str, salt: int) -> str:
    """The address under which a file can be opened; it does not show which one it is."""
    letters = "bcdfghjkmnpqrstvwxz23456789"
    number = (int(file_id.removeprefix("F-")) * 7_368_787 + salt * 104_729) % len(letters) ** 7
    code = ""
    for _ in range(7):
        number, at = divmod(number, len(letters))
        code += letters[at]
    return f"https://drive.example.com/s/{code}"
