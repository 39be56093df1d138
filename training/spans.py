"""What each character of an assistant's turn is part of, and where it decides.

Calls are found as `turns.read_turn` finds them, and only inside a turn: the tools' own prompt, a
user's words and a tool's result may all hold the same tags.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from callwright.training.json_spans import parts
from callwright.training.sample import TokenClass
from callwright.training.turns import BLOCK, THOUGHT

CLASSES: tuple[TokenClass, ...] = get_args(TokenClass)
DECISION: TokenClass = "decision"
_TEXT, _DECISION, _CALL, _NAME, _KEY, _VALUE, _FROM_RESULT = range(len(CLASSES))


@dataclass(frozen=True, slots=True)
class Spans:
    """A turn's characters."""

    classes: bytearray
    """Of each character, an index into `CLASSES`; never that of `decision`."""
    decisions: tuple[int, ...]
    """Characters whose first token decides."""


def spans_of(text: str, end: int, fed: Sequence[frozenset[str]]) -> Spans:
    """Take a turn apart.

    Args:
        text: the turn, its end-of-turn token included.
        end: where that token begins.
        fed: of each call in `text`, the pointers of arguments that come from earlier results.

    Returns:
        Spans. These decide: the first character after a thought, the tag of a call, what follows
        a call (the end, or what leads to one more call), and the end of the turn.
    """
    classes = bytearray(len(text))  # all of it words, to begin with
    thought = THOUGHT.match(text, 0, end)
    start = thought.end() if thought else 0
    while thought and start < end and text[start].isspace():
        start += 1
    decisions = [start]
    after = start
    for number, block in enumerate(BLOCK.finditer(text, start, end)):
        words = text[after : block.start()]
        # The space between words and a call, or two calls, is there for the call.
        before = after + len(words.rstrip())
        _paint(classes, before, block.end(), _CALL)
        if before > after or number == 0:
            decisions.append(block.start())
        _arguments(classes, text, block.start(1), block.end(1), fed[number])
        after = block.end()
        decisions.append(after)
    if after > start:
        _paint(classes, end, len(text), _CALL)
    decisions.append(end)
    return Spans(classes, tuple(dict.fromkeys(decisions)))


def _arguments(classes: bytearray, text: str, start: int, end: int, fed: frozenset[str]) -> None:
    for part in parts(text, start, end):
        root, _, pointer = part.pointer[1:].partition("/")
        if root == "name" and not part.is_key:
            _paint(classes, part.start, part.end, _NAME)
        elif root == "arguments" and pointer:
            value = _FROM_RESULT if f"/{pointer}" in fed else _VALUE
            _paint(classes, part.start, part.end, _KEY if part.is_key else value)


def _paint(classes: bytearray, start: int, end: int, kind: int) -> None:
    classes[start:end] = bytes([kind]) * (end - start)
