"""Rows to parquet and back: flat columns for what is queried, JSON text for what is nested.

Parquet's own nesting would pad `{"a": 1}` to `{"a": 1, "b": null}` as soon as another row has
a `b`, so nested fields never meet Arrow's type inference.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import orjson
import polars as pl
from pydantic import ValidationError

from callwright.schemas.canonical import canonical_text, dumps
from callwright.schemas.errors import StoreError
from callwright.schemas.record import Conversation, Part, Rejection

_SCALARS: dict[str, type[pl.DataType]] = {
    "id": pl.String,
    "revision": pl.Int64,
    "schema_version": pl.Int64,
    "scenario": pl.String,
    "language": pl.String,
    "split": pl.String,
    "seed": pl.Int64,
    "build": pl.String,
}
FIELDS: tuple[str, ...] = tuple(Conversation.model_fields)
NESTED: tuple[str, ...] = tuple(name for name in FIELDS if name not in _SCALARS)
"""Fields stored as JSON text; None is stored as a missing value, and within the text left out."""

SCHEMA: dict[str, type[pl.DataType]] = {
    **{name: _SCALARS.get(name, pl.String) for name in FIELDS},
    "text": pl.String,
}
COLUMNS: tuple[str, ...] = tuple(SCHEMA)
"""Columns of a data part: the record's fields in order, then the canonical text."""

REJECT_SCHEMA: dict[str, type[pl.DataType]] = dict.fromkeys(
    ("stage", "reason", "detail", "row"), pl.String
)


Flat = dict[str, Any]
"""A row as `flatten` gives it: what a worker process hands over instead of a record."""


def flatten(row: Conversation) -> Flat:
    """Give the row as a mapping from column to value.

    Raises:
        TypeError: A nested value is not JSON (`canonical.dumps` says what that means).
    """
    flat = dict(vars(row))
    for name in NESTED:
        value = flat[name]
        flat[name] = None if value is None else dumps(value, default=_fields)
    flat["text"] = canonical_text(row)
    return flat


def _fields(part: object) -> dict[str, Any]:
    # A model's fields as they are: `model_dump` would first copy the whole row, tools and all.
    # An absent optional field is left out, as OpenAI-shaped messages do; it also saves `dumps`
    # from searching every null for a NaN.
    if not isinstance(part, Part):
        raise TypeError(f"{type(part).__name__} is not a JSON value")
    fields = vars(part)
    absent = [name for name in _optional(type(part)) if fields[name] is None]
    if absent:
        fields = fields.copy()
        for name in absent:
            del fields[name]
    return fields


@cache
def _optional(kind: type[Part]) -> tuple[str, ...]:
    # Not the fields without default: the null that a `Test` compares with is a value.
    return tuple(n for n, f in kind.model_fields.items() if f.default is None)


def unflatten(flat: dict[str, Any]) -> Conversation:
    """Give the conversation that `flatten` flattened.

    Raises:
        ValueError: A column holds no JSON or the record is not valid.
    """
    record = {name: flat[name] for name in FIELDS}
    for name in NESTED:
        if record[name] is not None:
            record[name] = orjson.loads(record[name])
    return Conversation.model_validate(record)


def data_bytes(rows: Sequence[Conversation | Flat]) -> bytes:
    """Give the parquet file that holds `rows`.

    Raises:
        StoreError: A row holds something that cannot be stored.
    """
    flats = []
    for row in rows:
        try:
            flat = row if isinstance(row, dict) else flatten(row)
        except TypeError as error:
            raise StoreError(f"row {column(row, 'id')} cannot be stored: {error}") from None
        if not -(2**63) <= flat["seed"] < 2**63:
            raise StoreError(
                f"row {flat['id']} cannot be stored: seed {flat['seed']} exceeds 64 bits"
            )
        flats.append(flat)
    return _parquet(flats, SCHEMA)


def column(row: Conversation | Flat, name: str) -> Any:
    """A scalar column of a row, flat or not."""
    return row[name] if isinstance(row, dict) else getattr(row, name)


def reject_bytes(rejects: Sequence[Rejection]) -> bytes:
    """Give the parquet file that holds `rejects`.

    Raises:
        StoreError: A rejected row holds something that cannot be stored.
    """
    flats = []
    for reject in rejects:
        flat = reject.model_dump()
        try:
            flat["row"] = dumps(flat["row"])
        except TypeError as error:
            raise StoreError(
                f"a row rejected by {reject.stage} ({reject.reason}) cannot be stored: {error}"
            ) from None
        flats.append(flat)
    return _parquet(flats, REJECT_SCHEMA)


def conversations(frame: pl.DataFrame, where: str) -> Iterator[Conversation]:
    """Yield the rows of `frame`, whose columns are `COLUMNS`.

    Args:
        frame: As read from a part.
        where: Names the part in messages.

    Raises:
        StoreError: A row is not a valid conversation.
    """
    for number, flat in enumerate(frame.iter_rows(named=True)):
        try:
            yield unflatten(flat)
        except ValueError as error:
            raise StoreError(f"{where}, row {number} ({flat['id']}): {_reason(error)}") from None


def rejections(frame: pl.DataFrame, where: str) -> Iterator[Rejection]:
    """Yield the rejections of `frame`; arguments and errors as in `conversations`."""
    for number, flat in enumerate(frame.iter_rows(named=True)):
        try:
            yield Rejection.model_validate({**flat, "row": orjson.loads(flat["row"])})
        except ValueError as error:
            raise StoreError(f"{where}, row {number}: {_reason(error)}") from None


def _parquet(flats: list[dict[str, Any]], schema: dict[str, type[pl.DataType]]) -> bytes:
    columns = {name: [flat[name] for flat in flats] for name in schema}
    buffer = io.BytesIO()
    # Everything that shapes the bytes is named here, not left to a default that may move.
    pl.DataFrame(columns, schema=schema).write_parquet(
        buffer, compression="zstd", compression_level=3, statistics=True, row_group_size=65_536
    )
    return buffer.getvalue()


def _reason(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}"
    return str(error)
