"""The agenda pack. Its tools stand in the modules imported here; importing them registers them."""

from __future__ import annotations

from callwright.generators.packs.agenda import changes, colleagues, events, slots, tasks, values
from callwright.generators.packs.agenda.base import pack

__all__ = ["changes", "colleagues", "events", "pack", "slots", "tasks", "values"]
