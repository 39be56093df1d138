"""The library pack. Its tools stand in the modules imported here; importing them registers them."""

from __future__ import annotations

from callwright.generators.packs.library import acting, reading, values
from callwright.generators.packs.library.base import pack

__all__ = ["acting", "pack", "reading", "values"]
