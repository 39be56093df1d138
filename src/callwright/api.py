"""What the command line composes, for use from Python."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from callwright.curation.verify_dataset import VerifyReport, verify_dataset
from callwright.generators.execution import PackToolbox
from callwright.generators.packs import PACK_NAMES
from callwright.schemas.store import open_dataset


def verify(folder: str | Path, *, workers: int = 1) -> VerifyReport:
    """Prove every row of a dataset anew, gate by gate, with the built-in tools.

    Args:
        folder: a dataset.
        workers: processes; more than one needs a `__main__` guard in the calling script.

    Raises:
        StoreError: the folder is no dataset, or a part of it is corrupt.
    """
    return verify_dataset(Path(folder), partial(PackToolbox, packs_of(folder)), workers=workers)


def packs_of(folder: str | Path) -> tuple[str, ...]:
    """The built-in packs that a dataset's builds name; any other name counts for nothing."""
    return packs_named(open_dataset(folder).manifest.builds)


def packs_named(builds: Mapping[str, Any]) -> tuple[str, ...]:
    """The built-in packs that `builds` of a manifest name; all of them where it names none."""
    named: set[str] = set()
    for build in builds.values():
        tools = build.get("tools") if isinstance(build, dict) else None
        packs = tools.get("packs") if isinstance(tools, dict) else None
        named.update(map(str, packs if isinstance(packs, list) else ()))
    return tuple(name for name in PACK_NAMES if name in named) or PACK_NAMES
