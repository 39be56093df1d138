"""The shop pack. Its tools stand in the modules imported here; importing them registers them."""

from __future__ import annotations

from callwright.generators.packs.shop import (
    carts,
    changes,
    customers,
    orders,
    products,
    values,
)
from callwright.generators.packs.shop.base import pack

__all__ = ["carts", "changes", "customers", "orders", "pack", "products", "values"]
