"""Compounds and elements: names, formulas, temperatures, isotopes."""

from __future__ import annotations

from typing import Annotated, Literal

from typing_extensions import TypedDict

from callwright.generators.pack import Kind
from callwright.generators.packs.science.tables import (
    composition,
    compound_named,
    compound_with,
    element_with,
    group_and_period,
    half_lives,
    positive,
    significant,
    symbol_of,
    tidy,
)
from callwright.schemas.errors import ToolError

Name = Annotated[str, Kind("compound.name")]
ElementName = Annotated[str, Kind("element.name")]
Cas = Annotated[str, Kind("compound.cas")]


class CasNumber(TypedDict):
    name: Name
    cas: Cas


def compound_cas(name: Name) -> CasNumber:
    """Find the CAS registry number of a chemical compound by its common name.

    Args:
        name: Common English name of the compound.
    """
    compound = compound_named(name)
    return {"name": compound.name, "cas": compound.cas}


class CompoundFormula(TypedDict):
    cas: str
    name: Name
    formula: Annotated[str, Kind("compound.formula")]


def compound_formula(cas: Cas) -> CompoundFormula:
    """Look up the molecular formula of a compound.

    Args:
        cas: CAS registry number of the compound.
    """
    compound = compound_with(cas)
    return {"cas": cas, "name": compound.name, "formula": compound.formula}


class BoilingPoint(TypedDict):
    cas: str
    name: Name
    boiling_point_c: Annotated[float, Kind("temperature.boiling")]
    unit: Annotated[str, Kind("unit.symbol")]


def boiling_point(cas: Cas) -> BoilingPoint:
    """Look up the normal boiling point of a compound, at 101.325 kPa.

    Args:
        cas: CAS registry number of the compound.
    """
    compound = compound_with(cas)
    if compound.boiling_c is None:
        raise ToolError("not_found", f"No normal boiling point on record for {compound.name}.")
    return {
        "cas": cas,
        "name": compound.name,
        "boiling_point_c": compound.boiling_c,
        "unit": "°C",
    }


class MeltingPoint(TypedDict):
    cas: str
    name: Name
    melting_point_c: Annotated[float, Kind("temperature.melting")]
    unit: Annotated[str, Kind("unit.symbol")]


def melting_point(cas: Cas) -> MeltingPoint:
    """Look up the melting point of a compound.

    Args:
        cas: CAS registry number of the compound.
    """
    compound = compound_with(cas)
    if compound.melting_c is None:
        raise ToolError("not_found", f"No melting point on record for {compound.name}.")
    return {
        "cas": cas,
        "name": compound.name,
        "melting_point_c": compound.melting_c,
        "unit": "°C",
    }


class PhysicalState(TypedDict):
    cas: str
    name: Name
    temperature_c: float
    state: Annotated[Literal["solid", "liquid", "gas"], Kind("matter.state")]
    melting_point_c: float
    boiling_point_c: float
    unit: Annotated[str, Kind("unit.symbol")]


def state_at_temperature(
    cas: Cas,
    temperature_c: Annotated[float, Kind("temperature.room", accepts=("temperature.converted",))],
) -> PhysicalState:
    """Tell whether a compound is solid, liquid or a gas at a temperature and normal pressure.

    Args:
        cas: CAS registry number of the compound.
        temperature_c: Temperature in degrees Celsius.
    """
    compound = compound_with(cas)
    if compound.melting_c is None or compound.boiling_c is None:
        raise ToolError("not_found", f"Not enough data on record for {compound.name}.")
    return {
        "cas": cas,
        "name": compound.name,
        "temperature_c": temperature_c,
        "state": (
            "solid"
            if temperature_c < compound.melting_c
            else "liquid"
            if temperature_c < compound.boiling_c
            else "gas"
        ),
        "melting_point_c": compound.melting_c,
        "boiling_point_c": compound.boiling_c,
        "unit": "°C",
    }


class ElementSymbol(TypedDict):
    name: ElementName
    symbol: Annotated[str, Kind("element.symbol")]


def element_symbol(name: ElementName) -> ElementSymbol:
    """Find the symbol of a chemical element by its name.

    Args:
        name: English name of the element.
    """
    symbol = symbol_of(name)
    return {"name": element_with(symbol).name, "symbol": symbol}


class Element(TypedDict):
    symbol: str
    name: ElementName
    atomic_number: int
    atomic_mass_u: float
    period: int
    group: int | None
    density_g_cm3: float | None


def element_properties(symbol: Annotated[str, Kind("element.symbol")]) -> Element:
    """Look up an element: atomic number, atomic mass, place in the periodic table, density.

    Args:
        symbol: Symbol of the element.
    """
    element = element_with(symbol)
    group, period = group_and_period(element.number)
    density = element.density
    return {
        "symbol": symbol,
        "name": element.name,
        "atomic_number": element.number,
        "atomic_mass_u": tidy(float(element.mass), 4),
        "period": period,
        "group": group,
        "density_g_cm3": None if density is None else significant(float(density)),
    }


class Isotope(TypedDict):
    isotope: Annotated[str, Kind("isotope.natural")]
    mass_number: int
    abundance_percent: float
    mass_u: Annotated[float, Kind("isotope.mass")]


class Isotopes(TypedDict):
    symbol: str
    name: ElementName
    count: int
    isotopes: list[Isotope]


def natural_isotopes(symbol: Annotated[str, Kind("element.symbol")]) -> Isotopes:
    """List the natural isotopes of an element with their abundance, the commonest first.

    Args:
        symbol: Symbol of the element.
    """
    element = element_with(symbol)
    found = [i for i in element if i.abundance]
    if not found:
        raise ToolError("not_found", f"{element.name} has no isotopes with a natural abundance.")
    found.sort(key=lambda i: -float(i.abundance))
    isotopes: list[Isotope] = [
        {
            "isotope": f"{element.name}-{i.isotope}",
            "mass_number": int(i.isotope),
            "abundance_percent": significant(float(i.abundance)),
            "mass_u": tidy(float(i.mass), 5),
        }
        for i in found[:8]
    ]
    return {
        "symbol": symbol,
        "name": element.name,
        "count": len(found),
        "isotopes": isotopes,
    }


class ElementShare(TypedDict):
    formula: str
    symbol: str
    element: ElementName
    mass_percent: Annotated[float, Kind("percent.element")]


def element_share(
    formula: Annotated[str, Kind("compound.formula")],
    symbol: Annotated[str, Kind("element.symbol")],
) -> ElementShare:
    """Work out how much of a compound's mass one element makes up, in percent.

    Args:
        formula: Molecular formula of the compound.
        symbol: Symbol of the element.
    """
    atoms = composition(formula)
    element = element_with(symbol)
    if symbol not in atoms:
        raise ToolError("invalid_arguments", f"{formula} holds no {element.name}.")
    total = sum(count * mass for count, mass in atoms.values())
    count, mass = atoms[symbol]
    return {
        "formula": formula,
        "symbol": symbol,
        "element": element.name,
        "mass_percent": tidy(count * mass / total * 100),
    }


class HalfLife(TypedDict):
    isotope: Annotated[str, Kind("isotope.name")]
    half_life_hours: Annotated[float, Kind("isotope.half_life")]


def isotope_half_life(isotope: Annotated[str, Kind("isotope.name")]) -> HalfLife:
    """Look up the half-life of an isotope that medicine uses.

    Args:
        isotope: Element name and mass number joined by a hyphen.
    """
    hours = half_lives().get(isotope)
    if hours is None:
        raise ToolError("not_found", f"No half-life on record for {isotope}.")
    return {"isotope": isotope, "half_life_hours": hours}


class Decay(TypedDict):
    initial_mbq: float
    half_life_hours: float
    elapsed_hours: float
    remaining_mbq: Annotated[float, Kind("activity.remaining")]
    remaining_percent: float


def remaining_activity(
    initial_mbq: Annotated[float, Kind("activity.mbq")],
    half_life_hours: Annotated[float, Kind("isotope.half_life")],
    elapsed_hours: Annotated[float, Kind("duration.decay_hours")],
) -> Decay:
    """Work out the activity of a radioactive sample that is left after some time.

    Args:
        initial_mbq: Activity at the start in megabecquerels.
        half_life_hours: Half-life in hours.
        elapsed_hours: Time passed in hours.
    """
    positive(initial_mbq=initial_mbq, half_life_hours=half_life_hours)
    if elapsed_hours < 0:
        raise ToolError("invalid_arguments", "elapsed_hours must not be negative.")
    share = 0.5 ** (elapsed_hours / half_life_hours)
    if share < 1e-9:
        raise ToolError("refused", "Practically nothing is left after that many half-lives.")
    return {
        "initial_mbq": initial_mbq,
        "half_life_hours": half_life_hours,
        "elapsed_hours": elapsed_hours,
        "remaining_mbq": significant(initial_mbq * share),
        "remaining_percent": significant(100 * share),
    }


TOOLS = (
    compound_cas,
    compound_formula,
    boiling_point,
    melting_point,
    state_at_temperature,
    element_symbol,
    element_properties,
    natural_isotopes,
    element_share,
    isotope_half_life,
    remaining_activity,
)
