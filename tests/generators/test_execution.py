"""Real execution: every row in its own world, every failure a word of the closed list."""

from __future__ import annotations

import contextlib
import copy
import itertools
import random
import signal
import sqlite3
import threading
import time
from typing import Annotated, Any

import orjson
import pytest
from typing_extensions import TypedDict

from callwright.generators import execution
from callwright.generators.execution import PackSession, PackToolbox
from callwright.generators.pack import Kind, Pack, World
from callwright.generators.worlds import WORLDS, clock
from callwright.schemas.errors import ToolError

# ------------------------------------------------------------------ a small pack


class Kept(TypedDict):
    count: Annotated[int, Kind("note.count")]


class Held(TypedDict):
    words: list[str]


def seed_database(rng: random.Random, _now: Any) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, word TEXT NOT NULL)")
    connection.execute("CREATE TABLE mark (note INTEGER PRIMARY KEY REFERENCES note (id), at TEXT)")
    rows = [(i, f"word {rng.randrange(1000)}") for i in range(20)]
    connection.executemany("INSERT INTO note VALUES (?, ?)", rows)
    connection.commit()
    return connection


notes = Pack("notes", about="Notes.", data="none", seed_database=seed_database)


def _count(world: World) -> Kept:
    (count,) = world.db("notes").execute("SELECT count(*) FROM note").fetchone()
    return {"count": count}


@notes.tool
def count_notes(world: World) -> Kept:
    """Count the notes."""
    return _count(world)


@notes.tool(effect="write")
def add_note(world: World, word: str, then: str = "") -> Kept:
    """Add a note.

    Args:
        word: What it says.
        then: What goes wrong afterwards.
    """
    world.db("notes").execute("INSERT INTO note (word) VALUES (?)", (word,))
    if then == "refuse":
        raise ToolError("refused", "No more notes.")
    if then == "crash":
        raise ZeroDivisionError
    if then == "crash midway":
        for _ in world.db("notes").execute("SELECT * FROM note"):
            raise ZeroDivisionError
    if then == "crash in a transaction":
        world.db("notes").execute("BEGIN")
        world.db("notes").execute("DELETE FROM note")
        raise ZeroDivisionError
    if then == "sleep":
        time.sleep(30)
    if then == "bad":
        return {"count": object()}  # type: ignore[typeddict-item]
    return _count(world)


@notes.tool(effect="write")
def drop_note(world: World, word: str) -> Kept:
    """Remove notes.

    Args:
        word: What they say.
    """
    world.db("notes").execute("DELETE FROM note WHERE word = ?", (word,))
    return _count(world)


@notes.tool(effect="write")
def mark_note(world: World, note: int) -> Kept:
    """Mark a note.

    Args:
        note: Its number.
    """
    world.db("notes").execute("INSERT INTO mark VALUES (?, 'now')", (note,))
    return _count(world)


@notes.tool
def misbehave(how: str) -> Kept:
    """Fail.

    Args:
        how: In which way.
    """
    if how == "memory":
        raise MemoryError
    if how == "stubborn":
        while True:
            with contextlib.suppress(Exception):
                time.sleep(30)
    if how == "recurse":
        return misbehave(how)
    if how == "surrogate":
        raise ToolError("not_found", "No note \ud800.")
    raise RuntimeError(how)


@notes.tool
def hold(words: list[str]) -> Held:
    """Change what it was given.

    Args:
        words: Some words.
    """
    words.append("more")
    return {"words": words}


@pytest.fixture
def toolbox() -> PackToolbox:
    return PackToolbox([notes])


@pytest.fixture
def session(toolbox: PackToolbox) -> PackSession:
    return toolbox.open(3)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "DEADLINE", 0.05)


@pytest.fixture(scope="module")
def builtin() -> PackToolbox:
    return PackToolbox()


# ------------------------------------------------------------------------ worlds


def test_no_row_sees_what_another_one_wrote(toolbox: PackToolbox) -> None:
    one, two = toolbox.open(3), toolbox.open(3)
    assert one.call("add_note", {"word": "new"}).value == {"count": 21}
    assert two.call("count_notes", {}).value == {"count": 20}
    assert toolbox.open(3).call("count_notes", {}).value == {"count": 20}
    assert one.call("count_notes", {}).value == {"count": 21}


def test_the_world_follows_from_the_seed_alone(toolbox: PackToolbox) -> None:
    for seed in (0, 5, WORLDS - 1):
        one, two = toolbox.open(seed), PackToolbox([notes]).open(seed + WORLDS)
        assert one.world.now == two.world.now == clock(seed % WORLDS)
        assert one.world.now.tzinfo is not None
        assert one.digest() == two.digest()
    assert len({toolbox.open(seed).world.now for seed in range(WORLDS)}) > WORLDS / 2


def test_two_worlds_have_different_digests_though_nothing_was_written(
    toolbox: PackToolbox,
) -> None:
    assert len({toolbox.open(seed).digest() for seed in range(WORLDS)}) == WORLDS


# ------------------------------------------------------------- digest, snapshots


def test_reading_leaves_the_digest_and_writing_changes_it(session: PackSession) -> None:
    before = session.digest()
    session.call("count_notes", {})
    assert session.digest() == before
    session.call("add_note", {"word": "new"})
    assert session.digest() != before


def test_equal_rows_have_equal_digests_however_they_were_reached(toolbox: PackToolbox) -> None:
    untouched, undone = toolbox.open(3), toolbox.open(3)
    undone.call("add_note", {"word": "new"})
    undone.call("drop_note", {"word": "new"})
    assert undone.digest() == untouched.digest()
    straight, around = toolbox.open(3), toolbox.open(3)
    straight.call("add_note", {"word": "b"})
    around.call("add_note", {"word": "a"})
    around.call("drop_note", {"word": "a"})
    around.call("add_note", {"word": "b"})
    assert straight.digest() == around.digest()


def test_writes_that_differ_have_digests_that_differ(toolbox: PackToolbox) -> None:
    found = set()
    for name, arguments in [
        ("add_note", {"word": "a"}),
        ("add_note", {"word": "b"}),
        ("mark_note", {"note": 1}),
        ("mark_note", {"note": 2}),
    ]:
        session = toolbox.open(3)
        assert session.call(name, arguments).failure is None
        found.add(session.digest())
    assert len(found) == 4


def test_a_snapshot_brings_back_every_row_and_can_be_used_again(session: PackSession) -> None:
    session.call("add_note", {"word": "kept"})
    snapshot, before = session.snapshot(), session.digest()
    rows = session.world.db("notes").execute("SELECT * FROM note").fetchall()
    for _ in range(3):
        session.call("drop_note", {"word": "kept"})
        session.call("mark_note", {"note": 1})
        assert session.digest() != before
        session.restore(snapshot)
        assert session.digest() == before
        again = session.world.db("notes").execute("SELECT * FROM note").fetchall()
        assert [tuple(row) for row in again] == [tuple(row) for row in rows]
    assert session.call("add_note", {"word": "x"}).value == {"count": 22}


def test_a_snapshot_of_an_untouched_world_undoes_the_first_write(toolbox: PackToolbox) -> None:
    session = toolbox.open(3)
    snapshot, before = session.snapshot(), session.digest()
    session.call("add_note", {"word": "x"})
    session.restore(snapshot)
    assert session.digest() == before
    assert session.call("count_notes", {}).value == {"count": 20}


def test_a_snapshot_can_be_restored_in_another_session_of_the_same_world(
    toolbox: PackToolbox,
) -> None:
    one, two = toolbox.open(3), toolbox.open(3)
    one.call("add_note", {"word": "x"})
    two.restore(one.snapshot())
    assert two.digest() == one.digest()
    two.call("add_note", {"word": "y"})
    assert one.call("count_notes", {}).value == {"count": 21}


def test_foreign_keys_hold_after_a_snapshot_was_restored(session: PackSession) -> None:
    session.call("count_notes", {})
    for _ in range(2):
        assert session.call("mark_note", {"note": 999}).failure == "crashed"
        session.restore(session.snapshot())


# ---------------------------------------------------------------------- failures


@pytest.mark.parametrize(
    ("then", "failure"),
    [
        ("refuse", "refused"),
        ("crash", "crashed"),
        ("crash midway", "crashed"),
        ("crash in a transaction", "crashed"),
        ("bad", "crashed"),
    ],
)
def test_a_write_that_fails_leaves_nothing_behind(
    session: PackSession, then: str, failure: str
) -> None:
    session.call("add_note", {"word": "kept"})
    before = session.digest()
    assert session.call("add_note", {"word": "lost", "then": then}).failure == failure
    assert session.digest() == before
    assert session.call("count_notes", {}).value == {"count": 21}


def test_a_first_write_that_fails_leaves_nothing_behind(session: PackSession) -> None:
    before = session.digest()
    assert session.call("add_note", {"word": "lost", "then": "refuse"}).failure == "refused"
    assert session.digest() == before
    assert session.call("count_notes", {}).value == {"count": 20}


@pytest.mark.usefixtures("hasty")
def test_a_write_that_takes_too_long_is_a_timeout_and_leaves_nothing_behind(
    session: PackSession,
) -> None:
    before, started = session.digest(), time.monotonic()
    result = session.call("add_note", {"word": "late", "then": "sleep"})
    assert time.monotonic() - started < 2
    assert result.failure == "timeout"
    assert session.digest() == before
    assert session.call("count_notes", {}).value == {"count": 20}


@pytest.mark.usefixtures("hasty")
def test_a_tool_that_catches_everything_does_not_catch_its_deadline(session: PackSession) -> None:
    assert session.call("misbehave", {"how": "stubborn"}).failure == "timeout"


@pytest.mark.usefixtures("hasty")
def test_a_deadline_ends_with_its_call(session: PackSession) -> None:
    before = signal.getsignal(signal.SIGALRM)
    session.call("count_notes", {})
    session.call("misbehave", {"how": "stubborn"})
    time.sleep(0.1)  # a timer left running would ring here
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_off_the_main_thread_calls_work_without_a_deadline(toolbox: PackToolbox) -> None:
    found: list[Any] = []

    def work() -> None:
        found.append(toolbox.open(3).call("count_notes", {}).value)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [{"count": 20}]


@pytest.mark.parametrize(
    ("how", "failure"),
    [("memory", "memory"), ("boom", "crashed"), ("recurse", "crashed"), ("surrogate", "not_found")],
)
def test_what_goes_wrong_in_a_tool_is_a_result_that_says_so(
    session: PackSession, how: str, failure: str
) -> None:
    result = session.call("misbehave", {"how": how})
    assert result.failure == failure
    assert orjson.loads(result.content) == result.value
    assert result.value["error"]["kind"] == failure
    assert result.value["error"]["message"]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({}, "word"),
        ({"word": 3}, "word"),
        ({"word": None}, "word"),
        ({"word": "x", "colour": "red"}, "colour"),
    ],
)
def test_invalid_arguments_are_named_and_nothing_is_run(
    session: PackSession, arguments: dict[str, Any], named: str
) -> None:
    before = session.digest()
    result = session.call("add_note", arguments)
    assert result.failure == "invalid_arguments"
    assert "add_note" in result.value["error"]["message"]
    assert named in result.value["error"]["message"]
    assert session.digest() == before


@pytest.mark.parametrize("name", ["no_such_tool", "", "__class__", "add_note "])
def test_a_tool_that_is_not_there_is_a_result_that_says_so(session: PackSession, name: str) -> None:
    result = session.call(name, {})
    assert result.failure == "invalid_arguments"
    assert f"There is no tool named {name}." in result.value["error"]["message"]


def test_a_tool_cannot_change_the_arguments_it_was_given(session: PackSession) -> None:
    arguments = {"words": ["one"]}
    given = copy.deepcopy(arguments)
    first = session.call("hold", arguments)
    assert arguments == given
    assert first.value == {"words": ["one", "more"]}
    assert session.call("hold", arguments).content == first.content


# --------------------------------------------------------------- the real packs


def test_two_packs_with_a_tool_of_one_name_are_refused() -> None:
    twin = Pack("twin", about="", data="none")
    twin.functions["count_notes"] = notes.functions["count_notes"]
    with pytest.raises(ValueError, match="both have a tool count_notes"):
        PackToolbox([notes, twin])


def test_alternatives_are_other_values_in_an_order_set_by_the_seed(builtin: PackToolbox) -> None:
    session = builtin.open(1)
    for kind in ("city.name", "country.code", "order.id"):
        value = session.sample(kind, random.Random(0), {})
        found = list(session.alternatives(kind, value, 7))
        assert found == list(builtin.open(1).alternatives(kind, value, 7))
        assert value not in found
        assert len(found) == len(set(found)) == execution.ALTERNATIVES
        assert found != list(session.alternatives(kind, value, 8))


def test_alternatives_to_a_number_of_no_known_kind_keep_its_type(session: PackSession) -> None:
    for value in (40, 12.5):
        found = list(session.alternatives("nobody.knows", value, 1))
        assert len(set(found)) == 3
        assert value not in found
        assert {type(other) for other in found} == {type(value)}
    assert list(session.alternatives("nobody.knows", "text", 1)) == []
    assert list(session.alternatives("nobody.knows", True, 1)) == []


def test_the_stateful_packs_begin_alike_in_every_session(builtin: PackToolbox) -> None:
    for pack, seed in itertools.product(("shop", "travel"), range(0, WORLDS, 5)):
        one, two = builtin.open(seed), builtin.open(seed)
        one.world.db(pack)
        assert one.world.db(pack).serialize() == two.world.db(pack).serialize()
        assert one.digest() == builtin.open(seed).digest()
