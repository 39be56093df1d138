"""Writes values as people do. The forms are those of `callwright.schemas.surface.FORMS`.

Written apart from the parsers, which must be able to find fault with it; the two share the
tables of terms and nothing else. Everything follows from `rng`.
"""

from __future__ import annotations

import datetime
import random
import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from callwright.generators.wording import moments
from callwright.generators.wording.words import chinese, english
from callwright.schemas.surface import terms

Written = tuple[str, str]
"""(text, name of the surface form)"""

_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")

_LOCAL = ("date-time", "local-date-time")

_MIXED_IN = ("airport.", "currency.")
"""Kinds whose codes stand in Chinese text now and then: 100 USD, 从PVG到JFK."""

_WORDY = 12
"""Integers up to here are sometimes written in words."""


def render(
    value: Any,
    *,
    kind: str | None,
    schema: dict[str, Any],
    language: str,
    rng: random.Random,
    today: datetime.date | None = None,
) -> Written:
    """How a person writes `value`.

    Args:
        value: a string, number or boolean.
        kind: its kind, by which its terms are found.
        schema: its JSON Schema; `format` ("date", "time", "date-time") says how a string is read.
        language: `en` or `zh`.
        rng: decides among the natural ways.
        today: the day on which it is said; without it no date is relative or without a year.

    Returns:
        The text and the name of its surface form.

    Raises:
        ValueError: null, a list, an object, or a boolean that its kind has no terms for: the
            sentence around it must say these.
    """
    named = _term(value, kind, language, rng)
    if named is not None:
        return named
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise _wordless(value, kind)
    if isinstance(value, str):
        return _string(value, kind, schema.get("format"), language, rng, today)
    return _number(value, language, rng)


def render_answer(
    value: Any,
    *,
    kind: str | None,
    schema: dict[str, Any],
    language: str,
    rng: random.Random,
) -> Written:
    """How an assistant states the result value `value`: exactly, and the same on any day.

    Arguments, result and errors as for `render`. Numbers stand in digits as JSON has them,
    grouped from 10,000 on, quantities in English from 1,000 on; dates in long form; strings as
    they are, or by their Chinese term.
    """
    if isinstance(value, str):
        # An English answer says the value itself, unless that is a code such as "new_year".
        names = _names(value, kind, language) if language == "zh" or "_" in value else ()
        if names:
            return names[0], "term"
        return _stated(value, schema.get("format"), language, rng)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _exact(value, kind, language)
    names = _names(value, kind, language)
    if not names:
        raise _wordless(value, kind)
    return names[0], "term"


def _exact(value: Any, kind: str | None, language: str) -> Written:
    """A result's number: 84700.0 is said 84,700, and money with cents has two decimals."""
    # What has no kind may be a year, a house number, the number of a page.
    quantity = kind is not None or isinstance(value, float)
    least = 1_000 if quantity and language == "en" else 10_000
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    grouped = abs(value) >= least
    text = f"{value:,}" if grouped else repr(value)
    if isinstance(value, float) and kind is not None and kind.startswith("money."):
        cents = f"{value:,.2f}" if grouped else f"{value:.2f}"
        text = cents if float(cents.replace(",", "")) == value else text
    if "e" in text:
        return repr(value), "number.digits"
    return text, "number.grouped" if grouped else "number.digits"


def _wordless(value: Any, kind: str | None) -> ValueError:
    return ValueError(f"no surface form for {value!r} of kind {kind}: word it in the sentence")


# ------------------------------------------------------------------- terms


@lru_cache(maxsize=16384)
def _names_of(written: str, kind: str, language: str) -> tuple[str, ...]:
    """The names that mean this value and no other of its kind."""
    meanings = terms.meanings(kind, language)
    names = terms.names_of(written, kind, language)
    return tuple(name for name in names if len(meanings[name.casefold()]) == 1)


def _names(value: Any, kind: str | None, language: str) -> tuple[str, ...]:
    if kind is None or value is None or isinstance(value, (list, dict)):
        return ()
    return _names_of(terms.written(value), kind, language)


def _term(value: Any, kind: str | None, language: str, rng: random.Random) -> Written | None:
    """A name from the table; None where there is none or the value itself reads better."""
    names = _names(value, kind, language)
    if not names:
        return None
    if isinstance(value, str):
        # In Chinese text the Chinese name; in English a code (EUR) gives way to its name, while
        # a word (Paris) is as good as any other name.
        # Nobody says a country's code or a language's.
        natural = 0 if language == "zh" else 0.5 * _is_natural(value)
        natural *= not (len(value) == 2 and value.isalpha())
        if language == "zh" and kind is not None and kind.startswith(_MIXED_IN):
            natural = 0.07
        if rng.random() < natural:
            return value, "verbatim"
    # The first name is the most usual one.
    return names[0] if rng.random() < 0.6 else rng.choice(names), "term"


def _is_natural(value: str) -> bool:
    """Words as people write them: Paris, New York, business; not EUR, round_trip, A320."""
    return not value.isupper() and all(c.isalpha() or c in " '-." for c in value)


# ----------------------------------------------------------------- strings


def _string(
    value: str,
    kind: str | None,
    reading: str | None,
    language: str,
    rng: random.Random,
    today: datetime.date | None,
) -> Written:
    if reading == "date":
        day = moments.as_date(value)
        if day is not None:
            return moments.date(day, language, rng, today)
    elif reading == "time":
        if moments.is_time(value):
            return moments.time(value, language, rng)
    elif reading in _LOCAL:
        moment = _moment(value)
        if moment is not None:
            return moments.date_time(*moment, language, rng, today)
    elif _MONTH.fullmatch(value):
        return moments.month(value, language), "month.long"
    elif value[:1] == "+" and value[1:].isdigit() and value.isascii():
        grouped = _grouped_phone(value)
        if grouped and rng.random() < 0.7:
            return grouped, "phone"
    elif kind is not None and rng.random() < 0.6:
        spaced = _spaced(value, kind)
        if spaced:
            return spaced, "spaced"
    return value, "verbatim"


def _stated(value: str, reading: str | None, language: str, rng: random.Random) -> Written:
    if reading == "date":
        day = moments.as_date(value)
        if day is not None:
            return moments.long(day, language, rng), "date.long"
    elif _MONTH.fullmatch(value):
        return moments.month(value, language), "month.long"
    elif reading == "time" and moments.is_time(value):
        return value, "time.h24"
    elif reading in _LOCAL:
        moment = _moment(value)
        if moment is not None:
            joint = "" if language == "zh" else " at "
            return moments.long(moment[0], language, rng) + joint + moment[1], "datetime.long"
    return value, "verbatim"


def _moment(value: str) -> tuple[datetime.date, str] | None:
    day = moments.as_date(value[:10])
    if day is None or len(value) != 16 or value[10] != "T" or not moments.is_time(value[11:]):
        return None
    return day, value[11:]


@lru_cache(maxsize=4096)
def _grouped_phone(value: str) -> str | None:
    """In the groups of its country; None where the number is no valid one."""
    import phonenumbers  # loads slowly, and few rows have phone numbers

    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return None
    text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    kept = "".join(c for c in text if c.isdigit())
    plain = text.isascii() and not any(c.isalpha() for c in text)
    return text if plain and "+" + kept == value and text != value else None


def _spaced(value: str, kind: str) -> str | None:
    """IBANs and card numbers in groups of four, ISBN-13 with its prefix apart."""
    if not value.isalnum() or not value.isascii() or not any(c.isdigit() for c in value):
        return None
    if ("iban" in kind or "card" in kind) and len(value) > 8:
        return " ".join(value[at : at + 4] for at in range(0, len(value), 4))
    if "isbn" in kind and len(value) == 13:
        return f"{value[:3]}-{value[3:]}"
    return None


# ----------------------------------------------------------------- numbers


def _number(value: float, language: str, rng: random.Random) -> Written:
    roll = rng.random()
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            value = int(value)
        else:
            return _fraction(value), "number.digits"
    if 1 <= value <= _WORDY and roll < 0.25:
        return (chinese if language == "zh" else english)(value), "number.words"
    if language == "zh" and 1000 <= value < 10**8 and _is_round(value) and roll < 0.25:
        return chinese(value), "number.words"
    if abs(value) >= 10_000 and roll > (0.85 if language == "zh" else 0.6):
        return f"{value:,}", "number.grouped"
    return str(value), "number.digits"


def _is_round(value: int) -> bool:
    """At most two digits that are not zero, as people say: 三千五百, 两万."""
    return not str(value)[2:].strip("0")


def _fraction(value: float) -> str:
    """Without an exponent where that stays readable."""
    text = repr(value)
    if "e-" in text:
        plain = format(Decimal(text), "f")
        return plain if len(plain) <= 14 else text
    return text
