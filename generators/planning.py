"""Plans: which tools, in which shape, and where each argument is to come from.

A plan is made backwards from its goals, so that every step serves one: a parameter is either
said by the user or fed by a result of a kind that it accepts. Values are filled in later, when
the plan is executed (`binding`).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from callwright.generators.graph import MAX_DEPTH, Graph, Output, Parameter
from callwright.schemas.record import Rule
from callwright.schemas.toolbox import Json, Tool, ToolResult

OPTIONAL_SHARE = 0.35
"""How often an optional parameter is said: a model that seldom meets one leaves it out."""

LENGTHS: Mapping[int, float] = {2: 0.46, 3: 0.34, 4: 0.14, 5: 0.04, 6: 0.02}
"""Calls on the longest path of a chain -> how often: short ones are commoner, as in life."""


class Unfit(Exception):
    """This attempt at a row cannot become one; another attempt may. `reason` is countable."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(eq=False)
class Said:
    """The user says it."""

    parameter: Parameter
    value: Json = None
    fresh: bool = False
    """Another value than the row already has for this kind."""


@dataclass(eq=False)
class Fed:
    """An earlier result holds it."""

    node: Node
    output: Output


@dataclass(eq=False)
class Along:
    """Stands beside the value that feeds another parameter, in the same object."""

    partner: Fed
    field: str


@dataclass(eq=False)
class Fixed:
    """The wording of the request implies it."""

    value: Json


@dataclass(eq=False)
class SignedIn:
    """The system message says who the user is."""

    kind: str
    value: Json = None


Argument = Said | Fed | Along | Fixed | SignedIn


@dataclass(eq=False)
class Pick:
    """The item of a list that the request singles out."""

    rule: Rule
    index: int
    wording: int
    """Which of the lexicon's rules for this list it is."""


@dataclass(eq=False)
class Node:
    """One call of the plan."""

    tool: Tool
    arguments: dict[str, Argument] = field(default_factory=dict)
    picks: dict[str, Pick] = field(default_factory=dict)
    """List path -> the item singled out, chosen when the result is known."""
    call: str = ""
    values: dict[str, Json] = field(default_factory=dict)
    result: ToolResult | None = None
    fails: bool = False
    """It is called with a misspelt name; what feeds on it takes the first suggestion."""
    like: Node | None = None
    """The call that this one repeats with another value; items are singled out as there."""

    def feeders(self) -> Iterable[Node]:
        """The nodes whose results this node's arguments come from."""
        for argument in self.arguments.values():
            if isinstance(argument, Fed):
                yield argument.node

    @property
    def said(self) -> frozenset[str]:
        """Parameters the request has to mention: neither fixed, nor companions."""
        return frozenset(
            name
            for name, argument in self.arguments.items()
            if isinstance(argument, (Said, Fed, SignedIn))
        )

    @property
    def fixed(self) -> dict[str, Json]:
        return {n: a.value for n, a in self.arguments.items() if isinstance(a, Fixed)}


def nodes_of(goals: Iterable[Node]) -> list[Node]:
    """Every node the goals need, each after those that feed it."""
    order: list[Node] = []
    for goal in goals:
        _visit(goal, order)
    return order


def _visit(node: Node, order: list[Node]) -> None:
    if node not in order:
        for feeder in node.feeders():
            _visit(feeder, order)
        order.append(node)


def turns_of(goals: Iterable[Node]) -> list[list[Node]]:
    """Nodes by turn: independent reads together, each write alone and after ready reads.

    What has a result already, from an earlier exchange, is not called again.
    """
    nodes = nodes_of(goals)
    waiting = [node for node in nodes if node.result is None]
    done = {id(node) for node in nodes if node.result is not None}
    turns: list[list[Node]] = []
    while waiting:
        ready = [n for n in waiting if all(id(f) in done for f in n.feeders())]
        reads = [n for n in ready if n.tool.effect == "read"]
        turn = reads or ready[:1]
        turns.append(turn)
        done |= {id(n) for n in turn}
        waiting = [n for n in waiting if id(n) not in done]
    return turns


class Planner:
    """Makes plan shapes over one graph.

    Args:
        weights: pack -> how often its tools are chosen as goals; 1 where it is not named.
        lengths: calls on the longest path of a chain -> how often.
    """

    def __init__(
        self,
        graph: Graph,
        rng: random.Random,
        weights: Mapping[str, float] | None = None,
        lengths: Mapping[int, float] = LENGTHS,
    ) -> None:
        self.graph = graph
        self.rng = rng
        self.lengths = lengths
        self.weights = weights or {}

    def depth(self) -> int:
        """How long a chain is to be."""
        return self.rng.choices(list(self.lengths), list(self.lengths.values()))[0]

    def grow(
        self,
        tool: str,
        depth: int,
        *,
        above: frozenset[str] = frozenset(),
        given: Mapping[str, Argument] | None = None,
        spines: int = 1,
    ) -> Node:
        """A node for `tool` whose longest path down has `depth` calls.

        Args:
            above: tools on the path towards the goal; none of them is used again below.
            given: arguments that are already settled.
            spines: how many arguments are fed by results (2 = a join), where possible.

        Raises:
            Unfit: no such plan exists from here.
        """
        graph, rng = self.graph, self.rng
        arguments: dict[str, Argument] = dict(given or {})
        above = above | {tool}
        open_parameters = [
            p for p in graph.parameters[tool] if p.name not in arguments and p.along is None
        ]
        fed = self._spine(open_parameters, tool, depth, above, spines) if depth > 1 else {}
        for parameter in open_parameters:
            if parameter.name in fed:
                arguments[parameter.name] = fed[parameter.name]
            elif parameter.required:
                arguments[parameter.name] = self._ground(parameter, tool, depth, above)
            elif graph.sayable(parameter) and rng.random() < OPTIONAL_SHARE:
                arguments[parameter.name] = Said(parameter)
        for parameter in graph.parameters[tool]:
            if parameter.along is not None and parameter.name not in arguments:
                companion = self._companion(parameter, arguments)
                if companion is not None:
                    arguments[parameter.name] = companion
        ordered = {p.name: arguments[p.name] for p in graph.parameters[tool] if p.name in arguments}
        seen: set[str] = set()
        for parameter in graph.parameters[tool]:
            argument = ordered.get(parameter.name)
            if isinstance(argument, Fed) and parameter.kind in seen:
                _freshen(argument.node)  # origin and destination: not the same twice
            if argument is not None:
                seen.add(parameter.kind)
        return Node(graph.tools[tool], ordered)

    def _spine(
        self, parameters: list[Parameter], tool: str, depth: int, above: frozenset[str], spines: int
    ) -> dict[str, Argument]:
        """Feed one parameter by a path of depth - 1, up to `spines` - 1 more by shorter ones."""
        names = {p.name for p in parameters}
        options: dict[str, list[tuple[Parameter, Output]]] = {}
        for name, fields in self.graph.feeds(tool, depth).items():
            usable = [option for option in fields if option[0].name in names]
            if usable and name not in above:
                options[name] = usable
        if not options:
            raise Unfit("no_plan", f"{tool} has no path of {depth} calls")
        # Every producing tool has the same chance, however many fields it offers.
        parameter, output = self.rng.choice(options[self.rng.choice(list(options))])
        fed: dict[str, Argument] = {
            parameter.name: Fed(self.grow(output.tool, depth - 1, above=above), output)
        }
        others = [p for p in parameters if p.name not in fed]
        self.rng.shuffle(others)
        for other in others:
            if len(fed) >= spines:
                break
            feeder = self._lookup(other, tool, depth, above)
            if feeder is not None:
                fed[other.name] = feeder
        return fed

    def _lookup(
        self, parameter: Parameter, tool: str, depth: int, above: frozenset[str]
    ) -> Fed | None:
        """Feed a parameter off the spine by the shortest path there is, below `depth` calls."""
        cost = self.graph.cost
        producers = [
            o
            for o in self.graph.producers[tool, parameter.name]
            if o.tool not in above and cost.get(o.tool, MAX_DEPTH) < depth
        ]
        if not producers:
            return None
        name = self.rng.choice(sorted({o.tool for o in producers}))
        output = self.rng.choice([o for o in producers if o.tool == name])
        return Fed(self.grow(output.tool, cost[output.tool], above=above), output)

    def _ground(
        self, parameter: Parameter, tool: str, depth: int, above: frozenset[str]
    ) -> Argument:
        """An argument off the spine: said, or looked up where nobody would say it."""
        sayable = self.graph.sayable(parameter)
        if sayable and (depth < 2 or self.rng.random() < 0.8):
            return Said(parameter)
        feeder = self._lookup(parameter, tool, max(depth, 2), above)
        if feeder is not None:
            return feeder
        if sayable:
            return Said(parameter)
        raise Unfit("no_plan", f"nothing gives {tool}.{parameter.name}")

    def _companion(
        self, parameter: Parameter, arguments: Mapping[str, Argument]
    ) -> Argument | None:
        """The argument of a parameter that goes `along` another."""
        partner = arguments.get(parameter.along or "")
        if isinstance(partner, Fed):
            prefix = partner.output.field.rpartition(".")[0]
            for output in self.graph.fields[partner.output.tool]:
                beside = (output.list, output.field.rpartition(".")[0])
                if output.kind in parameter.accepts and beside == (partner.output.list, prefix):
                    return Along(partner, output.field)
        if partner is None and not parameter.required:
            return None
        if self.graph.sayable(parameter):
            return Said(parameter)
        if parameter.required:
            raise Unfit("no_plan", f"nothing gives {parameter.name}")
        return None

    # ------------------------------------------------------------- goals

    def tool_for(self, depth: int, *, effect: str | None = None) -> str:
        """A goal tool that some path of `depth` calls ends in."""
        names = self.graph.ends(depth, effect)
        if not names:
            raise Unfit("no_plan", f"no tool ends a path of {depth} calls")
        return self._chosen(names)

    def _chosen(self, names: list[str]) -> str:
        if not self.weights:
            return self.rng.choice(names)
        weights = [self.weights.get(self.graph.tools[name].pack, 1) for name in names]
        if not any(weights):
            raise Unfit("no_plan", "every tool that fits has weight 0")
        return self.rng.choices(names, weights)[0]

    def fan_out(self, depth: int, *, onward: bool = False) -> list[Node]:
        """Two goals that use the same earlier result, `depth` calls on the longer path.

        Args:
            onward: the first goes one call further than the other.

        Raises:
            Unfit: no such plan exists.
        """
        graph, rng = self.graph, self.rng
        depth -= onward
        options = [o for o in graph.shared if depth - 1 in graph.depths[o.tool]]
        if not options:
            raise Unfit("no_plan", f"no result is used twice at depth {depth}")
        tool = self._chosen(sorted({o.tool for o in options}))
        output = rng.choice([o for o in options if o.tool == tool])
        shared = self.grow(output.tool, depth - 1)
        above = frozenset(n.tool.name for n in nodes_of([shared]))
        uses = [u for u in graph.shared[output] if u[0] not in above]
        rng.shuffle(uses)
        for at, (name, parameter) in enumerate(uses):
            beside = [u for u in uses[at + 1 :] if graph.go_together(uses[at], u)]
            if beside:
                first = self.grow(name, 1, above=above, given={parameter: Fed(shared, output)})
                other, its = rng.choice(beside)
                given = {its: Fed(shared, output), **self.same(first, other, its)}
                second = self.grow(other, 1, above=above, given=given)
                return [self._onward(first, above | {other}) if onward else first, second]
        raise Unfit("no_plan", "only one tool can use the shared result")

    def _onward(self, node: Node, above: frozenset[str]) -> Node:
        """A call that takes what `node` finds."""
        graph = self.graph
        options = [
            (tool, parameter, output)
            for output in graph.outputs[node.tool.name]
            for tool, parameter in graph.uses.get(output, ())
            if output.list is None and graph.tools[tool].effect == "read"
            if tool not in above | {node.tool.name}
        ]
        if not options:
            raise Unfit("no_plan", f"nothing goes on from {node.tool.name}")
        tool = self._chosen(sorted({tool for tool, _, _ in options}))
        _, parameter, output = self.rng.choice([o for o in options if o[0] == tool])
        return self.grow(tool, 1, above=above, given={parameter: Fed(node, output)})

    def same(self, first: Node, tool: str, settled: str = "") -> dict[str, Argument]:
        """What the user says for one call, for `tool` to be called with too: the same day there.

        Parameters of one name go together; else those of one kind, where each call has one.
        """
        said = {
            name: a
            for name, a in first.arguments.items()
            if isinstance(a, Said) and a.parameter.choices is None
        }
        kinds = [a.parameter.kind for a in said.values()]
        parameters = self.graph.parameters[tool]
        given: dict[str, Argument] = {}
        for p in parameters:
            twin = said.get(p.name)
            if p.name == settled:
                continue
            if twin is not None and twin.parameter.kind == p.kind:
                given[p.name] = twin
            elif kinds.count(p.kind) == 1 and [q.kind for q in parameters].count(p.kind) == 1:
                given[p.name] = next(a for a in said.values() if a.parameter.kind == p.kind)
        return given


def _freshen(below: Node) -> None:
    """Let everything said below a node be about something else."""
    for node in nodes_of([below]):
        for argument in node.arguments.values():
            if isinstance(argument, Said):
                argument.fresh = True
