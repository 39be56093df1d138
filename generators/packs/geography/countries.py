"""Tools about countries."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from callwright.generators.pack import Kind
from callwright.generators.packs.geography.base import CountryLabel, pack
from callwright.generators.packs.geography.data import find_country
from callwright.schemas.errors import ToolError

# `country.visited`: where somebody's booking leads; `.office`, `.phone`, `.bank`: a business's.
TradingCountry = Annotated[str, Kind("country.code", accepts=("country.visited",))]
# A country by its own name: nobody looks up the dialling code or the languages of a city.
Nation = Annotated[str, Kind("country.nation")]


class Capital(TypedDict):
    country_code: str
    country_name: CountryLabel
    capital: Annotated[str, Kind("city.placed")]


class CountryCurrency(TypedDict):
    country_code: str
    country_name: CountryLabel
    currency_code: Annotated[str, Kind("currency.code")]
    currency_name: Annotated[str, Kind("currency.name")]


class CallingCode(TypedDict):
    country_code: str
    country_name: CountryLabel
    calling_code: Annotated[str, Kind("phone.calling_code")]


class Languages(TypedDict):
    country_code: str
    country_name: CountryLabel
    count: int
    languages: list[Annotated[str, Kind("language.name")]]


@pack.tool
def country_capital(country: Nation) -> Capital:
    """Capital city of a country.

    Args:
        country: ISO 3166-1 alpha-2 code of the country.
    """
    found = find_country(country)
    if not found.capital:
        raise ToolError("not_found", f"No undisputed capital on file for {found.code}.")
    return {"country_code": found.code, "country_name": found.name, "capital": found.capital}


@pack.tool
def country_currency(country: TradingCountry) -> CountryCurrency:
    """Currency used in a country. Gives its ISO 4217 code and English name, as of 2026.

    Args:
        country: ISO 3166-1 alpha-2 code of the country.
    """
    found = find_country(country)
    return {
        "country_code": found.code,
        "country_name": found.name,
        "currency_code": found.currency,
        "currency_name": found.currency_name,
    }


@pack.tool
def country_calling_code(country: Nation) -> CallingCode:
    """International telephone prefix of a country.

    Args:
        country: ISO 3166-1 alpha-2 code of the country.
    """
    found = find_country(country)
    return {
        "country_code": found.code,
        "country_name": found.name,
        "calling_code": found.calling_code,
    }


@pack.tool
def country_languages(country: Nation) -> Languages:
    """Official languages of a country. English names; regional languages are left out.

    Args:
        country: ISO 3166-1 alpha-2 code of the country.
    """
    found = find_country(country)
    if not found.languages:
        raise ToolError("not_found", f"No short list of official languages for {found.code}.")
    return {
        "country_code": found.code,
        "country_name": found.name,
        "count": len(found.languages),
        "languages": list(found.languages),
    }
