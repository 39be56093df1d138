"""Long lists in pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from callwright.schemas.errors import ToolError

T = TypeVar("T")


def paged(found: Sequence[T], page: int, size: int) -> tuple[list[T], int | None]:
    """The items of a page, and the number of the next one if there is one.

    Args:
        page: counted from 1.
        size: most items of a page.

    Raises:
        ToolError: there is no such page.
    """
    last = max(1, -(-len(found) // size))
    if not 1 <= page <= last:
        raise ToolError("not_found", f"There is no page {page}: the last one is {last}.")
    return list(found[size * (page - 1) : size * page]), page + 1 if page < last else None
