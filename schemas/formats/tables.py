"""Rows in parquet instead of JSONL: a column for each key, text as text and all else as JSON text.

Parquet's own nesting would pad every object with the keys of all others, and `datasets` rounds
floats when it reads JSONL. Here each value's JSON stands to the last digit, in columns of Arrow's
type `json`, which `load_dataset("parquet", ...)` gives as lists and objects at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from callwright.schemas.canonical import dumps
from callwright.schemas.errors import FormatError, StoreError
from callwright.schemas.visible import one_line

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX = ".parquet"

LARGEST_GROUP = 2**30
"""Bytes of the largest row group that is read, unpacked."""

_WRITTEN = 500  # rows of a row group
_READ = 16  # rows in memory at a time: a stranger's may be long


def column_types(files: Iterable[Path]) -> dict[str, str]:
    """Column -> `string`, where every row that has it has text, else `json`.

    Args:
        files: JSONL, an object a line.
    """
    types: dict[str, str] = {}
    for file in files:
        for row in _objects(file):
            for name, value in row.items():
                kind = "string" if isinstance(value, str) else "json"
                types[name] = kind if types.get(name, kind) == kind else "json"
    return types


def write_table(file: Path, path: Path, types: dict[str, str]) -> None:
    """Write JSONL as parquet; a key that a row does not have is a missing value.

    Args:
        file: JSONL, an object a line.
        path: The file to write.
        types: See `column_types`.

    Raises:
        StoreError: It cannot be written.
    """
    from pyarrow import parquet

    schema, rows = _schema(types), _objects(file)
    try:
        with parquet.ParquetWriter(path, schema, compression="zstd", compression_level=3) as writer:
            while some := list(islice(rows, _WRITTEN)):
                writer.write_table(_table(some, types, schema))
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}") from None


def row_texts(path: Path) -> Iterator[tuple[str, int]]:
    """The JSON text of each row, and how many rows there are; a missing value is a missing key.

    Raises:
        FormatError: The file is no parquet, or would fill the memory when it is read.
    """
    from pyarrow import ArrowException, parquet

    try:
        with parquet.ParquetFile(path) as table:
            about = table.metadata
            for number in range(about.num_row_groups):
                size = about.row_group(number).total_byte_size
                if size > LARGEST_GROUP:
                    raise FormatError(
                        f"{path}: row group {number} unpacks to {size:,} bytes, more than the "
                        f"{LARGEST_GROUP:,} that are read; write smaller groups"
                    )
            json_columns = [f.name for f in table.schema_arrow if _is_json(f.type)]
            for batch in table.iter_batches(batch_size=_READ):
                for row in batch.to_pylist():
                    yield _text(row, json_columns), about.num_rows
    except (ArrowException, OSError, ValueError) as error:
        reason = one_line(str(error))
        raise FormatError(f"{path}: cannot be read as parquet ({reason})") from None


def _objects(file: Path) -> Iterator[dict[str, Any]]:
    with file.open("rb") as lines:
        for line in lines:
            yield orjson.loads(line)


def _schema(types: dict[str, str]) -> pa.Schema:
    import pyarrow as pa

    kinds = {"json": pa.json_(), "string": pa.string()}
    told = {
        name: {"_type": "Json"} if kind == "json" else {"_type": "Value", "dtype": "string"}
        for name, kind in types.items()
    }
    schema = pa.schema([(name, kinds[kind]) for name, kind in types.items()])
    return schema.with_metadata({"huggingface": dumps({"info": {"features": told}})})


def _table(rows: list[dict[str, Any]], types: dict[str, str], schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    columns = []
    for name, kind in types.items():
        values = [row.get(name) for row in rows]
        if kind == "json":
            values = [dumps(row[name]) if name in row else None for row in rows]
        columns.append(pa.array(values, schema.field(name).type))
    return pa.Table.from_arrays(columns, schema=schema)


def _is_json(kind: pa.DataType) -> bool:
    return str(getattr(kind, "extension_name", "")) == "arrow.json"


def _text(row: dict[str, Any], json_columns: list[str]) -> str:
    """One row as it would stand in JSONL; what is no JSON value stands there by its name."""
    parts = []
    for name, value in row.items():
        if value is None:
            continue
        if name in json_columns and _is_one_value(value):
            parts.append(f"{dumps(name)}:{value}")
        else:
            parts.append(f"{dumps(name)}:{dumps(value, default=_named)}")
    return "{" + ",".join(parts) + "}"


def _is_one_value(text: str) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _named(value: object) -> str:
    return f"<{type(value).__name__}>"
