"""A row as `chain.html` shows it: plain values, every foreign text made visible.

Argilla puts a record and its template into a frame of the page's own origin, as text of a script.
So that nothing in a row can be markup, script or template there, every text goes in escaped, and
the template prints it as it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from callwright.curation.review.inert import escaped
from callwright.schemas.display_lines import Line, compact, json_lines, prose, span
from callwright.schemas.display_sources import in_words, marks, used
from callwright.schemas.pointers import leaves
from callwright.schemas.record import (
    Conversation,
    DefaultSource,
    Message,
    ResultSource,
    SelectedSource,
    Source,
    SystemSource,
    ToolCall,
    UserSource,
)
from callwright.schemas.visible import one_line

FOLDED = 1200
"""Characters from which a value is folded: all of it is there, one click away."""

_PREVIEW = 160


def view(row: Conversation, returned: str = "") -> dict[str, Any]:
    """Everything that an annotator needs of `row`, on one screen.

    Args:
        row: The row.
        returned: Why it came back, if it did.
    """
    called = {call.function.name for m in row.messages for call in m.tool_calls or ()}
    shown: dict[str, Any] = {
        "returned": one_line(returned),
        "about": f"{row.scenario} · {row.language} · length {row.plan.length}",
        "language": row.language,
        "tools": [_tool(tool, called) for tool in row.tools],
        "tool_count": len(row.tools),
        "items": list(_items(row)),
    }
    return escaped(shown)  # type: ignore[no-any-return]


def _tool(tool: dict[str, Any], called: set[str]) -> dict[str, Any]:
    function = tool.get("function")
    function = function if isinstance(function, dict) else tool
    name = str(function.get("name", "(no name)"))
    parameters = function.get("parameters")
    known = parameters.get("properties") if isinstance(parameters, dict) else None
    return {
        "name": one_line(name),
        "called": name in called,
        "parameters": one_line(", ".join(map(str, known)) if isinstance(known, dict) else ""),
        "about": one_line(str(function.get("description", ""))),
    }


def _items(row: Conversation) -> Iterator[dict[str, Any]]:
    contents = {m.tool_call_id: m.content or "" for m in row.messages if m.role == "tool"}
    last, number = len(row.messages) - 1, 0
    for index, message in enumerate(row.messages):
        if message.role == "tool":
            continue
        if message.content or not message.tool_calls:
            yield _spoken(row, index, message, is_answer=index == last)
        for call in message.tool_calls or ():
            number += 1
            yield _step(row, number, call, contents.get(call.id))


def _spoken(row: Conversation, index: int, message: Message, *, is_answer: bool) -> dict[str, Any]:
    titles = {"system": "System", "user": "Request", "assistant": "Assistant"}
    title = "Answer" if is_answer else titles[message.role]
    lines = prose(message.content or "", marks(row, index))
    return {"spoken": True, "role": message.role, "title": title, **_text(lines)}


def _step(row: Conversation, number: int, call: ToolCall, content: str | None) -> dict[str, Any]:
    step = next((step for step in row.plan.steps if step.call == call.id), None)
    result = json_lines(content or "", used(row, call.id, content or ""))
    return {
        "step": True,
        "number": number,
        "name": one_line(call.function.name),
        "unnamed": step is not None and step.unnamed,
        "arguments": list(_arguments(row, call)),
        "result": _text(result),
        "missing": content is None,
    }


def _arguments(row: Conversation, call: ToolCall) -> Iterator[dict[str, Any]]:
    order = [c.id for m in row.messages for c in m.tool_calls or ()]
    found = row.sources.get(call.id, {})
    try:
        given = list(leaves(call.function.arguments)) if call.function.arguments else []
    except RecursionError:
        yield {"name": "(nested too deeply to be shown)", "badges": [], **_text([])}
        return
    for pointer, value in given:
        yield {
            "name": one_line(pointer.removeprefix("/")),
            **_text([[span(compact(value), "value")]]),
            "badges": [_badge(row, source, order) for source in found.get(pointer, ())],
        }


def _badge(row: Conversation, source: Source, order: list[str]) -> dict[str, str]:
    """Where an argument comes from, in a few words and a colour."""
    words = one_line(in_words(row, source))
    if isinstance(source, ResultSource | SelectedSource):
        number = order.index(source.call) + 1 if source.call in order else "?"
        _, _, where = words.partition(" ")
        return {"colour": "result", "text": f"from step {number}: {where}"}
    if isinstance(source, UserSource | SystemSource):
        who = "the user" if isinstance(source, UserSource) else "the system message"
        return {"colour": source.origin, "text": f"from {who}: {words.partition(': ')[2]}"}
    text = "default" if isinstance(source, DefaultSource) else "implied by the request"
    return {"colour": source.origin, "text": text}


def _text(lines: Iterable[Line]) -> dict[str, Any]:
    """Lines for the template, folded where they are long; a fold loses nothing."""
    told = [[{"text": s.text, "style": s.style} for s in line] for line in lines]
    length = sum(len(piece["text"]) for line in told for piece in line)
    if length <= FOLDED:
        return {"lines": told, "folded": False}
    flat = " ".join("".join(piece["text"] for piece in line) for line in told[:8])
    preview = f"{flat[:_PREVIEW]} … all {length:,} characters"
    return {"lines": told, "folded": True, "preview": preview}
