"""Bills: tax, shares, discounts, card fees, and two amounts put together."""

from __future__ import annotations

from typing import Annotated, Literal

from typing_extensions import TypedDict

from callwright.generators.pack import Kind
from callwright.generators.packs.money.tables import money, rate
from callwright.schemas.errors import ToolError

Code = Annotated[str, Kind("currency.code")]

SHARED = ("money.total", "money.cart", "money.quote", "money.due")
"""What several people may have bought together. A fare is one person's."""


class WithVat(TypedDict):
    net_amount: Annotated[float, Kind("money.stated")]
    vat_percent: float
    vat_amount: Annotated[float, Kind("money.stated")]
    gross_amount: Annotated[float, Kind("money.gross")]
    currency: Code


def add_vat(
    net_amount: Annotated[
        float,
        Kind("money.net_price"),
    ],
    currency: Annotated[str, Kind("currency.code", along="net_amount")],
    vat_percent: Annotated[float, Kind("percent.vat")],
) -> WithVat:
    """Add value-added tax to a net price. Returns the tax and the price with tax.

    Args:
        net_amount: Price without tax.
        currency: ISO 4217 code of the price's currency.
        vat_percent: Tax rate in percent.
    """
    return {
        "net_amount": net_amount,
        "vat_percent": vat_percent,
        "vat_amount": money(net_amount * vat_percent / 100, currency),
        "gross_amount": money(net_amount * (1 + vat_percent / 100), currency),
        "currency": currency,
    }


class WithoutVat(TypedDict):
    gross_amount: Annotated[float, Kind("money.stated")]
    vat_percent: float
    vat_amount: Annotated[float, Kind("money.vat")]
    net_amount: Annotated[float, Kind("money.net")]
    currency: Code


def remove_vat(
    gross_amount: Annotated[float, Kind("money.gross_price")],
    currency: Annotated[str, Kind("currency.code", along="gross_amount")],
    vat_percent: Annotated[float, Kind("percent.vat_included")],
) -> WithoutVat:
    """Take value-added tax out of a price that includes it. Returns the tax and the net price.

    Args:
        gross_amount: Price with tax.
        currency: ISO 4217 code of the price's currency.
        vat_percent: Tax rate in percent.
    """
    net = gross_amount / (1 + vat_percent / 100)
    return {
        "gross_amount": gross_amount,
        "vat_percent": vat_percent,
        "vat_amount": money(gross_amount - net, currency),
        "net_amount": money(net, currency),
        "currency": currency,
    }


class SplitBill(TypedDict):
    bill: Annotated[float, Kind("money.stated")]
    people: int
    tip_amount: Annotated[float, Kind("money.stated")]
    total_amount: Annotated[float, Kind("money.stated")]
    per_person: Annotated[float, Kind("money.bill_share")]
    currency: Code


def split_bill(
    bill: Annotated[float, Kind("money.bill")],
    currency: Annotated[str, Kind("currency.code", along="bill")],
    people: Annotated[int, Kind("count.people")],
    tip_percent: Annotated[float | None, Kind("percent.tip")] = None,
) -> SplitBill:
    """Split a restaurant or bar bill equally among people, with a tip if wanted.

    Args:
        bill: Amount of the bill before any tip.
        currency: ISO 4217 code of the bill's currency.
        people: Number of people who share it, at least one.
        tip_percent: Tip in percent of the bill; none if left out.
    """
    if people < 1:
        raise ToolError("invalid_arguments", "A bill needs at least one person to pay it.")
    tip = bill * (tip_percent or 0) / 100
    return {
        "bill": bill,
        "people": people,
        "tip_amount": money(tip, currency),
        "total_amount": money(bill + tip, currency),
        "per_person": money((bill + tip) / people, currency),
        "currency": currency,
    }


class SharedCost(TypedDict):
    amount: Annotated[float, Kind("money.stated")]
    people: int
    per_person: Annotated[float, Kind("money.share")]
    currency: Code


def share_cost(
    amount: Annotated[float, Kind("money.expense", accepts=SHARED)],
    currency: Annotated[str, Kind("currency.code", along="amount")],
    people: Annotated[int, Kind("count.people")],
) -> SharedCost:
    """Share a cost equally among people.

    Args:
        amount: Amount to share.
        currency: ISO 4217 code of the amount's currency.
        people: Number of people who share it, at least one.
    """
    if people < 1:
        raise ToolError("invalid_arguments", "A cost needs at least one person to pay it.")
    return {
        "amount": money(amount, currency),
        "people": people,
        "per_person": money(amount / people, currency),
        "currency": currency,
    }


class Discounted(TypedDict):
    price: Annotated[float, Kind("money.stated")]
    discount_percent: float
    saved_amount: Annotated[float, Kind("money.stated")]
    final_price: Annotated[float, Kind("money.discounted")]
    currency: Code


def apply_discount(
    price: Annotated[float, Kind("money.shelf_price", accepts=("money.price",))],
    currency: Annotated[str, Kind("currency.code", along="price")],
    discount_percent: Annotated[float, Kind("percent.discount")],
) -> Discounted:
    """Work out a price after a percentage discount, and what is saved.

    Args:
        price: Price before the discount.
        currency: ISO 4217 code of the price's currency.
        discount_percent: Discount in percent of the price.
    """
    if not 0 <= discount_percent <= 100:
        raise ToolError("invalid_arguments", "A discount lies between 0 and 100 percent.")
    saved = price * discount_percent / 100
    return {
        "price": price,
        "discount_percent": discount_percent,
        "saved_amount": money(saved, currency),
        "final_price": money(price - saved, currency),
        "currency": currency,
    }


class Charged(TypedDict):
    amount: Annotated[float, Kind("money.stated")]
    fee_percent: float
    fee_amount: Annotated[float, Kind("money.stated")]
    charged_amount: Annotated[float, Kind("money.charged")]
    currency: Code


def card_charge(
    amount: Annotated[
        float,
        Kind("money.purchase", accepts=("money.cart",)),
    ],
    currency: Annotated[str, Kind("currency.code", along="amount")],
    fee_percent: Annotated[float, Kind("percent.card_fee")],
) -> Charged:
    """Work out what a card is charged when the bank adds a percentage fee.

    Such as the fee on purchases in a foreign currency.

    Args:
        amount: Amount of the purchase.
        currency: ISO 4217 code of the amount's currency.
        fee_percent: Fee in percent of the amount.
    """
    fee = amount * fee_percent / 100
    return {
        "amount": amount,
        "fee_percent": fee_percent,
        "fee_amount": money(fee, currency),
        "charged_amount": money(amount + fee, currency),
        "currency": currency,
    }


class Total(TypedDict):
    first_amount: Annotated[float, Kind("money.stated")]
    second_amount: Annotated[float, Kind("money.stated")]
    total: Annotated[float, Kind("money.sum")]
    currency: Code


def add_amounts(
    first: Annotated[float, Kind("money.amount")],
    first_currency: Annotated[str, Kind("currency.code", along="first")],
    second: Annotated[float, Kind("money.other_amount")],
    second_currency: Annotated[str, Kind("currency.code", along="second")],
) -> Total:
    """Add two amounts of money, which may be in different currencies.

    The total is in the first one's currency; the second is converted at the
    fixed reference rates of 30 October 2026.

    Args:
        first: First amount.
        first_currency: ISO 4217 code of the first amount's currency.
        second: Second amount.
        second_currency: ISO 4217 code of the second amount's currency.
    """
    other = _in_currency(second, second_currency, first_currency)
    return {
        "first_amount": money(first, first_currency),
        "second_amount": money(other, first_currency),
        "total": money(first + other, first_currency),
        "currency": first_currency,
    }


class Comparison(TypedDict):
    first_amount: Annotated[float, Kind("money.stated")]
    second_amount: Annotated[float, Kind("money.stated")]
    cheaper: Annotated[Literal["first", "second"] | None, Kind("choice.cheaper")]
    difference: Annotated[float, Kind("money.difference")]
    currency: Code


def compare_amounts(
    first: Annotated[float, Kind("money.amount")],
    first_currency: Annotated[str, Kind("currency.code", along="first")],
    second: Annotated[float, Kind("money.other_amount")],
    second_currency: Annotated[str, Kind("currency.code", along="second")],
) -> Comparison:
    """Compare two amounts of money, which may be in different currencies.

    The difference is in the first one's currency, at the fixed reference rates of 30 October 2026.

    Args:
        first: First amount.
        first_currency: ISO 4217 code of the first amount's currency.
        second: Second amount.
        second_currency: ISO 4217 code of the second amount's currency.
    """
    other = _in_currency(second, second_currency, first_currency)
    gap = money(first, first_currency) - money(other, first_currency)
    return {
        "first_amount": money(first, first_currency),
        "second_amount": money(other, first_currency),
        "cheaper": "first" if gap < 0 else "second" if gap > 0 else None,
        "difference": money(abs(gap), first_currency),
        "currency": first_currency,
    }


def _in_currency(amount: float, own: str, wanted: str) -> float:
    return amount if own == wanted else amount * rate(own, wanted)


TOOLS = (
    add_vat,
    remove_vat,
    split_bill,
    share_cost,
    apply_discount,
    card_charge,
    add_amounts,
    compare_amounts,
)
