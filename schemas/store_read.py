"""Reading a dataset: every part is checked against the manifest's digest before it is believed."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from callwright.schemas.canonical import digest
from callwright.schemas.errors import StoreError
from callwright.schemas.record import Conversation, Rejection
from callwright.schemas.store_manifest import NAME, Manifest, PartFile, read_manifest, refuse_links
from callwright.schemas.store_rows import REJECT_SCHEMA, SCHEMA, conversations, rejections


class Dataset:
    """A dataset on disk. Reads lazily; holds at most one part in memory while iterating."""

    def __init__(self, folder: str | Path, *, unfinished: bool = False) -> None:
        """Open `folder`.

        Args:
            folder: A folder that a `Writer` has written.
            unfinished: Also open one whose command has not finished.

        Raises:
            StoreError: The folder is no dataset, or an unfinished one.
        """
        self.folder = Path(folder)
        self.manifest: Manifest = read_manifest(self.folder)
        if not (self.manifest.finished or unfinished):
            raise StoreError(
                f"{self.folder} is unfinished; run its {self.manifest.command} again with --resume"
            )

    @property
    def digest(self) -> str:
        """Identifies the dataset with all its data; stands in the `parents` of what it becomes."""
        return digest(self.manifest.to_bytes())

    def __len__(self) -> int:
        return sum(part.rows for part in self.manifest.parts)

    def splits(self) -> list[str]:
        """Splits in the order they were first written."""
        return list(dict.fromkeys(part.split for part in self.manifest.parts))

    def parts(self, split: str | None = None) -> list[PartFile]:
        """Data parts in the order they were written, of one split or of all.

        Raises:
            StoreError: There is no such split.
        """
        if split is not None and split not in self.splits():
            known = ", ".join(self.splits()) or "none"
            raise StoreError(f"{self.folder} has no split {split!r}; it has: {known}")
        return [part for part in self.manifest.parts if split in (None, part.split)]

    def rows(self, split: str | None = None) -> Iterator[Conversation]:
        """Yield rows part by part.

        Raises:
            StoreError: A part is missing, corrupt or holds an invalid row.
        """
        for part in self.parts(split):
            yield from conversations(self._read(part, SCHEMA), str(self.folder / part.path))

    def frames(
        self, split: str | None = None, columns: Sequence[str] | None = None
    ) -> Iterator[pl.DataFrame]:
        """Yield one frame a part; nested fields are JSON text.

        Args:
            split: One split, or None for all.
            columns: Some of `COLUMNS`, or None for all.

        Raises:
            StoreError: A part is missing or corrupt.
        """
        for part in self.parts(split):
            yield self._read(part, SCHEMA, columns)

    def frame(self, split: str | None = None, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Give one frame of all parts; arguments and errors as in `frames`."""
        names = list(SCHEMA if columns is None else columns)
        empty = pl.DataFrame(schema={name: SCHEMA[name] for name in names})
        return pl.concat([empty, *self.frames(split, columns)])

    def row(self, row_id: str) -> Conversation:
        """Give the row with this id.

        Raises:
            StoreError: There is none, or a part is missing or corrupt.
        """
        for part in self.manifest.parts:
            frame = self._read(part, SCHEMA).filter(pl.col("id") == row_id)
            for row in conversations(frame, str(self.folder / part.path)):
                return row
        raise StoreError(f"{self.folder} has no row {row_id!r}")

    def rejects(self) -> Iterator[Rejection]:
        """Yield what was dropped, part by part.

        Raises:
            StoreError: A part is missing or corrupt.
        """
        for part in self.manifest.rejects:
            frame = self._read(part, REJECT_SCHEMA)
            yield from rejections(frame, str(self.folder / part.path))

    def _read(
        self,
        part: PartFile,
        schema: Mapping[str, type[pl.DataType]],
        columns: Sequence[str] | None = None,
    ) -> pl.DataFrame:
        path = refuse_links(self.folder, part.path)
        remedy = "restore the file or rebuild the dataset"
        try:
            # The bytes that are checked are the bytes that are parsed: a file swapped between
            # two reads goes nowhere.
            data = path.read_bytes()
        except FileNotFoundError:
            raise StoreError(f"part {path} is missing, though {NAME} lists it; {remedy}") from None
        except OSError as error:
            raise StoreError(f"cannot read part {path}: {error.strerror or error}") from None
        if digest(data) != part.digest:
            raise StoreError(f"part {path} is corrupt: its digest differs from {NAME}; {remedy}")
        try:
            # A digest is no proof of good faith: manifest and part may come from the same hand.
            frame = pl.read_parquet(
                io.BytesIO(data), columns=None if columns is None else list(columns)
            )
        except (pl.exceptions.PolarsError, OSError, ValueError) as error:
            line = " ".join(str(error).split())
            raise StoreError(f"part {path} cannot be read as parquet: {line}; {remedy}") from None
        wanted = {name: schema[name] for name in (schema if columns is None else columns)}
        if dict(frame.schema) != wanted or frame.height != part.rows:
            raise StoreError(f"part {path} does not hold the columns and rows of a part; {remedy}")
        return frame


def open_dataset(folder: str | Path, *, unfinished: bool = False) -> Dataset:
    """Open the dataset in `folder`; arguments and errors as in `Dataset`."""
    return Dataset(folder, unfinished=unfinished)
