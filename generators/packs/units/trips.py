"""Getting there: distances, times, fuel, electricity and emissions."""

from __future__ import annotations

from math import ceil
from typing import Annotated, Literal

from typing_extensions import TypedDict

from callwright.generators.pack import Kind
from callwright.generators.packs.units.numbers import significant, tidy, within

KM_PER_MILE = 1.609344
CO2_PER_LITRE = {"petrol": 2.31, "diesel": 2.68, "LPG": 1.61}
"""Kilograms of carbon dioxide from burning one litre."""
FLIGHT_FACTORS = {
    ("economy", False): 0.084,
    ("business", False): 0.127,
    ("economy", True): 0.086,
    ("business", True): 0.249,
}
"""Kilograms of CO2 per passenger and km by (cabin, long-haul)."""
LONG_HAUL_KM = 3700


class MilesInKm(TypedDict):
    miles: float
    distance_km: Annotated[float, Kind("distance.converted")]


def miles_to_km(miles: Annotated[float, Kind("length.miles")]) -> MilesInKm:
    """Convert statute miles to kilometres.

    Args:
        miles: Distance in miles.
    """
    within(miles, 0, 1e6, "miles")
    return {"miles": miles, "distance_km": tidy(miles * KM_PER_MILE)}


class DistanceInUnit(TypedDict):
    distance_km: float
    value: float
    unit: Annotated[Literal["miles", "nautical miles"], Kind("unit.length")]


def convert_distance(
    distance_km: Annotated[float, Kind("distance.km", accepts=("distance.straight_km",))],
    unit: Annotated[Literal["miles", "nautical miles"], Kind("unit.length")],
) -> DistanceInUnit:
    """Convert a distance in kilometres to miles or nautical miles.

    Args:
        distance_km: Distance in kilometres.
        unit: Unit wanted.
    """
    within(distance_km, 0, 1e6, "distance_km")
    per_km = {"miles": 1 / KM_PER_MILE, "nautical miles": 1 / 1.852}[unit]
    return {"distance_km": distance_km, "value": tidy(distance_km * per_km, 1), "unit": unit}


class HeightInFeet(TypedDict):
    height_m: float
    height_ft: int


def height_in_feet(
    height_m: Annotated[float, Kind("height.m", accepts=("elevation.m", "elevation.listed_m"))],
) -> HeightInFeet:
    """Convert a height or an elevation from metres to feet.

    Args:
        height_m: Height in metres.
    """
    within(height_m, -500, 1e6, "height_m")
    return {"height_m": height_m, "height_ft": round(height_m / 0.3048)}


class TravelTime(TypedDict):
    distance_km: float
    speed_kmh: float
    duration_minutes: Annotated[int, Kind("duration.drive")]
    hours: int
    minutes: int


def driving_time(
    distance_km: Annotated[float, Kind("distance.drive")],
    speed_kmh: Annotated[float, Kind("speed.kmh")],
) -> TravelTime:
    """Work out how long a drive takes at an average speed.

    Args:
        distance_km: Distance by road in kilometres.
        speed_kmh: Average speed in kilometres per hour.
    """
    within(speed_kmh, 1, 1000, "speed_kmh")
    duration = ceil(distance_km / speed_kmh * 60 - 1e-9)
    return {
        "distance_km": distance_km,
        "speed_kmh": speed_kmh,
        "duration_minutes": duration,
        "hours": duration // 60,
        "minutes": duration % 60,
    }


class HikingTime(TypedDict):
    distance_km: float
    ascent_m: int
    duration_minutes: Annotated[int, Kind("duration.hike")]
    hours: int
    minutes: int


def hiking_time(
    distance_km: Annotated[float, Kind("distance.hike")],
    ascent_m: Annotated[int, Kind("height.ascent")],
) -> HikingTime:
    """Estimate walking time in the hills by Naismith's rule.

    One hour for every 5 kilometres, and one more for every 600 metres climbed; without breaks.

    Args:
        distance_km: Length of the route in kilometres.
        ascent_m: Total climb in metres.
    """
    within(distance_km, 0, 200, "distance_km")
    within(ascent_m, 0, 9000, "ascent_m")
    duration = ceil(distance_km * 12 + ascent_m / 10 - 1e-9)
    return {
        "distance_km": distance_km,
        "ascent_m": ascent_m,
        "duration_minutes": duration,
        "hours": duration // 60,
        "minutes": duration % 60,
    }


class StartTime(TypedDict):
    end_time: Annotated[str, Kind("time.end", format="time")]
    duration_minutes: int
    start_time: Annotated[str, Kind("time.start", format="time")]
    days_earlier: int


def latest_start(
    end_time: Annotated[
        str,
        Kind("time.local", accepts=("time.sunset", "time.dusk"), format="time"),
    ],
    duration_minutes: Annotated[
        int, Kind("duration.minutes", accepts=("duration.drive", "duration.hike"))
    ],
) -> StartTime:
    """Work out when to set off at the latest to be done or there by a given time.

    Args:
        end_time: Local time to be done or there by, HH:MM.
        duration_minutes: Minutes that it takes.
    """
    clock = _minutes(end_time) - duration_minutes
    return {
        "end_time": end_time,
        "duration_minutes": duration_minutes,
        "start_time": f"{clock % 1440 // 60:02d}:{clock % 60:02d}",
        "days_earlier": -(clock // 1440),
    }


def _minutes(time: str) -> int:
    hours, minutes = (int(part) for part in time.split(":")[:2])
    within(hours, 0, 23, "The hour")
    within(minutes, 0, 59, "The minutes")
    return hours * 60 + minutes


class FuelNeeded(TypedDict):
    distance_km: float
    litres_per_100km: float
    litres: Annotated[float, Kind("fuel.litres")]


def fuel_needed(
    distance_km: Annotated[float, Kind("distance.drive")],
    litres_per_100km: Annotated[float, Kind("consumption.fuel")],
) -> FuelNeeded:
    """Work out how much fuel a car needs for a distance.

    Args:
        distance_km: Distance by road in kilometres.
        litres_per_100km: The car's consumption in litres per 100 kilometres.
    """
    within(litres_per_100km, 0, 100, "litres_per_100km")
    return {
        "distance_km": distance_km,
        "litres_per_100km": litres_per_100km,
        "litres": tidy(distance_km * litres_per_100km / 100),
    }


class ChargeNeeded(TypedDict):
    distance_km: float
    kwh_per_100km: float
    energy_kwh: Annotated[float, Kind("energy.charge")]


def charge_needed(
    distance_km: Annotated[float, Kind("distance.drive")],
    kwh_per_100km: Annotated[float, Kind("consumption.electric")],
) -> ChargeNeeded:
    """Work out how much electricity an electric car needs for a distance.

    Args:
        distance_km: Distance by road in kilometres.
        kwh_per_100km: The car's consumption in kilowatt-hours per 100 kilometres.
    """
    within(kwh_per_100km, 0, 200, "kwh_per_100km")
    return {
        "distance_km": distance_km,
        "kwh_per_100km": kwh_per_100km,
        "energy_kwh": tidy(distance_km * kwh_per_100km / 100),
    }


class FuelEmissions(TypedDict):
    litres: float
    fuel: Annotated[Literal["petrol", "diesel", "LPG"], Kind("fuel.type")]
    co2_kg: Annotated[float, Kind("mass.co2")]


def fuel_emissions(
    litres: Annotated[float, Kind("volume.fuel", accepts=("fuel.litres",))],
    fuel: Annotated[Literal["petrol", "diesel", "LPG"], Kind("fuel.type")],
) -> FuelEmissions:
    """Work out the carbon dioxide from burning fuel. Production of the fuel is not counted.

    Args:
        litres: Fuel burnt in litres.
        fuel: Kind of fuel.
    """
    within(litres, 0, 1e6, "litres")
    return {"litres": litres, "fuel": fuel, "co2_kg": tidy(litres * CO2_PER_LITRE[fuel], 1)}


class FlightEmissions(TypedDict):
    distance_km: float
    cabin: Annotated[Literal["economy", "business"], Kind("flight.cabin")]
    co2_kg: Annotated[float, Kind("mass.co2")]


def flight_emissions(
    distance_km: Annotated[float, Kind("distance.flight")],
    cabin: Annotated[Literal["economy", "business"], Kind("flight.cabin")],
) -> FlightEmissions:
    """Estimate one passenger's carbon dioxide from a flight, one way.

    Uses rounded UK government factors of 2018 per passenger-kilometre, direct emissions only.

    Args:
        distance_km: Distance flown in kilometres.
        cabin: Cabin class; a wider seat has a larger share.
    """
    within(distance_km, 0, 20_100, "distance_km")
    factor = FLIGHT_FACTORS[cabin, distance_km >= LONG_HAUL_KM]
    return {
        "distance_km": distance_km,
        "cabin": cabin,
        "co2_kg": significant(distance_km * factor),
    }


TOOLS = (
    miles_to_km,
    convert_distance,
    height_in_feet,
    driving_time,
    hiking_time,
    latest_start,
    fuel_needed,
    charge_needed,
    fuel_emissions,
    flight_emissions,
)
