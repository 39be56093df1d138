"""Puts `small_world` (packs and hand-made rows) within reach, of worker processes too."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # spawned workers inherit the parent's path

import small_world
from publishing import store

from callwright.schemas.charts import Picture


@pytest.fixture(scope="session")
def toolbox():
    return small_world.toolbox()


@pytest.fixture(scope="session")
def rows():
    """Name -> certified row."""
    return small_world.rows()


# ----------------------------------------------------------------- what is published


@pytest.fixture(scope="module")
def one_picture():
    """Drawing takes longer than all the rest, and test_card draws."""
    drawn = Picture("scenarios", "Scenarios", "rows", "", b"PNG")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("callwright.curation.publish._pictures", lambda *_: [drawn])
        yield


@pytest.fixture(scope="session")
def folder(tmp_path_factory, rows):
    splits = {
        "train": [rows["chain"], rows["stateful"], rows["single"]],
        "test": [rows["parallel"], rows["irrelevant"]],
    }
    return store(tmp_path_factory.mktemp("small") / "small", splits)


@pytest.fixture(scope="session")
def changed(tmp_path_factory, rows):
    splits = {"train": [rows["chain"], rows["stateful"]], "test": [rows["parallel"]]}
    return store(tmp_path_factory.mktemp("changed") / "changed", splits, seed=2)


@pytest.fixture
def repo(hub):
    return lambda: hub.repos["org/small"]
