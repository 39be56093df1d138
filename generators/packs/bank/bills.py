"""Bills that firms send, and paying them."""

from __future__ import annotations

from typing import Annotated, Literal

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.bank.base import (
    PAGE,
    AccountId,
    AccountName,
    Currency,
    Left,
    Page,
    account_of,
    bank,
    book,
    client_of,
    found,
    pack,
    pages,
    take,
)
from callwright.generators.packs.bank.tables import BILLERS
from callwright.schemas.errors import ToolError

BillId = Annotated[str, Kind("bill.id")]
Category = Annotated[str, Kind("bill.category")]
Due = Annotated[float, Kind("money.due")]
DueDate = Annotated[str, Kind("date.payment", format="date")]


class Bill(TypedDict):
    bill_id: BillId
    category: Category
    biller_name: Annotated[str, Kind("merchant.name")]
    customer_number: str
    amount: Due
    currency: Currency
    issued_on: str
    due_on: DueDate
    paid_on: str | None
    overdue: bool
    used: int | None
    used_unit: str | None


class Bills(TypedDict):
    status: Annotated[str, Kind("bill.status")]
    total_count: int
    count: int
    page: int
    next_page: int | None
    bills: list[Bill]


class Paid(TypedDict):
    transaction_id: str
    bill_id: str
    biller_name: Annotated[str, Kind("merchant.name")]
    category: Category
    amount: Annotated[float, Kind("money.sent")]
    currency: Currency
    account_name: AccountName
    balance_after: Left


@pack.tool
def list_bills(
    world: World,
    status: Annotated[Literal["open", "paid"], Kind("bill.status")] = "open",
    page: Page = 1,
) -> Bills:
    """List the user's household bills: open ones with the next due first, paid ones newest first.

    Args:
        status: Whether to list bills that are still open or that have been paid.
        page: Which page of eight bills.
    """
    db = bank(world)
    where = f"paid_on IS {'NULL' if status == 'open' else 'NOT NULL'}"
    (total,) = db.execute(f"SELECT count(*) FROM bills WHERE {where}").fetchone()  # noqa: S608
    skip, following = pages(total, page)
    order = "due_on, bill_id" if status == "open" else "due_on DESC, bill_id DESC"
    rows = db.execute(
        "SELECT bill_id, category, name, customer_number, amount, issued_on, due_on, paid_on, used"  # noqa: S608
        f" FROM bills JOIN billers USING (biller_id) WHERE {where} ORDER BY {order} LIMIT ?"
        " OFFSET ?",
        (PAGE, skip),
    )
    currency, today = client_of(world).currency, world.now.date().isoformat()
    bills: list[Bill] = [
        {
            "bill_id": row[0],
            "category": row[1],
            "biller_name": row[2],
            "customer_number": row[3],
            "amount": row[4],
            "currency": currency,
            "issued_on": row[5],
            "due_on": row[6],
            "paid_on": row[7],
            "overdue": row[7] is None and row[6] < today,
            "used": row[8],
            "used_unit": BILLERS[row[1]][3] or None,
        }
        for row in rows
    ]
    return {
        "status": status,
        "total_count": total,
        "count": len(bills),
        "page": page,
        "next_page": following,
        "bills": bills,
    }


@pack.tool(effect="write")
def pay_bill(world: World, bill_id: BillId, account_id: AccountId | None = None) -> Paid:
    """Pay an open bill in full. The user's main account pays unless another is given.

    Refused when the bill has been paid, or when there is not enough on the account.

    Args:
        bill_id: ID of the bill.
        account_id: ID of the account that pays.
    """
    query = (
        "SELECT amount, paid_on, name, category FROM bills JOIN billers USING (biller_id)"
        " WHERE bill_id = ?"
    )
    amount, paid_on, biller, category = found(world, query, bill_id, "bill with the ID")
    if paid_on is not None:
        raise ToolError("refused", f"Bill {bill_id} of {biller} was paid on {paid_on}.")
    account = account_of(world, account_id)
    left = take(world, account, amount)
    number = book(world, account, "bill", amount, biller, bill_id=bill_id)
    today = world.now.date().isoformat()
    bank(world).execute("UPDATE bills SET paid_on = ? WHERE bill_id = ?", (today, bill_id))
    return {
        "transaction_id": number,
        "bill_id": bill_id,
        "biller_name": biller,
        "category": category,
        "amount": amount,
        "currency": client_of(world).currency,
        "account_name": account.name,
        "balance_after": left,
    }
