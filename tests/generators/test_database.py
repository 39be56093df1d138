"""What counts as a change of a world."""

from __future__ import annotations

import sqlite3

import pytest

from callwright.generators.database import changes, connect, first_image
from callwright.generators.pack import Pack


def _seed(_rng: object, _now: object) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE plain (id TEXT PRIMARY KEY, n INTEGER)")
    connection.execute("CREATE TABLE bare (id TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID")
    for table in ("plain", "bare"):
        connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", [("a", 1), ("b", 2)])
    return connection


@pytest.fixture
def pack() -> Pack:
    return Pack("small", "", "", _seed)


@pytest.mark.parametrize("table", ["plain", "bare"])
@pytest.mark.parametrize(
    "writes",
    [
        ["UPDATE {t} SET n = 9 WHERE id = 'a'", "UPDATE {t} SET n = 1 WHERE id = 'a'"],
        ["DELETE FROM {t} WHERE id = 'b'", "INSERT INTO {t} VALUES ('b', 2)"],
        ["INSERT INTO {t} VALUES ('c', 3)", "DELETE FROM {t} WHERE id = 'c'"],
    ],
)
def test_what_is_put_back_has_not_changed(pack: Pack, table: str, writes: list[str]) -> None:
    connection = connect(first_image(pack, 0))
    connection.execute(writes[0].format(t=table))
    assert set(changes(connection, pack, 0)) == {table}
    connection.execute(writes[1].format(t=table))
    assert changes(connection, pack, 0) == {}


@pytest.mark.parametrize("table", ["plain", "bare"])
def test_equal_rows_are_equal_in_whatever_order_they_came(pack: Pack, table: str) -> None:
    found = []
    for order in (("c", "d"), ("d", "c")):
        connection = connect(first_image(pack, 0))
        for name in order:
            connection.execute(f"INSERT INTO {table} VALUES (?, 5)", (name,))
        found.append(changes(connection, pack, 0))
    assert found[0] == found[1] != {}
