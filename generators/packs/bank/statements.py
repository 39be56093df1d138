"""Monthly statements of an account."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.bank.base import (
    PAGE,
    AccountId,
    AccountName,
    Currency,
    Page,
    account_of,
    bank,
    client_of,
    found,
    pack,
    pages,
)

Month = Annotated[str, Kind("date.statement_month")]
StatementId = Annotated[str, Kind("statement.id")]


class Listed(TypedDict):
    statement_id: StatementId
    month: Month
    status: str
    pages: int


class Statements(TypedDict):
    account_name: AccountName
    total_count: int
    count: int
    page: int
    next_page: int | None
    statements: list[Listed]


class Line(TypedDict):
    transaction_id: str
    booked_at: str
    counterparty: str
    method: str
    direction: str
    amount: float
    card_ending_in: str | None


class Group(TypedDict):
    category: str
    payments: int
    amount: float


class Statement(TypedDict):
    statement_id: str
    month: Month
    account_name: AccountName
    holder: str
    currency: Currency
    opening_balance: Annotated[float, Kind("money.opening")]
    money_in: Annotated[float, Kind("money.came_in")]
    money_out: Annotated[float, Kind("money.went_out")]
    closing_balance: Annotated[float, Kind("money.closing")]
    by_category: list[Group]
    line_count: int
    page: int
    next_page: int | None
    lines: list[Line]


@pack.tool
def list_statements(world: World, account_id: AccountId, page: Page = 1) -> Statements:
    """List the monthly statements of an account, newest first.

    Args:
        account_id: ID of the account.
        page: Which page of eight statements.
    """
    account = account_of(world, account_id)
    db = bank(world)
    count = "SELECT count(*) FROM statements WHERE account_id = ?"
    (total,) = db.execute(count, (account_id,)).fetchone()
    skip, following = pages(total, page)
    lines = (
        "SELECT count(*) FROM transactions WHERE transactions.account_id = statements.account_id"
        " AND substr(booked_at, 1, 7) = month"
    )
    rows = db.execute(
        f"SELECT statement_id, month, ({lines}) FROM statements WHERE account_id = ?"  # noqa: S608
        " ORDER BY month DESC LIMIT ? OFFSET ?",
        (account_id, PAGE, skip),
    )
    found_ones: list[Listed] = [
        {"statement_id": row[0], "month": row[1], "status": "final", "pages": 1 + row[2] // PAGE}
        for row in rows
    ]
    return {
        "account_name": account.name,
        "total_count": total,
        "count": len(found_ones),
        "page": page,
        "next_page": following,
        "statements": found_ones,
    }


@pack.tool
def get_statement(world: World, statement_id: StatementId, page: Page = 1) -> Statement:
    """Show a monthly statement: balances, money in and out, sums by category and its lines.

    Args:
        statement_id: ID of the statement.
        page: Which page of eight lines.
    """
    query = (
        "SELECT account_id, month, opening_balance, money_in, money_out, closing_balance"
        " FROM statements WHERE statement_id = ?"
    )
    account_id, month, opening, money_in, money_out, closing = found(
        world, query, statement_id, "statement with the ID"
    )
    db = bank(world)
    where = " WHERE transactions.account_id = ? AND booked_at LIKE ?"
    values = (account_id, f"{month}%")
    groups = db.execute(
        "SELECT coalesce(category, method) AS what, count(*), round(sum(amount), 2)"  # noqa: S608
        f" FROM transactions LEFT JOIN merchants USING (merchant_id){where}"
        " AND direction = 'out' GROUP BY what ORDER BY sum(amount) DESC, what LIMIT ?",
        (*values, PAGE),
    )
    (total,) = db.execute(f"SELECT count(*) FROM transactions{where}", values).fetchone()  # noqa: S608
    skip, following = pages(total, page)
    lines = db.execute(
        "SELECT transaction_id, booked_at, counterparty, method, direction, amount,"  # noqa: S608
        " last_four"
        f" FROM transactions LEFT JOIN cards USING (card_id){where}"
        " ORDER BY booked_at, transaction_id LIMIT ? OFFSET ?",
        (*values, PAGE, skip),
    )
    client = client_of(world)
    return {
        "statement_id": statement_id,
        "month": month,
        "account_name": account_of(world, account_id).name,
        "holder": client.name,
        "currency": client.currency,
        "opening_balance": opening,
        "money_in": money_in,
        "money_out": money_out,
        "closing_balance": closing,
        "by_category": [{"category": g[0], "payments": g[1], "amount": g[2]} for g in groups],
        "line_count": total,
        "page": page,
        "next_page": following,
        "lines": [
            {
                "transaction_id": row[0],
                "booked_at": row[1],
                "counterparty": row[2],
                "method": row[3],
                "direction": row[4],
                "amount": row[5],
                "card_ending_in": row[6],
            }
            for row in lines
        ],
    }
