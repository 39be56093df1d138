"""Finding and reading: documents, their sections, versions, terms, authors."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.library.base import (
    PAGE,
    AuthorId,
    AuthorName,
    Department,
    DocumentId,
    Heading,
    Issued,
    PageNumber,
    SectionId,
    Title,
    Topic,
    found,
    named,
    pack,
    shelves,
)
from callwright.generators.packs.library.tables import SENTENCES
from callwright.generators.paging import paged
from callwright.schemas.errors import ToolError


class FoundDocument(TypedDict):
    document_id: DocumentId
    title: Title
    topic: Topic
    author_id: AuthorId
    author: AuthorName


class Hit(TypedDict):
    document_id: DocumentId
    title: Title
    pages: PageNumber
    reads: int
    review_on: Annotated[str, Kind("date.review_document", format="date")]


class Hits(TypedDict):
    topic: Topic
    count: int
    page: int
    next_page: int | None
    documents: list[Hit]


class Part(TypedDict):
    section_id: SectionId
    number: int
    heading: Heading
    page: PageNumber


class Contents(TypedDict):
    document_id: str
    title: Title
    count: int
    sections: list[Part]


class Cited(TypedDict):
    document_id: DocumentId
    title: Title


class Section(TypedDict):
    section_id: str
    document_id: DocumentId
    title: Title
    number: int
    heading: Heading
    page: PageNumber
    author: AuthorName
    text: str
    count: int
    cites: list[Cited]


class Version(TypedDict):
    version_id: str
    number: Annotated[str, Kind("library.version")]
    issued_on: Issued
    editor_id: AuthorId
    editor: AuthorName
    change: str


class Versions(TypedDict):
    document_id: str
    title: Title
    count: int
    versions: list[Version]


class Term(TypedDict):
    term: Annotated[str, Kind("library.term")]
    definition: Annotated[str, Kind("library.definition")]
    section_id: SectionId
    document_id: DocumentId
    title: Title


class Author(TypedDict):
    author_id: AuthorId
    name: AuthorName
    department: Department
    email: Annotated[str, Kind("email.library")]
    room: Annotated[str, Kind("library.room")]
    documents: int


@pack.tool
def find_document(world: World, title: Title) -> FoundDocument:
    """Find a document by its title. Gives its ID, topic and author.

    Args:
        title: Title of the document.
    """
    row = named(world, "documents", "title", title, "document with the title")
    author = found(world, "SELECT name FROM authors WHERE author_id = ?", row[3], "author")[0]
    return {
        "document_id": row[0],
        "title": row[1],
        "topic": row[2],
        "author_id": row[3],
        "author": author,
    }


@pack.tool
def browse_topic(
    world: World,
    topic: Topic,
    page: Annotated[int, Kind("list.page"), Field(ge=1)] = 1,
) -> Hits:
    """List the documents on a topic, the most read first, 8 a page.

    Args:
        topic: Name of the topic.
        page: Number of the page.
    """
    db = shelves(world)
    rows = db.execute(
        "SELECT document_id, title, pages, reads, review_on, topic FROM documents"
        " WHERE topic = ? COLLATE NOCASE ORDER BY reads DESC",
        (topic.strip(),),
    ).fetchall()
    if not rows:
        raise ToolError("not_found", f"Nothing is filed under {topic!r}.")
    shown, following = paged(rows, page, PAGE)
    return {
        "topic": rows[0][5],
        "count": len(rows),
        "page": page,
        "next_page": following,
        "documents": [
            {
                "document_id": row[0],
                "title": row[1],
                "pages": row[2],
                "reads": row[3],
                "review_on": row[4],
            }
            for row in shown
        ],
    }


@pack.tool
def table_of_contents(world: World, document_id: DocumentId) -> Contents:
    """List the sections of a document with their headings and pages.

    Args:
        document_id: ID of the document.
    """
    title = found(world, "SELECT title FROM documents WHERE document_id = ?", document_id,
                  "document with the ID")[0]  # fmt: skip
    rows = shelves(world).execute(
        "SELECT section_id, number, heading, page FROM sections WHERE document_id = ?"
        " ORDER BY number",
        (document_id,),
    )
    sections: list[Part] = [
        {"section_id": row[0], "number": row[1], "heading": row[2], "page": row[3]} for row in rows
    ]
    return {
        "document_id": document_id,
        "title": title,
        "count": len(sections),
        "sections": sections,
    }


@pack.tool
def read_section(world: World, section_id: SectionId) -> Section:
    """Read a section: its text, where it stands, and which documents it cites.

    Args:
        section_id: ID of the section.
    """
    row = found(
        world,
        "SELECT s.document_id, d.title, s.number, s.heading, s.page, a.name, s.sentences"
        " FROM sections s"
        " JOIN documents d USING (document_id) JOIN authors a USING (author_id)"
        " WHERE section_id = ?",
        section_id,
        "section with the ID",
    )
    cited = shelves(world).execute(
        "SELECT document_id, title FROM citations JOIN documents USING (document_id)"
        " WHERE section_id = ? ORDER BY title",
        (section_id,),
    )
    cites: list[Cited] = [{"document_id": one[0], "title": one[1]} for one in cited]
    body = " ".join(SENTENCES[int(number)] for number in row[6].split())
    return {
        "section_id": section_id,
        "document_id": row[0],
        "title": row[1],
        "number": row[2],
        "heading": row[3],
        "page": row[4],
        "author": row[5],
        "text": f"{body}\n\n{_boilerplate(row)}",
        "count": len(cites),
        "cites": cites,
    }


def _boilerplate(row: Any) -> str:
    """What stands at the foot of every page, and matters to nobody."""
    return (
        f"{row[1]}, section {row[2]}: {row[3]}. Internal use only. Printed copies are not "
        "controlled; the version in the library is the valid one. Whoever finds a mistake reports "
        "it through the library. Wording in other languages is for convenience; the English text "
        "decides. No part of this document may be passed on outside the company without the "
        "written consent of the department that owns it. Distribution: all sites, all "
        "departments, works council, external auditors on request. Classification: standard. "
        "Supersedes all earlier versions of the same title, including local translations."
    )


@pack.tool
def list_versions(world: World, document_id: DocumentId) -> Versions:
    """List the versions of a document, the newest first, with who edited them.

    Args:
        document_id: ID of the document.
    """
    title = found(world, "SELECT title FROM documents WHERE document_id = ?", document_id,
                  "document with the ID")[0]  # fmt: skip
    rows = shelves(world).execute(
        "SELECT version_id, number, issued_on, editor_id, a.name, change FROM versions v"
        " JOIN authors a ON a.author_id = v.editor_id WHERE document_id = ?"
        " ORDER BY issued_on DESC",
        (document_id,),
    )
    versions: list[Version] = [
        {
            "version_id": row[0],
            "number": row[1],
            "issued_on": row[2],
            "editor_id": row[3],
            "editor": row[4],
            "change": row[5],
        }
        for row in rows
    ]
    return {"document_id": document_id, "title": title, "count": len(versions),
            "versions": versions}  # fmt: skip


@pack.tool
def define_term(world: World, term: Annotated[str, Kind("library.term")]) -> Term:
    """Look a term up in the glossary. Gives the definition and the section that explains it.

    Args:
        term: The term.
    """
    row = named(world, "terms", "term", term, "term")
    document = found(
        world,
        "SELECT document_id, title FROM sections JOIN documents USING (document_id)"
        " WHERE section_id = ?",
        row[2],
        "section",
    )
    return {
        "term": row[0],
        "definition": row[1],
        "section_id": row[2],
        "document_id": document[0],
        "title": document[1],
    }


@pack.tool
def author_profile(world: World, author_id: AuthorId) -> Author:
    """Show who an author is: department, e-mail address, room.

    Args:
        author_id: ID of the author.
    """
    row = found(
        world,
        "SELECT name, department, email, room,"
        " (SELECT count(*) FROM documents d WHERE d.author_id = a.author_id)"
        " FROM authors a WHERE author_id = ?",
        author_id,
        "author with the ID",
    )
    return {
        "author_id": author_id,
        "name": row[0],
        "department": row[1],
        "email": row[2],
        "room": row[3],
        "documents": row[4],
    }
