"""The files pack. Its tools stand in the modules imported here; importing them registers them."""

from __future__ import annotations

from callwright.generators.packs.files import changes, details, lookup, notes, search, values
from callwright.generators.packs.files.base import pack

__all__ = ["changes", "details", "lookup", "notes", "pack", "search", "values"]
