"""The rows in other formats, as further configs of the published dataset.

`load_dataset` reads all configs of a repository with one reader, so these are parquet too: a
column holds text, or JSON text that the card declares to be `Json()`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from callwright.curation.card_facts import Written
from callwright.curation.publish_layout import FORMATS as FOLDER
from callwright.curation.publish_layout import Content
from callwright.schemas.errors import UserError
from callwright.schemas.formats import FORMATS
from callwright.schemas.formats.export_file import export_file
from callwright.schemas.formats.tables import SUFFIX, column_types, write_table
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
    written: dict[str, Path] = {}
    refused = 0
    for split in dataset.splits():
        path = work / f"{name}-{split}.jsonl"
        made = export_file(
            dataset, form, path, split=split, force=True, progress=partial(tell, name)
        )
        refused += made.refused.total()
        if made.written:
            written[split] = path
    types = column_types(written.values())
    for split, path in written.items():
        target = path.with_suffix(SUFFIX)
        write_table(path, target, types)
        files[f"{FOLDER}/{name}/{split}.parquet"] = target
    return Written(types, list(written), refused)
