"""The recipe's sections that building reads."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from callwright.generators.graph import MAX_DEPTH
from callwright.generators.packs import PACK_NAMES
from callwright.generators.planning import LENGTHS
from callwright.schemas.record import Language, Scenario

BUILT_SCENARIOS: tuple[Scenario, ...] = tuple(s for s in get_args(Scenario) if s != "imported")
"""Scenarios that can be built."""

Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ToolsSection(_Section):
    packs: tuple[str, ...] = PACK_NAMES
    """Built-in packs whose tools are called and offered."""
    only: tuple[str, ...] | None = None
    """Tools of these packs, where not all of them are to be called and offered."""

    @model_validator(mode="after")
    def _known(self) -> ToolsSection:
        if not self.packs:
            raise ValueError("name at least one pack, or leave `packs` out to take all")
        for name in self.packs:
            if name not in PACK_NAMES:
                raise ValueError(f"unknown pack {name!r}; packs are {', '.join(PACK_NAMES)}")
        if len(set(self.packs)) < len(self.packs):
            raise ValueError("a pack is named twice")
        if self.only is not None and len(set(self.only)) < max(1, len(self.only)):
            raise ValueError("`only` names no tool, or one twice")
        return self

    def written(self) -> dict[str, Any]:
        """The section as builds are named by: what it does not say is not written."""
        return self.model_dump(mode="json", exclude_none=True)


class OfferedTools(_Section):
    at_least: Annotated[int, Field(ge=1, le=40)] = 3
    at_most: Annotated[int, Field(ge=1, le=40)] = 20
    distractors: Annotated[int, Field(ge=0, le=40)] = 0
    """At least so many that the row does not need; above `at_most` where it needs many."""

    @model_validator(mode="after")
    def _ordered(self) -> OfferedTools:
        if self.at_least > self.at_most:
            raise ValueError("at_least is more than at_most")
        return self


Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class ViewsSection(_Section):
    share: Share = 0.35
    """Share of the rows whose tools are offered under other signatures."""
    masked: Share = 0.25
    """Share of those in which names tell nothing (func_3, arg_1)."""


class BuildSection(_Section):
    count: Annotated[int, Field(ge=1, lt=2**63, strict=True)] = 1000
    """Rows to make."""
    languages: dict[Language, Weight] = {"en": 1, "zh": 1}
    """Language -> weight."""
    scenarios: dict[Scenario, Weight] = {
        "single": 8,
        "parallel": 6,
        "chain": 20,
        "dag": 10,
        "stateful": 9,
        "conditional": 6,
        "multi_turn": 19,
        "missing_argument": 3,
        "error_recovery": 3,
        "policy": 4,
        "long_history": 5,
        "irrelevant": 4,
        "missing_tool": 3,
    }
    """Scenario -> weight. Left to this default, scenarios for which the chosen packs have no words
    or no tools are left out; one that is named here and cannot be made is an error."""
    pack_weights: dict[str, Weight] = {}
    """Pack -> how often its tools are what is asked for; 1 where it is not named. A pack that is
    to be held out for `test_unseen_tools` can so be made less rare."""
    lengths: dict[int, Weight] = dict(LENGTHS)
    """Calls on the longest path of a chain -> weight. Where something is written it is 5 at most,
    in a `dag` 3."""
    offered_tools: OfferedTools = OfferedTools()
    """How many tools a row offers, those it needs included."""
    descriptions: Literal["mixed", "full", "concise"] = "mixed"
    """Which description of its tools a row offers; mixed: one row these, another those."""
    reasoning: bool = False
    """Put a sentence or two into `reasoning_content` before each of the assistant's turns: why
    this tool, and what is still missing."""
    views: ViewsSection = ViewsSection()
    """The same tools under other names, with other parameters and around other results."""
    max_per_skeleton: Annotated[int, Field(ge=1, lt=2**63, strict=True)] = 20
    """Most rows with the same tools, bindings and wording that differ in values only."""
    attempts: Annotated[int, Field(ge=1, lt=2**63, strict=True)] = 200
    """Tries at one row before it is given up."""

    @model_validator(mode="after")
    def _possible(self) -> BuildSection:
        for name in self.scenarios:
            if name not in BUILT_SCENARIOS:
                raise ValueError(
                    f"scenario {name!r} cannot be built; choose from {', '.join(BUILT_SCENARIOS)}"
                )
        for pack in self.pack_weights:
            if pack not in PACK_NAMES:
                raise ValueError(f"unknown pack {pack!r}; packs are {', '.join(PACK_NAMES)}")
        for length in self.lengths:
            if not 2 <= length <= MAX_DEPTH:
                raise ValueError(f"lengths: {length} is no length of a chain: 2 to {MAX_DEPTH}")
        if not any(self.lengths.values()):
            raise ValueError("lengths: every weight is 0")
        if not any(self.scenarios.values()):
            raise ValueError("scenarios: every weight is 0")
        if not any(self.languages.values()):
            raise ValueError("languages: every weight is 0")
        return self
