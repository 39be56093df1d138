"""Datasets on disk: one door to the modules that write and read them.

    DIR/data/<split or all>/part-00000.parquet    rows; nested fields as JSON text, then `text`
    DIR/rejects/part-00000.parquet                stage, reason, detail, row as JSON text
    DIR/manifest.json                             recipe, seed, versions, counts, part digests

A part that the manifest does not know does not exist, so what a killed or failed command leaves
behind never counts. No file holds a time: the same data gives the same bytes.
"""

from __future__ import annotations

from callwright.schemas.store_manifest import Counts, Manifest, PartFile
from callwright.schemas.store_read import Dataset, open_dataset
from callwright.schemas.store_rows import COLUMNS, Flat, flatten
from callwright.schemas.store_write import Writer

__all__ = [
    "COLUMNS",
    "Counts",
    "Dataset",
    "Flat",
    "Manifest",
    "PartFile",
    "Writer",
    "flatten",
    "open_dataset",
]
