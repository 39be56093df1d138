"""The bank's first state: one client's accounts and a year of what happened on them."""

from __future__ import annotations

import random
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from functools import lru_cache

from callwright.generators.packs.bank.tables import (
    ACCOUNTS,
    BANKS,
    BILLERS,
    FIRMS,
    HOMES,
    MERCHANTS,
    STREETS,
    Home,
)
from callwright.generators.packs.travel.people import travellers

MONTHS = 12
"""Whole months of history before the current one."""

MOST_VISITS = 8
"""Payments to one shop, so that all of them stand on one page of a search."""

SCHEMA = """
CREATE TABLE clients (
  client_id TEXT PRIMARY KEY, name TEXT NOT NULL, city TEXT NOT NULL, country_code TEXT NOT NULL,
  currency TEXT NOT NULL, level REAL NOT NULL);
CREATE TABLE accounts (
  account_id TEXT PRIMARY KEY, client_id TEXT NOT NULL REFERENCES clients,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE, type TEXT NOT NULL, balance REAL NOT NULL,
  reserved REAL NOT NULL, overdraft_limit REAL NOT NULL, interest_percent REAL NOT NULL,
  opened_on TEXT NOT NULL, ending_in TEXT NOT NULL);
CREATE TABLE cards (
  card_id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts, network TEXT NOT NULL,
  type TEXT NOT NULL, last_four TEXT NOT NULL UNIQUE, status TEXT NOT NULL,
  expires TEXT NOT NULL, monthly_limit REAL NOT NULL);
CREATE TABLE merchants (
  merchant_id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, category TEXT NOT NULL,
  code INTEGER NOT NULL, street TEXT NOT NULL, city TEXT NOT NULL, terminal TEXT NOT NULL);
CREATE TABLE payees (
  payee_id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, type TEXT NOT NULL,
  bank TEXT NOT NULL, ending_in TEXT NOT NULL, added_on TEXT NOT NULL);
CREATE TABLE billers (
  biller_id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, category TEXT NOT NULL UNIQUE,
  customer_number TEXT NOT NULL);
CREATE TABLE bills (
  bill_id TEXT PRIMARY KEY, biller_id TEXT NOT NULL REFERENCES billers, amount REAL NOT NULL,
  used INTEGER, issued_on TEXT NOT NULL, due_on TEXT NOT NULL, paid_on TEXT);
CREATE TABLE transactions (
  transaction_id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts,
  booked_at TEXT NOT NULL, direction TEXT NOT NULL, method TEXT NOT NULL, amount REAL NOT NULL,
  counterparty TEXT NOT NULL COLLATE NOCASE, card_id TEXT REFERENCES cards,
  merchant_id TEXT REFERENCES merchants, payee_id TEXT REFERENCES payees,
  bill_id TEXT REFERENCES bills);
CREATE TABLE standing_orders (
  standing_order_id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts,
  payee_id TEXT NOT NULL UNIQUE REFERENCES payees, amount REAL NOT NULL, frequency TEXT NOT NULL,
  since TEXT NOT NULL, next_on TEXT NOT NULL, status TEXT NOT NULL);
CREATE TABLE statements (
  statement_id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts,
  month TEXT NOT NULL, opening_balance REAL NOT NULL, money_in REAL NOT NULL,
  money_out REAL NOT NULL, closing_balance REAL NOT NULL, UNIQUE (account_id, month));
CREATE TABLE disputes (
  dispute_id TEXT PRIMARY KEY, transaction_id TEXT NOT NULL UNIQUE REFERENCES transactions,
  reason TEXT NOT NULL, opened_on TEXT NOT NULL);
CREATE INDEX booked ON transactions (booked_at);
"""

Row = tuple[str | int | float | None, ...]


@lru_cache(maxsize=1)
def _empty() -> bytes:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("PRAGMA page_size = 1024")  # tables are small, and snapshots many
        db.executescript(SCHEMA)
        return db.serialize()


def seed_database(rng: random.Random, now: datetime) -> sqlite3.Connection:
    """The bank as one client knows it at `now`: about 6 accounts and 400 transactions."""
    db = sqlite3.connect(":memory:", check_same_thread=False)
    db.deserialize(_empty())
    _World(db, rng, now).fill()
    db.commit()
    db.execute("PRAGMA foreign_keys = ON")
    return db


def months_before(today: date, count: int) -> list[str]:
    """The `count` whole months before today's, earliest first, as YYYY-MM."""
    number = today.year * 12 + today.month - 1
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(number - count, number)]


class _World:
    """Makes one world; amounts are thought of in euros and written in the client's money."""

    def __init__(self, db: sqlite3.Connection, rng: random.Random, now: datetime) -> None:
        self.db = db
        self.rng = rng
        self.today = now.date()
        self.home: Home = rng.choice(HOMES)
        self.city = rng.choice(self.home.cities)
        self.people = [name for name, _, _ in travellers(rng, 14)]
        self.taken: set[float] = set()
        self.happened: list[Row] = []
        """Rows of `transactions` without their ids."""

    def fill(self) -> None:
        client, *people = self.people
        number = self.rng.randint(30100, 39900)
        place = (self.city, self.home.country, self.home.currency, self.home.level)
        self._insert("clients", [(f"CL-{number}", client, *place)])
        accounts = self._accounts(f"CL-{number}")
        cards = self._cards(accounts)
        payees = self._payees(people)
        self._shopping(cards)
        self._bills(str(accounts[0][0]))
        self._standing_orders(accounts, payees)
        self._income(accounts)
        self._book()
        self._statements(accounts)

    def _insert(self, table: str, rows: list[Row]) -> None:
        marks = ",".join("?" * len(rows[0]))
        self.db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608  our names

    def _ids(self, prefix: str, count: int, low: int = 1000, high: int = 9999) -> Iterator[str]:
        return (f"{prefix}-{n}" for n in self.rng.sample(range(low, high), count))

    def _ago(self, days: int) -> str:
        return (self.today - timedelta(days)).isoformat()

    def _amount(self, low: float, high: float, *, digits: int = 2) -> float:
        """A sum of money that no other payment has: "the payment of 23.40" is one payment."""
        while True:
            euros = low * (high / low) ** self.rng.random()
            amount = round(euros * self.home.level, digits)
            if amount not in self.taken:
                self.taken.add(amount)
                return amount

    def _chosen(self) -> list[str]:
        """Four more accounts, one of them to pay from."""
        currents = [name for name in ACCOUNTS if ACCOUNTS[name][0] == "current"]
        first = self.rng.choice(currents)
        return [first, *self.rng.sample([name for name in ACCOUNTS if name != first], 3)]

    def _accounts(self, client: str) -> list[Row]:
        wanted = {
            "Everyday": ("current", 1900, 5200, 0.1),
            "Savings": ("savings", 5200, 24000, 2.25),
            **{name: ACCOUNTS[name] for name in self._chosen()},
        }
        ends = self.rng.sample(range(1000, 9999), len(wanted))
        ages = sorted(self.rng.sample(range(400, 4000), len(wanted)), reverse=True)
        rows: list[Row] = [
            (
                account_id,
                client,
                name,
                kind,
                self._amount(low, high),
                self._amount(4, 90) if kind == "current" else 0.0,
                round(500 * self.home.level, -2) if name == "Everyday" else 0.0,
                round(interest + self.rng.randint(-6, 6) / 100, 2),
                self._ago(age),
                str(end),
            )
            for account_id, end, age, (name, (kind, low, high, interest)) in zip(
                self._ids("AC", len(wanted)), ends, ages, wanted.items(), strict=True
            )
        ]
        self._insert("accounts", rows)
        return rows

    def _cards(self, accounts: list[Row]) -> list[Row]:
        everyday, *others = accounts
        plan = [(everyday, "debit"), (everyday, "credit"), (everyday, "virtual")]
        plan += [(account, "debit") for account in others if account[3] == "current"]
        plan += [(account, "prepaid") for account in others if account[2] in ("Holiday", "Gift")]
        frozen = self.rng.choice((None, len(plan) - 1))
        limits = self.rng.sample(range(6, 40), len(plan))
        rows: list[Row] = [
            (
                card_id,
                account[0],
                self.rng.choice(("Visa", "Mastercard")),
                kind,
                str(end),
                "frozen" if at == frozen else "active",
                (self.today + timedelta(days)).isoformat()[:7],
                float(round(limit * 100 * self.home.level, -2)),
            )
            for at, (card_id, (account, kind), end, days, limit) in enumerate(
                zip(
                    self._ids("CD", len(plan)),
                    plan,
                    self.rng.sample(range(1001, 9999), len(plan)),
                    self.rng.sample(range(60, 1500, 31), len(plan)),
                    limits,
                    strict=True,
                )
            )
        ]
        self._insert("cards", rows)
        return rows

    def _payees(self, people: list[str]) -> list[Row]:
        names = [(name, "person") for name in people]
        names += [(name, "company") for name in self.rng.sample(FIRMS, 6)]
        rows: list[Row] = [
            (
                payee_id,
                name,
                kind,
                self.rng.choice(BANKS),
                str(self.rng.randint(1000, 9999)),
                self._ago(self.rng.randint(380, 1900)),
            )
            for payee_id, (name, kind) in zip(self._ids("PY", len(names)), names, strict=True)
        ]
        self._insert("payees", rows)
        for row in rows:
            if row[2] == "person":
                for day in self.rng.sample(range(2, 330), self.rng.randint(1, 3)):
                    amount = self._amount(12, 160, digits=0)
                    self._happen("Everyday", day, "out", "transfer", amount, row[1], payee=row[0])
        return rows

    def _happen(
        self,
        account: str,
        days: int,
        direction: str,
        method: str,
        amount: float,
        counterparty: object,
        *,
        card: object = None,
        merchant: object = None,
        payee: object = None,
        bill: object = None,
    ) -> None:
        """Something was booked on `account` (its name or id), `days` ago."""
        minute = self.rng.randint(6 * 60, 22 * 60)
        at = f"{self._ago(days)}T{minute // 60:02d}:{minute % 60:02d}"
        parties = (counterparty, card, merchant, payee, bill)
        self.happened.append((account, at, direction, method, amount, *parties))  # type: ignore[arg-type]

    def _shopping(self, cards: list[Row]) -> None:
        chosen = self.rng.sample(MERCHANTS, 32)
        used = [card for card in cards if card[5] == "active"]
        weights = [9 if card[3] == "debit" else 5 if card[3] == "credit" else 1 for card in used]
        rows: list[Row] = []
        for merchant_id, merchant in zip(self._ids("M", len(chosen)), chosen, strict=True):
            street = f"{self.rng.randint(1, 140)} {self.rng.choice(STREETS)}"
            terminal = f"T{self.rng.randint(10**6, 10**7 - 1)}"
            rows.append(
                (
                    merchant_id,
                    merchant.name,
                    merchant.category,
                    merchant.code,
                    street,
                    self.city,
                    terminal,
                )
            )
            visits = self.rng.randint(3, MOST_VISITS)
            # The last visit is recent, the others lie anywhere in the year.
            days = {self.rng.randint(1, 60), *self.rng.sample(range(8, 380), visits - 1)}
            for day in sorted(days):
                card = self.rng.choices(used, weights)[0]
                amount = self._amount(merchant.low, merchant.high)
                self._happen(
                    str(card[1]), day, "out", "card", amount, merchant.name,
                    card=card[0], merchant=merchant_id,
                )  # fmt: skip
        self._insert("merchants", rows)

    def _bills(self, account: str) -> None:
        categories = self.rng.sample(list(BILLERS), 7)
        billers: list[Row] = []
        bills: list[Row] = []
        opened = iter(self.rng.sample(range(-3, 21), len(categories)))
        for biller_id, category in zip(self._ids("BR", 7), categories, strict=True):
            names, low, high, unit = BILLERS[category]
            name = self.rng.choice(names)
            number = f"{self.rng.randint(10**7, 10**8 - 1)}"
            billers.append((biller_id, name, category, number))
            every = self.rng.choice((30, 61))
            due = next(opened)
            for back in range(0, 330 // every):
                amount = self._amount(low, high)
                issued, falls = due - back * every - 21, due - back * every
                if back and falls > -3:
                    continue
                paid = None if back == 0 else self._ago(2 - falls)
                used = round(amount / self.home.level * self.rng.uniform(3, 4)) if unit else None
                bills.append((biller_id, amount, used, self._ago(-issued), self._ago(-falls), paid))
        bills.sort(key=lambda bill: (str(bill[3]), str(bill[0])))
        number = self.rng.randint(5100, 5900)
        rows: list[Row] = []
        for bill in bills:
            number += self.rng.randint(1, 6)
            rows.append((f"BL-{number}", *bill))
        self._insert("billers", billers)
        self._insert("bills", rows)
        named = {biller[0]: biller[1] for biller in billers}
        for bill_id, biller, amount, _, _, _, paid in rows:
            if paid is not None:
                days = (self.today - date.fromisoformat(str(paid))).days
                self._happen(
                    account, days, "out", "bill", float(amount or 0), named[biller], bill=bill_id
                )

    def _standing_orders(self, accounts: list[Row], payees: list[Row]) -> None:
        companies = [row for row in payees if row[2] == "company"][:4]
        people = [row for row in payees if row[2] == "person"][:4]
        currents = [account for account in accounts if account[3] == "current"]
        days = self.rng.sample(range(1, 28), 8)
        rows: list[Row] = []
        payers = [*currents, *[accounts[0]] * (8 - len(currents))]  # each pays one or more
        for number, day, payee, account in zip(
            self._ids("ST", 8), days, self.rng.sample(companies + people, 8), payers, strict=True
        ):
            firm = payee[2] == "company"
            amount = self._amount(55, 480, digits=0) if firm else self._amount(15, 120, digits=0)
            every = "monthly" if firm else self.rng.choice(("monthly", "weekly"))
            step = 30 if every == "monthly" else 7
            ahead = day if every == "monthly" else 1 + day % 7
            since, following = self._ago(step * MONTHS - ahead), self._ago(-ahead)
            rows.append((number, account[0], payee[0], amount, every, since, following, "active"))
            for back in range(1, MONTHS + 1):
                self._happen(
                    str(account[0]), step * back - ahead, "out", "standing order", amount,
                    payee[1], payee=payee[0],
                )  # fmt: skip
        self._insert("standing_orders", rows)

    def _income(self, accounts: list[Row]) -> None:
        """Each account gets every month a little more than what goes out of it."""
        spent: dict[object, float] = defaultdict(float)
        ids = {account[2]: account[0] for account in accounts}
        for row in self.happened:
            spent[ids.get(row[0], row[0])] += float(row[4] or 0)
        day = self.rng.randint(2, 20)
        for account in accounts:
            amount = round(spent[account[0]] / MONTHS * 1.05 + 40 * self.home.level, -1)
            name = "Brightwater salary" if account[2] == "Everyday" else "Transfer from Everyday"
            for back in range(MONTHS + 1):
                self._happen(str(account[0]), 30 * back + day, "in", "incoming", amount, name)

    def _book(self) -> None:
        """Number everything that happened, in order of time."""
        ids = dict(self.db.execute("SELECT name, account_id FROM accounts").fetchall())
        now = f"{self.today.isoformat()}T00:00"
        events = sorted(
            (row for row in self.happened if str(row[1]) < now), key=lambda row: (str(row[1]), repr(row))
        )
        number = self.rng.randint(40100, 88000)
        rows: list[Row] = []
        for account, *rest in events:
            number += self.rng.randint(1, 9)
            rows.append((f"TX-{number}", ids.get(account, account), *rest))
        self._insert("transactions", rows)
        self._balance(rows)

    def _balance(self, booked: list[Row]) -> None:
        """What is on each account once everything is booked; none was ever below zero."""
        lowest: dict[object, float] = defaultdict(float)
        now_at: dict[object, float] = defaultdict(float)
        for _, account, _, direction, _, amount, *_ in booked:
            now_at[account] += float(amount or 0) * (1 if direction == "in" else -1)
            lowest[account] = min(lowest[account], now_at[account])
        self.db.executemany(
            "UPDATE accounts SET balance = round(balance + ?, 2) WHERE account_id = ?",
            [(now_at[account] - lowest[account], account) for account in now_at],
        )

    def _statements(self, accounts: list[Row]) -> None:
        """Monthly sums, counted back from today's balance."""
        sums = "SELECT coalesce(sum(amount), 0) FROM transactions WHERE account_id = ?"
        rows: list[Row] = []
        months = months_before(self.today, MONTHS)
        ids = self._ids("SM", len(accounts) * MONTHS, 10000, 99999)
        for account in accounts:
            query = "SELECT balance FROM accounts WHERE account_id = ?"
            (closing,) = self.db.execute(query, (account[0],)).fetchone()
            for month in (self.today.isoformat()[:7], *reversed(months)):
                moved = [
                    self.db.execute(
                        sums + " AND direction = ? AND booked_at LIKE ?",
                        (account[0], direction, f"{month}%"),
                    ).fetchone()[0]
                    for direction in ("in", "out")
                ]
                money_in, money_out = (round(value, 2) for value in moved)
                opening = round(closing - money_in + money_out, 2)
                if month in months:
                    rows.append(
                        (next(ids), account[0], month, opening, money_in, money_out, closing)
                    )
                closing = opening
        self._insert("statements", rows)
