"""Rows by their ids, as they are typed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from callwright.schemas.errors import StoreError
from callwright.schemas.record import Conversation
from callwright.schemas.store import Dataset
from callwright.schemas.store_rows import conversations


def identified(ids: Sequence[str], wanted: str, folder: Path) -> str:
    """The one id that is `wanted` or begins with it.

    Raises:
        StoreError: none does, or several.
    """
    found = [wanted] if wanted in ids else [row_id for row_id in ids if row_id.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        more = ", …" if len(found) > 3 else ""
        raise StoreError(f"{len(found)} ids begin with {wanted!r}: {', '.join(found[:3])}{more}")
    nearest = min(ids, key=lambda row_id: _difference(row_id, wanted))
    raise StoreError(f"{folder} has no such row: {wanted!r}; the nearest id is {nearest}")


def _difference(row_id: str, wanted: str) -> int:
    """Characters that differ. difflib would take seconds over 100,000 ids, and ids are digests."""
    return sum(a != b for a, b in zip(row_id, wanted, strict=False)) + max(
        0, len(wanted) - len(row_id)
    )


def rows_by_id(dataset: Dataset, chosen: Sequence[str]) -> list[Conversation]:
    """The chosen rows in the order they were chosen.

    Raises:
        StoreError: one is not there.
    """
    missing = set(chosen)
    found: dict[str, Conversation] = {}
    for part, frame in zip(dataset.parts(), dataset.frames(), strict=True):
        some = frame.filter(frame["id"].is_in(list(missing)))
        for row in conversations(some, str(dataset.folder / part.path)):
            found.setdefault(row.id, row)
        missing -= found.keys()
        if not missing:
            break
    if missing:
        raise StoreError(f"{dataset.folder} has no row {min(missing)!r}")
    return [found[row_id] for row_id in chosen]
