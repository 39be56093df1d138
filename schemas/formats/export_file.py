"""A split of a dataset as one file of a format, with what could not be written beside it."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from callwright.schemas.canonical import dumps
from callwright.schemas.errors import StoreError
from callwright.schemas.formats.exports import Exporter
from callwright.schemas.formats.format import Format
from callwright.schemas.formats.tables import SUFFIX, column_types, write_table
from callwright.schemas.store import Dataset

TRAIN = "train"


@dataclass
class Export:
    """What came of it; in = written + refused."""

    split: str
    written: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """Reason -> rows."""
    first: dict[str, str] = field(default_factory=dict)
    """Reason -> detail of the first row that has it."""
    files: list[Path] = field(default_factory=list)
    """What was written, the file itself first."""


def rejects_beside(path: Path) -> Path:
    """Where the refused rows are listed."""
    return path.with_name(f"{path.name}.rejects.jsonl")


def split_of(dataset: Dataset, wanted: str | None) -> str:
    """The split to write: the one that is asked for, else `train`, else the only one.

    Raises:
        StoreError: There is no such split, or none was named and there are several.
    """
    splits = dataset.splits()
    if wanted is not None:
        dataset.parts(wanted)  # refuses one that is not there
        return wanted
    if TRAIN in splits or len(splits) == 1:
        return TRAIN if TRAIN in splits else splits[0]
    if not splits:
        raise StoreError(f"{dataset.folder} has no rows")
    raise StoreError(f"{dataset.folder} has the splits {', '.join(splits)}: name one with --split")


def export_file(
    dataset: Dataset,
    form: Format,
    path: Path,
    *,
    split: str | None = None,
    force: bool = False,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Export:
    """Write the rows of one split, a part in memory at a time.

    Args:
        dataset: A dataset.
        form: A format that can be written.
        path: JSONL; a JSON list where its name ends in `.json`, parquet in `.parquet`.
        split: See `split_of`.
        force: Replace a file that is there.
        progress: Called with rows done and rows in all.

    Raises:
        StoreError: `split_of`; the file is there, or cannot be written; a part is corrupt.
        UserError: The format can only be imported.
    """
    exporter = Exporter(form)
    made = Export(split_of(dataset, split))
    beside = form.second_beside(path) if form.second_beside else None
    targets = [file for file in (path, beside, rejects_beside(path)) if file is not None]
    there = next((file for file in targets[:-1] if file.exists()), None)
    if there is not None and not force:
        raise StoreError(f"{there} is there already; name another file or replace it with --force")
    total = sum(part.rows for part in dataset.parts(made.split))
    is_table = path.suffix == SUFFIX
    lines = path.with_name(f"{path.name}.jsonl.tmp") if is_table else path
    with _lines(lines) as rows, _lines(rejects_beside(path)) as rejects:
        for done, row in enumerate(exporter.rows(dataset.rows(made.split)), 1):
            if row.refused is None:
                rows(row.text)
                made.written += 1
            else:
                reason, detail = row.refused.reason, row.refused.detail
                rejects(dumps({"id": row.id, "reason": reason, "detail": _sayable(detail)}))
                made.refused[reason] += 1
                made.first.setdefault(reason, f"{row.id}: {detail}")
            progress(done, total)
    if is_table:
        _as_table(lines, path)
    made.files = [path] if made.written else []
    if beside is not None and made.written:
        with _lines(beside) as entries:
            for name in sorted(exporter.second):
                entries(dumps(exporter.second[name]))
        made.files.append(beside)
    return made


def _as_table(lines: Path, path: Path) -> None:
    """Turn the lines, if there are any, into a table that appears whole."""
    if not lines.exists():
        path.unlink(missing_ok=True)  # of an earlier export: it would pass for this one's
        return
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        write_table(lines, temporary, column_types([lines]))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
        lines.unlink()


def _sayable(detail: str) -> str:
    return detail.encode(errors="replace").decode()


@contextlib.contextmanager
def _lines(path: Path) -> Iterator[Callable[[str], Any]]:
    """Take lines; the file appears, whole, at the end, and only where there are any."""
    temporary = path.with_name(f"{path.name}.tmp")
    many = path.suffix == ".json"
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            put = _Lines(file, many)
            yield put.line
            if many:
                file.write("\n]\n" if put.count else "[]\n")
        if put.count:
            temporary.replace(path)
        else:
            temporary.unlink()
            path.unlink(missing_ok=True)  # of an earlier export: it would pass for this one's
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


class _Lines:
    """JSONL, or a JSON list with an item a line."""

    def __init__(self, file: IO[str], many: bool) -> None:
        self.file, self.many, self.count = file, many, 0

    def line(self, text: str) -> None:
        before = (",\n" if self.count else "[\n") if self.many else ""
        self.file.write(before + text + ("" if self.many else "\n"))
        self.count += 1
