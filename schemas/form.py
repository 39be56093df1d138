"""The form gate: is the row well built, and does its bookkeeping agree with its messages?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from callwright.schemas.pointers import PointerError, resolve
from callwright.schemas.reading import PASS, Made, Unreadable, calls_of, fail
from callwright.schemas.record import (
    Conversation,
    Gate,
    ResultSource,
    SelectedSource,
    Source,
    SystemSource,
    UserSource,
)
from callwright.schemas.shape import feeders, longest, topology
from callwright.schemas.views import tool_of

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")  # what OpenAI's interface takes as a function's name
_DIGEST = re.compile(r"[0-9a-f]{8,64}")

_NO_CALLS = ("irrelevant", "missing_tool")
_ONE_REQUEST = ("single", "parallel", "chain", "dag", "stateful", "irrelevant")


class _Fault(ValueError):
    """What is wrong with the row's form."""


def check_form(row: Conversation, calls: Sequence[Made] | None = None) -> Gate:
    """Check order and ids of messages, offered tools, scenario, plan, sources' and claims' spans.

    Rows of scenario `imported` may come without a plan; what they do have must agree.

    Args:
        row: The row.
        calls: `calls_of(row)`, where the caller has it.
    """
    try:
        calls = calls_of(row) if calls is None else calls
        for check in (_messages, _tools, _plan, _scenario, _expected, _spans):
            check(row, calls)
    except (Unreadable, _Fault) as fault:
        return fail(str(fault))
    return PASS


def _messages(row: Conversation, calls: Sequence[Made]) -> None:
    if row.messages[-1].role != "assistant" or not (row.messages[-1].content or "").strip():
        raise _Fault("the final answer is empty")
    for message in row.messages:
        if message.role == "user" and not (message.content or "").strip():
            raise _Fault("a user message is empty")
    for call in calls:
        if call.id != f"call_{call.index + 1}":
            raise _Fault(
                f"call {call.index + 1} has the id {call.id!r}: expected call_{call.index + 1}"
            )


def _tools(row: Conversation, calls: Sequence[Made]) -> None:
    names: set[str] = set()
    for number, offered in enumerate(row.tools):
        function = offered.get("function")
        if offered.get("type") != "function" or not isinstance(function, dict):
            raise _Fault(f"offered tool {number} is not OpenAI-shaped")
        name = function.get("name")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise _Fault(f"offered tool {number} has the name {name!r}")
        if name in names:
            raise _Fault(f"tool {name} is offered twice")
        names.add(name)
        parameters = function.get("parameters", {"type": "object"})
        if not isinstance(parameters, dict) or parameters.get("type") != "object":
            raise _Fault(f"the parameters of offered tool {name} are not an object")
        if not isinstance(function.get("description", ""), str):
            raise _Fault(f"the description of offered tool {name} is not a text")
    for name in row.views:
        if name not in names:
            raise _Fault(f"views name {name}, which is not offered")
    for call in calls:
        if call.name not in names:
            raise _Fault(f"{call.id} calls {call.name}, which is not offered")


def _plan(row: Conversation, calls: Sequence[Made]) -> None:
    plan = row.plan
    if row.scenario == "imported" and not plan.steps:
        return
    names = [tool_of(row.views, call.name) for call in calls]
    made = [(call.id, name) for call, name in zip(calls, names, strict=True)]
    if [(step.call, step.tool) for step in plan.steps] != made:
        raise _Fault(f"plan.steps are not the calls made: {', '.join(names) or 'none'}")
    if plan.sequence != names:
        raise _Fault(f"plan.sequence is {plan.sequence}, the calls are {names}")
    after = feeders(calls, row.sources)
    order = {call.id: call.index for call in calls}
    for step in plan.steps:
        if step.after != after[step.call]:
            raise _Fault(
                f"{step.call} comes after {step.after}, its sources name {after[step.call]}"
            )
        for earlier in step.after:
            if order.get(earlier, len(calls)) >= order[step.call]:
                raise _Fault(f"{step.call} takes a value from {earlier}, which is no earlier call")
    if plan.topology != topology(calls, after):
        raise _Fault(f"plan.topology is {plan.topology!r}: expected {topology(calls, after)!r}")
    if not _DIGEST.fullmatch(plan.skeleton):
        raise _Fault("plan.skeleton is no digest")
    if bool(plan.goals) != bool(calls) or not set(plan.goals) <= order.keys():
        raise _Fault(f"plan.goals are {plan.goals}: expected ids of calls, at least one")
    if len(set(plan.goals)) < len(plan.goals):
        raise _Fault("plan.goals names a call twice")
    _edges(row, calls)


def _edges(row: Conversation, calls: Sequence[Made]) -> None:
    seen: set[tuple[str, str, str]] = set()
    for producer, consumer, leaf in row.plan.causal_edges:
        sources = row.sources.get(consumer, {}).get(leaf, [])
        if (producer, consumer, leaf) in seen:
            raise _Fault(f"plan.causal_edges names {producer} -> {consumer}{leaf} twice")
        seen.add((producer, consumer, leaf))
        if not any(
            isinstance(s, ResultSource | SelectedSource) and s.call == producer for s in sources
        ):
            raise _Fault(f"the causal edge {producer} -> {consumer}{leaf} has no such source")
    length = longest(calls, row.plan.causal_edges)
    if row.plan.length != length:
        raise _Fault(
            f"plan.length is {row.plan.length}, the longest causal path has {length} calls"
        )


def _scenario(row: Conversation, calls: Sequence[Made]) -> None:
    scenario = row.scenario
    check = _SHAPES.get(scenario)
    if check is not None and not check(row, calls):
        raise _Fault(f"{len(calls)} calls of shape {row.plan.topology!r} are no {scenario!r} row")
    requests = sum(message.role == "user" for message in row.messages)
    if scenario in _ONE_REQUEST and requests != 1:
        raise _Fault(f"a {scenario} row has one user message, this one {requests}")
    if scenario == "multi_turn" and requests < 2:
        raise _Fault("a multi_turn row has at least two user messages")


def _path(row: Conversation, calls: Sequence[Made]) -> bool:
    """Each call takes values from the one just before it, and from no other."""
    return all(
        step.after == ([calls[i - 1].id] if i else []) for i, step in enumerate(row.plan.steps)
    )


_SHAPES: dict[str, Callable[[Conversation, Sequence[Made]], bool]] = {
    **dict.fromkeys(_NO_CALLS, lambda _, calls: not calls),
    "single": lambda _, calls: len(calls) == 1,
    "parallel": lambda row, calls: (
        len(calls) >= 2
        and not any(step.after for step in row.plan.steps)
        and any(a.turn == b.turn for a, b in pairwise(calls))
    ),
    "chain": lambda row, calls: len(calls) >= 2 and _path(row, calls),
    "dag": lambda row, calls: len(calls) >= 3 and not _path(row, calls),
    "stateful": lambda _, calls: len(calls) >= 2,
}


def _expected(row: Conversation, calls: Sequence[Made]) -> None:
    expected = row.expected
    if row.scenario == "imported" and not expected.calls:
        return
    gold = [(call.name, call.arguments) for call in expected.calls]
    if gold != [(call.name, call.arguments) for call in calls]:
        raise _Fault("expected.calls are not the calls made")
    by_id = {call.id: call for call in calls}
    for output in expected.outputs:
        call = by_id.get(output.get("call", ""))
        if call is None or output.keys() != {"call", "pointer"}:
            raise _Fault(f"expected.outputs: {output} names no call")
        try:
            resolve(call.value, output["pointer"])
        except PointerError as error:
            raise _Fault(f"expected.outputs: {call.id}: {error}") from None
    offered = {tool["function"]["name"] for tool in row.tools}
    for name in expected.forbidden:
        if name not in offered or any(call.name == name for call in calls):
            raise _Fault(f"expected.forbidden names {name}, which is called or not offered")


def _spans(row: Conversation, calls: Sequence[Made]) -> None:
    ids = {call.id for call in calls}
    for call, found in row.sources.items():
        if call not in ids:
            raise _Fault(f"sources name {call}, which is no call")
        for leaf, sources in found.items():
            for source in sources:
                for span in _spans_of(source):
                    _span(row, span.message, span.start, span.end, f"source of {call}{leaf}")
    taken: list[tuple[int, int, int]] = []
    for claim in row.claims:
        _span(row, claim.message, claim.start, claim.end, "claim")
        if claim.call not in ids:
            raise _Fault(f"a claim names {claim.call}, which is no call")
        taken.append((claim.message, claim.start, claim.end))
    taken.sort()
    for (message, _, end), (other, start, _) in pairwise(taken):
        if message == other and start < end:
            raise _Fault(f"two claims overlap at {start} of message {message}")


def _spans_of(source: Source) -> list[UserSource | SystemSource]:
    if isinstance(source, UserSource | SystemSource):
        return [source]
    if isinstance(source, SelectedSource):
        return [test.source for test in source.rule.where if test.source is not None]
    return []


def _span(row: Conversation, message: int, start: int, end: int, what: str) -> None:
    if not 0 <= message < len(row.messages):
        raise _Fault(f"{what}: there is no message {message}")
    text = row.messages[message].content or ""
    if not 0 <= start < end <= len(text):
        raise _Fault(f"{what}: [{start}, {end}) is no span of message {message} ({len(text)} long)")
