"""The year before today: shopping, bills, regular payments, income, and what it adds up to."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from callwright.generators.packs.bank.making import Cell, Maker, Row
from callwright.generators.packs.bank.tables import BILLERS, MERCHANTS, STREETS

MONTHS = 12
"""Whole months of history before the current one."""

MOST_VISITS = 8
"""Payments to one shop, so that all of them stand on one page of a search."""


def months_before(today: date, count: int) -> list[str]:
    """The `count` whole months before today's, earliest first, as YYYY-MM."""
    number = today.year * 12 + today.month - 1
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(number - count, number)]


def shopping(maker: Maker, cards: list[Row]) -> None:
    chosen = maker.rng.sample(MERCHANTS, 32)
    used = [card for card in cards if card[5] == "active"]
    weights = [9 if card[3] == "debit" else 5 if card[3] == "credit" else 1 for card in used]
    rows: list[Row] = []
    for merchant_id, merchant in zip(maker.ids("M", len(chosen)), chosen, strict=True):
        street = f"{maker.rng.randint(1, 140)} {maker.rng.choice(STREETS)}"
        terminal = f"T{maker.rng.randint(10**6, 10**7 - 1)}"
        rows.append(
            (
                merchant_id,
                merchant.name,
                merchant.category,
                merchant.code,
                street,
                maker.city,
                terminal,
            )
        )
        visits = maker.rng.randint(3, MOST_VISITS)
        # The last visit is recent, the others lie anywhere in the year.
        days = {maker.rng.randint(1, 60), *maker.rng.sample(range(8, 380), visits - 1)}
        for day in sorted(days):
            card = maker.rng.choices(used, weights)[0]
            amount = maker.amount(merchant.low, merchant.high)
            maker.happen(
                str(card[1]), day, "out", "card", amount, merchant.name,
                card=card[0], merchant=merchant_id,
            )  # fmt: skip
    maker.insert("merchants", rows)


def household_bills(maker: Maker, account: str) -> None:
    categories = maker.rng.sample(list(BILLERS), 7)
    billers: list[Row] = []
    bills: list[Row] = []
    opened = iter(maker.rng.sample(range(-3, 21), len(categories)))
    for biller_id, category in zip(maker.ids("BR", 7), categories, strict=True):
        names, low, high, unit = BILLERS[category]
        name = maker.rng.choice(names)
        billers.append((biller_id, name, category, f"{maker.rng.randint(10**7, 10**8 - 1)}"))
        every = maker.rng.choice((30, 61))
        due = next(opened)
        for back in range(330 // every):
            amount = maker.amount(low, high)
            issued, falls = due - back * every - 21, due - back * every
            if back and falls > -3:
                continue
            paid = None if back == 0 else maker.ago(2 - falls)
            used = round(amount / maker.home.level * maker.rng.uniform(3, 4)) if unit else None
            bills.append((biller_id, amount, used, maker.ago(-issued), maker.ago(-falls), paid))
    bills.sort(key=lambda bill: (str(bill[3]), str(bill[0])))
    number = maker.rng.randint(5100, 5900)
    rows: list[Row] = []
    for bill in bills:
        number += maker.rng.randint(1, 6)
        rows.append((f"BL-{number}", *bill))
    maker.insert("billers", billers)
    maker.insert("bills", rows)
    named = {biller[0]: biller[1] for biller in billers}
    for bill_id, biller, sum_due, _, _, _, paid_on in rows:
        if paid_on is not None:
            days = (maker.today - date.fromisoformat(str(paid_on))).days
            maker.happen(
                account, days, "out", "bill", float(sum_due or 0), named[biller], bill=bill_id
            )


def regular_payments(maker: Maker, accounts: list[Row], payees: list[Row]) -> None:
    companies = [row for row in payees if row[2] == "company"][:4]
    people = [row for row in payees if row[2] == "person"][:4]
    currents = [account for account in accounts if account[3] == "current"]
    days = maker.rng.sample(range(1, 28), 8)
    rows: list[Row] = []
    payers = [*currents, *[accounts[0]] * (8 - len(currents))]  # each pays one or more
    for number, day, payee, account in zip(
        maker.ids("ST", 8), days, maker.rng.sample(companies + people, 8), payers, strict=True
    ):
        firm = payee[2] == "company"
        amount = maker.amount(55, 480, digits=0) if firm else maker.amount(15, 120, digits=0)
        every = "monthly" if firm else maker.rng.choice(("monthly", "weekly"))
        step = 30 if every == "monthly" else 7
        ahead = day if every == "monthly" else 1 + day % 7
        since, following = maker.ago(step * MONTHS - ahead), maker.ago(-ahead)
        rows.append((number, account[0], payee[0], amount, every, since, following, "active"))
        for back in range(1, MONTHS + 1):
            maker.happen(
                str(account[0]), step * back - ahead, "out", "standing order", amount,
                payee[1], payee=payee[0],
            )  # fmt: skip
    maker.insert("standing_orders", rows)


def income(maker: Maker, accounts: list[Row]) -> None:
    """Each account gets every month a little more than what goes out of it."""
    spent: dict[object, float] = defaultdict(float)
    ids = {account[2]: account[0] for account in accounts}
    for row in maker.happened:
        spent[ids.get(row[0], row[0])] += float(row[4] or 0)
    day = maker.rng.randint(2, 20)
    for account in accounts:
        amount = round(spent[account[0]] / MONTHS * 1.05 + 40 * maker.home.level, -1)
        name = "Brightwater salary" if account[2] == "Everyday" else "Transfer from Everyday"
        for back in range(MONTHS + 1):
            maker.happen(str(account[0]), 30 * back + day, "in", "incoming", amount, name)


def book(maker: Maker) -> None:
    """Number everything that happened, in order of time."""
    ids = dict(maker.db.execute("SELECT name, account_id FROM accounts").fetchall())
    now = f"{maker.today.isoformat()}T00:00"
    events = sorted(
        (row for row in maker.happened if str(row[1]) < now),
        key=lambda row: (str(row[1]), repr(row)),
    )
    number = maker.rng.randint(40100, 88000)
    rows: list[Row] = []
    for account, *rest in events:
        number += maker.rng.randint(1, 9)
        rows.append((f"TX-{number}", ids.get(account, account), *rest))
    maker.insert("transactions", rows)
    _balance(maker, rows)


def _balance(maker: Maker, booked: list[Row]) -> None:
    """What is on each account once everything is booked; none was ever below zero."""
    lowest: dict[object, float] = defaultdict(float)
    now_at: dict[object, float] = defaultdict(float)
    for _, account, _, direction, _, amount, *_ in booked:
        now_at[account] += float(amount or 0) * (1 if direction == "in" else -1)
        lowest[account] = min(lowest[account], now_at[account])
    maker.db.executemany(
        "UPDATE accounts SET balance = round(balance + ?, 2) WHERE account_id = ?",
        [(now_at[account] - lowest[account], account) for account in now_at],
    )


def statements(maker: Maker, accounts: list[Row]) -> None:
    """Monthly sums, counted back from today's balance."""
    moved: dict[tuple[Cell, str, str], float] = {
        (account, month, direction): round(total, 2)
        for account, month, direction, total in maker.db.execute(
            "SELECT account_id, substr(booked_at, 1, 7) AS month, direction, sum(amount)"
            " FROM transactions GROUP BY account_id, month, direction"
        )
    }
    rows: list[Row] = []
    months = months_before(maker.today, MONTHS)
    ids = maker.ids("SM", len(accounts) * MONTHS, 10000, 99999)
    balances = dict(maker.db.execute("SELECT account_id, balance FROM accounts").fetchall())
    for account, *_ in accounts:
        closing = balances[account]
        for month in (maker.today.isoformat()[:7], *reversed(months)):
            money_in, money_out = (moved.get((account, month, way), 0.0) for way in ("in", "out"))
            opening = round(closing - money_in + money_out, 2)
            if month in months:
                rows.append((next(ids), account, month, opening, money_in, money_out, closing))
            closing = opening
    maker.insert("statements", rows)
