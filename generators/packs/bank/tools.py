"""The bank pack. Its tools stand in the modules imported here; importing them registers them."""

from __future__ import annotations

from callwright.generators.packs.bank import (
    accounts,
    bills,
    cards,
    history,
    payments,
    statements,
    values,
)
from callwright.generators.packs.bank.base import pack

__all__ = ["accounts", "bills", "cards", "history", "pack", "payments", "statements", "values"]
