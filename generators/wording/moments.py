"""How people write days and times of day. Each writer returns (text, surface form)."""

from __future__ import annotations

import datetime
import random

from callwright.generators.wording.words import chinese, english

Written = tuple[str, str]

_MONTHS = (
    "- January February March April May June July August September October November December"
).split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_DAYS_ZH = "一二三四五六日"
_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow", 2: "the day after tomorrow"}
_NEAR_ZH = {-2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天"}
_FURTHEST = 56  # days; nobody counts further


def as_date(value: str) -> datetime.date | None:
    """The day an ISO string names; None where `value` is no such string."""
    if len(value) != 10 or value[4] != "-" or not value.isascii():
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return None


def is_time(value: str) -> bool:
    """`value` is "HH:MM"."""
    return (
        len(value) == 5
        and value.isascii()
        and value[2] == ":"
        and (value[:2] + value[3:]).isdigit()
        and value[:2] < "24"
        and value[3:] < "60"
    )


def date(
    day: datetime.date, language: str, rng: random.Random, today: datetime.date | None
) -> Written:
    """Mostly the long form; ISO now and then; with `today`, also short and relative ones."""
    roll = rng.random()
    if roll < 0.1:
        return day.isoformat(), "date.iso"
    if today is not None and roll < 0.65:
        near = _near(day, language, rng, today)
        if near is not None and (roll < 0.4 or 0 <= (day - today).days <= 1):
            return near, "date.relative"
        if 0 <= (day - today).days <= 200:
            return short(day, language, rng), "date.short"
    return long(day, language, rng), "date.long"


def long(day: datetime.date, language: str, rng: random.Random) -> str:
    """With the year."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}{'号' if rng.random() < 0.2 else '日'}"
    month, roll = _MONTHS[day.month], rng.random()
    if roll < 0.4:
        return f"{month} {day.day}, {day.year:04}"
    if roll < 0.7:
        return f"{day.day} {month} {day.year:04}"
    if roll < 0.82:
        return f"{month} {_ordinal(day.day)}, {day.year:04}"
    if roll < 0.93:
        return f"{_ordinal(day.day)} {month} {day.year:04}"
    return f"{_DAYS[day.weekday()]}, {day.day} {month} {day.year:04}"


def short(day: datetime.date, language: str, rng: random.Random) -> str:
    """Without the year."""
    if language == "zh":
        return f"{day.month}月{day.day}{'号' if rng.random() < 0.5 else '日'}"
    month, number = _MONTHS[day.month], str(day.day)
    if rng.random() < 0.4:
        number = _ordinal(day.day)
    return f"{month} {number}" if rng.random() < 0.6 else f"{number} {month}"


def month(value: str, language: str) -> str:
    """May 2027; 2027年5月."""
    year, number = value.split("-")
    return f"{year}年{int(number)}月" if language == "zh" else f"{_MONTHS[int(number)]} {year}"


def _ordinal(number: int) -> str:
    if 11 <= number <= 13:
        return f"{number}th"
    return f"{number}{('th', 'st', 'nd', 'rd', *['th'] * 6)[number % 10]}"


def _near(
    day: datetime.date, language: str, rng: random.Random, today: datetime.date
) -> str | None:
    """The day as seen from today, where people would say it so."""
    distance = (day - today).days
    chosen = (_NEAR_ZH if language == "zh" else _NEAR).get(distance)
    if chosen or abs(distance) > _FURTHEST:
        return chosen
    # Weeks run from Monday. What is two days off is not called by its weekday.
    week = (distance + today.weekday()) // 7
    if 3 <= distance <= 13 and week in (0, 1) and rng.random() < 0.6:
        if language == "zh":
            return ("这周", "下周")[week] + _DAYS_ZH[day.weekday()]
        return ("this ", "next ")[week] + _DAYS[day.weekday()]
    weeks, days = divmod(abs(distance), 7)
    if not days and weeks:
        return _counted(weeks, "week", distance < 0, language, rng)
    if abs(distance) <= 20:
        return _counted(abs(distance), "day", distance < 0, language, rng)
    return None


def _counted(count: int, unit: str, past: bool, language: str, rng: random.Random) -> str:
    in_words = count <= 10 and rng.random() < 0.6
    if language == "zh":
        number = chinese(count) if in_words else str(count)
        return number + {"day": "天", "week": "周"}[unit] + ("前" if past else "后")
    number = english(count) if in_words else str(count)
    if count == 1 and rng.random() < 0.7:
        number = "a"
    words = f"{number} {unit}{'' if count == 1 else 's'}"
    return f"{words} ago" if past else f"in {words}"


# ------------------------------------------------------------------ times


def time(value: str, language: str, rng: random.Random) -> Written:
    """Never ambiguous: who writes half past six also writes which one."""
    hour, minute = int(value[:2]), int(value[3:])
    roll = rng.random()
    if language == "zh":
        return _time_zh(value, hour, minute, roll)
    if roll < 0.4:
        return value, "time.h24"
    if roll > 0.85:
        words = _time_words(hour, minute)
        if words:
            return words, "time.words"
    clock = f"{(hour - 1) % 12 + 1}" + (f":{minute:02}" if minute else "")
    half = "am" if hour < 12 else "pm"
    if roll > 0.8:
        half = f"{half[0]}.m."
    return clock + ("" if roll < 0.5 and minute else " ") + half, "time.h12"


def _time_words(hour: int, minute: int) -> str:
    if minute == 0 and hour in (0, 12):
        return "midnight" if hour == 0 else "noon"
    spoken = {0: "", 15: "quarter past ", 30: "half past ", 45: "quarter to "}.get(minute)
    if spoken is None or not (5 <= hour <= 21):
        return ""
    named = hour + 1 if minute == 45 else hour
    # 11:45 is quarter to twelve, of which nobody says whether it is morning.
    if named == 12:
        return ""
    part = "morning" if hour < 12 else "afternoon" if named < 18 else "evening"
    return f"{spoken}{english((named - 1) % 12 + 1)} in the {part}"


def _time_zh(value: str, hour: int, minute: int, roll: float) -> Written:
    if roll < 0.4:
        return value, "time.h24"
    part = (
        "凌晨" if hour < 5 else "早上" if hour < 9 else "上午" if hour < 12
        else "中午" if hour == 12 else "下午" if hour < 18 else "晚上"
    )  # fmt: skip
    number = (hour - 1) % 12 + 1
    spoken = chinese(number) if roll > 0.75 else str(number)
    if minute == 30:
        rest = "半"
    elif not minute:
        rest = ""
    elif roll > 0.75:
        rest = ("零" if minute < 10 else "") + ("二" if minute == 2 else chinese(minute)) + "分"
    else:
        rest = f"{minute:02}分"
    return f"{part}{spoken}点{rest}", "time.h12"


def clock(value: str, language: str, rng: random.Random) -> str:
    """A time that may follow a date: digits, so that the two are told apart."""
    hour, minute = int(value[:2]), int(value[3:])
    if rng.random() < 0.5:
        return value
    if language == "zh":
        return _time_zh(value, hour, minute, 0.5)[0]
    rest = f":{minute:02}" if minute else ""
    return f"{(hour - 1) % 12 + 1}{rest} {'am' if hour < 12 else 'pm'}"


def date_time(
    day: datetime.date,
    clock_value: str,
    language: str,
    rng: random.Random,
    today: datetime.date | None,
) -> Written:
    """A day and a time: "3 May 2026 at 18:30", "tomorrow at 6 pm"; ISO now and then."""
    if rng.random() < 0.07:
        return f"{day.isoformat()} {clock_value}", "datetime.iso"
    joint = "" if language == "zh" else " at "
    if today is not None and rng.random() < 0.6:
        near = _near(day, language, rng, today)
        if near is None and 0 <= (day - today).days <= 200:
            near = short(day, language, rng)
        if near is not None:
            return near + joint + clock(clock_value, language, rng), "datetime.relative"
    return long(day, language, rng) + joint + clock(clock_value, language, rng), "datetime.long"
