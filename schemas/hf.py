"""Rows as Hugging Face `datasets`, without a null or a digit changed.

Arrow pads `{"a": 1}` to `{"a": 1, "b": None}` as soon as another row has a `b`; the feature
type `Json()` (datasets 5) keeps such objects as text. Its own encoder rounds floats
(2.5e-10 becomes 2e-10), so it is always handed JSON text that is already written.

What is stored is exact. `dataset[0]` is not: it decodes through ujson, which gets the last bit of a
float wrong now and then (about 1 in 100 with four decimals). `from_dataset` reads the text itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import ValidationError

from callwright.schemas.errors import FormatError
from callwright.schemas.record import Conversation
from callwright.schemas.store_rows import FIELDS, NESTED

if TYPE_CHECKING:
    import datasets

    from callwright.schemas.store_read import Dataset

_MESSAGE = ("role", "content", "reasoning_content", "tool_calls", "tool_call_id")
_INTEGERS = ("revision", "schema_version", "seed")
_BATCH = 1000  # rows decoded at a time


def features() -> datasets.Features:
    """Give the columns of the published form: the record's fields, without the canonical text."""
    from datasets import Features, Json, List, Value

    columns: dict[str, Any] = {}
    for name in FIELDS:
        if name == "tools":
            columns[name] = List(Json())
        elif name == "messages":
            message: dict[str, Any] = dict.fromkeys(_MESSAGE, Value("string"))
            columns[name] = List({**message, "tool_calls": List(Json())})
        elif name in NESTED:
            columns[name] = Json()
        else:
            columns[name] = Value("int64" if name in _INTEGERS else "string")
    return Features(columns)


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
            Table.from_list([_texts(row) for row in frame.iter_rows(named=True)], features=shape)
            for frame in dataset.frames(split, FIELDS)
        ]
        splits[split] = concatenate_datasets(tables)
    return DatasetDict(splits)


def from_dataset(dataset: datasets.Dataset) -> Iterator[Conversation]:
    """Yield the conversations of one split that `to_datasets` made, exactly.

    Args:
        dataset: As made, or loaded back from disk, parquet or the Hub.

    Raises:
        FormatError: A column is missing or a row is not a valid conversation.
    """
    missing = [name for name in FIELDS if name not in dataset.column_names]
    if missing:
        raise FormatError(f"the dataset has no column {missing[0]!r}: callwright did not make it")
    batches = dataset.with_format("arrow").iter(_BATCH)
    for number, record in enumerate(r for batch in batches for r in batch.to_pylist()):
        try:
            yield Conversation.model_validate(_values(record))
        except (ValidationError, ValueError, TypeError) as error:
            line = " ".join(str(error).split())
            raise FormatError(f"row {number} ({record['id']}): {line}") from None


def _texts(flat: dict[str, Any]) -> dict[str, Any]:
    """Take a stored row apart as far as the columns go; below that it stays JSON text."""
    record = dict(flat)
    record["tools"] = [_text(tool) for tool in orjson.loads(flat["tools"])]
    messages = []
    for stored in orjson.loads(flat["messages"]):
        message = {name: stored.get(name) for name in _MESSAGE}
        if message["tool_calls"] is not None:
            message["tool_calls"] = [_text(call) for call in message["tool_calls"]]
        messages.append(message)
    record["messages"] = messages
    return record


def _text(value: Any) -> str:
    return orjson.dumps(value).decode()


def _values(record: dict[str, Any]) -> dict[str, Any]:
    """Undo `_texts` and read the JSON text."""
    values = {name: record[name] for name in FIELDS}
    for name in NESTED:
        if name not in ("tools", "messages") and values[name] is not None:
            values[name] = orjson.loads(values[name])
    values["tools"] = [orjson.loads(tool) for tool in values["tools"]]
    values["messages"] = [
        {**message, "tool_calls": _calls(message["tool_calls"])} for message in values["messages"]
    ]
    return values


def _calls(texts: list[str] | None) -> list[Any] | None:
    return None if texts is None else [orjson.loads(text) for text in texts]
