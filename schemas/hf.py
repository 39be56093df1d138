"""Rows as Hugging Face `datasets`, without a null or a digit changed.

Arrow pads `{"a": 1}` to `{"a": 1, "b": None}` as soon as another row has a `b`; the feature
type `Json()` (datasets 5) keeps such objects as text. Its own encoder rounds floats
(2.5e-10 becomes 2e-10), so it is always handed JSON text that is already written.

What is stored is exact. `dataset[0]` is not: it decodes through ujson, which gets the last bit of a
float wrong now and then (about 1 in 100 with four decimals). `from_dataset` reads the text itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import ValidationError

from callwright.schemas.errors import FormatError
from callwright.schemas.record import Conversation
from callwright.schemas.store_rows import FIELDS, NESTED, unflatten

if TYPE_CHECKING:
    import datasets

    from callwright.schemas.store_read import Dataset

_INTEGERS = ("revision", "schema_version", "seed")
_BATCH = 1000  # rows decoded at a time


def features() -> datasets.Features:
    """Give the columns of the published form: the record's fields, without the canonical text.

    A nested field is one `Json()` column, so that a message has the keys it has and no others:
    these are also the features under which a dataset's own parts can be read.
    """
    from datasets import Features, Json, Value

    return Features(
        {
            name: Json() if name in NESTED else Value("int64" if name in _INTEGERS else "string")
            for name in FIELDS
        }
    )


def to_datasets(dataset: Dataset) -> datasets.DatasetDict:
    """Give the dataset as a `DatasetDict`, a `datasets.Dataset` for each split.

    Raises:
        StoreError: A part is missing or corrupt.
    """
    from datasets import Dataset as Table
    from datasets import DatasetDict, concatenate_datasets

    shape = features()
    splits = {}
    for split in dataset.splits():
        tables = [
            Table.from_list(frame.to_dicts(), features=shape)
            for frame in dataset.frames(split, FIELDS)
        ]
        splits[split] = concatenate_datasets(tables)
    return DatasetDict(splits)


def from_dataset(dataset: datasets.Dataset) -> Iterator[Conversation]:
    """Yield the conversations of one split, exactly.

    Args:
        dataset: As `to_datasets` made it, or loaded from disk, parquet or the Hub.

    Raises:
        FormatError: A column is missing or a row is not a valid conversation.
    """
    missing = [name for name in FIELDS if name not in dataset.column_names]
    if missing:
        raise FormatError(f"the dataset has no column {missing[0]!r}: callwright did not make it")
    batches = dataset.with_format("arrow").iter(_BATCH)
    for number, record in enumerate(r for batch in batches for r in batch.to_pylist()):
        try:
            yield unflatten(record)
        except (ValidationError, ValueError, TypeError) as error:
            line = " ".join(str(error).split())
            raise FormatError(f"row {number} ({record['id']}): {line}") from None
