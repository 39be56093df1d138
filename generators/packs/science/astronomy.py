"""The sun, the moon, eclipses and meteors."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from datetime import timezone as tz
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from astral import Observer, SunDirection
from astral.sun import dawn, dusk, elevation, golden_hour, sunrise, sunset
from typing_extensions import TypedDict

from callwright.generators.pack import Kind
from callwright.generators.packs.geography.data import find_city
from callwright.generators.packs.science import sky
from callwright.generators.packs.science.tables import tidy
from callwright.schemas.errors import ToolError

OUTDOORS = ("date.festival",)
"""Days that somebody may spend outdoors."""

PHASES = ("new moon", "first quarter", "full moon", "last quarter")
_BETWEEN = ("waxing crescent", "waxing gibbous", "waning gibbous", "waning crescent")
Phase = Literal["new moon", "first quarter", "full moon", "last quarter"]
SEASONS = ("March equinox", "June solstice", "September equinox", "December solstice")
Season = Literal["March equinox", "June solstice", "September equinox", "December solstice"]
SHOWERS = {
    "Quadrantids": (283.15, 80),
    "Lyrids": (32.32, 18),
    "Eta Aquariids": (45.5, 50),
    "Perseids": (140.0, 100),
    "Orionids": (208.0, 20),
    "Leonids": (235.27, 15),
    "Geminids": (262.2, 150),
    "Ursids": (270.7, 10),
}
"""Sun's longitude at the peak (J2000) and usual meteors an hour, after the IMO's calendar."""
Shower = Literal[
    "Quadrantids",
    "Lyrids",
    "Eta Aquariids",
    "Perseids",
    "Orionids",
    "Leonids",
    "Geminids",
    "Ursids",
]
ECLIPSES = {
    "solar": (
        "2024-04-08 total 2024-10-02 annular 2025-03-29 partial 2025-09-21 partial "
        "2026-02-17 annular 2026-08-12 total 2027-02-06 annular 2027-08-02 total "
        "2028-01-26 annular 2028-07-22 total 2029-01-14 partial 2029-06-12 partial "
        "2029-07-11 partial 2029-12-05 partial 2030-06-01 annular 2030-11-25 total "
        "2031-05-21 annular 2031-11-14 hybrid 2032-05-09 annular 2032-11-03 partial"
    ),
    "lunar": (
        "2024-03-25 penumbral 2024-09-18 partial 2025-03-14 total 2025-09-07 total "
        "2026-03-03 total 2026-08-28 partial 2027-02-20 penumbral 2027-07-18 penumbral "
        "2027-08-17 penumbral 2028-01-12 partial 2028-07-06 partial 2028-12-31 total "
        "2029-06-26 total 2029-12-20 total 2030-06-15 partial 2030-12-09 penumbral "
        "2031-05-07 penumbral 2031-06-05 penumbral 2031-10-30 penumbral 2032-04-25 total "
        "2032-10-18 total"
    ),
}
"""UTC dates and kinds of eclipses, after NASA's catalogues."""

OutdoorCity = Annotated[str, Kind("city.name")]
LightDay = Annotated[str, Kind("date.day", format="date")]


class SunTimes(TypedDict):
    city: Annotated[str, Kind("city.label")]
    date: Annotated[str, Kind("date.label", format="date")]
    dawn: Annotated[str | None, Kind("time.dawn", format="time")]
    sunrise: Annotated[str, Kind("time.sunrise", format="time")]
    sunset: Annotated[str, Kind("time.sunset", format="time")]
    dusk: Annotated[str | None, Kind("time.dusk", format="time")]


def sun_times(city: OutdoorCity, date: LightDay) -> SunTimes:
    """Work out sunrise, sunset, civil dawn and dusk in a city on a day, in local time.

    Args:
        city: English name of the city.
        date: Day, YYYY-MM-DD.
    """
    name, observer, zone = _city(city)
    day = _day(date)
    try:
        rise = sunrise(observer, day, tzinfo=zone)
        fall = sunset(observer, day, tzinfo=zone)
    except ValueError as error:
        raise ToolError(
            "not_found", f"In {name} the sun does not both rise and set on {date}."
        ) from error
    if not rise.date() == fall.date() == day:
        raise ToolError("not_found", f"In {name} the sun does not both rise and set on {date}.")
    edges: list[str | None] = []
    for edge in (dawn, dusk):
        try:
            edges.append(_clock(_minute(edge(observer, day, tzinfo=zone))))
        except ValueError:
            edges.append(None)
    return {
        "city": name,
        "date": date,
        "dawn": edges[0],
        "sunrise": _clock(_minute(rise)),
        "sunset": _clock(_minute(fall)),
        "dusk": edges[1],
    }


class GoldenHour(TypedDict):
    city: Annotated[str, Kind("city.label")]
    date: Annotated[str, Kind("date.label", format="date")]
    starts_at: Annotated[str, Kind("time.golden_start", format="time")]
    ends_at: Annotated[str, Kind("time.golden_end", format="time")]


def evening_golden_hour(city: OutdoorCity, date: LightDay) -> GoldenHour:
    """Work out when the evening golden hour begins and ends in a city on a day, in local time.

    It is the soft light photographers like: the sun between 6 degrees above and 4 below the
    horizon.

    Args:
        city: English name of the city.
        date: Day, YYYY-MM-DD.
    """
    name, observer, zone = _city(city)
    day = _day(date)
    try:
        start, end = golden_hour(observer, day, direction=SunDirection.SETTING, tzinfo=zone)
    except ValueError as error:
        raise ToolError(
            "not_found", f"There is no evening golden hour in {name} on {date}."
        ) from error
    return {
        "city": name,
        "date": date,
        "starts_at": _clock(_minute(start)),
        "ends_at": _clock(_minute(end)),
    }


class DayLength(TypedDict):
    date: Annotated[str, Kind("date.label", format="date")]
    daylight_minutes: Annotated[int, Kind("duration.daylight")]
    hours: int
    minutes: int


def day_length(
    latitude: Annotated[float, Kind("geo.latitude")],
    longitude: Annotated[float, Kind("geo.longitude", along="latitude")],
    date: Annotated[str, Kind("date.day", accepts=("date.season",), format="date")],
) -> DayLength:
    """Work out how long the sun is up at a place on a day.

    Args:
        latitude: Latitude in degrees, north positive.
        longitude: Longitude in degrees, east positive.
        date: Day, YYYY-MM-DD.
    """
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ToolError("invalid_arguments", f"No such place: {latitude}, {longitude}.")
    observer, day = Observer(latitude, longitude, 0), _day(date)
    try:
        # Local mean time keeps both on the same day, wherever the place is.
        zone = tz(timedelta(minutes=round(longitude * 4)))
        gap = sunset(observer, day, tzinfo=zone) - sunrise(observer, day, tzinfo=zone)
        length = round(gap.total_seconds() / 60)
    except ValueError:
        length = 1440 if elevation(observer, _noon(day, longitude)) > 0 else 0
    return {
        "date": date,
        "daylight_minutes": length,
        "hours": length // 60,
        "minutes": length % 60,
    }


class MoonPhase(TypedDict):
    date: Annotated[str, Kind("date.label", format="date")]
    phase: Annotated[str, Kind("moon.phase")]
    illuminated_percent: int
    age_days: float


def moon_phase(
    date: Annotated[str, Kind("date.day", accepts=(*OUTDOORS, "date.meteors"), format="date")],
) -> MoonPhase:
    """Tell the phase of the moon on a day and how much of its disc is lit, at noon UTC.

    Args:
        date: Day, YYYY-MM-DD.
    """
    day = _day(date)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    age = sky.moon_age(noon)
    name = _BETWEEN[min(3, int(age / sky.SYNODIC * 4))]
    for number, phase in enumerate(PHASES):
        if sky.next_phase(day, number).date() == day:
            name = phase
    return {
        "date": date,
        "phase": name,
        "illuminated_percent": round(100 * sky.moon_illumination(noon)),
        "age_days": tidy(age, 1),
    }


class NextPhase(TypedDict):
    after: Annotated[str, Kind("date.label", format="date")]
    phase: Annotated[Phase, Kind("moon.main_phase")]
    date: Annotated[str, Kind("date.moon", format="date")]
    time_utc: Annotated[str, Kind("time.utc", format="time")]
    days_until: int


def next_moon(
    after: Annotated[str, Kind("date.day", format="date")],
    phase: Annotated[Phase, Kind("moon.main_phase")],
) -> NextPhase:
    """Find the first new moon, full moon or quarter on or after a day. Dates are UTC.

    Args:
        after: Day from which to look, YYYY-MM-DD.
        phase: Phase to look for.
    """
    day = _day(after)
    moment = _minute(sky.next_phase(day, PHASES.index(phase)))
    return {
        "after": after,
        "phase": phase,
        "date": moment.date().isoformat(),
        "time_utc": _clock(moment),
        "days_until": (moment.date() - day).days,
    }


class SeasonStart(TypedDict):
    year: int
    event: Annotated[Season, Kind("season.event")]
    date: Annotated[str, Kind("date.season", format="date")]
    time_utc: Annotated[str, Kind("time.utc", format="time")]


def season_start(
    year: Annotated[int, Kind("year.sky")], event: Annotated[Season, Kind("season.event")]
) -> SeasonStart:
    """Find the day of an equinox or solstice in a year. Dates are UTC.

    Args:
        year: Year, 1900 to 2100.
        event: Which equinox or solstice.
    """
    _year(year)
    moment = _minute(sky.season_at(year, SEASONS.index(event)))
    return {
        "year": year,
        "event": event,
        "date": moment.date().isoformat(),
        "time_utc": _clock(moment),
    }


class MeteorPeak(TypedDict):
    shower: Annotated[Shower, Kind("meteor.shower")]
    year: int
    date: Annotated[str, Kind("date.meteors", format="date")]
    time_utc: Annotated[str, Kind("time.utc", format="time")]
    usual_hourly_rate: int


def meteor_shower(
    shower: Annotated[Shower, Kind("meteor.shower")], year: Annotated[int, Kind("year.sky")]
) -> MeteorPeak:
    """Find the day on which a meteor shower peaks in a year. Dates are UTC.

    The rate is what a perfect dark sky would show in an hour.

    Args:
        shower: Meteor shower.
        year: Year, 1900 to 2100.
    """
    _year(year)
    longitude, rate = SHOWERS[shower]
    moment = _minute(sky.when_sun_at(longitude, year))
    return {
        "shower": shower,
        "year": year,
        "date": moment.date().isoformat(),
        "time_utc": _clock(moment),
        "usual_hourly_rate": rate,
    }


class Eclipse(TypedDict):
    after: Annotated[str, Kind("date.label", format="date")]
    body: Annotated[Literal["solar", "lunar"], Kind("eclipse.body")]
    date: Annotated[str, Kind("date.eclipse", format="date")]
    eclipse_type: Annotated[str, Kind("eclipse.type")]
    days_until: int


def next_eclipse(
    after: Annotated[str, Kind("date.day", format="date")],
    body: Annotated[Literal["solar", "lunar"], Kind("eclipse.body")],
) -> Eclipse:
    """Find the first eclipse of the sun or the moon anywhere on or after a day, up to 2032.

    Dates are UTC, after NASA's catalogues.

    Args:
        after: Day from which to look, YYYY-MM-DD.
        body: Eclipse of the sun (solar) or of the moon (lunar).
    """
    day = _day(after)
    for when, kind in _eclipses(body):
        if day <= when and day.year >= 2024:
            return {
                "after": after,
                "body": body,
                "date": when.isoformat(),
                "eclipse_type": kind,
                "days_until": (when - day).days,
            }
    raise ToolError("not_found", f"No {body} eclipse on record from {after} on.")


@lru_cache(maxsize=2)
def _eclipses(body: str) -> list[tuple[date, str]]:
    words = ECLIPSES[body].split()
    return [
        (date.fromisoformat(when), kind) for when, kind in zip(words[::2], words[1::2], strict=True)
    ]


@lru_cache(maxsize=512)
def _city(name: str) -> tuple[str, Observer, ZoneInfo]:
    found = find_city(name)
    return found.name, Observer(found.latitude, found.longitude, 0), ZoneInfo(found.timezone)


def _noon(day: date, longitude: float) -> datetime:
    """About when the sun stands highest."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - timedelta(
        minutes=round(longitude * 4)
    )


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ToolError("invalid_arguments", f"{text} is no date.") from error
    _year(day.year)
    return day


def _year(year: int) -> None:
    if not 1900 <= year <= 2100:
        raise ToolError("invalid_arguments", "The year must lie between 1900 and 2100.")


def _clock(moment: datetime) -> str:
    return moment.strftime("%H:%M")


def _minute(moment: datetime) -> datetime:
    """To the nearest minute."""
    return (moment + timedelta(seconds=30)).replace(second=0, microsecond=0)


TOOLS = (
    sun_times,
    evening_golden_hour,
    day_length,
    moon_phase,
    next_moon,
    season_start,
    meteor_shower,
    next_eclipse,
)
