"""Times of day, and dates with them, read back to "HH:MM" and "YYYY-MM-DDTHH:MM"."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from callwright.schemas.surface import dates, numbers

_FLAGS = re.IGNORECASE | re.ASCII

_H24 = re.compile(r"([0-9]{1,2}):([0-9]{2})")
# 18点30分, 18点: only hours that cannot be read otherwise (13 and later, 0)
_H24_ZH = re.compile(r"([0-9]{1,2}) ?[点时](?:([0-9]{1,2}) ?分?|整|钟)?")
_H12 = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))? ?([ap])(?:m|\.m\.)", _FLAGS)

_PERIODS = "凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|夜里"
_CLOCK_ZH = re.compile(
    rf"(?P<period>{_PERIODS})? ?(?P<hour>[0-9]{{1,2}}|[零一二两三四五六七八九十]{{1,3}}) ?"
    r"(?:[:](?P<colon>[0-9]{2})|[点时](?P<half>半|一刻|三刻|整|钟)?"
    r"(?:(?P<minute>[0-9]{1,2}|[零一二三四五六七八九十]{1,3}) ?分?)?)"
)

_HOURS = "one two three four five six seven eight nine ten eleven twelve".split()
_HOUR = {name: n for n, name in enumerate(_HOURS, 1)} | {str(n): n for n in range(1, 13)}
_HOUR_RE = "|".join(sorted(_HOUR, key=len, reverse=True))
_PAST = {"quarter": 15, "a quarter": 15, "five": 5, "ten": 10, "twenty": 20, "twenty-five": 25}
_PAST |= {"twenty five": 25, "half": 30}
_WORDS = re.compile(
    rf"(?:(?P<past>{'|'.join(sorted(_PAST, key=len, reverse=True))}) (?P<side>past|to) )?"
    rf"(?P<hour>{_HOUR_RE})(?P<oclock> o'clock)?"
    r"(?: (?:in the (?P<part>morning|afternoon|evening)|(?P<night>at night)))?",
    _FLAGS,
)
_NAMED = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
_NAMED_ZH = {"正午": "12:00", "午夜": "00:00"}


def _clock(hour: int, minute: int) -> list[str]:
    return [f"{hour:02}:{minute:02}"] if 0 <= hour < 24 and 0 <= minute < 60 else []


def _either_half(hour: int, minute: int) -> list[str]:
    """Morning and evening reading of an hour on the twelve-hour dial."""
    return _clock(hour % 12, minute) + _clock(hour % 12 + 12, minute)


def parse_h24(text: str, language: str) -> list[str]:
    """18:30, 9:05; in Chinese also 18点30分 where the hour cannot be meant otherwise."""
    found = _H24.fullmatch(text)
    if found:
        return _clock(int(found[1]), int(found[2]))
    found = _H24_ZH.fullmatch(text) if language == "zh" else None
    if found and (int(found[1]) > 12 or int(found[1]) == 0):
        return _clock(int(found[1]), int(found[2] or 0))
    return []


def parse_h12(text: str, language: str) -> list[str]:
    """6 pm, 6:30 p.m.; 下午6点, 晚上八点半: the half of the day is said."""
    if language == "zh":
        found = _CLOCK_ZH.fullmatch(text)
        return _of_chinese(found) if found and found["period"] else []
    found = _H12.fullmatch(text)
    return _of_h12(found) if found else []


def _of_h12(found: re.Match[str]) -> list[str]:
    hour = int(found[1])
    if not 1 <= hour <= 12:
        return []
    return _clock(hour % 12 + (12 if found[3] in "pP" else 0), int(found[2] or 0))


def parse_words(text: str, language: str) -> list[str]:
    """half past six (two values), noon, six in the evening; 六点半 (two values), 中午十二点."""
    if language == "zh":
        if text in _NAMED_ZH:
            return [_NAMED_ZH[text]]
        found = _CLOCK_ZH.fullmatch(text)
        return _of_chinese(found) if found and found["colon"] is None else []
    named = _NAMED.get(text.casefold())
    if named:
        return [named]
    found = _WORDS.fullmatch(text)
    return _of_words(found) if found else []


def _of_words(found: re.Match[str]) -> list[str]:
    if not (found["past"] or found["oclock"] or found["part"] or found["night"]):
        return []  # a bare "six" is a number
    if found["past"] and found["oclock"]:
        return []
    hour, minute = _HOUR[found["hour"].casefold()], 0
    if found["past"]:
        minute = _PAST[found["past"].casefold()]
        if found["side"].casefold() == "to":
            if minute == 30:
                return []
            hour, minute = hour - 1, 60 - minute
    both = _either_half(hour, minute)
    if found["part"]:
        morning = found["part"].casefold() == "morning"
        return both[:1] if morning else both[1:]
    if found["night"]:  # from six in the evening to before six in the morning
        return [time for time in both if not "06:00" <= time < "18:00"]
    return both


def _of_chinese(found: re.Match[str]) -> list[str]:
    hour, minute = _small(found["hour"]), 0
    if found["colon"]:
        minute = int(found["colon"])
    elif found["half"] and found["minute"]:
        return []
    elif found["half"]:
        minute = {"半": 30, "一刻": 15, "三刻": 45}.get(found["half"], 0)
    elif found["minute"]:
        minute = _small(found["minute"])
    if hour < 0 or minute < 0:
        return []
    period = found["period"]
    if period is None:
        return _either_half(hour, minute) if 1 <= hour <= 12 else _clock(hour, minute)
    return _in_period(period, hour, minute)


def _in_period(period: str, hour: int, minute: int) -> list[str]:
    """`hour` within a named part of the day; none where the two cannot both be true."""
    first, last = {
        "凌晨": (0, 5), "清晨": (4, 8), "早晨": (5, 9), "早上": (5, 11), "上午": (5, 12),
        "中午": (11, 14), "下午": (12, 18), "傍晚": (16, 20), "晚上": (17, 24), "夜里": (19, 29),
    }[period]  # fmt: skip
    if hour > 24:
        return []
    # Midnight is 晚上12点 and 凌晨12点 both; the day it belongs to is not the clock's affair.
    readings = {hour} if hour > 12 else {hour % 12, hour % 12 + 12, hour % 12 + 24}
    fitting = {reading % 24 for reading in readings if first <= reading <= last}
    return [time for reading in sorted(fitting) for time in _clock(reading, minute)]


def _small(text: str) -> int:
    """An hour or minute in digits or words (零五 is 5); -1 if neither."""
    if text.isascii():
        return int(text)
    if len(text) == 2 and text[0] == "零":
        text = text[1:]
    value = numbers.parse_words(text, "zh")
    return int(value[0]) if value else -1


# ------------------------------------------------------------ dates with time

_ISO = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})")
_JOINTS = (" at ", ", ", " ")


def parse_datetime_iso(text: str) -> list[str]:
    """2026-05-03T18:30 or 2026-05-03 18:30."""
    found = _ISO.fullmatch(text)
    if not found or not dates.parse_iso(found[1]) or not parse_h24(found[2], "en"):
        return []
    return [f"{found[1]}T{found[2]}"]


def parse_datetime_long(text: str, language: str) -> list[str]:
    """3 May 2026 at 18:30, May 3, 2026 6:30 pm; 2026年5月3日18:30, 2026年5月3日下午六点半."""
    return [
        f"{day.isoformat()}T{time}"
        for head, tail in _cuts(text, language)
        for day in dates.parse_long(head, language)
        for time in _unambiguous(tail, language)
    ]


def parse_datetime_relative(text: str, language: str, today: datetime.date | None) -> list[str]:
    """tomorrow at 6 pm, 3 May at 18:30; 明天下午6点: needs `today`."""
    if today is None:
        return []
    return [
        f"{day.isoformat()}T{time}"
        for head, tail in _cuts(text, language)
        for day in dates.parse_relative(head, language, today)
        or dates.parse_short(head, language, today)
        for time in _unambiguous(tail, language)
    ]


def _unambiguous(text: str, language: str) -> list[str]:
    return parse_h24(text, language) or parse_h12(text, language)


def _cuts(text: str, language: str) -> list[tuple[str, str]]:
    """Every way to cut `text` into a date and a time."""
    if language == "zh":
        ends = (found.end() for found in re.finditer("[日号天一二三四五六后前)]", text))
        return [(text[:end], text[end:].lstrip(" ,")) for end in ends]
    return [
        (text[: found.start()], text[found.end() :])
        for joint in _JOINTS
        for found in re.finditer(re.escape(joint), text, re.IGNORECASE)
    ]


# ---------------------------------------------------------------------- scan

_SCAN = re.compile(rf"(?<![0-9:])(?<!{_PERIODS})([0-9]{{1,2}}):([0-9]{{2}})(?![0-9]| ?[ap]\.?m)")
_SCAN_H12 = re.compile(rf"(?<![0-9:])(?:{_H12.pattern})(?![a-z0-9])", _FLAGS)
_SCAN_WORDS = re.compile(rf"(?<![a-z0-9])(?:{_WORDS.pattern})(?![a-z0-9])", _FLAGS)
_HAS_WORDS = re.compile("past|to |clock|in the|at night")
_HAS_CLOCK_ZH = re.compile(f"[点时]|{_PERIODS}")


@lru_cache(maxsize=2048)
def scan(text: str) -> frozenset[str]:
    """Every time of day in folded `text`, in either language; ambiguous ones in both readings."""
    found: set[str] = set()
    for match in _SCAN.finditer(text):
        hour, minute = int(match[1]), int(match[2])
        found.update(_clock(hour, minute))
        if match[1] == str(hour) and 1 <= hour <= 11:  # 6:30, but not 06:30, may be the evening
            found.update(_clock(hour + 12, minute))
    for match in _SCAN_H12.finditer(text):
        found.update(_of_h12(match))
    if _HAS_WORDS.search(text):
        for match in _SCAN_WORDS.finditer(text):
            found.update(_of_words(match))
    for match in _CLOCK_ZH.finditer(text) if _HAS_CLOCK_ZH.search(text) else ():
        if match["period"] or match["colon"] is None:
            found.update(_of_chinese(match))
    for name, time in (_NAMED | _NAMED_ZH).items():
        if name in text:
            found.add(time)
    return frozenset(found)
