"""The helpdesk pack. Its tools stand in the modules imported here; importing registers them."""

from __future__ import annotations

from callwright.generators.packs.helpdesk import articles, changes, lookup, tickets, values
from callwright.generators.packs.helpdesk.base import pack

__all__ = ["articles", "changes", "lookup", "pack", "tickets", "values"]
