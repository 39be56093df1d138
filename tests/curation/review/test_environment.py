"""The server's environment is made whole or begun again; one that is named is looked at."""

import re
import sys
from pathlib import Path

import pytest

from callwright.curation.review import environment
from callwright.curation.review.environment import REQUIREMENTS, VERSION, _made, server_python
from callwright.schemas.errors import UserError


@pytest.fixture
def steps():
    return []


@pytest.fixture
def show(steps):
    return lambda what, done, total: steps.append((done, total))


@pytest.fixture
def nothing(tmp_path):
    """Pins of nothing at all, so that an environment is quickly made."""
    pins = tmp_path / "requirements.txt"
    pins.write_text("# none\n")
    return pins


def folder(cache):
    return next(path for path in cache.iterdir() if path.is_dir())


def test_every_requirement_is_pinned_to_one_version():
    lines = REQUIREMENTS.read_text("utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    assert f"argilla-server=={VERSION}" in pins


@pytest.mark.slow
def test_an_environment_is_made_once_and_then_used(tmp_path, nothing, show, steps):
    cache = tmp_path / "cache"
    python = _made(cache, nothing, show)
    assert python.exists()
    assert steps == [(0, 0), (0, 0)]
    mark = python.parent / "mark"
    mark.touch()
    assert _made(cache, nothing, show) == python
    assert mark.exists()
    assert len(steps) == 2, "nothing was installed again"


@pytest.mark.slow
def test_an_interrupted_or_differently_pinned_environment_is_begun_again(tmp_path, nothing, show):
    cache = tmp_path / "cache"
    mark = _made(cache, nothing, show).parent / "mark"
    mark.touch()
    (folder(cache) / "complete").unlink()
    _made(cache, nothing, show)
    assert not mark.exists()
    mark.touch()
    nothing.write_text("# none at all\n")
    _made(cache, nothing, show)
    assert not mark.exists()


@pytest.mark.slow
def test_what_cannot_be_installed_says_why_and_leaves_nothing_that_looks_complete(
    tmp_path, show, monkeypatch
):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    pins = tmp_path / "requirements.txt"
    pins.write_text("no-such-package-of-anybody==1.0\n")
    with pytest.raises(UserError, match=r"cannot install argilla-server .*ERROR: No matching"):
        _made(tmp_path / "cache", pins, show)
    assert not (folder(tmp_path / "cache") / "complete").exists()


def test_a_cache_that_cannot_be_written_is_one_line(tmp_path, nothing, show):
    (tmp_path / "cache").touch()
    with pytest.raises(UserError, match=r"cannot write .*cache"):
        _made(tmp_path / "cache", nothing, show)


def test_a_named_interpreter_without_the_server_says_what_it_lacks(show):
    with pytest.raises(UserError, match=r"has no argilla-server; it needs .*pip install -r"):
        server_python(Path(sys.executable), show)


@pytest.mark.parametrize(
    ("program", "says"), [("/no/such/python", "does not run"), ("/bin/false", "is no Python")]
)
def test_a_named_interpreter_that_is_none_is_told(show, program, says):
    with pytest.raises(UserError, match=f"--server-python {program} {says}"):
        server_python(Path(program), show)


def test_a_python_without_wheels_for_the_pins_is_not_used(monkeypatch):
    monkeypatch.setattr(environment.sys, "version_info", (3, 99, 0))
    monkeypatch.setattr(environment.shutil, "which", {"python3.12": "/usr/bin/python3.12"}.get)
    assert environment._base_python() == ("/usr/bin/python3.12", (3, 12))
    monkeypatch.setattr(environment.shutil, "which", lambda _: None)
    with pytest.raises(UserError, match=r"needs Python 3\.11 to 3\.13: install one"):
        environment._base_python()
