"""At the bench: molar mass, moles, solutions, dilutions."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from callwright.generators.pack import Kind
from callwright.generators.packs.science.tables import composition, positive, significant, tidy
from callwright.schemas.errors import ToolError

MolarMassIn = Annotated[float, Kind("molar.mass")]


class MolarMass(TypedDict):
    formula: str
    molar_mass_g_mol: Annotated[float, Kind("molar.mass")]


def molar_mass(formula: Annotated[str, Kind("compound.formula")]) -> MolarMass:
    """Work out the molar mass of a chemical formula from standard atomic masses.

    Args:
        formula: Molecular formula.
    """
    total = sum(count * mass for count, mass in composition(formula).values())
    return {"formula": formula, "molar_mass_g_mol": tidy(total, 3)}


class Moles(TypedDict):
    mass_g: float
    molar_mass_g_mol: float
    moles: Annotated[float, Kind("amount.moles")]


def moles_in_mass(
    mass_g: Annotated[float, Kind("mass.lab_g")], molar_mass_g_mol: MolarMassIn
) -> Moles:
    """Work out the amount of substance, in moles, of a mass.

    Args:
        mass_g: Mass in grams.
        molar_mass_g_mol: Molar mass in grams per mole.
    """
    positive(mass_g=mass_g, molar_mass_g_mol=molar_mass_g_mol)
    return {
        "mass_g": mass_g,
        "molar_mass_g_mol": molar_mass_g_mol,
        "moles": significant(mass_g / molar_mass_g_mol),
    }


class MassOfMoles(TypedDict):
    moles: float
    molar_mass_g_mol: float
    mass_g: Annotated[float, Kind("mass.weighed")]


def mass_of_moles(
    moles: Annotated[float, Kind("amount.mol")], molar_mass_g_mol: MolarMassIn
) -> MassOfMoles:
    """Work out the mass of an amount of substance.

    Args:
        moles: Amount in moles.
        molar_mass_g_mol: Molar mass in grams per mole.
    """
    positive(moles=moles, molar_mass_g_mol=molar_mass_g_mol)
    return {
        "moles": moles,
        "molar_mass_g_mol": molar_mass_g_mol,
        "mass_g": significant(moles * molar_mass_g_mol),
    }


class Molarity(TypedDict):
    moles: float
    volume_ml: float
    molarity_mol_l: Annotated[float, Kind("solution.molarity")]


def molarity(
    moles: Annotated[float, Kind("amount.mol", accepts=("amount.moles",))],
    volume_ml: Annotated[float, Kind("volume.flask_ml")],
) -> Molarity:
    """Work out the concentration of a solution in moles per litre.

    Args:
        moles: Amount dissolved in moles.
        volume_ml: Volume of the finished solution in millilitres.
    """
    positive(moles=moles, volume_ml=volume_ml)
    return {
        "moles": moles,
        "volume_ml": volume_ml,
        "molarity_mol_l": significant(moles / volume_ml * 1000),
    }


class SolutionMass(TypedDict):
    molar_mass_g_mol: float
    molarity_mol_l: float
    volume_ml: float
    mass_g: Annotated[float, Kind("mass.weighed")]


def solution_mass(
    molar_mass_g_mol: MolarMassIn,
    molarity_mol_l: Annotated[float, Kind("concentration.wanted")],
    volume_ml: Annotated[float, Kind("volume.flask_ml")],
) -> SolutionMass:
    """Work out how much substance to weigh in for a solution of a given concentration.

    Args:
        molar_mass_g_mol: Molar mass of the substance in grams per mole.
        molarity_mol_l: Concentration wanted in moles per litre.
        volume_ml: Volume wanted in millilitres.
    """
    positive(molar_mass_g_mol=molar_mass_g_mol, molarity_mol_l=molarity_mol_l, volume_ml=volume_ml)
    return {
        "molar_mass_g_mol": molar_mass_g_mol,
        "molarity_mol_l": molarity_mol_l,
        "volume_ml": volume_ml,
        "mass_g": significant(molar_mass_g_mol * molarity_mol_l * volume_ml / 1000),
    }


class Dilution(TypedDict):
    stock_mol_l: float
    final_mol_l: float
    final_volume_ml: float
    stock_volume_ml: Annotated[float, Kind("volume.stock_ml")]
    solvent_volume_ml: float


def dilution(
    stock_mol_l: Annotated[float, Kind("concentration.stock", accepts=("solution.molarity",))],
    final_mol_l: Annotated[float, Kind("concentration.final")],
    final_volume_ml: Annotated[float, Kind("volume.diluted_ml")],
) -> Dilution:
    """Work out how much stock solution and solvent a dilution takes (C1 V1 = C2 V2).

    Args:
        stock_mol_l: Concentration of the stock in moles per litre.
        final_mol_l: Concentration wanted in moles per litre, lower than the stock's.
        final_volume_ml: Volume wanted in millilitres.
    """
    positive(stock_mol_l=stock_mol_l, final_mol_l=final_mol_l, final_volume_ml=final_volume_ml)
    if final_mol_l >= stock_mol_l:
        raise ToolError(
            "invalid_arguments",
            f"A stock of {stock_mol_l} mol/L cannot be diluted to {final_mol_l} mol/L.",
        )
    stock = final_mol_l * final_volume_ml / stock_mol_l
    return {
        "stock_mol_l": stock_mol_l,
        "final_mol_l": final_mol_l,
        "final_volume_ml": final_volume_ml,
        "stock_volume_ml": tidy(stock),
        "solvent_volume_ml": tidy(final_volume_ml - stock),
    }


TOOLS = (molar_mass, moles_in_mass, mass_of_moles, molarity, solution_mass, dilution)
