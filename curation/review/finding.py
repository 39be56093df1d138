"""Where a value stands in a text, in any surface form; and which day a text says it is.

What is found here is only proposed: the grounding gate proves it like any other source.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from callwright.schemas import surface
from callwright.schemas.grounding import NEEDS_TODAY

LONGEST = 12
"""Words, or Chinese characters, of the longest span that is looked at."""

_TOKEN = re.compile(
    r"[0-9]+(?:[.,:][0-9]+)*"  # 1,200.50 is one number: the 200 in it is none
    r"|[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
    r"|[^\w\s]"
)
_NUMBERS = ("number.digits", "number.grouped", "number.words", "percent", "term")
_DATES = ("date.iso", "date.long", "date.short", "date.relative")
_TIMES = ("time.h24", "time.h12", "time.words")
_DATETIMES = ("datetime.iso", "datetime.long", "datetime.relative")
_WORDS = ("term", "phone", "spaced")
_SHAPES = (
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), _DATES),
    (re.compile(r"[0-9]{4}-[0-9]{2}"), ("month.long",)),
    (re.compile(r"[0-9]{2}:[0-9]{2}"), _TIMES),
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}"), _DATETIMES),
)


class Found(NamedTuple):
    """A span of a text, in code points, and the form in which it is written."""

    start: int
    end: int
    form: str


def saying(
    text: str,
    value: Any,
    *,
    kind: str | None,
    language: str,
    today: datetime.date | None = None,
) -> list[Found]:
    """Spans of `text` that say `value`: as it is first, then in other words, longest first."""
    found: list[Found] = []
    if isinstance(value, str):
        found += _standing(text, value)
    forms = [form for form in _forms(value) if today is not None or form not in NEEDS_TODAY]
    others: list[Found] = []
    for start, end in _spans(text) if forms else ():
        for form in forms:
            part = text[start:end]
            if surface.matches(value, part, form, kind=kind, language=language, today=today):
                others.append(Found(start, end, form))
                break
    others.sort(key=lambda one: (one.start - one.end, one.start))
    return [*found, *others]


def today_in(text: str, language: str) -> tuple[Found, datetime.date] | None:
    """The day that a system message says it is: the one written out longest."""
    best: tuple[Found, datetime.date] | None = None
    for start, end in _spans(text):
        for form in ("date.long", "date.iso"):
            days = surface.parse(text[start:end], form, language=language)
            if len(days) == 1 and (best is None or end - start > best[0].end - best[0].start):
                best = Found(start, end, form), datetime.date.fromisoformat(days[0])
    return best


def _forms(value: Any) -> tuple[str, ...]:
    """The forms in which such a value may be written, beside as it is."""
    if isinstance(value, bool):
        return ()
    if isinstance(value, int | float):
        return _NUMBERS
    if not isinstance(value, str) or not value:
        return ()
    return next((forms for shape, forms in _SHAPES if shape.fullmatch(value)), _WORDS)


def _standing(text: str, value: str) -> Iterator[Found]:
    """The value itself, as whole words; then in other capitals."""
    if not value.strip():
        return
    edge = r"(?<![^\W\u3040-\u30ff\u3400-\u9fff])" if value[0].isalnum() else ""
    close = r"(?![^\W\u3040-\u30ff\u3400-\u9fff])" if value[-1].isalnum() else ""
    for flags, form in ((0, "verbatim"), (re.IGNORECASE, "case")):
        for match in re.finditer(edge + re.escape(value) + close, text, flags):
            yield Found(match.start(), match.end(), form)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    for first, (start, _) in enumerate(tokens):
        for _, end in tokens[first : first + LONGEST]:
            yield start, end
