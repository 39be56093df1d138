"""All about one file: what it is, its earlier versions, who can open it."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.files.base import (
    Day,
    FileId,
    FileName,
    FileType,
    FolderName,
    MemberAtWork,
    MemberName,
    Moment,
    Role,
    Size,
    VersionId,
    drive,
    file_of,
    pack,
    rows,
)


class Action(TypedDict):
    at: str
    action: str
    member_id: str
    member: str
    client: str
    detail: str | None


class FileDetails(TypedDict):
    file_id: str
    name: FileName
    type: FileType
    folder_id: str
    folder: FolderName
    size_kb: Size
    created_at: Moment
    modified_at: Moment
    modified_by_id: MemberAtWork
    modified_by: MemberName
    version_number: int
    locked_by: MemberName | None
    tags: list[str]
    shared_with: int
    passages: list[str]
    activity: list[Action]


class Version(TypedDict):
    version_id: VersionId
    number: int
    saved_at: Moment
    author_id: MemberAtWork
    author: MemberName
    size_kb: Size
    label: Annotated[str | None, Kind("file.label")]


class History(TypedDict):
    file_id: str
    name: FileName
    current_number: int
    current_saved_at: Moment
    current_author: MemberName
    count: int
    earlier: list[Version]


class Entry(TypedDict):
    access_id: Annotated[str, Kind("file.access")]
    member_id: MemberAtWork
    name: MemberName
    role: Role
    since: Day


class AccessList(TypedDict):
    file_id: str
    file: FileName
    count: int
    people: list[Entry]


CLIENTS = ("web", "desktop sync", "mobile app", "office add-in")


@pack.tool
def file_details(world: World, file_id: FileId) -> FileDetails:
    """Show all there is to know of a file: folder, size, last change, lock, tags, activity.

    Args:
        file_id: ID of the file.
    """
    file = file_of(world, file_id)
    tags = rows(world, "SELECT tag FROM tags WHERE file_id = ? ORDER BY tag", file_id)
    passages = rows(world, "SELECT passage FROM passages WHERE file_id = ?", file_id)
    versions = "SELECT max(number) FROM versions WHERE file_id = ?"
    people = "SELECT count(*) FROM access WHERE file_id = ?"
    return {
        "file_id": file.file_id,
        "name": file.name,
        "type": file.type,
        "folder_id": file.folder_id,
        "folder": file.folder,
        "size_kb": file.size_kb,
        "created_at": file.created_at,
        "modified_at": file.modified_at,
        "modified_by_id": file.modified_by_id,
        "modified_by": file.modified_by,
        "version_number": rows(world, versions, file_id)[0][0],
        "locked_by": file.locked_by,
        "tags": [tag for (tag,) in tags],
        "shared_with": rows(world, people, file_id)[0][0],
        "passages": [passage for (passage,) in passages],
        "activity": _activity(world, file_id),
    }


def _activity(world: World, file_id: str) -> list[Action]:
    """What was done with the file, the latest first."""
    query = (
        "SELECT saved_at, 'saved version ' || number, member_id, name, label"
        " FROM versions JOIN members ON member_id = author_id WHERE file_id = :file UNION ALL"
        " SELECT since, 'became ' || role, member_id, name, access_id"
        " FROM access JOIN members USING (member_id) WHERE file_id = :file UNION ALL"
        " SELECT added_at, 'linked in a note', author_id, m.name, title FROM note_links"
        " JOIN notes USING (note_id) JOIN members m ON member_id = author_id WHERE file_id = :file"
        " ORDER BY 1 DESC, 2"
    )
    found = drive(world).execute(query, {"file": file_id}).fetchall()
    return [
        {
            "at": at,
            "action": action,
            "member_id": member_id,
            "member": member,
            "client": CLIENTS[(len(action) + int(member_id[2:])) % len(CLIENTS)],
            "detail": detail,
        }
        for at, action, member_id, member, detail in found
    ]


@pack.tool
def file_history(world: World, file_id: FileId) -> History:
    """List the earlier versions of a file, the latest of them first, up to 8.

    The present version is not among them.

    Args:
        file_id: ID of the file.
    """
    file = file_of(world, file_id)
    query = (
        "SELECT version_id, number, saved_at, author_id, name, size_kb, label FROM versions"
        " JOIN members ON member_id = author_id WHERE file_id = ? ORDER BY number DESC"
    )
    current, *earlier = rows(world, query, file_id)
    versions: list[Version] = [
        {
            "version_id": row[0],
            "number": row[1],
            "saved_at": row[2],
            "author_id": row[3],
            "author": row[4],
            "size_kb": row[5],
            "label": row[6],
        }
        for row in earlier
    ]
    return {
        "file_id": file.file_id,
        "name": file.name,
        "current_number": current[1],
        "current_saved_at": current[2],
        "current_author": current[4],
        "count": len(versions),
        "earlier": versions[:8],
    }


@pack.tool
def list_access(world: World, file_id: FileId) -> AccessList:
    """List who can open a file, with their role and since when.

    Args:
        file_id: ID of the file.
    """
    file = file_of(world, file_id)
    query = (
        "SELECT access_id, member_id, name, role, since FROM access JOIN members USING (member_id)"
        " WHERE file_id = ? ORDER BY since, name"
    )
    people: list[Entry] = [
        {"access_id": row[0], "member_id": row[1], "name": row[2], "role": row[3], "since": row[4]}
        for row in rows(world, query, file_id)
    ]
    return {"file_id": file.file_id, "file": file.name, "count": len(people), "people": people}
