"""The calendar pack: clocks around the world, days off, deadlines."""

from __future__ import annotations

from callwright.generators.packs.calendar import clocks, days, holidays, values, workdays
from callwright.generators.packs.calendar.base import pack

__all__ = ["clocks", "days", "holidays", "pack", "values", "workdays"]
