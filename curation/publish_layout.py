"""What a published dataset consists of: the dataset's own files, as they are, and a card.

    README.md                         the card; its metadata says how `load_dataset` reads the parts
    manifest.json                     as on disk: what there is, with a digest of every part
    data/<split>/part-00000.parquet   as on disk
    rejects/part-00000.parquet        as on disk
    split.json leakage.json …         what commands told of the data
    parents/<digest>/manifest.json    of what it was made from, as far as known: recipes and counts
    card/<chart>.png                  the card's pictures
    formats/<format>/<split>.parquet  the same rows in another format, on request

Because the parts are the dataset's own, a pulled copy is the dataset, byte for byte, and to publish
again costs only what has changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from callwright.curation.report_lineage import PARENTS, ancestors
from callwright.schemas.canonical import digest
from callwright.schemas.errors import StoreError, UserError
from callwright.schemas.store import Dataset
from callwright.schemas.store_manifest import NAME, Manifest, PartFile, parse_manifest, refuse_links
from callwright.schemas.store_write import read_bytes

CARD = "README.md"
TOLD = ("split.json", "leakage.json", "decontamination.json")
"""What commands write beside the data about it."""
FORMATS = "formats"
COMING = ".coming"
"""What the name of a file ends in that is still being uploaded."""

_PART = r"(?:data/[A-Za-z0-9_.]+|rejects)/part-[0-9]{5,}\.parquet"
_OURS = re.compile(
    rf"{_PART}|{PARENTS}/[0-9a-f]{{32}}/{NAME}|card/[a-z0-9_]+\.png"
    rf"|{FORMATS}/[a-z0-9_]+/[A-Za-z0-9_.]+\.parquet|{'|'.join(map(re.escape, TOLD))}"
)
_CHARTS = re.compile(r"card/[a-z0-9_]+\.png")
_PARENT = re.compile(rf"{PARENTS}/[0-9a-f]{{32}}/{NAME}")

Content = bytes | Path
"""What a file holds, or the file on this machine that holds it."""


@dataclass(frozen=True)
class Changes:
    """What must happen at a target so that it holds the dataset."""

    write: Mapping[str, Content]
    delete: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """What stands at a target now."""

    sizes: Mapping[str, int]
    """Path -> bytes."""
    card: str | None = None
    manifest: Manifest | None = None
    small: Mapping[str, bytes] | None = None
    """Files that are compared by what they hold: `manifest.json` and what stands in `TOLD`."""
    version: str = ""
    """Names this state, where the target knows versions."""


def dataset_files(dataset: Dataset) -> dict[str, Content]:
    """The dataset's files, by their path when published; the manifest comes last.

    Raises:
        StoreError: A file is a link, is missing or cannot be read.
    """
    folder, manifest = dataset.folder, dataset.manifest
    files: dict[str, Content] = {}
    for part in parts_of(manifest):
        path = files[part.path] = refuse_links(folder, part.path)
        if not path.is_file():
            raise StoreError(f"part {path} is missing, though {NAME} lists it; rebuild the dataset")
    for name in TOLD:
        path = refuse_links(folder, name)
        if path.is_file():
            files[name] = read_bytes(path)
    for parent in chain.from_iterable(ancestors(dataset)):
        text = parent.to_bytes()
        files[f"{PARENTS}/{digest(text)}/{NAME}"] = text
    files[NAME] = manifest.to_bytes()
    return files


def parts_of(manifest: Manifest) -> list[PartFile]:
    """Every part, of data and of rejects."""
    return [*manifest.parts, *manifest.rejects]


def changes(files: Mapping[str, Content], card: str, at: Standing) -> Changes:
    """Compare what shall stand at a target with what does.

    A part is the same if the manifest there gives it the same digest and the file is there. Charts
    alone are no change: another machine draws the same numbers with other pixels.
    """
    told = {} if at.manifest is None else {p.path: p.digest for p in parts_of(at.manifest)}
    wanted = {p.path: p.digest for p in parts_of(_manifest(files))}
    small = at.small or {}

    def same(path: str, content: Content) -> bool:
        if path in wanted:
            return told.get(path) == wanted[path] and at.sizes.get(path) == size_of(content)
        if path in small:
            return small[path] == content
        if path.startswith(f"{FORMATS}/"):  # made from the rows, by nothing else
            return small.get(NAME) == files[NAME] and at.sizes.get(path) == size_of(content)
        return path in at.sizes and (is_chart(path) or bool(_PARENT.fullmatch(path)))

    write = {path: content for path, content in files.items() if not same(path, content)}
    if card != at.card:
        write[CARD] = card.encode()
    delete = tuple(sorted(path for path in at.sizes if is_ours(path) and path not in files))
    if write or delete:
        write |= {path: content for path, content in files.items() if is_chart(path)}
    return Changes(write, delete)


def size_of(content: Content) -> int:
    """Bytes of a file."""
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def is_chart(path: str) -> bool:
    """Whether a path is one of the card's pictures."""
    return bool(_CHARTS.fullmatch(path))


def is_ours(path: str) -> bool:
    """Whether a path is one that callwright publishes, or leaves where it is interrupted."""
    bare = path.removesuffix(COMING)
    return bool(_OURS.fullmatch(bare)) or (path != bare and bare in (CARD, NAME))


def is_wanted(path: str, manifest: Manifest) -> bool:
    """Whether a pulled dataset has a use for this file of a stranger's.

    Parts must be in the manifest, whose paths are checked; all else has one of a few names.
    """
    if path in {part.path for part in parts_of(manifest)}:
        return True
    return path in (CARD, *TOLD) or is_chart(path) or bool(_PARENT.fullmatch(path))


def refuse_strangers(at: Standing, name: str) -> None:
    """Refuse a target that holds something else.

    Raises:
        UserError: It holds files and no callwright dataset.
    """
    # Files of ours without a manifest are an upload that was interrupted.
    found = [path for path in at.sizes if not (path in (CARD, ".gitattributes") or is_ours(path))]
    if at.manifest is None and found:
        raise UserError(
            f"{name} holds something else ({found[0]}); name another place or empty this one"
        )


def _manifest(files: Mapping[str, Content]) -> Manifest:
    text = files[NAME]
    assert isinstance(text, bytes), "a manifest is held as text"
    return parse_manifest(text, NAME)
