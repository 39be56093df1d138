"""What a dataset was made from, where that lies beside it."""

from __future__ import annotations

from pathlib import Path

from callwright.schemas.canonical import digest
from callwright.schemas.errors import StoreError
from callwright.schemas.store import Dataset, Manifest
from callwright.schemas.store_manifest import NAME, read_manifest

PARENTS = "parents"
"""Where a published dataset carries the manifests of what it was made from."""


def ancestors(dataset: Dataset) -> list[list[Manifest]]:
    """Manifests of the datasets that `dataset` was made from, the first generation first.

    A manifest names its parents by digest, not by place, so they are looked for among the folders
    beside the dataset and in its folder `parents`, which a pulled dataset has. A generation that is
    not all there ends the search.
    """
    found: list[list[Manifest]] = []
    wanted = dataset.manifest.parents
    known = _beside(dataset.folder) if wanted else {}
    while wanted and all(parent in known for parent in wanted):
        generation = [known.pop(parent) for parent in dict.fromkeys(wanted)]
        found.insert(0, generation)
        wanted = [parent for manifest in generation for parent in manifest.parents]
    return found


def _within(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:  # not there, or it may be entered and not listed
        return []


def _beside(folder: Path) -> dict[str, Manifest]:
    """Dataset digest -> manifest."""
    known = {}
    for path in [*_within(folder.resolve().parent), *_within(folder / PARENTS)]:
        if (path / NAME).is_file():
            try:
                manifest = read_manifest(path)
            except StoreError:  # somebody else's, or a broken one: not what is looked for
                continue
            known[digest(manifest.to_bytes())] = manifest
    return known
