"""The geography pack: what a place is, where it is, and how far from another."""

from __future__ import annotations

from callwright.generators.packs.geography import airports, cities, countries, values
from callwright.generators.packs.geography.base import pack

__all__ = ["airports", "cities", "countries", "pack", "values"]
