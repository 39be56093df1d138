"""What the library's tools share: the pack, look-ups by id, and the types of common fields."""

from __future__ import annotations

import sqlite3
from typing import Annotated, Any

from callwright.generators.nearest import nearest
from callwright.generators.pack import Kind, Pack, World
from callwright.generators.packs.library.world import seed_database
from callwright.schemas.errors import ToolError

pack = Pack(
    "library",
    about="A firm's library: handbooks and rules, their sections, versions, terms and authors.",
    data="Invented and seeded; the firm, its people and its rules exist nowhere.",
    seed_database=seed_database,
)

PAGE = 8
"""Items on a page."""

DocumentId = Annotated[str, Kind("library.document_id")]
Title = Annotated[str, Kind("library.title")]
Topic = Annotated[str, Kind("library.topic")]
SectionId = Annotated[str, Kind("library.section_id")]
Heading = Annotated[str, Kind("library.heading")]
AuthorId = Annotated[str, Kind("library.author_id")]
AuthorName = Annotated[str, Kind("library.author")]
Department = Annotated[str, Kind("library.department")]
Issued = Annotated[str, Kind("date.issued_document", format="date")]
PageNumber = Annotated[int, Kind("library.page")]


def shelves(world: World) -> sqlite3.Connection:
    return world.db("library")


def found(world: World, query: str, key: str, what: str) -> Any:
    """The one row that `query` finds by `key`; what is missing is told as `what`."""
    row = shelves(world).execute(query, (key,)).fetchone()
    if row is None:
        raise ToolError("not_found", f"No {what} {key}.")
    return row


def named(world: World, table: str, column: str, name: str, what: str) -> Any:
    """The row whose `column` is `name`, in any letter case.

    Raises:
        ToolError: there is none; near names are suggested.
    """
    db = shelves(world)
    wanted = name.strip()
    row = db.execute(
        f"SELECT * FROM {table} WHERE {column} = ? COLLATE NOCASE",  # noqa: S608  our own names
        (wanted,),
    ).fetchone()
    if row is None:
        known = [one for (one,) in db.execute(f"SELECT {column} FROM {table}")]  # noqa: S608
        raise ToolError("not_found", f"No {what} {name!r}.", nearest(name, known))
    return row
