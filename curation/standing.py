"""Does a value stand in the open? Causality's first question about a value passed on.

A value that the user says, that a schema shows or that a constant repeats need not have come
from the earlier call, whatever the row claims.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from callwright.schemas import surface
from callwright.schemas.pointers import PointerError, leaves, resolve
from callwright.schemas.reading import Made, identical, text_of
from callwright.schemas.record import (
    ConstantSource,
    Conversation,
    DefaultSource,
    SelectedSource,
)
from callwright.schemas.surface import dates, scan, terms

_COMMON = frozenset(
    "a ad all am an and any are as ask at be big but by can car day did do for from get go got "
    "had has he her him his how i id if in is it its let lot mac man may me men my no non not now "
    "of off oh ok old on one or our out own pm put ran run say see she sit so sun ten the to too "
    "top two up us use via was way we who why yes yet you".split()
)
"""English words that are also somebody's code: IN is India, but "in" in a sentence is not."""


_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}|[0-9]{1,2}:[0-9]{2}")


class Standing:
    """What one row says in the open."""

    def __init__(self, row: Conversation, calls: Sequence[Made]) -> None:
        self.said = [
            (message.role, message.content)
            for message in row.messages
            if message.role in ("user", "system") and message.content
        ]
        shown = [_shown(text_of(tool)) for tool in row.tools]
        self.members = [member for tool in shown for member in tool.members]
        self.texts = [tool.text for tool in shown]
        self.folded = "\n".join(tool.folded for tool in shown)
        """All offered tools at once, to rule a value out with one search."""
        self.digits = "".join(tool.digits for tool in shown)
        self.constants = list(_constants(row, calls))
        self.today = _today(self.said)

    def where(self, value: Any, kinds: Sequence[str | None]) -> str | None:
        """Where `value`, as one of `kinds`, stands in the open; None when nowhere."""
        if value is None or isinstance(value, bool | dict | list) or value == "":
            return f"{value!r} could be anything"
        number = not isinstance(value, str)
        if number and value in (0, 1, 2):
            return f"{value!r} is too small a number to tell where it came from"
        for role, text in self.said:
            for kind in kinds:
                if _mentioned(text, value, kind, self.today):
                    return f"{value!r} stands in the {role} message"
        for constant in self.constants:
            if surface.same(value, constant):
                return f"{value!r} is a constant of the row"
        if any(surface.same(value, member) for member in self.members):
            return f"{value!r} stands in the schema of an offered tool"
        if not number and self._in_a_tool(value, kinds):
            return f"{value!r} stands in the text of an offered tool"
        return None

    def _in_a_tool(self, value: str, kinds: Sequence[str | None]) -> bool:
        # A date or a time is written in many ways and needs the scan. Of anything else with
        # digits the digits must stand there; plain words are searched.
        digits = "".join(c for c in value if c.isdigit())
        if digits and not _MOMENT.match(value):
            if digits not in self.digits:
                return False
        elif not digits:
            names = {
                n for k in kinds for lang in terms.LANGUAGES for n in terms.names_of(value, k, lang)
            }
            if not any(scan.fold(name) in self.folded for name in (value, *names)):
                return False
        return any(_mentioned(text, value, kind, None) for text in self.texts for kind in kinds)


def _mentioned(text: str, value: Any, kind: str | None, today: datetime.date | None) -> bool:
    if not surface.mentions(text, value, kind=kind, today=today):
        return False
    if not isinstance(value, str) or value.casefold() not in _COMMON or not value.isupper():
        return True
    # A code that reads like a common word is mentioned only as it is, or by name.
    if re.search(rf"(?<![A-Za-z0-9]){re.escape(value)}(?![A-Za-z0-9])", text):
        return True
    names = (n for language in terms.LANGUAGES for n in terms.names_of(value, kind, language))
    return any(surface.mentions(text, n) for n in names if n.casefold() != value.casefold())


def _constants(row: Conversation, calls: Sequence[Made]) -> Iterator[Any]:
    """Values of the row's calls that nobody says and no result gives."""
    arguments = {call.id: call.arguments for call in calls}
    for call, found in row.sources.items():
        for leaf, sources in found.items():
            for source in sources:
                if isinstance(source, ConstantSource | DefaultSource):
                    try:
                        yield resolve(arguments.get(call), leaf)
                    except PointerError:
                        continue
                elif isinstance(source, SelectedSource):
                    yield from (test.value for test in source.rule.where if test.source is None)


def _today(said: Sequence[tuple[str, str]]) -> datetime.date | None:
    """The day the system message names, read off it without help from `sources`."""
    found: set[str] = set()
    for role, text in said:
        if role == "system":
            days, _ = dates.scan(scan.fold(text), None)
            found.update(days)
    return datetime.date.fromisoformat(found.pop()) if len(found) == 1 else None


class _Shown(NamedTuple):
    """What an offered tool shows."""

    text: str
    folded: str
    digits: str
    """The digits of `folded`."""
    members: tuple[Any, ...]
    """Values that its schema spells out."""


@lru_cache(maxsize=4096)
def _shown(offered: bytes) -> _Shown:
    members: list[Any] = []
    stack = [orjson.loads(offered or b"null")]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, dict):
            for key, value in node.items():
                if key in ("enum", "default", "const", "example", "examples"):
                    members.extend(leaf for _, leaf in leaves(value))
                else:
                    stack.append(value)
    text = offered.decode()
    folded = scan.fold(text)
    return _Shown(text, folded, "".join(filter(str.isdigit, folded)), tuple(members))


def echoed(value: Any, call: Made) -> bool:
    """Whether the call only gives back what it was given."""
    return any(identical(value, leaf) for _, leaf in leaves(call.arguments))
