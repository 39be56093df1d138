"""Tools about working days."""

from __future__ import annotations

from typing import Annotated, Literal

from typing_extensions import TypedDict

from callwright.generators.pack import Kind
from callwright.generators.packs.calendar.almanac import ONE_DAY, Almanac, almanac
from callwright.generators.packs.calendar.base import (
    BusinessCountry,
    Country,
    CountryLabel,
    DateLabel,
    HolidayLabel,
    pack,
    read_date,
)
from callwright.schemas.errors import ToolError

PROMISED_DAYS = ("date.due",)
LONGEST_COUNT = 60
LONGEST_SPAN = 800

DayType = Literal["working day", "weekend day", "public holiday"]


class WorkingDay(TypedDict):
    country_code: str
    country_name: CountryLabel
    start_date: DateLabel
    working_days: int
    date: Annotated[str, Kind("date.workday", format="date")]


class DayCheck(TypedDict):
    country_code: str
    country_name: CountryLabel
    date: DateLabel
    day_type: Annotated[DayType, Kind("day.type")]
    holiday_name: HolidayLabel | None


class WorkingDays(TypedDict):
    country_code: str
    country_name: CountryLabel
    start_date: DateLabel
    end_date: DateLabel
    working_days: Annotated[int, Kind("count.working_days_found")]
    public_holidays: int


@pack.tool
def nth_working_day(
    country: Country,
    start_date: Annotated[
        str,
        Kind(
            "date.day",
            accepts=("date.order",),
            format="date",
        ),
    ],
    working_days: Annotated[int, Kind("count.working_days")],
) -> WorkingDay:
    """Date a number of working days after a day. Weekends and public holidays do not count.

    Args:
        country: ISO 3166-1 alpha-2 code of the country whose calendar applies.
        start_date: Day to count from, YYYY-MM-DD; counting begins on the next day.
        working_days: How many working days, 1 to 60.
    """
    if not 1 <= working_days <= LONGEST_COUNT:
        raise ToolError("invalid_arguments", f"Count 1 to {LONGEST_COUNT} working days.")
    found, start = almanac(country), read_date(start_date)
    day, left = start, working_days
    while left:
        day += ONE_DAY
        left -= found.is_working_day(day)
    return {
        "country_code": found.country.code,
        "country_name": found.country.name,
        "start_date": start.isoformat(),
        "working_days": working_days,
        "date": day.isoformat(),
    }


@pack.tool
def check_day(
    country: BusinessCountry,
    date: Annotated[
        str,
        Kind(
            "date.day",
            accepts=("date.deadline", *PROMISED_DAYS),
            format="date",
        ),
    ],
) -> DayCheck:
    """Whether people work on a day in a country. Tells working days, weekends and holidays apart.

    Args:
        country: ISO 3166-1 alpha-2 code of the country.
        date: Day in question, YYYY-MM-DD.
    """
    found, day = almanac(country), read_date(date)
    name = found.name(day)
    return {
        "country_code": found.country.code,
        "country_name": found.country.name,
        "date": day.isoformat(),
        "day_type": "public holiday" if name else _ordinary(found, date),
        "holiday_name": name,
    }


def _ordinary(found: Almanac, date: str) -> DayType:
    return "working day" if found.is_working_day(read_date(date)) else "weekend day"


@pack.tool
def working_days_between(
    country: Country,
    start_date: Annotated[
        str,
        Kind(
            "date.count_from",
            accepts=("date.order",),
            format="date",
        ),
    ],
    end_date: Annotated[
        str,
        Kind(
            "date.day",
            format="date",
        ),
    ],
) -> WorkingDays:
    """Number of working days between two days. The first day is left out, the last counts.

    Args:
        country: ISO 3166-1 alpha-2 code of the country whose calendar applies.
        start_date: Earlier day, YYYY-MM-DD.
        end_date: Later day, YYYY-MM-DD.
    """
    found, start, end = almanac(country), read_date(start_date), read_date(end_date)
    if end <= start:
        raise ToolError("invalid_arguments", f"{end_date} is not later than {start_date}.")
    span = (end - start).days
    if span > LONGEST_SPAN:
        raise ToolError("invalid_arguments", f"Count over at most {LONGEST_SPAN} days.")
    days = [start + n * ONE_DAY for n in range(1, span + 1)]
    return {
        "country_code": found.country.code,
        "country_name": found.country.name,
        "start_date": start.isoformat(),
        "end_date": end.isoformat(),
        "working_days": sum(found.is_working_day(day) for day in days),
        "public_holidays": sum(found.name(day) is not None for day in days),
    }
