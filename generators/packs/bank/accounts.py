"""Accounts: finding one by name, what is on it, and moving money between two of them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from callwright.generators.nearest import nearest
from callwright.generators.pack import Kind, World
from callwright.generators.packs.bank.base import (
    AccountId,
    AccountName,
    Balance,
    Currency,
    Left,
    account_of,
    accounts_of,
    bank,
    book,
    client_of,
    pack,
    put,
    take,
)
from callwright.generators.packs.bank.tables import STREETS
from callwright.schemas.errors import ToolError


class FoundAccount(TypedDict):
    account_id: AccountId
    name: AccountName
    type: Annotated[str, Kind("account.type")]
    opened_on: Annotated[str, Kind("date.opened", format="date")]


class Branch(TypedDict):
    name: str
    street: str
    city: Annotated[str, Kind("city.label")]
    open_weekdays: str
    service_code: str


class Fee(TypedDict):
    service: str
    price: float
    charged: str


class Pending(TypedDict):
    counterparty: str
    amount: float
    authorised_at: str
    released_on: str


class DailyLimits(TypedDict):
    transfers: float
    cash: float
    contactless: float


class AccountDetails(TypedDict):
    account_id: str
    name: AccountName
    type: Annotated[str, Kind("account.type")]
    holder: str
    balance: Balance
    available_balance: Annotated[float, Kind("money.available")]
    currency: Currency
    overdraft_limit: float
    interest_percent: Annotated[float, Kind("percent.account")]
    interest_paid: str
    ending_in: str
    opened_on: Annotated[str, Kind("date.opened", format="date")]
    status: str
    branch: Branch
    cards: list[str]
    pending: list[Pending]
    fees: list[Fee]
    limits_per_day: DailyLimits


class Moved(TypedDict):
    transaction_id: str
    amount: Annotated[float, Kind("money.sent")]
    currency: Currency
    from_account_name: AccountName
    from_balance: Left
    to_account_name: AccountName
    to_balance: Left


_FEES = (
    ("account keeping", 0.0, "monthly"),
    ("paper statement", 1.5, "per statement"),
    ("replacement card", 9.0, "per card"),
    ("cash abroad", 3.5, "per withdrawal"),
    ("urgent transfer", 6.0, "per transfer"),
    ("transfer abroad", 4.5, "per transfer"),
)


@pack.tool
def find_account(world: World, name: AccountName) -> FoundAccount:
    """Find one of the user's bank accounts by the name they gave it. Returns its account ID.

    Args:
        name: Name of the account; capitals do not matter.
    """
    accounts = accounts_of(world)
    for account in accounts:
        if account.name.casefold() == name.casefold():
            return {
                "account_id": account.account_id,
                "name": account.name,
                "type": account.type,
                "opened_on": account.opened_on,
            }
    names = [account.name for account in accounts]
    raise ToolError(
        "not_found", f"No account is named {name}.", suggestions=nearest(name, names) or names
    )


@pack.tool
def get_account(
    world: World,
    account_id: Annotated[str, Kind("account.id", accepts=("account.behind",))],
) -> AccountDetails:
    """Show a bank account in full: balance, interest, overdraft, pending payments, branch and fees.

    Args:
        account_id: ID of the account.
    """
    account = account_of(world, account_id)
    client = client_of(world)
    number = int(account.ending_in)
    db = bank(world)
    cards = db.execute("SELECT last_four FROM cards WHERE account_id = ?", (account_id,))
    shops = db.execute(
        "SELECT name, terminal FROM merchants ORDER BY merchant_id LIMIT 2 OFFSET ?", (number % 20,)
    ).fetchall()
    at = world.now.date().isoformat()
    shares = (0.6, 0.4)
    pending: list[Pending] = [
        {
            "counterparty": shop[0],
            "amount": round(account.reserved * share, 2),
            "authorised_at": f"{at}T0{7 + number % 2}:{number % 50 + 10}",
            "released_on": at,
        }
        for shop, share in zip(shops, shares, strict=True)
        if account.reserved
    ]
    return {
        "account_id": account_id,
        "name": account.name,
        "type": account.type,
        "holder": client.name,
        "balance": account.balance,
        "available_balance": account.available,
        "currency": client.currency,
        "overdraft_limit": account.overdraft_limit,
        "interest_percent": account.interest_percent,
        "interest_paid": "quarterly" if account.type == "current" else "yearly",
        "ending_in": account.ending_in,
        "opened_on": account.opened_on,
        "status": "open",
        "branch": {
            "name": f"{client.city} {STREETS[number % len(STREETS)]}",
            "street": f"{number % 90 + 2} {STREETS[number % len(STREETS)]}",
            "city": client.city,
            "open_weekdays": "09:00-16:30",
            "service_code": f"{number * 37 % 100000:05d}",
        },
        "cards": [row[0] for row in cards],
        "pending": pending,
        "fees": [
            {"service": service, "price": round(price * client.level, 2), "charged": charged}
            for service, price, charged in _FEES
        ],
        "limits_per_day": {
            "transfers": daily_limit(world),
            "cash": round(600 * client.level, -1),
            "contactless": round(120 * client.level, -1),
        },
    }


def daily_limit(world: World) -> float:
    """The most that one transfer to somebody else may be."""
    return round(3000 * client_of(world).level, -2)


@pack.tool(effect="write")
def move_money(
    world: World,
    from_account_id: AccountId,
    to_account_id: Annotated[str, Kind("account.id", accepts=("account.behind", "account.paying"))],
    amount: Annotated[float, Kind("money.moved"), Field(gt=0)],
) -> Moved:
    """Move money between two accounts of the user's own. Booked at once and free of charge.

    Refused when there is not enough on the first account.

    Args:
        from_account_id: ID of the account that the money leaves.
        to_account_id: ID of the account that the money goes to.
        amount: How much, in the accounts' currency.
    """
    source, target = account_of(world, from_account_id), account_of(world, to_account_id)
    if source == target:
        raise ToolError("refused", f"Both accounts are {source.name}.")
    amount = round(amount, 2)
    left = take(world, source, amount)
    number = book(world, source, "own transfer", amount, target.name)
    book(world, target, "own transfer", amount, source.name, direction="in")
    return {
        "transaction_id": number,
        "amount": amount,
        "currency": client_of(world).currency,
        "from_account_name": source.name,
        "from_balance": left,
        "to_account_name": target.name,
        "to_balance": put(world, target, amount),
    }
