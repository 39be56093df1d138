"""The card's metadata: what the Hub shows and searches, and how `load_dataset` reads the parts.

The parts hold nested fields as JSON text. Told here to be `Json()`, they are read as lists and
objects, each with the keys it has and no others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import yaml

from callwright.curation.card_facts import Written
from callwright.curation.publish_layout import FORMATS
from callwright.schemas.errors import UserError
from callwright.schemas.store_rows import COLUMNS, NESTED, SCHEMA

DEFAULT, EVERYTHING = "default", "everything"
READERS_COLUMNS = ("messages", "tools", "id", "scenario", "language", "promises")
"""What training and a look at the rows take; `everything` has what proves them too."""

BUILT = "cc-by-4.0"
"""Licence of rows that the built-in packs made: the strictest of what their data stands under."""

_SIZES = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"))
_GENERATED = (
    "language", "size_categories", "task_categories", "annotations_creators", "language_creators",
    "source_datasets", "license_name", "configs", "dataset_info",
)  # fmt: skip
"""Keys that are always written anew; any other that stands in a card stays."""

_TAGS = ("tool-calling", "function-calling", "agents", "synthetic", "callwright")


def split_name(split: str, splits: Sequence[str]) -> str:
    """What a split is called when loaded; `all` means all splits together to `load_dataset`."""
    if split != "all":
        return split
    return "train" if "train" not in splits else "unsplit"


def licence_of(origins: Mapping[tuple[str, str], int], rows: int, chosen: str | None) -> str:
    """The one licence of all rows, or `other` where there are several."""
    if chosen is not None:
        return chosen.lower()
    found = {licence.lower() for _, licence in origins}
    if sum(origins.values()) < rows:
        found.add(BUILT)
    return found.pop() if len(found) == 1 else "other"


def metadata(
    *,
    name: str,
    licence: str,
    languages: Sequence[str],
    rows: Mapping[str, int],
    sizes: Mapping[str, Mapping[str, int]],
    download: int,
    built: bool,
    imported: bool,
    formats: Mapping[str, Written],
    kept: Mapping[str, Any],
) -> str:
    """The block of YAML between the two lines of dashes.

    Args:
        name: For people.
        licence: Of all rows.
        languages: Codes.
        rows: Split -> rows.
        sizes: Split -> column -> bytes in memory.
        download: Bytes of the data parts.
        built: Some rows were made by callwright.
        imported: Some rows were imported.
        formats: The further configs.
        kept: Metadata of the card that stands there.
    """
    total = sum(rows.values())
    tags = [*_TAGS, *(tag for tag in _list(kept.get("tags")) if tag not in _TAGS)]
    table: dict[str, Any] = {
        "pretty_name": kept.get("pretty_name") or name,
        "license": licence,
        **({"license_name": "several-see-card"} if licence == "other" else {}),
        "language": list(languages),
        "size_categories": [next((word for most, word in _SIZES if total < most), "n>1M")],
        "task_categories": ["text-generation"],
        "annotations_creators": ["machine-generated"],
        "language_creators": ["machine-generated"] + (["found"] if imported else []),
        "source_datasets": (["original"] if built else []) + (["extended"] if imported else []),
        "tags": tags,
        "configs": [_config(DEFAULT, rows), _config(EVERYTHING, rows)],
        "dataset_info": [
            _info(DEFAULT, READERS_COLUMNS, rows, sizes, download),
            _info(EVERYTHING, COLUMNS, rows, sizes, download),
        ],
    }
    for form, written in formats.items():
        table["configs"].append(_format_config(form, written.splits, list(rows)))
        features = [{"name": name, "dtype": kind} for name, kind in written.types.items()]
        table["dataset_info"].append({"config_name": form, "features": features})
    own = {key: value for key, value in kept.items() if key not in {*table, *_GENERATED}}
    return str(yaml.safe_dump(table | own, sort_keys=False, allow_unicode=True, width=100))


def kept_metadata(card: str | None) -> tuple[dict[str, Any], str]:
    """Take a card apart: its metadata, and the text below it.

    Raises:
        UserError: The metadata is no YAML mapping.
    """
    if card is None:
        return {}, ""
    card = card.replace("\r\n", "\n").removeprefix("\ufeff")
    if not card.startswith("---\n"):
        return {}, card
    block, found, text = card[4:].partition("\n---\n")
    try:
        kept = yaml.safe_load(block) if found else None
    except (yaml.YAMLError, ValueError, RecursionError):
        kept = None
    if kept is None and not block.strip():
        return {}, text
    if not isinstance(kept, dict):
        raise UserError("the metadata of the card that stands there cannot be read; mend its YAML")
    return {str(key): value for key, value in kept.items()}, text


# ---------------------------------------------------------------------------- pieces


def _config(name: str, rows: Mapping[str, int]) -> dict[str, Any]:
    files = [
        {"split": split_name(split, list(rows)), "path": f"data/{split}/*.parquet"}
        for split in rows
    ]
    config: dict[str, Any] = {"config_name": name, "data_files": files}
    if name == DEFAULT:
        config |= {"default": True, "columns": list(READERS_COLUMNS)}
    return config


def _info(
    name: str,
    columns: Sequence[str],
    rows: Mapping[str, int],
    sizes: Mapping[str, Mapping[str, int]],
    download: int,
) -> dict[str, Any]:
    splits = [
        {
            "name": split_name(split, list(rows)),
            "num_bytes": sum(sizes[split][column] for column in columns),
            "num_examples": count,
        }
        for split, count in rows.items()
    ]
    return {
        "config_name": name,
        "features": [{"name": column, "dtype": _type(column)} for column in columns],
        "splits": splits,
        "download_size": download,
        "dataset_size": sum(split["num_bytes"] for split in splits),
    }


def _type(column: str) -> str:
    if column in NESTED:
        return "json"
    return "int64" if SCHEMA[column] == pl.Int64 else "string"


def _format_config(form: str, written: Sequence[str], splits: Sequence[str]) -> dict[str, Any]:
    files = [
        {"split": split_name(split, splits), "path": f"{FORMATS}/{form}/{split}.parquet"}
        for split in written
    ]
    return {"config_name": form, "data_files": files}


def _list(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
