"""Tools about clocks: what time it is where, and when is when elsewhere."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.calendar.base import (
    AnyZone,
    DateLabel,
    TimeLabel,
    Zone,
    ZoneLabel,
    pack,
    read_date,
    read_time,
)
from callwright.generators.packs.geography.data import zone_names
from callwright.schemas.errors import ToolError

MEETING_DAYS = ("date.planned",)
OFFICE_OPENS, OFFICE_CLOSES = datetime.time(9), datetime.time(17)


class LocalTime(TypedDict):
    timezone: str
    timezone_name: ZoneLabel
    local_date: Annotated[str, Kind("date.today", format="date")]
    local_time: TimeLabel
    utc_offset: Annotated[str, Kind("utc.offset")]


class Converted(TypedDict):
    from_date: DateLabel
    from_time: TimeLabel
    from_timezone_name: ZoneLabel
    to_date: DateLabel
    to_time: TimeLabel
    to_timezone_name: ZoneLabel


class Difference(TypedDict):
    date: DateLabel
    first_timezone_name: ZoneLabel
    first_utc_offset: Annotated[str, Kind("utc.offset")]
    second_timezone_name: ZoneLabel
    second_utc_offset: Annotated[str, Kind("utc.offset")]
    difference_hours: Annotated[float, Kind("duration.offset_hours")]


class Overlap(TypedDict):
    date: DateLabel
    first_timezone_name: ZoneLabel
    second_timezone_name: ZoneLabel
    overlap_minutes: int
    first_start: TimeLabel
    first_end: TimeLabel
    second_start: TimeLabel
    second_end: TimeLabel


@pack.tool
def current_local_time(world: World, timezone: AnyZone) -> LocalTime:
    """Current date and time in a time zone. Also gives the zone's UTC offset right now.

    Args:
        timezone: IANA name of the time zone.
    """
    local = world.now.astimezone(_zone(timezone))
    return {
        "timezone": timezone,
        "timezone_name": _label(timezone),
        "local_date": local.date().isoformat(),
        "local_time": _clock(local),
        "utc_offset": _offset(local),
    }


@pack.tool
def convert_time(
    date: Annotated[str, Kind("date.day", accepts=MEETING_DAYS, format="date")],
    time: Annotated[str, Kind("time.local", format="time")],
    from_timezone: Zone,
    to_timezone: Zone,
) -> Converted:
    """Convert a local date and time from one time zone to another. Knows daylight saving.

    Args:
        date: Local day in the first zone, YYYY-MM-DD.
        time: Local time of day in the first zone, HH:MM on the 24-hour clock.
        from_timezone: IANA name of the zone the date and time are in.
        to_timezone: IANA name of the zone wanted.
    """
    _differ(from_timezone, to_timezone)
    start = datetime.datetime.combine(read_date(date), read_time(time), tzinfo=_zone(from_timezone))
    end = _at(start, to_timezone)
    _show_different_times(start, end)
    return {
        "from_date": start.date().isoformat(),
        "from_time": _clock(start),
        "from_timezone_name": _label(from_timezone),
        "to_date": end.date().isoformat(),
        "to_time": _clock(end),
        "to_timezone_name": _label(to_timezone),
    }


@pack.tool
def timestamp_in_zone(
    timestamp: Annotated[
        str, Kind("datetime.record", accepts=("datetime.departure", "datetime.arrival"))
    ],
    from_timezone: Annotated[str, Kind("timezone.flight", along="timestamp")],
    to_timezone: Zone,
) -> Converted:
    """What a recorded local timestamp is in another time zone. For times taken from a record.

    Args:
        timestamp: Local date and time, YYYY-MM-DDTHH:MM.
        from_timezone: IANA name of the zone the timestamp is in.
        to_timezone: IANA name of the zone wanted.
    """
    _differ(from_timezone, to_timezone)
    day, _, clock = timestamp.partition("T")
    start = datetime.datetime.combine(read_date(day), read_time(clock), tzinfo=_zone(from_timezone))
    end = _at(start, to_timezone)
    _show_different_times(start, end)
    return {
        "from_date": day,
        "from_time": clock,
        "from_timezone_name": _label(from_timezone),
        "to_date": end.date().isoformat(),
        "to_time": _clock(end),
        "to_timezone_name": _label(to_timezone),
    }


@pack.tool
def time_difference(
    world: World,
    first_timezone: Zone,
    second_timezone: Zone,
    date: Annotated[
        str | None,
        Kind("date.day", accepts=MEETING_DAYS, format="date"),
    ] = None,
) -> Difference:
    """Time difference between two time zones. On a given day, at noon UTC; today by default.

    Args:
        first_timezone: IANA name of one zone.
        second_timezone: IANA name of the other zone.
        date: Day the difference is wanted for, YYYY-MM-DD.
    """
    _differ(first_timezone, second_timezone)
    day = world.now.date() if date is None else read_date(date)
    noon = datetime.datetime.combine(day, datetime.time(12), tzinfo=datetime.UTC)
    first, second = _at(noon, first_timezone), _at(noon, second_timezone)
    _show_different_times(first, second)
    hours = abs((_shift(first) - _shift(second)).total_seconds()) / 3600
    return {
        "date": day.isoformat(),
        "first_timezone_name": _label(first_timezone),
        "first_utc_offset": _offset(first),
        "second_timezone_name": _label(second_timezone),
        "second_utc_offset": _offset(second),
        "difference_hours": int(hours) if hours.is_integer() else hours,
    }


@pack.tool
def office_hours_overlap(
    first_timezone: Zone,
    second_timezone: Zone,
    date: Annotated[str, Kind("date.day", accepts=MEETING_DAYS, format="date")],
) -> Overlap:
    """When offices in two time zones are both open. Office hours are 09:00 to 17:00 local time.

    Args:
        first_timezone: IANA name of one office's zone.
        second_timezone: IANA name of the other office's zone.
        date: Day in question, YYYY-MM-DD.
    """
    _differ(first_timezone, second_timezone)
    day, zone = read_date(date), _zone(first_timezone)
    if day.weekday() > 4:
        raise ToolError("not_found", f"{date} is at a weekend: offices are closed.")
    opens = datetime.datetime.combine(day, OFFICE_OPENS, tzinfo=zone)
    closes = datetime.datetime.combine(day, OFFICE_CLOSES, tzinfo=zone)
    start, end = opens, opens
    # The other office's day may be the neighbouring one.
    for other in (day + datetime.timedelta(days=d) for d in (-1, 0, 1)):
        theirs = _zone(second_timezone)
        low = max(opens, datetime.datetime.combine(other, OFFICE_OPENS, tzinfo=theirs))
        high = min(closes, datetime.datetime.combine(other, OFFICE_CLOSES, tzinfo=theirs))
        if high - low > end - start:
            start, end = low, high
    minutes = int((end - start).total_seconds() // 60)
    if not minutes:
        raise ToolError("not_found", "Offices in these zones are never open at the same time.")
    return {
        "date": day.isoformat(),
        "first_timezone_name": _label(first_timezone),
        "second_timezone_name": _label(second_timezone),
        "overlap_minutes": minutes,
        "first_start": _clock(_at(start, first_timezone)),
        "first_end": _clock(_at(end, first_timezone)),
        "second_start": _clock(_at(start, second_timezone)),
        "second_end": _clock(_at(end, second_timezone)),
    }


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ToolError("not_found", f"No IANA time zone named {name}.") from None


def _at(moment: datetime.datetime, zone: str) -> datetime.datetime:
    # By way of UTC: arithmetic within one zone would follow the wall clock.
    return moment.astimezone(datetime.UTC).astimezone(_zone(zone))


def _label(zone: str) -> str:
    return zone_names().get(zone, zone)


def _clock(moment: datetime.datetime) -> str:
    return moment.strftime("%H:%M")


def _shift(moment: datetime.datetime) -> datetime.timedelta:
    shift = moment.utcoffset()
    assert shift is not None
    return shift


def _offset(moment: datetime.datetime) -> str:
    text = moment.strftime("%z")
    return f"UTC{text[:3]}:{text[3:5]}"


def _show_different_times(first: datetime.datetime, second: datetime.datetime) -> None:
    if _shift(first) == _shift(second):
        raise ToolError("not_found", "Clocks in both zones show the same time then.")


def _differ(first: str, second: str) -> None:
    if first == second:
        raise ToolError("invalid_arguments", f"Both time zones are {first}; give different ones.")
