"""Rows of the real packs to play, and the real tools to play them with."""

from __future__ import annotations

from pathlib import Path

import pytest

from callwright.curation.verify import certify
from callwright.generators.build import Job, build
from callwright.generators.execution import PackToolbox
from callwright.generators.recipe import BuildSection, ToolsSection
from callwright.schemas.record import Conversation
from callwright.schemas.store import open_dataset


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Conversation]:
    """150 rows of every scenario, built once."""
    folder: Path = tmp_path_factory.mktemp("build") / "out"
    weights = dict.fromkeys(("single", "parallel", "chain", "dag", "stateful", "irrelevant"), 1)
    section = BuildSection.model_validate({"count": 150, "scenarios": weights})
    build(Job(section, ToolsSection(), 5, certify), folder, {})
    return list(open_dataset(folder).rows())


@pytest.fixture(scope="session")
def toolbox() -> PackToolbox:
    return PackToolbox()
