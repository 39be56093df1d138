"""Fixtures of all tests."""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "hub"))

import server

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium():
    """Path of a real browser; a test that needs one may be skipped, but not where CI is set."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    lacks = None if path else f"none of {', '.join(BROWSERS)} is installed"
    if find_spec("playwright") is None:
        lacks = "playwright is not installed"
    if lacks is not None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(lacks)
    return path


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """An empty Hub, and an environment in which the real clients talk to it, logged in."""
    with server.serve() as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        monkeypatch.setenv("HF_TOKEN", server.TOKEN)
        monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
        monkeypatch.setenv("HF_HUB_DISABLE_XET", "1")
        monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", lambda _: None)
        yield running
