"""A row as blocks of styled lines, in the order in which a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from callwright.schemas import pointers
from callwright.schemas.display_lines import (
    Block,
    Line,
    Span,
    Style,
    compact,
    json_lines,
    prose,
    span,
)
from callwright.schemas.display_sources import in_words, marks, used
from callwright.schemas.record import Conversation, Gate, Message, ToolCall

_OUTCOMES: dict[str, tuple[str, Style]] = {
    "pass": ("✓", "good"),
    "fail": ("✗", "bad"),
    "not_applicable": ("–", "dim"),
    "not_comparable": ("≠", "bad"),
}


def blocks(row: Conversation) -> list[Block]:
    """Everything of `row` that a reader wants: head, tools, plan, then its messages."""
    found = [_head(row), _tools(row)]
    if row.plan.steps:
        found.append(_plan(row))
    last = len(row.messages) - 1
    for index, message in enumerate(row.messages):
        found += _message(row, index, message, is_last=index == last)
    return found


# ---------------------------------------------------------------------- around


def _head(row: Conversation) -> Block:
    facts = [row.scenario, row.language, f"length {row.plan.length}"]
    if row.split != "all":
        facts.append(row.split)
    if row.revision:
        facts.append(f"revision {row.revision}")
    title = [span(row.id, "name"), span(f"  {' · '.join(facts)}", "dim")]
    lines: list[Line] = []
    if row.gates:
        line: Line = [Span("gates  ", "dim")]
        for gate_name, gate in row.gates.items():
            sign, style = _OUTCOMES[gate.outcome]
            line += [Span(f"{sign} {gate_name}", style), Span("  ")]
        lines += [line[:-1], *_details(row.gates)]
    kept = [f"executed ({row.promises.executed})"] if row.promises.executed else []
    kept += ["grounded"] * row.promises.grounded + ["causal"] * row.promises.causal
    if kept:
        lines.append([Span("promises  ", "dim"), Span(", ".join(kept))])
    review = row.review.model_dump(exclude_defaults=True) if row.review is not None else None
    for name, value in (("origin", row.origin), ("review", review)):
        if value is not None:
            lines.append([Span(f"{name}  ", "dim"), span(_short(compact(value), 200))])
    return Block("head", title, lines)


def _details(gates: dict[Any, Gate]) -> Iterator[Line]:
    for name, gate in gates.items():
        if gate.detail is not None:
            yield [Span(f"  {name}: ", "dim"), span(gate.detail)]


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _tools(row: Conversation) -> Block:
    called = {call.function.name for m in row.messages for call in m.tool_calls or ()}
    names = [_name(tool) for tool in row.tools]
    line: Line = []
    for name in names:
        line += [Span("● ", "good"), span(name, "name")] if name in called else [span(name)]
        line.append(Span("  "))
    lines = [line[:-1]] if line else []
    strangers = sorted(called - set(names))
    if strangers:
        lines.append([Span("called, but not offered: ", "bad"), span(", ".join(strangers))])
    about = f" ({len(names)}; ● called)" if called else f" ({len(names)})"
    return Block("tools", [Span("tools offered"), Span(about, "dim")], lines)


def _name(tool: dict[str, Any]) -> str:
    """The tool's name; rows from elsewhere may lack the wrapping, or the name."""
    function = tool.get("function")
    function = function if isinstance(function, dict) else tool
    return str(function.get("name", "(no name)"))


def _plan(row: Conversation) -> Block:
    plan = row.plan
    facts = [f"topology {plan.topology}", f"length {plan.length}"]
    if row.expected.state is not None:
        facts.append("changes the world")
    lines: list[Line] = []
    for step in plan.steps:
        line: Line = [span(f"{step.call}  ", "dim"), span(step.tool, "name")]
        if step.after:
            line.append(span(f"  after {', '.join(step.after)}", "dim"))
        if step.unnamed:
            line += [Span("  "), Span("unnamed", "said")]
        if step.call in plan.goals:
            line.append(Span("  goal", "good"))
        lines.append(line)
    if plan.causal_edges:
        edges = ", ".join(f"{a} → {b} {pointer}" for a, b, pointer in plan.causal_edges)
        lines.append([Span("causal  ", "dim"), span(edges)])
    for one in plan.conditions:
        test = f"{one.call} {one.pointer} {one.op} {one.value!r}"
        acted = f"so {one.then}" if one.holds else f"not so, hence no {one.then}"
        lines.append([Span("if  ", "dim"), span(test), span(f"  {acted}", "dim")])
    return Block("plan", [Span("plan"), span(f"  {' · '.join(facts)}", "dim")], lines)


# -------------------------------------------------------------------- messages


def _message(row: Conversation, index: int, message: Message, *, is_last: bool) -> Iterator[Block]:
    if message.reasoning_content:
        yield Block("reasoning", [Span("reasoning")], prose(message.reasoning_content))
    if message.role == "tool":
        yield _result(row, message)
    elif message.content or not message.tool_calls:
        text = prose(message.content or "", marks(row, index))
        if message.role == "assistant":
            answer = is_last and not message.tool_calls
            text += _claims(row, index)
            yield Block("answer" if answer else "assistant", [Span("assistant")], text)
        else:
            yield Block(message.role, [Span(message.role)], text)
    for call in message.tool_calls or ():
        yield _call(row, call)


def _claims(row: Conversation, index: int) -> Iterator[Line]:
    text = row.messages[index].content or ""
    for claim in row.claims:
        if claim.message == index:
            stated = text[max(claim.start, 0) : max(claim.end, 0)]
            where = f"  ← {claim.call} {claim.pointer} ({claim.form})"
            yield [Span("  "), span(f"“{stated}”", "dim"), span(where, "source")]


def _call(row: Conversation, call: ToolCall) -> Block:
    step = next((step for step in row.plan.steps if step.call == call.id), None)
    title = [span(f"{call.id}  ", "dim"), span(call.function.name, "name")]
    if step is not None and step.unnamed:
        title.append(Span("  a step the request does not name", "dim"))
    claimed = row.sources.get(call.id, {})
    lines: list[Line] = []
    try:
        leaves = dict(pointers.leaves(call.function.arguments))
    except RecursionError:
        return Block("call", title, [[Span("arguments nested too deeply to be shown", "bad")]])
    for pointer, value in leaves.items():
        line = [span(pointer.removeprefix("/") or "arguments", "name"), Span(": ", "dim")]
        line.append(span(compact(value), "value"))
        line += [span(f"  ← {in_words(row, s)}", "source") for s in claimed.get(pointer, ())]
        # Rows from elsewhere have no sources at all; where there are some, a gap is a fault.
        if row.sources and pointer and not claimed.get(pointer):
            line.append(Span("  ← no source", "bad"))
        lines.append(line)
    lines += [
        [Span("source of no argument: ", "bad"), span(pointer)]
        for pointer in claimed
        if pointer not in leaves
    ]
    return Block("call", title, lines)


def _result(row: Conversation, message: Message) -> Block:
    call, content = message.tool_call_id or "(no call)", message.content or ""
    title = [Span("result of ", "dim"), span(call, "dim")]
    return Block("result", title, json_lines(content, used(row, call, content)))
