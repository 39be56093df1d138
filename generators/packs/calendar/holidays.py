"""Tools about public holidays and feasts."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Literal, get_args

from dateutil.easter import EASTER_ORTHODOX, easter
from holidays.calendars.chinese import _ChineseLunisolar
from holidays.calendars.hindu import _HinduLunisolar
from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.calendar.almanac import ONE_DAY, almanac
from callwright.generators.packs.calendar.base import (
    WEEKDAYS,
    Country,
    CountryLabel,
    HolidayLabel,
    VisitedCountry,
    Weekday,
    pack,
    read_date,
)
from callwright.schemas.errors import ToolError

SHORTEST_BREAK = 3

Festival = Literal[
    "easter_sunday",
    "orthodox_easter",
    "good_friday",
    "shrove_tuesday",
    "pentecost_sunday",
    "mothers_day",
    "fathers_day",
    "us_thanksgiving",
    "black_friday",
    "chinese_new_year",
    "lantern_festival",
    "qingming_festival",
    "dragon_boat_festival",
    "mid_autumn_festival",
    "double_ninth_festival",
    "winter_solstice",
    "diwali_festival",
    "holi_festival",
]
FESTIVALS: tuple[Festival, ...] = get_args(Festival)
_NAMES: dict[Festival, str] = {
    "us_thanksgiving": "Thanksgiving in the US",
    "mothers_day": "Mother's Day",
    "fathers_day": "Father's Day",
    "mid_autumn_festival": "Mid-Autumn Festival",
    "winter_solstice": "Dongzhi Festival",
    "pentecost_sunday": "Pentecost",
    "diwali_festival": "Diwali",
    "holi_festival": "Holi",
}


class Holiday(TypedDict):
    date: Annotated[str, Kind("date.holiday_listed", format="date")]
    holiday_name: HolidayLabel
    weekday: Annotated[Weekday, Kind("weekday.listed")]


class Holidays(TypedDict):
    country_code: str
    country_name: CountryLabel
    month: Annotated[str, Kind("date.month_label")]
    count: int
    holidays: list[Holiday]


class NextHoliday(TypedDict):
    country_code: str
    country_name: CountryLabel
    date: Annotated[str, Kind("date.holiday", format="date")]
    holiday_name: HolidayLabel


class LongWeekend(TypedDict):
    country_code: str
    country_name: CountryLabel
    first_day: Annotated[str, Kind("date.break", format="date")]
    last_day: Annotated[str, Kind("date.break_end", format="date")]
    days_off: int
    holiday_name: HolidayLabel


class FestivalDate(TypedDict):
    festival_name: Annotated[str, Kind("festival.label")]
    year: int
    date: Annotated[str, Kind("date.festival", format="date")]


@pack.tool
def public_holidays_in_month(
    country: VisitedCountry,
    month: Annotated[str, Kind("date.month")],
) -> Holidays:
    """Nationwide public holidays of a country in one month. In order; may be none.

    Args:
        country: ISO 3166-1 alpha-2 code of the country.
        month: Month, YYYY-MM.
    """
    found = almanac(country)
    first = read_date(f"{month}-01")
    days = [day for day in found.year(first.year) if day.month == first.month]
    return {
        "country_code": found.country.code,
        "country_name": found.country.name,
        "month": month,
        "count": len(days),
        "holidays": [
            {
                "date": day.isoformat(),
                "holiday_name": found.name(day) or "",
                "weekday": WEEKDAYS[day.weekday()],
            }
            for day in days[:8]
        ],
    }


@pack.tool
def next_public_holiday(
    world: World,
    country: VisitedCountry,
    after: Annotated[str | None, Kind("date.day", format="date")] = None,
) -> NextHoliday:
    """Next nationwide public holiday of a country. The first one later than a given day.

    Args:
        country: ISO 3166-1 alpha-2 code of the country.
        after: Day to search from, YYYY-MM-DD, itself left out; today by default.
    """
    found = almanac(country)
    day = found.next_holiday(world.now.date() if after is None else read_date(after))
    return {
        "country_code": found.country.code,
        "country_name": found.country.name,
        "date": day.isoformat(),
        "holiday_name": found.name(day) or "",
    }


@pack.tool
def next_long_weekend(
    world: World,
    country: Country,
    after: Annotated[str | None, Kind("date.day", format="date")] = None,
) -> LongWeekend:
    """Next long weekend in a country. Three or more days off in a row around a public holiday.

    Args:
        country: ISO 3166-1 alpha-2 code of the country.
        after: Day to search from, YYYY-MM-DD; the first day off is later. Today by default.
    """
    found = almanac(country)
    start = world.now.date() if after is None else read_date(after)
    holiday = start
    for _ in range(40):
        holiday = found.next_holiday(holiday)
        first, last = holiday, holiday
        while not found.is_working_day(first - ONE_DAY):
            first -= ONE_DAY
        while not found.is_working_day(last + ONE_DAY):
            last += ONE_DAY
        if first > start and (last - first).days + 1 >= SHORTEST_BREAK:
            return {
                "country_code": found.country.code,
                "country_name": found.country.name,
                "first_day": first.isoformat(),
                "last_day": last.isoformat(),
                "days_off": (last - first).days + 1,
                "holiday_name": found.name(holiday) or "",
            }
    raise ToolError("not_found", f"No long weekend in {found.country.code} after {start}.")


@pack.tool
def festival_date(
    festival: Annotated[Festival, Kind("festival.name")],
    year: Annotated[int, Kind("date.year")],
) -> FestivalDate:
    """Date of a movable feast or traditional festival in a year.

    Args:
        festival: Which festival.
        year: Calendar year, 1950 to 2050.
    """
    if not 1950 <= year <= 2050:
        raise ToolError(
            "invalid_arguments", f"Festivals are on file from 1950 to 2050, not {year}."
        )
    return {
        "festival_name": _NAMES.get(festival, festival.replace("_", " ").title()),
        "year": year,
        "date": date_in(festival, year).isoformat(),
    }


@lru_cache(maxsize=512)
def date_in(festival: Festival, year: int) -> datetime.date:
    """The day of `festival` in `year`."""
    return _festivals()[festival](year)


@lru_cache(maxsize=1)
def _festivals() -> dict[Festival, Callable[[int], datetime.date]]:
    chinese, hindu = _ChineseLunisolar(), _HinduLunisolar()

    def exact(found: tuple[datetime.date | None, bool]) -> datetime.date:
        if found[0] is None:
            raise ToolError("not_found", "The date of that festival in that year is not on file.")
        return found[0]

    def easter_plus(days: int) -> Callable[[int], datetime.date]:
        return lambda year: easter(year) + days * ONE_DAY

    def thanksgiving(year: int) -> datetime.date:
        return nth_weekday(year, 11, 3, 4)

    return {
        "easter_sunday": easter_plus(0),
        "orthodox_easter": lambda year: easter(year, EASTER_ORTHODOX),
        "good_friday": easter_plus(-2),
        "shrove_tuesday": easter_plus(-47),
        "pentecost_sunday": easter_plus(49),
        "mothers_day": lambda year: nth_weekday(year, 5, 6, 2),
        "fathers_day": lambda year: nth_weekday(year, 6, 6, 3),
        "us_thanksgiving": thanksgiving,
        "black_friday": lambda year: thanksgiving(year) + ONE_DAY,
        "chinese_new_year": lambda year: exact(chinese.lunar_new_year_date(year)),
        "lantern_festival": lambda year: exact(chinese.lunar_new_year_date(year)) + 14 * ONE_DAY,
        "qingming_festival": lambda year: exact(chinese.qingming_date(year)),
        "dragon_boat_festival": lambda year: exact(chinese.dragon_boat_date(year)),
        "mid_autumn_festival": lambda year: exact(chinese.mid_autumn_date(year)),
        "double_ninth_festival": lambda year: exact(chinese.double_ninth_date(year)),
        "winter_solstice": lambda year: exact(chinese.winter_solstice_date(year)),
        "diwali_festival": lambda year: exact(hindu.diwali_date(year)),
        "holi_festival": lambda year: exact(hindu.holi_date(year)),
    }


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> datetime.date:
    """The nth given weekday (Monday 0) of a month."""
    first = datetime.date(year, month, 1)
    return first + ((weekday - first.weekday()) % 7 + 7 * (nth - 1)) * ONE_DAY
