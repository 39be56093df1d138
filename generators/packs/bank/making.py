"""What worlds are made with: ids, days, sums, and a note of what happened."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

from callwright.generators.packs.bank.tables import HOMES, Home
from callwright.generators.seeding import insert

Cell = str | int | float | None
Row = tuple[Cell, ...]


class Maker:
    """Makes rows; sums are thought of in euros and written in the client's money."""

    def __init__(self, db: sqlite3.Connection, rng: random.Random, now: datetime) -> None:
        self.db = db
        self.rng = rng
        self.today = now.date()
        self.home: Home = rng.choice(HOMES)
        self.city = rng.choice(self.home.cities)
        self.taken: set[float] = set()
        self.happened: list[Row] = []
        """Rows of `transactions` without their ids."""

    def insert(self, table: str, rows: list[Row]) -> None:
        insert(self.db, table, rows)

    def ids(self, prefix: str, count: int, low: int = 1000, high: int = 9999) -> Iterator[str]:
        return (f"{prefix}-{n}" for n in self.rng.sample(range(low, high), count))

    def ago(self, days: int) -> str:
        return (self.today - timedelta(days)).isoformat()

    def amount(self, low: float, high: float, *, digits: int = 2) -> float:
        """A sum of money that no other payment has: "the payment of 23.40" is one payment."""
        while True:
            euros: float = low * (high / low) ** self.rng.random()
            amount = round(euros * self.home.level, digits)
            if amount not in self.taken:
                self.taken.add(amount)
                return amount

    def happen(
        self,
        account: str,
        days: int,
        direction: str,
        method: str,
        amount: float,
        counterparty: Cell,
        *,
        card: Cell = None,
        merchant: Cell = None,
        payee: Cell = None,
        bill: Cell = None,
    ) -> None:
        """Something was booked on `account` (its name or id), `days` ago."""
        minute = self.rng.randint(6 * 60, 22 * 60)
        at = f"{self.ago(days)}T{minute // 60:02d}:{minute % 60:02d}"
        parties = (counterparty, card, merchant, payee, bill)
        self.happened.append((account, at, direction, method, amount, *parties))
