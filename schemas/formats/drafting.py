"""Reading a foreign conversation turn by turn: calls get ids, results find their calls.

What does not fit is reported as a defect and carried as it is; what no Conversation can hold
refuses the row.
"""

from __future__ import annotations

from typing import Any

from callwright.schemas.formats.defects import defect
from callwright.schemas.formats.format import Draft
from callwright.schemas.formats.guard import (
    RowRefused,
    decode_inner,
    is_json,
    want_list,
    want_object,
    want_text,
)
from callwright.schemas.record import Function, Message, ToolCall

RESULT_SEPARATOR = "\n</tool_response>\n<tool_response>\n"
"""Between the results of parallel calls, where a format puts them into one text."""


class Drafting:
    """One row on its way: what was said so far, which calls wait for a result."""

    def __init__(self, tools: Any, *, flat: bool = False) -> None:
        """Begin with the offered tools.

        Args:
            tools: A list of tools, the JSON text of one, or nothing.
            flat: The format's tools stand without `{"type": "function", "function": …}`.
        """
        self.draft = Draft(tools=[], messages=[])
        self.open: list[tuple[str | None, str]] = []
        """(the file's id of the call, ours) of calls without result."""
        self._made = 0
        if isinstance(tools, str):
            tools = decode_inner(tools, "undecodable_tools", "tools") if tools.strip() else []
        for index, tool in enumerate(want_list(tools or [], "tools")):
            self.draft.tools.append(offered(tool, f"tools/{index}"))
            if not (flat or isinstance(tool.get("function"), dict)):
                name = self.draft.tools[-1]["function"]["name"]
                self.report(f"tools/{name}", "flat_tool", 'not inside {"type", "function"}')

    def report(self, where: str, code: str, detail: str) -> None:
        self.draft.defects.append(defect(where, code, detail))

    def say(self, role: Any, content: str | None, reasoning: str | None = None) -> None:
        """A message that is text and nothing else."""
        self.draft.messages.append(Message(role=role, content=content, reasoning_content=reasoning))

    def call(
        self,
        specs: list[Any],
        where: str,
        *,
        content: str | None = None,
        reasoning: str | None = None,
        text_is_right: bool = False,
    ) -> None:
        """An assistant's turn that makes calls.

        Args:
            specs: `{"name", "arguments"}`, with `id` where the format has ids.
            where: For messages.
            content: What is said beside the calls.
            reasoning: What was thought before them.
            text_is_right: The format writes arguments as JSON text.
        """
        if not specs:
            raise RowRefused("undecodable_call", f"{where}: an empty list of calls")
        made: list[ToolCall] = []
        for item in specs:
            spec = want_object(item, where)
            name = want_text(spec.get("name"), f"{where}: name")
            self._made += 1
            call = f"call_{self._made}"
            arguments = spec.get("arguments")
            if isinstance(arguments, str):
                if not text_is_right:
                    detail = "an object is expected, not its text"
                    self.report(call, "arguments_as_text", detail)
                arguments = decode_inner(arguments, "undecodable_arguments", f"{where}: {name}")
            if isinstance(arguments, str):
                raise RowRefused("undecodable_arguments", f"{where}: {name}: encoded twice")
            arguments = want_object(arguments, f"{where}: arguments of {name}")
            made.append(ToolCall(id=call, function=Function(name=name, arguments=arguments)))
            theirs = spec.get("id")
            self.open.append((theirs if isinstance(theirs, str) and theirs else None, call))
        self.draft.messages.append(
            Message(role="assistant", content=content, reasoning_content=reasoning, tool_calls=made)
        )

    def result(self, content: str, where: str) -> None:
        """A result that belongs to the first call that waits for one."""
        if not self.open:
            self.report(where, "result_without_call", "a result that no call asked for")
            self.draft.messages.append(Message(role="tool", content=content))
            return
        self.answer(self.open[0], content, where)

    def answer(self, call: tuple[str | None, str], content: str, where: str) -> None:
        """The result of one of the open calls."""
        self.open.remove(call)
        if not is_json(content):
            self.report(call[1], "result_not_json", f"{where}: {content[:80]!r}")
        self.draft.messages.append(Message(role="tool", content=content, tool_call_id=call[1]))

    def joined_results(self, text: str, where: str) -> None:
        """Results of all open calls in one text."""
        parts = text.split(RESULT_SEPARATOR)
        for part in parts if len(parts) == len(self.open) else [text]:
            self.result(part, where)

    def close(self) -> None:
        """No more results will come for the calls made so far."""
        for _, call in self.open:
            self.report(call, "missing_result", "no result follows this call")
        self.open = []


def offered(tool: Any, where: str) -> dict[str, Any]:
    """An OpenAI-shaped tool from a wrapped or flat one; what stands in it is left as it is.

    Args:
        tool: `{"type": "function", "function": {...}}` or the inner object alone.
        where: For the message.

    Raises:
        RowRefused: bad_tool.
    """
    outer = want_object(tool, where)
    inner = outer["function"] if isinstance(outer.get("function"), dict) else outer
    name = inner.get("name")
    if not isinstance(name, str) or not name:
        raise RowRefused("bad_tool", f"{where} has no name")
    if not isinstance(inner.get("parameters") or {}, dict):
        raise RowRefused("bad_tool", f"{where}: parameters of {name} are no JSON Schema object")
    if inner.get("description") is not None:
        want_text(inner["description"], f"{where}: description of {name}")
    return outer if inner is not outer else {"type": "function", "function": inner}
