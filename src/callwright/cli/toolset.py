"""What the `tools` commands look at: the built-in packs, the edges between them, a live call."""

from __future__ import annotations

import difflib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from callwright.generators.execution import PackSession, PackToolbox
from callwright.generators.graph import Graph, Output, Parameter, outputs_of, parameters_of
from callwright.generators.packs import PACK_NAMES
from callwright.generators.wording.lexicon import lexicon
from callwright.schemas.errors import UserError
from callwright.schemas.toolbox import Json, Tool, ToolResult

TRIES = 40
"""Worlds and values that are tried for an example that succeeds."""


@dataclass(frozen=True)
class Edge:
    """A field of one tool's result may be a parameter of another."""

    producer: str
    field: str
    """Dotted path in the result; lists are entered without an index."""
    consumer: str
    parameter: str
    kind: str


@dataclass(frozen=True)
class Example:
    """A call that was made just now."""

    arguments: dict[str, Json]
    result: ToolResult


class Toolset:
    """The tools of one pack or of all."""

    def __init__(self, pack: str | None = None) -> None:
        """Load the packs.

        Raises:
            UserError: there is no such pack.
        """
        if pack is not None and pack not in PACK_NAMES:
            raise UserError(f"no pack {pack!r}; packs are {', '.join(PACK_NAMES)}")
        self.packs = PACK_NAMES if pack is None else (pack,)
        self.toolbox = PackToolbox(self.packs)
        self.tools = {tool.name: tool for tool in self.toolbox.tools()}

    def tool(self, name: str) -> Tool:
        """The tool of this name.

        Raises:
            UserError: there is none; the message names the nearest.
        """
        if name not in self.tools:
            near = difflib.get_close_matches(name, self.tools, n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else "see `callwright tools list`"
            raise UserError(f"no tool {name!r}; {hint}")
        return self.tools[name]

    @cached_property
    def graph(self) -> Graph:
        """Edges that can be worded in English; wording decides what a chain may do."""
        said = frozenset(kind for kind, values in self.toolbox.values.items() if values.said)
        return Graph(self.toolbox.tools(), said, lexicon("en", self.packs))

    @cached_property
    def edges(self) -> list[Edge]:
        return [
            Edge(output.tool, output.path, consumer, parameter, output.kind)
            for (consumer, parameter), outputs in self.graph.producers.items()
            for output in outputs
        ]

    # -------------------------------------------------------------- a live call

    def example(self, tool: Tool) -> Example | None:
        """Call `tool` with values that exist in a world; None where none are found."""
        failed: Example | None = None
        for seed in range(TRIES):
            session, chance = self.toolbox.open(seed), random.Random(seed)
            arguments = self._arguments(session, tool, chance, {}, depth=3)
            if arguments is None:
                continue
            found = Example(arguments, session.call(tool.name, arguments))
            if found.result.failure is None:
                return found
            failed = failed or found
        return failed

    def _arguments(
        self,
        session: PackSession,
        tool: Tool,
        chance: random.Random,
        context: dict[str, Json],
        depth: int,
    ) -> dict[str, Json] | None:
        """Values for the required parameters: sampled, or made by calls to other tools."""
        arguments: dict[str, Json] = {}
        for parameter in parameters_of(tool):
            if not parameter.required or parameter.name in arguments:
                continue
            value = self._sampled(session, parameter, chance, context)
            if value is None and depth:
                value = self._made(session, tool, parameter, chance, context, depth)
            if value is None:
                return None
            arguments[parameter.name] = value
            context[parameter.kind] = value
        return arguments

    def _sampled(
        self,
        session: PackSession,
        parameter: Parameter,
        chance: random.Random,
        context: dict[str, Json],
    ) -> Json:
        if parameter.along is not None and parameter.kind in context:
            return context[parameter.kind]
        if parameter.choices is not None:
            return chance.choice(parameter.choices)
        if parameter.kind in self.toolbox.values:
            return session.sample(parameter.kind, chance, context)
        return None

    def _made(
        self,
        session: PackSession,
        tool: Tool,
        parameter: Parameter,
        chance: random.Random,
        context: dict[str, Json],
        depth: int,
    ) -> Json:
        """A value of a kind that only results give: call a tool that gives it."""
        makers = [
            output
            for other in self.tools.values()
            if other.name != tool.name and other.effect == "read"
            for output in outputs_of(other)
            if output.kind in parameter.accepts
        ]
        for output in chance.sample(makers, len(makers)):
            maker = self.tools[output.tool]
            arguments = self._arguments(session, maker, chance, dict(context), depth - 1)
            if arguments is None:
                continue
            result = session.call(maker.name, arguments)
            if result.failure is None:
                for holder, value in _found(result.value, output):
                    # What stands beside it goes with it: the currency of an amount.
                    for beside in outputs_of(maker):
                        if beside.list == output.list and beside.field in holder:
                            context[beside.kind] = holder[beside.field]
                    return value
        return None


def _found(value: Json, output: Output) -> Iterator[tuple[dict[str, Any], Json]]:
    """(object, value) of each place in a result that `output` means."""
    holders: Sequence[Any] = [value]
    if output.list is not None:
        for name in output.list.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        holders = value if isinstance(value, list) else []
    *way, last = output.field.split(".")
    for holder in holders:
        inner = holder
        for name in way:
            inner = inner.get(name) if isinstance(inner, dict) else None
        if isinstance(inner, dict) and inner.get(last) is not None:
            yield inner, inner[last]
