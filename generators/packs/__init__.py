"""The built-in packs, by name. A manifest or a dataset can name one of these and nothing else."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from callwright.generators.pack import Pack

PACK_NAMES = (
    "geography",
    "calendar",
    "money",
    "units",
    "science",
    "contacts",
    "shop",
    "travel",
    "home",
    "library",
    "bank",
    "agenda",
    "files",
    "helpdesk",
)

COMMON_KNOWLEDGE = frozenset({"geography", "calendar", "money", "units", "science"})
"""Packs of facts and sums: anybody may wonder about them, and an assistant without their tools
would simply answer. The others know what is in somebody's own world."""


@cache
def load_pack(name: str) -> Pack:
    """Import one built-in pack.

    Raises:
        KeyError: `name` is not a built-in pack.
    """
    if name not in PACK_NAMES:
        raise KeyError(name)
    pack: Pack = import_module(f"callwright.generators.packs.{name}.tools").pack
    return pack
