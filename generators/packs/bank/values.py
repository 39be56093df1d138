"""What people say to the bank, and what may stand in for an id when causality is checked."""

# ruff: noqa: ARG001 - samplers share one signature

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta

from callwright.generators.pack import World
from callwright.generators.packs.bank.base import accounts_of, bank, client_of, pack
from callwright.generators.packs.bank.history import DISPUTE_DAYS
from callwright.generators.packs.travel.people import CHINESE
from callwright.schemas.toolbox import Json

Context = Mapping[str, Json]


def _one(world: World, rng: random.Random, query: str, *values: Json) -> Json:
    """The first column of one of the rows that `query` finds."""
    rows = bank(world).execute(query, values).fetchall()
    if not rows:
        raise LookupError(query)
    return rng.choice(rows)[0]


def _ids(kind: str, query: str) -> None:
    """Ids of `kind`: no user says one."""

    @pack.kind(kind, said=False)
    def sample(world: World, rng: random.Random, context: Context) -> Json:
        return _one(world, rng, query)


_ids("account.id", "SELECT account_id FROM accounts")
_ids("account.behind", "SELECT account_id FROM accounts")
_ids("account.paying", "SELECT account_id FROM accounts")
_ids("card.id", "SELECT card_id FROM cards WHERE status = 'active'")
_ids("payee.id", "SELECT payee_id FROM payees")
_ids("bill.id", "SELECT bill_id FROM bills WHERE paid_on IS NULL")
_ids("statement.id", "SELECT statement_id FROM statements")
_ids(
    "standing_order.id",
    "SELECT standing_order_id FROM standing_orders WHERE status = 'active'",
)


@pack.kind("transaction.id", said=False)
def transaction_id(world: World, rng: random.Random, context: Context) -> Json:
    """One that can be disputed."""
    since = (world.now.date() - timedelta(DISPUTE_DAYS)).isoformat()
    query = "SELECT transaction_id FROM transactions WHERE card_id IS NOT NULL AND booked_at > ?"
    return _one(world, rng, query, since)


@pack.kind("account.name")
def account_name(world: World, rng: random.Random, context: Context) -> Json:
    """Those that one pays from oftener than those that one saves on."""
    accounts = accounts_of(world)
    spending = [account for account in accounts if account.type == "current"]
    return rng.choice([*accounts, *spending]).name


@pack.kind("merchant.name")
def merchant(world: World, rng: random.Random, context: Context) -> Json:
    """One that was paid from the account that the row is about, if any was."""
    there = (
        "SELECT DISTINCT merchants.name FROM merchants JOIN transactions USING (merchant_id)"
        " JOIN accounts USING (account_id) WHERE accounts.name = ? ORDER BY merchants.name"
    )
    if "account.name" in context:
        try:
            return _one(world, rng, there, context["account.name"])
        except LookupError:
            pass
    return _one(world, rng, "SELECT name FROM merchants ORDER BY name")


@pack.kind("payee.name")
def payee(world: World, rng: random.Random, context: Context) -> Json:
    """People oftener than firms, mostly those who are paid regularly; friends by first name."""
    query = "SELECT name FROM payees WHERE type = ?"
    if rng.random() < 0.6:
        query += " AND payee_id IN (SELECT payee_id FROM standing_orders)"
    kind = "person" if rng.random() < 0.88 else "company"
    name = str(_one(world, rng, query + " ORDER BY name", kind))
    if kind == "company" or name in CHINESE or rng.random() < 0.6:
        return name
    first = name.split(maxsplit=1)[0]
    everybody = bank(world).execute("SELECT name FROM payees").fetchall()
    bearers = [full for (full,) in everybody if first in full.split()]
    return first if len(bearers) == 1 else name


def _sum(world: World, rng: random.Random, context: Context, low: float, high: float) -> float:
    """A round sum that somebody would name, within what the account has."""
    named = str(context.get("account.name", ""))
    account = next((a for a in accounts_of(world) if a.name == named), accounts_of(world)[0])
    level = client_of(world).level
    top = max(low * 2 * level, min(high * level, account.available * 0.8))
    value = low * level * (top / (low * level)) ** rng.random()
    step = 5 if value < 200 else 10 if value < 600 else 50
    return int(max(step, round(value / step) * step))


@pack.kind("money.transfer")
def transfer(world: World, rng: random.Random, context: Context) -> Json:
    return _sum(world, rng, context, 12, 480)


@pack.kind("money.moved")
def moved(world: World, rng: random.Random, context: Context) -> Json:
    return _sum(world, rng, context, 40, 1500)


@pack.kind("currency.home")
def home_currency(world: World, rng: random.Random, context: Context) -> Json:
    return client_of(world).currency
