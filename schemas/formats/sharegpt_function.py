"""ShareGPT with the roles human, assistant and function.

`{"conversations": [{"from", "value"}], "system", "tools"}`. Each result is a `function` turn of
its own, kept as the tool gave it; an assistant's turn that is `{"name", "arguments"}`, or a list
of such, makes calls. `tools` is the JSON text of the complete definitions.
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
from callwright.schemas.formats.sharegpt import calls_text
from callwright.schemas.formats.turns import apart, json_text, no_text_beside
from callwright.schemas.record import Conversation


def read(row: Raw, second: Second) -> Draft:
    del second
    drafting = Drafting(row.get("tools"), flat=True)
    if row.get("system"):
        drafting.say("system", want_text(row["system"], "system"))
    for index, item in enumerate(want_list(row["conversations"], "conversations")):
        where = f"conversations/{index}"
        turn = want_object(item, where)
        role = turn.get("from")
        value = want_text(turn.get("value"), f"{where}/value")
        if role == "function":
            drafting.result(value, where)
            continue
        drafting.close()
        if role == "human":
            drafting.say("user", value)
        elif role == "system" and index == 0:
            drafting.say("system", value)
        elif role == "assistant":
            calls = _calls(value)
            if calls:
                drafting.call(calls, where)
            else:
                drafting.say("assistant", value)
        else:
            raise RowRefused("unknown_role", f"{where}: {str(role)[:80]!r}")
    drafting.close()
    return drafting.draft


def _calls(value: str) -> list[Any]:
    """The calls that an assistant's turn makes; none where it is text."""
    if not value.lstrip().startswith(("{", "[")):
        return []
    try:
        decoded = decode_inner(value, "text", "value")
    except RowRefused as refused:
        if refused.reason == "text":
            return []
        raise
    specs = decoded if isinstance(decoded, list) else [decoded]
    right = all(isinstance(s, dict) and s.keys() == {"name", "arguments"} for s in specs)
    return specs if right else []


def write(row: Conversation) -> Raw:
    system, turns = apart(row)
    conversations: list[dict[str, str]] = []
    for turn in turns:
        if turn.role == "results":
            conversations += [{"from": "function", "value": result} for result in turn.results]
        elif turn.role == "calls":
            no_text_beside(turn)
            conversations.append({"from": "assistant", "value": calls_text(turn)})
        else:
            role = "human" if turn.role == "user" else "assistant"
            conversations.append({"from": role, "value": turn.text})
    return {"conversations": conversations, "system": system or "", "tools": json_text(row.tools)}


SHAREGPT_FUNCTION = Format(
    name="sharegpt_function",
    about="ShareGPT with the roles human, assistant and function",
    keys=("conversations",),
    read=read,
    write=write,
)
