"""OpenAI / Hugging Face chat as JSONL: `{"messages": [...], "tools": [...]}`.

`arguments` may be a JSON text (OpenAI's wire) or an object (Hugging Face chat templates); both
are right where they come from, so neither is a defect. Call ids become `call_1`, `call_2`, …
in order; the raw row keeps its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from callwright.schemas.formats.defects import check_calls, defect
from callwright.schemas.formats.guard import (
    RowRefused,
    decode_inner,
    is_json,
    want_list,
    want_object,
    want_text,
)
from callwright.schemas.formats.imports import Draft, Imported, import_rows, offered
from callwright.schemas.record import Function, Message, ToolCall


def read_openai_chat(
    path: Path, *, companion: Path | None = None, licence: str | None = None
) -> Imported:
    """Read OpenAI or Hugging Face chat; see `imports.Reader`. There is no second file."""
    del companion
    return import_rows(path, "openai_chat", ("messages",), _convert, licence)


def _convert(row: dict[str, Any]) -> Draft:
    return _Converter(row).draft


class _Converter:
    """One row on its way: which calls wait for a result, what was found wrong."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.draft = Draft(tools=[], messages=[])
        self.calls: list[tuple[str, Function]] = []
        self.open: list[tuple[str | None, str]] = []
        """(id in the row, our id) of each call without a result so far."""
        self._tools(row.get("tools"))
        for index, item in enumerate(want_list(row["messages"], "messages")):
            where = f"messages/{index}"
            message = want_object(item, where)
            role = message.get("role")
            if role not in ("system", "user", "assistant", "tool"):
                raise RowRefused("unknown_role", f"{where}: {str(role)[:80]!r}")
            if role == "tool":
                self._result(message, where)
            elif role == "assistant":
                self._assistant(message, where)
            else:
                self.draft.messages.append(Message(role=role, content=_content(message, where)))
        for _, call in self.open:
            self._report(call, "missing_result", "no result follows this call")
        self.draft.defects.extend(check_calls(self.draft.tools, self.calls))

    def _report(self, where: str, code: str, detail: str) -> None:
        self.draft.defects.append(defect(where, code, detail))

    def _tools(self, value: Any) -> None:
        if isinstance(value, str):
            value = decode_inner(value, "undecodable_tools", "tools")
        for index, tool in enumerate(want_list(value or [], "tools")):
            made = offered(tool, f"tools/{index}")
            self.draft.tools.append(made)
            if "function" not in tool:
                name = made["function"]["name"]
                self._report(f"tools/{name}", "flat_tool", 'not inside {"type", "function"}')

    def _assistant(self, message: dict[str, Any], where: str) -> None:
        made: list[ToolCall] = []
        for item in want_list(message.get("tool_calls") or [], f"{where}/tool_calls"):
            spec = want_object(item, f"{where}/tool_calls")
            function = want_object(spec.get("function"), f"{where}/tool_calls: function")
            name = want_text(function.get("name"), f"{where}: name")
            arguments = function.get("arguments")
            if isinstance(arguments, str):
                arguments = decode_inner(arguments, "undecodable_arguments", f"{where}: {name}")
            if isinstance(arguments, str):
                raise RowRefused("undecodable_arguments", f"{where}: {name}: encoded twice")
            call = f"call_{len(self.calls) + 1}"
            theirs = spec.get("id")
            if not isinstance(theirs, str) or not theirs:
                self._report(call, "missing_call_id", "results are matched by order")
                theirs = None
            gold = Function(name=name, arguments=want_object(arguments, f"{where}: {name}"))
            self.calls.append((call, gold))
            self.open.append((theirs, call))
            made.append(ToolCall(id=call, function=gold))
        thought = message.get("reasoning_content")
        self.draft.messages.append(
            Message(
                role="assistant",
                content=_content(message, where),
                reasoning_content=None if thought is None else want_text(thought, where),
                tool_calls=made or None,
            )
        )

    def _result(self, message: dict[str, Any], where: str) -> None:
        content = _content(message, where) or ""
        theirs = message.get("tool_call_id")
        match = next((pair for pair in self.open if theirs and pair[0] == theirs), None)
        if match is None and theirs is None and self.open and self.open[0][0] is None:
            match = self.open[0]
        if match is None:
            detail = f"tool_call_id {str(theirs)[:80]!r} is that of no open call"
            self._report(where, "result_without_call", detail)
            self.draft.messages.append(Message(role="tool", content=content))
            return
        self.open.remove(match)
        if not is_json(content):
            self._report(match[1], "result_not_json", f"{where}: {content[:80]!r}")
        self.draft.messages.append(Message(role="tool", content=content, tool_call_id=match[1]))


def _content(message: dict[str, Any], where: str) -> str | None:
    content = message.get("content")
    if content is None or isinstance(content, str):
        return content
    parts = want_list(content, f"{where}/content")
    if not all(isinstance(part, dict) and part.get("type") == "text" for part in parts):
        raise RowRefused("content_not_text", f"{where}: a content part that is not text")
    return "".join(want_text(part.get("text"), f"{where}/content") for part in parts)
