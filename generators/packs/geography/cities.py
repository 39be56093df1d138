"""Tools about cities."""

from __future__ import annotations

from typing import Annotated, Literal

from typing_extensions import TypedDict

from callwright.generators.pack import Kind
from callwright.generators.packs.geography.base import (
    AirportLabel,
    CapitalArgument,
    CityLabel,
    CountryLabel,
    geodesic,
    halfway,
    pack,
)
from callwright.generators.packs.geography.data import (
    airports,
    cities,
    countries,
    find_city,
    zone_names,
)
from callwright.schemas.errors import ToolError

FARTHEST_KM = 500
"""Beyond this no city is near."""

Point = Literal[
    "north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest"
]
_POINTS: tuple[Point, ...] = (
    "north",
    "northeast",
    "east",
    "southeast",
    "south",
    "southwest",
    "west",
    "northwest",
)


class Position(TypedDict):
    city: CityLabel
    latitude: Annotated[float, Kind("geo.latitude")]
    longitude: Annotated[float, Kind("geo.longitude")]


class CityCountry(TypedDict):
    city: CityLabel
    country_code: Annotated[str, Kind("country.code")]
    country_name: CountryLabel
    is_capital: bool


class CityTimezone(TypedDict):
    city: CityLabel
    timezone: Annotated[str, Kind("timezone.name")]
    timezone_name: Annotated[str, Kind("timezone.label")]


class MainAirport(TypedDict):
    city: CityLabel
    iata_code: Annotated[str, Kind("airport.iata")]
    airport_name: AirportLabel
    distance_from_centre_km: Annotated[float, Kind("distance.local_km")]


class CityDistance(TypedDict):
    from_city: CityLabel
    to_city: CityLabel
    distance_km: Annotated[float, Kind("distance.straight_km")]


class Direction(TypedDict):
    from_city: CityLabel
    to_city: CityLabel
    bearing_degrees: Annotated[float, Kind("angle.bearing")]
    compass_point: Annotated[Point, Kind("compass.point")]


class Halfway(TypedDict):
    first_city: CityLabel
    second_city: CityLabel
    latitude: Annotated[float, Kind("geo.midpoint_latitude")]
    longitude: Annotated[float, Kind("geo.midpoint_longitude")]
    distance_to_each_km: Annotated[float, Kind("distance.local_km")]


class NearestCity(TypedDict):
    city: Annotated[str, Kind("city.midway")]
    distance_km: Annotated[float, Kind("distance.local_km")]


@pack.tool
def locate_city(city: CapitalArgument) -> Position:
    """Geographic coordinates of a city centre. Degrees, WGS 84; south and west are negative.

    Args:
        city: English name of the city.
    """
    found = find_city(city)
    return {"city": found.name, "latitude": found.latitude, "longitude": found.longitude}


@pack.tool
def country_of_city(city: Annotated[str, Kind("city.name")]) -> CityCountry:
    """Country that a city belongs to. Gives its ISO 3166-1 alpha-2 code and English name.

    Args:
        city: English name of the city.
    """
    found = find_city(city)
    country = countries()[found.country]
    return {
        "city": found.name,
        "country_code": country.code,
        "country_name": country.name,
        "is_capital": country.capital == found.name,
    }


@pack.tool
def city_timezone(
    city: Annotated[
        str,
        Kind("city.name", accepts=("city.placed", "city.destination")),
    ],
) -> CityTimezone:
    """IANA time zone that a city keeps. Also gives the zone's common English name.

    Args:
        city: English name of the city.
    """
    found = find_city(city)
    return {
        "city": found.name,
        "timezone": found.timezone,
        "timezone_name": zone_names()[found.timezone],
    }


@pack.tool
def city_airport(city: Annotated[str, Kind("city.name")]) -> MainAirport:
    """Main passenger airport for a city. The one most travellers use, even if out of town.

    Args:
        city: English name of the city.
    """
    found = find_city(city)
    airport = airports()[found.airport]
    distance, _ = geodesic(found.latitude, found.longitude, airport.latitude, airport.longitude)
    return {
        "city": found.name,
        "iata_code": airport.iata,
        "airport_name": airport.name,
        "distance_from_centre_km": round(distance, 1),
    }


@pack.tool
def city_distance(
    from_city: Annotated[str, Kind("city.name")],
    to_city: CapitalArgument,
) -> CityDistance:
    """Straight-line distance between two city centres. Follows the WGS-84 ellipsoid.

    Args:
        from_city: English name of the first city.
        to_city: English name of the second city.
    """
    start, end = find_city(from_city), find_city(to_city)
    _differ(start.name, end.name)
    distance, _ = geodesic(start.latitude, start.longitude, end.latitude, end.longitude)
    return {"from_city": start.name, "to_city": end.name, "distance_km": round(distance, 1)}


@pack.tool
def city_direction(
    from_city: Annotated[str, Kind("city.one")], to_city: Annotated[str, Kind("city.one")]
) -> Direction:
    """Compass direction from one city towards another. Initial bearing of the shortest path.

    Args:
        from_city: English name of the city to look from.
        to_city: English name of the city to look towards.
    """
    start, end = find_city(from_city), find_city(to_city)
    _differ(start.name, end.name)
    _, bearing = geodesic(start.latitude, start.longitude, end.latitude, end.longitude)
    return {
        "from_city": start.name,
        "to_city": end.name,
        "bearing_degrees": round(bearing, 1) % 360,
        "compass_point": _POINTS[round(bearing / 45) % 8],
    }


@pack.tool
def halfway_point(
    first_city: Annotated[str, Kind("city.one")],
    second_city: Annotated[str, Kind("city.partner")],
) -> Halfway:
    """Coordinates of the point halfway between two cities. Middle of the shortest path.

    Args:
        first_city: English name of one city.
        second_city: English name of the other city.
    """
    start, end = find_city(first_city), find_city(second_city)
    _differ(start.name, end.name)
    latitude, longitude, distance = halfway(
        start.latitude, start.longitude, end.latitude, end.longitude
    )
    return {
        "first_city": start.name,
        "second_city": end.name,
        "latitude": round(latitude, 2),
        "longitude": round(longitude, 2),
        "distance_to_each_km": round(distance, 1),
    }


@pack.tool
def nearest_city(
    latitude: Annotated[float, Kind("geo.midpoint_latitude")],
    longitude: Annotated[float, Kind("geo.midpoint_longitude", along="latitude")],
) -> NearestCity:
    """Major city closest to a point on the map. None farther away than 500 km.

    Args:
        latitude: Latitude of the point in degrees, south negative.
        longitude: Longitude of the point in degrees, west negative.
    """
    _check_position(latitude, longitude)
    distance, name = min(
        (geodesic(latitude, longitude, city.latitude, city.longitude)[0], city.name)
        for city in cities().values()
    )
    if distance > FARTHEST_KM:
        raise ToolError("not_found", f"No major city lies within {FARTHEST_KM} km of that point.")
    return {"city": name, "distance_km": round(distance, 1)}


def _differ(first: str, second: str) -> None:
    if first == second:
        raise ToolError("invalid_arguments", f"Both cities are {first}; give two different ones.")


def _check_position(latitude: float, longitude: float) -> None:
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ToolError("invalid_arguments", f"{latitude}, {longitude} is no point on Earth.")
