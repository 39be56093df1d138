"""Where could a value come from? What a model has seen before a turn, and what it made up."""

from __future__ import annotations

import datetime
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

import orjson

from callwright.schemas import surface
from callwright.schemas.kinds import kind_at, schema_at
from callwright.schemas.pointers import leaves
from callwright.schemas.record import Function
from callwright.schemas.surface import dates, scan
from callwright.training.wanted import Key

Identity = tuple[bool, Any]


class Seen:
    """The messages before a turn.

    Args:
        messages: (role, content) of each, the tool messages' content being JSON text.
    """

    def __init__(self, messages: Sequence[tuple[str, str]]) -> None:
        self._messages = messages

    def shows(self, value: Any) -> bool:
        """Does `value` stand in a tool's result, as it is?"""
        wanted = identity(value)
        return any(wanted in _values(text) for role, text in self._messages if role == "tool")

    def mentions(self, value: Any, kind: str | None) -> bool:
        """Does `value` stand in a message in any surface form of its kind?"""
        return any(
            surface.mentions(text, value, kind=kind, today=self._today)
            for _, text in self._messages
        )

    @cached_property
    def _today(self) -> datetime.date | None:
        """The day the system message names, by which "tomorrow" means something."""
        days = [
            day
            for role, text in self._messages
            if role == "system"
            for day in dates.scan(scan.fold(text), None)[0]
        ]
        return datetime.date.fromisoformat(days[0]) if len(set(days)) == 1 else None


def made_up(
    call: Function, key: Key, seen: Seen, proven: Container[Identity] = ()
) -> Iterator[str]:
    """Pointers of the arguments that `call` takes from nowhere.

    What a person need not say is none of them: a boolean, null, an empty list or object, a member
    of a closed list, a default.

    Args:
        proven: values that need no search.
    """
    for pointer, value in leaves(call.arguments) if call.arguments else ():
        if value is None or isinstance(value, bool | dict | list) or identity(value) in proven:
            continue
        if seen.shows(value):
            continue
        schema = key.schema(call.name)
        if _is_offered(value, schema_at(schema, pointer)):
            continue
        if not seen.mentions(value, kind_at(schema, pointer)):
            yield pointer


def _is_offered(value: Any, rules: Mapping[str, Any]) -> bool:
    """Does the schema itself spell the value out?"""
    shown = [*(rules.get("enum") or ()), *(rules[k] for k in ("default", "const") if k in rules)]
    return any(surface.same(value, member) for member in shown)


def identity(value: Any) -> Identity:
    """3 is 3.0, but neither is "3"."""
    return isinstance(value, str), value


@lru_cache(maxsize=8192)
def _values(result: str) -> frozenset[Identity]:
    """Every value in the JSON text of a result."""
    return frozenset(
        identity(leaf)
        for _, leaf in leaves(_parsed(result))
        if not isinstance(leaf, bool | dict | list)
    )


def _parsed(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
