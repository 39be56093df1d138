"""Which days are off in which country: the `holidays` library, cached and with plain names."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

import holidays

from callwright.generators.packs.geography.data import Country, find_country
from callwright.schemas.errors import ToolError

FIRST_YEAR, LAST_YEAR = 2000, 2050
"""Beyond these the library's tables of lunar feasts and substitute days thin out."""

ONE_DAY = datetime.timedelta(days=1)

_ESTIMATED = re.compile(r" \(estimated\)$")
_OBSERVED = re.compile(r" \((observed|in lieu|observed, estimated)\)$")
_SUBSTITUTE = re.compile(r"Day off \(substituted from .*\)$")


class Almanac:
    """One country's nationwide days off.

    Args:
        country: one of the gazetteer's.
    """

    def __init__(self, country: Country) -> None:
        self.country = country
        languages = getattr(holidays, country.code).supported_languages or ()
        self._language = "en_US" if "en_US" in languages else None
        self._years: dict[int, tuple[holidays.HolidayBase, tuple[datetime.date, ...]]] = {}

    def _year(self, year: int) -> tuple[holidays.HolidayBase, tuple[datetime.date, ...]]:
        """What the library knows about a year, whatever was asked before.

        A substitute day may stand in the year before or after its holiday's, and the library's
        own lazy growth would show it only once that year has been looked at.
        """
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ToolError(
                "not_found", f"Holidays are on file from {FIRST_YEAR} to {LAST_YEAR}, not {year}."
            )
        if year not in self._years:
            found = holidays.country_holidays(
                self.country.code,
                years=(year - 1, year, year + 1),
                expand=False,
                language=self._language,
            )
            self._years[year] = found, tuple(sorted(d for d in found if d.year == year))
        return self._years[year]

    def year(self, year: int) -> tuple[datetime.date, ...]:
        """The public holidays of a year in order."""
        return self._year(year)[1]

    def name(self, day: datetime.date) -> str | None:
        """What is celebrated on `day`; None on an ordinary day."""
        text = self._year(day.year)[0].get(day)
        return plain_name(text) if text else None

    def is_working_day(self, day: datetime.date) -> bool:
        """Neither weekend nor holiday; weekends that are worked in exchange count as working."""
        return bool(self._year(day.year)[0].is_working_day(day))

    def next_holiday(self, after: datetime.date) -> datetime.date:
        """The first public holiday later than `after`."""
        for year in (after.year, after.year + 1):
            for day in self.year(year):
                if day > after:
                    return day
        raise ToolError("not_found", f"No public holiday in {self.country.code} after {after}.")


def plain_name(text: str) -> str:
    """A holiday's name with the library's remarks made plain; of two on one day, the first.

    "(observed)" stays: it tells a day off in lieu from the holiday itself. "Day off (substituted
    from 02/14/2026)" says how a bridge day came about, not what it is.
    """
    names = [_OBSERVED.sub(" (observed)", _ESTIMATED.sub("", p)) for p in text.split("; ")]
    names = ["Day off in lieu" if _SUBSTITUTE.match(name) else name for name in names]
    return next((name for name in names if name != "Day off in lieu"), names[0])


@lru_cache(maxsize=128)
def _almanac(code: str) -> Almanac:
    return Almanac(find_country(code))


def almanac(country: str) -> Almanac:
    """The almanac of a country by its ISO code.

    Raises:
        ToolError: not_found.
    """
    return _almanac(country.upper())
