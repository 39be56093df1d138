"""The pack object, the kinds its modules share, and readers of dates and times."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from callwright.generators.pack import Kind, Pack
from callwright.schemas.errors import ToolError

pack = Pack(
    "calendar",
    about="Time zones, public holidays, working days, deadlines and anniversaries.",
    data="holidays 0.109 (MIT), tzdata 2026.6 (public domain), python-dateutil 2.9 (BSD), "
    "CLDR 48 (Unicode)",
)

# Echoes of what was asked about: nothing takes them as input.
DateLabel = Annotated[str, Kind("date.label", format="date")]
TimeLabel = Annotated[str, Kind("time.label", format="time")]
CountryLabel = Annotated[str, Kind("country.name")]
HolidayLabel = Annotated[str, Kind("holiday.name")]
ZoneLabel = Annotated[str, Kind("timezone.label")]

Country = Annotated[str, Kind("country.code")]
VisitedCountry = Annotated[str, Kind("country.code")]
BusinessCountry = Annotated[str, Kind("country.code")]
Zone = Annotated[str, Kind("timezone.name")]
AnyZone = Annotated[str, Kind("timezone.name", accepts=("timezone.phone",))]

Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WEEKDAYS: tuple[Weekday, ...] = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)

FIRST_YEAR, LAST_YEAR = 1900, 2099


def read_date(value: str) -> datetime.date:
    """The day an argument names.

    Raises:
        ToolError: invalid_arguments.
    """
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        raise ToolError("invalid_arguments", f"{value} is not a date written YYYY-MM-DD.") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ToolError(
            "invalid_arguments", f"{value} is outside the years {FIRST_YEAR} to {LAST_YEAR}."
        )
    return day


def read_time(value: str) -> datetime.time:
    """The time of day an argument names, to the minute.

    Raises:
        ToolError: invalid_arguments.
    """
    try:
        return datetime.datetime.strptime(value, "%H:%M").time()  # noqa: DTZ007 - a wall clock
    except ValueError:
        raise ToolError("invalid_arguments", f"{value} is not a time written HH:MM.") from None
