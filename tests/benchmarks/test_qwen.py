"""Qwen's tokenizers are what they are said to be."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from callwright.schemas.errors import UserError

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def qwen():
    import importlib

    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        yield importlib.import_module("qwen")
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))


def test_a_download_that_is_not_the_known_file_is_not_used(qwen, tmp_path):
    other = tmp_path / "other.tgz"
    other.write_bytes(b"something else")
    with pytest.raises(UserError, match="not the file it was"):
        qwen._checked(other, "trl==1.16.0")


def test_a_download_that_fails_is_one_line(qwen):
    command = (sys.executable, "-c", "import sys; sys.exit('no network\\nno registry')")
    with pytest.raises(UserError, match=r"no registry$"):
        qwen.run(command)


def test_the_older_family_lacks_the_later_tokens_and_no_other(qwen):
    try:
        old, new = (qwen.folder(name) / "tokenizer.json" for name in ("qwen2.5", "qwen3"))
    except UserError as error:
        pytest.skip(str(error))

    def added(path):
        return {t["content"]: t["id"] for t in json.loads(path.read_text())["added_tokens"]}

    lacking = added(new).keys() - added(old).keys()
    assert lacking == {"<tool_response>", "</tool_response>", "<think>", "</think>"}
    assert added(old).items() <= added(new).items()
