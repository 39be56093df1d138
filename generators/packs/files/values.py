"""What people say of the drive, and what may stand in for an id when causality is checked."""

# ruff: noqa: ARG001 - samplers share one signature

from __future__ import annotations

import random
from collections.abc import Mapping

from callwright.generators.pack import World
from callwright.generators.packs.files.base import drive, pack
from callwright.generators.packs.files.tables import SUBJECTS, TAGS
from callwright.schemas.toolbox import Json

Context = Mapping[str, Json]

MARKS = ("final version", "approved copy", "signed copy", "print version", "client version",
         "archive copy", "board version", "superseded", "working copy", "backup")  # fmt: skip
CODES = ("PO-{}", "INV-{}", "RFQ-{}", "HD-{}", "https://wiki.example.com/p/{}", "ROOM-{}")
"""Lines that mean the same in every language."""


def _column(kind: str, query: str, *, said: bool) -> None:
    """Values of `kind` are the first column of what `query` finds."""

    @pack.kind(kind, said=said)
    def sample(world: World, rng: random.Random, context: Context) -> Json:
        found = drive(world).execute(query).fetchall()
        return found[int(rng.random() * len(found))][0]


_THERE = "FROM files WHERE deleted_at IS NULL"
_column("file.name", f"SELECT name {_THERE}", said=True)
_column("folder.name", "SELECT name FROM folders", said=True)
_column("member.name", "SELECT name FROM members", said=True)
_column("note.title", "SELECT title FROM notes", said=True)
_column("file.id", f"SELECT file_id {_THERE}", said=False)
_column("file.trashed", "SELECT file_id FROM files WHERE deleted_at IS NOT NULL", said=False)
_column("folder.id", "SELECT folder_id FROM folders", said=False)
_column("member.id", "SELECT member_id FROM members", said=False)
_column("member.at_work", "SELECT member_id FROM members", said=False)
_column("note.id", "SELECT note_id FROM notes", said=False)
_column("file.version", "SELECT version_id FROM versions", said=False)
_column("file.access", "SELECT access_id FROM access WHERE role <> 'owner'", said=False)


@pack.kind("file.tag")
def file_tag(world: World, rng: random.Random, context: Context) -> Json:
    return rng.choice(TAGS)


@pack.kind("file.text")
def file_text(world: World, rng: random.Random, context: Context) -> Json:
    """Something that some text mentions; in a folder that was named, something spoken of there."""
    folder, db = context.get("folder.name"), drive(world)
    if folder is None:
        (last,) = db.execute("SELECT max(rowid) FROM passages").fetchone()
        query = "SELECT subject FROM passages WHERE rowid = ?"
        return db.execute(query, (rng.randint(1, last),)).fetchone()[0]
    query = (
        "SELECT subject FROM folders d JOIN files USING (folder_id) JOIN passages USING (file_id)"
        " WHERE d.name = ? AND deleted_at IS NULL"
    )
    found = db.execute(query, (folder,)).fetchall()
    return rng.choice(found)[0] if found else rng.choice(SUBJECTS)


@pack.kind("file.new_name")
def new_name(world: World, rng: random.Random, context: Context) -> Json:
    """A name that goes with any file: what has become of it, and the month."""
    months = world.now.year * 12 + world.now.month - 1 + rng.randrange(-2, 2)
    return f"{rng.choice(MARKS)} {months // 12}-{months % 12 + 1:02}"


@pack.kind("note.line")
def note_line(world: World, rng: random.Random, context: Context) -> Json:
    return rng.choice(CODES).format(rng.randrange(1000, 9999))
