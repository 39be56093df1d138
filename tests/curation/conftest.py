"""Puts `small_world` (packs and hand-made rows) within reach, of worker processes too."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # spawned workers inherit the parent's path

import small_world


@pytest.fixture(scope="session")
def toolbox():
    return small_world.toolbox()


@pytest.fixture(scope="session")
def rows():
    """Name -> certified row."""
    return small_world.rows()
