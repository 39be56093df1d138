"""Compounds, elements and isotopes by name."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from math import floor, log10
from pathlib import Path
from typing import Any

from callwright.schemas.errors import ToolError

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Compound:
    cas: str
    name: str
    formula: str
    melting_c: float | None
    boiling_c: float | None


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def compounds() -> tuple[Compound, ...]:
    """Every compound of `compounds.csv`."""
    return tuple(
        Compound(
            row["cas"],
            row["name"],
            row["formula"],
            tidy(float(row["melting_c"])) if row["melting_c"] else None,
            tidy(float(row["boiling_c"])) if row["boiling_c"] else None,
        )
        for row in _rows("compounds.csv")
    )


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Compound]:
    return {compound.name.casefold(): compound for compound in compounds()}


@lru_cache(maxsize=1)
def _by_cas() -> dict[str, Compound]:
    return {compound.cas: compound for compound in compounds()}


def compound_named(name: str) -> Compound:
    """The compound of that name.

    Raises:
        ToolError: there is none.
    """
    found = _by_name().get(name.casefold())
    if found is None:
        raise ToolError("not_found", f"No compound named {name}.")
    return found


def compound_with(cas: str) -> Compound:
    """The compound with that CAS number.

    Raises:
        ToolError: there is none.
    """
    found = _by_cas().get(cas)
    if found is None:
        raise ToolError("not_found", f"No compound with the CAS number {cas}.")
    return found


@lru_cache(maxsize=1)
def half_lives() -> dict[str, float]:
    """Half-life in hours by isotope ("iodine-131")."""
    return {row["isotope"]: tidy(float(row["half_life_hours"]), 4) for row in _rows("isotopes.csv")}


@lru_cache(maxsize=1)
def elements() -> dict[str, Any]:
    """periodictable's elements by symbol, hydrogen to plutonium."""
    import periodictable  # a tenth of a second, only for rows with chemistry

    return {e.symbol: e for e in periodictable.elements if 1 <= e.number <= 94}


def element_with(symbol: str) -> Any:
    """The element with that symbol.

    Raises:
        ToolError: there is none.
    """
    found = elements().get(symbol)
    if found is None:
        raise ToolError("not_found", f"No element with the symbol {symbol}.")
    return found


_ALIASES = {"sulphur": "sulfur", "aluminium": "aluminum", "caesium": "cesium"}


@lru_cache(maxsize=1)
def _symbols() -> dict[str, str]:
    return {element.name: symbol for symbol, element in elements().items()}


def symbol_of(name: str) -> str:
    """The symbol of an element by its English name.

    Raises:
        ToolError: there is no such element.
    """
    wanted = name.casefold()
    found = _symbols().get(_ALIASES.get(wanted, wanted))
    if found is None:
        raise ToolError("not_found", f"No element named {name}.")
    return found


@lru_cache(maxsize=512)
def composition(formula: str) -> dict[str, tuple[float, float]]:
    """Element symbol -> (atoms, atomic mass) of a formula.

    Raises:
        ToolError: not a formula.
    """
    import periodictable
    from pyparsing import ParseBaseException

    if not formula.isascii() or len(formula) > 60 or formula[:1].isdigit():
        raise ToolError("invalid_arguments", f"{formula} is not a chemical formula.")
    try:
        atoms = periodictable.formula(formula).atoms
    except (ParseBaseException, ValueError, KeyError, AttributeError) as error:
        raise ToolError("invalid_arguments", f"{formula} is not a chemical formula.") from error
    if not atoms:
        raise ToolError("invalid_arguments", f"{formula} is not a chemical formula.")
    return {str(a.symbol): (float(count), float(a.mass)) for a, count in atoms.items()}


def group_and_period(number: int) -> tuple[int | None, int]:
    """Group (None for lanthanides and actinides) and period of an element."""
    starts = (1, 3, 11, 19, 37, 55, 87, 119)
    period = next(p for p in range(1, 8) if number < starts[p])
    place = number - starts[period - 1] + 1
    length = starts[period] - starts[period - 1]
    if place <= (1 if period == 1 else 2):
        return place, period
    if length == 32:
        return (None, period) if place <= 16 else (place - 14, period)
    return 18 - (length - place), period


def tidy(value: float, digits: int = 2) -> float:
    """Rounded; whole numbers as integers, so that 250 does not read 250.0."""
    value = round(value, digits)
    return int(value) if value == int(value) else value


def significant(value: float, digits: int = 4) -> float:
    """Rounded to so many significant digits."""
    if value == 0:
        return 0
    return tidy(value, digits - 1 - floor(log10(abs(value))))


def positive(**values: float) -> None:
    """Refuse amounts that cannot be meant.

    Raises:
        ToolError: one of them is zero, negative or absurdly large.
    """
    for name, value in values.items():
        if not 0 < value <= 1e9:
            raise ToolError("invalid_arguments", f"{name} must be greater than 0.")
