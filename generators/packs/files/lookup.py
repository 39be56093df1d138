"""From the names that people use to the ids that everything else wants."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.files.base import (
    FileId,
    FileName,
    FileType,
    FolderId,
    FolderName,
    MemberId,
    MemberName,
    Moment,
    file_of,
    named,
    only,
    pack,
    rows,
)

Team = Annotated[str, Kind("member.team")]
Job = Annotated[str, Kind("member.job")]


class FoundFile(TypedDict):
    file_id: FileId
    name: FileName
    type: FileType
    folder_id: FolderId
    folder: FolderName


class FoundFolder(TypedDict):
    folder_id: FolderId
    name: FolderName
    owner_id: MemberId
    owner: MemberName
    file_count: int
    archived: bool


class FoundMember(TypedDict):
    member_id: MemberId
    name: MemberName
    team: Team


class Profile(TypedDict):
    member_id: str
    name: MemberName
    team: Team
    job: Job
    email: Annotated[str, Kind("email.member")]
    extension: Annotated[str, Kind("phone.extension")]
    office_city: Annotated[str, Kind("city.office")]
    joined_on: Annotated[str, Kind("date.joined", format="date")]
    last_saved_at: Moment | None


@pack.tool
def find_file(world: World, name: FileName) -> FoundFile:
    """Find a file by its name. Gives its ID and the folder it is in.

    Args:
        name: What the file is called; capitals do not matter.
    """
    file = file_of(world, named(world, "files", "name", name))
    return {
        "file_id": file.file_id,
        "name": file.name,
        "type": file.type,
        "folder_id": file.folder_id,
        "folder": file.folder,
    }


@pack.tool
def find_folder(world: World, name: FolderName) -> FoundFolder:
    """Find a folder by its name. Gives its ID, its owner and how many files it holds.

    Args:
        name: What the folder is called; capitals do not matter.
    """
    folder = only(world, "folders", named(world, "folders", "name", name))
    query = "SELECT count(*) FROM files WHERE folder_id = ? AND deleted_at IS NULL"
    return {
        "folder_id": folder["folder_id"],
        "name": folder["name"],
        "owner_id": folder["owner_id"],
        "owner": only(world, "members", folder["owner_id"])["name"],
        "file_count": rows(world, query, folder["folder_id"])[0][0],
        "archived": bool(folder["archived"]),
    }


@pack.tool
def find_member(world: World, name: MemberName) -> FoundMember:
    """Find a member of the team drive by full name. Gives their ID and team.

    Args:
        name: Full name in Latin letters; Chinese names in pinyin, family name first.
    """
    member = only(world, "members", named(world, "members", "name", name))
    return {"member_id": member["member_id"], "name": member["name"], "team": member["team"]}


@pack.tool
def member_profile(
    world: World, member_id: Annotated[str, Kind("member.id", accepts=("member.at_work",))]
) -> Profile:
    """Show a member of the team drive: team, job, e-mail address, extension and office.

    Args:
        member_id: ID of the member.
    """
    member = only(world, "members", member_id)
    query = "SELECT max(saved_at) FROM versions WHERE author_id = ?"
    return {
        "member_id": member["member_id"],
        "name": member["name"],
        "team": member["team"],
        "job": member["job"],
        "email": member["email"],
        "extension": member["extension"],
        "office_city": member["city"],
        "joined_on": member["joined_on"],
        "last_saved_at": rows(world, query, member_id)[0][0],
    }
