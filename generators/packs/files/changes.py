"""What can be done with a file: moved, renamed, shared, thrown away, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.files.base import (
    FileId,
    FileName,
    FolderId,
    FolderName,
    MemberId,
    MemberName,
    Moment,
    Role,
    VersionId,
    changeable,
    drive,
    file_of,
    only,
    pack,
    rows,
)
from callwright.generators.packs.files.world import link_to
from callwright.generators.worlds import local
from callwright.schemas.errors import ToolError

MOST_PEOPLE = 7
"""People that a file can be shared with."""
LINK_DAYS = 30
"""How long a link works."""
KEPT_DAYS = 30
"""How long the trash keeps a file."""


class Moved(TypedDict):
    file_id: str
    name: FileName
    from_folder: FolderName
    to_folder: FolderName


class Renamed(TypedDict):
    file_id: str
    old_name: FileName
    name: Annotated[str, Kind("file.new_name")]
    folder: FolderName


class Shared(TypedDict):
    access_id: Annotated[str, Kind("file.access_given")]
    file: FileName
    member: MemberName
    role: Role
    shared_with: int


class Revoked(TypedDict):
    access_id: str
    file: FileName
    member: MemberName
    role: Role
    shared_with: int


class Link(TypedDict):
    file_id: str
    name: FileName
    url: Annotated[str, Kind("file.link")]
    expires_on: Annotated[str, Kind("date.expiry", format="date")]


class Trashed(TypedDict):
    file_id: str
    name: FileName
    folder: FolderName
    kept_until: Annotated[str, Kind("date.purge", format="date")]


class Restored(TypedDict):
    file_id: str
    name: FileName
    folder: FolderName


class RestoredVersion(TypedDict):
    version_id: str
    file: FileName
    restored_number: int
    new_number: int
    saved_at: Moment


@pack.tool(effect="write")
def move_file(world: World, file_id: FileId, folder_id: FolderId) -> Moved:
    """Move a file to another folder.

    Args:
        file_id: ID of the file.
        folder_id: ID of the folder it is to be in.
    """
    file, folder = changeable(world, file_id), only(world, "folders", folder_id)
    if file.folder_id == folder_id:
        raise ToolError("refused", f"{file.name!r} is in the folder {file.folder!r} already.")
    if folder["archived"]:
        raise ToolError("refused", f"The folder {folder['name']!r} is archived: it is read-only.")
    query = "UPDATE files SET folder_id = ? WHERE file_id = ?"
    drive(world).execute(query, (folder_id, file_id))
    return {
        "file_id": file.file_id,
        "name": file.name,
        "from_folder": file.folder,
        "to_folder": folder["name"],
    }


@pack.tool(effect="write")
def rename_file(
    world: World,
    file_id: FileId,
    new_name: Annotated[str, Kind("file.new_name"), Field(min_length=1, max_length=80)],
) -> Renamed:
    """Give a file another name. No two files of the drive may have the same one.

    Args:
        file_id: ID of the file.
        new_name: What it is to be called, without a file extension.
    """
    file, name = changeable(world, file_id), new_name.strip()
    if rows(world, "SELECT 1 FROM files WHERE name = ? COLLATE NOCASE", name):
        free = (f"{name} ({number})" for number in range(2, 100))
        taken = {one for (one,) in rows(world, "SELECT name FROM files")}
        suggestion = next(one for one in free if one not in taken)
        raise ToolError("refused", f"There is a file called {name!r} already.", (suggestion,))
    drive(world).execute("UPDATE files SET name = ? WHERE file_id = ?", (name, file_id))
    return {"file_id": file.file_id, "old_name": file.name, "name": name, "folder": file.folder}


@pack.tool(effect="write")
def share_file(
    world: World,
    file_id: FileId,
    member_id: MemberId,
    role: Annotated[Literal["viewer", "editor"], Kind("file.role")],
) -> Shared:
    """Let a member of the team drive view or edit a file.

    Args:
        file_id: ID of the file.
        member_id: ID of the member.
        role: What they may do: view it only, or edit it too.
    """
    file, member = file_of(world, file_id), only(world, "members", member_id)
    people = dict(rows(world, "SELECT member_id, role FROM access WHERE file_id = ?", file_id))
    if people.get(member_id) in (role, "owner"):
        message = f"{member['name']} is {people[member_id]} of {file.name!r} already."
        raise ToolError("refused", message)
    db = drive(world)
    if member_id in people:
        query = "UPDATE access SET role = ? WHERE file_id = ? AND member_id = ? RETURNING access_id"
        (access_id,) = db.execute(query, (role, file_id, member_id)).fetchone()
    elif len(people) >= MOST_PEOPLE:
        message = f"{file.name!r} is shared with {MOST_PEOPLE} people, which is the limit."
        raise ToolError("refused", message)
    else:
        access_id = _next(world, "access_id", "access", "AC-", skip=int(file_id[2:]) % 7)
        since = world.now.date().isoformat()
        entry = (access_id, file_id, member_id, role, since)
        db.execute("INSERT INTO access VALUES (?, ?, ?, ?, ?)", entry)
    return {
        "access_id": access_id,
        "file": file.name,
        "member": member["name"],
        "role": role,
        "shared_with": _shared_with(world, file_id),
    }


@pack.tool(effect="write")
def revoke_access(world: World, access_id: Annotated[str, Kind("file.access")]) -> Revoked:
    """Take somebody's access to a file away. Refused for its owner.

    Args:
        access_id: ID of the access, as the list of who can open the file gives it.
    """
    query = (
        "SELECT file_id, f.name, m.name, role FROM access JOIN files f USING (file_id)"
        " JOIN members m USING (member_id) WHERE access_id = ?"
    )
    found = rows(world, query, access_id)
    if not found:
        raise ToolError("not_found", f"No access with the ID {access_id}.")
    file_id, file, member, role = found[0]
    if role == "owner":
        raise ToolError("refused", f"{member} owns {file!r}: an owner's access stays.")
    drive(world).execute("DELETE FROM access WHERE access_id = ?", (access_id,))
    return {
        "access_id": access_id,
        "file": file,
        "member": member,
        "role": role,
        "shared_with": _shared_with(world, file_id),
    }


@pack.tool(effect="write")
def create_link(world: World, file_id: FileId) -> Link:
    """Make a link that opens a file for anybody who has it, for 30 days.

    A file has one link; asking again prolongs it.

    Args:
        file_id: ID of the file.
    """
    file = file_of(world, file_id)
    expires = (world.now.date() + timedelta(LINK_DAYS)).isoformat()
    present = rows(world, "SELECT url FROM links WHERE file_id = ?", file_id)
    if present:
        url = str(present[0][0])
        query = "UPDATE links SET expires_on = ? WHERE file_id = ?"
        drive(world).execute(query, (expires, file_id))
    else:
        url = link_to(file_id, len(rows(world, "SELECT url FROM links")))
        drive(world).execute("INSERT INTO links VALUES (?, ?, ?)", (url, file_id, expires))
    return {"file_id": file.file_id, "name": file.name, "url": url, "expires_on": expires}


@pack.tool(effect="write")
def trash_file(world: World, file_id: FileId) -> Trashed:
    """Put a file in the trash, from which it can be restored for 30 days.

    Args:
        file_id: ID of the file.
    """
    file = changeable(world, file_id)
    query = "UPDATE files SET deleted_at = ?, deleted_by = ? WHERE file_id = ?"
    owner = "SELECT member_id FROM access WHERE file_id = ? AND role = 'owner'"
    ((member_id,),) = rows(world, owner, file_id)
    drive(world).execute(query, (local(world.now), member_id, file_id))
    kept = (world.now.date() + timedelta(KEPT_DAYS)).isoformat()
    return {"file_id": file.file_id, "name": file.name, "folder": file.folder, "kept_until": kept}


@pack.tool(effect="write")
def restore_file(world: World, file_id: Annotated[str, Kind("file.trashed")]) -> Restored:
    """Take a file out of the trash and put it back in its folder.

    Args:
        file_id: ID of the file.
    """
    file = file_of(world, file_id, trashed=True)
    query = "UPDATE files SET deleted_at = NULL, deleted_by = NULL WHERE file_id = ?"
    drive(world).execute(query, (file_id,))
    return {"file_id": file.file_id, "name": file.name, "folder": file.folder}


@pack.tool(effect="write")
def restore_version(world: World, version_id: VersionId) -> RestoredVersion:
    """Make an earlier version of a file the present one. Nothing is lost: it is saved as a new one.

    Args:
        version_id: ID of the version.
    """
    old = only(world, "versions", version_id)
    file = changeable(world, old["file_id"])
    query = "SELECT max(number) FROM versions WHERE file_id = ?"
    number = rows(world, query, file.file_id)[0][0]
    if old["number"] == number:
        raise ToolError("refused", f"That is the present version of {file.name!r} already.")
    new = _next(world, "version_id", "versions", "V-", skip=int(version_id[2:]) % 7)
    owner = "SELECT member_id FROM access WHERE file_id = ? AND role = 'owner'"
    ((author,),) = rows(world, owner, file.file_id)
    saved, label = local(world.now), f"version {old['number']} restored"
    row = (new, file.file_id, number + 1, saved, author, old["size_kb"], label)
    drive(world).execute("INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    query = "UPDATE files SET size_kb = ?, modified_at = ?, modified_by = ? WHERE file_id = ?"
    drive(world).execute(query, (old["size_kb"], saved, author, file.file_id))
    return {
        "version_id": new,
        "file": file.name,
        "restored_number": old["number"],
        "new_number": number + 1,
        "saved_at": saved,
    }


def _shared_with(world: World, file_id: str) -> int:
    (count,) = rows(world, "SELECT count(*) FROM access WHERE file_id = ?", file_id)[0]
    return int(count)


def _next(world: World, key: str, table: str, prefix: str, skip: int) -> str:
    """A new id; those of other drives take numbers too, hence `skip`."""
    number = f"CAST(substr({key}, {len(prefix) + 1}) AS INTEGER)"
    query = f"SELECT max({number}) FROM {table}"  # noqa: S608  our own names
    return f"{prefix}{rows(world, query)[0][0] + 1 + skip}"
