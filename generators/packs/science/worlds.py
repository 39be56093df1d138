"""Gravity elsewhere in the solar system."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from callwright.generators.pack import Kind
from callwright.generators.packs.science.tables import significant, tidy
from callwright.schemas.errors import ToolError

GRAVITY = {
    "Mercury": 3.7,
    "Venus": 8.87,
    "the Moon": 1.62,
    "Mars": 3.72,
    "Ceres": 0.28,
    "Jupiter": 24.79,
    "Io": 1.8,
    "Europa": 1.31,
    "Ganymede": 1.43,
    "Callisto": 1.24,
    "Saturn": 10.44,
    "Titan": 1.35,
    "Uranus": 8.87,
    "Neptune": 11.15,
    "Triton": 0.78,
    "Pluto": 0.62,
}
"""Gravity in m/s2 at the surface, or at 1 bar in the giants' atmospheres."""


class Gravity(TypedDict):
    body: Annotated[str, Kind("space.body")]
    gravity_m_s2: Annotated[float, Kind("gravity.surface")]


def surface_gravity(body: Annotated[str, Kind("space.body")]) -> Gravity:
    """Look up the gravity at the surface of a planet or moon of the solar system.

    Args:
        body: English name of the planet or moon.
    """
    wanted = body.casefold().removeprefix("the ")
    for name, gravity in GRAVITY.items():
        if name.casefold().removeprefix("the ") == wanted:
            return {"body": name, "gravity_m_s2": gravity}
    raise ToolError("not_found", f"No gravity on record for {body}.")


class WeightElsewhere(TypedDict):
    mass_kg: float
    gravity_m_s2: float
    weight_n: float
    feels_like_kg: Annotated[float, Kind("body.felt_mass")]


def weight_elsewhere(
    mass_kg: Annotated[float, Kind("body.mass", accepts=("body.mass_converted",))],
    gravity_m_s2: Annotated[float, Kind("gravity.surface")],
) -> WeightElsewhere:
    """Work out a person's weight under another gravity, and the mass that would feel so on Earth.

    Args:
        mass_kg: Mass of the person in kilograms.
        gravity_m_s2: Gravity in metres per second squared.
    """
    if not (0 < mass_kg <= 500 and 0 < gravity_m_s2 <= 500):
        raise ToolError("invalid_arguments", "Mass and gravity must lie between 0 and 500.")
    return {
        "mass_kg": mass_kg,
        "gravity_m_s2": gravity_m_s2,
        "weight_n": significant(mass_kg * gravity_m_s2),
        "feels_like_kg": tidy(mass_kg * gravity_m_s2 / 9.80665, 1),
    }


TOOLS = (surface_gravity, weight_elsewhere)
