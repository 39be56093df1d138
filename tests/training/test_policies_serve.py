"""One model, asked locally and through real servers: the answers are the same, token for token."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the model runs on torch: pip install 'callwright[train]'")

from callwright.training.policies.hf import HfPolicy
from callwright.training.policies.hf_load import load_hf, read_template
from callwright.training.policies.openai import OpenAIPolicy

from . import tiny


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    import torch

    torch.set_num_threads(1)
    # The template lies with the model, as a server wants it; both ends are in its configuration.
    place = tmp_path_factory.mktemp("served")
    return tiny.save_tiny(place, template=read_template("hermes"), end_ids=[0, 2])


@pytest.fixture
def served(folder):
    """The address of `transformers serve` with the tiny model."""
    from transformers.utils.import_utils import is_serve_available

    if not is_serve_available():
        pytest.skip("transformers serve is not installed: pip install 'transformers[serving]'")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("transformers")), "serve", str(folder)]
    options = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    server = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", server)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str, server: subprocess.Popen) -> None:
    for _ in range(600):
        assert server.poll() is None, "the server has ended"
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - an address of ours
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the server does not answer")


@pytest.mark.slow
def test_the_endpoint_policy_hears_from_transformers_serve_what_the_local_policy_says(
    served, folder, monkeypatch
):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    prompts = [p for city in ("Oslo", "Rome", "Lima") for p in tiny.conversation(city, 3)]
    remote = OpenAIPolicy(served, str(folder), concurrency=4, max_new_tokens=16).turns(prompts)
    local = HfPolicy(*load_hf(str(folder), device="cpu"), name="m", max_new_tokens=16).turns(
        prompts
    )
    assert [(r.turn, r.tokens_in, r.tokens_out, r.failure) for r in remote] == [
        (r.turn, r.tokens_in, r.tokens_out, r.failure) for r in local
    ]
