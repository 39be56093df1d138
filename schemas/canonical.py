"""Canonical texts: of a JSON value, of its digest, and of a row.

One place decides how a value becomes bytes, so that "the same bytes" means one thing in
execution, replay, storage and deduplication.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import orjson

from callwright.schemas.record import Conversation
from callwright.schemas.views import real_call

# orjson would turn dates and dataclasses into text of its own choosing; a tool that returns
# one has to say how it is written.
_STRICT = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
_SORTED = _STRICT | orjson.OPT_SORT_KEYS


def dumps(value: Any, default: Callable[[object], Any] | None = None) -> str:
    """Write `value` as canonical JSON text: compact, in insertion order.

    Args:
        value: A JSON value with integers of at most 64 bits.
        default: Gives a JSON value for an object that is none; called for each such object.

    Raises:
        TypeError: `value` is not JSON: a NaN or infinity, a larger integer, a lone surrogate,
            a key that is not a string, an object of another type.
    """
    return _encode(value, _STRICT, default).decode()


def digest(value: Any) -> str:
    """Give 32 hex digits that identify a text, bytes or a JSON value.

    A `str` is hashed as the text it is (so `digest(dumps(v))` tells key orders apart); any other
    value through its JSON with sorted keys (so equal values have equal digests).

    Raises:
        TypeError: `value` is neither text, bytes nor JSON.
    """
    if isinstance(value, str):
        data = value.encode()
    elif isinstance(value, bytes | bytearray | memoryview):
        data = bytes(value)
    else:
        data = _encode(value, _SORTED)
    return blake2b(data, digest_size=16).hexdigest()


def canonical_text(row: Conversation) -> str:
    """Give the text by which rows are compared: user turns and calls, NFC, a line each.

    Tool definitions and results are left out: they repeat between rows that have nothing else
    in common. Argument order is no difference between two calls, so keys are sorted. Nor is the
    signature under which a tool is offered: a call is written as that of the tool itself.
    """
    lines: list[str] = []
    for message in row.messages:
        if message.role == "user" and message.content is not None:
            lines.append(f"user: {message.content}")
        for call in message.tool_calls or ():
            real = real_call(row.views, call.function)
            arguments = _encode(real.arguments, _SORTED).decode()
            lines.append(f"call: {real.name} {arguments}")
    return unicodedata.normalize("NFC", "\n".join(lines))


def _encode(value: Any, option: int, default: Callable[[object], Any] | None = None) -> bytes:
    data = orjson.dumps(value, default, option)
    # orjson writes NaN and infinities as null, silently. Only a text that holds a null can
    # hide one, so most values are spared the walk.
    if b"null" in data:
        _refuse_non_finite(value, default)
    return data


def _refuse_non_finite(value: Any, default: Callable[[object], Any] | None) -> None:
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, float):
            if not math.isfinite(item):
                raise TypeError(f"{item} is not a JSON value")
        elif isinstance(item, dict):
            stack.extend(item.values())
        elif isinstance(item, list | tuple):
            stack.extend(item)
        elif default is not None and not isinstance(item, str | int | None):
            stack.append(default(item))
