"""Fixtures of all tests."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "hub"))

import server


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
