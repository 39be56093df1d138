"""Small builds over the real packs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from callwright.curation.verify import certify
from callwright.generators.build import Job, build
from callwright.generators.recipe import BuildSection, ToolsSection
from callwright.schemas.record import Conversation
from callwright.schemas.store import open_dataset


def job(count: int, seed: int = 3, **section: Any) -> Job:
    """A build of `count` rows over all packs."""
    return Job(BuildSection(count=count, **section), ToolsSection(), seed, certify)


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Conversation]:
    """200 rows of the default mix, built once."""
    folder: Path = tmp_path_factory.mktemp("build") / "out"
    build(job(200), folder, {})
    return list(open_dataset(folder).rows())
