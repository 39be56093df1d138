"""Lines of JSON that a long run adds to as it goes, and that outlive its being killed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Generic, Self, TypeVar

from pydantic import ValidationError

from callwright.schemas.errors import StoreError
from callwright.schemas.store_write import replace_file
from callwright.training.records import Made

Kind = TypeVar("Kind", bound=Made)


class Journal(Generic[Kind]):
    """One file of records.

    Opening it drops what is to be done again: a last line that was cut off in the writing, and
    records that failed for a passing reason. What the model itself failed at stays as it is.

    Raises:
        StoreError: a whole line is no such record, or the file cannot be opened.
    """

    def __init__(self, path: Path, kind: type[Kind]) -> None:
        self.path = path
        try:
            whole = _whole(path)
            read = _records(path, whole, kind)
            self.records: list[Kind] = [one for one in read if not one.passing]
            """Everything that is in the file."""
            if len(self.records) < len(read):
                lines = zip(whole.splitlines(keepends=True), read, strict=True)
                whole = b"".join(line for line, one in lines if not one.passing)
                replace_file(path, whole)
            self._file = path.open("r+b" if path.exists() else "w+b")
            self._file.truncate(len(whole))
            self._file.seek(len(whole))
        except OSError as error:
            raise StoreError(f"cannot use {path}: {error.strerror or error}") from None

    def add(self, records: Iterable[Kind]) -> None:
        """Write records for good."""
        new = list(records)
        try:
            self._file.write(b"".join(one.model_dump_json().encode() + b"\n" for one in new))
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise StoreError(f"cannot write {self.path}: {error.strerror or error}") from None
        self.records += new

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def read_records(path: Path, kind: type[Kind]) -> list[Kind]:
    """What is in a journal, which is left as it is: it may still be written to.

    Raises:
        StoreError: as for `Journal`.
    """
    try:
        return _records(path, _whole(path), kind)
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror or error}") from None


def _whole(path: Path) -> bytes:
    """The lines that were written to their end."""
    data = path.read_bytes() if path.exists() else b""
    return data[: data.rfind(b"\n") + 1]


def _records(path: Path, whole: bytes, kind: type[Kind]) -> list[Kind]:
    lines = enumerate(whole.splitlines(), 1)
    return [_read(line, kind, f"{path}:{number}") for number, line in lines]


def _read(line: bytes, kind: type[Kind], where: str) -> Kind:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise StoreError(f"{where} is no {kind.__name__}: {first['msg']}; start anew") from None
