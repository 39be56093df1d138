"""The rows in other formats, as further configs of the published dataset.

`load_dataset` reads all configs of a repository with one reader, so these are parquet too: a
column holds text, or JSON text that the card declares to be `Json()`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from callwright.curation.card_facts import Written
from callwright.curation.publish_layout import FORMATS as FOLDER
from callwright.curation.publish_layout import Content
from callwright.schemas.canonical import dumps
from callwright.schemas.errors import UserError
from callwright.schemas.formats import FORMATS
from callwright.schemas.formats.export_file import export_file
from callwright.schemas.store import Dataset


def as_config(
    dataset: Dataset,
    name: str,
    work: Path,
    files: dict[str, Content],
    tell: Callable[[str, int, int], None],
) -> Written:
    """Write every split in one format, and add the files to those that are published.

    Args:
        dataset: The rows.
        name: Of the format.
        work: A folder for what is written on the way.
        files: Path when published -> content; it grows.
        tell: Called with what, rows done and rows in all.

    Raises:
        UserError: There is no such format, or it takes a second file beside the rows.
    """
    form = FORMATS.get(name)
    fit = [key for key, known in FORMATS.items() if known.write and not known.second_beside]
    if form is None or name not in fit:
        raise UserError(f"no config can be made in format {name!r}; choose {', '.join(fit)}")
    rows: dict[str, list[dict[str, Any]]] = {}
    refused = 0
    for split in dataset.splits():
        path = work / f"{name}.jsonl"
        made = export_file(
            dataset, form, path, split=split, force=True, progress=partial(tell, name)
        )
        refused += made.refused.total()
        if made.written:
            rows[split] = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    types = _types([row for some in rows.values() for row in some])
    for split, some in rows.items():
        target = work / f"{name}-{split}.parquet"
        columns = {
            column: [_text(row.get(column), kind) for row in some] for column, kind in types.items()
        }
        table = pl.DataFrame(columns, schema=dict.fromkeys(types, pl.String))
        table.write_parquet(target, compression="zstd", compression_level=3)
        files[f"{FOLDER}/{name}/{split}.parquet"] = target
    return Written(types, list(rows), refused)


def _types(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Column -> its type: text where every row that has it has text."""
    types: dict[str, str] = {}
    for row in rows:
        for name, value in row.items():
            kind = "string" if isinstance(value, str) else "json"
            types[name] = kind if types.get(name, kind) == kind else "json"
    return types


def _text(value: Any, kind: str) -> str | None:
    return value if value is None or kind == "string" else dumps(value)
