"""How people write values: a closed list of forms, each with a parser back to the value.

The renderer (`callwright.generators.wording.surface`) is written apart from these parsers and
shares nothing with them but the tables in `terms/`, so that a value found by a parser is
evidence and not an echo. Values are JSON: dates "2026-05-03", times "18:30", dates with times
"2026-05-03T18:30". The list stands in `docs/surface-forms.md` too.
"""

from __future__ import annotations

import datetime
from typing import Any

from callwright.schemas.surface import codes, dates, numbers, terms, times
from callwright.schemas.surface.residue import residue
from callwright.schemas.surface.scan import mentions

__all__ = ["FORMS", "matches", "mentions", "parse", "residue", "same"]

FORMS: dict[str, str] = {
    "verbatim": "A string as it is.",
    "case": "A string in other capitals: LISBON for Lisbon.",
    "term": "A name from the table of terms for the kind: 巴黎 for Paris, euros for EUR.",
    "number.digits": "Digits, plain or grouped: 1200, 1,200, 1200.5, -3.",
    "number.grouped": "Digits with a comma between every three: 1,200.",
    "number.words": "Words: two hundred and five (to 999,999); 三千五百, 一万二 (to 99,999,999).",
    "percent": "A number of percent: 15%, 15 percent, 百分之十五 for 15.",
    "date.iso": "2026-05-03.",
    "date.long": "3 May 2026, May 3rd, 2026, Sunday, 3 May 2026; 2026年5月3日.",
    "date.short": "3 May, May 3rd; 5月3日: the next such day, today included. Needs today.",
    "date.relative": "tomorrow, next Friday, in two weeks; 后天, 下周五, 三天前. Needs today.",
    "month.long": "A month: May 2027; 2027年5月.",
    "time.h24": "18:30, 9:05; 18点30分 where the hour is 0 or above 12.",
    "time.h12": "6 pm, 6:30 p.m.; 下午6点, 下午六点半, 晚上8点.",
    "time.words": "half past six, quarter to nine, noon, six o'clock; 六点半, 中午十二点.",
    "datetime.iso": "2026-05-03T18:30 or 2026-05-03 18:30.",
    "datetime.long": "3 May 2026 at 18:30; 2026年5月3日18:30: date.long with an h24 or h12 time.",
    "datetime.relative": "tomorrow at 6 pm, 3 May at 18:30; 明天下午6点. Needs today.",
    "phone": "An E.164 number in groups: +44 20 7946 0018.",
    "spaced": "An identifier with spaces or hyphens: GB82 WEST 1234, 978-3-16-148410-0.",
}
"""Name -> what it covers. A form that is not in this list does not exist."""

_LONGEST = 200
"""Longest text that any form but `verbatim` and `case` reads, in characters."""

# Full-width letters, digits and marks, and the ideographic space, count as the plain ones.
_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def parse(
    text: str,
    form: str,
    *,
    kind: str | None = None,
    language: str,
    today: datetime.date | None = None,
) -> list[Any]:
    """All canonical values that `text` may stand for in `form`.

    Args:
        text: the words, nothing before or after them.
        form: a name in `FORMS`.
        kind: kind of the value; only `term` asks for it.
        language: `en` or `zh`.
        today: the day on which it was said; `date.short`, `date.relative` and
            `datetime.relative` give nothing without it.

    Returns:
        Values, none when the text is not in that form, several when it is ambiguous. For `case`
        only the usual capitalisations: ask `matches` instead.

    Raises:
        KeyError: `form` is not in `FORMS`. Never for what `text` holds.
    """
    if form not in FORMS:
        raise KeyError(f"surface form {form!r}: known are {', '.join(FORMS)}")
    if form == "verbatim":
        return [text]
    if form == "case":
        return list(dict.fromkeys((text, text.lower(), text.upper(), text.title())))
    if not text or len(text) > _LONGEST:
        return []
    if form == "term":
        return terms.parse(text, kind, language)
    if not text.isascii():
        text = text.translate(_WIDTHS)
    if form.startswith("number."):
        if form == "number.words":
            return list(numbers.parse_words(text, language))
        reader = numbers.parse_grouped if form == "number.grouped" else numbers.parse_digits
        return list(reader(text))
    if form.startswith("date."):
        return [day.isoformat() for day in _dates(text, form, language, today)]
    return _others(text, form, language, today)


def _dates(text: str, form: str, language: str, today: datetime.date | None) -> list[datetime.date]:
    if form == "date.iso":
        return dates.parse_iso(text)
    if form == "date.long":
        return dates.parse_long(text, language)
    if form == "date.short":
        return dates.parse_short(text, language, today)
    return dates.parse_relative(text, language, today)


def _others(text: str, form: str, language: str, today: datetime.date | None) -> list[Any]:
    found: list[Any] = []
    if form == "percent":
        found += numbers.parse_percent(text, language)
    elif form == "month.long":
        found += dates.parse_month(text, language)
    elif form == "time.h24":
        found += times.parse_h24(text, language)
    elif form == "time.h12":
        found += times.parse_h12(text, language)
    elif form == "time.words":
        found += times.parse_words(text, language)
    elif form == "datetime.iso":
        found += times.parse_datetime_iso(text)
    elif form == "datetime.long":
        found += times.parse_datetime_long(text, language)
    elif form == "datetime.relative":
        found += times.parse_datetime_relative(text, language, today)
    elif form == "phone":
        found += codes.parse_phone(text)
    else:
        found += codes.parse_spaced(text)
    return found


def matches(
    value: Any,
    text: str,
    form: str,
    *,
    kind: str | None = None,
    language: str,
    today: datetime.date | None = None,
) -> bool:
    """Whether `text`, read in `form`, may stand for `value`. Arguments as for `parse`."""
    if isinstance(value, str):
        if form == "verbatim":
            return value == text
        if form in ("case", "term") and value.casefold() == text.casefold():
            return True
    return any(
        same(value, other) for other in parse(text, form, kind=kind, language=language, today=today)
    )


def same(one: Any, other: Any) -> bool:
    """Equal as JSON: numbers by value (3 is 3.0), but no number is a string or a boolean."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (int, float)):
        return isinstance(other, (int, float)) and one == other
    if isinstance(one, list):
        return (
            isinstance(other, list)
            and len(one) == len(other)
            and all(same(a, b) for a, b in zip(one, other, strict=True))
        )
    if isinstance(one, dict):
        return (
            isinstance(other, dict)
            and one.keys() == other.keys()
            and all(same(one[key], other[key]) for key in one)
        )
    return type(one) is type(other) and bool(one == other)
