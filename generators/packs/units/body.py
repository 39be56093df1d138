"""People and parcels: weights, heights, body-mass index, exercise and running."""

from __future__ import annotations

from typing import Annotated, Literal

from typing_extensions import TypedDict

from callwright.generators.pack import Kind
from callwright.generators.packs.units.numbers import tidy, within

KG_PER_POUND = 0.45359237
MET = {
    "walking": 3.5,
    "hiking": 6.0,
    "running": 9.8,
    "jogging": 7.0,
    "cycling": 7.5,
    "swimming": 5.8,
    "tennis": 7.3,
    "basketball": 6.5,
    "badminton": 5.5,
    "yoga": 2.5,
}
"""Metabolic equivalents after the 2011 Compendium of Physical Activities."""
Activity = Literal[
    "walking",
    "hiking",
    "running",
    "jogging",
    "cycling",
    "swimming",
    "tennis",
    "basketball",
    "badminton",
    "yoga",
]
RACES = {"marathon": 42.195, "half marathon": 21.0975, "10K": 10.0, "5K": 5.0}
Race = Literal["marathon", "half marathon", "10K", "5K"]


class ParcelWeight(TypedDict):
    pounds: float
    mass_kg: Annotated[float, Kind("mass.converted")]


def parcel_weight_kg(pounds: Annotated[float, Kind("mass.parcel_lb")]) -> ParcelWeight:
    """Convert the weight of a parcel or a suitcase from pounds to kilograms.

    Args:
        pounds: Weight in pounds.
    """
    within(pounds, 0, 100_000, "pounds")
    return {"pounds": pounds, "mass_kg": tidy(pounds * KG_PER_POUND)}


class MassInUnit(TypedDict):
    mass_kg: float
    value: float
    unit: Annotated[Literal["pounds", "ounces"], Kind("unit.mass")]


def convert_mass(
    mass_kg: Annotated[float, Kind("mass.kg", accepts=("mass.baggage", "mass.product"))],
    unit: Annotated[Literal["pounds", "ounces"], Kind("unit.mass")],
) -> MassInUnit:
    """Convert a weight in kilograms to pounds or ounces.

    Args:
        mass_kg: Weight in kilograms.
        unit: Unit wanted.
    """
    within(mass_kg, 0, 1e9, "mass_kg")
    pounds = mass_kg / KG_PER_POUND
    return {
        "mass_kg": mass_kg,
        "value": tidy(pounds if unit == "pounds" else pounds * 16, 1),
        "unit": unit,
    }


class BodyWeight(TypedDict):
    pounds: float
    mass_kg: Annotated[float, Kind("body.mass_converted")]


def body_weight_kg(pounds: Annotated[float, Kind("body.pounds")]) -> BodyWeight:
    """Convert a person's weight from pounds to kilograms.

    Args:
        pounds: Weight in pounds.
    """
    within(pounds, 4, 1500, "pounds")
    return {"pounds": pounds, "mass_kg": tidy(pounds * KG_PER_POUND, 1)}


class BodyHeight(TypedDict):
    feet: int
    inches: int
    height_cm: Annotated[float, Kind("body.height_converted")]


def body_height_cm(
    feet: Annotated[int, Kind("body.feet")], inches: Annotated[int, Kind("body.inches")]
) -> BodyHeight:
    """Convert a person's height from feet and inches to centimetres.

    Args:
        feet: Whole feet.
        inches: Inches beyond the whole feet, 0 to 11.
    """
    within(feet, 0, 9, "feet")
    within(inches, 0, 11, "inches")
    return {"feet": feet, "inches": inches, "height_cm": tidy((feet * 12 + inches) * 2.54, 1)}


class BodyMassIndex(TypedDict):
    mass_kg: float
    height_cm: float
    bmi: Annotated[float, Kind("body.bmi")]
    category: Annotated[
        Literal["underweight", "normal", "overweight", "obese"], Kind("body.category")
    ]
    normal_from_kg: float
    normal_to_kg: float


def body_mass_index(
    mass_kg: Annotated[float, Kind("body.mass", accepts=("body.mass_converted",))],
    height_cm: Annotated[float, Kind("body.height", accepts=("body.height_converted",))],
) -> BodyMassIndex:
    """Work out an adult's body-mass index, its category and the normal range of weight.

    The categories are those of the World Health Organization.

    Args:
        mass_kg: Weight in kilograms.
        height_cm: Height in centimetres.
    """
    within(mass_kg, 20, 400, "mass_kg")
    within(height_cm, 100, 250, "height_cm")
    square = (height_cm / 100) ** 2
    bmi = round(mass_kg / square, 1)
    return {
        "mass_kg": mass_kg,
        "height_cm": height_cm,
        "bmi": tidy(bmi, 1),
        "category": (
            "underweight"
            if bmi < 18.5
            else "normal"
            if bmi < 25
            else "overweight"
            if bmi < 30
            else "obese"
        ),
        "normal_from_kg": tidy(18.5 * square, 1),
        "normal_to_kg": tidy(24.9 * square, 1),
    }


class Calories(TypedDict):
    mass_kg: float
    activity: Annotated[Activity, Kind("sport.activity")]
    duration_minutes: int
    energy_kcal: Annotated[int, Kind("energy.kcal")]


def calories_burned(
    mass_kg: Annotated[float, Kind("body.mass", accepts=("body.mass_converted",))],
    activity: Annotated[Activity, Kind("sport.activity")],
    duration_minutes: Annotated[int, Kind("duration.exercise")],
) -> Calories:
    """Estimate the energy that a person burns in an activity. Moderate effort is assumed.

    Args:
        mass_kg: Weight of the person in kilograms.
        activity: What the person does.
        duration_minutes: Minutes of it.
    """
    within(mass_kg, 20, 400, "mass_kg")
    within(duration_minutes, 1, 1440, "duration_minutes")
    return {
        "mass_kg": mass_kg,
        "activity": activity,
        "duration_minutes": duration_minutes,
        "energy_kcal": round(MET[activity] * mass_kg * duration_minutes / 60),
    }


class Pace(TypedDict):
    distance_km: float
    duration_minutes: int
    pace: Annotated[str, Kind("run.pace")]
    speed_kmh: float


def running_pace(
    distance_km: Annotated[float, Kind("distance.run")],
    duration_minutes: Annotated[int, Kind("duration.run")],
) -> Pace:
    """Work out the pace of a run in minutes and seconds per kilometre, and its speed.

    Args:
        distance_km: Distance run in kilometres.
        duration_minutes: Time taken in minutes.
    """
    within(distance_km, 0.1, 1000, "distance_km")
    within(duration_minutes, 1, 10_000, "duration_minutes")
    seconds = round(duration_minutes * 60 / distance_km)
    within(seconds, 150, 1200, "The seconds per kilometre")
    return {
        "distance_km": distance_km,
        "duration_minutes": duration_minutes,
        "pace": f"{seconds // 60}:{seconds % 60:02d}",
        "speed_kmh": tidy(distance_km / duration_minutes * 60, 1),
    }


class RaceTime(TypedDict):
    pace: str
    race: Annotated[Race, Kind("run.race")]
    distance_km: float
    finish_time: Annotated[str, Kind("duration.race")]


def race_time(
    pace: Annotated[str, Kind("run.pace")], race: Annotated[Race, Kind("run.race")]
) -> RaceTime:
    """Work out the finishing time of a race that is run at an even pace.

    Args:
        pace: Pace per kilometre in minutes and seconds, M:SS.
        race: Race to be run.
    """
    minutes, _, rest = pace.partition(":")
    if not (minutes.isdigit() and rest.isdigit() and len(rest) == 2 and len(minutes) < 3):
        within(-1, 0, 0, "pace")
    seconds = round((int(minutes) * 60 + int(rest)) * RACES[race])
    return {
        "pace": pace,
        "race": race,
        "distance_km": tidy(RACES[race], 4),
        "finish_time": _stopwatch(seconds),
    }


def _stopwatch(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    if not hours:
        return f"{rest // 60}:{rest % 60:02d}"
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}"


TOOLS = (
    parcel_weight_kg,
    convert_mass,
    body_weight_kg,
    body_height_cm,
    body_mass_index,
    calories_burned,
    running_pace,
    race_time,
)
