"""The library: its worlds make sense, its tools change what they say, its errors help."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from callwright.generators.pack import World
from callwright.generators.packs.library import tables
from callwright.generators.packs.library.tools import pack

from .worlds import Worlds, assert_chinese_names

NOW = datetime.datetime(2026, 11, 12, 8, 15, tzinfo=datetime.UTC)
WORLDS = Worlds(pack, NOW)
world_of, call, refusal = WORLDS.world, WORLDS.call, WORLDS.refusal


@pytest.fixture
def world() -> World:
    return world_of(7)


def sections(world: World, title: str) -> list[dict[str, Any]]:
    document = call(world, "find_document", title=title)["document_id"]
    return call(world, "table_of_contents", document_id=document)["sections"]


@pytest.mark.parametrize("seed", range(4))
def test_a_term_is_explained_in_a_document_of_its_field(seed: int) -> None:
    world = world_of(seed)
    topics = {work.title: work.topic for work in tables.WORKS}
    for term, (topic, _) in tables.TERMS.items():
        assert topics[call(world, "define_term", term=term)["title"]] == topic


@pytest.mark.parametrize("seed", range(4))
def test_what_a_request_picks_by_is_never_a_tie(seed: int) -> None:
    world = world_of(seed)
    for topic in {work.topic for work in tables.WORKS}:
        found = call(world, "browse_topic", topic=topic)["documents"]
        assert len({one["reads"] for one in found}) == len(found) > 3
        assert len({one["review_on"] for one in found}) == len(found)
        for one in found:
            versions = call(world, "list_versions", document_id=one["document_id"])["versions"]
            assert len({version["issued_on"] for version in versions}) == len(versions) > 1


def test_every_name_has_a_chinese_one_and_no_two_share_it() -> None:
    assert_chinese_names(
        {
            "library.title": [work.title for work in tables.WORKS],
            "library.topic": [work.topic for work in tables.WORKS],
            "library.term": list(tables.TERMS),
            "library.heading": list(tables.HEADINGS),
        }
    )


def test_a_title_with_a_slip_is_not_found_and_the_right_one_suggested(world: World) -> None:
    error = refusal(world, "find_document", title="Fire Saftey Handbook")
    assert (error.kind, error.suggestions[0]) == ("not_found", "Fire Safety Handbook")
    assert call(world, "find_document", title="CODE OF CONDUCT")["title"] == "Code of Conduct"


def test_a_section_is_long_and_cites_documents_that_exist(world: World) -> None:
    for part in sections(world, "Code of Conduct"):
        section = call(world, "read_section", section_id=part["section_id"])
        assert 1_700 < len(json.dumps(section)) < 10_000
        for cited in section["cites"]:
            call(world, "table_of_contents", document_id=cited["document_id"])
            assert cited["title"] != "Code of Conduct"


def test_a_bookmark_is_added_once_listed_and_removed(world: World) -> None:
    listed = {one["section_id"] for one in call(world, "list_bookmarks")["bookmarks"]}
    section = next(
        part["section_id"]
        for part in sections(world, "Brand Style Guide")
        if part["section_id"] not in listed
    )
    made = call(world, "add_bookmark", section_id=section)
    assert made["bookmark_id"] in refusal(world, "add_bookmark", section_id=section).message
    assert call(world, "list_bookmarks")["bookmarks"][0]["section_id"] == section
    call(world, "remove_bookmark", bookmark_id=made["bookmark_id"])
    gone = refusal(world, "remove_bookmark", bookmark_id=made["bookmark_id"])
    assert gone.kind == "not_found"


def test_one_copy_at_a_time_is_printed_and_never_ready_on_a_weekend(world: World) -> None:
    db = world.db("library")
    query = "SELECT document_id FROM documents EXCEPT SELECT document_id FROM copies"
    free = [document for (document,) in db.execute(query)]
    for document, binding in zip(free, ("stapled", "spiral", "hardcover") * 4, strict=False):
        made = call(world, "order_copy", document_id=document, binding=binding)
        assert datetime.date.fromisoformat(made["ready_on"]).weekday() < 5
        again = refusal(world, "order_copy", document_id=document, binding=binding)
        assert made["copy_id"] in again.message


def test_a_reported_mistake_is_on_record(world: World) -> None:
    section = sections(world, "Packaging Standards")[0]["section_id"]
    made = call(world, "report_mistake", section_id=section, reason="outdated")
    query = "SELECT section_id FROM reports WHERE report_id = ?"
    assert world.db("library").execute(query, (made["report_id"],)).fetchone()[0] == section
