"""Plans over the real packs, made, executed and worded one by one."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from callwright.generators.binding import Binder
from callwright.generators.execution import PackToolbox
from callwright.generators.graph import Graph
from callwright.generators.packs import PACK_NAMES
from callwright.generators.planning import Node, Planner, Unfit, nodes_of
from callwright.generators.scenarios import plan
from callwright.generators.wording.lexicon import Lexicon, lexicon


@cache
def toolbox() -> PackToolbox:
    return PackToolbox()


def words(language: Any) -> Lexicon:
    return lexicon(language, PACK_NAMES)


@cache
def graph(language: str = "en", *, reads: bool = False) -> Graph:
    said = frozenset(kind for kind, values in toolbox().values.items() if values.said)
    tools = [t for t in toolbox().tools() if not reads or t.effect == "read"]
    return Graph(tools, said, words(language))


def planner(seed: int, language: str = "en", *, reads: bool = False) -> Planner:
    return Planner(graph(language, reads=reads), random.Random(seed))


def shapes(scenario: Any, count: int, language: str = "en") -> Iterator[list[Node]]:
    """The goals of `count` plans that have not been executed."""
    found = 0
    for seed in range(50 * count):
        rng = random.Random(seed)
        reads, everything = (Planner(graph(language, reads=r), rng) for r in (True, False))
        try:
            yield plan(scenario, reads, everything, words(language), rng)
        except Unfit:
            continue
        found += 1
        if found == count:
            return
    raise AssertionError(f"only {found} plans of {scenario}")


@dataclass
class Executed:
    """A plan with its values and results."""

    goals: list[Node]
    turns: list[list[Node]]
    session: Any
    language: Any


def executed(scenario: str, count: int, language: str = "en") -> list[Executed]:
    """`count` plans that could be executed."""
    found: list[Executed] = []
    for goals in shapes(scenario, 4 * count, language):
        session = toolbox().open(len(found))
        try:
            turns = Binder(session, words(language), random.Random(len(found))).run(goals)
        except Unfit:
            continue
        found.append(Executed(goals, turns, session, language))
        if len(found) == count:
            return found
    raise AssertionError(f"only {len(found)} plans of {scenario} could be executed")


def longest_path(goals: Iterable[Node]) -> int:
    """Calls on the longest path of the plan."""
    length: dict[int, int] = {}
    for node in nodes_of(goals):
        length[id(node)] = 1 + max((length[id(f)] for f in node.feeders()), default=0)
    return max(length.values(), default=0)
