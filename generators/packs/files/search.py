"""Lists of files, a page at a time: of a folder, by what they mention, by tag, in the trash."""

from __future__ import annotations

from typing import Annotated, Literal

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.files.base import (
    FILES,
    PAGE,
    File,
    FileId,
    FileName,
    FileType,
    FolderId,
    FolderName,
    MemberName,
    Moment,
    PageNumber,
    Size,
    Tag,
    Type,
    only,
    pack,
    rows,
)
from callwright.generators.paging import paged
from callwright.schemas.errors import ToolError

ORDERS = {
    "newest": "modified_at DESC",
    "oldest": "modified_at",
    "largest": "size_kb DESC, modified_at",
}


class ListedFile(TypedDict):
    file_id: FileId
    name: FileName
    type: FileType
    size_kb: Size
    modified_at: Moment
    modified_by: MemberName


class FolderFiles(TypedDict):
    folder_id: str
    folder: FolderName
    type: Annotated[str | None, Kind("file.type")]
    sort: str
    count: int
    page: int
    next_page: int | None
    files: list[ListedFile]


class Hit(TypedDict):
    file_id: FileId
    name: FileName
    type: FileType
    folder: FolderName
    size_kb: int
    modified_at: Moment
    modified_by: MemberName
    passages: list[str]


class Hits(TypedDict):
    text: Annotated[str, Kind("file.text")]
    count: int
    page: int
    next_page: int | None
    files: list[Hit]


class TaggedFile(TypedDict):
    file_id: FileId
    name: FileName
    type: FileType
    folder_id: FolderId
    folder: FolderName
    tags: list[str]
    modified_at: Moment


class Tagged(TypedDict):
    tag: Tag
    count: int
    page: int
    next_page: int | None
    files: list[TaggedFile]


class TrashedFile(TypedDict):
    file_id: Annotated[str, Kind("file.trashed")]
    name: FileName
    type: FileType
    folder: FolderName
    size_kb: int
    deleted_at: Moment
    deleted_by: MemberName


class Trash(TypedDict):
    count: int
    page: int
    next_page: int | None
    files: list[TrashedFile]


@pack.tool
def list_folder(
    world: World,
    folder_id: FolderId,
    type: Annotated[Type | None, Kind("file.type")] = None,  # noqa: A002  what people call it
    sort: Annotated[Literal["newest", "oldest", "largest"], Kind("file.sort")] = "newest",
    page: PageNumber = 1,
) -> FolderFiles:
    """List the files in a folder, 8 a page, with type, size and who changed them last.

    Args:
        folder_id: ID of the folder.
        type: Only files of this type.
        sort: Which files come first.
        page: Number of the page.
    """
    folder = only(world, "folders", folder_id)
    query = f"{FILES} WHERE f.folder_id = ? AND deleted_at IS NULL ORDER BY {ORDERS[sort]}"
    there = [File(*row) for row in rows(world, query, folder_id)]
    listed: list[ListedFile] = [
        {
            "file_id": file.file_id,
            "name": file.name,
            "type": file.type,
            "size_kb": file.size_kb,
            "modified_at": file.modified_at,
            "modified_by": file.modified_by,
        }
        for file in there
        if type in (None, file.type)
    ]
    files, following = paged(listed, page, PAGE)
    return {
        "folder_id": folder_id,
        "folder": folder["name"],
        "type": type,
        "sort": sort,
        "count": len(listed),
        "page": page,
        "next_page": following,
        "files": files,
    }


@pack.tool
def search_files(
    world: World,
    text: Annotated[str, Kind("file.text")],
    folder_id: FolderId | None = None,
    page: PageNumber = 1,
) -> Hits:
    """Search names and contents of all files for a text, newest first, 8 a page.

    Gives the passages that hold the text. Files in the trash are not searched.

    Args:
        text: Word or phrase to look for; capitals do not matter.
        folder_id: Only files in this folder.
        page: Number of the page.
    """
    wanted = text.strip().casefold()
    if len(wanted) < 2:
        raise ToolError("refused", "The text to look for must have two letters or more.")
    if folder_id is not None:
        only(world, "folders", folder_id)
    passages: dict[str, list[str]] = {}
    holding = "SELECT file_id, passage FROM passages WHERE instr(lower(passage), ?)"
    for file_id, passage in rows(world, holding, wanted):
        passages.setdefault(file_id, []).append(passage)
    query = FILES + (  # noqa: S608  no value of a user stands in it
        " WHERE deleted_at IS NULL AND ? IN (f.folder_id, '') AND (instr(lower(f.name), ?)"
        " OR f.file_id IN (SELECT file_id FROM passages WHERE instr(lower(passage), ?)))"
        " ORDER BY modified_at DESC"
    )
    found = [File(*row) for row in rows(world, query, folder_id or "", wanted, wanted)]
    hits: list[Hit] = [
        {
            "file_id": file.file_id,
            "name": file.name,
            "type": file.type,
            "folder": file.folder,
            "size_kb": file.size_kb,
            "modified_at": file.modified_at,
            "modified_by": file.modified_by,
            "passages": passages.get(file.file_id, []),
        }
        for file in found
    ]
    files, following = paged(hits, page, PAGE)
    return {
        "text": text,
        "count": len(hits),
        "page": page,
        "next_page": following,
        "files": files,
    }


@pack.tool
def tagged_files(world: World, tag: Tag, page: PageNumber = 1) -> Tagged:
    """List the files that carry a tag, newest first, 8 a page.

    Args:
        tag: The tag; capitals do not matter.
        page: Number of the page.
    """
    known = [one for (one,) in rows(world, "SELECT DISTINCT tag FROM tags ORDER BY tag")]
    found = next((one for one in known if one == tag.strip().casefold()), None)
    if found is None:
        raise ToolError("not_found", f"No file carries the tag {tag!r}.", known)
    carrying = (
        "SELECT file_id, group_concat(tag, ',') FROM (SELECT * FROM tags ORDER BY tag)"
        " GROUP BY file_id"
    )
    tags = {file_id: tags.split(",") for file_id, tags in rows(world, carrying)}
    query = (
        f"{FILES} JOIN tags g ON g.file_id = f.file_id AND tag = ? WHERE deleted_at IS NULL"
        " ORDER BY modified_at DESC"
    )
    listed: list[TaggedFile] = [
        {
            "file_id": file.file_id,
            "name": file.name,
            "type": file.type,
            "folder_id": file.folder_id,
            "folder": file.folder,
            "tags": tags[file.file_id],
            "modified_at": file.modified_at,
        }
        for file in (File(*row) for row in rows(world, query, found))
    ]
    files, following = paged(listed, page, PAGE)
    return {
        "tag": found,
        "count": len(listed),
        "page": page,
        "next_page": following,
        "files": files,
    }


@pack.tool
def list_trash(world: World, page: PageNumber = 1) -> Trash:
    """List the files in the trash, the one deleted last first, 8 a page.

    Args:
        page: Number of the page.
    """
    query = f"{FILES} WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC"
    listed: list[TrashedFile] = [
        {
            "file_id": file.file_id,
            "name": file.name,
            "type": file.type,
            "folder": file.folder,
            "size_kb": file.size_kb,
            "deleted_at": str(file.deleted_at),
            "deleted_by": str(file.deleted_by),
        }
        for file in (File(*row) for row in rows(world, query))
    ]
    files, following = paged(listed, page, PAGE)
    return {"count": len(listed), "page": page, "next_page": following, "files": files}
