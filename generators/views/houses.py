"""Houses: one way in which a service writes all its tools, as a company keeps to its own style.

Each pack has `HOUSES` of them, made from the pack's name and a number and nothing else. Whatever a
house leaves as it is (a snake-case name, a flat result) is as likely as in real services.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from callwright.generators.views.naming import (
    Convention,
    camel,
    kebab,
    names,
    other_names,
    pack_names,
    pascal,
    snake,
)
from callwright.schemas.record import View
from callwright.schemas.toolbox import Tool
from callwright.schemas.views import fields_of

HOUSES = 24
"""Styles of each pack. More would differ in little, and each costs memory once it is used."""

_WRITING: tuple[tuple[Convention, Convention, int], ...] = (
    (snake, snake, 8),
    (camel, camel, 8),
    (snake, camel, 2),
    (kebab, snake, 2),
    (kebab, camel, 3),
    (pascal, camel, 2),
    (pascal, pascal, 1),
)
"""How tools are written, how parameters and fields are, and how often the two go together."""

_OWN_NAME = 0.25
"""Chance that a tool or parameter keeps its own name, but for how it is written."""

_PAGING = frozenset({"page", "cursor"})
"""Never hidden: a result that speaks of a next page is one of which it can be asked for."""

_VERSIONS = ("v1", "v2", "v3", "2024-06-01", "2024-11-20", "2025-02-15", "1.8", "4.2.0")
_REGIONS = ("eu-west-1", "eu-central-1", "us-east-1", "ap-southeast-1", "cn-north-1")

Envelope = Callable[[random.Random], tuple[dict[str, Any], str | None]]
"""-> what is shown around or beside each result, and the key at which the result stands."""

_ENVELOPES: tuple[tuple[Envelope, int], ...] = (
    (lambda _: ({}, None), 9),
    (lambda _: ({"status": "ok", "data": None}, "data"), 2),
    (lambda _: ({"success": True, "data": None, "error_code": None}, "data"), 2),
    (lambda _: ({"code": 0, "message": "success", "data": None}, "data"), 2),
    (lambda _: ({"ok": True, "result": None}, "result"), 1),
    (lambda rng: ({"result": None, "meta": {"api_version": _version(rng)}}, "result"), 2),
    (lambda rng: ({"data": None, "meta": _meta(rng)}, "data"), 2),
    (lambda rng: ({"api_version": _version(rng), "warnings": [], "payload": None}, "payload"), 1),
    (lambda rng: ({"api_version": _version(rng)}, None), 1),
    (lambda rng: ({"_meta": _meta(rng)}, None), 1),
)


def _version(rng: random.Random) -> str:
    return rng.choice(_VERSIONS)


def _meta(rng: random.Random) -> dict[str, Any]:
    found = {"region": rng.choice(_REGIONS), "cached": False, "served_by": f"node-{_node(rng)}"}
    return {key: found[key] for key in rng.sample(sorted(found), rng.choice((2, 3)))}


def _node(rng: random.Random) -> str:
    return f"{rng.randrange(16**4):04x}"


@dataclass(frozen=True)
class Dress:
    """A tool's name and view in a house."""

    name: str
    view: View


class House:
    """One style of one pack."""

    def __init__(self, pack: str, number: int, tools: Sequence[Tool]) -> None:
        """Make the house.

        Args:
            pack: the pack's name.
            number: which of its houses, from 0.
            tools: the pack's tools.
        """
        rng = random.Random(f"house {pack} {number}")
        self._tools = tools
        self._seed = f"{pack} {number}"
        writing = rng.choices(_WRITING, [weight for *_, weight in _WRITING])[0]
        self._write_tool, self._write = writing[:2]
        self._service = rng.choice(pack_names(pack).service) if rng.random() < 0.2 else None
        self._body = rng.choice(("input", "request", "params", "query", "payload"))
        self._body = self._body if rng.random() < 0.12 else ""
        # One level of nesting at most: BFCL's rules, by which scores are given, read no deeper.
        self._options = not self._body and rng.random() < 0.35
        self._grouped = not self._body and rng.random() < 0.35
        self._told = rng.random() < 0.4
        self._shuffled = rng.random() < 0.5
        self._hides = rng.random() < 0.5
        envelopes, weights = zip(*_ENVELOPES, strict=True)
        around, data = rng.choices(envelopes, weights)[0](rng)
        self._around = {self._written(key): self._rewritten(value) for key, value in around.items()}
        self._data = None if data is None else self._written(data)
        self._called = _called(pack, rng)
        self._dresses: dict[tuple[str, frozenset[str]], Dress] = {}

    @cached_property
    def tool_names(self) -> dict[str, str]:
        """Tool -> its name in this house, no two alike and none that of another tool."""
        own = {tool.name for tool in self._tools}
        found: dict[str, str] = {}
        for tool in self._tools:
            rng = random.Random(f"{self._seed} {tool.name}")
            others = other_names(tool.name, tool.pack)
            keep = not others or rng.random() < _OWN_NAME
            name = tool.name if keep else rng.choice(others)
            if self._service is not None:
                name = f"{self._service}_{name}"
            free = name not in own and self._write_tool(name) not in found.values()
            found[tool.name] = self._write_tool(name if free else tool.name)
        return found

    def dress(self, tool: Tool, used: Iterable[str], *, may_hide: bool) -> Dress:
        """How the house offers a tool.

        Args:
            tool: one of the pack's.
            used: parameters that the row's calls give: none of them is hidden.
            may_hide: whether optional parameters may be hidden at all.
        """
        hidden: frozenset[str] = frozenset()
        if may_hide and self._hides:
            hidden = frozenset(_optional(tool)) - set(used) - _PAGING
        key = (tool.name, hidden)
        if key not in self._dresses:
            self._dresses[key] = Dress(self.tool_names[tool.name], self._view(tool, hidden))
        return self._dresses[key]

    # ---------------------------------------------------------------- a view

    def _view(self, tool: Tool, hidden: frozenset[str]) -> View:
        rng = random.Random(f"{self._seed} {tool.name} view")
        shown = [name for name in tool.parameters["properties"] if name not in hidden]
        if self._shuffled:
            rng.shuffle(shown)
        enums = [name for name in shown if "enum" in tool.parameters["properties"][name]]
        fields = self._fields(tool)
        around = self._around
        if self._data is None and around.keys() & {fields.get(k, k) for k in fields_of(tool)}:
            around = {}
        return View(
            tool=tool.name,
            parameters=self._places(tool, shown, rng),
            told=enums if self._told else [],
            fields=fields,
            around=around,
            data=self._data,
        )

    def _places(self, tool: Tool, shown: Sequence[str], rng: random.Random) -> dict[str, str]:
        """Pointer -> parameter, in the order shown."""
        ways = dict.fromkeys(shown, (self._body,) if self._body else ())
        inner: dict[str, str] = {}
        if self._options and len(shown) > len(set(_optional(tool)) & set(shown)):
            finds = tool.name.startswith(("list_", "search_"))
            ways |= dict.fromkeys(
                (name for name in _optional(tool) if name in ways),
                ("filters" if finds else "options",),
            )
        if self._grouped:
            for group in names().groups:
                if group.holds.keys() <= set(shown) and not inner.keys() & group.holds.keys():
                    called = rng.choice(group.called)
                    inner |= group.holds
                    ways |= dict.fromkeys(group.holds, (called,))
        found: dict[str, str] = {}
        taken: set[str] = {"/".join(("", *way)) for way in self._steps(ways.values())}
        for name in shown:
            way = "".join(f"/{self._written(step)}" for step in ways[name])
            wish = inner.get(name, self._called.get(name, name))
            for last in (wish, name, f"{name}_value"):
                pointer = f"{way}/{self._written(last)}"
                if pointer not in found and pointer not in taken:
                    found[pointer] = name
                    break
        return found

    def _steps(self, ways: Iterable[tuple[str, ...]]) -> Iterable[tuple[str, ...]]:
        """Every object on the way to some parameter."""
        for way in ways:
            for end in range(1, len(way) + 1):
                yield tuple(self._written(step) for step in way[:end])

    def _fields(self, tool: Tool) -> dict[str, str]:
        """Real field -> shown one, where they differ; no two are shown alike."""
        keys = sorted(fields_of(tool))
        found: dict[str, str] = {}
        # Those with no other name first: a field never takes the name of another.
        for key in sorted(keys, key=lambda key: key in self._called):
            wishes = [key]
            if key in names().both and key in self._called:
                wishes = [self._called[key], key]
            free = (w for w in map(self._written, wishes) if w not in found.values())
            found[key] = next(free, key)
        return {key: shown for key, shown in found.items() if shown != key}

    def _written(self, name: str) -> str:
        """As the house writes names; what starts with an underscore keeps it."""
        return f"_{self._write(name[1:])}" if name.startswith("_") else self._write(name)

    def _rewritten(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {self._written(key): item for key, item in value.items()}
        return value


def masked(tool: Tool, number: int, called: tuple[str, str]) -> Dress:
    """A tool whose names tell nothing: what it does must be read.

    Fields keep the words of their names, or nobody could use a result; they are written otherwise,
    so that no parameter's own name stands anywhere.

    Args:
        tool: the tool.
        number: its number in the row.
        called: what the function and its parameters are called: ("func", "arg").
    """
    function, argument = called
    parameters = {f"/{argument}_{n}": p for n, p in enumerate(tool.parameters["properties"], 1)}
    fields = {key: camel(key) for key in sorted(fields_of(tool)) if camel(key) != key}
    view = View(tool=tool.name, parameters=parameters, fields=fields)
    return Dress(f"{function}_{number}", view)


def _called(pack: str, rng: random.Random) -> dict[str, str]:
    """Parameter or field -> what it is called, of those that do not keep their own names."""
    known = {**names().both, **names().parameters, **pack_names(pack).parameters}
    partners = {name: together for together in names().together for name in together}
    chosen: dict[str, int | None] = {}
    found: dict[str, str] = {}
    for name, others in known.items():
        leader = partners.get(name, (name,))[0]
        if leader not in chosen:
            chosen[leader] = None if rng.random() < _OWN_NAME else rng.randrange(len(others))
        place = chosen[leader]
        if place is not None:
            found[name] = others[place % len(others)]
    return found


def _optional(tool: Tool) -> list[str]:
    required = tool.parameters.get("required", ())
    return [name for name in tool.parameters["properties"] if name not in required]
