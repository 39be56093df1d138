"""What a row wants of a model, laid out for scoring: each decision, its calls, their rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Literal

from callwright.schemas.compare import Mode, equal, matches
from callwright.schemas.compare_bfcl import value_matches
from callwright.schemas.compare_gold import OMITTED, Gold, gold_of, gold_of_bfcl
from callwright.schemas.pointers import escape, leaves
from callwright.schemas.reading import identical
from callwright.schemas.record import Conversation, Function, Source
from callwright.schemas.toolbox import Tool
from callwright.schemas.views import real_tool, tool_behind

Kind = Literal["call", "answer", "no_call"]
"""What is due: calls, the answer after calls, or (in a row without any) no call at all."""

Schema = Mapping[str, Any]

MODES: tuple[Mode, ...] = ("strict", "bfcl")

_NOTHING: Mapping[str, Any] = {}

SOURCES = ("user", "system", "constant", "default", "result", "selected", "unknown")
"""Where a gold value can be read, the plainest place first; `unknown` in imported rows."""


class Wanted:
    """A call that is wanted.

    Most calls that models make are right or hardly wrong, so what only the others need is laid
    out when it is asked for.

    Args:
        key: of its row.
        call: id of the gold call.
        name: the tool.
        example: arguments that are right.
        gold: the alternatives that are right, where there are others than `example`.
    """

    def __init__(
        self, key: Key, call: str, name: str, example: dict[str, Any], gold: Gold | None = None
    ) -> None:
        self._key, self.id, self.name, self.example, self._gold = key, call, name, example, gold
        self.offered: Schema = key.offered.get(name, _NOTHING)
        """The `parameters` that the model sees: BFCL's types."""
        self._sources: Mapping[str, Sequence[Source]] = key.row.sources.get(call, _NOTHING)
        sources, offered = self._sources, self.offered
        self.by_source: dict[str, int] = {}
        """Leaves of each of `SOURCES`."""
        by_source, plain = self.by_source, True
        for parameter, value in example.items():
            if isinstance(value, dict | list):
                plain = False
                pointers = [pointer for pointer, _ in argument_leaves(parameter, value)]
            else:
                plain = plain and value is not None
                pointers = [pointer_of(parameter)]
            for pointer in pointers:
                source = _origin(sources.get(pointer, ()))
                by_source[source] = by_source.get(source, 0) + 1
        self.flat = plain and gold is None and _is_offered(example, offered)
        """What gold says to the letter is right by BFCL's rules too.

        So it is for plain values, for parameters that are offered, with none missing.
        """

    @cached_property
    def schema(self) -> Schema:
        """The tool's `parameters`, with kinds where they are known: the strict rules' types."""
        found: Schema = self._key.schema(self.name)
        return found

    @cached_property
    def gold(self) -> Gold:
        """What is right, with its alternatives."""
        return self._gold or gold_of(Function(name=self.name, arguments=self.example))

    @cached_property
    def leaves(self) -> dict[str, list[tuple[str, Any]]]:
        """Argument -> (pointer, value) of its leaves in `example`."""
        return {name: argument_leaves(name, value) for name, value in self.example.items()}

    @cached_property
    def origins(self) -> dict[str, str]:
        """Pointer of a leaf -> one of `SOURCES`."""
        found = (pointer for spread in self.leaves.values() for pointer, _ in spread)
        return {pointer: _origin(self._sources.get(pointer, ())) for pointer in found}

    @property
    def values(self) -> Iterable[Any]:
        """The values of all leaves."""
        if self.flat:
            return self.example.values()
        return (value for spread in self.leaves.values() for _, value in spread)

    def differing(self, made: Function) -> list[str] | None:
        """Parameters to which `made` gives another value than `example`, to the letter.

        None where more than single values has to be looked at: gold is not `flat`, or `made` has
        other parameters. Else what is not among them is right by all rules.
        """
        given = made.arguments
        if not self.flat or given.keys() != self.example.keys():
            return None
        return [
            name
            for name, value in self.example.items()
            if type(value) is not type(given[name]) or value != given[name]
        ]

    def is_said_by(self, made: Function) -> bool:
        """Is `made` this `flat` call to the letter, and so right by all rules?"""
        return made.name == self.name and self.differing(made) == []

    def takes_value(self, name: str, value: Any, mode: Mode) -> bool:
        """Is `value` right for a parameter of a `flat` call?"""
        if mode == "strict":
            properties = self.schema.get("properties")
            if isinstance(properties, dict):
                return equal(self.example[name], value, properties.get(name, _NOTHING))
            return equal({name: [self.example[name]]}, {name: value}, self.schema)
        return value_matches([self.example[name]], value, self.offered["properties"][name])

    def takes(self, made: Function, mode: Mode) -> bool:
        """Is `made` the call that is wanted?"""
        if made.name != self.name:
            return False
        differing = self.differing(made)
        if differing is not None:
            return all(self.takes_value(name, made.arguments[name], mode) for name in differing)
        if mode == "strict" and self._gold is None and identical(self.example, made.arguments):
            return True
        return matches(self.gold, made, self.schema if mode == "strict" else self.offered, mode)

    def source_of(self, name: str) -> str:
        """Where a plain argument's value can be read: one of `SOURCES`."""
        return _origin(self._sources.get(pointer_of(name), ()))


@dataclass(slots=True)
class Point:
    """A place where the model has to decide."""

    message: int
    """Index of the gold assistant message; one past the last in a row that has none."""
    kind: Kind
    wanted: tuple[Wanted, ...]
    history: tuple[Function, ...] = ()
    """The calls made before it."""


@dataclass(frozen=True)
class Key:
    """All that scoring needs of a row."""

    row: Conversation
    tools: Mapping[str, Tool] = field(default_factory=dict)
    """The real tools that are known, by their own names."""

    @cached_property
    def offered(self) -> dict[str, Any]:
        """Offered tool -> the `parameters` that the model sees."""
        tools = [tool["function"] for tool in self.row.tools]
        return {tool["name"]: tool.get("parameters") or {} for tool in tools}

    def schema(self, name: str) -> Any:
        """The schema with kinds of a tool that is known, as the row shows it; else as offered."""
        tool = tool_behind(name, self.row.views, self.tools)
        return self.offered.get(name, _NOTHING) if tool is None else tool.parameters

    def writes(self, name: str) -> bool:
        tool = real_tool(name, self.row.views, self.tools)
        return tool is not None and tool.effect == "write"

    @cached_property
    def points(self) -> list[Point]:
        """The decisions of the row; none where an imported row does not say what is right."""
        row = self.row
        turns = [i for i, m in enumerate(row.messages) if m.role == "assistant"]
        if not turns:
            return self._imported()
        any_calls = any(row.messages[i].tool_calls for i in turns)
        found: list[Point] = []
        history: list[Function] = []
        for i, message in enumerate(row.messages):
            calls = message.tool_calls or ()
            if message.role == "assistant":
                kind: Kind = "call" if calls else "answer" if any_calls else "no_call"
                wanted = [Wanted(self, c.id, c.function.name, c.function.arguments) for c in calls]
                found.append(Point(i, kind, tuple(wanted), tuple(history)))
            history += [call.function for call in calls]
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
        wanted = tuple(
            Wanted(self, f"gold_{n}", gold.name, _example(gold.arguments), gold)
            for n, gold in enumerate(golds, 1)
        )
        return [Point(len(row.messages), "call" if wanted else "no_call", wanted)]


def keys(rows: Iterable[Conversation], tools: Sequence[Tool] = ()) -> dict[str, Key]:
    """Row id -> its `Key`, in the order of `rows`.

    Args:
        tools: the real tools, for kinds and effects; without them the rows' offered schemas
            type the values, and no tool is known to write.
    """
    known = {tool.name: tool for tool in tools}
    return {row.id: Key(row, known) for row in rows}


def argument_leaves(name: str, value: Any) -> list[tuple[str, Any]]:
    """(pointer, value) of every leaf of the argument `name`."""
    pointer = pointer_of(name)
    return list(leaves(value, pointer)) if isinstance(value, dict | list) else [(pointer, value)]


@lru_cache(maxsize=4096)
def pointer_of(name: str) -> str:
    """Where the argument `name` stands."""
    return f"/{escape(name)}"


def _is_offered(arguments: Mapping[str, Any], offered: Schema) -> bool:
    """Are the arguments all for offered parameters, and is none left out that is required?"""
    properties = offered.get("properties") or _NOTHING
    required = offered.get("required") or ()
    return arguments.keys() <= properties.keys() and all(map(arguments.__contains__, required))


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
