"""Offering a finished row's tools under other signatures: everything shown is said anew.

The row was planned, executed and worded with the tools themselves. What `dressed` changes are
names, places and what stands around results; no value, no order of calls and no word.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from callwright.generators.offering import shown
from callwright.generators.recipe import ViewsSection
from callwright.generators.views.houses import HOUSES, Dress, House, masked
from callwright.schemas.canonical import dumps
from callwright.schemas.reading import calls_of
from callwright.schemas.record import (
    Claim,
    Conversation,
    Expected,
    Function,
    Message,
    ResultSource,
    SelectedSource,
    Source,
    View,
)
from callwright.schemas.toolbox import Tool, refusal
from callwright.schemas.views import (
    argument_pointer,
    arguments_out,
    changes_results,
    failure_out,
    item_path,
    item_pointer,
    result_out,
    result_pointer,
    shown_tool,
)

MASKS = (("func", "arg"), ("function", "param"), ("tool", "p"), ("fn", "x"), ("api", "field"))
"""What masked functions and their parameters are called, before their numbers."""


class Wardrobe:
    """Chooses views for rows, and puts them on."""

    def __init__(self, tools: Sequence[Tool], section: ViewsSection) -> None:
        self._section = section
        self._tools = {tool.name: tool for tool in tools}
        self._packs: dict[str, list[Tool]] = {}
        for tool in tools:
            self._packs.setdefault(tool.pack, []).append(tool)
        self._houses: dict[tuple[str, int], House] = {}
        self._masked: dict[tuple[str, int, int], Dress] = {}

    def dress(self, row: Conversation) -> Conversation:
        """Give the row as it is, or with all its tools under other signatures.

        What is chosen follows from the row's id: it takes nothing from the chance that makes rows,
        so that the others are the same whatever the share.
        """
        rng = random.Random(f"views {row.id}")
        if rng.random() >= self._section.share:
            return row
        if rng.random() < self._section.masked:
            dresses = self._masks(row, rng)
        else:
            dresses = self._styles(row, rng)
        return _Dressing(row, dresses, self._tools).row()

    def _masks(self, row: Conversation, rng: random.Random) -> dict[str, Dress]:
        called = rng.randrange(len(MASKS))
        first = rng.choice((0, 1, 1, 1, 10))
        found: dict[str, Dress] = {}
        for number, offered in enumerate(row.tools, first):
            name = offered["function"]["name"]
            key = (name, number, called)
            if key not in self._masked:
                self._masked[key] = masked(self._tools[name], number, MASKS[called])
            found[name] = self._masked[key]
        return found

    def _styles(self, row: Conversation, rng: random.Random) -> dict[str, Dress]:
        used: dict[str, set[str]] = {}
        for call in row.expected.calls:
            used.setdefault(call.name, set()).update(call.arguments)
        chosen: dict[str, int] = {}
        found: dict[str, Dress] = {}
        for offered in row.tools:
            function = offered["function"]
            tool = self._tools[function["name"]]
            number = chosen.setdefault(tool.pack, rng.randrange(HOUSES))
            # A full description speaks of parameters that then could not be given.
            hide = function["description"] == tool.concise
            dress = self._house(tool.pack, number).dress(
                tool, used.get(tool.name, ()), may_hide=hide
            )
            if any(dress.name == other.name for other in found.values()):
                dress = Dress(f"{tool.pack}_{dress.name}", dress.view)
            found[tool.name] = dress
        return found

    def _house(self, pack: str, number: int) -> House:
        key = (pack, number)
        if key not in self._houses:
            self._houses[key] = House(pack, number, self._packs[pack])
        return self._houses[key]


class _Dressing:
    """One row under its new signatures."""

    def __init__(
        self, row: Conversation, dresses: Mapping[str, Dress], tools: Mapping[str, Tool]
    ) -> None:
        self.old = row
        self.dresses = dresses
        self.tools = tools
        self.names = {tool: dress.name for tool, dress in dresses.items()}
        self.views: dict[str, View] = {}
        """Call -> the view of the tool that it calls."""
        self.failed: set[str] = set()
        """Calls that gave an error, which is shown as it is."""
        for call in calls_of(row):
            self.views[call.id] = dresses[call.name].view
            if call.failed:
                self.failed.add(call.id)

    def row(self) -> Conversation:
        old = self.old
        plan = old.plan.model_copy(
            update={
                "causal_edges": [
                    (producer, consumer, argument_pointer(self.views[consumer], leaf))
                    for producer, consumer, leaf in old.plan.causal_edges
                ],
                "conditions": [
                    condition.model_copy(
                        update={"pointer": self._in_result(condition.call, condition.pointer)}
                    )
                    for condition in old.plan.conditions
                ],
            }
        )
        return old.model_copy(
            update={
                "tools": [self._tool(tool["function"]) for tool in old.tools],
                "messages": [self._message(message) for message in old.messages],
                "plan": plan,
                "sources": {
                    call: {
                        argument_pointer(self.views[call], leaf): [self._source(s) for s in found]
                        for leaf, found in leaves.items()
                    }
                    for call, leaves in old.sources.items()
                },
                "claims": [self._claim(claim) for claim in old.claims],
                "expected": self._expected(old.expected),
                "views": {dress.name: dress.view for dress in self.dresses.values()},
            }
        )

    def _tool(self, function: Mapping[str, Any]) -> dict[str, Any]:
        tool, dress = self.tools[function["name"]], self.dresses[function["name"]]
        concise = function["description"] == tool.concise
        return shown(shown_tool(dress.name, dress.view, tool), concise=concise)

    def _message(self, message: Message) -> Message:
        update: dict[str, Any] = {}
        if message.tool_calls:
            update["tool_calls"] = [
                call.model_copy(update={"function": self._call(call.function)})
                for call in message.tool_calls
            ]
        if message.role == "tool":
            update["content"] = self._content(message)
        return message.model_copy(update=update) if update else message

    def _call(self, call: Function) -> Function:
        dress = self.dresses[call.name]
        return Function(name=dress.name, arguments=arguments_out(dress.view, call.arguments))

    def _content(self, message: Message) -> str:
        call, content = message.tool_call_id or "", message.content or ""
        view = self.views[call]
        value = orjson.loads(content)
        if call in self.failed:
            return self._failure(call, value["error"])
        return dumps(result_out(view, value)) if changes_results(view) else content

    def _failure(self, call: str, error: Mapping[str, Any]) -> str:
        """The error as the tool gives it under its view (see `schemas.views.for_row`)."""
        made = next(c for m in self.old.messages for c in m.tool_calls or () if c.id == call)
        dress = self.dresses[made.function.name]
        if error["kind"] == "invalid_arguments":
            tool = shown_tool(dress.name, dress.view, self.tools[made.function.name])
            refused = refusal(tool, arguments_out(dress.view, made.function.arguments))
            if refused is not None:
                return refused.content
        return failure_out(error, dress.view, self.names).content

    # ---------------------------------------------------- where values stand

    def _source(self, source: Source) -> Source:
        if not isinstance(source, ResultSource | SelectedSource):
            return source
        view = self.views[source.call]
        if source.call in self.failed:
            return source
        if isinstance(source, ResultSource):
            pointer = result_pointer(view, source.pointer)
            return source.model_copy(update={"pointer": pointer})
        tests = [
            test.model_copy(update={"field": item_path(view, test.field)})
            for test in source.rule.where
        ]
        by = None if source.rule.by is None else item_path(view, source.rule.by)
        return source.model_copy(
            update={
                "list": result_pointer(view, source.list),
                "rule": source.rule.model_copy(update={"where": tests, "by": by}),
                "pointer": item_pointer(view, source.pointer),
            }
        )

    def _in_result(self, call: str, pointer: str) -> str:
        return pointer if call in self.failed else result_pointer(self.views[call], pointer)

    def _claim(self, claim: Claim) -> Claim:
        return claim.model_copy(update={"pointer": self._in_result(claim.call, claim.pointer)})

    def _expected(self, expected: Expected) -> Expected:
        return expected.model_copy(
            update={
                "outputs": [
                    {**output, "pointer": self._in_result(output["call"], output["pointer"])}
                    for output in expected.outputs
                ],
                "forbidden": [self.names[name] for name in expected.forbidden],
                "calls": [self._call(call) for call in expected.calls],
            }
        )
