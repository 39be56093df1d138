"""Taking a conversation apart for formats that know turns, not messages.

A refusal names what stands in the way; the words are listed in docs/formats.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from callwright.schemas.formats.guard import RowRefused
from callwright.schemas.record import Conversation, Function, Message


@dataclass(slots=True)
class Turn:
    """What one side says before the other answers; `results` are those of one turn's calls."""

    role: Literal["user", "assistant", "calls", "results"]
    text: str = ""
    """Of a turn with calls: what is said beside them."""
    calls: list[Function] = field(default_factory=list)
    results: list[str] = field(default_factory=list)


def apart(row: Conversation) -> tuple[str | None, list[Turn]]:
    """The system message, if there is one, and the turns.

    Raises:
        RowRefused: system_inside, reasoning, empty_message, result_order.
    """
    messages = row.messages
    system = messages[0].content if messages and messages[0].role == "system" else None
    rest = messages[1:] if system is not None else messages
    return system, list(_turns(rest))


def _turns(messages: list[Message]) -> Iterator[Turn]:
    at = 0
    while at < len(messages):
        message, at = messages[at], at + 1
        if message.role == "system":
            raise RowRefused("system_inside", "a system message that is not the first message")
        if message.reasoning_content is not None:
            raise RowRefused("reasoning", "the format has no place for reasoning_content")
        if message.role == "tool":
            detail = f"the result of {message.tool_call_id} does not follow its call"
            raise RowRefused("result_order", detail)
        if not message.tool_calls:
            if message.content is None:
                raise RowRefused("empty_message", f"a {message.role} message without content")
            yield Turn("assistant" if message.role == "assistant" else "user", message.content)
            continue
        calls = [call.function for call in message.tool_calls]
        yield Turn("calls", message.content or "", calls)
        if at == len(messages):
            return  # a row may end on its last calls
        answers = messages[at : at + len(calls)]
        wanted = [call.id for call in message.tool_calls]
        if [answer.tool_call_id for answer in answers if answer.role == "tool"] != wanted:
            raise RowRefused("result_order", f"{wanted[0]}: results do not follow in calling order")
        yield Turn("results", results=[answer.content or "" for answer in answers])
        at += len(calls)


def no_text_beside(turn: Turn) -> None:
    """Refuse a turn that both speaks and calls.

    Raises:
        RowRefused: text_beside_calls.
    """
    if turn.text:
        detail = f"the format holds calls or text in one turn, not both: {turn.text[:80]!r}"
        raise RowRefused("text_beside_calls", detail)


def one_request(row: Conversation) -> tuple[str, list[Turn]]:
    """The request of a row in which a single one is made, and the turns of calls after it.

    Raises:
        RowRefused: system_message, several_requests, and what `apart` raises.
    """
    system, turns = apart(row)
    if system is not None:
        raise RowRefused("system_message", "the format has no system message")
    if [turn.role for turn in turns].count("user") != 1 or turns[0].role != "user":
        raise RowRefused("several_requests", "the format holds one user message, the first one")
    calls = [turn for turn in turns if turn.role == "calls"]
    for turn in calls:
        no_text_beside(turn)
    return turns[0].text, calls


def spec_of(call: Function) -> dict[str, Any]:
    """A call as `{"name", "arguments"}`."""
    return {"name": call.name, "arguments": call.arguments}


def json_text(value: Any) -> str:
    """JSON text with the spaces that chat templates write.

    Raises:
        RowRefused: not_json.
    """
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (ValueError, TypeError, RecursionError) as error:
        raise RowRefused("not_json", str(error)[:200]) from None
