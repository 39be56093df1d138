"""The databases of stateful packs: made once, kept as images, opened by deserializing.

An image carries triggers that note which tables were written to, so that telling whether a
world has changed costs the tables that somebody touched and not all of them.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
from functools import cache

import orjson

from callwright.generators.pack import Pack
from callwright.generators.worlds import clock

_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' "
    "AND name NOT LIKE 'sqlite_%' AND name <> '_touched' ORDER BY name"
)


@cache
def first_image(pack: Pack, variant: int) -> bytes:
    """The database of `pack` in world `variant` as it is before any call."""
    assert pack.seed_database is not None, f"pack {pack.name} has no database"
    connection = pack.seed_database(random.Random(f"{pack.name} {variant}"), clock(variant))
    connection.execute("CREATE TABLE _touched (name TEXT PRIMARY KEY) WITHOUT ROWID")
    for (table,) in connection.execute(_TABLES).fetchall():
        for event in ("INSERT", "UPDATE", "DELETE"):
            connection.execute(
                f"CREATE TRIGGER _{event}_{table} AFTER {event} ON {table} BEGIN "  # noqa: S608
                f"INSERT OR IGNORE INTO _touched VALUES ('{table}'); END"
            )
    connection.commit()
    return connection.serialize()


def connect(image: bytes) -> sqlite3.Connection:
    """Open a copy of a database."""
    connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=256)
    connection.deserialize(image)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def changes(connection: sqlite3.Connection, pack: Pack, variant: int) -> dict[str, str]:
    """Digests of the tables whose rows are not those of the beginning.

    Rows count, not pages: a table that was written to and put back has not changed.
    """
    touched = [name for (name,) in connection.execute("SELECT name FROM _touched ORDER BY name")]
    first = _first_digests(pack, variant) if touched else {}
    now = {table: _digest(connection, table) for table in touched}
    return {table: digest for table, digest in now.items() if digest != first[table]}


@cache
def _first_digests(pack: Pack, variant: int) -> dict[str, str]:
    connection = connect(first_image(pack, variant))
    tables = [name for (name,) in connection.execute(_TABLES).fetchall()]
    return {table: _digest(connection, table) for table in tables}


def _digest(connection: sqlite3.Connection, table: str) -> str:
    cursor = connection.cursor()
    cursor.row_factory = None  # plain tuples: no object a row
    cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a name of ours
    rows = sorted(map(orjson.dumps, cursor))  # the same rows in any order
    return hashlib.blake2b(b"\n".join(rows), digest_size=12).hexdigest()
