"""The calendar's tools agree with known facts."""

from __future__ import annotations

import datetime
import random
from typing import Any

import pytest

from callwright.generators.pack import World
from callwright.generators.packs.calendar.almanac import Almanac, almanac, plain_name
from callwright.generators.packs.calendar.tools import pack
from callwright.generators.packs.geography.data import countries
from callwright.schemas.errors import ToolError
from callwright.schemas.surface import terms

NOW = datetime.datetime(2026, 4, 20, 9, 30, tzinfo=datetime.UTC)
WORLD = World(1, NOW)


def call(name: str, **arguments: Any) -> Any:
    function = pack.functions[name]
    return function.run(WORLD, **arguments) if function.takes_world else function.run(**arguments)


# ------------------------------------------------------------------- clocks


def test_the_clock_is_the_rows_own() -> None:
    found = call("current_local_time", timezone="Asia/Tokyo")
    assert (found["local_date"], found["local_time"]) == ("2026-04-20", "18:30")
    assert found["utc_offset"] == "UTC+09:00"


def test_converting_knows_daylight_saving() -> None:
    arguments = {"from_timezone": "Europe/Paris", "to_timezone": "America/New_York"}
    # Between the American and the European change of clocks the difference is five hours.
    march = call("convert_time", date="2026-03-20", time="18:00", **arguments)
    april = call("convert_time", date="2026-04-20", time="18:00", **arguments)
    assert (march["to_time"], april["to_time"]) == ("13:00", "12:00")


def test_converting_may_change_the_day() -> None:
    found = call(
        "convert_time",
        date="2026-05-03",
        time="21:00",
        from_timezone="America/Los_Angeles",
        to_timezone="Pacific/Auckland",
    )
    assert (found["to_date"], found["to_time"]) == ("2026-05-04", "16:00")
    assert found["to_timezone_name"] == "New Zealand Time"


def test_a_recorded_timestamp_is_converted_likewise() -> None:
    found = call(
        "timestamp_in_zone",
        timestamp="2026-05-03T09:30",
        from_timezone="Europe/Paris",
        to_timezone="Asia/Kolkata",
    )
    assert (found["to_date"], found["to_time"]) == ("2026-05-03", "13:00")


@pytest.mark.parametrize(("day", "hours"), [("2026-01-15", 10), ("2026-07-15", 8), (None, 8)])
def test_the_time_difference_depends_on_the_day(day: str | None, hours: float) -> None:
    found = call(
        "time_difference",
        first_timezone="Europe/Paris",
        second_timezone="Australia/Sydney",
        date=day,
    )
    assert found["difference_hours"] == hours


def test_half_hours_count() -> None:
    zones = {"first_timezone": "Europe/Paris", "second_timezone": "Asia/Kolkata"}
    assert call("time_difference", **zones)["difference_hours"] == 3.5


def test_office_hours_overlap_where_they_can() -> None:
    paris = {"first_timezone": "Europe/Paris", "date": "2026-05-04"}
    both = call("office_hours_overlap", second_timezone="America/New_York", **paris)
    assert both["overlap_minutes"] == 120
    assert (both["first_start"], both["first_end"]) == ("15:00", "17:00")
    assert (both["second_start"], both["second_end"]) == ("09:00", "11:00")
    with pytest.raises(ToolError, match="never open"):
        call("office_hours_overlap", second_timezone="Pacific/Auckland", **paris)


def test_office_hours_meet_across_the_date_line() -> None:
    found = call(
        "office_hours_overlap",
        first_timezone="America/Los_Angeles",
        second_timezone="Pacific/Auckland",
        date="2026-05-04",
    )
    # 14:00 on Monday in California is 09:00 on Tuesday in New Zealand.
    assert (found["first_start"], found["second_start"]) == ("14:00", "09:00")
    assert found["overlap_minutes"] == 180


# ----------------------------------------------------------------- holidays


def test_the_third_working_day_in_japan_skips_golden_week() -> None:
    found = call("nth_working_day", country="JP", start_date="2026-04-28", working_days=3)
    assert found["date"] == "2026-05-07"


@pytest.mark.parametrize(
    ("country", "after", "date", "name"),
    [
        ("JP", None, "2026-04-29", "Showa Day"),
        ("FR", "2026-07-01", "2026-07-14", "National Day"),
        ("US", "2026-11-01", "2026-11-11", "Veterans Day"),
        ("DE", "2026-10-03", "2026-12-25", "Christmas Day"),
        ("GB", "2026-12-28", "2027-01-01", "New Year's Day"),
    ],
)
def test_the_next_holiday(country: str, after: str | None, date: str, name: str) -> None:
    found = call("next_public_holiday", country=country, after=after)
    assert (found["date"], found["holiday_name"]) == (date, name)


def test_the_holidays_of_a_month_come_in_order() -> None:
    found = call("public_holidays_in_month", country="JP", month="2026-05")
    assert [h["date"] for h in found["holidays"]] == [f"2026-05-0{d}" for d in (3, 4, 5, 6)]
    assert found["holidays"][0]["weekday"] == "Sunday"
    assert call("public_holidays_in_month", country="JP", month="2026-06")["holidays"] == []


@pytest.mark.parametrize(
    ("country", "after", "first", "last"),
    [
        ("US", None, "2026-05-23", "2026-05-25"),
        ("CN", None, "2026-05-01", "2026-05-05"),
        ("EG", "2026-04-20", "2026-05-26", "2026-05-30"),
    ],
)
def test_the_next_long_weekend(country: str, after: str | None, first: str, last: str) -> None:
    found = call("next_long_weekend", country=country, after=after)
    assert (found["first_day"], found["last_day"]) == (first, last)


@pytest.mark.parametrize(
    ("country", "date", "kind"),
    [
        ("FR", "2026-05-14", "public holiday"),
        ("FR", "2026-05-16", "weekend day"),
        ("FR", "2026-05-15", "working day"),
        ("SA", "2026-06-12", "weekend day"),  # a Friday
        ("CN", "2026-05-09", "working day"),  # a Saturday worked in exchange
    ],
)
def test_what_kind_of_day_it_is(country: str, date: str, kind: str) -> None:
    assert call("check_day", country=country, date=date)["day_type"] == kind


def test_working_days_between_two_days() -> None:
    found = call(
        "working_days_between", country="FR", start_date="2026-05-01", end_date="2026-06-01"
    )
    # 21 weekdays, without VE Day, Ascension Day and Whit Monday.
    assert (found["working_days"], found["public_holidays"]) == (18, 3)


@pytest.mark.parametrize(
    ("festival", "year", "date"),
    [
        ("easter_sunday", 2026, "2026-04-05"),
        ("orthodox_easter", 2026, "2026-04-12"),
        ("good_friday", 2027, "2027-03-26"),
        ("shrove_tuesday", 2026, "2026-02-17"),
        ("pentecost_sunday", 2026, "2026-05-24"),
        ("mothers_day", 2026, "2026-05-10"),
        ("fathers_day", 2026, "2026-06-21"),
        ("us_thanksgiving", 2026, "2026-11-26"),
        ("black_friday", 2026, "2026-11-27"),
        ("chinese_new_year", 2026, "2026-02-17"),
        ("lantern_festival", 2026, "2026-03-03"),
        ("qingming_festival", 2026, "2026-04-05"),
        ("dragon_boat_festival", 2026, "2026-06-19"),
        ("mid_autumn_festival", 2026, "2026-09-25"),
        ("double_ninth_festival", 2026, "2026-10-18"),
        ("winter_solstice", 2026, "2026-12-22"),
        ("diwali_festival", 2026, "2026-11-08"),
        ("holi_festival", 2026, "2026-03-04"),
    ],
)
def test_movable_feasts(festival: str, year: int, date: str) -> None:
    assert call("festival_date", festival=festival, year=year)["date"] == date


def test_a_year_does_not_depend_on_what_was_asked_before() -> None:
    # New Year's Day 2028 is a Saturday: Friday, 31 December 2027 is off in the US.
    usa = countries()["US"]
    before, after = Almanac(usa), Almanac(usa)
    after.year(2028)
    assert before.year(2027) == after.year(2027)
    assert before.year(2027)[-1] == datetime.date(2027, 12, 31)


def test_remarks_of_the_library_become_plain() -> None:
    assert plain_name("Eid al-Fitr (estimated)") == "Eid al-Fitr"
    assert plain_name("Christmas Day (observed)") == "Christmas Day (observed)"
    assert plain_name("Chakri Memorial Day (in lieu)") == "Chakri Memorial Day (observed)"
    assert plain_name("Day off (substituted from 02/14/2026)") == "Day off in lieu"
    assert plain_name("Day off (substituted from 02/14/2026); Tet") == "Tet"


def test_every_coming_holiday_has_a_chinese_name() -> None:
    for code in countries():
        days = almanac(code)
        for year in (2025, 2026, 2027):
            assert days.year(year), code
            for day in days.year(year):
                assert terms.names_of(days.name(day), "holiday.name", "zh"), (code, day)


# --------------------------------------------------------------------- days


def test_days_between_are_counted_in_either_order() -> None:
    found = call("days_between", start_date="2026-06-01", end_date="2026-05-01")
    assert (found["earlier_date"], found["days"]) == ("2026-05-01", 31)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "date"),
    [
        ("2026-01-31", 1, "months", "2026-02-28"),
        ("2026-12-30", 3, "days", "2027-01-02"),
        ("2026-05-03", 2, "weeks", "2026-05-17"),
    ],
)
def test_terms_run_to_sensible_days(start: str, amount: int, unit: str, date: str) -> None:
    found = call("date_after", start_date=start, amount=amount, unit=unit)
    assert found["date"] == date


def test_counting_back() -> None:
    found = call("date_before", target_date="2026-05-14", amount=2, unit="weeks")
    assert found["date"] == "2026-04-30"


def test_weekdays_and_weeks() -> None:
    assert call("weekday_of", date="2026-05-14")["weekday"] == "Thursday"
    week = call("calendar_week", date="2027-01-01")
    assert (week["iso_year"], week["iso_week"]) == (2026, 53)
    assert (week["week_starts"], week["week_ends"]) == ("2026-12-28", "2027-01-03")


@pytest.mark.parametrize(
    ("which", "weekday", "date"),
    [
        ("first", "Friday", "2026-05-01"),
        ("second", "Thursday", "2026-05-14"),
        ("fourth", "Sunday", "2026-05-24"),
        ("last", "Sunday", "2026-05-31"),
    ],
)
def test_weekdays_of_a_month(which: str, weekday: str, date: str) -> None:
    found = call("weekday_in_month", which=which, weekday=weekday, month="2026-05")
    assert found["date"] == date


def test_ages_turn_on_the_birthday() -> None:
    assert call("age_on", birth_date="2014-05-14", on_date="2026-05-13")["years"] == 11
    assert call("age_on", birth_date="2014-05-14", on_date="2026-05-14")["years"] == 12


def test_anniversaries_of_leap_days() -> None:
    found = call("next_anniversary", first_date="2004-02-29")
    assert (found["date"], found["years"]) == ("2027-02-28", 23)
    assert call("next_anniversary", first_date="2001-04-20")["date"] == "2027-04-20"


# ----------------------------------------------------------------- failures


@pytest.mark.parametrize(
    ("name", "arguments", "kind"),
    [
        ("current_local_time", {"timezone": "Europe/Atlantis"}, "not_found"),
        ("current_local_time", {"timezone": "../etc/passwd"}, "not_found"),
        ("next_public_holiday", {"country": "XX"}, "not_found"),
        ("next_public_holiday", {"country": "FR", "after": "2051-01-01"}, "not_found"),
        ("next_long_weekend", {"country": "FR", "after": "2050-12-31"}, "not_found"),
        ("public_holidays_in_month", {"country": "FR", "month": "2026-13"}, "invalid_arguments"),
        ("weekday_of", {"date": "2026-02-30"}, "invalid_arguments"),
        ("weekday_of", {"date": "1066-10-14"}, "invalid_arguments"),
        ("festival_date", {"festival": "holi_festival", "year": 1900}, "invalid_arguments"),
        (
            "convert_time",
            {
                "date": "2026-05-03",
                "time": "25:00",
                "from_timezone": "Europe/Paris",
                "to_timezone": "Asia/Tokyo",
            },
            "invalid_arguments",
        ),
        (
            "time_difference",
            {"first_timezone": "Europe/Paris", "second_timezone": "Europe/Paris"},
            "invalid_arguments",
        ),
        (
            "nth_working_day",
            {"country": "FR", "start_date": "2026-05-01", "working_days": 0},
            "invalid_arguments",
        ),
        (
            "working_days_between",
            {"country": "FR", "start_date": "2026-05-02", "end_date": "2026-05-01"},
            "invalid_arguments",
        ),
        (
            "working_days_between",
            {"country": "FR", "start_date": "2020-05-02", "end_date": "2026-05-01"},
            "invalid_arguments",
        ),
        (
            "days_between",
            {"start_date": "2026-05-01", "end_date": "2026-05-01"},
            "invalid_arguments",
        ),
        (
            "date_after",
            {"start_date": "2026-05-01", "amount": 0, "unit": "days"},
            "invalid_arguments",
        ),
        (
            "date_after",
            {"start_date": "2026-05-01", "amount": 1200, "unit": "months"},
            "invalid_arguments",
        ),
        ("age_on", {"birth_date": "2026-05-01", "on_date": "2025-05-01"}, "invalid_arguments"),
        ("next_anniversary", {"first_date": "2026-05-01"}, "invalid_arguments"),
    ],
)
def test_failures_name_the_value(name: str, arguments: dict[str, Any], kind: str) -> None:
    with pytest.raises(ToolError) as failure:
        call(name, **arguments)
    assert failure.value.kind == kind


# ------------------------------------------------------------------- values


def test_said_days_lie_near_the_rows_clock_and_in_order() -> None:
    rng, sample = random.Random(5), pack.values["date.day"].sample
    for _ in range(200):
        first = sample(WORLD, rng, {})
        assert "2026-02-01" < str(first) < "2026-12-31"
        assert str(sample(WORLD, rng, {"date.day": first})) > str(first)


def test_said_months_have_holidays_where_the_country_is_known() -> None:
    rng, sample = random.Random(5), pack.values["date.month"].sample
    for context in ({"country.code": "FR"}, {"city.name": "Kyoto"}):
        for _ in range(50):
            country = "FR" if "country.code" in context else "JP"
            month = str(sample(WORLD, rng, context))
            assert call("public_holidays_in_month", country=country, month=month)["count"]


def test_other_holidays_of_a_country_are_holidays() -> None:
    rng, sample = random.Random(5), pack.values["date.holiday"].sample
    day = sample(WORLD, rng, {"country.code": "JP"})
    assert call("check_day", country="JP", date=day)["day_type"] == "public holiday"
