"""Where a dataset is published to or pulled from, and reading what stands there.

Everything is read through fsspec, the Hub too, so that one piece of code decides how much of a
stranger's file is taken in.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from callwright.curation.publish_layout import CARD, TOLD, Standing
from callwright.schemas.canonical import digest
from callwright.schemas.errors import UserError
from callwright.schemas.store_manifest import NAME, parse_manifest
from callwright.schemas.visible import one_line

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

SMALL = 64 * 2**20
"""Bytes of the largest file that is read into memory: a card, a manifest of 500,000 parts."""

CHUNK = 2**20

_HUB = re.compile(r"hf://(?:datasets/)?([\w.-]+/[\w.-]+?)(?:@([\w./-]+))?/?")
_URL = re.compile(r"[a-z][a-z0-9+]*://.*|[a-z][a-z0-9+]*::.*", re.DOTALL)


@dataclass(frozen=True)
class Place:
    """A dataset's repository on the Hub, or a folder behind a URL."""

    url: str
    repo: str | None = None
    """`org/name` on the Hub."""
    revision: str | None = None

    def __str__(self) -> str:
        return without_password(self.url)


def parse_place(text: str) -> Place:
    """Read where to or where from.

    Raises:
        UserError: It is no such place.
    """
    if text.startswith("hf://"):
        found = _HUB.fullmatch(text)
        if found is None:
            raise UserError(f"{text} is no dataset of the Hub: write hf://org/name")
        return Place(f"hf://{found[1]}", found[1], found[2])
    if not _URL.fullmatch(text):
        raise UserError(
            f"{text} is no URL: write hf://org/name, file://{os.path.abspath(text)}, "  # noqa: PTH100
            "or another that fsspec knows"
        )
    return Place(text.rstrip("/"))


def without_password(url: str) -> str:
    """The URL as it may be shown."""
    return re.sub(r"://[^/@]*:[^/@]*@", "://…@", one_line(url))


class Folder:
    """A folder on some file system."""

    def __init__(
        self,
        fs: AbstractFileSystem,
        root: str,
        name: str,
        *,
        version: str = "",
        plainly: Callable[[str], AbstractContextManager[object]] | None = None,
    ) -> None:
        """Name a folder.

        Args:
            fs: Where it is.
            root: Its path there.
            name: What messages call it.
            version: Names what it holds, where that is known and does not change.
            plainly: Says in one line what went wrong there; by default as for any file system.
        """
        self.fs, self.root, self.name, self.version = fs, root.rstrip("/"), name, version
        self._plainly = plainly or in_one_line

    @property
    def sizes(self) -> dict[str, int]:
        """Path below the folder -> bytes; empty where there is no such folder."""
        with self._plainly(self.name):
            self.fs.invalidate_cache()
            try:
                found = self.fs.find(self.root, detail=True)
            except FileNotFoundError:
                return {}
            start = len(self.fs._strip_protocol(self.root).rstrip("/")) + 1  # noqa: SLF001 - fsspec's own way
            return {path[start:]: int(about.get("size") or 0) for path, about in found.items()}

    def open(self, path: str) -> BinaryIO:
        """Open a file as a stream."""
        options: dict[str, Any] = {"block_size": 0} if "hf" in _protocols(self.fs) else {}
        stream: BinaryIO = self.fs.open(f"{self.root}/{path}", "rb", **options)
        return stream

    def chunks(self, path: str, most: int) -> Iterator[bytes]:
        """A file piece by piece, and no more of it than was announced.

        Raises:
            UserError: It cannot be read, or is larger than `most` bytes.
        """
        taken = 0
        with self._plainly(self.name), self.open(path) as stream:
            while chunk := stream.read(CHUNK):
                taken += len(chunk)
                if taken > most:
                    what = f"{self.name}: {one_line(path)}"
                    raise UserError(f"{what} holds more than the {most:,} bytes announced")
                yield chunk

    def read(self, path: str, sizes: dict[str, int]) -> bytes:
        """A small file whole; errors as in `chunks`."""
        if sizes[path] > SMALL:
            raise UserError(
                f"{self.name}: {one_line(path)} has {sizes[path]:,} bytes, where at most "
                f"{SMALL:,} make sense"
            )
        return b"".join(self.chunks(path, sizes[path]))

    def standing(self) -> Standing:
        """What stands in the folder.

        Raises:
            UserError: It cannot be read.
            StoreError: Its manifest is malformed.
        """
        sizes = self.sizes
        small = {name: self.read(name, sizes) for name in (NAME, *TOLD) if name in sizes}
        manifest = None
        if NAME in small:
            manifest = parse_manifest(small[NAME], f"{NAME} of {self.name}")
        card = None
        if CARD in sizes:
            card = self.read(CARD, sizes).decode(errors="replace")
        return Standing(sizes, card, manifest, small, self.version or digest(small.get(NAME, b"")))


def url_folder(place: Place) -> Folder:
    """The folder behind a URL.

    Raises:
        UserError: Nothing here speaks its protocol, or it cannot be reached.
    """
    import fsspec

    with in_one_line(str(place)):
        try:
            fs, root = fsspec.core.url_to_fs(place.url)
        except (ImportError, TypeError, ValueError) as error:  # TypeError: parts of it are missing
            raise UserError(f"{place}: {without_password(str(error))}") from None
    return Folder(fs, root, str(place))


@contextmanager
def in_one_line(name: str) -> Iterator[None]:
    """Say in one line what a file system could not do.

    Raises:
        UserError: That line.
    """
    try:
        yield
    except UserError:
        raise
    except Exception as error:  # noqa: BLE001 - each file system raises what its library does
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise UserError(f"{name}: {without_password(reason)}") from None


def _protocols(fs: AbstractFileSystem) -> tuple[str, ...]:
    return (fs.protocol,) if isinstance(fs.protocol, str) else tuple(fs.protocol)
