"""Payees, transfers to them, and standing orders."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from callwright.generators.nearest import nearest
from callwright.generators.pack import Kind, World
from callwright.generators.packs.bank.accounts import daily_limit
from callwright.generators.packs.bank.base import (
    PAGE,
    AccountId,
    AccountName,
    AccountPaying,
    Currency,
    Left,
    PayeeName,
    account_of,
    accounts_of,
    bank,
    book,
    client_of,
    found,
    pack,
    take,
)
from callwright.generators.packs.money.tables import money, rate
from callwright.schemas.errors import ToolError

PayeeId = Annotated[str, Kind("payee.id")]
OrderAmount = Annotated[float, Kind("money.standing")]
Frequency = Annotated[str, Kind("payment.frequency")]


class FoundPayee(TypedDict):
    payee_id: PayeeId
    name: PayeeName
    type: str
    bank: str
    ending_in: str
    added_on: Annotated[str, Kind("date.added", format="date")]


class Transferred(TypedDict):
    transaction_id: str
    payee_name: PayeeName
    amount: Annotated[float, Kind("money.sent")]
    currency: Currency
    debited_amount: float
    account_name: AccountName
    balance_after: Left
    account_currency: Annotated[str, Kind("currency.home")]


class StandingOrder(TypedDict):
    standing_order_id: Annotated[str, Kind("standing_order.id")]
    payee_id: str
    payee_name: PayeeName
    amount: OrderAmount
    currency: Currency
    frequency: Frequency
    next_on: Annotated[str, Kind("date.payment", format="date")]
    since: str
    account_id: AccountPaying
    account_name: AccountName
    status: str


class StandingOrders(TypedDict):
    account_name: AccountName | None
    payee_name: PayeeName | None
    count: int
    standing_orders: list[StandingOrder]


class Stopped(TypedDict):
    standing_order_id: str
    payee_name: PayeeName
    amount: OrderAmount
    currency: Currency
    frequency: Frequency
    account_name: AccountName
    status: Annotated[str, Kind("standing_order.status")]


@pack.tool
def find_payee(world: World, name: PayeeName) -> FoundPayee:
    """Find a saved payee by name: a person or a company the user has paid before.

    Args:
        name: Full name, or one word of it that no other payee has.
    """
    query = "SELECT payee_id, name, type, bank, ending_in, added_on FROM payees ORDER BY name"
    payees = bank(world).execute(query).fetchall()
    wanted = " ".join(name.casefold().split())
    hits = [row for row in payees if row[1].casefold() == wanted]
    hits = hits or [row for row in payees if wanted in row[1].casefold().split()]
    if not hits:
        raise ToolError(
            "not_found",
            f"No payee is named {name}.",
            suggestions=nearest(name, [row[1] for row in payees]),
        )
    if len(hits) > 1:
        raise ToolError(
            "refused",
            f"{len(hits)} payees are named {name}: give the full name.",
            suggestions=[row[1] for row in hits],
        )
    payee_id, full, kind, house, ending, added = hits[0]
    return {
        "payee_id": payee_id,
        "name": full,
        "type": kind,
        "bank": house,
        "ending_in": ending,
        "added_on": added,
    }


@pack.tool(effect="write")
def transfer_money(
    world: World,
    payee_id: PayeeId,
    amount: Annotated[float, Kind("money.transfer", accepts=("money.bill_share",)), Field(gt=0)],
    currency: Annotated[str, Kind("currency.home", accepts=("currency.code",), along="amount")],
    account_id: AccountId | None = None,
) -> Transferred:
    """Send money to a saved payee at once. The user's main account pays unless another is given.

    An amount in a foreign currency is converted at the reference rates of 30 October 2026.
    Refused when it is more than the account has or than the limit for one transfer.

    Args:
        payee_id: ID of the payee.
        amount: How much to send.
        currency: ISO 4217 code of the currency the amount is in.
        account_id: ID of the account that pays.
    """
    query = "SELECT name FROM payees WHERE payee_id = ?"
    (name,) = found(world, query, payee_id, "payee with the ID")
    account = account_of(world, account_id)
    home = client_of(world).currency
    amount = money(amount, currency)
    debited = amount if currency == home else money(amount * rate(currency, home), home)
    limit = daily_limit(world)
    if debited > limit:
        raise ToolError(
            "refused",
            f"A transfer may be at most {limit:.2f} {home}; this is {debited:.2f} {home}.",
            suggestions=[limit],
        )
    left = take(world, account, debited)
    number = book(world, account, "transfer", debited, name, payee_id=payee_id)
    return {
        "transaction_id": number,
        "payee_name": name,
        "amount": amount,
        "currency": currency,
        "debited_amount": debited,
        "account_name": account.name,
        "balance_after": left,
        "account_currency": home,
    }


@pack.tool
def list_standing_orders(
    world: World, account_id: AccountId | None = None, payee_id: PayeeId | None = None
) -> StandingOrders:
    """List the active standing orders (regular payments), the one that is paid next first.

    Only current accounts can pay standing orders.

    Args:
        account_id: Only those paid from this account.
        payee_id: Only those to this payee.
    """
    account = payee = None
    if account_id is not None:
        account = account_of(world, account_id)
        if account.type != "current":
            payers = [a.name for a in accounts_of(world) if a.type == "current"]
            raise ToolError(
                "refused",
                f"{account.name} is a savings account: only current accounts pay standing orders.",
                suggestions=payers,
            )
    if payee_id is not None:
        query = "SELECT name FROM payees WHERE payee_id = ?"
        (payee,) = found(world, query, payee_id, "payee with the ID")
    currency = client_of(world).currency
    rows = bank(world).execute(
        "SELECT standing_order_id, payee_id, payees.name, amount, frequency, next_on, since,"
        " account_id, accounts.name, status FROM standing_orders"
        " JOIN payees USING (payee_id) JOIN accounts USING (account_id)"
        " WHERE status = 'active' AND account_id = coalesce(?, account_id)"
        " AND payee_id = coalesce(?, payee_id) ORDER BY next_on, standing_order_id",
        (account_id, payee_id),
    )
    orders: list[StandingOrder] = [
        {
            "standing_order_id": row[0],
            "payee_id": row[1],
            "payee_name": row[2],
            "amount": row[3],
            "currency": currency,
            "frequency": row[4],
            "next_on": row[5],
            "since": row[6],
            "account_id": row[7],
            "account_name": row[8],
            "status": row[9],
        }
        for row in rows
    ]
    return {
        "account_name": account.name if account else None,
        "payee_name": payee,
        "count": len(orders),
        "standing_orders": orders[:PAGE],
    }


@pack.tool(effect="write")
def cancel_standing_order(
    world: World, standing_order_id: Annotated[str, Kind("standing_order.id")]
) -> Stopped:
    """Cancel a standing order. Nothing is paid from now on; what was paid stays paid.

    Refused when it has been cancelled before.

    Args:
        standing_order_id: ID of the standing order.
    """
    query = (
        "SELECT payees.name, amount, frequency, accounts.name, status FROM standing_orders"
        " JOIN payees USING (payee_id) JOIN accounts USING (account_id)"
        " WHERE standing_order_id = ?"
    )
    row = found(world, query, standing_order_id, "standing order with the ID")
    if row[4] != "active":
        raise ToolError("refused", f"The standing order to {row[0]} is {row[4]} already.")
    update = "UPDATE standing_orders SET status = 'cancelled' WHERE standing_order_id = ?"
    bank(world).execute(update, (standing_order_id,))
    return {
        "standing_order_id": standing_order_id,
        "payee_name": row[0],
        "amount": row[1],
        "currency": client_of(world).currency,
        "frequency": row[2],
        "account_name": row[3],
        "status": "cancelled",
    }
