"""Where an argument comes from, in words; and what that marks in messages and results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

import orjson

from callwright.schemas import pointers
from callwright.schemas.display_lines import Style, compact
from callwright.schemas.record import (
    ConstantSource,
    Conversation,
    DefaultSource,
    ResultSource,
    Rule,
    SelectedSource,
    Source,
    SystemSource,
    Test,
    UserSource,
)
from callwright.schemas.selection import select

ORIGINS = {
    "user": "the user's words",
    "system": "the system message",
    "result": "an earlier result",
    "selected": "an item chosen from an earlier list",
    "default": "the schema's default",
    "constant": "implied by the request",
}
"""Origin of a source -> what it is called."""

_SIGNS = {"eq": "=", "ge": "≥", "le": "≤"}


def in_words(row: Conversation, source: Source) -> str:
    """A source as a person reads it: `user: “3 May 2026” (date.long)`, `call_1 /iata`."""
    match source:
        case UserSource() | SystemSource():
            return _said(row, source)
        case ResultSource():
            return f"{source.call} {source.pointer or 'whole result'}"
        case SelectedSource():
            where = f"{source.call} {source.list or 'whole result'}"
            return f"{where}: {_rule(row, source.rule)} → {source.pointer or 'the item'}"
        case DefaultSource() | ConstantSource():
            return source.origin
        case _:
            assert_never(source)


def _said(row: Conversation, source: UserSource | SystemSource) -> str:
    who: str = source.origin
    if sum(message.role == who for message in row.messages) > 1:
        who += f" (message {source.message})"
    text = None
    if 0 <= source.message < len(row.messages):
        text = row.messages[source.message].content
    if text is None or not 0 <= source.start < source.end <= len(text):
        where = f"{source.start}-{source.end} of message {source.message}"
        return f"{who}: nothing stands at {where} ({source.form})"
    return f"{who}: “{text[source.start : source.end]}” ({source.form})"


def _rule(row: Conversation, rule: Rule) -> str:
    """`max by placed_on`; `first where departs_at ≥ "18:00" (user: “after six” (time.words))`."""
    take = f"{rule.take} by {rule.by}" if rule.by is not None else rule.take
    tests = " and ".join(_test(row, test) for test in rule.where)
    return f"{take} where {tests}" if tests else take


def _test(row: Conversation, test: Test) -> str:
    told = f" ({_said(row, test.source)})" if test.source is not None else ""
    return f"{test.field} {_SIGNS[test.op]} {compact(test.value)}{told}"


def spoken(source: Source) -> list[UserSource | SystemSource]:
    """The words of the conversation that a source is, or is chosen by."""
    if isinstance(source, UserSource | SystemSource):
        return [source]
    if isinstance(source, SelectedSource):
        return [test.source for test in source.rule.where if test.source is not None]
    return []


def marks(row: Conversation, message: int) -> Iterator[tuple[int, int, Style]]:
    """(start, end, style) of what is used of, or claimed in, one message."""
    for source in _all(row):
        for said in spoken(source):
            if said.message == message:
                yield said.start, said.end, "said"
    for claim in row.claims:
        if claim.message == message:
            yield claim.start, claim.end, "claim"


def used(row: Conversation, call: str, content: str) -> dict[str, Style]:
    """JSON pointer -> style of each value in the result of `call` that something is made of."""
    styles: dict[str, Style] = {c.pointer: "claim" for c in row.claims if c.call == call}
    for source in _all(row):
        if isinstance(source, ResultSource) and source.call == call:
            styles[source.pointer] = "fed"
        elif isinstance(source, SelectedSource) and source.call == call:
            index = _selected(source, content)
            if index is not None:
                styles[f"{source.list}/{index}{source.pointer}"] = "fed"
    return styles


def _selected(source: SelectedSource, content: str) -> int | None:
    # A row may be wrong or hostile: what cannot be evaluated is merely not marked.
    try:
        items = pointers.resolve(orjson.loads(content), source.list)
        return select(items, source.rule) if isinstance(items, list) else None
    except (orjson.JSONDecodeError, pointers.PointerError, TypeError):
        return None


def _all(row: Conversation) -> Iterator[Source]:
    for leaves in row.sources.values():
        for sources in leaves.values():
            yield from sources
