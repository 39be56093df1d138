"""What amounts people say: sizes that go with what the money is for and with its currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from random import Random

from callwright.generators.pack import Pack, World
from callwright.generators.packs.geography.data import countries, country_in, find_city
from callwright.generators.packs.money.tables import decimals, rates, vat_rates
from callwright.schemas.toolbox import Json

# kind -> lowest and highest amount in euros, and how it is rounded
SIZES: dict[str, tuple[float, float]] = {
    "money.amount": (15, 3000),
    "money.net_price": (15, 3000),
    "money.gross_price": (15, 3000),
    "money.shelf_price": (15, 900),
    "money.purchase": (15, 1500),
    "money.expense": (40, 1500),
    "money.bill": (25, 480),
    "money.goal": (400, 20_000),
    "money.savings": (500, 40_000),
    "money.loan": (4000, 400_000),
    "money.home": (9000, 600_000),
    "money.salary": (18_000, 160_000),
    "money.per_litre": (1.2, 2.3),
    "money.per_kwh": (0.14, 0.62),
    "money.per_kg": (2, 14),
    "money.per_m2": (9, 95),
    "money.per_tonne": (18, 95),
}
TAXED = {"money.net_price", "money.gross_price"}
"""Amounts on which a country's VAT is due, so in that country's money."""
# Often meant (first) and less often meant currencies.
_COMMON = ("EUR", "USD", "GBP", "JPY", "CNY", "CHF", "CAD", "AUD", "KRW", "INR", "HKD", "SGD")
_OTHERS = (
    "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "TRY", "THB", "MYR", "IDR", "PHP", "NZD",
    "MXN", "BRL", "ZAR", "ILS", "ISK", "AED", "SAR", "QAR",
)  # fmt: skip
_SAID = _COMMON * 3 + _OTHERS
_TIP = (12.5, 15, 18, 20, 22, 25)
_OFF = (10, 15, 20, 25, 30, 35, 40, 45, 50)


def _round(value: float, rng: Random, whole: bool) -> float:
    """As prices and sums are: 24.95, 85, 1250, 180000."""
    if value < 3:
        return round(value, 2)
    if value < 100 and not whole and rng.random() < 0.6:
        return int(value) + rng.choice((0.95, 0.99, 0.75, 0.25, 0.45, 0.85))
    digits = 2 if rng.random() < 0.7 or value >= 20_000 else 3
    step = max(1, 10 ** (len(str(int(value))) - digits))
    return int(max(step, round(value / step) * step))


def _amount(kind: str, rng: Random, context: Mapping[str, Json]) -> float:
    low, high = SIZES[kind]
    value = low * (high / low) ** rng.random()
    currency = context.get("currency.code") or (_place_money(context) if kind in TAXED else None)
    if isinstance(currency, str) and currency in rates():
        return _round(value * rates()[currency], rng, decimals(currency) == 0)
    if kind in TAXED and {"country.taxed", "city.name"} & set(context):
        return _round(value, rng, whole=False)  # quoted in euros or dollars
    if (
        "length.miles" not in context and rng.random() < 0.2
    ):  # said in a currency of small units; the currency is chosen to fit
        return _round(value * rng.choice((7.4, 10.5, 106.0, 175.7, 1491.8)), rng, whole=True)
    return _round(value, rng, whole=False)


def _beside(rng: Random, context: Mapping[str, Json]) -> float:
    """An amount of about the same worth as the one it is compared with or added to."""
    euros = context.get("money.amount", 200) / rates()[context.get("currency.code", "EUR")]
    currency = rng.choice([c for c in _SAID if c != context.get("currency.code")])
    value = euros * rng.uniform(0.7, 1.4) * rates()[currency]
    return _round(value, rng, whole=value > 100)


def _worth_as_much(context: Mapping[str, Json]) -> list[str]:
    """Currencies in which the second amount is worth about as much as the first."""
    euros = context.get("money.amount", 200) / rates()[context["currency.code"]]
    second = context["money.other_amount"]
    return [c for c in _SAID if 0.55 < second / rates()[c] / euros < 1.8]


def _currency(rng: Random, context: Mapping[str, Json]) -> str:
    """One in which the amount already said is an amount that somebody would say."""
    if {"money.other_amount", "currency.code"} <= set(context):
        fits = [c for c in _worth_as_much(context) if c != context["currency.code"]]
        if fits:
            return rng.choice(fits)
    if "currency.code" not in context:
        if TAXED & set(context):
            taxed = _place_money(context)
            if taxed is not None:
                return taxed
            if {"country.taxed", "city.name"} & set(context):
                return rng.choice(("EUR", "USD"))
        for kind in reversed(list(context)):
            if kind in SIZES:
                low, high = SIZES[kind]
                amount = context[kind]
                fits = [c for c in _SAID if low * 0.9 <= amount / rates()[c] <= high * 1.1]
                if amount != int(amount):
                    fits = [c for c in fits if decimals(c)]
                fits = _coherent(context, fits) or fits
                if fits:
                    return _local(rng, context, fits) or rng.choice(fits)
        return _local(rng, context, _SAID) or rng.choice(_SAID)
    first = rates().get(context["currency.code"], 1.0)
    if rng.random() < 0.65:  # an amount said in one of them is then an amount in the other too
        return rng.choice([c for c in _SAID if 1 / 8 <= rates()[c] / first <= 8] or _SAID)
    return rng.choice(_SAID)


def _coherent(context: Mapping[str, Json], codes: Sequence[str]) -> list[str]:
    """Where roads are in miles, prices are in pounds or dollars; no pounds a pound's weight."""
    if "length.miles" in context:
        return [c for c in codes if c == "GBP"]
    if {"mass.parcel_lb", "body.pounds"} & set(context):
        return [c for c in codes if c in ("USD", "CAD", "EUR")]
    return list(codes)


def _place_money(context: Mapping[str, Json]) -> str | None:
    """The money of the place that the row is about."""
    country = context.get("country.taxed", context.get("country.code"))
    if country is None and "city.name" in context:
        country = find_city(context["city.name"]).country
    code = countries()[str(country)].currency if country in countries() else None
    return code if code in rates() else None


@cache
def _taxing(currency: str) -> tuple[str, ...]:
    """Countries with VAT that pay in this currency, or in any that is known."""
    return tuple(
        code
        for code in vat_rates()
        if code in countries()
        and countries()[code].currency in ((currency,) if currency else rates())
    )


@cache
def _vat_of(currency: str) -> tuple[float, ...]:
    """Standard rates of VAT where a currency is used; those of the euro area for others."""
    found = sorted(
        {
            percent
            for country, percent in vat_rates().items()
            if country in countries() and countries()[country].currency == currency
        }
    )
    return tuple(found) or _vat_of("EUR")


def _local(rng: Random, context: Mapping[str, Json], among: Sequence[str]) -> str | None:
    """Now and then the money of the place that the row is about."""
    if rng.random() < 0.6:
        return None
    code = _place_money(context)
    return code if code in among else None


def _payers_money(world: World, context: Mapping[str, Json]) -> Json:
    """The money of the account that pays, where a bill is shared with one of the bank's payees.

    Raises:
        LookupError: the payee is a company, and with these nobody shares a bill.
    """
    if "payee.name" not in context:
        return None
    bank = world.db("bank")
    named = "SELECT 1 FROM payees WHERE type = 'company' AND name = ?"
    if bank.execute(named, (context["payee.name"],)).fetchone():
        raise LookupError("a company shares no bill")
    return bank.execute("SELECT currency FROM clients").fetchone()[0]


def _loan_years(rng: Random, context: Mapping[str, Json]) -> int:
    """Short terms for small loans, long ones for homes."""
    per_euro = rates().get(context.get("currency.code", "EUR"), 1.0)
    borrowed = context.get("money.loan", context.get("money.home", 30_000 * per_euro)) / per_euro
    if borrowed < 15_000:
        return rng.choice((2, 3, 4, 5))
    return rng.choice((4, 5, 6, 7, 8, 10) if borrowed < 90_000 else (12, 15, 18, 20, 25, 30))


def register(pack: Pack) -> None:
    """Tell the pack where its values come from."""

    def amounts(kind: str) -> None:
        @pack.kind(kind)
        def sample(world: World, rng: Random, context: Mapping[str, Json]) -> float:
            own = _payers_money(world, context)
            return _amount(kind, rng, {"currency.code": own, **context} if own else context)

    for kind in SIZES:
        amounts(kind)

    @pack.kind("money.other_amount")
    def other(world: World, rng: Random, context: Mapping[str, Json]) -> float:  # noqa: ARG001
        return _beside(rng, context)

    @pack.kind("currency.code")
    def currency(world: World, rng: Random, context: Mapping[str, Json]) -> str:
        return _payers_money(world, context) or _currency(rng, context)

    @pack.kind("currency.wanted")
    @pack.kind("currency.quoted")
    def wanted(world: World, rng: Random, context: Mapping[str, Json]) -> str:  # noqa: ARG001
        """Another one than that of the amount or of the rate."""
        first = context.get("currency.quoted", context.get("currency.code"))
        among = [c for c in _SAID if c != first]
        if first in rates() and rng.random() < 0.65:
            among = [c for c in among if 1 / 8 <= rates()[c] / rates()[first] <= 8] or among
        return rng.choice(among)

    @pack.kind("country.taxed")
    def taxed(world: World, rng: Random, context: Mapping[str, Json]) -> str:  # noqa: ARG001
        """Where VAT is charged in a money of which the rate is known."""
        among = _taxing(str(context.get("currency.code", ""))) if TAXED & set(context) else ()
        here = country_in(context)
        return str(here) if here in (among or _taxing("")) else rng.choice(among or _taxing(""))

    @pack.kind("currency.named")
    def named(world: World, rng: Random, context: Mapping[str, Json]) -> str:  # noqa: ARG001
        return rng.choice((*_COMMON, *_OTHERS))

    @pack.kind("count.loan_years")
    def loan_years(world: World, rng: Random, context: Mapping[str, Json]) -> int:  # noqa: ARG001
        return _loan_years(rng, context)

    def choices(kind: str, values: tuple[float, ...]) -> None:
        @pack.kind(kind)
        def choose(world: World, rng: Random, context: Mapping[str, Json]) -> float:  # noqa: ARG001
            return rng.choice(values)

    choices("mass.emitted", tuple(range(120, 3000, 20)))

    def vat_percents(kind: str) -> None:
        @pack.kind(kind)
        def percent(world: World, rng: Random, context: Mapping[str, Json]) -> float:  # noqa: ARG001
            return rng.choice(_vat_of(str(context.get("currency.code", "EUR"))))

    choices("percent.tip", _TIP)
    choices("percent.discount", _OFF)
    for kind in ("percent.vat", "percent.vat_included"):
        vat_percents(kind)
    choices("percent.card_fee", (1.5, 1.75, 1.9, 2.25, 2.5, 2.75, 2.9, 3.5))
    choices("percent.loan", tuple(n / 20 for n in range(37, 190) if n % 20))
    choices("percent.savings", tuple(n / 20 for n in range(21, 110) if n % 20))
    choices("percent.deposit", (12.5, 15, 20, 25, 30, 35, 40))
    choices("count.people", (2, 3, 3, 4, 4, 5, 5, 6, 7, 8))
    choices("count.months", tuple(range(3, 25)))
    choices("count.saving_years", tuple(range(2, 31)))
    choices("count.weekly_hours", (20, 24, 25, 28, 30, 32, 35, 36, 37.5, 38, 40, 42))
