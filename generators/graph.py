"""The tool graph: which result field may feed which parameter, and how deep chains can get.

Kinds decide. An edge stands for a purpose: a parameter lists the kinds it accepts, and an edge
counts only if the producing field can be *named* in a sentence (`wording.lexicon`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from callwright.generators.wording.lexicon import Lexicon
from callwright.schemas.toolbox import Tool

APART = (
    {"free_seats", "flight_refund"},
    {"free_seats", "change_offers"},
    {"exchange_rate", "convert_currency"},
    {"estimate_arrival", "estimate_flight_time"},
    {"similar_products", "shipping_cost"},
    {"file_history", "file_details"},
)
"""Pairs of questions that nobody asks in one breath: either answers the other, or who would want
the one would not want the other."""

MAX_DEPTH = 6
"""Calls on the longest path of a chain."""


@dataclass(frozen=True)
class Parameter:
    name: str
    kind: str
    accepts: frozenset[str]
    """Kinds of results that may feed it, its own included."""
    along: str | None
    required: bool
    schema: dict[str, Any]

    @property
    def choices(self) -> list[Any] | None:
        """Enum members, or both booleans, where the schema leaves only these."""
        if self.schema.get("type") == "boolean":
            return [True, False]
        return self.schema.get("enum")


@dataclass(frozen=True)
class Output:
    """A chainable field of a result; inside a list of objects when `list` is set."""

    tool: str
    field: str
    """Dotted path, within the item when `list` is set."""
    kind: str
    list: str | None = None
    """Dotted path of the list."""

    @property
    def path(self) -> str:
        return f"{self.list}.{self.field}" if self.list else self.field


def parameters_of(tool: Tool) -> list[Parameter]:
    """The parameters of `tool` in schema order."""
    required = set(tool.parameters.get("required", ()))
    return [
        Parameter(
            name=name,
            kind=schema.get("x-kind", f"{tool.name}.{name}"),
            accepts=frozenset([schema["x-kind"], *schema.get("x-accepts", ())])
            if "x-kind" in schema
            else frozenset(),
            along=schema.get("x-along"),
            required=name in required,
            schema=schema,
        )
        for name, schema in tool.parameters["properties"].items()
    ]


def outputs_of(tool: Tool) -> list[Output]:
    """Every field of the result that has a kind, lists of objects one level deep."""

    def walk(schema: dict[str, Any], path: str, inside: str | None) -> Iterator[Output]:
        for branch in schema.get("anyOf", ()):
            yield from walk(
                {**branch, **{k: v for k, v in schema.items() if k == "x-kind"}}, path, inside
            )
        single = schema.get("type") not in ("object", "array") and "anyOf" not in schema
        if path and single and "x-kind" in schema:
            yield Output(tool.name, path, schema["x-kind"], inside)
        for name, sub in schema.get("properties", {}).items():
            yield from walk(sub, f"{path}.{name}" if path else name, inside)
        items = schema.get("items")
        if inside is None and isinstance(items, dict) and items.get("type") == "object":
            yield from walk(items, "", path)

    return list(walk(tool.returns, "", None))


class Graph:
    """Edges between tools for one language's lexicon."""

    def __init__(self, tools: Sequence[Tool], said: frozenset[str], lexicon: Lexicon) -> None:
        self.tools = {tool.name: tool for tool in tools if tool.name in lexicon.tools}
        self.said_kinds = said
        self.parameters = {name: parameters_of(tool) for name, tool in self.tools.items()}
        self.fields = {name: outputs_of(tool) for name, tool in self.tools.items()}
        """Every chainable field of each tool's result, whether or not the lexicon names it."""
        self.outputs = {
            name: [o for o in fields if lexicon.can_name(o.tool, o.path, o.list)]
            for name, fields in self.fields.items()
        }
        self._ends: dict[tuple[int, str | None], list[str]] = {}
        self._feeds: dict[tuple[str, int], dict[str, list[tuple[Parameter, Output]]]] = {}
        self.producers: dict[tuple[str, str], list[Output]] = {}
        for name, parameters in self.parameters.items():
            for parameter in parameters:
                self.producers[name, parameter.name] = [
                    output
                    for other, outputs in self.outputs.items()
                    for output in outputs
                    if other != name
                    and output.kind in parameter.accepts
                    and not self._echoes(output)
                    and parameter.along is None
                ]

    @cached_property
    def shared(self) -> dict[Output, list[tuple[str, str]]]:
        """Things that several reading tools can be asked about -> (tool, parameter) of each use.

        A thing is an id, a code or a name; two questions about one amount or one date are seldom
        asked in one breath.
        """
        uses: dict[Output, list[tuple[str, str]]] = {}
        for output, found in self.uses.items():
            reading = [use for use in found if self._reads_a_thing(*use)]
            if len({tool for tool, _ in reading}) > 1:
                uses[output] = reading
        return uses

    def _reads_a_thing(self, tool: str, parameter: str) -> bool:
        schema = self.tools[tool].parameters["properties"][parameter]
        plain = schema.get("type") == "string" and "format" not in schema
        return plain and self.tools[tool].effect == "read"

    @cached_property
    def uses(self) -> dict[Output, list[tuple[str, str]]]:
        """What a result may feed -> (tool, parameter) of each use."""
        uses: dict[Output, list[tuple[str, str]]] = {}
        for (tool, parameter), outputs in self.producers.items():
            if tool in self.cost:
                for output in outputs:
                    uses.setdefault(output, []).append((tool, parameter))
        return uses

    def go_together(self, one: tuple[str, str], other: tuple[str, str]) -> bool:
        """Would somebody ask these two tools about one thing in one breath?

        They are of one field, and it plays one part in both: the flights *from* an airport do not
        go with the distance *to* it.
        """
        (first, parameter), (second, its) = one, other
        if first == second:
            return False
        if {first, second} in APART or self.tools[first].pack != self.tools[second].pack:
            return False
        names = [{p.name for p in self.parameters[tool]} for tool in (first, second)]
        return parameter == its or not (parameter in names[1] or its in names[0])

    def feeds(self, tool: str, depth: int) -> dict[str, list[tuple[Parameter, Output]]]:
        """What can feed `tool` on a path of `depth` calls: producing tool -> its fields."""
        if (tool, depth) not in self._feeds:
            found: dict[str, list[tuple[Parameter, Output]]] = {}
            for parameter in self.parameters[tool]:
                for output in self.producers[tool, parameter.name]:
                    if depth - 1 in self.depths[output.tool]:
                        found.setdefault(output.tool, []).append((parameter, output))
            self._feeds[tool, depth] = dict(sorted(found.items()))
        return self._feeds[tool, depth]

    def ends(self, depth: int, effect: str | None) -> list[str]:
        """Tools in which some path of `depth` calls ends; only those of `effect`, if given."""
        if (depth, effect) not in self._ends:
            self._ends[depth, effect] = [
                name
                for name, depths in self.depths.items()
                if depth in depths and effect in (None, self.tools[name].effect)
            ]
        return self._ends[depth, effect]

    def _echoes(self, output: Output) -> bool:
        """Does the tool merely give back what it was given? Passing that on proves nothing."""
        return output.list is None and any(
            output.kind in p.accepts for p in self.parameters[output.tool] if p.required
        )

    def sayable(self, parameter: Parameter) -> bool:
        """Would a user say a value of this parameter?"""
        return parameter.kind in self.said_kinds or parameter.choices is not None

    @cached_property
    def cost(self) -> dict[str, int]:
        """Fewest calls on the longest path that ends in each tool; absent = impossible."""
        cost: dict[str, int] = {}
        for _ in range(MAX_DEPTH):
            for name in self.tools:
                needs = [
                    0
                    if self.sayable(p)
                    else min(
                        (cost[o.tool] for o in self.producers[name, p.name] if o.tool in cost),
                        default=99,
                    )
                    for p in self.parameters[name]
                    if p.required and p.along is None
                ]
                if max(needs, default=0) < MAX_DEPTH:
                    cost[name] = 1 + max(needs, default=0)
        return cost

    @cached_property
    def depths(self) -> dict[str, frozenset[int]]:
        """Lengths of the paths that can end in each tool."""
        reach: dict[str, set[int]] = {
            n: ({1} if self.cost.get(n) == 1 else set()) for n in self.tools
        }
        for _ in range(MAX_DEPTH):
            for name in self.tools:
                if name not in self.cost:
                    continue
                forced = self.cost[name]
                for p in self.parameters[name]:
                    for output in self.producers[name, p.name]:
                        reach[name] |= {
                            d + 1 for d in reach[output.tool] if forced <= d + 1 <= MAX_DEPTH
                        }
        return {name: frozenset(depths) for name, depths in reach.items()}
