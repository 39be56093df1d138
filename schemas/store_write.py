"""Writing a dataset so that a kill at any moment leaves it resumable and never half counted."""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from callwright.schemas.canonical import digest
from callwright.schemas.errors import StoreError
from callwright.schemas.record import Conversation, Rejection
from callwright.schemas.store_manifest import (
    NAME,
    SPLIT,
    Counts,
    Manifest,
    PartFile,
    read_manifest,
    refuse_links,
)
from callwright.schemas.store_rows import Flat, column, data_bytes, reject_bytes

_TEMPORARY = ".tmp"
_OURS = re.compile(r"part-[0-9]{5,}\.parquet(\.tmp)?")
_MANIFEST_TMP = NAME + _TEMPORARY
_TOLD = ("report.html", "split.json", "leakage.json", "decontamination.json", "defects.jsonl")
"""What commands write beside the data and tell of it: with the data it goes."""
_IDENTITY = ("command", "recipe", "seed", "versions", "parents")
"""What must be equal for a resumed command to be the one that was begun."""


class Writer:
    """Writes one dataset, part by part.

    Each `write_part` is all or nothing: rejects, then data, then the manifest that makes both
    count. Part boundaries are the caller's; fixed ones make a resumed dataset byte-identical.
    """

    def __init__(
        self,
        folder: str | Path,
        manifest: Manifest,
        *,
        resume: bool = False,
        force: bool = False,
    ) -> None:
        """Open `folder` for writing; afterwards its manifest is on disk, unfinished.

        Args:
            folder: Made if missing.
            manifest: What is about to be made: command, recipe, seed, versions, builds, parents.
                Counts, parts and progress are the writer's and start empty.
            resume: Go on with an unfinished dataset; a missing or empty folder is begun.
            force: Replace a dataset that is already there. Only what a dataset consists of is
                deleted, and nothing in a folder that is not a dataset.

        Raises:
            StoreError: The folder holds something else, or cannot be written.
        """
        if resume and force:
            raise StoreError("--resume keeps what is there and --force replaces it: choose one")
        self.folder = Path(folder)
        blank = {"counts": Counts(), "parts": [], "rejects": [], "finished": False, "progress": {}}
        # As it will be read back: a recipe's tuples and dates must not look like another recipe.
        text = manifest.model_copy(update=blank).to_bytes()
        fresh = Manifest.model_validate_json(text)
        with _writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            names = {path.name for path in self.folder.iterdir()} - {_MANIFEST_TMP}
        # A first manifest that was never completed leaves only its temporary file: no dataset.
        found = self._admit(resume=resume, force=force) if names else None
        if found is not None and resume:
            self._refuse_another(found, fresh)
            fresh = found
        self._manifest = fresh
        self._text = b""
        self._commit(fresh)
        # Only after the manifest disowned them: whenever this is cut short, it can be repeated.
        self._delete_strays(report=found is not None and force)

    @property
    def manifest(self) -> Manifest:
        """The manifest as it stands on disk."""
        return self._manifest

    def write_part(
        self,
        rows: Sequence[Conversation | Flat],
        rejects: Sequence[Rejection] = (),
        *,
        split: str = "all",
        progress: Mapping[str, Any] | None = None,
    ) -> None:
        """Write rows and rejects as one step that counts wholly or not at all.

        Args:
            rows: Rows of one split, flat or not; no file is made for none.
            rejects: What was dropped while these rows were made.
            split: Folder under `data/`; every row must say the same.
            progress: Replaces the manifest's `progress`; None keeps it.

        Raises:
            StoreError: A file cannot be written or a row cannot be stored.
            ValueError: `split` is no folder name or a row has another split.
        """
        if not SPLIT.fullmatch(split):
            raise ValueError(f"split {split!r} is no folder name: use letters, digits and _")
        strangers = [column(row, "id") for row in rows if column(row, "split") != split]
        if strangers:
            raise ValueError(f"row {strangers[0]} is not of split {split!r}")
        old = self._manifest
        self._guard()
        update: dict[str, Any] = {"counts": _counted(old.counts, rows, rejects)}
        if rejects:
            path = f"rejects/part-{len(old.rejects):05d}.parquet"
            part = self._write(path, reject_bytes(rejects), len(rejects))
            update["rejects"] = [*old.rejects, part]
        if rows:
            number = sum(part.split == split for part in old.parts)
            path = f"data/{split}/part-{number:05d}.parquet"
            part = self._write(path, data_bytes(rows), len(rows))
            update["parts"] = [*old.parts, part]
        if progress is not None:
            update["progress"] = dict(progress)
        self._commit(old.model_copy(update=update))

    def discard(self) -> None:
        """Take back a dataset in which nothing has been written yet."""
        if not (self._manifest.parts or self._manifest.rejects):
            with contextlib.suppress(OSError):
                (self.folder / NAME).unlink()
                self.folder.rmdir()  # stays where it holds something of the user's

    def finish(self, *, builds: Mapping[str, Any] | None = None) -> Manifest:
        """Mark the dataset finished and forget the progress; give the final manifest.

        Args:
            builds: Replaces the manifest's `builds`; None keeps them.

        Raises:
            StoreError: The manifest cannot be written.
        """
        self._guard()
        update: dict[str, Any] = {"finished": True, "progress": {}}
        if builds is not None:
            update["builds"] = dict(builds)
        self._commit(self._manifest.model_copy(update=update))
        return self._manifest

    # ------------------------------------------------------------ opening

    def _admit(self, *, resume: bool, force: bool) -> Manifest | None:
        folder = self.folder
        try:
            found = read_manifest(folder)
        except StoreError as error:
            raise StoreError(
                f"{folder} is not empty and not a readable dataset ({error}); "
                "name another folder or empty it yourself"
            ) from None
        if force:
            return found
        if found.finished:
            remedy = "there is nothing to resume; " if resume else ""
            raise StoreError(
                f"{folder} already holds a finished dataset; {remedy}"
                "name another folder or replace it with --force"
            )
        if not resume:
            raise StoreError(
                f"{folder} holds an unfinished dataset; go on with --resume or replace it with "
                "--force"
            )
        return found

    def _refuse_another(self, found: Manifest, fresh: Manifest) -> None:
        for name in _IDENTITY:
            if getattr(found, name) != getattr(fresh, name):
                raise StoreError(
                    f"{self.folder} was begun with another {name}; resuming would mix two "
                    "datasets: name another folder or replace it with --force"
                )

    def _delete_strays(self, *, report: bool) -> None:
        known = {part.path for part in (*self._manifest.parts, *self._manifest.rejects)}
        doomed = [Path(_MANIFEST_TMP), *(map(Path, _TOLD) if report else [])]
        with _writing(self.folder):
            folders = [refuse_links(self.folder, "rejects")]
            data = refuse_links(self.folder, "data")
            if data.is_dir():
                folders += sorted(path for path in data.iterdir() if not path.is_symlink())
            for folder in folders:
                for path in folder.iterdir() if folder.is_dir() else ():
                    relative = path.relative_to(self.folder)
                    if _OURS.fullmatch(path.name) and relative.as_posix() not in known:
                        doomed.append(relative)
            for relative in doomed:
                (self.folder / relative).unlink(missing_ok=True)
            for folder in [*folders, data]:
                with contextlib.suppress(OSError):  # not empty: something of the user's
                    folder.rmdir()

    # ------------------------------------------------------------ writing

    def _guard(self) -> None:
        """Refuse to go on where another process has written the same dataset meanwhile."""
        if read_bytes(self.folder / NAME) != self._text:
            raise StoreError(
                f"another command is writing {self.folder}; let one of them end, then --resume"
            )

    def _write(self, path: str, data: bytes, rows: int) -> PartFile:
        target = refuse_links(self.folder, path)
        with _writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
        replace_file(target, data)
        return PartFile(path=path, rows=rows, digest=digest(data))

    def _commit(self, manifest: Manifest) -> None:
        text = manifest.to_bytes()
        replace_file(refuse_links(self.folder, NAME), text)
        self._manifest, self._text = manifest, text


def replace_file(target: Path, data: bytes) -> None:
    """Put `data` at `target` so that a kill leaves the old file or the new one, never a mixture.

    Raises:
        StoreError: It cannot be written; the old file, if any, still stands.
    """
    temporary = target.with_name(target.name + _TEMPORARY)
    with _writing(target):
        try:
            temporary.unlink(missing_ok=True)
            # "x": a link planted under the temporary name is never written through.
            with temporary.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
            _sync_folder(target.parent)
        except OSError:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise


def read_bytes(path: Path) -> bytes:
    """Read a file.

    Raises:
        StoreError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror or error}") from None


def _sync_folder(folder: Path) -> None:
    # Without this a power cut can lose the rename though the file's bytes were saved.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _writing(target: Path) -> Any:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            remedy = "free some space, then go on with --resume"
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            remedy = "name a folder you may write to"
        else:
            remedy = "name another folder"
        reason = error.strerror or str(error)
        raise StoreError(f"cannot write {target}: {reason}; {remedy}") from None


def _counted(
    old: Counts, rows: Sequence[Conversation | Flat], rejects: Sequence[Rejection]
) -> Counts:
    return Counts(
        kept=old.kept + len(rows),
        rejected=old.rejected + len(rejects),
        rejected_by_reason=_added(old.rejected_by_reason, (item.reason for item in rejects)),
        by_scenario=_added(old.by_scenario, (column(row, "scenario") for row in rows)),
        by_language=_added(old.by_language, (column(row, "language") for row in rows)),
    )


def _added(old: Mapping[str, int], words: Iterable[str]) -> dict[str, int]:
    return dict(sorted((Counter(old) + Counter(words)).items()))
