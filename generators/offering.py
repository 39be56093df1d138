"""Which tools a row offers: those it needs, near misses, and strangers."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from callwright.schemas.toolbox import Tool

HARD_SHARE = 0.6
"""Share of the distractors that are near misses, where there are enough."""


@dataclass(frozen=True)
class Offer:
    """The offered tools in the order shown, and whether their descriptions are the short ones."""

    tools: tuple[Tool, ...]
    concise: bool

    def shown(self) -> list[dict[str, Any]]:
        """What the model sees."""
        return [shown(tool, concise=self.concise) for tool in self.tools]


_shown: dict[tuple[str, str, bool], dict[str, Any]] = {}


def shown(tool: Tool, *, concise: bool) -> dict[str, Any]:
    """A tool as a model sees it: OpenAI-shaped, without kinds. Made once, never changed."""
    key = (tool.pack, tool.name, concise)
    if key not in _shown:
        _shown[key] = {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.concise if concise else tool.description,
                "parameters": without_kinds(tool.parameters),
            },
        }
    return _shown[key]


def without_kinds(schema: Any) -> Any:
    """The schema without the `x-…` keywords."""
    if isinstance(schema, list):
        return [without_kinds(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {k: without_kinds(v) for k, v in schema.items() if not k.startswith("x-")}


class Offering:
    """Chooses distractors among `tools`."""

    def __init__(self, tools: Sequence[Tool]) -> None:
        self.tools = tuple(tools)
        self.kinds = {tool.name: _kinds(tool) for tool in tools}

    def offer(
        self,
        needed: Iterable[Tool],
        size: int,
        rng: random.Random,
        *,
        near: Iterable[str] = (),
    ) -> Offer:
        """`needed` and distractors up to `size` tools, shuffled.

        Args:
            near: kinds that make a tool a near miss, beside those of the needed tools.
        """
        chosen = {tool.name: tool for tool in needed}
        wanted = set(near).union(*(self.kinds[name] for name in chosen))
        packs = {tool.pack for tool in chosen.values()}
        others = [tool for tool in self.tools if tool.name not in chosen]
        rng.shuffle(others)
        hard = [t for t in others if t.pack in packs or self.kinds[t.name] & wanted]
        names = {t.name for t in hard}
        easy = [t for t in others if t.name not in names]
        missing = max(0, size - len(chosen))
        many = min(len(hard), round(missing * HARD_SHARE))
        picked = [*hard[:many], *easy[: missing - many]]
        picked += hard[many : many + missing - len(picked)]
        tools = [*chosen.values(), *picked]
        rng.shuffle(tools)
        return Offer(tuple(tools), rng.random() < 0.5)


def _kinds(tool: Tool) -> frozenset[str]:
    return frozenset(
        schema["x-kind"] for schema in tool.parameters["properties"].values() if "x-kind" in schema
    )
