"""Which tools a row offers: those it needs, near misses, and strangers."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from callwright.schemas.schema_gate import without_kinds
from callwright.schemas.toolbox import Tool

Descriptions = Literal["mixed", "full", "concise"]

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


@lru_cache(maxsize=16384)
def shown(tool: Tool, *, concise: bool) -> dict[str, Any]:
    """A tool as a model sees it: OpenAI-shaped, without kinds. Made once, never changed."""
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.concise if concise else tool.description,
            "parameters": without_kinds(tool.parameters),
        },
    }


class Offering:
    """Chooses distractors among `tools`."""

    def __init__(self, tools: Sequence[Tool], descriptions: Descriptions = "mixed") -> None:
        self.descriptions = descriptions
        self.tools = {tool.name: tool for tool in tools}
        self._tools = list(self.tools.values())
        self._all = frozenset(range(len(tools)))
        self._number = {name: number for number, name in enumerate(self.tools)}
        kinds = [_kinds(tool) for tool in tools]
        self.near = {
            tool.name: frozenset(
                number
                for number, other in enumerate(tools)
                if other.pack == tool.pack or kinds[number] & wanted
            )
            for tool, wanted in zip(tools, kinds, strict=True)
        }
        """Tool -> numbers of its near misses: of its pack, or asking for something of its kinds."""

    def offer(
        self,
        needed: Iterable[Tool],
        size: int,
        rng: random.Random,
        *,
        absent: Collection[str] = (),
        near_to: Iterable[Tool] = (),
    ) -> Offer:
        """`needed` and distractors up to `size` tools, shuffled.

        Args:
            absent: tools that are not to be offered.
            near_to: tools whose near misses are distractors as well.
        """
        chosen = {tool.name: tool for tool in needed}
        wanted = [*chosen, *(tool.name for tool in near_to)]
        near: frozenset[int] = frozenset().union(*(self.near[name] for name in wanted))
        taken = {self._number[name] for name in (*chosen, *absent)}
        hard = sorted(near - taken)
        easy = sorted(self._all - near - taken)
        missing = max(0, min(size, len(self.tools) - len(absent)) - len(chosen))
        many = min(len(hard), max(round(missing * HARD_SHARE), missing - len(easy)))
        picked = [*rng.sample(hard, many), *rng.sample(easy, missing - many)]
        tools = [*chosen.values(), *(self._tools[number] for number in picked)]
        rng.shuffle(tools)
        chance = rng.random() < 0.5  # drawn in any case: what else the row has is the same
        return Offer(
            tuple(tools),
            chance if self.descriptions == "mixed" else self.descriptions == "concise",
        )


def _kinds(tool: Tool) -> frozenset[str]:
    return frozenset(
        schema["x-kind"] for schema in tool.parameters["properties"].values() if "x-kind" in schema
    )
