"""Contacts: importing this module registers every tool and value of the pack."""

from __future__ import annotations

from callwright.generators.packs.contacts import books, directory, numbers, values
from callwright.generators.packs.contacts.base import pack

__all__ = ["books", "directory", "numbers", "pack", "values"]
