"""What is worked out of stored JSON once, as long as the JSON stays as it is.

Argilla's database is the only truth: the key is a digest of the JSON itself, so nothing here can
be out of date, and nothing has to be told when a record changes or goes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from hashlib import blake2b
from threading import Lock
from typing import Any, Generic, TypeVar

from .query import fold

Made = TypeVar("Made")

_BETWEEN = "\x00"
"""Stands between two texts of a record, so that no phrase is found across them."""


class Contents(Generic[Made]):
    """Things made of JSON texts, the newest of them, up to a number of characters of JSON."""

    def __init__(self, make: Callable[[str], Made], limit: int) -> None:
        """Remember what `make` makes of up to `limit` characters of JSON."""
        self._make = make
        self._limit = limit
        self._size = 0
        self._made: dict[bytes, tuple[Made, int]] = {}
        self._lock = Lock()  # each connection of the pool calls from a thread of its own

    def of(self, text: str) -> Made:
        """What `make` makes of the text."""
        key = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        found = self._made.get(key)
        if found is None:
            found = (self._make(text), len(text))
            with self._lock:
                self._keep(key, found)
        return found[0]

    def _keep(self, key: bytes, found: tuple[Made, int]) -> None:
        if key not in self._made:
            self._made[key] = found
            self._size += found[1]
        while self._size > self._limit:
            oldest = next(iter(self._made))
            self._size -= self._made.pop(oldest)[1]


def texts(fields: str) -> dict[str, str]:
    """Give what can be searched of a record's fields, field -> folded text."""
    return {name: fold(_BETWEEN.join(_leaves(value))) for name, value in json.loads(fields).items()}


def _leaves(value: Any) -> Iterator[str]:
    """Strings and numbers; names of keys are the layout's, not the row's."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield json.dumps(value)
