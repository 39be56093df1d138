"""Notes: minutes with a text and links to files, which can be read and added to."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.files.base import (
    FileId,
    FileName,
    FileType,
    MemberId,
    MemberName,
    Moment,
    NoteId,
    NoteTitle,
    drive,
    named,
    only,
    pack,
    rows,
)
from callwright.generators.worlds import local
from callwright.schemas.errors import ToolError


class FoundNote(TypedDict):
    note_id: NoteId
    title: NoteTitle
    author: MemberName
    updated_at: Moment


class Linked(TypedDict):
    file_id: FileId
    name: FileName
    type: FileType
    added_at: Moment


class Note(TypedDict):
    note_id: str
    title: NoteTitle
    author_id: MemberId
    author: MemberName
    created_at: Moment
    updated_at: Moment
    closed: bool
    body: str
    count: int
    linked_files: list[Linked]


class Appended(TypedDict):
    note_id: str
    title: NoteTitle
    added: Annotated[str, Kind("note.line")]
    line_count: int
    updated_at: Moment


@pack.tool
def find_note(world: World, title: NoteTitle) -> FoundNote:
    """Find a note by its title. Gives its ID, its author and when it was changed last.

    Args:
        title: What the note is about, as it is titled; capitals do not matter.
    """
    note = only(world, "notes", named(world, "notes", "title", title))
    return {
        "note_id": note["note_id"],
        "title": note["title"],
        "author": only(world, "members", note["author_id"])["name"],
        "updated_at": note["updated_at"],
    }


@pack.tool
def read_note(world: World, note_id: NoteId) -> Note:
    """Read a note: its whole text, who wrote it, and the files it links to, first link first.

    Args:
        note_id: ID of the note.
    """
    note = only(world, "notes", note_id)
    query = (
        "SELECT file_id, name, type, added_at FROM note_links JOIN files USING (file_id)"
        " WHERE note_id = ? AND deleted_at IS NULL ORDER BY added_at"
    )
    linked: list[Linked] = [
        {"file_id": row[0], "name": row[1], "type": row[2], "added_at": row[3]}
        for row in rows(world, query, note_id)
    ]
    return {
        "note_id": note["note_id"],
        "title": note["title"],
        "author_id": note["author_id"],
        "author": only(world, "members", note["author_id"])["name"],
        "created_at": note["created_at"],
        "updated_at": note["updated_at"],
        "closed": bool(note["closed"]),
        "body": note["body"],
        "count": len(linked),
        "linked_files": linked,
    }


@pack.tool(effect="write")
def append_to_note(
    world: World,
    note_id: NoteId,
    text: Annotated[
        str,
        Kind(
            "note.line",
            accepts=("file.link", "email.member", "phone.desk", "email.address", "vat.company"),
        ),
        Field(min_length=1, max_length=500),
    ],
) -> Appended:
    """Add a line at the end of a note. Refused for notes that have been closed.

    Args:
        note_id: ID of the note.
        text: The line, as it is to stand there.
    """
    note = only(world, "notes", note_id)
    if note["closed"]:
        author = only(world, "members", note["author_id"])["name"]
        message = f"The note {note['title']!r} is closed; {author} can open it again."
        raise ToolError("refused", message)
    body, now = f"{note['body']}\n- {text.strip()}", local(world.now)
    query = "UPDATE notes SET body = ?, updated_at = ? WHERE note_id = ?"
    drive(world).execute(query, (body, now, note_id))
    return {
        "note_id": note["note_id"],
        "title": note["title"],
        "added": text.strip(),
        "line_count": body.count("\n") + 1,
        "updated_at": now,
    }
