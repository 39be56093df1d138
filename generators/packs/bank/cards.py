"""Cards, and freezing one."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.bank.base import (
    PAGE,
    AccountBehind,
    AccountId,
    AccountName,
    CardId,
    CardType,
    Currency,
    LastFour,
    account_of,
    bank,
    client_of,
    found,
    pack,
)
from callwright.generators.worlds import local
from callwright.schemas.errors import ToolError

CardStatus = Annotated[str, Kind("card.status")]


class Card(TypedDict):
    card_id: CardId
    type: CardType
    network: str
    last_four: LastFour
    status: CardStatus
    expires: Annotated[str, Kind("date.card_month")]
    monthly_limit: Annotated[float, Kind("money.limit")]
    spent_this_month: Annotated[float, Kind("money.spent")]
    currency: Currency
    account_id: AccountBehind
    account_name: AccountName


class Cards(TypedDict):
    account_name: AccountName | None
    count: int
    cards: list[Card]


class Frozen(TypedDict):
    card_id: str
    type: CardType
    network: str
    last_four: LastFour
    status: CardStatus
    account_name: AccountName
    frozen_at: Annotated[str, Kind("datetime.booked", format="local-date-time")]


@pack.tool
def list_cards(world: World, account_id: AccountId | None = None) -> Cards:
    """List the user's payment cards with type, limit, spending, expiry and the account that pays.

    Args:
        account_id: Only the cards of this account.
    """
    account = None if account_id is None else account_of(world, account_id)
    spent = (
        "SELECT round(coalesce(sum(amount), 0), 2) FROM transactions"
        " WHERE transactions.card_id = cards.card_id AND booked_at >= ?"
    )
    rows = bank(world).execute(
        "SELECT card_id, cards.type, network, last_four, status, expires, monthly_limit,"  # noqa: S608
        f" ({spent}), account_id, accounts.name FROM cards JOIN accounts USING (account_id)"
        " WHERE account_id = coalesce(?, account_id) ORDER BY opened_on, card_id LIMIT ?",
        (f"{world.now:%Y-%m}", account_id, PAGE),
    )
    currency = client_of(world).currency
    cards: list[Card] = [
        {
            "card_id": row[0],
            "type": row[1],
            "network": row[2],
            "last_four": row[3],
            "status": row[4],
            "expires": row[5],
            "monthly_limit": row[6],
            "spent_this_month": row[7],
            "currency": currency,
            "account_id": row[8],
            "account_name": row[9],
        }
        for row in rows
    ]
    return {
        "account_name": account.name if account else None,
        "count": len(cards),
        "cards": cards,
    }


@pack.tool(effect="write")
def freeze_card(world: World, card_id: CardId) -> Frozen:
    """Freeze a payment card, so that nothing can be paid with it until it is unfrozen.

    Refused when the card is frozen already.

    Args:
        card_id: ID of the card.
    """
    query = (
        "SELECT cards.type, network, last_four, status, accounts.name FROM cards"
        " JOIN accounts USING (account_id) WHERE card_id = ?"
    )
    row = found(world, query, card_id, "card with the ID")
    if row[3] == "frozen":
        raise ToolError("refused", f"The {row[0]} card ending in {row[2]} is frozen already.")
    bank(world).execute("UPDATE cards SET status = 'frozen' WHERE card_id = ?", (card_id,))
    return {
        "card_id": card_id,
        "type": row[0],
        "network": row[1],
        "last_four": row[2],
        "status": "frozen",
        "account_name": row[4],
        "frozen_at": local(world.now),
    }
