"""Tools about airports and flights between them."""

from __future__ import annotations

import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from typing_extensions import TypedDict

from callwright.generators.pack import Kind
from callwright.generators.packs.geography.base import (
    AirportArgument,
    AirportLabel,
    CityLabel,
    CountryLabel,
    DateLabel,
    OriginArgument,
    TimeLabel,
    geodesic,
    pack,
)
from callwright.generators.packs.geography.data import (
    Airport,
    airports,
    countries,
    find_airport,
)
from callwright.schemas.errors import ToolError

FARTHEST_KM = 250
"""Beyond this nobody calls an airport near."""

LONGEST_FLIGHT_KM = 15_000
"""Beyond this nobody flies non-stop."""
CRUISE_KMH = 850
GROUND_MINUTES = 30
"""Climb, descent and manoeuvring beside the cruise, as flight planners' rule of thumb has it."""


class AirportDetails(TypedDict):
    iata_code: str
    airport_name: AirportLabel
    city: CityLabel
    country_code: str
    country_name: CountryLabel
    timezone: Annotated[str, Kind("timezone.airport")]
    latitude: float
    longitude: float
    elevation_m: Annotated[int, Kind("elevation.m")]


class AirportDistance(TypedDict):
    origin: str
    origin_name: AirportLabel
    destination: str
    destination_name: AirportLabel
    distance_km: Annotated[float, Kind("distance.km")]


class FlightTime(TypedDict):
    origin: str
    origin_name: AirportLabel
    destination: str
    destination_name: AirportLabel
    flight_minutes: Annotated[int, Kind("duration.flight")]
    hours: int
    minutes: int


class Arrival(TypedDict):
    origin: str
    origin_name: AirportLabel
    departure_date: DateLabel
    departure_time: TimeLabel
    destination: str
    destination_name: AirportLabel
    flight_minutes: int
    landing_date: Annotated[str, Kind("date.landing", format="date")]
    landing_time: TimeLabel


class NearbyAirport(TypedDict):
    iata_code: Annotated[str, Kind("airport.listed")]
    airport_name: AirportLabel
    distance_km: float
    elevation_m: int


class NearbyAirports(TypedDict):
    count: int
    airports: list[NearbyAirport]


@pack.tool
def airport_details(
    airport: Annotated[
        str,
        Kind("airport.visited"),
    ],
) -> AirportDetails:
    """Facts about an airport. City it serves, country, time zone, position and elevation.

    Args:
        airport: IATA code of the airport.
    """
    found = find_airport(airport)
    return {
        "iata_code": found.iata,
        "airport_name": found.name,
        "city": found.city,
        "country_code": found.country,
        "country_name": countries()[found.country].name,
        "timezone": found.timezone,
        "latitude": found.latitude,
        "longitude": found.longitude,
        "elevation_m": found.elevation_m,
    }


@pack.tool
def airport_distance(origin: OriginArgument, destination: AirportArgument) -> AirportDistance:
    """Great-circle distance between two airports. Follows the WGS-84 ellipsoid.

    Args:
        origin: IATA code of the first airport.
        destination: IATA code of the second airport.
    """
    start, end, distance = _leg(origin, destination)
    return {
        "origin": start.iata,
        "origin_name": start.name,
        "destination": end.iata,
        "destination_name": end.name,
        "distance_km": round(distance, 1),
    }


@pack.tool
def estimate_flight_time(origin: OriginArgument, destination: AirportArgument) -> FlightTime:
    """Estimated duration of a non-stop flight. Great circle at 850 km/h plus 30 minutes.

    Args:
        origin: IATA code of the airport of departure.
        destination: IATA code of the airport of arrival.
    """
    start, end, distance = _nonstop(origin, destination)
    total = _minutes(distance)
    return {
        "origin": start.iata,
        "origin_name": start.name,
        "destination": end.iata,
        "destination_name": end.name,
        "flight_minutes": total,
        "hours": total // 60,
        "minutes": total % 60,
    }


@pack.tool
def estimate_arrival(
    origin: OriginArgument,
    destination: AirportArgument,
    departure_date: Annotated[
        str,
        Kind("date.day", accepts=("date.planned",), format="date"),
    ],
    departure_time: Annotated[str, Kind("time.local", format="time")],
) -> Arrival:
    """Estimated local date and time at which a non-stop flight lands. Great circle at 850 km/h.

    Args:
        origin: IATA code of the airport of departure.
        destination: IATA code of the airport of arrival.
        departure_date: Local day of take-off, YYYY-MM-DD.
        departure_time: Local time of take-off, HH:MM on the 24-hour clock.
    """
    start, end, distance = _nonstop(origin, destination)
    try:
        local = datetime.datetime.fromisoformat(f"{departure_date}T{departure_time}")
    except ValueError:
        raise ToolError(
            "invalid_arguments",
            f"{departure_date} {departure_time} is not a date YYYY-MM-DD and a time HH:MM.",
        ) from None
    minutes = _minutes(distance)
    take_off = local.replace(tzinfo=ZoneInfo(start.timezone)).astimezone(datetime.UTC)
    landing = (take_off + datetime.timedelta(minutes=minutes)).astimezone(ZoneInfo(end.timezone))
    return {
        "origin": start.iata,
        "origin_name": start.name,
        "departure_date": f"{local:%Y-%m-%d}",
        "departure_time": f"{local:%H:%M}",
        "destination": end.iata,
        "destination_name": end.name,
        "flight_minutes": minutes,
        "landing_date": f"{landing:%Y-%m-%d}",
        "landing_time": f"{landing:%H:%M}",
    }


@pack.tool
def nearest_airports(
    latitude: Annotated[float, Kind("geo.latitude")],
    longitude: Annotated[float, Kind("geo.longitude", along="latitude")],
    within_km: Annotated[int | None, Kind("distance.radius_km")] = None,
) -> NearbyAirports:
    """Passenger airports around a point, nearest first. At most five, none beyond 250 km.

    Args:
        latitude: Latitude of the point in degrees, south negative.
        longitude: Longitude of the point in degrees, west negative.
        within_km: Leave out airports farther away than this many kilometres, 250 at most.
    """
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ToolError("invalid_arguments", f"{latitude}, {longitude} is no point on Earth.")
    nearby = sorted(
        (geodesic(latitude, longitude, a.latitude, a.longitude)[0], a.iata)
        for a in airports().values()
    )
    # Asked about an airport's own position, that airport is not one "nearby".
    found = [
        (distance, airports()[iata])
        for distance, iata in nearby[:6]
        if 1 < distance <= min(within_km or FARTHEST_KM, FARTHEST_KM)
    ][:5]
    return {
        "count": len(found),
        "airports": [
            {
                "iata_code": airport.iata,
                "airport_name": airport.name,
                "distance_km": round(distance, 1),
                "elevation_m": airport.elevation_m,
            }
            for distance, airport in found
        ],
    }


def _minutes(distance_km: float) -> int:
    return GROUND_MINUTES + round(distance_km / CRUISE_KMH * 60)


def _leg(origin: str, destination: str) -> tuple[Airport, Airport, float]:
    start, end = find_airport(origin), find_airport(destination)
    if start.iata == end.iata:
        raise ToolError(
            "invalid_arguments", f"Origin and destination are both {start.iata}; they must differ."
        )
    distance, _ = geodesic(start.latitude, start.longitude, end.latitude, end.longitude)
    return start, end, distance


def _nonstop(origin: str, destination: str) -> tuple[Airport, Airport, float]:
    leg = _leg(origin, destination)
    if leg[2] > LONGEST_FLIGHT_KM:
        raise ToolError(
            "not_found", f"No aircraft flies from {origin} to {destination} without a stop."
        )
    return leg
