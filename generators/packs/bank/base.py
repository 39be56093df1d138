"""What the bank's tools share: the pack, look-ups by id, and the types of common fields."""

from __future__ import annotations

import sqlite3
from typing import Annotated, NamedTuple

from pydantic import Field

from callwright.generators.pack import Kind, Pack, World
from callwright.generators.packs.bank.world import seed_database
from callwright.generators.worlds import local
from callwright.schemas.errors import ToolError

pack = Pack(
    "bank",
    about="A bank: accounts, payments, payees, bills, cards, statements and standing orders.",
    data="Invented and seeded; names, firms and sums belong to nobody.",
    seed_database=seed_database,
)

PAGE = 8
"""Items on one page of a list."""

AccountId = Annotated[str, Kind("account.id")]
"""An account that the user names."""
AccountBehind = Annotated[str, Kind("account.behind")]
"""The account that a card draws on."""
AccountPaying = Annotated[str, Kind("account.paying")]
"""The account that a standing order is paid from."""
AccountName = Annotated[str, Kind("account.name")]
CardId = Annotated[str, Kind("card.id")]
LastFour = Annotated[str, Kind("card.last_four")]
CardType = Annotated[str, Kind("card.type")]
PayeeName = Annotated[str, Kind("payee.name")]
Counterparty = Annotated[str, Kind("merchant.name")]
Currency = Annotated[str, Kind("currency.code")]
Balance = Annotated[float, Kind("money.on_account")]
Left = Annotated[float, Kind("money.left")]
"""A balance after something was done. Nobody counts on with it."""
Moment = Annotated[str, Kind("datetime.booked", format="local-date-time")]
Page = Annotated[int, Field(ge=1)]


class Account(NamedTuple):
    account_id: str
    name: str
    type: str
    balance: float
    reserved: float
    overdraft_limit: float
    interest_percent: float
    opened_on: str
    ending_in: str

    @property
    def available(self) -> float:
        """What can be spent now."""
        return round(self.balance - self.reserved + self.overdraft_limit, 2)


class Client(NamedTuple):
    name: str
    city: str
    country_code: str
    currency: str
    level: float


def bank(world: World) -> sqlite3.Connection:
    return world.db("bank")


def client_of(world: World) -> Client:
    """Whose bank it is: the one person whom the tools serve."""
    query = "SELECT name, city, country_code, currency, level FROM clients"
    return Client(*bank(world).execute(query).fetchone())


_ACCOUNTS = (
    "SELECT account_id, name, type, balance, reserved, overdraft_limit, interest_percent,"
    " opened_on, ending_in FROM accounts"
)


def accounts_of(world: World) -> list[Account]:
    """The client's accounts, the main one first."""
    return [Account(*row) for row in bank(world).execute(f"{_ACCOUNTS} ORDER BY opened_on")]


def account_of(world: World, account_id: str | None) -> Account:
    """An account by its id; the main one where none is given."""
    if account_id is None:
        return accounts_of(world)[0]
    query = f"{_ACCOUNTS} WHERE account_id = ?"
    return Account(*found(world, query, account_id, "account with the ID"))


def found(world: World, query: str, key: str, what: str) -> sqlite3.Row:
    """The one row that `query` finds by `key`; what is missing is told as `what`."""
    row: sqlite3.Row | None = bank(world).execute(query, (key,)).fetchone()
    if row is None:
        raise ToolError("not_found", f"No {what} {key}.")
    return row


def next_id(world: World, table: str, column: str, first: str) -> str:
    """The id after the highest one, or `first`: `TX-40877` -> `TX-40878`."""
    query = f"SELECT max({column}) FROM {table}"  # noqa: S608  our own names
    (highest,) = bank(world).execute(query).fetchone()
    if highest is None:
        return first
    prefix, number = str(highest).split("-")
    return f"{prefix}-{int(number) + 1}"


def take(world: World, account: Account, amount: float) -> float:
    """Take `amount` off an account and return the new balance.

    Raises:
        ToolError: refused, for there is not enough; suggests what there is.
    """
    currency = client_of(world).currency
    if amount > account.available:
        raise ToolError(
            "refused",
            f"Not enough money: {amount:.2f} {currency} wanted, {account.available:.2f} {currency}"
            f" available on the account {account.name}.",
            suggestions=[account.available],
        )
    return put(world, account, -amount)


def put(world: World, account: Account, amount: float) -> float:
    """Add `amount` to an account and return the new balance."""
    balance = round(account.balance + amount, 2)
    update = "UPDATE accounts SET balance = ? WHERE account_id = ?"
    bank(world).execute(update, (balance, account.account_id))
    return balance


def book(
    world: World,
    account: Account,
    method: str,
    amount: float,
    counterparty: str,
    *,
    direction: str = "out",
    payee_id: str | None = None,
    bill_id: str | None = None,
) -> str:
    """Write a transaction down and return its id."""
    number = next_id(world, "transactions", "transaction_id", "TX-10001")
    at = local(world.now)
    bank(world).execute(
        "INSERT INTO transactions VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?, ?)",
        (
            number,
            account.account_id,
            at,
            direction,
            method,
            amount,
            counterparty,
            payee_id,
            bill_id,
        ),
    )
    return number


def pages(total: int, page: int) -> tuple[int, int | None]:
    """Offset of a page, and the number of the next one, if there is one.

    Raises:
        ToolError: there is no such page.
    """
    last = max(1, -(-total // PAGE))
    if page > last:
        raise ToolError("not_found", f"No page {page}: the last one is {last}.")
    return (page - 1) * PAGE, page + 1 if page < last else None
