"""The databases of stateful packs: made once, kept as images, opened by deserializing.

An image carries triggers that note which rows were touched, so that telling whether a world has
changed costs the rows that somebody touched and not all of them.
"""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from functools import cache

import orjson

from callwright.generators.pack import Pack
from callwright.generators.worlds import clock

_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' "
    "AND name NOT LIKE 'sqlite_%' AND name <> '_touched' ORDER BY name"
)

_EVENTS = {
    "INSERT": ("NEW.rowid",),
    "UPDATE": ("OLD.rowid", "NEW.rowid"),
    "DELETE": ("OLD.rowid",),
}
_ALL = -1
"""Noted for a table without row ids: any of its rows may have changed."""


@cache
def first_image(pack: Pack, variant: int) -> bytes:
    """The database of `pack` in world `variant` as it is before any call."""
    assert pack.seed_database is not None, f"pack {pack.name} has no database"
    connection = pack.seed_database(random.Random(f"{pack.name} {variant}"), clock(variant))
    connection.execute("CREATE TABLE _touched (name TEXT, row INTEGER, PRIMARY KEY (name, row))")
    for (table,) in connection.execute(_TABLES).fetchall():
        for event, rows in _EVENTS.items():
            noted = "; ".join(
                f"INSERT OR IGNORE INTO _touched VALUES ('{table}', {row})"  # noqa: S608
                for row in (rows if _has_rowid(connection, table) else (_ALL,))
            )
            trigger = f"_{event}_{table} AFTER {event} ON {table}"
            connection.execute(f"CREATE TRIGGER {trigger} BEGIN {noted}; END")
    connection.commit()
    return connection.serialize()


def connect(image: bytes) -> sqlite3.Connection:
    """Open a copy of a database."""
    connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=256)
    connection.deserialize(image)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def changes(connection: sqlite3.Connection, pack: Pack, variant: int) -> dict[str, list[str]]:
    """What has changed since the beginning: table -> rows gone and rows come, as sorted JSON.

    Rows count by what they say: a row that was changed and put back, or deleted and inserted
    again, has not changed.
    """
    touched = connection.execute("SELECT name, row FROM _touched").fetchall()
    if not touched:
        return {}
    first = before(pack, variant)
    counts: dict[str, Counter[str]] = {}
    for table, row in touched:
        count = counts.setdefault(table, Counter())
        count.update(_row(connection, table, row))
        count.subtract(_row(first, table, row))
    found = {
        table: sorted(f"{number:+} {text}" for text, number in count.items() if number)
        for table, count in sorted(counts.items())
    }
    return {table: rows for table, rows in found.items() if rows}


@cache
def before(pack: Pack, variant: int) -> sqlite3.Connection:
    """The database of `pack` in world `variant` as it is before any call, to be read only."""
    connection = connect(first_image(pack, variant))
    connection.execute("PRAGMA query_only = ON")
    return connection


def _row(connection: sqlite3.Connection, table: str, row: int) -> list[str]:
    """The row as JSON, in a list that is empty where there is none; for `_ALL` every row."""
    query = f'SELECT * FROM "{table}" WHERE rowid = ?'  # noqa: S608 - a name of ours
    if row == _ALL:
        query = f'SELECT * FROM "{table}" WHERE ? IS NOT NULL'  # noqa: S608
    return [orjson.dumps(tuple(found)).decode() for found in connection.execute(query, (row,))]


def _has_rowid(connection: sqlite3.Connection, table: str) -> bool:
    without: int = connection.execute(
        "SELECT wr FROM pragma_table_list WHERE name = ?", (table,)
    ).fetchone()[0]
    return not without
