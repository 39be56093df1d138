"""Tools that count days and years; no country's calendar matters to them."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from dateutil.relativedelta import relativedelta
from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.calendar.base import (
    LAST_YEAR,
    WEEKDAYS,
    DateLabel,
    Weekday,
    pack,
    read_date,
)
from callwright.schemas.errors import ToolError

AWAITED = ("date.flight", "date.checkin", "date.festival", "date.event", "date.contract")
"""Days people prepare for and count down to."""
HAPPENING = (
    "date.flight",
    "date.checkin",
    "date.holiday",
    "date.festival",
    "date.eclipse",
    "date.meteors",
    "date.delivery",
    "date.due",
    "date.payment",
    "date.landed",
    "date.cancel_by",
    "date.anniversary",
    "date.moon",
    "date.event",
    "date.task_due",
)
"""Days on which something happens, so that the day of the week matters."""
LONGEST = 1200
_WHICH = ("first", "second", "third", "fourth")

Unit = Literal["days", "weeks", "months"]
Amount = Annotated[int, Kind("count.span")]
ShortUnit = Literal["days", "weeks"]
Which = Literal["first", "second", "third", "fourth", "last"]


class Span(TypedDict):
    earlier_date: DateLabel
    later_date: DateLabel
    days: Annotated[int, Kind("count.days")]
    full_weeks: int
    remaining_days: int


class Deadline(TypedDict):
    start_date: DateLabel
    amount: int
    unit: Annotated[Unit, Kind("calendar.unit_label")]
    date: Annotated[str, Kind("date.deadline", format="date")]


class Reminder(TypedDict):
    target_date: DateLabel
    amount: int
    unit: Annotated[ShortUnit, Kind("calendar.unit_label")]
    date: Annotated[str, Kind("date.reminder", format="date")]


class DayName(TypedDict):
    date: DateLabel
    weekday: Annotated[Weekday, Kind("weekday.found")]
    day_of_year: int


class WeekNumber(TypedDict):
    date: DateLabel
    iso_year: int
    iso_week: Annotated[int, Kind("count.iso_week")]
    week_starts: DateLabel
    week_ends: DateLabel


class Planned(TypedDict):
    which: Annotated[Which, Kind("calendar.which_label")]
    weekday: Annotated[Weekday, Kind("weekday.found")]
    month: Annotated[str, Kind("date.month_label")]
    date: Annotated[str, Kind("date.planned", format="date")]


class Age(TypedDict):
    birth_date: DateLabel
    on_date: DateLabel
    years: Annotated[int, Kind("count.age")]
    days_since_birthday: int


class Anniversary(TypedDict):
    first_date: DateLabel
    date: Annotated[str, Kind("date.anniversary", format="date")]
    years: Annotated[int, Kind("count.years")]


@pack.tool
def days_between(
    start_date: Annotated[
        str,
        Kind("date.count_from", format="date"),
    ],
    end_date: Annotated[
        str,
        Kind(
            "date.day",
            accepts=(
                "date.due",
                "date.payment",
                "date.task_due",
                "date.expiry",
                "date.holiday",
                "date.holiday_listed",
                *AWAITED,
            ),
            format="date",
        ),
    ],
) -> Span:
    """Number of days between two dates. In whichever order they are given.

    Args:
        start_date: One day, YYYY-MM-DD.
        end_date: The other day, YYYY-MM-DD.
    """
    earlier, later = sorted((read_date(start_date), read_date(end_date)))
    if earlier == later:
        raise ToolError("invalid_arguments", f"Both dates are {start_date}; they must differ.")
    days = (later - earlier).days
    return {
        "earlier_date": earlier.isoformat(),
        "later_date": later.isoformat(),
        "days": days,
        "full_weeks": days // 7,
        "remaining_days": days % 7,
    }


@pack.tool
def date_after(
    start_date: Annotated[str, Kind("date.day", format="date")],
    amount: Amount,
    unit: Annotated[Unit, Kind("calendar.unit")],
) -> Deadline:
    """Date a number of days, weeks or months after a date. Ends of months are kept sensible.

    Args:
        start_date: Day to start from, YYYY-MM-DD.
        amount: How many units later, 1 to 1200.
        unit: Unit to count in.
    """
    day = _moved(read_date(start_date), amount, unit)
    return {"start_date": start_date, "amount": amount, "unit": unit, "date": day.isoformat()}


@pack.tool
def date_before(
    target_date: Annotated[str, Kind("date.day", accepts=AWAITED, format="date")],
    amount: Amount,
    unit: Annotated[ShortUnit, Kind("calendar.short_unit")],
) -> Reminder:
    """Date a number of days or weeks before a date.

    Args:
        target_date: Day to count back from, YYYY-MM-DD.
        amount: How many units earlier, 1 to 1200.
        unit: Unit to count in.
    """
    day = _moved(read_date(target_date), -amount, unit)
    return {"target_date": target_date, "amount": amount, "unit": unit, "date": day.isoformat()}


@pack.tool
def weekday_of(
    date: Annotated[
        str,
        Kind("date.day", accepts=(*HAPPENING, "date.deadline"), format="date"),
    ],
) -> DayName:
    """Day of the week that a date falls on.

    Args:
        date: Day in question, YYYY-MM-DD.
    """
    day = read_date(date)
    return {
        "date": day.isoformat(),
        "weekday": WEEKDAYS[day.weekday()],
        "day_of_year": day.timetuple().tm_yday,
    }


@pack.tool
def calendar_week(
    date: Annotated[
        str,
        Kind(
            "date.day",
            accepts=("date.festival",),
            format="date",
        ),
    ],
) -> WeekNumber:
    """ISO 8601 week that a date lies in. Weeks run from Monday to Sunday.

    Args:
        date: Day in question, YYYY-MM-DD.
    """
    day = read_date(date)
    year, week, weekday = day.isocalendar()
    monday = day - datetime.timedelta(days=weekday - 1)
    return {
        "date": day.isoformat(),
        "iso_year": year,
        "iso_week": week,
        "week_starts": monday.isoformat(),
        "week_ends": (monday + datetime.timedelta(days=6)).isoformat(),
    }


@pack.tool
def weekday_in_month(
    which: Annotated[Which, Kind("calendar.which")],
    weekday: Annotated[Weekday, Kind("weekday.name")],
    month: Annotated[str, Kind("date.month")],
) -> Planned:
    """Date of one given weekday of a month. Counted from its start, or the last one.

    Args:
        which: Which of them.
        weekday: Day of the week wanted.
        month: Month, YYYY-MM.
    """
    first = read_date(f"{month}-01")
    ahead = (WEEKDAYS.index(weekday) - first.weekday()) % 7
    days = [first + datetime.timedelta(days=ahead + 7 * n) for n in range(5)]
    chosen = [day for day in days if day.month == first.month]
    return {
        "which": which,
        "weekday": weekday,
        "month": month,
        "date": (chosen[-1] if which == "last" else chosen[_WHICH.index(which)]).isoformat(),
    }


@pack.tool
def age_on(
    birth_date: Annotated[str, Kind("date.birth", format="date")],
    on_date: Annotated[
        str,
        Kind("date.day", format="date"),
    ],
) -> Age:
    """Age in full years of somebody on a given day.

    Args:
        birth_date: Day of birth, YYYY-MM-DD.
        on_date: Day the age is wanted for, YYYY-MM-DD.
    """
    born, day = read_date(birth_date), read_date(on_date)
    if day < born:
        raise ToolError("invalid_arguments", f"{on_date} is before the birth on {birth_date}.")
    years = relativedelta(day, born).years
    birthday = born + relativedelta(years=years)
    return {
        "birth_date": born.isoformat(),
        "on_date": day.isoformat(),
        "years": years,
        "days_since_birthday": (day - birthday).days,
    }


@pack.tool
def next_anniversary(
    world: World,
    first_date: Annotated[str, Kind("date.past", format="date")],
) -> Anniversary:
    """Next anniversary of a date, from today on. 29 February is kept on 28 February.

    Args:
        first_date: Day that is celebrated, YYYY-MM-DD.
    """
    first = read_date(first_date)
    start = world.now.date()
    if start < first:
        raise ToolError("invalid_arguments", f"{first_date} is still to come.")
    years = relativedelta(start, first).years
    day = first + relativedelta(years=years)
    while day <= start:
        years += 1
        day = first + relativedelta(years=years)
    return {"first_date": first.isoformat(), "date": day.isoformat(), "years": years}


def _moved(day: datetime.date, amount: int, unit: Unit) -> datetime.date:
    if not 1 <= abs(amount) <= LONGEST:
        raise ToolError("invalid_arguments", f"Count 1 to {LONGEST} {unit}.")
    steps = {
        "days": relativedelta(days=amount),
        "weeks": relativedelta(weeks=amount),
        "months": relativedelta(months=amount),
    }
    moved = day + steps[unit]
    if moved.year > LAST_YEAR:
        raise ToolError("invalid_arguments", f"That is beyond {LAST_YEAR}.")
    return moved
