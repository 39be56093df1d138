"""What a dataset was made from, where that lies beside it."""

from __future__ import annotations

from pathlib import Path

from callwright.schemas.canonical import digest
from callwright.schemas.errors import StoreError
from callwright.schemas.store import Dataset, Manifest
from callwright.schemas.store_manifest import NAME, read_manifest


def ancestors(dataset: Dataset) -> list[list[Manifest]]:
    """Manifests of the datasets that `dataset` was made from, the first generation first.

    A manifest names its parents by digest, not by place, so they are looked for among the folders
    beside the dataset. A generation that is not all there ends the search.
    """
    found: list[list[Manifest]] = []
    wanted = dataset.manifest.parents
    known = _beside(dataset.folder) if wanted else {}
    while wanted and all(parent in known for parent in wanted):
        generation = [known.pop(parent) for parent in dict.fromkeys(wanted)]
        found.insert(0, generation)
        wanted = [parent for manifest in generation for parent in manifest.parents]
    return found


def _beside(folder: Path) -> dict[str, Manifest]:
    """Dataset digest -> manifest."""
    known = {}
    try:
        folders = sorted(folder.resolve().parent.iterdir())
    except OSError:  # a folder that may be entered and not listed
        return {}
    for path in folders:
        if (path / NAME).is_file():
            try:
                manifest = read_manifest(path)
            except StoreError:  # somebody else's, or a broken one: not what is looked for
                continue
            known[digest(manifest.to_bytes())] = manifest
    return known
