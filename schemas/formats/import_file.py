"""A file of a format as a dataset, with every defect of every row listed in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from callwright.schemas.canonical import dumps
from callwright.schemas.errors import FormatError, UserError
from callwright.schemas.formats.defects import code_of
from callwright.schemas.formats.files import Progress
from callwright.schemas.formats.format import Format
from callwright.schemas.formats.imports import read_file
from callwright.schemas.record import Conversation, Rejection
from callwright.schemas.store import Manifest, Writer
from callwright.schemas.store_manifest import refuse_links

PART_ROWS = 500
"""Rows in a part, kept and rejected together."""

DEFECTS = "defects.jsonl"
"""What is wrong with which row: `{"row", "line", "id", "where", "what"}` a line."""

MOST_TOLD = 5
"""Defects of one kind that the summary holds; the file has all."""


@dataclass
class Import:
    """What came of it; in = kept + rejected."""

    manifest: Manifest
    defects: Counter[str] = field(default_factory=Counter)
    """Code -> defects, of rows that were kept."""
    rows: Counter[str] = field(default_factory=Counter)
    """Code -> rows that have it."""
    told: dict[str, list[str]] = field(default_factory=dict)
    """Code or reason -> the first defects or rejections, a line each."""


@dataclass(frozen=True)
class Source:
    """What is read, and what is known of it."""

    path: Path
    form: Format
    companion: Path | None = None
    licence: str | None = None
    name: str | None = None
    """Where the data comes from; the file's name if not given."""


def import_file(
    source: Source,
    folder: Path,
    manifest: Manifest,
    *,
    force: bool = False,
    progress: Progress = lambda *_: None,
) -> Import:
    """Read a file into a new dataset, some rows in memory at a time.

    Args:
        source: The file.
        folder: The dataset's.
        manifest: Blank: command, recipe and versions.
        force: Replace a dataset that is there.
        progress: Called with bytes read and bytes in all.

    Raises:
        FormatError: The file cannot be read as what it is said to be.
        StoreError: The folder cannot be written, or holds something.
    """
    _refuse_companion(source)
    writer = Writer(folder, manifest, force=force)
    made = Import(writer.manifest)
    kept: list[Conversation] = []
    rejected: list[Rejection] = []
    try:
        with refuse_links(folder, DEFECTS).open("w", encoding="utf-8", newline="\n") as file:
            for item in read_file(
                source.form,
                source.path,
                companion=source.companion,
                licence=source.licence,
                source=source.name,
                progress=progress,
            ):
                if isinstance(item, Conversation):
                    kept.append(item)
                    _report(made, item, file.write)
                else:
                    rejected.append(item)
                    line = {"rejected": item.reason, "what": item.detail}
                    _reported(made, file.write, item.reason, line)
                if len(kept) + len(rejected) >= PART_ROWS:
                    writer.write_part(kept, rejected)
                    kept, rejected = [], []
        if kept or rejected:
            writer.write_part(kept, rejected)
    except UserError:
        (folder / DEFECTS).unlink(missing_ok=True)
        writer.discard()
        raise
    made.manifest = writer.finish()
    return made


def _refuse_companion(source: Source) -> None:
    if source.companion is not None and source.form.load_second is None:
        raise FormatError(f"{source.form.name} has no second file: leave out --companion")


def _report(made: Import, row: Conversation, write: Callable[[str], Any]) -> None:
    origin = row.origin or {}
    codes = set()
    for found in origin["defects"]:
        codes.add(code_of(found))
        made.defects[code_of(found)] += 1
        about = {"row": origin["row"], "line": origin["line"], "id": row.id}
        _reported(made, write, code_of(found), {**about, **found})
    made.rows.update(codes)


def _reported(made: Import, write: Callable[[str], Any], code: str, line: dict[str, Any]) -> None:
    write(dumps(line) + "\n")
    told = made.told.setdefault(code, [])
    if len(told) < MOST_TOLD:
        place = (
            f"row {line['row']} (line {line['line']}) {line['where']}: " if "row" in line else ""
        )
        reason = f"rejected: {code}: " if "rejected" in line else ""
        told.append(place + reason + line["what"])
