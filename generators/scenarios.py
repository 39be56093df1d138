"""Scenarios: which shape of plan each of them asks for."""

from __future__ import annotations

import random
from collections.abc import Callable

from callwright.generators.graph import Parameter
from callwright.generators.planning import (
    Argument,
    Fed,
    Fixed,
    Node,
    Planner,
    Said,
    Unfit,
    nodes_of,
)
from callwright.generators.wording.lexicon import Lexicon
from callwright.schemas.record import Scenario

_RECORDS = ("booking.", "order.")
"""Beginnings of the kinds that name one customer's record."""


SHAPES = 40
"""Shapes tried before an attempt is called a failure."""

ONWARD = 0.5
"""Share of deeper forks of which one prong goes a call further: the melting point in kelvin, and
the formula."""


def planned(
    scenario: Scenario, reads: Planner, everything: Planner, lexicon: Lexicon, rng: random.Random
) -> list[Node]:
    """As `plan`, but of several shapes: they cost nothing, so a misfit is no failed attempt yet."""
    for last in reversed(range(SHAPES)):
        try:
            return plan(scenario, reads, everything, lexicon, rng)
        except Unfit:
            if not last:
                raise
    raise AssertionError("unreachable")


def plan(
    scenario: Scenario, reads: Planner, everything: Planner, lexicon: Lexicon, rng: random.Random
) -> list[Node]:
    """The goals of a plan for `scenario`.

    Args:
        reads: plans with tools that only read.
        everything: plans with all tools.

    Raises:
        Unfit: this attempt came to nothing.
    """
    planner = everything if scenario == "stateful" else reads
    goals = _SHAPES[scenario](planner, rng)
    refuse_odd(goals, lexicon)
    if rng.random() < 0.5:
        _imply(goals, lexicon, rng)
    return goals


def refuse_odd(goals: list[Node], lexicon: Lexicon) -> None:
    """See that somebody could want all this in one request.

    Raises:
        Unfit: nobody would.
    """
    if len(_subjects(goals, lexicon)) > 1:
        raise Unfit("shape", "about two people or two bookings at once")
    if not all(_related_inputs(node, lexicon) for node in nodes_of(goals)):
        raise Unfit("shape", "joins what has nothing to do with each other")
    if _strays(goals, lexicon):
        raise Unfit("shape", "one of two questions is about something else besides")


def _single(planner: Planner, _rng: random.Random) -> list[Node]:
    return [planner.grow(planner.tool_for(1), 1)]


def _parallel(planner: Planner, rng: random.Random) -> list[Node]:
    """Two to four calls that need nothing of each other."""
    first = planner.grow(planner.tool_for(1), 1)
    count = rng.choices((2, 3, 4), (5, 3, 1))[0]
    said = {
        name: a.parameter
        for name, a in first.arguments.items()
        if isinstance(a, Said) and a.parameter.along is None
    }
    # Of two numbers none varies alone: nobody runs three distances in one time.
    numbers = [name for name, p in said.items() if p.schema.get("type") in ("number", "integer")]
    varying = [name for name in said if name not in numbers or len(numbers) == 1]
    if not varying or rng.random() < 0.4:
        return _related(planner, first, rng)
    name = rng.choice(varying)
    goals = [first]
    for _ in range(count - 1):
        arguments: dict[str, Argument] = dict(first.arguments)
        twin = arguments[name]
        assert isinstance(twin, Said)
        arguments[name] = Said(twin.parameter, fresh=True)
        goals.append(Node(first.tool, arguments))
    return goals


def _related(planner: Planner, first: Node, rng: random.Random) -> list[Node]:
    """Two calls of different tools about the same thing."""
    kinds = {
        a.parameter.kind
        for a in first.arguments.values()
        if isinstance(a, Said) and _names_a_thing(a.parameter)
    }
    graph = planner.graph
    tools = []
    for name, depths in graph.depths.items():
        about = [p for p in graph.parameters[name] if p.required and p.kind in kinds]
        if 1 not in depths or not about:
            continue
        given = planner.same(first, name)
        tools += [
            (name, given)
            for p in about
            if p.name in given and graph.go_together((first.tool.name, p.name), (name, p.name))
        ]
    if not tools:
        raise Unfit("no_plan", f"nothing goes beside {first.tool.name}")
    name, given = rng.choice(tools)
    return [first, planner.grow(name, 1, given=given)]


def _names_a_thing(parameter: Parameter) -> bool:
    """Is it a city, a product, a flight number: something two questions may be about?"""
    plain = parameter.schema.get("type") == "string" and "format" not in parameter.schema
    return plain and parameter.along is None and parameter.choices is None


def _chain(planner: Planner, _rng: random.Random) -> list[Node]:
    depth = planner.depth()
    goals = [planner.grow(planner.tool_for(depth), depth)]
    if not _is_path(goals):
        raise Unfit("shape", "not a simple path")
    return goals


def _dag(planner: Planner, rng: random.Random) -> list[Node]:
    depth = min(planner.depth(), 3)
    if rng.random() < 0.5:
        goals = planner.fan_out(depth, onward=depth > 2 and rng.random() < ONWARD)
    else:
        goals = [planner.grow(planner.tool_for(depth), depth, spines=2)]
    if _is_path(goals):
        raise Unfit("shape", "a simple path")
    return goals


def _stateful(planner: Planner, rng: random.Random) -> list[Node]:
    depth = max(2, min(planner.depth(), 5))
    if rng.random() < 0.7:
        goals = [planner.grow(planner.tool_for(depth, effect="write"), depth)]
    else:
        goals = [planner.grow(planner.tool_for(depth), depth)]
    if not any(n.tool.effect == "write" for n in nodes_of(goals)):
        raise Unfit("shape", "nothing is written")
    return goals


def _is_path(goals: list[Node]) -> bool:
    nodes = nodes_of(goals)
    feeders = [{id(f) for f in n.feeders()} for n in nodes]
    fed = [f for each in feeders for f in each]
    return len(goals) == 1 and all(len(each) <= 1 for each in feeders) and len(fed) == len(set(fed))


def _related_inputs(node: Node, lexicon: Lexicon) -> bool:
    """Do the results that a call joins belong together?

    They do when they are of one kind (two airports), come from one step, or are about the same
    said thing. Who it is for goes with anything, and so does a value that the user as good as
    says: the time zone of a city that is named.
    """
    fed = [
        (name, a)
        for name, a in node.arguments.items()
        if isinstance(a, Fed) and not _as_good_as_said(a, lexicon)
    ]
    kinds = node.tool.parameters["properties"]
    for at, (name, one) in enumerate(fed):
        for other_name, other in fed[at + 1 :]:
            if kinds[name].get("x-kind") == kinds[other_name].get("x-kind"):
                continue
            below, beside = nodes_of([one.node]), nodes_of([other.node])
            if any(n in beside for n in below) or _said_kinds(below) & _said_kinds(beside):
                continue
            return False
    return True


def _strays(goals: list[Node], lexicon: Lexicon) -> bool:
    """Does one of two goals need a result that has nothing to do with the other?

    What time it is in a city goes with its time zone, not with when somebody's flight leaves. Nor
    does what was found of the shared result itself stray: its melting point, in kelvin.
    """
    if len(goals) < 2:
        return False
    first, *rest = (set(map(id, nodes_of([goal]))) for goal in goals)
    shared = first.intersection(*rest)

    def belongs(feeder: Node) -> bool:
        return id(feeder) in shared or bool(lexicon.tools[feeder.tool.name].me)

    return not all(
        belongs(feeder) or (bool(below := list(feeder.feeders())) and all(map(belongs, below)))
        for goal in goals
        for feeder in goal.feeders()
    )


def _as_good_as_said(argument: Fed, lexicon: Lexicon) -> bool:
    words = lexicon.tools[argument.node.tool.name]
    plain = not any(isinstance(a, Fed) for a in argument.node.arguments.values())
    return bool(words.me) or (plain and argument.output.path in words.elide)


def _said_kinds(nodes: list[Node]) -> set[str]:
    return {
        a.parameter.kind
        for node in nodes
        for a in node.arguments.values()
        if isinstance(a, Said) and a.parameter.choices is None
    }


def _subjects(goals: list[Node], lexicon: Lexicon) -> set[str]:
    """Whose affairs the request is about: people looked up, and bookings or orders named.

    Two of them have nothing to do with each other, unless the calls are of one kind.
    """
    subjects: set[str] = set()
    for node in nodes_of(goals):
        if lexicon.tools[node.tool.name].me:
            subjects.add(node.tool.name)
        else:
            subjects |= {
                a.parameter.kind
                for a in node.arguments.values()
                if isinstance(a, Said)
                and a.parameter.kind.startswith(_RECORDS)
                and a.parameter.choices is None
            }
    return subjects


def _imply(goals: list[Node], lexicon: Lexicon, rng: random.Random) -> None:
    """Let a goal's wording fix an argument, where a form of the tool does that."""
    for goal in goals:
        forms = [f for f in lexicon.tools[goal.tool.name].ask if f.fixed]
        if not forms or len(goals) > 1:
            continue
        form = rng.choice(forms)
        if any(isinstance(goal.arguments.get(name), Fed) for name, _ in form.fixed):
            continue
        fixed = {name: Fixed(value) for name, value in form.fixed}
        merged = {**goal.arguments, **fixed}
        order = list(goal.tool.parameters["properties"])
        goal.arguments = {name: merged[name] for name in order if name in merged}


_SHAPES: dict[Scenario, Callable[[Planner, random.Random], list[Node]]] = {
    "single": _single,
    "parallel": _parallel,
    "chain": _chain,
    "dag": _dag,
    "stateful": _stateful,
}
