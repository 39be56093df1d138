"""The pack's dated tables: exchange rates and VAT rates; names from Babel."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.numbers import (
    get_currency_name,
    get_currency_precision,
    get_currency_symbol,
    list_currencies,
)

from callwright.schemas.errors import ToolError

RATES_DATE = "2026-10-30"
VAT_DATE = "2026-01-01"

_FOLDER = Path(__file__).parent
# Where a currency's own symbol is used: Babel's English tables mostly repeat the code.
_AT_HOME = {
    "SEK": "sv", "NOK": "nb", "DKK": "da", "ISK": "is", "PLN": "pl", "CZK": "cs", "HUF": "hu",
    "RON": "ro", "TRY": "tr", "THB": "th", "MYR": "ms", "IDR": "id", "ZAR": "en_ZA", "UAH": "uk",
    "RUB": "ru", "CRC": "es_CR", "RSD": "sr", "KES": "en_KE", "NGN": "en_NG", "GEL": "ka",
    "SGD": "en_SG", "ARS": "es_AR", "CLP": "es_CL", "COP": "es_CO", "PEN": "es_PE", "BAM": "bs",
    "UYU": "es_UY", "DOP": "es_DO", "NAD": "en_NA", "GHS": "en_GH", "JMD": "en_JM", "KHR": "km",
}  # fmt: skip
# Where Babel knows no symbol but the code, or one that only foreigners need.
_SYMBOLS = {
    "CNY": "¥", "CAD": "C$", "MXN": "$", "SGD": "S$", "CHF": "Fr", "DKK": "kr",
    "ISK": "kr", "RON": "lei", "AED": "Dh",
    "SAR": "SR", "QAR": "QR", "JOD": "JD", "BHD": "BD", "OMR": "RO", "CVE": "Esc", "MOP": "MOP$",
    "PAB": "B/", "BSD": "B$", "BBD": "Bds$", "BZD": "BZ$", "AWG": "Afl", "DJF": "Fdj",
    "NPR": "Rs", "NAD": "N$", "BND": "B$", "CUP": "$", "MAD": "DH", "TND": "DT", "EGP": "E£",
    "ETB": "Br", "VND": "₫",
}  # fmt: skip
_SHORTER = {"HK": "Hong Kong", "MO": "Macao", "TR": "Turkey", "PS": "Palestine"}


@lru_cache(maxsize=1)
def rates() -> dict[str, float]:
    """Units of each currency that one euro buys."""
    with (_FOLDER / "rates.csv").open(encoding="utf-8", newline="") as file:
        return {row["currency"]: float(row["per_eur"]) for row in csv.DictReader(file)}


@lru_cache(maxsize=1)
def vat_rates() -> dict[str, float]:
    """Standard VAT rate in percent by country."""
    with (_FOLDER / "vat.csv").open(encoding="utf-8", newline="") as file:
        return {row["country"]: float(row["standard_percent"]) for row in csv.DictReader(file)}


def rate(base: str, quote: str) -> float:
    """What one unit of `base` buys in `quote`.

    Raises:
        ToolError: no rate is known, or both are the same currency.
    """
    for code in (base, quote):
        if code not in rates():
            raise ToolError("not_found", f"No exchange rate for {code}.")
    if base == quote:
        raise ToolError("invalid_arguments", f"Both currencies are {base}.")
    return rates()[quote] / rates()[base]


def quoted(price: float) -> tuple[float, int]:
    """A rate as banks quote it: for 1, 100 or 10,000 units, so that it is no tiny fraction."""
    per = 1 if price >= 0.01 else 100 if price >= 0.0001 else 10_000
    return tidy(float(f"{price * per:.6g}"), 8), per


@lru_cache(maxsize=1)
def _territories() -> dict[str, str]:
    return {**dict(Locale("en").territories), **_SHORTER}


def country_name(code: str) -> str:
    """English name of a country."""
    name = _territories().get(code)
    if name is None or len(code) != 2:  # Babel knows regions such as 419 too
        raise ToolError("not_found", f"No country with the code {code}.")
    return name


@lru_cache(maxsize=512)
def currency_words(code: str) -> tuple[str, str, int]:
    """Name, symbol and number of decimals of a currency."""
    decimals(code)
    return (
        get_currency_name(code, locale="en"),
        _SYMBOLS.get(code) or get_currency_symbol(code, locale=_AT_HOME.get(code, "en")),
        get_currency_precision(code),
    )


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(list_currencies())


@lru_cache(maxsize=512)
def decimals(currency: str) -> int:
    """Decimals that amounts in `currency` are given with, two at most."""
    if currency not in _known():
        raise ToolError("invalid_arguments", f"No currency with the code {currency}.")
    return min(2, get_currency_precision(currency))


def tidy(value: float, digits: int = 2) -> float:
    """Rounded; whole numbers as integers, so that 250 does not read 250.0."""
    value = round(value, digits)
    return int(value) if value == int(value) else value


def money(value: float, currency: str) -> float:
    """An amount as a shop would print it."""
    return tidy(value, decimals(currency))
