"""The pack's tools, module by module."""

from __future__ import annotations

from callwright.generators.packs.travel import (  # noqa: F401 - they register tools and values
    extras,
    flights,
    hotels,
    stays,
    travellers,
    trips,
    values,
)
from callwright.generators.packs.travel.desk import pack

__all__ = ["pack"]
