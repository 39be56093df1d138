"""ms-swift's agent form: a message of role `tool_call` for each call, `tool_response` for results.

`content` of a `tool_call` is the JSON text of `{"name", "arguments"}`; consecutive ones are
parallel calls. `tools` is a JSON text, which no loader can pad with nulls; a list is read too.
Source: ms-swift's documentation, "Agent support".
"""

from __future__ import annotations

from typing import Any

from callwright.schemas.formats.drafting import Drafting
from callwright.schemas.formats.format import Draft, Format, Raw, Second
from callwright.schemas.formats.guard import (
    RowRefused,
    decode_inner,
    want_list,
    want_object,
    want_text,
)
from callwright.schemas.formats.turns import apart, json_text, no_text_beside, spec_of
from callwright.schemas.record import Conversation


def read(row: Raw, second: Second) -> Draft:
    del second
    drafting = Drafting(row.get("tools"))
    waiting: list[Any] = []  # calls of the turn that is being read
    for index, item in enumerate(want_list(row["messages"], "messages")):
        where = f"messages/{index}"
        message = want_object(item, where)
        role = message.get("role")
        content = want_text(message.get("content"), f"{where}/content")
        if role == "tool_call":
            if not waiting:
                drafting.close()
            waiting.append(decode_inner(content, "undecodable_call", where))
            continue
        if waiting:
            drafting.call(waiting, f"messages/{index - len(waiting)}")
            waiting = []
        if role in ("tool_response", "tool"):
            drafting.result(content, where)
        elif role in ("system", "user", "assistant"):
            drafting.close()
            drafting.say(role, content)
        else:
            raise RowRefused("unknown_role", f"{where}: {str(role)[:80]!r}")
    if waiting:
        drafting.call(waiting, "the last messages")
    drafting.close()
    return drafting.draft


def write(row: Conversation) -> Raw:
    system, turns = apart(row)
    messages = [] if system is None else [{"role": "system", "content": system}]
    for turn in turns:
        if turn.role == "calls":
            no_text_beside(turn)
            calls = (json_text(spec_of(call)) for call in turn.calls)
            messages += [{"role": "tool_call", "content": call} for call in calls]
        elif turn.role == "results":
            messages += [{"role": "tool_response", "content": result} for result in turn.results]
        else:
            messages.append({"role": turn.role, "content": turn.text})
    return {"messages": messages, "tools": json_text(row.tools)}


MS_SWIFT = Format(
    name="ms_swift",
    about="ms-swift's messages with tool_call and tool_response",
    keys=("messages",),
    read=read,
    write=write,
)
