"""At home: temperatures, cooking, rooms and electricity."""

from __future__ import annotations

from math import ceil
from typing import Annotated, Literal

from typing_extensions import TypedDict

from callwright.generators.pack import Kind
from callwright.generators.packs.units.numbers import tidy, within

GRAMS_PER_CUP = {
    "flour": 120,
    "sugar": 198,
    "brown sugar": 213,
    "butter": 226,
    "rice": 198,
    "milk": 227,
    "honey": 336,
    "cocoa": 84,
    "oats": 89,
    "oil": 198,
}
"""After King Arthur Baking's ingredient weight chart; US cups."""
Ingredient = Literal[
    "flour", "sugar", "brown sugar", "butter", "rice", "milk", "honey", "cocoa", "oats", "oil"
]
_GAS_MARKS = {
    140: 1, 150: 2, 165: 3, 180: 4, 190: 5, 200: 6, 220: 7, 230: 8, 240: 9, 260: 10,
}  # fmt: skip


class Celsius(TypedDict):
    fahrenheit: float
    from_unit: Annotated[str, Kind("unit.symbol")]
    temperature_c: Annotated[float, Kind("temperature.converted")]
    unit: Annotated[str, Kind("unit.symbol")]


def fahrenheit_to_celsius(fahrenheit: Annotated[float, Kind("temperature.f")]) -> Celsius:
    """Convert a temperature from degrees Fahrenheit to degrees Celsius.

    Args:
        fahrenheit: Temperature in degrees Fahrenheit.
    """
    within(fahrenheit, -459.67, 1e6, "fahrenheit")
    return {
        "fahrenheit": fahrenheit,
        "from_unit": "°F",
        "temperature_c": tidy((fahrenheit - 32) / 1.8, 1),
        "unit": "°C",
    }


class TemperatureInUnit(TypedDict):
    temperature_c: float
    from_unit: Annotated[str, Kind("unit.symbol")]
    value: float
    unit: Annotated[str, Kind("unit.symbol")]


def convert_temperature(
    temperature_c: Annotated[
        float,
        Kind(
            "temperature.c",
            accepts=(
                "temperature.boiling",
                "temperature.melting",
                "temperature.flash",
                "temperature.room",
            ),
        ),
    ],
    unit: Annotated[Literal["fahrenheit", "kelvin"], Kind("unit.temperature")],
) -> TemperatureInUnit:
    """Convert a temperature in degrees Celsius to degrees Fahrenheit or to kelvin.

    Args:
        temperature_c: Temperature in degrees Celsius.
        unit: Unit wanted.
    """
    within(temperature_c, -273.15, 1e6, "temperature_c")
    if unit == "fahrenheit":
        value, symbol = temperature_c * 1.8 + 32, "°F"
    else:
        value, symbol = temperature_c + 273.15, "K"
    return {"temperature_c": temperature_c, "from_unit": "°C", "value": tidy(value), "unit": symbol}


class OvenSetting(TypedDict):
    temperature_c: float
    gas_mark: Annotated[int, Kind("oven.gas_mark")]
    fan_oven_c: int
    unit: Annotated[str, Kind("unit.symbol")]


def oven_setting(
    temperature_c: Annotated[float, Kind("temperature.oven", accepts=("temperature.converted",))],
) -> OvenSetting:
    """Find the gas mark and the fan-oven temperature for a conventional oven temperature.

    Args:
        temperature_c: Temperature of a conventional oven in degrees Celsius.
    """
    within(temperature_c, 130, 270, "temperature_c")
    nearest = min(_GAS_MARKS, key=lambda mark: abs(mark - temperature_c))
    return {
        "temperature_c": temperature_c,
        "gas_mark": _GAS_MARKS[nearest],
        "fan_oven_c": round((temperature_c - 20) / 5) * 5,
        "unit": "°C",
    }


class CookingMass(TypedDict):
    cups: float
    ingredient: Annotated[Ingredient, Kind("cooking.ingredient")]
    mass_g: Annotated[float, Kind("mass.ingredient")]


def cups_to_grams(
    cups: Annotated[float, Kind("volume.cups")],
    ingredient: Annotated[Ingredient, Kind("cooking.ingredient")],
) -> CookingMass:
    """Convert US cups of an ingredient to grams.

    Args:
        cups: Number of cups.
        ingredient: What is in the cup.
    """
    within(cups, 0, 1000, "cups")
    return {
        "cups": cups,
        "ingredient": ingredient,
        "mass_g": tidy(cups * GRAMS_PER_CUP[ingredient], 1),
    }


class ScaledAmount(TypedDict):
    mass_g: float
    recipe_servings: int
    wanted_servings: int
    scaled_g: Annotated[float, Kind("mass.scaled")]


def scale_recipe(
    mass_g: Annotated[float, Kind("mass.recipe", accepts=("mass.ingredient",))],
    recipe_servings: Annotated[int, Kind("count.recipe_servings")],
    wanted_servings: Annotated[int, Kind("count.wanted_servings")],
) -> ScaledAmount:
    """Scale the amount of an ingredient from a recipe's servings to the servings wanted.

    Args:
        mass_g: Amount in the recipe in grams.
        recipe_servings: Servings that the recipe makes.
        wanted_servings: Servings wanted.
    """
    within(recipe_servings, 1, 1000, "recipe_servings")
    within(wanted_servings, 1, 1000, "wanted_servings")
    return {
        "mass_g": mass_g,
        "recipe_servings": recipe_servings,
        "wanted_servings": wanted_servings,
        "scaled_g": tidy(mass_g * wanted_servings / recipe_servings, 1),
    }


class FloorArea(TypedDict):
    length_m: float
    width_m: float
    area_m2: Annotated[float, Kind("area.floor")]


def floor_area(
    length_m: Annotated[float, Kind("length.room")], width_m: Annotated[float, Kind("width.room")]
) -> FloorArea:
    """Work out the floor area of a rectangular room.

    Args:
        length_m: Length in metres.
        width_m: Width in metres.
    """
    within(length_m, 0.1, 1000, "length_m")
    within(width_m, 0.1, 1000, "width_m")
    return {"length_m": length_m, "width_m": width_m, "area_m2": tidy(length_m * width_m)}


class Tiles(TypedDict):
    area_m2: float
    tile_cm: int
    tiles: Annotated[int, Kind("count.tiles")]
    spare_percent: int


def tiles_needed(
    area_m2: Annotated[float, Kind("area.m2", accepts=("area.floor",))],
    tile_cm: Annotated[int, Kind("length.tile")],
) -> Tiles:
    """Work out how many square tiles cover an area, with ten percent to spare for cutting.

    Args:
        area_m2: Area in square metres.
        tile_cm: Edge of a tile in centimetres.
    """
    within(area_m2, 0.1, 100_000, "area_m2")
    within(tile_cm, 1, 500, "tile_cm")
    count = ceil(area_m2 * 1.1 / (tile_cm / 100) ** 2 - 1e-9)
    return {"area_m2": area_m2, "tile_cm": tile_cm, "tiles": count, "spare_percent": 10}


class ApplianceEnergy(TypedDict):
    power_w: int
    hours: float
    energy_kwh: Annotated[float, Kind("energy.used")]


def appliance_energy(
    power_w: Annotated[int, Kind("power.w")], hours: Annotated[float, Kind("duration.hours")]
) -> ApplianceEnergy:
    """Work out the electricity that an appliance uses.

    Args:
        power_w: Power of the appliance in watts.
        hours: Hours that it runs.
    """
    within(power_w, 0, 1_000_000, "power_w")
    within(hours, 0, 100_000, "hours")
    return {"power_w": power_w, "hours": hours, "energy_kwh": tidy(power_w * hours / 1000)}


TOOLS = (
    fahrenheit_to_celsius,
    convert_temperature,
    oven_setting,
    cups_to_grams,
    scale_recipe,
    floor_area,
    tiles_needed,
    appliance_energy,
)
