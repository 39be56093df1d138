"""What `pyproject.toml` says is installed is what lies on disk."""

import os
import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("curation", "generators", "schemas", "training")
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]


def folders() -> dict[str, Path]:
    """Package name -> folder, for every folder that holds Python modules of ours."""
    found = {}
    for name, place in SETUPTOOLS["package-dir"].items():
        # os.walk does not follow links: each folder is met once, where it really is.
        for path, _, files in os.walk(ROOT / place):
            if any(file.endswith(".py") for file in files):
                inner = Path(path).relative_to(ROOT / place).parts
                found[".".join((name, *inner))] = Path(path)
    return found


def test_every_package_on_disk_is_listed_and_every_listed_one_is_on_disk():
    assert sorted(folders()) == SETUPTOOLS["packages"]


def test_every_folder_with_modules_has_an_init():
    without = [name for name, path in folders().items() if not (path / "__init__.py").is_file()]
    assert without == []


def test_every_file_that_is_no_module_is_package_data():
    globs = SETUPTOOLS["package-data"]
    shipped = {
        path
        for name, folder in folders().items()
        for pattern in [*globs["*"], *globs.get(name, [])]
        for path in folder.glob(pattern)
    }
    missed = [
        str((Path(path) / file).relative_to(ROOT))
        for place in SETUPTOOLS["package-dir"].values()
        for path, _, files in os.walk(ROOT / place)
        for file in files
        if "__pycache__" not in path
        and not file.endswith(".py")
        and Path(path) / file not in shipped
    ]
    assert missed == []


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_is_linked_into_the_package_by_a_relative_link(room):
    link = ROOT / "src" / "callwright" / room
    assert link.is_symlink()
    assert link.readlink() == Path("../..") / room


def test_coverage_watches_every_room():
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    watched = config["tool"]["coverage"]["run"]["source"]
    assert sorted(watched) == sorted(SETUPTOOLS["package-dir"].values())


def test_every_dependency_is_pinned_in_the_constraints():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = {plain(line.partition("==")[0]) for line in lines if not line.startswith("#")}
    assert {plain(re.split("[=>]=", line)[0]) for line in wanted} - pinned == set()


def plain(name: str) -> str:
    """`PyYAML`, `docstring_parser` as PEP 503 compares them."""
    return name.lower().replace("_", "-").replace(".", "-")
