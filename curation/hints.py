"""What an imported row's words tell where it records neither skeleton nor sources.

Both readings go by words (each Han character counts as one), in one walk over the row: its
length may be anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_HAN}]|[^\W{_HAN}]+")

Call = tuple[str, dict[str, Any]]


def masked(request: str, calls: Sequence[Call]) -> str:
    """The request with one `_` for each run of numbers and of words that are argument values."""
    values = {
        word for _, arguments in calls for leaf in _leaves(arguments) for word in _words(leaf)
    }
    parts: list[str] = []
    for word in re.findall(rf"{_WORD.pattern}|\S", request):
        hidden = word.casefold() in values or any(map(str.isdigit, word))
        if not (hidden and parts and parts[-1] == "_"):
            parts.append("_" if hidden else word)
    return " ".join(parts)


def said(calls: Sequence[Call], request: str) -> list[Call]:
    """Calls with arguments whose every word stands in the request (booleans and nulls aside)."""
    known = set(_words(request))
    found = []
    for call in calls:
        words = [word for leaf in _leaves(call[1]) for word in _words(leaf)]
        if words and known.issuperset(words):
            found.append(call)
    return found


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _leaves(arguments: dict[str, Any]) -> Iterator[str]:
    """Strings and numbers in `arguments` as text; a stack, as they may be nested deeply."""
    stack: list[Any] = [arguments]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
        elif isinstance(value, str):
            yield value
        elif value is not None and not isinstance(value, bool):
            yield str(value)
