"""Decode JSON that strangers wrote: what cannot be carried unchanged is named, never altered.

Python's own decoder keeps the last of two equal keys, turns `1e999` into infinity and accepts
NaN; orjson turns integers beyond 64 bits into floats. Here each of these becomes a reason to
refuse the row.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from callwright.schemas.errors import CallwrightError

MAX_DEPTH = 64
"""Nesting beyond this is refused: no data set needs it and recursive consumers crash on it."""
MAX_ROW_BYTES = 8 * 2**20
"""A longer row is refused unread."""
EXCERPT = 500
"""Characters kept of a row that cannot be kept whole."""


class RowRefused(CallwrightError):
    """This row cannot be carried; the import goes on and writes a Rejection."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class _Uncarriable:
    """Stands in a decoded value where JSON text said something that JSON values cannot hold."""

    reason: str
    detail: str


def _integer(text: str) -> int | _Uncarriable:
    if len(text) <= 18 or (len(text) <= 20 and -(2**63) <= int(text) < 2**64):
        return int(text)
    return _Uncarriable("number_out_of_range", f"{text[:40]} does not fit into 64 bits")


def _float(text: str) -> float | _Uncarriable:
    value = float(text)
    if math.isfinite(value):
        return value
    return _Uncarriable("number_out_of_range", f"{text[:40]} is beyond a double's range")


def _constant(text: str) -> _Uncarriable:
    return _Uncarriable("number_out_of_range", f"{text} is no JSON number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Uncarriable:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    names = [name for name, _ in pairs]
    twice = next(name for name in names if names.count(name) > 1)
    return _Uncarriable("duplicate_key", f"key {twice[:80]!r} stands twice in one object")


DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)
"""Raises json.JSONDecodeError (bad text) or RecursionError (deep nesting)."""


def require_carriable(value: Any) -> None:
    """Check that a decoded value can be stored and read back unchanged.

    Args:
        value: What `DECODER` gave.

    Raises:
        RowRefused: too_deep, number_out_of_range, duplicate_key or bad_text.
    """
    stack: list[tuple[Any, int]] = [(value, 1)]
    while stack:
        item, depth = stack.pop()
        if isinstance(item, _Uncarriable):
            raise RowRefused(item.reason, item.detail)
        if isinstance(item, str):
            _require_text(item)
        elif isinstance(item, dict | list):
            if depth > MAX_DEPTH:
                raise RowRefused("too_deep", f"nested deeper than {MAX_DEPTH} levels")
            if isinstance(item, dict):
                for key in item:
                    _require_text(key)
                stack.extend((child, depth + 1) for child in item.values())
            else:
                stack.extend((child, depth + 1) for child in item)


def _require_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise RowRefused("bad_text", f"lone surrogate U+{ord(text[error.start]):04X}") from error


def decode_inner(text: str, reason: str, where: str) -> Any:
    """Decode JSON text that stands inside a row (arguments, tool lists).

    Args:
        text: The JSON text.
        reason: The rejection's reason if it cannot be decoded.
        where: Where it stands, for the message.

    Raises:
        RowRefused: `reason` if the text is not JSON; see `require_carriable` for the rest.
    """
    try:
        value = DECODER.decode(text)
    except RecursionError as error:
        raise RowRefused("too_deep", f"{where}: nested too deeply") from error
    except ValueError as error:
        raise RowRefused(reason, f"{where} is not JSON ({error}): {text[:80]!r}") from error
    require_carriable(value)
    return value


def is_json(text: str) -> bool:
    """Whether `text` is JSON that can be carried unchanged."""
    try:
        decode_inner(text, "not_json", "text")
    except RowRefused:
        return False
    return True


def want_text(value: Any, where: str) -> str:
    """`value`, if it is a string.

    Raises:
        RowRefused: not_text.
    """
    if isinstance(value, str):
        return value
    raise RowRefused("not_text", f"{where} is {type(value).__name__}, expected a string")


def want_object(value: Any, where: str) -> dict[str, Any]:
    """`value`, if it is an object.

    Raises:
        RowRefused: not_object.
    """
    if isinstance(value, dict):
        return value
    raise RowRefused("not_object", f"{where} is {type(value).__name__}, expected an object")


def want_list(value: Any, where: str) -> list[Any]:
    """`value`, if it is a list.

    Raises:
        RowRefused: not_list.
    """
    if isinstance(value, list):
        return value
    raise RowRefused("not_list", f"{where} is {type(value).__name__}, expected a list")
