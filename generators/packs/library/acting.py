"""Bookmarks, printed copies, and mistakes that readers report."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.library.base import (
    DocumentId,
    Heading,
    SectionId,
    Title,
    found,
    pack,
    shelves,
)
from callwright.schemas.errors import ToolError

BookmarkId = Annotated[str, Kind("library.bookmark_id")]
Added = Annotated[str, Kind("date.bookmark", format="date")]

_PLACE = (
    "SELECT heading, title FROM sections JOIN documents USING (document_id) WHERE section_id = ?"
)


class Bookmark(TypedDict):
    bookmark_id: BookmarkId
    section_id: SectionId
    title: Title
    heading: Heading
    added_on: Added


class Bookmarks(TypedDict):
    count: int
    bookmarks: list[Bookmark]


class Marked(TypedDict):
    bookmark_id: str
    title: Title
    heading: Heading
    bookmarks: int


class Copy(TypedDict):
    copy_id: Annotated[str, Kind("library.copy_id")]
    title: Title
    binding: Annotated[str, Kind("library.binding")]
    pages: int
    ready_on: Annotated[str, Kind("date.copy_ready", format="date")]


class Report(TypedDict):
    report_id: Annotated[str, Kind("library.report_id")]
    title: Title
    heading: Heading
    reason: Annotated[str, Kind("library.reason")]


def _next(world: World, table: str, column: str, skip: int = 0) -> str:
    """The id after the highest one: ids of a table are equally long."""
    query = f"SELECT max({column}) FROM {table}"  # noqa: S608  our own names
    (highest,) = shelves(world).execute(query).fetchone()
    prefix, number = str(highest).split("-")
    return f"{prefix}-{int(number) + 1 + skip}"


@pack.tool
def list_bookmarks(world: World) -> Bookmarks:
    """List the user's bookmarks, the newest first."""
    rows = shelves(world).execute(
        "SELECT bookmark_id, section_id, title, heading, added_on FROM bookmarks"
        " JOIN sections USING (section_id) JOIN documents USING (document_id)"
        " ORDER BY added_on DESC"
    )
    marks: list[Bookmark] = [
        {
            "bookmark_id": row[0],
            "section_id": row[1],
            "title": row[2],
            "heading": row[3],
            "added_on": row[4],
        }
        for row in rows
    ]
    return {"count": len(marks), "bookmarks": marks[:8]}


@pack.tool(effect="write")
def add_bookmark(world: World, section_id: SectionId) -> Marked:
    """Bookmark a section for the user. Refused where it is bookmarked already.

    Args:
        section_id: ID of the section.
    """
    heading, title = found(world, _PLACE, section_id, "section with the ID")
    db = shelves(world)
    query = "SELECT bookmark_id FROM bookmarks WHERE section_id = ?"
    known = db.execute(query, (section_id,)).fetchone()
    if known is not None:
        raise ToolError("refused", f"The section is bookmarked already, as {known[0]}.")
    bookmark = _next(world, "bookmarks", "bookmark_id", int(section_id.removeprefix("S-")) % 7)
    today = world.now.date().isoformat()
    db.execute("INSERT INTO bookmarks VALUES (?, ?, ?)", (bookmark, section_id, today))
    (count,) = db.execute("SELECT count(*) FROM bookmarks").fetchone()
    return {"bookmark_id": bookmark, "title": title, "heading": heading, "bookmarks": count}


@pack.tool(effect="write")
def remove_bookmark(world: World, bookmark_id: BookmarkId) -> Marked:
    """Remove one of the user's bookmarks.

    Args:
        bookmark_id: ID of the bookmark.
    """
    query = "SELECT section_id FROM bookmarks WHERE bookmark_id = ?"
    (section,) = found(world, query, bookmark_id, "bookmark with the ID")
    heading, title = found(world, _PLACE, section, "section with the ID")
    db = shelves(world)
    db.execute("DELETE FROM bookmarks WHERE bookmark_id = ?", (bookmark_id,))
    (count,) = db.execute("SELECT count(*) FROM bookmarks").fetchone()
    return {"bookmark_id": bookmark_id, "title": title, "heading": heading, "bookmarks": count}


@pack.tool(effect="write")
def order_copy(
    world: World,
    document_id: DocumentId,
    binding: Annotated[Literal["stapled", "spiral", "hardcover"], Kind("library.binding")],
) -> Copy:
    """Order a printed copy of a document from the print shop. One copy at a time.

    Args:
        document_id: ID of the document.
        binding: How it is to be bound.
    """
    title, pages = found(
        world,
        "SELECT title, pages FROM documents WHERE document_id = ?",
        document_id,
        "document with the ID",
    )
    db = shelves(world)
    query = "SELECT copy_id, ready_on FROM copies WHERE document_id = ?"
    known = db.execute(query, (document_id,)).fetchone()
    if known is not None:
        raise ToolError("refused", f"Copy {known[0]} of it is being made, ready on {known[1]}.")
    ready = world.now.date() + timedelta({"stapled": 1, "spiral": 2, "hardcover": 5}[binding])
    ready += timedelta(max(0, 7 - ready.weekday()) if ready.weekday() > 4 else 0)
    copy = _next(world, "copies", "copy_id", int(document_id.removeprefix("DOC-")) % 9)
    values = (copy, document_id, binding, ready.isoformat())
    db.execute("INSERT INTO copies VALUES (?, ?, ?, ?)", values)
    return {"copy_id": copy, "title": title, "binding": binding, "pages": pages,
            "ready_on": ready.isoformat()}  # fmt: skip


@pack.tool(effect="write")
def report_mistake(
    world: World,
    section_id: SectionId,
    reason: Annotated[
        Literal["outdated", "typing error", "broken reference", "unclear wording"],
        Kind("library.reason"),
    ],
) -> Report:
    """Report a mistake in a section to the document's owner.

    Args:
        section_id: ID of the section.
        reason: What is wrong with it.
    """
    heading, title = found(world, _PLACE, section_id, "section with the ID")
    report = _next(world, "reports", "report_id", int(section_id.removeprefix("S-")) % 5)
    today = world.now.date().isoformat()
    values = (report, section_id, reason, today)
    shelves(world).execute("INSERT INTO reports VALUES (?, ?, ?, ?)", values)
    return {"report_id": report, "title": title, "heading": heading, "reason": reason}
