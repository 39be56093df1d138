"""The bank's first state: one client's accounts and a year of what happened on them."""

from __future__ import annotations

import random
import sqlite3
from datetime import datetime, timedelta

from callwright.generators.packs.bank import year
from callwright.generators.packs.bank.making import Maker, Row
from callwright.generators.packs.bank.tables import (
    ACCOUNTS,
    BANKS,
    FIRMS,
)
from callwright.generators.packs.travel.people import travellers
from callwright.generators.seeding import new_database

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


def seed_database(rng: random.Random, now: datetime) -> sqlite3.Connection:
    """The bank as one client knows it at `now`: about 6 accounts and 400 transactions."""
    db = new_database(SCHEMA)
    _fill(Maker(db, rng, now))
    db.commit()
    db.execute("PRAGMA foreign_keys = ON")
    return db


def _fill(maker: Maker) -> None:
    client, *people = [name for name, _, _ in travellers(maker.rng, 14)]
    number = maker.rng.randint(30100, 39900)
    place = (maker.city, maker.home.country, maker.home.currency, maker.home.level)
    maker.insert("clients", [(f"CL-{number}", client, *place)])
    accounts = _accounts(maker, f"CL-{number}")
    cards = _cards(maker, accounts)
    payees = _payees(maker, people)
    year.shopping(maker, cards)
    year.household_bills(maker, str(accounts[0][0]))
    year.regular_payments(maker, accounts, payees)
    year.income(maker, accounts)
    year.book(maker)
    year.statements(maker, accounts)


def _chosen(maker: Maker) -> list[str]:
    """Four more accounts, one of them to pay from."""
    currents = [name for name in ACCOUNTS if ACCOUNTS[name][0] == "current"]
    first = maker.rng.choice(currents)
    return [first, *maker.rng.sample([name for name in ACCOUNTS if name != first], 3)]


def _accounts(maker: Maker, client: str) -> list[Row]:
    wanted = {
        "Everyday": ("current", 1900, 5200, 0.1),
        "Savings": ("savings", 5200, 24000, 2.25),
        **{name: ACCOUNTS[name] for name in _chosen(maker)},
    }
    ends = maker.rng.sample(range(1000, 9999), len(wanted))
    ages = sorted(maker.rng.sample(range(400, 4000), len(wanted)), reverse=True)
    rows: list[Row] = [
        (
            account_id,
            client,
            name,
            kind,
            maker.amount(low, high),
            maker.amount(4, 90) if kind == "current" else 0.0,
            round(500 * maker.home.level, -2) if name == "Everyday" else 0.0,
            round(interest + maker.rng.randint(-6, 6) / 100, 2),
            maker.ago(age),
            str(end),
        )
        for account_id, end, age, (name, (kind, low, high, interest)) in zip(
            maker.ids("AC", len(wanted)), ends, ages, wanted.items(), strict=True
        )
    ]
    maker.insert("accounts", rows)
    return rows


def _cards(maker: Maker, accounts: list[Row]) -> list[Row]:
    everyday, *others = accounts
    plan = [(everyday, "debit"), (everyday, "credit"), (everyday, "virtual")]
    plan += [(account, "debit") for account in others if account[3] == "current"]
    plan += [(account, "prepaid") for account in others if account[2] in ("Holiday", "Gift")]
    frozen = maker.rng.choice((None, len(plan) - 1))
    limits = maker.rng.sample(range(6, 40), len(plan))
    rows: list[Row] = [
        (
            card_id,
            account[0],
            maker.rng.choice(("Visa", "Mastercard")),
            kind,
            str(end),
            "frozen" if at == frozen else "active",
            (maker.today + timedelta(days)).isoformat()[:7],
            float(round(limit * 100 * maker.home.level, -2)),
        )
        for at, (card_id, (account, kind), end, days, limit) in enumerate(
            zip(
                maker.ids("CD", len(plan)),
                plan,
                maker.rng.sample(range(1001, 9999), len(plan)),
                maker.rng.sample(range(60, 1500, 31), len(plan)),
                limits,
                strict=True,
            )
        )
    ]
    maker.insert("cards", rows)
    return rows


def _payees(maker: Maker, people: list[str]) -> list[Row]:
    names = [(name, "person") for name in people]
    names += [(name, "company") for name in maker.rng.sample(FIRMS, 6)]
    rows: list[Row] = [
        (
            payee_id,
            name,
            kind,
            maker.rng.choice(BANKS),
            str(maker.rng.randint(1000, 9999)),
            maker.ago(maker.rng.randint(380, 1900)),
        )
        for payee_id, (name, kind) in zip(maker.ids("PY", len(names)), names, strict=True)
    ]
    maker.insert("payees", rows)
    for row in rows:
        if row[2] == "person":
            for day in maker.rng.sample(range(2, 330), maker.rng.randint(1, 3)):
                amount = maker.amount(12, 160, digits=0)
                maker.happen("Everyday", day, "out", "transfer", amount, row[1], payee=row[0])
    return rows
