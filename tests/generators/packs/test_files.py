"""The drive: its worlds make sense, its tools change what they say, its errors help."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

import callwright.generators.packs.files as folder
from callwright.generators.pack import World
from callwright.generators.packs.files import tables
from callwright.generators.packs.files.changes import MOST_PEOPLE
from callwright.generators.packs.files.tools import pack

from .worlds import Worlds, assert_chinese_names

NOW = datetime.datetime(2026, 11, 12, 8, 15, tzinfo=datetime.UTC)
WORLDS = Worlds(pack, NOW)
world_of, call, refusal, ask = WORLDS.world, WORLDS.call, WORLDS.refusal, WORLDS.rows


@pytest.fixture
def world() -> World:
    return world_of(7)


FREE = (
    "SELECT file_id, f.name FROM files f JOIN folders d USING (folder_id)"
    " WHERE deleted_at IS NULL AND locked_by IS NULL AND NOT archived"
)
"""Files that may be changed."""


def a_file(world: World, *, versions: int = 2) -> tuple[str, str]:
    """A file that may be changed and has at least so many versions."""
    query = FREE + " AND (SELECT count(*) FROM versions v WHERE v.file_id = f.file_id) >= ?"
    file_id, name = ask(world, query, versions)[0]
    return file_id, name


def all_pages(world: World, tool: str, **arguments: Any) -> list[dict[str, Any]]:
    found, page = [], 1
    while page:
        result = call(world, tool, **arguments, page=page)
        assert len(result["files"]) <= 8
        found += result["files"]
        page = result["next_page"]
    assert len(found) == result["count"]
    return found


# -------------------------------------------------------------------------------- worlds


@pytest.mark.parametrize("seed", range(6))
def test_newest_is_never_a_tie_and_nothing_happens_in_the_future(seed: int) -> None:
    world = world_of(seed)
    for where in ("versions.saved_at", "files.modified_at", "files.deleted_at", "notes.updated_at"):
        table, column = where.split(".")
        query = f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"
        moments = [moment for (moment,) in ask(world, query)]
        assert len(set(moments)) == len(moments)
        assert max(moments) < NOW.strftime("%Y-%m-%dT%H:%M")


@pytest.mark.parametrize("seed", range(6))
def test_a_file_is_as_its_newest_version_and_has_one_owner(seed: int) -> None:
    query = (
        "SELECT f.size_kb, f.modified_at, f.modified_by, v.size_kb, v.saved_at, v.author_id,"
        " (SELECT count(*) FROM access a WHERE a.file_id = f.file_id AND role = 'owner')"
        " FROM files f JOIN versions v USING (file_id) GROUP BY f.file_id HAVING max(number)"
    )
    found = ask(world_of(seed), query)
    assert len(found) > 60
    assert all(row[:3] == row[3:6] and row[6] == 1 for row in found)


def test_every_name_has_a_chinese_one_and_no_two_share_it() -> None:
    files = [
        f"{project} {document}" for project in tables.PROJECTS for document in tables.DOCUMENTS
    ]
    assert_chinese_names(
        {
            "file.name": files,
            "folder.name": tables.FOLDERS,
            "file.tag": tables.TAGS,
            "file.text": tables.SUBJECTS,
            "file.label": tables.LABELS,
            "note.title": tables.NOTES,
        }
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_dialogue_has_words_for_every_write_and_names_tools_and_fields_there_are(
    language: str,
) -> None:
    path = Path(str(folder.__file__)).with_name(f"dialogue_{language}.yaml")
    dialogue = yaml.safe_load(path.read_text("utf-8"))
    writes = {name for name, f in pack.functions.items() if f.tool.effect == "write"}
    assert writes == {name for name, entry in dialogue.items() if "confirm" in entry}
    for name, entry in dialogue.items():
        tool = pack.functions[name].tool
        parameters, fields = tool.parameters["properties"], tool.returns["properties"]
        assert set(entry.get("missing", {})) <= set(parameters)
        assert set(entry.get("otherwise", {})) <= set(parameters)
        for condition in entry.get("when", []):
            assert condition["field"] in fields
            assert set(condition["then"]) <= set(pack.functions)


# ------------------------------------------------------------------------------ look-ups


def test_a_name_with_a_slip_is_not_found_and_the_right_one_suggested(world: World) -> None:
    _, name = a_file(world)
    error = refusal(world, "find_file", name=name[:-1])
    assert error.kind == "not_found"
    assert error.suggestions[0] == name
    assert call(world, "find_file", name=name.upper())["name"] == name
    person = ask(world, "SELECT name FROM members")[0][0]
    assert refusal(world, "find_member", name=person[:-1]).suggestions[0] == person
    assert refusal(world, "tagged_files", tag="urgend").suggestions


def test_a_folder_comes_in_pages_in_the_order_asked_for(world: World) -> None:
    query = "SELECT folder_id FROM files WHERE deleted_at IS NULL GROUP BY 1 HAVING count(*) > 8"
    ((folder_id,), *_) = ask(world, query)
    newest = all_pages(world, "list_folder", folder_id=folder_id)
    moments = [file["modified_at"] for file in newest]
    assert moments == sorted(moments, reverse=True)
    oldest = all_pages(world, "list_folder", folder_id=folder_id, sort="oldest")
    assert oldest == newest[::-1]
    sizes = [
        f["size_kb"] for f in all_pages(world, "list_folder", folder_id=folder_id, sort="largest")
    ]
    assert sizes == sorted(sizes, reverse=True)
    text = all_pages(world, "list_folder", folder_id=folder_id, type="text")
    assert text == [file for file in newest if file["type"] == "text"]
    error = refusal(world, "list_folder", folder_id=folder_id, page=9)
    assert "the last one is 2" in error.message


def test_a_search_finds_just_the_files_that_mention_the_text(world: World) -> None:
    (subject,) = ask(world, "SELECT subject FROM passages")[0]
    found = all_pages(world, "search_files", text=subject.upper())
    assert all(subject in passage for file in found for passage in file["passages"])
    query = (
        "SELECT DISTINCT file_id FROM passages JOIN files USING (file_id)"
        " WHERE subject = ? AND deleted_at IS NULL"
    )
    assert {file["file_id"] for file in found} == {row[0] for row in ask(world, query, subject)}
    folder_id = ask(world, "SELECT folder_id FROM files WHERE file_id = ?", found[0]["file_id"])[0][
        0
    ]
    inside = all_pages(world, "search_files", text=subject, folder_id=folder_id)
    assert inside == [file for file in found if file["folder"] == found[0]["folder"]]
    assert call(world, "search_files", text="zebra crossing")["files"] == []
    by_name = all_pages(world, "search_files", text=found[0]["name"])
    assert found[0]["file_id"] in {file["file_id"] for file in by_name}


def test_searches_details_and_notes_are_long(world: World) -> None:
    (subject,) = ask(world, "SELECT subject FROM passages GROUP BY 1 ORDER BY count(*) DESC")[0]
    query = FREE + " ORDER BY (SELECT count(*) FROM access a WHERE a.file_id = f.file_id) DESC"
    for result in (
        call(world, "search_files", text=subject),
        call(world, "file_details", file_id=ask(world, query)[0][0]),
        call(world, "read_note", note_id=ask(world, "SELECT note_id FROM notes")[0][0]),
    ):
        assert 2_000 < len(json.dumps(result)) < 10_000


# ------------------------------------------------------------------------------- changes


def test_a_deleted_file_is_in_the_trash_until_it_is_restored(world: World) -> None:
    file_id, name = a_file(world)
    call(world, "trash_file", file_id=file_id)
    assert call(world, "list_trash")["files"][0]["name"] == name
    assert "in the trash" in refusal(world, "file_details", file_id=file_id).message
    assert "in the trash" in refusal(world, "find_file", name=name).message
    call(world, "restore_file", file_id=file_id)
    assert call(world, "find_file", name=name)["file_id"] == file_id
    assert "not in the trash" in refusal(world, "restore_file", file_id=file_id).message


def test_an_earlier_version_comes_back_as_a_new_one(world: World) -> None:
    file_id, _ = a_file(world, versions=3)
    before = call(world, "file_history", file_id=file_id)
    old = before["earlier"][-1]
    done = call(world, "restore_version", version_id=old["version_id"])
    assert done["restored_number"] == old["number"] == 1
    assert done["new_number"] == before["current_number"] + 1
    details = call(world, "file_details", file_id=file_id)
    assert details["size_kb"] == old["size_kb"]
    assert details["version_number"] == done["new_number"]
    assert len(call(world, "file_history", file_id=file_id)["earlier"]) == before["count"] + 1
    assert refusal(world, "restore_version", version_id=done["version_id"]).kind == "refused"


def test_moving_and_renaming_last_and_are_refused_where_they_cannot_be(world: World) -> None:
    file_id, name = a_file(world)
    was = call(world, "find_file", name=name)
    target, closed = (
        ask(world, "SELECT folder_id FROM folders WHERE archived = ? AND folder_id <> ?", flag,
            was["folder_id"])[0][0]
        for flag in (0, 1)
    )  # fmt: skip
    call(world, "move_file", file_id=file_id, folder_id=target)
    assert call(world, "find_file", name=name)["folder_id"] == target
    assert "already" in refusal(world, "move_file", file_id=file_id, folder_id=target).message
    assert "archived" in refusal(world, "move_file", file_id=file_id, folder_id=closed).message
    call(world, "rename_file", file_id=file_id, new_name="a new name")
    assert call(world, "find_file", name="A new name")["file_id"] == file_id
    taken = ask(world, "SELECT name FROM files WHERE file_id <> ?", file_id)[0][0]
    error = refusal(world, "rename_file", file_id=file_id, new_name=taken.upper())
    assert error.suggestions
    call(world, "rename_file", file_id=file_id, new_name=error.suggestions[0])


def test_a_file_that_somebody_has_checked_out_cannot_be_changed(world: World) -> None:
    query = "SELECT file_id, m.name FROM files JOIN members m ON member_id = locked_by"
    file_id, who = ask(world, query)[0]
    for tool, more in (("trash_file", {}), ("rename_file", {"new_name": "mine"})):
        assert who in refusal(world, tool, file_id=file_id, **more).message
    assert call(world, "file_details", file_id=file_id)["locked_by"] == who


def test_sharing_lasts_changes_the_role_and_ends(world: World) -> None:
    file_id, _ = a_file(world)
    query = "SELECT member_id FROM members WHERE member_id NOT IN (SELECT member_id FROM access WHERE file_id = ?)"  # noqa: E501
    others = [row[0] for row in ask(world, query, file_id)]
    given = call(world, "share_file", file_id=file_id, member_id=others[0], role="viewer")
    again = {"file_id": file_id, "member_id": others[0]}
    assert "already" in refusal(world, "share_file", **again, role="viewer").message
    assert call(world, "share_file", **again, role="editor")["access_id"] == given["access_id"]
    people = call(world, "list_access", file_id=file_id)["people"]
    mine = next(one for one in people if one["access_id"] == given["access_id"])
    assert mine["role"] == "editor"
    call(world, "revoke_access", access_id=given["access_id"])
    assert mine not in call(world, "list_access", file_id=file_id)["people"]
    owner = next(one for one in people if one["role"] == "owner")
    assert "owns" in refusal(world, "revoke_access", access_id=owner["access_id"]).message
    free = MOST_PEOPLE - len(call(world, "list_access", file_id=file_id)["people"])
    for member in others[:free]:
        call(world, "share_file", file_id=file_id, member_id=member, role="viewer")
    full = refusal(world, "share_file", file_id=file_id, member_id=others[free], role="viewer")
    assert "limit" in full.message


def test_a_file_has_one_link_and_no_two_files_share_one(world: World) -> None:
    files = [row[0] for row in ask(world, "SELECT file_id FROM files WHERE deleted_at IS NULL")]
    urls = [call(world, "create_link", file_id=file_id)["url"] for file_id in files]
    assert len(set(urls)) == len(urls)
    assert call(world, "create_link", file_id=files[0])["url"] == urls[0]


def test_a_line_stands_at_the_end_of_its_note_unless_the_note_is_closed(world: World) -> None:
    open_note, closed = (
        ask(world, "SELECT note_id FROM notes WHERE closed = ?", flag)[0][0] for flag in (0, 1)
    )
    call(world, "append_to_note", note_id=open_note, text="Order PO-1")
    assert call(world, "read_note", note_id=open_note)["body"].endswith("\n- Order PO-1")
    error = refusal(world, "append_to_note", note_id=closed, text="Order PO-1")
    assert error.kind == "refused"
    assert "closed" in error.message
