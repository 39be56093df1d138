"""Reading rows that are to be curated: a row that is none is rejected, the rest goes on.

A part's digest says that nothing changed since it was written, not that it was written in good
faith. So every row is checked once, here, and everything after may rely on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import polars as pl
from pydantic import ValidationError

from callwright.schemas.formats.guard import MAX_ROW_BYTES
from callwright.schemas.record import Conversation, Rejection
from callwright.schemas.store import Dataset, open_dataset
from callwright.schemas.store_rows import FIELDS, NESTED

STAGE = "read"

_VALIDATOR = Conversation.__pydantic_validator__


@dataclass(frozen=True)
class Slice:
    """One part, read."""

    frame: pl.DataFrame
    """Its good rows; the store's columns and `number`, the row's place in all that is read."""
    rejects: list[Rejection]


class Intake:
    """Rows of several datasets, one after another; each pass gives the same."""

    def __init__(self, folders: Sequence[str | Path]) -> None:
        """Open the datasets.

        Raises:
            StoreError: A folder is no finished dataset.
        """
        self.datasets: list[Dataset] = [open_dataset(folder) for folder in folders]
        self._bad: dict[int, Rejection] | None = None
        """What the first pass found; later ones need not look again."""

    def __len__(self) -> int:
        return sum(map(len, self.datasets))

    def slices(self) -> Iterator[Slice]:
        """Yield part after part; one is in memory at a time.

        Raises:
            StoreError: A part is missing or corrupt.
        """
        bad: dict[int, Rejection] = {} if self._bad is None else self._bad
        first, seen = 0, dict[str, str]()
        for dataset in self.datasets:
            for part, frame in zip(dataset.parts(), dataset.frames(), strict=True):
                if self._bad is None:
                    where = f"{dataset.folder}, {part.path}"
                    bad.update(_bad_rows(frame, first, where, seen))
                out = [n for n in range(first, first + frame.height) if n in bad]
                numbered = frame.with_row_index("number", offset=first)
                if out:
                    numbered = numbered.filter(~pl.col("number").is_in(out))
                yield Slice(numbered, [bad[number] for number in out])
                first += frame.height
        self._bad = bad


def _bad_rows(
    frame: pl.DataFrame, first: int, where: str, seen: dict[str, str]
) -> Iterator[tuple[int, Rejection]]:
    sizes = frame.select(pl.sum_horizontal(pl.col(*NESTED).str.len_bytes())).to_series()
    for offset, flat in enumerate(frame.iter_rows(named=True)):
        fault = _too_large(sizes[offset] or 0) or _invalid(flat)
        if fault is None and flat["id"] in seen:
            fault = "duplicate_id", f"{seen[flat['id']]} has a row of the same id"
        if fault is None:
            seen[flat["id"]] = where
            continue
        reason, detail = fault
        detail = f"{where}, row {offset}: {detail}"
        # Its texts as they stand: what is in them may not be JSON at all.
        yield first + offset, Rejection(stage=STAGE, reason=reason, detail=detail, row=flat)


def _too_large(size: int) -> tuple[str, str] | None:
    if size <= MAX_ROW_BYTES:
        return None
    return "too_large", f"{size:,} bytes, more than {MAX_ROW_BYTES:,}"


def _invalid(flat: dict[str, Any]) -> tuple[str, str] | None:
    """What keeps a stored row from being a conversation: (reason, detail)."""
    fields = []
    for name in FIELDS:
        value = flat[name]
        if value is not None and name in NESTED:
            try:
                orjson.loads(value)  # each alone: a text must not reach over into the next field
            except orjson.JSONDecodeError as error:
                return "not_json", f"{name}: {error}"
        else:
            value = orjson.dumps(value).decode()
        fields.append(f'"{name}":{value}')
    try:
        # From text: half the time of loading the values first, and it refuses deep nesting.
        _VALIDATOR.validate_json("{" + ",".join(fields) + "}")
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, found["loc"]))
        reason = "too_deep" if "recursion" in found["msg"] else "not_a_conversation"
        return reason, f"{where}: {found['msg']}" if where else found["msg"]
    return None
