"""Text that remembers where its literals stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from callwright.generators.planning import Node


@dataclass(frozen=True)
class Mark:
    """A literal in a text: what it stands for and in which surface form it is written."""

    node: Node
    name: str
    """Argument, or in an answer the JSON pointer of the result's field."""
    form: str
    value: Any
    kind: str | None
    test: tuple[str, int] | None = None
    """(list path, index of the test) when it is the value of a selection's test."""


@dataclass(frozen=True)
class Span:
    text: str
    mark: Mark | None = None


Text = list[Span]

# Forms whose parsers ignore capitals, so that a sentence may begin with them.
_CASELESS = ("date.", "time.", "datetime.", "number.words", "term", "case")
_WORDS = re.compile(r"[a-z]+(?:[ -][a-z]+)*")  # a substance, say; no e-mail address or file name


def capitalised(spans: Text) -> Text:
    """The same text as the beginning of a sentence."""
    for i, span in enumerate(spans):
        if not span.text:
            continue
        mark = span.mark
        if mark is not None and mark.form == "verbatim" and _WORDS.fullmatch(span.text):
            mark = replace(mark, form="case")
        if mark is None or mark.form.startswith(_CASELESS):
            first = Span(span.text[0].upper() + span.text[1:], mark)
            return [*spans[:i], first, *spans[i + 1 :]]
        return spans
    return spans


def lowered(spans: Text) -> Text:
    """The same text in the middle of a sentence: "Which …" becomes "which …", "I" stays."""
    if not spans or spans[0].mark is not None:
        return spans
    head = spans[0].text
    if re.match(r"(I\b|I'|[A-Z]{2})", head):
        return spans
    return [Span(head[:1].lower() + head[1:]), *spans[1:]]


def joined(parts: Iterable[Text], separator: str) -> Text:
    out: Text = []
    for part in parts:
        if out:
            out.append(Span(separator))
        out.extend(part)
    return out


def listed(parts: list[Text], comma: str, last: str) -> Text:
    """A, B and C."""
    if len(parts) == 1:
        return parts[0]
    return [*joined(parts[:-1], comma), Span(last), *parts[-1]]


def flat(spans: Text) -> str:
    return "".join(span.text for span in spans)


def positions(spans: Text, offset: int = 0) -> Iterator[tuple[Mark, int, int]]:
    """Each mark with the code points it covers, `offset` being where the text begins."""
    at = offset
    for span in spans:
        if span.mark is not None:
            yield span.mark, at, at + len(span.text)
        at += len(span.text)
