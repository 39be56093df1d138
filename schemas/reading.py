"""A row's calls as they were really made, read off its messages and nothing else.

Every gate starts here: `plan`, `sources` and `claims` are claims about these calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from callwright.schemas.errors import FAILURE_KINDS
from callwright.schemas.record import Conversation, Gate, Message


class Unreadable(ValueError):
    """The messages do not tell which call gave which result. The message says where."""


@dataclass(frozen=True, slots=True)
class Made:
    """One call with the result it gave."""

    index: int
    """Position among the row's calls, from 0."""
    turn: int
    """Index of the assistant message that makes it."""
    id: str
    name: str
    arguments: dict[str, Any]
    content: str
    """The tool message, as it stands."""
    value: Any
    """`content`, parsed."""

    @property
    def failed(self) -> bool:
        """Whether the result is an error rather than what `returns` describes."""
        return isinstance(self.value, dict) and self.value.keys() == {"error"}


def calls_of(row: Conversation) -> list[Made]:
    """The row's calls in the order in which they are made.

    Raises:
        Unreadable: the order of the messages is broken, a call has no result or a result no
            call, an id is used twice, or a result is no JSON.
    """
    messages = row.messages
    made: list[Made] = []
    seen: set[str] = set()
    at = 1 if messages and messages[0].role == "system" else 0
    expected = "user"
    while at < len(messages):
        message = messages[at]
        _no_strangers(message, at)
        if message.role == "user":
            if expected != "user":
                raise Unreadable(f"message {at}: a user message where the assistant's turn is")
            expected, at = "assistant", at + 1
            continue
        if message.role != "assistant" or expected != "assistant":
            raise Unreadable(f"message {at}: role {message.role!r}, expected {expected!r}")
        if not message.tool_calls:
            expected, at = "user", at + 1
            continue
        for offset, call in enumerate(message.tool_calls, 1):
            if call.id in seen:
                raise Unreadable(f"message {at}: the call id {call.id!r} is used twice")
            seen.add(call.id)
            answer = messages[at + offset] if at + offset < len(messages) else None
            if answer is None or answer.role != "tool" or answer.tool_call_id != call.id:
                raise Unreadable(f"message {at + offset}: expected the result of {call.id}")
            _no_strangers(answer, at + offset)
            content = answer.content or ""
            made.append(
                Made(
                    index=len(made),
                    turn=at,
                    id=call.id,
                    name=call.function.name,
                    arguments=call.function.arguments,
                    content=content,
                    value=_json(content, call.id),
                )
            )
        at += 1 + len(message.tool_calls)
    if expected != "user" or len(messages) < 2:
        raise Unreadable(f"message {len(messages)}: the row ends without the assistant's answer")
    return made


def _no_strangers(message: Message, at: int) -> None:
    """Fields that belong to another role."""
    if message.tool_calls is not None and (message.role != "assistant" or not message.tool_calls):
        raise Unreadable(f"message {at}: {message.role} has an odd `tool_calls`")
    if message.tool_call_id is not None and message.role != "tool":
        raise Unreadable(f"message {at}: {message.role} has a `tool_call_id`")
    if message.content is None and not (message.role == "assistant" and message.tool_calls):
        raise Unreadable(f"message {at}: {message.role} without content")


def _json(content: str, call: str) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"the result of {call} is not JSON: {error}") from None


def error_fault(value: Any) -> str | None:
    """What is wrong with an error result, or None. The machine's own failures are never data."""
    error = value["error"]
    if not isinstance(error, dict) or error.keys() - {"suggestions"} != {"kind", "message"}:
        return 'an error must read {"error": {"kind": …, "message": …[, "suggestions": …]}}'
    if not isinstance(error.get("suggestions", []), list):
        return "an error's suggestions are no list"
    if error["kind"] not in FAILURE_KINDS or not isinstance(error["message"], str):
        return f"unknown kind of failure {error['kind']!r}"
    if error["kind"] in ("timeout", "memory", "crashed"):
        return f"a {error['kind']} is the machine's making and may not stand in a row"
    return None


PASS = Gate(outcome="pass")
NOT_APPLICABLE = Gate(outcome="not_applicable")


def fail(detail: str) -> Gate:
    """A failed gate; long values are cut so that a detail stays one line."""
    line = " ".join(detail.split())
    return Gate(outcome="fail", detail=line if len(line) <= 300 else line[:299] + "…")


def identical(one: Any, other: Any) -> bool:
    """Equal in type and value, all the way down: 3 is not 3.0, True is not 1."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(identical(v, other[k]) for k, v in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(identical, one, other))
    return bool(one == other)


def text_of(value: Any) -> bytes:
    """JSON text with sorted keys; empty for what is no JSON, which equals nothing real."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # a lone surrogate, an integer beyond 64 bits
        return b""
