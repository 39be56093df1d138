"""Does a value stand in a text, however a person may have written it?

Serves to prove absence ("the value passed on stands nowhere in the user's words"), so every
doubt counts as a mention. What a text holds is found once and kept.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from functools import lru_cache
from typing import Any

from callwright.schemas.surface import dates, numbers, terms, times

_DIGIT = re.compile("[0-9]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([0-9]{2}:[0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?")
_DATETIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})")
_PHONE = re.compile(r"\+[0-9]{7,15}")
_DIGIT_GROUPS = re.compile(r"\+?[0-9(][0-9 ().-]{5,}[0-9]")
_CODE = re.compile(r"(?=.*[0-9])[a-z0-9][a-z0-9 -]{4,}[a-z0-9]")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_SEPARATORS = str.maketrans("", "", " -")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Case, width, accents and runs of white space made alike."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
        text = unicodedata.normalize("NFC", text).replace("\u2019", "'").replace("\u2212", "-")
    return " ".join(text.casefold().split())


def mentions(
    text: str, value: Any, *, kind: str | None = None, today: datetime.date | None = None
) -> bool:
    """Whether any surface form of `value` stands in `text`, in any language.

    A list or object is mentioned when it is not empty and every leaf of it is; null never is.
    Numbers count wherever their digits or words do (`3` in `3 May`), also as a percentage.
    A date without a year counts for every year where `today` is unknown.
    """
    if value is None:
        return False
    if isinstance(value, (list, tuple)):
        return bool(value) and all(mentions(text, v, kind=kind, today=today) for v in value)
    if isinstance(value, dict):
        return bool(value) and all(mentions(text, v, today=today) for v in value.values())
    folded = fold(text)
    numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
    # A number is no string of digits: 200 does not stand in 1,200.
    names = _names(terms.written(value), kind, not numeric)
    if any(_stands(folded, name) for name in names):
        return True
    if numeric:
        return value in numbers.scan(folded)
    return bool(isinstance(value, str) and value) and _mentions_written(folded, value, today)


@lru_cache(maxsize=16384)
def _names(written: str, kind: str | None, verbatim: bool) -> tuple[str, ...]:
    """What to look for, folded: the value itself and all its terms."""
    names = [written] if verbatim else []
    for language in terms.LANGUAGES:
        names += terms.names_of(written, kind, language)
    return tuple(dict.fromkeys(name for name in map(fold, names) if name))


def _stands(text: str, name: str) -> bool:
    """`name` stands in `text` as whole words; where words have no spaces, anywhere."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if not (at and _joined(text[at - 1], name[0])) and not (
            end < len(text) and _joined(name[-1], text[end])
        ):
            return True
        at = text.find(name, at + 1)
    return False


def _joined(left: str, right: str) -> bool:
    """Two neighbouring characters belong to one word."""
    return left.isalnum() and right.isalnum() and not (_CJK.match(left) or _CJK.match(right))


def _mentions_written(folded: str, value: str, today: datetime.date | None) -> bool:
    """Dates, times, phone numbers and codes, which people write in other characters."""
    if not _DIGIT.search(value):
        return False
    moment = _DATETIME.match(value)
    if moment:
        return _date_stands(folded, moment[1], today) and moment[2] in times.scan(folded)
    if _DATE.fullmatch(value):
        return _date_stands(folded, value, today)
    digits = value.isascii() and value.isdigit() and len(value) <= 20
    if digits and int(value) in numbers.scan(folded):
        return True
    clock = _TIME.fullmatch(value)
    if clock:
        return clock[1] in times.scan(folded)
    if _PHONE.fullmatch(value) and any(_same_phone(value, d) for d in _digit_groups(folded)):
        return True
    code = fold(value)
    return bool(_CODE.fullmatch(code)) and code.translate(_SEPARATORS) in _compact(folded)


def _date_stands(folded: str, iso: str, today: datetime.date | None) -> bool:
    days, yearless = dates.scan(folded, today)
    return iso in days or (int(iso[5:7]), int(iso[8:10])) in yearless


def _same_phone(value: str, digits: str) -> bool:
    """The same number, written in full or as at home (020 7946 0018 for +442079460018)."""
    return value[1:] == digits or (len(digits) >= 7 and value.endswith(digits.lstrip("0") or "x"))


@lru_cache(maxsize=2048)
def _digit_groups(folded: str) -> frozenset[str]:
    return frozenset(re.sub("[^0-9]", "", run) for run in _DIGIT_GROUPS.findall(folded))


@lru_cache(maxsize=2048)
def _compact(folded: str) -> str:
    return folded.translate(_SEPARATORS)
