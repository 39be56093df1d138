"""Where keys and values stand in a JSON text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import orjson

from callwright.schemas.pointers import escape

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


class Part(NamedTuple):
    """A key or a leaf in a JSON text; of a string what stands between its quotes."""

    pointer: str
    is_key: bool
    start: int
    end: int


@dataclass(slots=True)
class _Open:
    """A container that is being read."""

    pointer: str
    start: int
    is_object: bool
    key: str = "0"
    """Token of the item being read: an escaped key, or an index."""
    wants_key: bool = False
    is_empty: bool = True


def parts(text: str, start: int, end: int) -> Iterator[Part]:
    """Keys and leaves of the JSON value at `text[start:end]`, in the order in which they stand.

    An empty container is a leaf. The value must be JSON: this scanner finds places and checks
    nothing.
    """
    stack: list[_Open] = []
    for token in _TOKEN.finditer(text, start, end):
        first, last = token.span()
        mark = text[first]
        top = stack[-1] if stack else None
        if mark in "]}":
            closed = stack.pop()
            if closed.is_empty:
                yield Part(closed.pointer, False, closed.start, last)
        elif mark == ",":
            assert top is not None
            top.wants_key = top.is_object
            if not top.is_object:
                top.key = str(int(top.key) + 1)
        elif mark == ":":
            assert top is not None
            top.wants_key = False
        else:
            quote = 1 if mark == '"' else 0
            inside = first + quote, last - quote
            if top is not None:
                top.is_empty = False
                if top.wants_key:
                    top.key = escape(orjson.loads(token[0]))
                    yield Part(f"{top.pointer}/{top.key}", True, *inside)
                    continue
            pointer = "" if top is None else f"{top.pointer}/{top.key}"
            if mark in "[{":
                stack.append(_Open(pointer, first, mark == "{", wants_key=mark == "{"))
            else:
                yield Part(pointer, False, *inside)
