"""ShareGPT as LLaMA-Factory reads it.

`{"conversations": [{"from", "value"}], "system", "tools"}`; `tools` is a JSON text (or a list) of
flat tools. `human` and `observation` stand at even places, `gpt` and `function_call` at odd
ones. A `function_call` holds one `{"name", "arguments"}` or, for parallel calls, a list of them;
their results come joined in one observation.
"""

from __future__ import annotations

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
from callwright.schemas.formats.turns import Turn, apart, json_text, no_text_beside, spec_of
from callwright.schemas.record import Conversation

_EVEN = ("human", "observation")
_ODD = ("gpt", "function_call")


# -------------------------------------------------------------------- reading


def read(row: Raw, second: Second) -> Draft:
    del second
    drafting = Drafting(row.get("tools"), flat=True)
    turns = want_list(row["conversations"], "conversations")
    if row.get("system"):
        drafting.say("system", want_text(row["system"], "system"))
    shift = 0
    for index, item in enumerate(turns):
        where = f"conversations/{index}"
        turn = want_object(item, where)
        role = turn.get("from")
        value = want_text(turn.get("value"), f"{where}/value")
        if role == "system" and index == 0:
            drafting.say("system", value)
            shift = 1
            continue
        _turn(drafting, role, value, where)
        if role not in ((_ODD, _EVEN)[(index - shift) % 2 == 0]):
            detail = f"{role} stands out of turn; LLaMA-Factory drops such a row"
            drafting.report(where, "role_order", detail)
    drafting.close()
    return drafting.draft


def _turn(drafting: Drafting, role: Any, value: str, where: str) -> None:
    if role == "observation":
        drafting.joined_results(value, where)
        drafting.close()
        return
    drafting.close()
    if role == "human":
        drafting.say("user", value)
    elif role == "gpt":
        drafting.say("assistant", value)
    elif role == "function_call":
        decoded = decode_inner(value, "undecodable_call", where)
        drafting.call(decoded if isinstance(decoded, list) else [decoded], where)
    else:
        raise RowRefused("unknown_role", f"{where}: {str(role)[:80]!r}")


# -------------------------------------------------------------------- writing


def write(row: Conversation) -> Raw:
    system, turns = apart(row)
    conversations = [{"from": _role(turn), "value": _value(turn)} for turn in turns]
    for index, turn in enumerate(conversations):
        if turn["from"] not in (_EVEN, _ODD)[index % 2]:
            detail = f"turn {index} is {turn['from']}; LLaMA-Factory would drop the row"
            raise RowRefused("role_order", detail)
    if len(conversations) % 2:
        raise RowRefused("ends_unanswered", "LLaMA-Factory would lose the last turn")
    tools = [tool["function"] for tool in row.tools]
    # All keys always: a column must have one type in every row.
    return {
        "conversations": conversations,
        "system": system or "",
        "tools": json_text(tools) if tools else "",
    }


def _role(turn: Turn) -> str:
    roles = {"user": "human", "assistant": "gpt", "calls": "function_call"}
    return roles.get(turn.role, "observation")


def _value(turn: Turn) -> str:
    if turn.role == "results":
        return RESULT_SEPARATOR.join(turn.results)
    if turn.role == "calls":
        no_text_beside(turn)
        return calls_text(turn)
    return turn.text


def calls_text(turn: Turn) -> str:
    """One call as an object, several as a list."""
    specs = [spec_of(call) for call in turn.calls]
    return json_text(specs[0] if len(specs) == 1 else specs)


SHAREGPT = Format(
    name="sharegpt",
    about="ShareGPT as LLaMA-Factory reads it",
    keys=("conversations",),
    read=read,
    write=write,
)
