"""What a row wants of a model, laid out for scoring: each decision, its calls, their rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Literal

from callwright.schemas.compare import Mode, matches
from callwright.schemas.compare_gold import OMITTED, Gold, gold_of, gold_of_bfcl
from callwright.schemas.pointers import escape, leaves
from callwright.schemas.reading import identical
from callwright.schemas.record import Conversation, Function, Source
from callwright.schemas.toolbox import Tool

Kind = Literal["call", "answer", "no_call"]
"""What is due: calls, the answer after calls, or (in a row without any) no call at all."""

Schema = Mapping[str, Any]

MODES: tuple[Mode, ...] = ("strict", "bfcl")

_PLAIN = (str, int, float)

SOURCES = ("user", "system", "constant", "default", "result", "selected", "unknown")
"""Where a gold value can be read, the plainest place first; `unknown` in imported rows."""


@dataclass(slots=True)  # not frozen: that would double the time to lay a row out
class Wanted:
    """A call that is wanted."""

    id: str
    gold: Gold
    example: dict[str, Any]
    """Arguments that are right."""
    schema: Schema
    """The tool's `parameters`, with kinds where they are known: the strict rules' types."""
    offered: Schema
    """The `parameters` that the model sees: BFCL's types."""
    leaves: dict[str, list[tuple[str, Any]]]
    """Argument -> (pointer, value) of its leaves in `example`."""
    origins: dict[str, str]
    """Pointer of a leaf -> one of `SOURCES`."""
    by_source: dict[str, int]
    """Leaves of each source."""
    plain: bool
    """Nothing but `example` was written as gold: by the strict rules what is identical is right."""
    flat: bool
    """By BFCL's rules too: plain values only, for parameters that are offered, none missing."""

    @property
    def name(self) -> str:
        return self.gold.name

    def takes(self, made: Function, mode: Mode) -> bool:
        """Is `made` the call that is wanted?"""
        if made.name != self.name:
            return False
        if (self.plain if mode == "strict" else self.flat) and identical(
            self.example, made.arguments
        ):
            return True  # as it mostly is
        return matches(self.gold, made, self.schema if mode == "strict" else self.offered, mode)


@dataclass(slots=True)
class Point:
    """A place where the model has to decide."""

    message: int
    """Index of the gold assistant message; one past the last in a row that has none."""
    kind: Kind
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True)
class Key:
    """All that scoring needs of a row."""

    row: Conversation
    effects: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Schema] = field(default_factory=dict)
    """Tool -> its `parameters` with kinds, of tools that are known."""

    @cached_property
    def offered(self) -> dict[str, Any]:
        """Offered tool -> the `parameters` that the model sees."""
        tools = (tool["function"] for tool in self.row.tools)
        return {tool["name"]: tool.get("parameters") or {} for tool in tools}

    def schema(self, name: str) -> Any:
        """The schema with kinds, unless the row offers the tool under another signature."""
        seen = self.offered.get(name, {})
        return seen if name in self.row.views else self.parameters.get(name, seen)

    def writes(self, name: str) -> bool:
        return self.effects.get(name) == "write"

    @cached_property
    def points(self) -> list[Point]:
        """The decisions of the row; none where an imported row does not say what is right."""
        row = self.row
        turns = [i for i, m in enumerate(row.messages) if m.role == "assistant"]
        if not turns:
            return self._imported()
        any_calls = any(row.messages[i].tool_calls for i in turns)
        found: list[Point] = []
        for i in turns:
            calls = row.messages[i].tool_calls or ()
            kind: Kind = "call" if calls else "answer" if any_calls else "no_call"
            made = (self._wanted(c.id, gold_of(c.function), c.function) for c in calls)
            found.append(Point(i, kind, tuple(made)))
        return found

    @cached_property
    def calls(self) -> list[Wanted]:
        """Every call that is wanted, in gold order."""
        return [wanted for point in self.points for wanted in point.wanted]

    def _imported(self) -> list[Point]:
        """The one decision of a row without an assistant: `expected`, or BFCL's own answer."""
        row, origin = self.row, self.row.origin or {}
        answer = origin.get("answer")
        if any("unreadable_answer" in str(found) for found in origin.get("defects") or ()):
            return []
        if answer is not None:
            golds = [gold_of_bfcl(item) for item in answer.get("ground_truth") or ()]
        elif row.expected.calls:
            golds = [gold_of(call) for call in row.expected.calls]
        elif "irrelevance" in str((origin.get("raw") or {}).get("id", "")):
            golds = []  # BFCL gives these categories no answer file: none of the tools fits
        else:
            return []
        wanted = tuple(self._wanted(f"gold_{n}", gold, None) for n, gold in enumerate(golds, 1))
        return [Point(len(row.messages), "call" if wanted else "no_call", wanted)]

    def _wanted(self, call: str, gold: Gold, plain: Function | None) -> Wanted:
        example = plain.arguments if plain else _example(gold.arguments)
        sources = self.row.sources.get(call, {})
        spread = {name: argument_leaves(name, value) for name, value in example.items()}
        origins: dict[str, str] = {}
        by_source: dict[str, int] = {}
        for found in spread.values():
            for pointer, _ in found:
                source = origins[pointer] = _origin(sources.get(pointer, ()))
                by_source[source] = by_source.get(source, 0) + 1
        offered = self.offered.get(gold.name, {})
        return Wanted(
            id=call,
            gold=gold,
            example=example,
            schema=self.schema(gold.name),
            offered=offered,
            leaves=spread,
            origins=origins,
            by_source=by_source,
            plain=plain is not None,
            flat=plain is not None and _is_flat(example, offered),
        )


def keys(rows: Iterable[Conversation], tools: Sequence[Tool] = ()) -> dict[str, Key]:
    """Row id -> its `Key`, in the order of `rows`.

    Args:
        tools: the real tools, for kinds and effects; without them the rows' offered schemas
            type the values, and no tool is known to write.
    """
    effects = {tool.name: tool.effect for tool in tools}
    parameters = {tool.name: tool.parameters for tool in tools}
    return {row.id: Key(row, effects, parameters) for row in rows}


def argument_leaves(name: str, value: Any) -> list[tuple[str, Any]]:
    """(pointer, value) of every leaf of the argument `name`."""
    pointer = _pointer(name)
    return list(leaves(value, pointer)) if isinstance(value, dict | list) else [(pointer, value)]


@lru_cache(maxsize=4096)
def _pointer(name: str) -> str:
    return f"/{escape(name)}"


def _is_flat(arguments: Mapping[str, Any], offered: Schema) -> bool:
    properties = offered.get("properties") or {}
    for name, value in arguments.items():
        if name not in properties or not isinstance(value, _PLAIN):
            return False
    return all(name in arguments for name in offered.get("required") or ())


def _origin(sources: Sequence[Source]) -> str:
    """Of several places the plainest: a date that the user gave in words is the user's."""
    if len(sources) == 1:
        return sources[0].origin
    return min((source.origin for source in sources), key=SOURCES.index, default="unknown")


def _example(arguments: Mapping[str, list[Any]]) -> dict[str, Any]:
    """The first value allowed for each argument, all the way down."""
    found: dict[str, Any] = {}
    for name, allowed in arguments.items():
        values = [value for value in allowed if value is not OMITTED]
        if values:
            found[name] = _plain(values[0])
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return _example(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
