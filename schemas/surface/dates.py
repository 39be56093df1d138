"""Dates as people write them, read back to ISO strings.

Weeks run from Monday to Sunday. "this Friday" and 这周五 are the Friday of the week that `today`
lies in, "next Friday" and 下周五 that of the week after it, whatever day today is.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from callwright.schemas.surface import numbers

Day = datetime.date

# ASCII: else `Frİday` would match, and be no key of the tables below.
_FLAGS = re.IGNORECASE | re.ASCII
_ANY = datetime.date(2000, 1, 1)

_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_MONTH = {name: n for n, name in enumerate(_MONTHS, 1)}
_MONTH |= {name[:3]: n for name, n in list(_MONTH.items())} | {"sept": 9}
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_WEEKDAY = {name: n for n, name in enumerate(_WEEKDAYS)}
_WEEKDAY_ZH = {c: n for n, c in enumerate("一二三四五六日")} | {"天": 6}

_MON = "(?P<mon>" + "|".join(sorted(_MONTH, key=len, reverse=True)) + r")\.?"
_DAY = r"(?P<day>[0-9]{1,2})(?P<suffix>st|nd|rd|th)?"
_NAME = "(?:(?P<weekday>" + "|".join(_WEEKDAYS) + "),? )?"
# 3 May 2026, 3rd of May, 2026 / May 3rd, 2026
_DAY_FIRST = rf"{_NAME}(?:the )?{_DAY}(?: of)? {_MON}(?:,? (?P<year>[0-9]{{4}}))?"
_MONTH_FIRST = rf"{_NAME}{_MON} {_DAY}(?:,? (?P<year>[0-9]{{4}}))?"
_ZH = (
    r"(?:(?P<year>[0-9]{4}) ?年 ?)?(?P<mon>[0-9]{1,2}|[一二三四五六七八九十]{1,2}) ?月 ?"
    r"(?P<day>[0-9]{1,2}|[一二三四五六七八九十]{1,3}) ?[日号]"
    r"(?:[ (]?(?:星期|周)(?P<weekday>[一二三四五六日天])\)?)?"
)
_ISO = r"(?P<year>[0-9]{4})-(?P<mon>[0-9]{2})-(?P<day>[0-9]{2})"
_ENGLISH = (re.compile(_DAY_FIRST, _FLAGS), re.compile(_MONTH_FIRST, _FLAGS))
_CHINESE = (re.compile(_ZH),)
_ISO_RE = re.compile(_ISO)
_HAS_RELATIVE = re.compile("day|week|tomorrow")
_HAS_MONTH = re.compile("|".join(name[:3] for name in _MONTHS))


def _day(year: int, month: int, day: int) -> list[Day]:
    try:
        return [datetime.date(year, month, day)]
    except ValueError:
        return []


def _suffix_fits(day: int, suffix: str | None) -> bool:
    if not suffix:
        return True
    if day in (11, 12, 13):
        return suffix.casefold() == "th"
    return suffix.casefold() == {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _small(text: str) -> int:
    """A day or month in digits or Chinese words; 0 if neither."""
    if text.isascii():
        return int(text)
    value = numbers.parse_words(text, "zh")
    return int(value[0]) if value else 0


def _of_match(
    found: re.Match[str], today: Day | None, *, short: bool, named: bool = True
) -> list[Day]:
    """The day a match of a long (with year) or short (without) expression stands for.

    `named`: a weekday beside it must agree.
    """
    parts = found.groupdict()
    if (parts["year"] is None) != short:
        return []
    month = _MONTH.get(parts["mon"].casefold()) or _small_month(parts["mon"])
    number = _small(parts["day"])
    if not _suffix_fits(number, parts.get("suffix")):
        return []
    if not short:
        days = _day(int(parts["year"]), month, number)
    else:
        days = _next(month, number, today) if today else []
    name = parts["weekday"]
    if name and days and named:
        weekday = _WEEKDAY_ZH[name] if name in _WEEKDAY_ZH else _WEEKDAY[name.casefold()]
        days = [day for day in days if day.weekday() == weekday]
    return days


def _small_month(text: str) -> int:
    return _small(text) if not text.isascii() or text.isdigit() else 0


def _next(month: int, number: int, today: Day) -> list[Day]:
    """The next day with that month and number, today included."""
    for year in range(today.year, min(today.year + 9, datetime.MAXYEAR + 1)):
        days = _day(year, month, number)
        if days and days[0] >= today:
            return days
    return []


def _written(text: str, language: str, today: Day | None, *, short: bool) -> list[Day]:
    for pattern in _CHINESE if language == "zh" else _ENGLISH:
        found = pattern.fullmatch(text)
        if found:
            return _of_match(found, today, short=short)
    return []


def parse_iso(text: str) -> list[Day]:
    """2026-05-03."""
    found = _ISO_RE.fullmatch(text)
    return _day(int(found["year"]), int(found["mon"]), int(found["day"])) if found else []


def parse_long(text: str, language: str) -> list[Day]:
    """3 May 2026, May 3rd, 2026, Sunday, 3 May 2026; 2026年5月3日. A weekday must agree."""
    return _written(text, language, None, short=False)


def parse_short(text: str, language: str, today: Day | None) -> list[Day]:
    """3 May, May 3rd; 5月3日: the next such day, today included."""
    return _written(text, language, today, short=True) if today else []


# ------------------------------------------------------------------ relative

_MONTH_ALONE = re.compile(rf"{_MON},? (?P<year>[0-9]{{4}})", _FLAGS)
_MONTH_ALONE_ZH = re.compile(r"(?P<year>[0-9]{4})年(?P<mon>[0-9]{1,2})月(?:份)?")


def parse_month(text: str, language: str) -> list[str]:
    """May 2027; 2027年5月. Gives "2027-05"."""
    found = (_MONTH_ALONE_ZH if language == "zh" else _MONTH_ALONE).fullmatch(text)
    if found is None:
        return []
    name = found["mon"].casefold()
    month = int(name) if name.isdigit() else _MONTH[name]
    return [f"{found['year']}-{month:02}"] if 1 <= month <= 12 else []


_NEAR = {"today": 0, "tomorrow": 1, "the day after tomorrow": 2, "yesterday": -1}
_NEAR |= {"day after tomorrow": 2, "the day before yesterday": -2, "day before yesterday": -2}
_NEAR_ZH = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3, "昨天": -1, "前天": -2}
_COUNT = r"(?P<count>[0-9]{1,4}|[a-z]+(?:-[a-z]+)?)"
_RELATIVE = re.compile(
    rf"(?P<near>{'|'.join(sorted(_NEAR, key=len, reverse=True))})"
    rf"|(?P<week>this|next) (?P<weekday>{'|'.join(_WEEKDAYS)})"
    rf"|in {_COUNT} (?P<unit>day|week)s?|{_COUNT.replace('count', 'count2')} "
    r"(?P<unit2>day|week)s? (?P<back>ago|from now|from today)",
    _FLAGS,
)
_RELATIVE_ZH = re.compile(
    rf"(?P<near>{'|'.join(sorted(_NEAR_ZH, key=len, reverse=True))})"
    r"|(?P<week>这|这个|本|下|下个)(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
    r"|(?P<count>[0-9]{1,4}|[一二两三四五六七八九十百]{1,5}) ?"
    r"(?P<unit>天|周|个星期|个礼拜|星期)(?P<back>之?后|以后|之?前|以前)"
)


def parse_relative(text: str, language: str, today: Day | None) -> list[Day]:
    """tomorrow, next Friday, in two weeks, 3 days ago; 后天, 下周五, 十天后. Needs `today`."""
    if today is None:
        return []
    found = (_RELATIVE_ZH if language == "zh" else _RELATIVE).fullmatch(text)
    return _of_relative(found, today) if found else []


def _of_relative(found: re.Match[str], today: Day) -> list[Day]:
    parts = found.groupdict()
    if parts["near"]:
        near = parts["near"].casefold()
        return _shift(today, _NEAR[near] if near in _NEAR else _NEAR_ZH[near])
    if parts["weekday"]:
        name = parts["weekday"]
        weekday = _WEEKDAY_ZH[name] if name in _WEEKDAY_ZH else _WEEKDAY[name.casefold()]
        later = 7 if parts["week"].casefold() in ("next", "下", "下个") else 0
        return _shift(today, weekday - today.weekday() + later)
    count = _count(parts["count"] or parts["count2"])
    if not count:
        return []
    days = 1 if (parts["unit"] or parts["unit2"]).casefold() in ("day", "天") else 7
    backwards = (parts["back"] or "").casefold() in ("ago", "前", "之前", "以前")
    return _shift(today, -count * days if backwards else count * days)


def _count(text: str) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    if text.casefold() in ("a", "one"):
        return 1
    value = numbers.parse_words(text, "en" if text.isascii() else "zh")
    return int(value[0]) if value else 0


def _shift(today: Day, days: int) -> list[Day]:
    try:
        return [today + datetime.timedelta(days=days)]
    except OverflowError:
        return []


# ---------------------------------------------------------------------- scan

_SLASHED = re.compile(r"(?<![0-9])([0-9]{1,4})([/.])([0-9]{1,2})\2([0-9]{1,4})(?![0-9])")
_SCAN_ISO = re.compile(rf"(?<![0-9]){_ISO}(?![0-9])")
_SCAN_EN = tuple(
    re.compile(rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])", _FLAGS)
    for pattern in (_DAY_FIRST, _MONTH_FIRST)
)
_SCAN_RELATIVE = re.compile(rf"(?<![a-z0-9])(?:{_RELATIVE.pattern})(?![a-z0-9])", _FLAGS)


@lru_cache(maxsize=2048)
def scan(text: str, today: Day | None) -> tuple[frozenset[str], frozenset[tuple[int, int]]]:
    """Every date in folded `text`, in either language.

    Returns:
        ISO strings of the dates, relative ones only where `today` is known; and, where it is
        not, the (month, day) of every date written without a year.
    """
    days: list[Day] = []
    yearless: set[tuple[int, int]] = set()
    for found in _SCAN_ISO.finditer(text):
        days += _day(int(found["year"]), int(found["mon"]), int(found["day"]))
    for found in _SLASHED.finditer(text):
        one, two, three = int(found[1]), int(found[3]), int(found[4])
        # 3/5/2026 is 3 May or 5 March: both count.
        days += _day(one, two, three) + _day(three, two, one) + _day(three, one, two)
    for pattern in (
        *(_SCAN_EN if _HAS_MONTH.search(text) else ()),
        *(_CHINESE if "月" in text else ()),
    ):
        for found in pattern.finditer(text):
            short = found["year"] is None
            if short and today is None:
                # 2000 has a 29 February; a weekday cannot be checked without a year.
                days_of_2000 = _of_match(found, _ANY, short=True, named=False)
                yearless |= {(day.month, day.day) for day in days_of_2000}
            else:
                days += _of_match(found, today, short=short, named=False)
    if today is not None:
        english = (_SCAN_RELATIVE,) if _HAS_RELATIVE.search(text) else ()
        for pattern in (*english, *((_RELATIVE_ZH,) if not text.isascii() else ())):
            for found in pattern.finditer(text):
                days += _of_relative(found, today)
    return frozenset(day.isoformat() for day in days), frozenset(yearless)
