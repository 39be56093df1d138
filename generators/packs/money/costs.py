"""What a quantity costs: fuel, electricity, postage, flooring."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from callwright.generators.pack import Kind
from callwright.generators.packs.money.tables import money

Code = Annotated[str, Kind("currency.code")]


class FuelCost(TypedDict):
    litres: float
    price_per_litre: Annotated[float, Kind("money.stated")]
    fuel_cost: Annotated[float, Kind("money.fuel")]
    currency: Code


def fuel_cost(
    litres: Annotated[float, Kind("volume.fuel", accepts=("fuel.litres",))],
    price_per_litre: Annotated[float, Kind("money.per_litre")],
    currency: Annotated[str, Kind("currency.code", along="price_per_litre")],
) -> FuelCost:
    """Work out what an amount of fuel costs at a price per litre.

    Args:
        litres: Fuel in litres.
        price_per_litre: Price of one litre.
        currency: ISO 4217 code of the price's currency.
    """
    return {
        "litres": litres,
        "price_per_litre": price_per_litre,
        "fuel_cost": money(litres * price_per_litre, currency),
        "currency": currency,
    }


class ElectricityCost(TypedDict):
    energy_kwh: float
    price_per_kwh: Annotated[float, Kind("money.stated")]
    electricity_cost: Annotated[float, Kind("money.electricity")]
    currency: Code


def electricity_cost(
    energy_kwh: Annotated[float, Kind("energy.kwh", accepts=("energy.charge", "energy.used"))],
    price_per_kwh: Annotated[float, Kind("money.per_kwh")],
    currency: Annotated[str, Kind("currency.code", along="price_per_kwh")],
) -> ElectricityCost:
    """Work out what an amount of electricity costs at a price per kilowatt-hour.

    Args:
        energy_kwh: Energy in kilowatt-hours.
        price_per_kwh: Price of one kilowatt-hour.
        currency: ISO 4217 code of the price's currency.
    """
    return {
        "energy_kwh": energy_kwh,
        "price_per_kwh": price_per_kwh,
        "electricity_cost": money(energy_kwh * price_per_kwh, currency),
        "currency": currency,
    }


class Postage(TypedDict):
    mass_kg: float
    price_per_kg: Annotated[float, Kind("money.stated")]
    postage: Annotated[float, Kind("money.postage")]
    currency: Code


def postage_cost(
    mass_kg: Annotated[float, Kind("mass.kg", accepts=("mass.converted",))],
    price_per_kg: Annotated[float, Kind("money.per_kg")],
    currency: Annotated[str, Kind("currency.code", along="price_per_kg")],
) -> Postage:
    """Work out what a parcel costs to send when the carrier charges by weight.

    Args:
        mass_kg: Weight of the parcel in kilograms.
        price_per_kg: Price the carrier charges for one kilogram.
        currency: ISO 4217 code of the price's currency.
    """
    return {
        "mass_kg": mass_kg,
        "price_per_kg": price_per_kg,
        "postage": money(mass_kg * price_per_kg, currency),
        "currency": currency,
    }


class FlooringCost(TypedDict):
    area_m2: float
    price_per_m2: Annotated[float, Kind("money.stated")]
    flooring_cost: Annotated[float, Kind("money.flooring")]
    currency: Code


def flooring_cost(
    area_m2: Annotated[float, Kind("area.m2", accepts=("area.floor",))],
    price_per_m2: Annotated[float, Kind("money.per_m2")],
    currency: Annotated[str, Kind("currency.code", along="price_per_m2")],
) -> FlooringCost:
    """Work out what flooring for an area costs at a price per square metre.

    Args:
        area_m2: Area in square metres.
        price_per_m2: Price of one square metre.
        currency: ISO 4217 code of the price's currency.
    """
    return {
        "area_m2": area_m2,
        "price_per_m2": price_per_m2,
        "flooring_cost": money(area_m2 * price_per_m2, currency),
        "currency": currency,
    }


class OffsetCost(TypedDict):
    co2_kg: float
    price_per_tonne: Annotated[float, Kind("money.stated")]
    offset_cost: Annotated[float, Kind("money.offset")]
    currency: Code


def offset_cost(
    co2_kg: Annotated[float, Kind("mass.emitted")],
    price_per_tonne: Annotated[float, Kind("money.per_tonne")],
    currency: Annotated[str, Kind("currency.code", along="price_per_tonne")],
) -> OffsetCost:
    """Work out what it costs to offset carbon dioxide at a price per tonne.

    Args:
        co2_kg: Carbon dioxide in kilograms.
        price_per_tonne: Price for offsetting one tonne (1000 kg).
        currency: ISO 4217 code of the price's currency.
    """
    return {
        "co2_kg": co2_kg,
        "price_per_tonne": price_per_tonne,
        "offset_cost": money(co2_kg * price_per_tonne / 1000, currency),
        "currency": currency,
    }


TOOLS = (fuel_cost, electricity_cost, postage_cost, flooring_cost, offset_cost)
