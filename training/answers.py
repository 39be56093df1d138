"""Is what a model says an answer at all?

A turn without calls is right where no call is due, so anything that fails to be a call would
pass for a refusal, as it does in BFCL. An answer therefore has to be words of the model's own.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from callwright.training.turns import Turn

_MARKUP = re.compile(
    r"<\|\w*|</?(?:tool_call|tool_response|tools?|function_call|function|invoke)\b"
)
_OBJECT = re.compile(r"\W*\{\s*[\"'](?:name|function|tool|tool_calls|action|arguments)[\"']\s*:")
_CALLED = re.compile(r"(?m)^[\s`\[(]*(?:python\s+)?([A-Za-z_][\w.]*)\s*\(")
_ROLES = re.compile(r"\b(?:system|user|assistant|tool)\b")
_QUOTE = 20  # characters: a shorter text may stand in a request by chance


def is_answer(turn: Turn, before: Iterable[tuple[str, str | None]], tools: Container[str]) -> bool:
    """Is the turn an answer or a question in words: readable, no call, no call in disguise?

    Args:
        before: (role, content) of the messages before it; to say them again is no answer.
        tools: names of the offered tools.
    """
    if turn.fault is not None or turn.calls:
        return False
    text = turn.content
    return _has_words(text) and not _is_disguised_call(text, tools) and not _is_echo(text, before)


def _has_words(text: str) -> bool:
    return any(c.isalpha() or c.isdigit() for c in text)


def _is_disguised_call(text: str, tools: Container[str]) -> bool:
    """A call in another form than the one agreed on: its markup, bare JSON, or code."""
    if "<" in text and _MARKUP.search(text):
        return True
    if "{" in text and _OBJECT.match(text.removeprefix("```json").lstrip()):
        return True
    return "(" in text and any(name[1] in tools for name in _CALLED.finditer(text))


def _is_echo(text: str, before: Iterable[tuple[str, str | None]]) -> bool:
    rest = text.strip()
    for role, content in before:
        words = (content or "").strip()
        if len(rest) >= _QUOTE and rest in words:
            return True
        # A short result, 42, may be all there is to answer.
        if len(rest) < len(words) or not words:
            continue
        if len(words) >= _QUOTE or role in ("system", "user"):
            rest = rest.replace(words, " ")
    return not _has_words(_ROLES.sub("", rest))
