"""The pack object and the kinds that its modules share."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from pyproj import Geod

from callwright.generators.pack import Kind, Pack

pack = Pack(
    "geography",
    about="Cities, countries and airports: codes, positions, distances.",
    data="GeoNames (CC BY 4.0), airportsdata 20260905 (MIT), CLDR 48 (Unicode), "
    "phonenumbers 9.0 (Apache-2.0), pyproj 3.7 (MIT)",
)

# Echoes of what was asked about: they let an answer say names, and nothing takes them as input.
CityLabel = Annotated[str, Kind("city.label")]
CountryLabel = Annotated[str, Kind("country.name")]
AirportLabel = Annotated[str, Kind("airport.name")]
DateLabel = Annotated[str, Kind("date.label", format="date")]
TimeLabel = Annotated[str, Kind("time.label", format="time")]

# `city.placed`: a country's capital. Whoever flies there calls it by its name.
CapitalArgument = Annotated[str, Kind("city.name", accepts=("city.placed",))]
AirportArgument = Annotated[str, Kind("airport.iata")]
OriginArgument = Annotated[str, Kind("airport.iata", accepts=("airport.home",))]


@lru_cache(maxsize=1)
def _earth() -> Geod:
    return Geod(ellps="WGS84")


def geodesic(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> tuple[float, float]:
    """Distance in km and initial bearing in degrees (0 to 360) on the WGS-84 ellipsoid."""
    azimuth, _, metres = _earth().inv(longitude, latitude, other_longitude, other_latitude)
    return metres / 1000, azimuth % 360


def halfway(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> tuple[float, float, float]:
    """Latitude and longitude of the middle of the geodesic, and km from there to either end."""
    azimuth, _, metres = _earth().inv(longitude, latitude, other_longitude, other_latitude)
    middle_longitude, middle_latitude, _ = _earth().fwd(longitude, latitude, azimuth, metres / 2)
    return middle_latitude, middle_longitude, metres / 2000
