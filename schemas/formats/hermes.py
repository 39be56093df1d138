"""Hermes / Qwen text: tools, calls and results as the text that Qwen2.5 and Qwen3 are trained on.

`{"messages": [{"role", "content"}]}` of plain text, for trainers that know nothing of tools. The
system message ends with the tools, one JSON object a line between `<tools>` tags; a call stands
between `<tool_call>` tags; the results of one turn are a user message of `<tool_response>`s.
(Qwen3.5 writes `<function=…>` instead, which is another format.)
"""

from __future__ import annotations

import re
from typing import Any

from callwright.schemas.formats.drafting import RESULT_SEPARATOR, Drafting
from callwright.schemas.formats.format import Draft, Format, Raw, Second
from callwright.schemas.formats.guard import (
    RowRefused,
    decode_inner,
    want_list,
    want_object,
    want_text,
)
from callwright.schemas.formats.turns import apart, json_text, spec_of
from callwright.schemas.record import Conversation

# The words are Qwen's: a model that was trained on them is to read the same ones again.
_HEAD = (
    "# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
    "You are provided with function signatures within <tools></tools> XML tags:\n<tools>\n"
)
_TAIL = (
    "\n</tools>\n\nFor each function call, return a json object with function name and arguments "
    "within <tool_call></tool_call> XML tags:\n<tool_call>\n"
    '{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call>'
)
_TOOLS = re.compile(r"<tools>\s*(?=[\[{])(.*?)\s*</tools>", re.DOTALL)
_CALL = re.compile(r"<tool_call>\s*(.*?)\s*</tool_call>", re.DOTALL)
_OPEN, _CLOSE = "<tool_response>\n", "\n</tool_response>"


# -------------------------------------------------------------------- reading


def read(row: Raw, second: Second) -> Draft:
    del second
    messages = want_list(row["messages"], "messages")
    first = want_object(messages[0], "messages/0") if messages else {}
    system: str | None = None
    tools: list[Any] = []
    foreign = False
    if first.get("role") == "system":
        content = want_text(first.get("content"), "messages/0/content")
        system, tools, foreign = _system(content)
    drafting = Drafting(tools)
    if foreign:
        detail = "the tools stand in it in other words than Qwen's; kept as it is"
        drafting.report("messages/0", "foreign_preamble", detail)
    if system is not None:
        drafting.say("system", system)
    for index, item in enumerate(messages):
        if index or first.get("role") != "system":
            _message(drafting, want_object(item, f"messages/{index}"), f"messages/{index}")
    drafting.close()
    return drafting.draft


def _system(content: str) -> tuple[str | None, list[Any], bool]:
    """(what the system says beside the tools, the tools, whether they stand in foreign words)."""
    before, head, listed = content.rpartition(_HEAD)
    if head and listed.endswith(_TAIL) and (not before or before.endswith("\n\n")):
        lines = listed.removesuffix(_TAIL).split("\n")
        tools = [decode_inner(line, "undecodable_tools", "messages/0") for line in lines]
        return (before[:-2] if before else None), tools, False
    found = _TOOLS.search(content)
    if found is None:
        return content, [], False
    text = found[1] if found[1].startswith("[") else f"[{','.join(found[1].splitlines())}]"
    return content, decode_inner(text, "undecodable_tools", "messages/0"), True


def _message(drafting: Drafting, message: dict[str, Any], where: str) -> None:
    role = message.get("role")
    content = want_text(message.get("content"), f"{where}/content")
    boxed = content.startswith(_OPEN) and content.endswith(_CLOSE)
    if role == "tool" or (role == "user" and boxed):
        inner = content.removeprefix(_OPEN).removesuffix(_CLOSE) if boxed else content
        drafting.joined_results(inner, where)
        return
    drafting.close()
    if role == "assistant" and "<tool_call>" in content:
        _calls(drafting, content, where)
    elif role in ("system", "user", "assistant"):
        drafting.say(role, content)
    else:
        raise RowRefused("unknown_role", f"{where}: {str(role)[:80]!r}")


def _calls(drafting: Drafting, content: str, where: str) -> None:
    calls = _CALL.findall(content)
    if _CALL.sub("", content[content.index("<tool_call>") :]).strip() or not calls:
        raise RowRefused("undecodable_call", f"{where}: text between or after the calls")
    specs = [decode_inner(call, "undecodable_call", where) for call in calls]
    text = content[: content.index("<tool_call>")].removesuffix("\n")
    drafting.call(specs, where, content=text or None)


# -------------------------------------------------------------------- writing


def write(row: Conversation) -> Raw:
    system, turns = apart(row)
    messages: list[dict[str, str]] = []
    if row.tools:
        listed = _HEAD + "\n".join(json_text(tool) for tool in row.tools) + _TAIL
        system = listed if system is None else f"{system}\n\n{listed}"
    if system is not None:
        messages.append({"role": "system", "content": system})
    for turn in turns:
        if turn.role == "calls":
            calls = (f"<tool_call>\n{json_text(spec_of(c))}\n</tool_call>" for c in turn.calls)
            text = "\n".join([turn.text, *calls] if turn.text else calls)
            messages.append({"role": "assistant", "content": text})
        elif turn.role == "results":
            text = _OPEN + RESULT_SEPARATOR.join(turn.results) + _CLOSE
            messages.append({"role": "user", "content": text})
        else:
            messages.append({"role": turn.role, "content": turn.text})
    return {"messages": messages}


HERMES = Format(
    name="hermes",
    about="Hermes / Qwen text: tools, calls and results inside plain messages",
    keys=("messages",),
    read=read,
    write=write,
)
