"""The home pack. Its tools stand in the modules imported here; importing them registers them."""

from __future__ import annotations

from callwright.generators.packs.home import control, devices, lookup, timers, values
from callwright.generators.packs.home.base import pack

__all__ = ["control", "devices", "lookup", "pack", "timers", "values"]
