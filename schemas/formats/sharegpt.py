"""ShareGPT as LLaMA-Factory reads it.

`{"conversations": [{"from", "value"}], "system", "tools"}`; `tools` is a JSON text (or a list) of
flat tools. `human` and `observation` stand at even places, `gpt` and `function_call` at odd
ones. A `function_call` holds one `{"name", "arguments"}` or, for parallel calls, a list of them;
their results come joined in one observation.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from callwright.schemas.formats.defects import Defect, check_calls, defect
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

RESULT_SEPARATOR = "\n</tool_response>\n<tool_response>\n"
"""Between the results of parallel calls."""

_EVEN = ("human", "observation")
_ODD = ("gpt", "function_call")


def read_sharegpt(
    path: Path, *, companion: Path | None = None, licence: str | None = None
) -> Imported:
    """Read LLaMA-Factory's ShareGPT; see `imports.Reader`. There is no second file."""
    del companion
    return import_rows(path, "sharegpt", ("conversations",), _convert, licence)


def _convert(row: dict[str, Any]) -> Draft:
    return _Converter(row).draft


class _Converter:
    """One row on its way: which calls are open, what was found wrong."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.draft = Draft(tools=_tools(row.get("tools")), messages=[])
        self.calls: list[tuple[str, Function]] = []
        self.open: list[str] = []
        turns = want_list(row["conversations"], "conversations")
        system = row.get("system")
        if system:
            self._say("system", want_text(system, "system"))
        shift = 0
        for index, turn in enumerate(turns):
            where = f"conversations/{index}"
            turn = want_object(turn, where)  # noqa: PLW2901 - the same value, now typed
            role = turn.get("from")
            value = want_text(turn.get("value"), f"{where}/value")
            if role == "system" and index == 0:
                self._say("system", value)
                shift = 1
                continue
            self._turn(role, value, where)
            if role not in ((_ODD, _EVEN)[(index - shift) % 2 == 0]):
                detail = f"{role} stands out of turn; LLaMA-Factory drops such a row"
                self._report(where, "role_order", detail)
        self._close()
        self.draft.defects.extend(check_calls(self.draft.tools, self.calls))

    def _turn(self, role: Any, value: str, where: str) -> None:
        if role == "observation":
            self._observe(value, where)
            return
        self._close()
        if role == "human":
            self._say("user", value)
        elif role == "gpt":
            self._say("assistant", value)
        elif role == "function_call":
            self._call(value, where)
        else:
            raise RowRefused("unknown_role", f"{where}: {str(role)[:80]!r}")

    def _say(self, role: Any, content: str) -> None:
        self.draft.messages.append(Message(role=role, content=content))

    def _report(self, where: str, code: str, detail: str) -> None:
        found: Defect = defect(where, code, detail)
        self.draft.defects.append(found)

    def _call(self, value: str, where: str) -> None:
        decoded = decode_inner(value, "undecodable_call", where)
        made: list[ToolCall] = []
        for item in decoded if isinstance(decoded, list) else [decoded]:
            spec = want_object(item, where)
            name = want_text(spec.get("name"), f"{where}: name")
            call = f"call_{len(self.calls) + 1}"
            arguments = spec.get("arguments")
            if isinstance(arguments, str):
                self._report(call, "arguments_as_text", "an object is expected, not its text")
                arguments = decode_inner(arguments, "undecodable_arguments", f"{where}: {name}")
            function = Function(
                name=name, arguments=want_object(arguments, f"{where}: arguments of {name}")
            )
            self.calls.append((call, function))
            made.append(ToolCall(id=call, function=function))
        if not made:
            raise RowRefused("undecodable_call", f"{where}: an empty list of calls")
        self.draft.messages.append(Message(role="assistant", tool_calls=made))
        self.open = [call.id for call in made]

    def _observe(self, value: str, where: str) -> None:
        if not self.open:
            self._report(where, "result_without_call", "an observation that no call asked for")
            self.draft.messages.append(Message(role="tool", content=value))
            return
        parts = value.split(RESULT_SEPARATOR)
        if len(parts) != len(self.open):
            parts = [value]
        for part in parts:
            call = self.open.pop(0)
            if not is_json(part):
                self._report(call, "result_not_json", f"{where}: {part[:80]!r}")
            self.draft.messages.append(Message(role="tool", content=part, tool_call_id=call))

    def _close(self) -> None:
        for call in self.open:
            self._report(call, "missing_result", "no result follows this call")
        self.open = []


def _tools(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, str):
        value = decode_inner(value, "undecodable_tools", "tools") if value.strip() else []
    if value is None:
        return []
    return [offered(tool, f"tools/{i}") for i, tool in enumerate(want_list(value, "tools"))]
