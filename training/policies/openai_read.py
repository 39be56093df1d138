"""An endpoint's answer, read as a turn."""

from __future__ import annotations

from typing import Any

import orjson

from callwright.schemas.canonical import dumps
from callwright.schemas.record import Function
from callwright.training.policies.base import Reply
from callwright.training.turns import Turn, function, read_turn

_SHOWN = 120  # characters of what cannot be read that are quoted


def read_answer(body: bytes, seconds: float) -> Reply:
    """Read the body of a chat completion. Never raises: what is none is a `failure`."""
    try:
        answer: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        answer = None
    match answer:
        case {"choices": [{"message": dict(message)}, *_]}:
            usage = answer.get("usage")
            counts = usage if isinstance(usage, dict) else {}
            return Reply(
                read_message(message),
                _count(counts.get("prompt_tokens")),
                _count(counts.get("completion_tokens")),
                seconds,
            )
    told = body.decode(errors="replace")
    return Reply(seconds=seconds, failure=f"endpoint: an answer that is no chat completion: {told}")


def read_message(message: dict[str, Any]) -> Turn:
    """The turn in an assistant message: its native calls, or those in its text."""
    content = message.get("content")
    text = content if isinstance(content, str) else ""
    # vLLM and SGLang say `reasoning_content`, later vLLM and OpenRouter `reasoning`.
    thought = message.get("reasoning_content") or message.get("reasoning")
    reasoning = thought if isinstance(thought, str) else None
    native = message.get("tool_calls")
    if not native:
        read = read_turn(text)
        return Turn(read.content, read.calls, reasoning or read.reasoning, read.fault, text)
    raw = dumps({"content": text, "tool_calls": native})
    try:
        calls = tuple(map(_call, native if isinstance(native, list) else [native]))
        return Turn(text.strip(), calls, reasoning, None, raw)
    except ValueError as fault:
        return Turn(reasoning=reasoning, fault=str(fault), raw=raw)


def _call(native: object) -> Function:
    """A native call; its arguments are JSON text, with some servers the object itself.

    Raises:
        ValueError: it is no call.
    """
    match native:
        case {"function": {"name": name, "arguments": str(text)}}:
            try:
                # An empty text is how some servers write no arguments.
                return function({"name": name, "arguments": orjson.loads(text.strip() or "{}")})
            except orjson.JSONDecodeError as error:
                raise ValueError(
                    f"no JSON in the arguments of {name} ({error}): {text[:_SHOWN]}"
                ) from None
        case {"function": {"name": name, "arguments": dict(arguments)}}:
            return function({"name": name, "arguments": arguments})
        case {"function": {"name": name, **others}} if others.get("arguments") is None:
            return function({"name": name})
        case _:
            raise ValueError("a tool call without a function and its arguments")


def _count(value: object) -> int | None:
    return value if isinstance(value, int) else None
