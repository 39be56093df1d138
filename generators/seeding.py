"""What packs make their databases with: tables without rows, and many rows at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from typing import Any


def new_database(schema: str) -> sqlite3.Connection:
    """A database in memory with the tables that `schema` creates, and no rows.

    Foreign keys are not yet enforced, so that tables may be filled in any order.
    """
    db = sqlite3.connect(":memory:", check_same_thread=False)
    db.deserialize(_empty(schema))
    return db


@cache
def _empty(schema: str) -> bytes:
    """An image of the tables: to read it takes less time than to run the schema."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("PRAGMA page_size = 1024")  # tables are small, and snapshots many
        db.executescript(schema)
        return db.serialize()


def insert(db: sqlite3.Connection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """Put rows, whole and at least one, into a table of our own."""
    marks = ",".join("?" * len(rows[0]))
    db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608  our own names
