"""What a model says in one turn, as text and as calls.

The text form is the one that Qwen2.5 and Qwen3 are served with (called Hermes after the model
that brought it): each call is a JSON object between `<tool_call>` and `</tool_call>`. A turn is
read strictly, since what cannot be read cannot be run: a fault anywhere in a call makes the turn
malformed, and the fault is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from callwright.schemas.record import Function

BLOCK = re.compile(r"<tool_call>(.*?)(</tool_call>|\Z)", re.DOTALL)
"""A call; its JSON is group 1."""
THOUGHT = re.compile(r"\A\s*(?:<think>)?(.*?)</think>", re.DOTALL)
"""What a turn opens with where the model thinks aloud."""
_SHOWN = 120  # characters of a faulty call that a fault quotes


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a model."""

    content: str = ""
    """What it says beside its calls and its reasoning."""
    calls: tuple[Function, ...] = ()
    reasoning: str | None = None
    fault: str | None = None
    """Why a call in it cannot be read. A faulty turn has no calls."""
    raw: str = ""
    """The turn exactly as it came."""


def read_turn(text: str) -> Turn:
    """Read a turn in its text form. Never raises: what cannot be read is a `fault`."""
    reasoning, rest = None, text
    thought = THOUGHT.match(text)
    if thought:
        reasoning, rest = thought[1].strip(), text[thought.end() :]
    calls: list[Function] = []
    for block in BLOCK.finditer(rest):
        try:
            if not block[2]:
                raise ValueError("a <tool_call> that is not closed")
            calls.append(_call(block[1]))
        except ValueError as fault:
            return Turn(reasoning=reasoning, fault=str(fault), raw=text)
    content = BLOCK.sub("", rest).strip()
    if "</tool_call>" in content:
        return Turn(reasoning=reasoning, fault="a </tool_call> that closes nothing", raw=text)
    return Turn(content, tuple(calls), reasoning, None, text)


def _call(text: str) -> Function:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"no JSON in a call ({error}): {text.strip()[:_SHOWN]}") from None
    return function(value)


def function(value: object) -> Function:
    """The call that a JSON object `{"name": …, "arguments": {…}}` stands for.

    Raises:
        ValueError: it is no such object.
    """
    match value:
        case {"name": str(name), "arguments": dict(arguments)}:
            return Function(name=name, arguments=arguments)
        case {"name": str(name), **others} if "arguments" not in others:
            return Function(name=name, arguments={})  # how some write a call without any
        case {"name": str(name)}:
            raise ValueError(f"the arguments of {name} are no object")
        case _:
            raise ValueError("a call is an object with a name and arguments")


def write_turn(content: str, calls: Sequence[Function]) -> str:
    """A turn in its text form, as Qwen's chat templates write one."""
    blocks = [
        "<tool_call>\n"
        + orjson.dumps({"name": call.name, "arguments": call.arguments}).decode()
        + "\n</tool_call>"
        for call in calls
    ]
    return "\n".join(([content] if content else []) + blocks)
