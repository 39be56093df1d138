"""The seam between those who run tools and those who need them run.

`generators` implements it, `curation` (replay, causality) and `training` (episodes) receive it
as an argument from the command line. Nothing here executes anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Protocol

import orjson

from callwright.schemas.errors import FailureKind
from callwright.schemas.validation import Compiled, accepts, compile_schema, explain

Json = Any
"""A JSON value as `orjson.loads` gives it: None, bool, int, float, str, list, dict."""

Effect = Literal["read", "write"]
Replay = Literal["exact", "recorded"]


@dataclass(frozen=True, eq=False)
class Tool:
    """What a function promises to the world: its signature, not its code.

    Made once and kept, so that two are equal where they are one.
    """

    name: str
    pack: str
    description: str
    """Full description: what it does, what it needs, what it returns."""
    concise: str
    """The first sentence of the description."""
    parameters: dict[str, Json]
    """JSON Schema 2020-12 of the arguments object; `x-kind` and `x-accepts` name kinds."""
    returns: dict[str, Json]
    """JSON Schema 2020-12 of a successful result; `x-kind` on each chainable field."""
    effect: Effect = "read"
    replay: Replay = "exact"

    @cached_property
    def takes(self) -> Compiled:
        """`parameters`, compiled (see `validation.accepts`)."""
        return compile_schema(self.parameters)

    @cached_property
    def gives(self) -> Compiled:
        """`returns`, compiled."""
        return compile_schema(self.returns)


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What one call gave: the JSON text exactly as returned, and why it failed if it did."""

    content: str
    """Canonical JSON text; on failure `{"error": {"kind": ..., "message": ...}}`, with
    `suggestions` (values that would have been taken) where the tool has some."""
    value: Json = field(compare=False)
    """`content`, parsed."""
    failure: FailureKind | None = None


def failure(kind: FailureKind, message: str, suggestions: Sequence[str | float] = ()) -> ToolResult:
    """The result of a call that failed."""
    message = message.encode(errors="replace").decode()  # it may quote a lone surrogate
    told: dict[str, Json] = {"kind": kind, "message": message}
    if suggestions:
        told["suggestions"] = list(suggestions)
    value: dict[str, Json] = {"error": told}
    return ToolResult(orjson.dumps(value).decode(), value, kind)


def refusal(tool: Tool, arguments: Mapping[str, Json]) -> ToolResult | None:
    """What a call with arguments that a tool does not take gives; None where it takes them."""
    if accepts(tool.takes, arguments):
        return None
    why = explain(tool.parameters, arguments)
    return failure("invalid_arguments", f"Invalid arguments for {tool.name}: {why}")


class Session(Protocol):
    """One row's world: a clock, ids, random numbers and state of its own, all seeded."""

    def call(self, name: str, arguments: Mapping[str, Json]) -> ToolResult:
        """Run tool `name`. Never raises for what a model can do wrong: that is a ToolResult."""

    def alternatives(self, kind: str, value: Json, seed: int) -> Iterable[Json]:
        """Other valid values of `kind` in this row's world, in an order set by `seed`.

        They may be found only as they are asked for: mostly the first is enough.
        """

    def snapshot(self) -> object:
        """The state of the world now, to be handed to `restore`."""

    def restore(self, snapshot: object) -> None:
        """Put the world back to a state `snapshot` gave."""

    def digest(self) -> str:
        """A hex digest of the world's state; equal states have equal digests."""


class Toolbox(Protocol):
    """A set of tools and a way to open worlds for them."""

    def tools(self) -> Sequence[Tool]:
        """Every tool, in a fixed order."""

    def open(self, seed: int) -> Session:
        """The world of the row with this `seed`, in its first state."""
