"""Giving a plan its values: literals from the row's world, the rest by really running it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from callwright.generators.execution import PackSession
from callwright.generators.planning import (
    Fed,
    Fixed,
    Node,
    Pick,
    Said,
    SignedIn,
    Unfit,
    nodes_of,
    turns_of,
)
from callwright.generators.wording.lexicon import SAID, Lexicon, PickRule
from callwright.schemas.record import Rule, Test
from callwright.schemas.selection import passing_of, select, value_at
from callwright.schemas.toolbox import Json

_DATE = re.compile(r"\d{4}-\d\d|\d\d:\d\d$")

SHARED = 0.95
"""How often two steps that need a value of one kind are about the same value."""


class Binder:
    """Executes plans in one session.

    After `run`, every node has `call`, `values` (its arguments) and `result`.
    """

    def __init__(self, session: PackSession, lexicon: Lexicon, rng: random.Random) -> None:
        self.session = session
        self.lexicon = lexicon
        self.rng = rng
        self.context: dict[str, Json] = {}
        """Kind -> the value that the row is about; another matter has one of its own."""
        self.nodes: list[Node] = []
        self.made: dict[str, Node] = {}
        """Every call so far, by tool and arguments."""

    def run(self, goals: list[Node]) -> list[list[Node]]:
        """Execute the plan turn by turn and number its calls.

        Equal calls are made once: a later twin's consumers are pointed at the first. Called again
        with the goals of the next exchange, it goes on in the same session.

        Raises:
            Unfit: a call failed, or a list had no item that the wording can single out.
        """
        self._order(goals)
        self.nodes = nodes_of(goals)
        made = self.made
        turns: list[list[Node]] = []
        for turn in turns_of(goals):
            kept: list[Node] = []
            for node in turn:
                self._fill(node)
                key = f"{node.tool.name} {orjson.dumps(node.values).decode()}"
                if key in made:
                    if node in goals:
                        raise Unfit("repeated_goal", key)
                    _replace(goals, node, made[key])
                    continue
                made[key] = node
                node.call = f"call_{len(made)}"
                node.result = self.session.call(node.tool.name, node.values)
                if node.fails:
                    kept.append(node)
                    continue
                if node.result.failure is not None:
                    raise Unfit(f"tool_{node.result.failure}", node.result.content)
                for field, value in self.lexicon.tools[node.tool.name].obvious.items():
                    if value_at(node.result.value, field) == value:
                        raise Unfit("obvious", key)
                kept.append(node)
            if kept:
                turns.append(kept)
        contents = [goal.result.content for goal in goals if goal.result is not None]
        if len(set(contents)) < len(contents):
            raise Unfit("same_result", goals[0].tool.name)  # two questions with one answer
        return turns

    def _order(self, goals: list[Node]) -> None:
        """Equal calls that differ in a number or a day are asked for in its order."""
        if len(goals) < 2 or any(g.tool is not goals[0].tool or any(g.feeders()) for g in goals):
            return
        for goal in goals:
            self._fill(goal)
        for name, value in goals[0].values.items():
            if isinstance(value, int | float) or _DATE.match(str(value)):
                goals.sort(key=lambda goal: goal.values[name])

    def _fill(self, node: Node) -> None:
        taken: dict[str, list[Json]] = {}
        for name, argument in node.arguments.items():
            kind = node.tool.parameters["properties"][name].get("x-kind", name)
            if isinstance(argument, Said):
                if argument.value is None:
                    argument.value = self._say(argument, taken.get(kind, []))
                value = argument.value
            elif isinstance(argument, SignedIn):
                if argument.kind not in self.context:
                    self.context[argument.kind] = self.sample(argument.kind)
                value = argument.value = self.context[argument.kind]
            elif isinstance(argument, Fixed):
                value = argument.value
            elif isinstance(argument, Fed):
                value = self._result(argument)
            else:
                value = self._result(argument.partner, argument.field)
            node.values[name] = value
            taken.setdefault(kind, []).append(value)
        self._refuse_twins(node)

    def _refuse_twins(self, node: Node) -> None:
        """No call is about one thing twice: from Oslo to Oslo."""
        seen: set[tuple[str, str]] = set()
        for name, schema in node.tool.parameters["properties"].items():
            if "x-kind" in schema and isinstance(node.values.get(name), str):
                key = (schema["x-kind"], node.values[name])
                if key in seen:
                    raise Unfit("same_twice", f"{node.tool.name} {key}")
                seen.add(key)

    def say(self, argument: Said) -> Json:
        """Settle what the user says for an argument."""
        if argument.value is None:
            argument.value = self._say(argument, [])
        return argument.value

    def fill(self, node: Node) -> None:
        """Give a call its arguments without making it; all that feeds it has been called."""
        self._fill(node)

    def _say(self, argument: Said, taken: list[Json]) -> Json:
        """A value for the user to say, other than those of its kind that the call has already."""
        parameter = argument.parameter
        if parameter.choices is not None:
            default = parameter.schema.get("default")
            return self.rng.choice([c for c in parameter.choices if c != default])
        kind = parameter.kind
        known = kind in self.context and not argument.fresh and self.context[kind] not in taken
        if known and self.rng.random() < SHARED:
            return self.context[kind]
        avoid = [*taken, self.context[kind]] if argument.fresh and kind in self.context else taken
        value = self.sample(kind)
        for _ in range(5):
            if value not in avoid:
                break
            value = self.sample(kind)
        self.context.setdefault(kind, value)
        return value

    def sample(self, kind: str) -> Json:
        """Some value of a kind that might be said.

        Raises:
            Unfit: there is none in this world.
        """
        try:
            return self.session.sample(kind, self.rng, self.context)
        except (LookupError, ValueError) as error:
            raise Unfit("no_value", f"{kind}: {error}") from error

    def _result(self, fed: Fed, field: str | None = None) -> Json:
        node, output = fed.node, fed.output
        assert node.result is not None
        holder = node.result.value
        if node.fails:
            return _suggested(node)
        if output.list is not None:
            items = value_at(holder, output.list)
            if not isinstance(items, list) or not items:
                raise Unfit("empty_list", f"{node.tool.name} {output.list}")
            if output.list not in node.picks:
                node.picks[output.list] = self._pick(node, output.list, items)
            holder = items[node.picks[output.list].index]
        value = value_at(holder, field or output.field)
        if value is None or value == "":
            raise Unfit("empty_field", f"{node.tool.name} {output.path}")
        if output.list is not None and output.field.endswith("_id"):
            _refuse_itself(node, output.field, value)
        return value

    def _pick(self, node: Node, path: str, items: list[Any]) -> Pick:
        """One of the lexicon's rules that singles out exactly one item here.

        Nobody says "the cheapest" of one.
        """
        consumers = {n.tool.name for n in self.nodes if node in n.feeders()}
        # Where the first call was asked for as a whole, no item of it was singled out.
        if node.like is not None and path in node.like.picks:
            return _same_pick(node.like.picks[path], items)
        rules = list(enumerate(self.lexicon.tools[node.tool.name].pick[path]))
        self.rng.shuffle(rules)
        for wording, rule in rules:
            if consumers & rule.unfit or not any(
                form.fits(node.said | _dotted(rule)) for form in rule.forms
            ):
                continue
            for _ in range(2):
                concrete = self._concrete(rule, items)
                index = select(items, concrete)
                if index is not None and (
                    rule.take == "only" or len(passing_of(items, concrete)) > 1
                ):
                    return Pick(concrete, index, wording)
                if not any(value == SAID for _, _, value in rule.tests):
                    break
        raise Unfit("nothing_to_pick", f"{node.tool.name} {path}")

    def _concrete(self, rule: PickRule, items: list[Any]) -> Rule:
        tests: list[Test] = []
        for field, op, value in rule.tests:
            wanted = self._threshold(field, op, items) if value == SAID else value
            tests.append(Test(field=field, op=op, value=wanted))
        return Rule(where=tests, take=rule.take, by=rule.by)

    def _threshold(self, field: str, op: str, items: list[Any]) -> Json:
        """A value a person would name: one that occurs, or a round one near it."""
        value = value_at(self.rng.choice(items), field)
        if op == "eq" or value is None:
            return value
        if isinstance(value, str) and len(value) == 5 and value[2] == ":":
            hour = int(value[:2]) + (0 if op == "ge" else 1)
            return f"{min(hour, 23):02d}:00"
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            step = 10 ** max(0, len(str(int(value))) - 2)
            return int(value) // step * step + (0 if op == "ge" else step)
        return value


def _refuse_itself(node: Node, field: str, value: Json) -> None:
    """Nobody asks for the oldest file in a file's folder if it is the file itself."""
    for before in nodes_of([node])[:-1]:
        known = before.result.value if before.result is not None else None
        if isinstance(known, dict) and known.get(field) == value:
            raise Unfit("itself", f"{node.tool.name} {field}")


def _suggested(node: Node) -> Json:
    """The first suggestion of a call that failed."""
    assert node.result is not None
    error = node.result.value["error"]
    if error["kind"] != "not_found" or not error.get("suggestions"):
        raise Unfit("no_suggestion", node.result.content)
    return error["suggestions"][0]


def _same_pick(pick: Pick, items: list[Any]) -> Pick:
    """What the same words single out of another list."""
    index = select(items, pick.rule)
    if index is None or (pick.rule.take != "only" and len(passing_of(items, pick.rule)) < 2):
        raise Unfit("nothing_to_pick", "what was picked before")
    return Pick(pick.rule, index, pick.wording)


def _dotted(rule: PickRule) -> frozenset[str]:
    return frozenset(f".{field}" for field, _, value in rule.tests if value == SAID)


def _replace(goals: Iterable[Node], twin: Node, node: Node) -> None:
    for other in nodes_of(goals):
        for argument in other.arguments.values():
            if isinstance(argument, Fed) and argument.node is twin:
                argument.node = node


def signed_in(goals: list[Node], identities: Mapping[str, str]) -> None:
    """Let the system message say who the user is: identity lookups fall away.

    Args:
        identities: tool that looks a person up -> kind of the id that it returns.
    """
    for node in nodes_of(goals):
        for name, argument in node.arguments.items():
            if isinstance(argument, Fed):
                kind = argument.output.kind
                if identities.get(argument.node.tool.name) == kind:
                    node.arguments[name] = SignedIn(kind)
