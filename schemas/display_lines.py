"""Lines of styled text: what a terminal and a page print alike."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal, NamedTuple

from callwright.schemas.pointers import escape
from callwright.schemas.visible import visible

Style = Literal[
    "plain",
    "dim",
    "name",  # of a tool, a parameter, a field
    "value",  # JSON
    "source",  # where an argument comes from
    "said",  # words of the conversation that an argument comes from
    "fed",  # a result's value that a later argument is
    "claim",  # what the answer states from a result
    "good",
    "bad",
]
BlockKind = Literal[
    "head",
    "plan",
    "tools",
    "system",
    "user",
    "reasoning",
    "assistant",
    "call",
    "result",
    "answer",
    "verdict",  # what is thought of what was said and done
]

WIDTH = 72
"""Columns of JSON on one line: with what it is indented by, they fit a terminal of 80."""


class Span(NamedTuple):
    text: str
    """Already `visible`, without a newline."""
    style: Style = "plain"


Line = list[Span]


@dataclass(frozen=True)
class Block:
    """A piece of a conversation with a heading: a message, a call, a result."""

    kind: BlockKind
    title: Line
    lines: list[Line] = field(default_factory=list)

    @property
    def long(self) -> bool:
        """Is it better folded, or cut, at first?"""
        return len(self.lines) > 16 or sum(len(s.text) for line in self.lines for s in line) > 1600


def span(text: str, style: Style = "plain") -> Span:
    """Foreign text as a span: made visible, its newlines too."""
    return Span(visible(text).replace("\n", "⟨LF⟩"), style)


def prose(text: str, marks: Iterable[tuple[int, int, Style]] = ()) -> list[Line]:
    """Running text as lines, its code points from `start` to `end` in a style of their own.

    Args:
        text: Foreign text.
        marks: (start, end, style); the later one wins, and what lies outside is ignored.
    """
    styles: list[Style] = ["plain"] * len(text)
    for start, end, style in marks:
        if 0 <= start < end <= len(text):
            styles[start:end] = [style] * (end - start)
    lines: list[Line] = [[]]
    for style, run in groupby(zip(text, styles, strict=True), key=lambda pair: pair[1]):
        first, *more = "".join(char for char, _ in run).split("\n")
        lines[-1].append(span(first, style))
        lines += [[span(piece, style)] for piece in more]
    return [[piece for piece in line if piece.text] for line in lines]


# --------------------------------------------------------------------------- JSON


class _Number(str):
    """A number as it was written: 1e16 stays 1e16."""

    __slots__ = ()


class _Pairs(list[tuple[str, Any]]):
    """An object as it was written: a key may stand twice."""


def compact(value: Any) -> str:
    """A JSON value on one line, not yet made visible."""
    return json.dumps(value, ensure_ascii=False)


def json_lines(text: str, styles: Mapping[str, Style]) -> list[Line]:
    """JSON text, indented where it is long; text that is no JSON stays as it is.

    Nothing is changed but white space and escapes: numbers and doubled keys stay as written.

    Args:
        text: Foreign text.
        styles: JSON pointer of a value -> its style.
    """
    try:
        value = json.loads(
            text,
            parse_float=_Number,
            parse_int=_Number,
            parse_constant=_Number,
            object_pairs_hook=_Pairs,
        )
        lines = _value(value, "", styles)
    except (ValueError, RecursionError):
        return prose(text)
    return [_merged(line) for line in lines]


def _value(value: Any, pointer: str, styles: Mapping[str, Style]) -> list[Line]:
    if isinstance(value, _Pairs) and value:
        items = [
            _after(
                [Span(visible(compact(key)), "name"), Span(": ", "dim")],
                _value(item, f"{pointer}/{escape(key)}", styles),
            )
            for key, item in value
        ]
        lines = _wrapped("{", items, "}")
    elif isinstance(value, list) and value:
        items = [_value(item, f"{pointer}/{i}", styles) for i, item in enumerate(value)]
        lines = _wrapped("[", items, "]")
    else:
        text = str(value) if isinstance(value, _Number) else compact(_plain(value))
        lines = [[span(text, styles.get(pointer, "value"))]]
    if pointer in styles and len(lines) == 1:  # a whole object or list is used
        lines = [[Span(piece.text, styles[pointer]) for piece in lines[0]]]
    return lines


def _plain(value: Any) -> Any:
    return {} if isinstance(value, _Pairs) else value


def _after(head: Line, lines: Sequence[Line]) -> list[Line]:
    return [head + lines[0], *lines[1:]]


def _wrapped(opening: str, items: Sequence[list[Line]], closing: str) -> list[Line]:
    """The items between brackets: on one line if they fit, else filling lines between the two."""
    if all(len(item) == 1 for item in items):
        length = sum(len(s.text) + 2 for item in items for s in item[0])
        if length <= WIDTH:
            line = [Span(opening, "dim"), *items[0][0]]
            for item in items[1:]:
                line += [Span(", ", "dim"), *item[0]]
            return [[*line, Span(closing, "dim")]]
    lines: list[Line] = [[Span(opening, "dim")]]
    room = 0  # columns left on the last line; an item of several lines leaves none
    for i, item in enumerate(items):
        comma = [Span(",", "dim")] if i < len(items) - 1 else []
        length = sum(len(s.text) for s in item[0]) + 2
        if len(item) == 1 and length <= room:
            lines[-1] += [Span(" "), *item[0], *comma]
            room -= length
        else:
            lines += [[Span("  "), *line] for line in item]
            lines[-1] += comma
            room = WIDTH - length if len(item) == 1 else 0
    return [*lines, [Span(closing, "dim")]]


def _merged(line: Line) -> Line:
    return [Span("".join(s.text for s in run), style) for style, run in _runs(line)]


def _runs(line: Line) -> Iterator[tuple[Style, list[Span]]]:
    for style, run in groupby(line, key=lambda piece: piece.style):
        yield style, list(run)


def plain_text(lines: Iterable[Line]) -> str:
    """The lines without their styles."""
    return "\n".join("".join(piece.text for piece in line) for line in lines)
