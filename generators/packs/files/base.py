"""What the drive's tools share: the pack, look-ups by id, pages, the types of common fields."""

from __future__ import annotations

import sqlite3
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field

from callwright.generators.nearest import nearest
from callwright.generators.pack import Kind, Pack, World
from callwright.generators.packs.files.world import seed_database
from callwright.generators.packs.travel.people import fold
from callwright.schemas.errors import ToolError

pack = Pack(
    "files",
    about="A team's drive: files, versions, access, tags, the trash, and notes.",
    data="Invented and seeded.",
    seed_database=seed_database,
)

PAGE = 8
"""Items on a page."""

FileId = Annotated[str, Kind("file.id")]
FileName = Annotated[str, Kind("file.name")]
FileType = Annotated[str, Kind("file.type")]
FolderId = Annotated[str, Kind("folder.id")]
FolderName = Annotated[str, Kind("folder.name")]
MemberId = Annotated[str, Kind("member.id")]
MemberAtWork = Annotated[str, Kind("member.at_work")]
"""Who owns, opens or changes a file: may be asked about, but has access to it already."""
MemberName = Annotated[str, Kind("member.name")]
NoteId = Annotated[str, Kind("note.id")]
NoteTitle = Annotated[str, Kind("note.title")]
VersionId = Annotated[str, Kind("file.version")]
Role = Annotated[str, Kind("file.role")]
Tag = Annotated[str, Kind("file.tag")]
Size = Annotated[int, Kind("size.kb")]
Moment = Annotated[str, Kind("datetime.saved", format="date-time")]
"""When something happened on the drive; nothing is counted from it."""
Day = Annotated[str, Kind("date.shared", format="date")]
PageNumber = Annotated[int, Kind("list.page"), Field(ge=1)]
Type = Literal["text", "spreadsheet", "presentation", "pdf", "image"]


class File(NamedTuple):
    file_id: str
    name: str
    type: str
    folder_id: str
    folder: str
    archived: bool
    """Is its folder closed to all that comes or goes?"""
    created_at: str
    size_kb: int
    modified_at: str
    modified_by_id: str
    modified_by: str
    locked_by: str | None
    """Who has checked it out."""
    deleted_at: str | None
    deleted_by: str | None


FILES = (
    "SELECT f.file_id, f.name, type, f.folder_id, d.name, archived, created_at, size_kb,"
    " modified_at, modified_by, m.name, l.name, deleted_at, t.name FROM files f"
    " JOIN folders d USING (folder_id) JOIN members m ON m.member_id = modified_by"
    " LEFT JOIN members l ON l.member_id = locked_by"
    " LEFT JOIN members t ON t.member_id = deleted_by"
)
"""Every file as its newest version is."""


def drive(world: World) -> sqlite3.Connection:
    return world.db("files")


def rows(world: World, query: str, *values: Any) -> list[tuple[Any, ...]]:
    return drive(world).execute(query, values).fetchall()


def file_of(world: World, file_id: str, *, trashed: bool = False) -> File:
    """The file with this id.

    Raises:
        ToolError: there is no such file, or it is in the trash (outside it, if `trashed`).
    """
    found = rows(world, FILES + " WHERE f.file_id = ?", file_id)
    if not found:
        raise ToolError("not_found", f"No file with the ID {file_id}.")
    file = File(*found[0])
    if trashed and file.deleted_at is None:
        raise ToolError("refused", f"{file.name!r} is not in the trash.")
    if not trashed and file.deleted_at is not None:
        raise ToolError("refused", f"{file.name!r} is in the trash: restore it first.")
    return file


def changeable(world: World, file_id: str) -> File:
    """A file that may be changed now.

    Raises:
        ToolError: as `file_of`; or somebody has checked it out, or its folder is archived.
    """
    file = file_of(world, file_id)
    if file.locked_by is not None:
        raise ToolError("refused", f"{file.name!r} is checked out by {file.locked_by}.")
    if file.archived:
        raise ToolError("refused", f"The folder {file.folder!r} is archived: it is read-only.")
    return file


def only(world: World, table: str, id_: str) -> dict[str, Any]:
    """The row of `table` with this id, by column."""
    key = f"{table[:-1]}_id"
    cursor = drive(world).execute(f"SELECT * FROM {table} WHERE {key} = ?", (id_,))  # noqa: S608
    row = cursor.fetchone()
    if row is None:
        raise ToolError("not_found", f"No {table[:-1]} with the ID {id_}.")
    return dict(zip([column[0] for column in cursor.description], row, strict=True))


def named(world: World, table: str, column: str, written: str) -> str:
    """The id of what is called `written`; case, spaces and accents do not count."""
    key = f"{table[:-1]}_id"
    exact = f"SELECT {key} FROM {table} WHERE {column} = ? COLLATE NOCASE"  # noqa: S608
    found = rows(world, exact, written.strip())
    if found:
        return str(found[0][0])
    known = dict(rows(world, f"SELECT {column}, {key} FROM {table}"))  # noqa: S608
    for name, id_ in known.items():
        if fold(name) == fold(written):
            return str(id_)
    message = f"No {table[:-1]} called {written!r}."
    raise ToolError("not_found", message, nearest(written, known))
