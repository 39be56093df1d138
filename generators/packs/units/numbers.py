"""Rounding that keeps whole numbers whole, and checks."""

from __future__ import annotations

from math import floor, log10

from callwright.schemas.errors import ToolError


def tidy(value: float, digits: int = 2) -> float:
    """Rounded; whole numbers as integers, so that 250 does not read 250.0."""
    value = round(value, digits)
    return int(value) if value == int(value) else value


def significant(value: float, digits: int = 4) -> float:
    """Rounded to so many significant digits."""
    if value == 0:
        return 0
    return tidy(value, digits - 1 - floor(log10(abs(value))))


def within(value: float, low: float, high: float, what: str) -> None:
    """Refuse what cannot be meant.

    Raises:
        ToolError: `value` lies outside [low, high].
    """
    if not low <= value <= high:
        raise ToolError("invalid_arguments", f"{what} must lie between {low:g} and {high:g}.")
