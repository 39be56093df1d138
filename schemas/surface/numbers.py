"""Numbers as people write them, read back.

Every `parse_*` takes one expression and gives the values it may stand for (empty when none);
`scan` collects every number that stands anywhere in a text.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

Number = int | float

# Far more than people write, and far from the digit limit of `int`.
_LONGEST = 100

_PLAIN = re.compile(r"[-+\u2212]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?")
_GROUPED = re.compile(r"[-+\u2212]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")


def _value(text: str) -> list[Number]:
    text = text.replace("\u2212", "-").replace(",", "")
    if "." in text or "e" in text or "E" in text:
        value = float(text)
        return [value] if math.isfinite(value) else []
    return [int(text)]


def parse_digits(text: str) -> list[Number]:
    """1200, -3, 1200.5, 1e-07, and grouped digits."""
    if len(text) > _LONGEST:
        return []
    return _value(text) if _PLAIN.fullmatch(text) else parse_grouped(text)


def parse_grouped(text: str) -> list[Number]:
    """1,200 or 12,345.67: commas between every three digits."""
    return _value(text) if len(text) <= _LONGEST and _GROUPED.fullmatch(text) else []


_PERCENT = re.compile(r"(.+?)(?: ?%| percent| per cent)", re.IGNORECASE)


def parse_percent(text: str, language: str) -> list[Number]:
    """15%, 15 percent, fifteen percent; 百分之十五. The value is 15, not 0.15."""
    if language == "zh" and text.startswith("百分之"):
        return parse_digits(text[3:]) or parse_words(text[3:], "zh")
    found = _PERCENT.fullmatch(text)
    if not found:
        return []
    return parse_digits(found[1]) or (parse_words(found[1], "en") if language == "en" else [])


def parse_words(text: str, language: str) -> list[Number]:
    """Number words: twelve, two hundred and five (to 999,999); 十二, 三千五百 (to 99,999,999)."""
    if len(text) > 100:
        return []
    value = _chinese(text) if language == "zh" else _english(text)
    return [] if value is None else [value]


# ------------------------------------------------------------------- English

_ONES = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ONE = {word: n for n, word in enumerate(_ONES, 1)}
_TEEN = {word: n for n, word in enumerate(_TEENS, 10)}
_TEN = {word: n * 10 for n, word in enumerate(_TENS, 2)}
_SPLIT = re.compile(r"[ -]")


def _english(text: str) -> int | None:
    words = _SPLIT.split(text.casefold())
    sign = 1
    if words[0] in ("minus", "negative"):
        sign, words = -1, words[1:]
    if words == ["zero"]:
        return 0
    value, used = _english_prefix(words)
    return sign * value if value and used == len(words) else None


def _english_prefix(words: list[str]) -> tuple[int, int]:
    """The largest number that `words` begin with, and how many words it takes; (0, 0) if none."""
    high, used = _below_thousand(words)
    if not used or used >= len(words) or words[used] != "thousand":
        return high, used
    used += 1
    at = used + (used < len(words) and words[used] == "and")
    low, more = _below_thousand(words[at:])
    return (high * 1000 + low, at + more) if more else (high * 1000, used)


def _below_thousand(words: list[str]) -> tuple[int, int]:
    if len(words) > 1 and words[1] in ("hundred", "thousand") and words[0] == "a":
        first, used = 1, 1
        if words[1] == "thousand":
            return first, used
    else:
        first, used = _below_hundred(words)
    if not 0 < first < 10 or used >= len(words) or words[used] != "hundred":
        return first, used
    used += 1
    at = used + (used < len(words) and words[used] == "and")
    low, more = _below_hundred(words[at:])
    return (first * 100 + low, at + more) if more else (first * 100, used)


def _below_hundred(words: list[str]) -> tuple[int, int]:
    if not words:
        return 0, 0
    word = words[0]
    if word in _TEN:
        one = _ONE.get(words[1], 0) if len(words) > 1 else 0
        return _TEN[word] + one, 2 if one else 1
    value = _ONE.get(word) or _TEEN.get(word) or 0
    return value, 1 if value else 0


# ------------------------------------------------------------------- Chinese

_DIGIT = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_SECTION = re.compile(
    "(?:([一二两三四五六七八九])千)?(零?)(?:([一二两三四五六七八九])百)?(零?)"
    "(?:([一二三四五六七八九]?)(十))?(零?)([一二两三四五六七八九]?)"
)


def _chinese(text: str) -> int | None:
    sign = 1
    if text.startswith("负"):
        sign, text = -1, text[1:]
    if text in ("零", "〇"):
        return 0 if sign == 1 else None
    high_text, wan, low_text = text.partition("万")
    if not wan:
        value = _section(text)
    else:
        high = _section(high_text)
        # 一万二 is 12,000; 一万零二 is 10,002
        low = 0 if not low_text else _section(low_text, follows_wan=True)
        value = None if high is None or low is None else high * 10_000 + low
    return sign * value if value else None


def _section(text: str, *, follows_wan: bool = False) -> int | None:
    """Value of 1 … 9999 in words; None if `text` is no such number."""
    zero_first = text.startswith("零")
    if zero_first and not follows_wan:
        return None
    body = text[1:] if zero_first else text
    found = _SECTION.fullmatch(body)
    if not body or not found:
        return None
    thousand, zero1, hundred, zero2, ten_digit, ten, zero3, one = found.groups()
    # A 零 stands only for a place that is left out between two that are not.
    if zero1 and (not thousand or hundred or not (ten or one)):
        return None
    if zero2 and (not hundred or ten or not one):
        return None
    if zero3:
        return None
    if zero_first and thousand:
        return None
    value = 1000 * _DIGIT.get(thousand, 0) + 100 * _DIGIT.get(hundred, 0)
    if ten:
        value += 10 * (_DIGIT[ten_digit] if ten_digit else 1)
    if one == "两" and (len(text) > 1 or follows_wan):
        return None
    if not one:
        return value or None
    unit = 1
    if not (ten or zero1 or zero2 or zero_first):
        # The last unit may be left unsaid: 两百五 is 250, 三千五 is 3500, 一万二 is 12,000.
        unit = 10 if hundred else 100 if thousand else 1000 if follows_wan else 1
    return value + unit * _DIGIT[one]


# ---------------------------------------------------------------------- scan

# A digit run glued to letters before it (BA123) is part of a code, not a number.
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9_.])([-\u2212]?)([0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]{1,30})(\.[0-9]{1,25})?"
    r"(?:([eE][-+]?[0-9]{1,3})(?![A-Za-z0-9]))?"
    r" ?((?:k|thousand|m|million|bn|billion|percent|per cent)(?![a-z0-9])|%|[十百千万亿]{1,2})?"
)
_SCALE = {
    "k": 10**3, "thousand": 10**3, "m": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9,
    "十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8,
    "十万": 10**5, "百万": 10**6, "千万": 10**7, "百亿": 10**10, "十亿": 10**9, "千亿": 10**11,
}  # fmt: skip
_WORDS = _ONES + _TEENS + _TENS + ["zero", "hundred", "thousand", "million", "dozen"]
_WORD_RUN = re.compile(
    r"(?<![a-z])(?:(?:minus|negative|a|and|" + "|".join(_WORDS) + r")(?![a-z])[ -]*)+"
)
_HAS_WORD = re.compile("|".join(_WORDS))
_CHINESE_RUN = re.compile("负?[零〇一二两三四五六七八九十百千万亿]+")


@lru_cache(maxsize=2048)
def scan(text: str) -> frozenset[Number]:
    """Every number that stands in folded `text`, in digits or words of either language.

    Generous on purpose, for it serves to prove absence: `15%` gives 15 and 0.15, `1.5 million`
    gives 1.5 and 1500000, and the digits of dates and times count as numbers.
    """
    found: set[Number] = set()
    for sign, grouped, fraction, exponent, unit in _TOKEN.findall(text):
        whole = grouped.replace(",", "")
        value = float(whole + fraction + exponent) if fraction or exponent else int(whole)
        values: list[Number] = [value]
        if unit in _SCALE:
            values.append(round(value * _SCALE[unit], 6))
        elif unit:
            values.append(float(f"{whole}{fraction}e-2"))
        found.update(values)
        if sign:
            found.update(-v for v in values)
    if _HAS_WORD.search(text):
        for run in _WORD_RUN.finditer(text):
            _scan_english(_SPLIT.split(run[0]), found)
    for run in _CHINESE_RUN.finditer(text):
        _scan_chinese(run[0], found)
    return frozenset(found)


def _scan_english(words: list[str], found: set[Number]) -> None:
    words = [word for word in words if word]
    at = 0
    while at < len(words):
        value, used = _english_prefix(words[at:])
        if not used:
            if words[at] in ("zero", "dozen"):
                found.add(0 if words[at] == "zero" else 12)
            at += 1
            continue
        found.add(value)
        if at and words[at - 1] in ("minus", "negative"):
            found.add(-value)
        at += used
        if at < len(words) and words[at] in ("million", "dozen"):
            found.add(value * (10**6 if words[at] == "million" else 12))


def _scan_chinese(run: str, found: set[Number]) -> None:
    run = run[:60]
    body = run.lstrip("负")
    if all(c in _DIGIT for c in body):
        found.add(int("".join(str(_DIGIT[c]) for c in body) or 0))  # 二〇二六
    at = 0
    while at < len(run):
        for end in range(min(len(run), at + 20), at, -1):
            value = _chinese(run[at:end])
            if value is not None:
                found.add(value)
                at = end
                break
        else:
            at += 1
