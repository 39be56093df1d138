"""`pull`: a published dataset as a folder again, every part checked against its digest.

What is pulled may be anybody's. Its manifest names files and nothing else: only paths that
callwright itself would have written are read, no more bytes of a file than were announced, and no
more than the disk has room for. Nothing in it is imported or started, now or later.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path

from callwright.curation.publish_hub import Interrupted, hub_source
from callwright.curation.publish_layout import is_wanted, parts_of
from callwright.curation.publish_place import Folder, Place, url_folder
from callwright.schemas.errors import StoreError, UserError
from callwright.schemas.store import Manifest
from callwright.schemas.store_manifest import NAME, PartFile, parse_manifest
from callwright.schemas.visible import one_line

ATTEMPTS = 3
"""How often a file is asked for; the Hub's client has its own attempts below these."""

LARGEST_PART = 2 * 2**30
"""Bytes of the largest part that is taken, packed and unpacked: it is read whole."""

MOST_ROWS = 1_000_000
"""Rows of one part; ours hold 500. One value, repeated, takes next to nothing while packed."""


def pull(
    place: Place, output: Path, tell: Callable[[str, int, int], None] = lambda *_: None
) -> Manifest:
    """Bring a dataset here, wholly or not at all; gives its manifest.

    Args:
        place: Where it was published.
        output: A folder that is not there yet, or empty.
        tell: Called with what, files done and files in all.

    Raises:
        UserError: It cannot be read, or is not what it says it is.
        StoreError: Its manifest is malformed, or `output` holds something or cannot be written.
    """
    if output.is_symlink() or (output.exists() and not _is_empty(output)):
        raise StoreError(f"{output} already holds something; name another folder")
    source = hub_source(place) if place.repo is not None else url_folder(place)
    sizes = source.sizes
    if NAME not in sizes:
        raise UserError(
            f"{place} holds no callwright dataset: it has no {NAME}"
            + ("" if sizes else "; in fact it holds nothing")
        )
    text = source.read(NAME, sizes)
    manifest = parse_manifest(text, f"{NAME} of {place}")
    if not manifest.finished:
        raise UserError(f"{place} is unfinished; publish it again")
    files = _files(sizes, manifest, str(place))
    with _beside(output) as folder:
        _refuse_too_much(sum(files.values()), folder, str(place))
        parts = {part.path: part for part in parts_of(manifest)}
        for done, (path, size) in enumerate(sorted(files.items())):
            tell("pulling", done, len(files))
            _fetch(source, path, size, folder / path, parts.get(path))
        (folder / NAME).write_bytes(text)
        tell("pulling", len(files), len(files))
    return manifest


def _files(sizes: dict[str, int], manifest: Manifest, name: str) -> dict[str, int]:
    """Path -> bytes of what is taken."""
    for part in parts_of(manifest):
        if part.path not in sizes:
            raise UserError(
                f"{name} is incomplete: {part.path} is missing, though its {NAME} lists it; "
                "publish it again"
            )
        if sizes[part.path] > LARGEST_PART:
            raise UserError(
                f"{name}: {part.path} has {sizes[part.path]:,} bytes, more than the "
                f"{LARGEST_PART:,} that a part may have"
            )
    return {path: size for path, size in sizes.items() if is_wanted(path, manifest)}


def _fetch(source: Folder, path: str, size: int, target: Path, part: PartFile | None) -> None:
    """Write one file; a part must be what the manifest says of it."""
    for attempt in range(ATTEMPTS):
        try:
            found, taken = _copy(source, path, size, target)
            break
        except Interrupted as problem:
            if attempt == ATTEMPTS - 1:
                raise UserError(f"{problem}; tried {ATTEMPTS} times: pull again later") from None
    if taken < size:
        raise UserError(f"{source.name}: {path} ended after {taken:,} of {size:,} bytes; try again")
    if part is None:
        return
    if found != part.digest:
        raise UserError(
            f"{source.name}: {path} is not what {NAME} says it is (its digest differs); "
            "it was changed or damaged after it was published"
        )
    _refuse_swelling(target, part, f"{source.name}: {path}")


def _refuse_swelling(path: Path, part: PartFile, name: str) -> None:
    """Refuse a part that would fill the memory when it is read; its own last lines tell."""
    from pyarrow import ArrowException, parquet

    try:
        about = parquet.read_metadata(path)
        unpacked = sum(about.row_group(n).total_byte_size for n in range(about.num_row_groups))
    except (ArrowException, OSError, ValueError) as error:
        raise UserError(f"{name} is no parquet file: {one_line(str(error))}") from None
    if about.num_rows != part.rows:
        raise UserError(f"{name} holds {about.num_rows:,} rows, {NAME} says {part.rows:,}")
    if unpacked > LARGEST_PART or part.rows > MOST_ROWS:
        raise UserError(
            f"{name} unpacks to {unpacked:,} bytes in {part.rows:,} rows, more than the "
            f"{LARGEST_PART:,} and {MOST_ROWS:,} that a part may have"
        )


def _copy(source: Folder, path: str, size: int, target: Path) -> tuple[str, int]:
    """Give digest and bytes of what was written."""
    found, taken = blake2b(digest_size=16), 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            for chunk in source.chunks(path, size):
                found.update(chunk)
                taken += len(chunk)
                file.write(chunk)
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror or error}") from None
    return found.hexdigest(), taken


@contextlib.contextmanager
def _beside(output: Path) -> Iterator[Path]:
    """A folder that becomes `output` if all goes well, and else leaves nothing."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=output.parent))
    except OSError as error:
        raise StoreError(f"cannot write {output}: {error.strerror or error}") from None
    try:
        yield folder
        umask = os.umask(0)
        os.umask(umask)
        folder.chmod(0o777 & ~umask)  # mkdtemp makes a private one
        folder.replace(output)
    except OSError as error:
        raise StoreError(f"cannot write {output}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _refuse_too_much(size: int, folder: Path, name: str) -> None:
    free = shutil.disk_usage(folder).free
    if size > free:
        raise UserError(f"{name} has {size:,} bytes, here are {free:,} free; make room first")


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())
