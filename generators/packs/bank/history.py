"""What was booked: searching transactions, looking at one, disputing a card payment."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from typing_extensions import TypedDict

from callwright.generators.nearest import nearest
from callwright.generators.pack import Kind, World
from callwright.generators.packs.bank.base import (
    PAGE,
    AccountId,
    AccountName,
    Counterparty,
    Currency,
    Moment,
    Page,
    account_of,
    bank,
    client_of,
    found,
    next_id,
    pack,
    pages,
)
from callwright.schemas.errors import ToolError

DISPUTE_DAYS = 120
"""A card payment may be disputed for this many days."""

ANSWER_DAYS = 15
"""So many days later a dispute is decided."""

Reason = Literal["not_recognised", "charged_twice", "wrong_amount", "not_received"]
TransactionId = Annotated[str, Kind("transaction.id")]
PaidOut = Annotated[float, Kind("money.paid_out")]


class Hit(TypedDict):
    transaction_id: TransactionId
    booked_on: Annotated[str, Kind("date.booked", format="date")]
    booked_at: str
    counterparty_name: Counterparty
    amount: PaidOut
    currency: Currency
    direction: str
    method: str
    account_name: AccountName
    category: str | None
    city: str | None
    reference_text: str


class Hits(TypedDict):
    account_name: AccountName | None
    total_count: int
    count: int
    page: int
    next_page: int | None
    transactions: list[Hit]


class Shop(TypedDict):
    name: str
    category: Annotated[str, Kind("merchant.category")]
    category_code: int
    street: str
    city: Annotated[str, Kind("city.label")]
    country_code: str
    terminal: str
    acquirer: str


class Stage(TypedDict):
    stage: str
    at: str
    reference: str
    channel: str


class TransactionDetails(TypedDict):
    transaction_id: str
    counterparty_name: Counterparty
    direction: str
    amount: PaidOut
    currency: Currency
    booked_at: Moment
    method: Annotated[str, Kind("payment.method")]
    status: str
    reference_text: str
    account_id: str
    account_name: AccountName
    card_id: Annotated[str | None, Kind("card.id")]
    card_last_four: Annotated[str | None, Kind("card.last_four")]
    merchant: Shop | None
    authorisation_code: str
    entry_mode: Annotated[str, Kind("payment.entry")]
    stages: list[Stage]
    disputed_for: str | None


class Disputed(TypedDict):
    dispute_id: str
    counterparty_name: Counterparty
    amount: PaidOut
    currency: Currency
    booked_at: Moment
    reason: Annotated[str, Kind("dispute.reason")]
    decision_by: Annotated[str, Kind("date.payment", format="date")]


_COLUMNS = (
    "transaction_id, booked_at, counterparty, amount, direction, method,"
    " transactions.account_id AS account_id,"
    " accounts.name AS account_name, merchants.category AS category, merchants.city AS city,"
    " card_id, cards.last_four AS last_four, merchant_id, street, terminal, code"
)
_FROM = (
    " FROM transactions JOIN accounts ON accounts.account_id = transactions.account_id"
    " LEFT JOIN merchants USING (merchant_id) LEFT JOIN cards USING (card_id)"
)


def _text(row: Any) -> str:
    """What stands on the statement: shouted, cut and numbered, as banks write it."""
    number = int(row["transaction_id"].removeprefix("TX-"))
    words = [
        row["method"],
        row["counterparty"],
        row["city"] or "",
        f"REF {number * 7919 % 10**8:08d}",
    ]
    return " ".join(" ".join(words).upper().split())


@pack.tool
def search_transactions(
    world: World,
    merchant: Annotated[str | None, Kind("merchant.name")] = None,
    account_id: AccountId | None = None,
    page: Page = 1,
) -> Hits:
    """Search what was booked on the user's accounts, newest first.

    Args:
        merchant: Only payments to or from this shop, company or person; a part of the name will do.
        account_id: Only what was booked on this account.
        page: Which page of eight transactions.
    """
    db = bank(world)
    account = None if account_id is None else account_of(world, account_id)
    tests, values = ["transactions.account_id = coalesce(?, transactions.account_id)"], [account_id]
    if merchant is not None:
        tests.append("instr(lower(counterparty), lower(?)) > 0")
        values.append(merchant.strip())
    where = " AND ".join(tests)
    count = f"SELECT count(*) FROM transactions WHERE {where}"  # noqa: S608  our own tests
    (total,) = db.execute(count, values).fetchone()
    if merchant is not None and not total:
        names = [name for (name,) in db.execute("SELECT DISTINCT counterparty FROM transactions")]
        if merchant.casefold().strip() not in {name.casefold() for name in names}:
            near = nearest(merchant, names)
            raise ToolError("not_found", f"No transactions with {merchant}.", suggestions=near)
    skip, following = pages(total, page)
    query = f"SELECT {_COLUMNS}{_FROM} WHERE {where} ORDER BY booked_at DESC, transaction_id DESC"
    rows = db.execute(query + " LIMIT ? OFFSET ?", (*values, PAGE, skip)).fetchall()
    currency = client_of(world).currency
    hits: list[Hit] = [
        {
            "transaction_id": row["transaction_id"],
            "booked_on": row["booked_at"][:10],
            "booked_at": row["booked_at"],
            "counterparty_name": row["counterparty"],
            "amount": row["amount"],
            "currency": currency,
            "direction": row["direction"],
            "method": row["method"],
            "account_name": row["account_name"],
            "category": row["category"],
            "city": row["city"],
            "reference_text": _text(row),
        }
        for row in rows
    ]
    return {
        "account_name": account.name if account else None,
        "total_count": total,
        "count": len(hits),
        "page": page,
        "next_page": following,
        "transactions": hits,
    }


_STAGES = (
    ("authorised", "card network", 0),
    ("cleared", "clearing house", 1),
    ("matched", "ledger", 1),
    ("booked", "ledger", 2),
    ("reported", "statement service", 2),
)


@pack.tool
def get_transaction(
    world: World, transaction_id: Annotated[str, Kind("transaction.id")]
) -> TransactionDetails:
    """Show a transaction in full: the account and the card it was paid with, the shop, each step.

    Args:
        transaction_id: ID of the transaction.
    """
    query = f"SELECT {_COLUMNS}{_FROM} WHERE transaction_id = ?"
    row = found(world, query, transaction_id, "transaction with the ID")
    number = int(transaction_id.removeprefix("TX-"))
    day = date.fromisoformat(row["booked_at"][:10])
    disputed = bank(world).execute(
        "SELECT reason FROM disputes WHERE transaction_id = ?", (transaction_id,)
    )
    dispute = disputed.fetchone()
    shop: Shop | None = None
    if row["merchant_id"] is not None:
        shop = {
            "name": row["counterparty"],
            "category": row["category"],
            "category_code": row["code"],
            "street": row["street"],
            "city": row["city"],
            "country_code": client_of(world).country_code,
            "terminal": row["terminal"],
            "acquirer": f"ACQ{number % 9 + 1:02d} {row['city']} Acquiring",
        }
    return {
        "transaction_id": transaction_id,
        "counterparty_name": row["counterparty"],
        "direction": row["direction"],
        "amount": row["amount"],
        "currency": client_of(world).currency,
        "booked_at": row["booked_at"],
        "method": row["method"],
        "status": "booked",
        "reference_text": _text(row),
        "account_id": row["account_id"],
        "account_name": row["account_name"],
        "card_id": row["card_id"],
        "card_last_four": row["last_four"],
        "merchant": shop,
        "authorisation_code": f"{number * 613 % 10**6:06d}",
        "entry_mode": ("chip", "contactless", "online")[number % 3] if shop else "ordered",
        "stages": [
            {
                "stage": stage,
                "at": f"{(day - timedelta(2 - later)).isoformat()}T{(number + at * 5) % 24:02d}:"
                f"{number * (at + 3) % 60:02d}",
                "reference": f"{stage[:3].upper()}-{number * (at + 11) * 97 % 10**9:09d}",
                "channel": channel,
            }
            for at, (stage, channel, later) in enumerate(_STAGES)
        ],
        "disputed_for": dispute[0] if dispute else None,
    }


@pack.tool(effect="write")
def dispute_payment(
    world: World,
    transaction_id: Annotated[str, Kind("transaction.id")],
    reason: Annotated[Reason, Kind("dispute.reason")],
) -> Disputed:
    """Dispute a card payment, so that the bank claims the money back.

    Card payments of the last 120 days can be disputed, each once.

    Args:
        transaction_id: ID of the transaction.
        reason: What is wrong with it.
    """
    query = f"SELECT {_COLUMNS}{_FROM} WHERE transaction_id = ?"
    row = found(world, query, transaction_id, "transaction with the ID")
    if row["card_id"] is None:
        raise ToolError("refused", f"Only card payments can be disputed; this is: {row['method']}.")
    today = world.now.date()
    if date.fromisoformat(row["booked_at"][:10]) < today - timedelta(DISPUTE_DAYS):
        raise ToolError(
            "refused",
            f"Card payments can be disputed for {DISPUTE_DAYS} days; this one is of"
            f" {row['booked_at'][:10]}.",
        )
    db = bank(world)
    if db.execute("SELECT 1 FROM disputes WHERE transaction_id = ?", (transaction_id,)).fetchone():
        raise ToolError("refused", f"{transaction_id} has been disputed already.")
    number = next_id(world, "disputes", "dispute_id", "DP-4101")
    values = (number, transaction_id, reason, today.isoformat())
    db.execute("INSERT INTO disputes VALUES (?, ?, ?, ?)", values)
    return {
        "dispute_id": number,
        "counterparty_name": row["counterparty"],
        "amount": row["amount"],
        "currency": client_of(world).currency,
        "booked_at": row["booked_at"],
        "reason": reason,
        "decision_by": (today + timedelta(ANSWER_DAYS)).isoformat(),
    }
