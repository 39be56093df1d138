"""Samples to look at: each token in the colour of what it is part of, grey where none is trained.

Tokens may hold anybody's text. None of it acts on a terminal or a page, and none of it stays
invisible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, NamedTuple

from rich.text import Text

from callwright.schemas.page import document
from callwright.schemas.visible import visible
from callwright.training.sample import Sample, TokenClass
from callwright.training.spans import CLASSES

_COLOURS: dict[TokenClass, tuple[str, str, str]] = {
    "assistant_text": ("#1a7f37", "#63c27a", "green"),
    "decision": ("#b3261e", "#ff8a80", "bright_red"),
    "call": ("#0b5cad", "#7db7f5", "blue"),
    "name": ("#8a1c7c", "#f08fe0", "bright_magenta"),
    "argument_key": ("#00696f", "#5fd0d6", "cyan"),
    "argument_value": ("#7a3e00", "#e8b07a", "yellow"),
    "argument_from_result": ("#6a35a8", "#c6a4f2", "magenta"),
}
"""On a page by day and by night, and on a terminal."""

_CSS = (
    "main{max-width:60rem}"
    ".tokens{white-space:pre-wrap;font:13px/1.8 ui-monospace,Menlo,Consolas,monospace}"
    ".tokens span{unicode-bidi:isolate;border-bottom:2px solid;margin-right:1px}"
    ".tokens .none{color:var(--dim);border-color:var(--edge)}"
    + "".join(f".c-{name}{{color:{day}}}" for name, (day, _, _) in _COLOURS.items())
    + "@media(prefers-color-scheme:dark){"
    + "".join(f".c-{name}{{color:{night}}}" for name, (_, night, _) in _COLOURS.items())
    + "}"
)
_MOST_TOKENS = 8  # of one character: no character is more bytes, once joined


class Piece(NamedTuple):
    """A token as it is shown. Tokens that make one character together are one piece."""

    text: str
    kind: TokenClass | None
    weight: float


def pieces(tokenizer: Any, sample: Sample) -> Iterator[Piece]:
    """The tokens of a sample, with what is invisible in them spelled out."""
    held: list[int] = []
    first = 0
    for place, token in enumerate(sample.ids):
        if not held:
            first = place
        held.append(token)
        text = tokenizer.decode(held, clean_up_tokenization_spaces=False)
        # A lone part of a character decodes to U+FFFD.
        if "\ufffd" in text and len(held) < _MOST_TOKENS and place + 1 < len(sample.ids):
            continue
        yield Piece(_shown(text), sample.classes[first], sample.weights[first])
        held = []


def terminal(tokenizer: Any, sample: Sample) -> Text:
    """A sample for a terminal, its legend first. What has weight 0 is grey."""
    made = Text(no_wrap=False, overflow="fold")
    made.append(f"{_head(sample)}\n", "bold")
    for kind, weight, count in _legend(sample):
        made.append(f"{kind} {weight:g} ({count:,})  ", _style(kind, weight))
    made.append("\n\n")
    for piece in pieces(tokenizer, sample):
        made.append(piece.text, _style(piece.kind, piece.weight))
    return made


def page(tokenizer: Any, samples: Sequence[Sample]) -> str:
    """Samples as a document of its own, which loads nothing and runs nothing."""
    sections = [(_head(sample), _section(tokenizer, sample)) for sample in samples]
    lead = "Grey is not trained. A token's title says what it is part of and what it weighs."
    return document("What is trained", "What is trained", lead, sections, _CSS)


def _section(tokenizer: Any, sample: Sample) -> str:
    legend = " · ".join(
        f'<span class="{_class(kind, weight)}">{kind} {weight:g}</span> ({count:,})'
        for kind, weight, count in _legend(sample)
    )
    tokens = "".join(
        f'<span class="{_class(piece.kind, piece.weight)}" title="{_title(piece)}">'
        f"{escape(piece.text)}</span>"
        for piece in pieces(tokenizer, sample)
    )
    return f'<p>{legend}</p><div class="tokens">{tokens}</div>'


def _head(sample: Sample) -> str:
    trained = sum(1 for weight in sample.weights if weight)
    told = f"row {visible(sample.row)}: {len(sample.ids):,} tokens, {trained:,} trained"
    return told + (f", earlier rounds left out: {sample.dropped}" if sample.dropped else "")


def _legend(sample: Sample) -> list[tuple[TokenClass, float, int]]:
    """(Class, weight, tokens) of the classes of a sample."""
    weight_of = dict(zip(sample.classes, sample.weights, strict=True))
    return [(c, weight_of[c], sample.classes.count(c)) for c in CLASSES if c in weight_of]


def _shown(text: str) -> str:
    return visible(text).replace("\n", "⏎\n")


def _style(kind: TokenClass | None, weight: float) -> str:
    return f"bold {_COLOURS[kind][2]}" if kind and weight else "bright_black"


def _class(kind: TokenClass | None, weight: float) -> str:
    return f"c-{kind}" if kind and weight else "none"


def _title(piece: Piece) -> str:
    return f"{piece.kind} {piece.weight:g}" if piece.kind else "not trained"
