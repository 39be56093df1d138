"""The agenda: its worlds make sense, its tools change what they say, its wording names fields."""

from __future__ import annotations

import datetime
import itertools
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from callwright.generators.pack import World
from callwright.generators.packs.agenda import base, tables
from callwright.generators.packs.agenda.tools import pack
from callwright.generators.packs.travel.people import CHINESE
from callwright.generators.wording.lexicon import lexicon, parse_form, read_yaml
from callwright.schemas.errors import ToolError
from callwright.schemas.surface import terms

from .fields import field_schema
from .worlds import Worlds

NOW = datetime.datetime(2026, 11, 11, 10, 15, tzinfo=datetime.UTC)  # a Wednesday
WORLDS = Worlds(pack, NOW)
world_of, call = WORLDS.world, WORLDS.call
sampled, rows, state = WORLDS.sampled, WORLDS.rows, WORLDS.state
FOLDER = Path(tables.__file__).parent
LANGUAGES = ("en", "zh")


@pytest.fixture
def world() -> World:
    return world_of(7)


def size(result: Any) -> int:
    return len(json.dumps(result, ensure_ascii=False).encode())


def own(world: World) -> str:
    """A meeting to come that the owner organizes, with others in it."""
    query = "SELECT no FROM events JOIN participants ON event = no WHERE organizer IS NULL"
    return f"EV-{rows(world, query + ' AND starts_at > ? LIMIT 1', base.now(world))[0][0]}"


# ------------------------------------------------------------------------------ worlds


@pytest.mark.parametrize("seed", range(8))
def test_a_world_is_small_whole_linked_and_has_hundreds_of_records(seed: int) -> None:
    world = world_of(seed)
    assert len(world.db("agenda").serialize()) < 120_000
    counts = WORLDS.counts(world)
    assert all(counts.values())
    assert sum(counts.values()) > 400
    linked = [table for table in counts if rows(world, f"PRAGMA foreign_key_list({table})")]
    assert len(linked) >= 5


@pytest.mark.parametrize("seed", range(8))
def test_the_owner_is_never_at_two_places_at_once(seed: int) -> None:
    world = world_of(seed)
    for (day,) in rows(world, "SELECT DISTINCT substr(starts_at, 1, 10) FROM events"):
        events = call(world, "list_events", date=day)["events"]
        for one, following in itertools.pairwise(events):
            assert one["end_time"] <= following["start_time"], (day, one, following)


@pytest.mark.parametrize("seed", range(8))
def test_rooms_have_a_seat_for_everybody(seed: int) -> None:
    query = (
        "SELECT seats, (SELECT count(*) FROM participants WHERE event = events.no) FROM events"
        " JOIN rooms ON room = rooms.no"
    )
    assert all(seats > people for seats, people in rows(world_of(seed), query))


@pytest.mark.parametrize("seed", range(4))
def test_details_are_long_and_no_two_descriptions_are_alike(seed: int) -> None:
    world = world_of(seed)
    events = rows(world, "SELECT no FROM events WHERE calendar = 'Work'")
    details = [call(world, "get_event", event_id=f"EV-{no}") for (no,) in events]
    sizes = sorted(map(size, details))
    assert 2000 < sizes[len(sizes) // 2] < sizes[-1] < 10_000
    assert len({event["description"] for event in details}) == len(details)
    tasks = [f"TK-{no}" for (no,) in rows(world, "SELECT no FROM tasks")]
    sizes = sorted(size(call(world, "get_task", task_id=task)) for task in tasks)
    assert 2000 < sizes[len(sizes) // 2] < sizes[-1] < 10_000


# ------------------------------------------------------------------------------- reads


def test_a_colleague_and_an_event_are_found_whatever_the_capitals(world: World) -> None:
    name, title = sampled(world, "colleague.name"), sampled(world, "event.title")
    assert call(world, "find_colleague", name=name.upper())["name"] == name
    found = call(world, "find_event", title=title.upper())
    assert found["title"] == title
    assert f"{found['date']}T{found['start_time']}" > base.now(world)
    assert all(day >= found["date"] for day in found["later_dates"])


@pytest.mark.parametrize(
    ("tool", "parameter", "kind"),
    [
        ("find_colleague", "name", "colleague.name"),
        ("find_event", "title", "event.title"),
        ("find_task", "title", "task.title"),
    ],
)
def test_a_slip_in_a_name_is_answered_with_what_was_meant(
    world: World, tool: str, parameter: str, kind: str
) -> None:
    meant = sampled(world, kind)
    with pytest.raises(ToolError) as caught:
        call(world, tool, **{parameter: meant[:-2] + "x"})
    assert caught.value.kind == "not_found"
    assert meant in caught.value.suggestions


def test_pages_follow_one_another_and_hold_everything_once(world: World) -> None:
    seen, page = [], 1
    while page:
        found = call(world, "list_tasks", page=page)
        assert len(found["tasks"]) <= base.MAX_ITEMS
        seen += found["tasks"]
        page = found["next_page"]
    assert len(seen) == found["count"] > base.MAX_ITEMS
    assert [t["due_date"] for t in seen] == sorted(t["due_date"] for t in seen)
    assert len({task["task_id"] for task in seen}) == len(seen)
    with pytest.raises(ToolError, match="the last one is"):
        call(world, "list_tasks", page=99)


@pytest.mark.parametrize("seed", range(6))
def test_a_free_slot_is_free_for_both_and_can_be_booked(seed: int) -> None:
    world = world_of(seed)
    name = sampled(world, "colleague.name", seed)
    person_id = call(world, "find_colleague", name=name)["person_id"]
    day = sampled(world, "date.meeting", seed, **{"colleague.name": name})
    found = call(world, "find_free_slots", person_id=person_id, date=day, minutes=30)
    person = base.person_of(world, person_id)
    for slot in found["slots"]:
        start = base.minutes_of(slot["start_time"])
        assert base.is_free(base.busy_owner(world, day), start, 30)
        assert base.is_free(base.busy_person(world, person, day), start, 30)
        assert person.works_from <= slot["start_time"] < slot["end_time"] <= person.works_until
    if found["slots"]:
        slot = found["slots"][-1]
        held = call(world, "book_slot", slot_id=slot["slot_id"], title="Catch-up")
        assert (held["with_name"], held["date"]) == (name, day)
        assert (held["start_time"], held["end_time"]) == (slot["start_time"], slot["end_time"])
        with pytest.raises(ToolError, match="is taken") as caught:
            call(world, "book_slot", slot_id=slot["slot_id"], title="Team lunch")
        assert f"{day}T{slot['start_time']}" not in caught.value.suggestions


def test_rooms_on_offer_are_large_enough_and_come_smallest_first(world: World) -> None:
    found = call(world, "free_rooms", event_id=own(world))
    seats = [room["seats"] for room in found["rooms"]]
    assert seats == sorted(set(seats))
    assert seats[0] >= found["people"]
    booked = call(world, "book_room", offer_id=found["rooms"][0]["offer_id"])
    assert booked["room_name"] == found["rooms"][0]["room_name"]
    event = call(world, "get_event", event_id=found["event_id"])
    assert event["room_name"] == booked["room_name"]


def test_reading_changes_nothing(world: World) -> None:
    before = state(world)
    person_id, day = sampled(world, "person.any"), sampled(world, "date.agenda")
    call(world, "get_colleague", person_id=person_id)
    call(world, "list_meetings_with", person_id=person_id)
    call(world, "find_free_slots", person_id=person_id, date=day, minutes=45)
    call(world, "list_events", date=day)
    call(world, "get_event", event_id=own(world))
    call(world, "free_rooms", event_id=own(world))
    call(world, "list_invitations")
    call(world, "get_task", task_id=sampled(world, "task.id"))
    assert state(world) == before


# ------------------------------------------------------------------------------ writes


def test_what_is_created_moved_and_cancelled_stands_in_the_calendar(world: World) -> None:
    start = sampled(world, "datetime.planned")
    made = call(world, "create_event", title="Team lunch", starts_at=start, minutes=30)
    listed = call(world, "list_events", date=start[:10])["events"]
    assert made["event_id"] in {event["event_id"] for event in listed}
    other = sampled(world, "datetime.planned", 5)
    moved = call(world, "move_event", event_id=made["event_id"], new_start=other)
    assert (moved["old_starts_at"], moved["starts_at"]) == (start, other)
    assert call(world, "find_event", title="Team lunch")["date"] == other[:10]
    call(world, "set_reminder", event_id=made["event_id"], minutes_before=20)
    call(world, "cancel_event", event_id=made["event_id"])
    with pytest.raises(ToolError):
        call(world, "find_event", title="Team lunch")


def test_new_events_have_numbers_that_depend_on_what_they_are(world: World) -> None:
    before, start = world.db("agenda").serialize(), sampled(world, "datetime.planned")
    numbers = set()
    for title in tables.NEW_EVENTS:
        event = call(world, "create_event", title=title, starts_at=start, minutes=30)
        numbers.add(event["event_id"])
        world.db("agenda").deserialize(before)
    assert len(numbers) > len(tables.NEW_EVENTS) / 2


def test_an_answered_invitation_is_no_longer_open(world: World) -> None:
    invitation = call(world, "list_invitations")["invitations"][0]
    arguments = {"event_id": invitation["event_id"], "response": "declined"}
    answered = call(world, "respond_to_invitation", **arguments)
    assert answered["organizer_name"] == invitation["organizer_name"]
    left = call(world, "list_invitations")
    assert left["count"] == answered["open_invitations"]
    assert invitation["event_id"] not in {i["event_id"] for i in left["invitations"]}
    day = call(world, "list_events", date=invitation["date"])["events"]  # declined: time is free
    assert invitation["event_id"] not in {event["event_id"] for event in day}


def test_an_invited_colleague_takes_part(world: World) -> None:
    event_id = own(world)
    event = call(world, "get_event", event_id=event_id)
    there = {person["person_id"] for person in event["participants"]}
    guest = next(
        f"PE-{n}" for (n,) in rows(world, "SELECT no FROM people") if f"PE-{n}" not in there
    )
    call(
        world,
        "book_room",
        offer_id=call(world, "free_rooms", event_id=event_id)["rooms"][-1]["offer_id"],
    )
    call(world, "invite_to_event", event_id=event_id, person_id=guest)
    event = call(world, "get_event", event_id=event_id)
    assert {p["person_id"] for p in event["participants"]} == {*there, guest}
    met = call(world, "list_meetings_with", person_id=guest)["meetings"]
    assert event_id in {meeting["event_id"] for meeting in met}


def test_a_task_is_added_put_off_and_ticked_off(world: World) -> None:
    added = call(world, "add_task", title="Buy milk", list_name="shopping", due_date="2026-11-20")
    assert added["list_name"] == "Shopping"
    task_id = call(world, "find_task", title="buy milk")["task_id"]
    assert task_id == added["task_id"]
    put_off = call(world, "set_due_date", task_id=task_id, due_date="2026-11-27")
    assert (put_off["old_due_date"], put_off["due_date"]) == ("2026-11-20", "2026-11-27")
    done = call(world, "complete_task", task_id=task_id)
    assert done["open_tasks"] == added["open_tasks"] - 1
    details = call(world, "get_task", task_id=sampled(world, "task.id"))
    closed = call(world, "complete_task", task_id=details["task_id"])["subtasks_closed"]
    assert closed == details["open_subtasks"]
    assert call(world, "get_task", task_id=details["task_id"])["open_subtasks"] == 0


def refusals(world: World) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(kind of failure, tool, arguments) of calls that the agenda turns down."""
    mine, free = own(world), sampled(world, "datetime.planned")
    theirs = rows(world, "SELECT no, starts_at FROM events WHERE organizer > 0 AND starts_at > ?"
                         " AND response = 'accepted'", base.now(world))  # fmt: skip
    (past,) = rows(world, "SELECT no FROM events WHERE organizer IS NULL AND starts_at < ?",
                   base.now(world))[0]  # fmt: skip
    (private,) = rows(world, "SELECT no FROM events WHERE calendar = 'Private'")[0]
    (guest,) = rows(world, "SELECT person FROM participants WHERE event = ?", int(mine[3:]))[0]
    (done,) = rows(world, "SELECT no FROM tasks WHERE done_on IS NOT NULL")[0]
    (task, title, name, due) = rows(
        world, "SELECT no, title, list, due_date FROM tasks WHERE done_on IS NULL"
    )[0]
    other = f"EV-{theirs[0][0]}"
    new = {"title": "Team lunch", "minutes": 30}
    yield "refused", "create_event", {**new, "starts_at": theirs[0][1]}
    yield "refused", "create_event", {**new, "starts_at": "2026-11-10T10:00"}
    yield "refused", "create_event", {**new, "starts_at": f"{free[:10]}T23:30"}
    yield "invalid_arguments", "create_event", {**new, "starts_at": "tomorrow at ten"}
    yield "refused", "move_event", {"event_id": other, "new_start": free}
    yield "refused", "move_event", {"event_id": f"EV-{past}", "new_start": free}
    yield "refused", "cancel_event", {"event_id": other}
    yield "refused", "respond_to_invitation", {"event_id": mine, "response": "accepted"}
    yield "refused", "respond_to_invitation", {"event_id": other, "response": "accepted"}
    yield "refused", "invite_to_event", {"event_id": mine, "person_id": f"PE-{guest}"}
    yield "refused", "invite_to_event", {"event_id": f"EV-{private}", "person_id": f"PE-{guest}"}
    yield "refused", "free_rooms", {"event_id": f"EV-{private}"}
    yield "refused", "set_reminder", {"event_id": f"EV-{past}", "minutes_before": 20}
    yield "refused", "complete_task", {"task_id": f"TK-{done}"}
    yield "refused", "set_due_date", {"task_id": f"TK-{task}", "due_date": due}
    yield "refused", "set_due_date", {"task_id": f"TK-{task}", "due_date": "2026-01-01"}
    yield "refused", "add_task", {"title": title.lower(), "list_name": name}
    yield "not_found", "add_task", {"title": "Buy milk", "list_name": "Chores"}
    for bad in ("EV-1", "EV-x", "1", "EV-" + "9" * 40):
        yield "not_found", "get_event", {"event_id": bad}
    for tool, key in (("book_room", "offer_id"), ("book_slot", "slot_id")):
        rest = {"title": "Team lunch"} if tool == "book_slot" else {}
        for bad in ("", "ro_00000000", "sl_zzzzzzzz", "sl_$"):
            yield "not_found", tool, {key: bad, **rest}


def test_refusals_say_why_and_leave_the_agenda_as_it_was(world: World) -> None:
    for kind, tool, arguments in list(refusals(world)):
        before = state(world)
        with pytest.raises(ToolError) as caught:
            call(world, tool, **arguments)
        assert caught.value.kind == kind, (tool, arguments, caught.value)
        assert state(world) == before


def test_a_clash_names_times_at_which_it_would_work(world: World) -> None:
    (taken,) = rows(world, "SELECT starts_at FROM events WHERE starts_at > '2026-11-13'")[0]
    arguments = {"title": "Team lunch", "minutes": 30}
    with pytest.raises(ToolError) as caught:
        call(world, "create_event", **arguments, starts_at=taken)
    assert caught.value.suggestions
    before = world.db("agenda").serialize()
    for free in caught.value.suggestions:
        assert str(free)[:10] == taken[:10]
        call(world, "create_event", **arguments, starts_at=free)
        world.db("agenda").deserialize(before)


def test_a_snapshot_brings_everything_back(world: World) -> None:
    db: sqlite3.Connection = world.db("agenda")
    before, image = state(world), db.serialize()
    first = call(world, "cancel_event", event_id=own(world))
    db.deserialize(image)
    assert state(world) == before
    assert call(world, "cancel_event", event_id=own(world)) == first


# ------------------------------------------------------------------------------ values


@pytest.mark.parametrize("kind", sorted(pack.values))
def test_samplers_are_deterministic_and_varied(world: World, kind: str) -> None:
    found = [sampled(world, kind, seed) for seed in range(60)]
    assert found == [sampled(world, kind, seed) for seed in range(60)]
    small = kind in ("duration.meeting", "duration.notice", "task.list")
    assert len(set(found)) >= (4 if small or kind in INVITED else 10)


INVITED = ("event.invited", "event.to_answer")


@pytest.mark.parametrize(
    ("tool", "parameter", "kind"),
    [
        ("find_colleague", "name", "colleague.name"),
        ("find_event", "title", "event.title"),
        ("find_task", "title", "task.title"),
        ("list_tasks", "list_name", "task.list"),
        ("get_event", "event_id", "event.id"),
        ("cancel_event", "event_id", "event.id"),
        ("get_colleague", "person_id", "person.any"),
        ("get_task", "task_id", "task.id"),
        ("complete_task", "task_id", "task.id"),
        ("book_room", "offer_id", "room.offer"),
    ],
)
def test_what_may_be_said_or_swapped_in_is_accepted(tool: str, parameter: str, kind: str) -> None:
    for seed in range(15):
        world = world_of(seed % 5)
        call(world, tool, **{parameter: sampled(world, kind, seed)})


def test_a_planned_start_is_free(world: World) -> None:
    for seed in range(20):
        before = world.db("agenda").serialize()
        start = sampled(world, "datetime.planned", seed)
        call(world, "create_event", title="Test run", starts_at=start, minutes=90)
        world.db("agenda").deserialize(before)


def test_a_new_task_and_its_list_suit_each_other(world: World) -> None:
    for seed in range(20):
        title = sampled(world, "task.new_title", seed)
        assert (
            title
            in tables.NEW_TASKS[sampled(world, "task.list", seed, **{"task.new_title": title})]
        )
        name = sampled(world, "task.list", seed)
        assert (
            sampled(world, "task.new_title", seed, **{"task.list": name}) in tables.NEW_TASKS[name]
        )


def test_what_can_be_added_is_on_nobodys_list_yet() -> None:
    known = {title for titles in tables.TASKS.values() for title in titles}
    assert not known & {title for titles in tables.NEW_TASKS.values() for title in titles}
    planned = {topic.title for topic in tables.WORK} | {errand.title for errand in tables.PRIVATE}
    assert not planned & {*tables.NEW_EVENTS, *tables.TALKS}


def test_every_entry_has_a_chinese_name_of_its_own() -> None:
    events = [*(topic.title for topic in tables.WORK), *(e.title for e in tables.PRIVATE)]
    of_kind = {
        "event.title": events,
        "event.new_title": tables.NEW_EVENTS,
        "event.talk_title": tables.TALKS,
        "event.any_title": [*events, *tables.NEW_EVENTS, *tables.TALKS],
        "task.title": [t for titles in tables.TASKS.values() for t in titles],
        "task.new_title": [t for titles in tables.NEW_TASKS.values() for t in titles],
        "task.step": [t for titles in tables.STEPS.values() for t in titles],
        "task.list": tables.LISTS,
        "task.priority": tables.PRIORITIES,
        "task.importance": tables.PRIORITIES,
        "invitation.response": tables.RESPONSES,
        "agenda.calendar": tables.CALENDARS,
        "colleague.team": tables.TEAMS,
        "colleague.role": [*(r for roles in tables.TEAMS.values() for r in roles), "team lead"],
        "colleague.name": CHINESE,
    }
    for kind, values in of_kind.items():
        for value in values:
            (chinese, *_) = terms.names_of(value, kind, "zh")
            assert terms.parse(chinese, kind, "zh") == [value], (kind, value)
    for name in CHINESE:  # the same people as those who travel, written alike
        travels = terms.names_of(name, "traveller.name", "zh")
        assert terms.names_of(name, "colleague.name", "zh") == travels


# ----------------------------------------------------------------------------- wording


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(pack.functions))
def test_requests_use_parameters_and_reasons_fit_any(language: Any, name: str) -> None:
    words = lexicon(language, ("agenda",)).tools[name]
    tool = pack.functions[name].tool
    parameters = set(tool.parameters["properties"])
    asked = {slot for form in (*words.ask, *words.do) for slot in form.offers}
    assert asked <= parameters
    for path, rules in words.pick.items():
        for rule in rules:
            for field in [f for f, _, _ in rule.tests] + ([rule.by] if rule.by else []):
                assert field_schema(tool, f"{path}.{field}"), field
    for path in (*words.name, *words.elide, *words.that):
        assert field_schema(tool, path), path
    assert not any(char.isdigit() for why in words.because for char in why.text)
    required = frozenset(tool.parameters.get("required", ()))
    assert any(form.fits(required - dict(form.fixed).keys()) for form in words.do)
    assert any(form.fits(required - dict(form.fixed).keys()) for form in words.ask)


@pytest.mark.parametrize("language", LANGUAGES)
def test_dialogues_name_parameters_fields_and_tools_that_exist(language: str) -> None:
    dialogue = read_yaml(FOLDER / f"dialogue_{language}.yaml")
    said = frozenset(kind for kind, values in pack.values.items() if values.said)
    for name, entry in dialogue.items():
        tool = pack.functions[name].tool
        properties = tool.parameters["properties"]
        keys = {"missing", "confirm", "declined", "when", "otherwise", "undone"}
        assert set(entry) <= keys, name
        for parameter, words in entry.get("missing", {}).items():
            others = set(tool.parameters["required"]) - {parameter}
            for text in words["request"]:
                form = parse_form(text)
                assert parameter not in form.offers, text
                assert others <= form.offers <= set(properties), text
            assert [parse_form(t).needs for t in words["reply"]] == [{parameter}] * len(
                words["reply"]
            )
            assert all(parse_form(text).offers <= others for text in words["question"])
            assert len(words["request"]) >= 3
            assert min(len(words["question"]), len(words["reply"])) >= 2
        for entry_form in entry.get("confirm", ()):
            text = entry_form["say"] if isinstance(entry_form, dict) else entry_form
            assert parse_form(text).offers <= set(properties), text
        for when in entry.get("when", ()):
            schema = field_schema(tool, when["field"])
            assert schema, (name, when["field"])
            limited = "said" in (when.get("le"), when.get("ge"))
            for text in when["if"]:
                assert parse_form(text).offers == ({"limit"} if limited else set()), text
            if limited:
                assert schema["x-kind"] in pack.values
            assert all(
                field_schema(tool, slot) for t in when["else"] for slot in parse_form(t).offers
            )
            assert set(when["then"]) <= set(pack.functions)
            assert min(len(when["if"]), len(when["else"])) >= 2
        for parameter, wish in entry.get("otherwise", {}).items():
            assert all(parse_form(text).needs == {parameter} for text in wish["say"])
            assert said & {properties[parameter]["x-kind"]} or "x-accepts" in properties[parameter]
    writes = {n for n, f in pack.functions.items() if f.tool.effect == "write"}
    for name in writes:
        assert len(dialogue[name]["confirm"]) >= 3, name
        assert len(dialogue[name]["declined"]) >= 2, name
    assert len([n for n, entry in dialogue.items() if "missing" in entry]) >= 4
    assert len([n for n, e in dialogue.items() if "when" in e and n not in writes]) >= 4


def test_both_languages_hold_the_same_dialogues() -> None:
    english, chinese = (read_yaml(FOLDER / f"dialogue_{x}.yaml") for x in LANGUAGES)
    assert english.keys() == chinese.keys()
    for name, entry in english.items():
        assert entry.keys() == chinese[name].keys()
        for part in ("missing", "otherwise"):
            assert entry.get(part, {}).keys() == chinese[name].get(part, {}).keys()
        tests = [
            [
                {k: v for k, v in when.items() if k not in ("if", "else")}
                for when in e.get("when", ())
            ]
            for e in (entry, chinese[name])
        ]
        assert tests[0] == tests[1]
