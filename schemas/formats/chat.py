"""Reading `{"messages": [...], "tools": [...]}` as OpenAI and Hugging Face both have it.

`arguments` may be a JSON text (OpenAI's wire) or an object (Hugging Face chat templates); both
are right where they come from, so neither is a defect. Call ids become `call_1`, `call_2`, …
in order; the raw row keeps its own.
"""

from __future__ import annotations

from typing import Any

from callwright.schemas.formats.drafting import Drafting
from callwright.schemas.formats.format import Draft, Raw, Second
from callwright.schemas.formats.guard import RowRefused, want_list, want_object, want_text
from callwright.schemas.record import Message


def read_chat(row: Raw, second: Second) -> Draft:
    """Read one row."""
    del second
    drafting = Drafting(row.get("tools"))
    for index, item in enumerate(want_list(row["messages"], "messages")):
        where = f"messages/{index}"
        message = want_object(item, where)
        role = message.get("role")
        if role == "tool":
            _result(drafting, message, where)
        elif role == "assistant":
            _assistant(drafting, message, where)
        elif role in ("system", "user"):
            drafting.say(role, _content(message, where))
        else:
            raise RowRefused("unknown_role", f"{where}: {str(role)[:80]!r}")
    drafting.close()
    return drafting.draft


def _assistant(drafting: Drafting, message: dict[str, Any], where: str) -> None:
    content, thought = _content(message, where), message.get("reasoning_content")
    if thought is not None:
        thought = want_text(thought, where)
    calls = want_list(message.get("tool_calls") or [], f"{where}/tool_calls")
    if not calls:
        drafting.say("assistant", content, thought)
        return
    specs = []
    for item in calls:
        call = want_object(item, f"{where}/tool_calls")
        function = want_object(call.get("function"), f"{where}/tool_calls: function")
        specs.append({**function, "id": call.get("id")})
    already = len(drafting.open)
    drafting.call(specs, where, content=content, reasoning=thought, text_is_right=True)
    for theirs, ours in drafting.open[already:]:
        if theirs is None:
            drafting.report(ours, "missing_call_id", "results are matched by order")


def _result(drafting: Drafting, message: dict[str, Any], where: str) -> None:
    content = _content(message, where) or ""
    theirs = message.get("tool_call_id")
    match = next((pair for pair in drafting.open if theirs and pair[0] == theirs), None)
    if match is None and theirs is None and drafting.open and drafting.open[0][0] is None:
        match = drafting.open[0]
    if match is not None:
        drafting.answer(match, content, where)
        return
    detail = f"tool_call_id {str(theirs)[:80]!r} is that of no open call"
    drafting.report(where, "result_without_call", detail)
    drafting.draft.messages.append(Message(role="tool", content=content))


def _content(message: dict[str, Any], where: str) -> str | None:
    content = message.get("content")
    if content is None or isinstance(content, str):
        return content
    parts = want_list(content, f"{where}/content")
    if not all(isinstance(part, dict) and part.get("type") == "text" for part in parts):
        raise RowRefused("content_not_text", f"{where}: a content part that is not text")
    return "".join(want_text(part.get("text"), f"{where}/content") for part in parts)
