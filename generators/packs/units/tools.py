"""Units: the pack, and the values people say."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from callwright.generators.pack import Pack, World
from callwright.generators.packs.units import body, home, trips
from callwright.schemas.toolbox import Json

pack = Pack(
    "units",
    about="Distances, travel times, fuel and emissions, body measures, cooking and rooms.",
    data=(
        "Exact international definitions of mile, pound, inch and foot. Fixed reference figures: "
        "kilograms of CO2 per litre of fuel (petrol 2.31, diesel 2.68, LPG 1.61); rounded UK "
        "government flight factors of 2018; metabolic equivalents after the 2011 Compendium of "
        "Physical Activities; grams per US cup after King Arthur Baking's chart."
    ),
)
for tool in (*trips.TOOLS, *body.TOOLS, *home.TOOLS):
    pack.tool(tool)

_OVEN_F = (300, 325, 350, 375, 400, 425, 450, 475)
_OVEN_C = (140, 150, 160, 170, 180, 190, 200, 210, 220, 230, 240)

# Whole numbers up to 12 may be put in words ("five kilometres"): none where that reads badly.
CHOICES: dict[str, tuple[float, ...]] = {
    "length.miles": (*range(100, 420, 10), 65, 75, 85, 95, 115, 125, 135, 145, 155, 165, 275),
    "distance.km": (*range(15, 100), *range(100, 1000, 25), *range(1000, 9000, 250)),
    "distance.drive": (*range(140, 700, 10), 95, 115, 145, 155, 165, 175, 385, 465, 575, 615),
    "speed.kmh": (65, 70, 75, 80, 85, 90, 95, 100, 105, 110, 115, 120, 125, 130),
    "distance.flight": (*range(400, 2000, 50), *range(2000, 12_000, 100)),
    "height.m": (*range(30, 1000, 10), *range(1000, 5000, 50), 828, 1345, 2962, 4808, 5895),
    "distance.hike": tuple(n / 2 for n in range(11, 53) if n % 2) + tuple(range(6, 27)),
    "height.ascent": tuple(range(150, 1650, 50)),
    "duration.minutes": (*range(15, 60, 5), *range(60, 300, 10), 75, 95, 105, 135, 165),
    "consumption.fuel": tuple(n / 10 for n in range(43, 115) if n % 10),
    "consumption.electric": tuple(n / 10 for n in range(135, 255, 3) if n % 10),
    "volume.fuel": tuple(range(14, 76)),
    "energy.kwh": (*range(14, 100), *range(100, 400, 10), 13.5, 18.5, 22.5, 37.5),
    "mass.parcel_lb": (3.5, 4.5, 5.5, 7.5, *range(13, 71)),
    "mass.kg": (0.5, 0.8, 1.2, 1.5, 2.4, 2.5, 3.2, 3.5, 4.5, 5.5, 6.8, 7.5, 8.4, *range(13, 33)),
    "body.pounds": tuple(range(104, 266)),
    "body.mass": tuple(range(46, 121)),
    "duration.exercise": (*range(15, 125, 5), 135, 150, 180),
    "distance.run": (3, 5, 6, 7, 8, 10, 12, 14, 15, 16, 18, 20, 21.1, 24, 25, 28, 30, 42.2),
    "temperature.f": (*_OVEN_F * 3, *range(15, 100, 5), *range(100, 220, 10), 72, 98.6),
    "temperature.c": (*range(-40, 0, 5), *range(13, 45), *range(50, 250, 5), 0.5, 36.6, 38.5),
    "temperature.oven": _OVEN_C,
    "volume.cups": (0.5, 0.75, 1.25, 1.5, 2, 2.25, 2.5, 3, 3.5, 4, 5, 6),
    "mass.recipe": (*range(50, 500, 25), *range(500, 1100, 50)),
    "length.room": (3.2, 3.6, 3.8, 4, 4.2, 4.5, 4.8, 5, 5.2, 5.4, 5.5, 5.8, 6, 6.4, 7.2, 8),
    "width.room": (2.2, 2.4, 2.5, 2.6, 2.8, 3, 3.1, 3.3, 3.4, 3.5),
    "area.m2": (*range(13, 85), 9.5, 10.5, 12.4, 17.5, 22.5),
    "length.tile": (15, 20, 25, 30, 33, 40, 45, 50, 60, 75, 80),
    "power.w": (*range(600, 3000, 100), 450, 750, 850, 1250),
    "duration.hours": (2, 3, 4, 5, 6, 8, 10, 12, 1.5, 2.5, 3.5, 4.5, 24),
    # Pace per kilometre is a string; see `pace` below.
}


def _register(kind: str, values: tuple[float, ...]) -> None:
    @pack.kind(kind)
    def sample(world: World, rng: Random, context: Mapping[str, Json]) -> float:  # noqa: ARG001
        return rng.choice(values)


for _kind, _values in CHOICES.items():
    _register(_kind, _values)


def _heights(context: Mapping[str, Json]) -> tuple[int, int]:
    """Lowest and highest height in cm that goes with the weight already said."""
    kilos = context.get("body.mass")
    if kilos is None and "body.pounds" in context:
        kilos = context["body.pounds"] * 0.4536
    if kilos is None:
        return 152, 198
    low = max(150, round((kilos / 36) ** 0.5 * 100) + 1)
    return low, max(low + 4, min(198, round((kilos / 17.5) ** 0.5 * 100)))


@pack.kind("body.height")
def height(world: World, rng: Random, context: Mapping[str, Json]) -> int:  # noqa: ARG001
    return rng.randint(*_heights(context))


@pack.kind("body.feet")
def feet(world: World, rng: Random, context: Mapping[str, Json]) -> int:  # noqa: ARG001
    low, high = _heights(context)
    return 6 if rng.uniform(low, high) >= 185 and high >= 187 else 5


@pack.kind("body.inches")
def inches(world: World, rng: Random, context: Mapping[str, Json]) -> int:  # noqa: ARG001
    low, high = _heights(context)
    tall = context.get("body.feet", 5) * 12
    fits = [n for n in range(1, 12) if low <= (tall + n) * 2.54 <= high]
    return rng.choice(fits or [3, 4, 5, 6])


@pack.kind("count.recipe_servings")
def recipe_servings(world: World, rng: Random, context: Mapping[str, Json]) -> int:  # noqa: ARG001
    """Many for a recipe that takes whole cups of an ingredient."""
    cups = context.get("volume.cups", 1)
    return rng.choice((2, 4, 4, 6) if cups < 1 else (4, 6, 8) if cups < 3 else (8, 10, 12))


@pack.kind("count.wanted_servings")
def wanted_servings(world: World, rng: Random, context: Mapping[str, Json]) -> int:  # noqa: ARG001
    """Another number than the recipe's, four times as many at most."""
    made = context.get("count.recipe_servings", 4)
    among = (3, 5, 6, 7, 8, 9, 10, 12, 14, 15, 16, 18, 20, 24, 25, 30)
    return rng.choice([n for n in among if n != made and made / 2 < n <= made * 4])


@pack.kind("duration.run")
def run_minutes(world: World, rng: Random, context: Mapping[str, Json]) -> int:  # noqa: ARG001
    """Minutes that a runner needs for the distance already said."""
    distance = context.get("distance.run")
    km = distance if isinstance(distance, (int, float)) else 10
    return max(13, round(km * rng.uniform(4.3, 7.6)))


@pack.kind("run.pace")
def pace(world: World, rng: Random, context: Mapping[str, Json]) -> str:  # noqa: ARG001
    return f"{rng.randint(4, 7)}:{rng.randrange(0, 60, 5):02d}"
