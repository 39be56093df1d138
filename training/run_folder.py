"""The folder of a training: what is in it, and whether it may be gone on with or replaced.

OUT/adapter/       the adapter, its tokenizer and template, `run.json` again; where all weights
                   were trained, OUT/model/ with the same
OUT/run.json       what was asked for, and once it is done what came of it
OUT/log.jsonl      figures of each step          OUT/tensorboard/   the same
OUT/curves.png     the same, drawn               OUT/refused.jsonl  rows left out, and why
OUT/validation/    each turn of each examination OUT/checkpoints/   to go on from
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import orjson

from callwright.schemas.errors import UserError
from callwright.schemas.store_write import read_bytes, replace_file
from callwright.training import log

FORMAT = "callwright-training"
RUN = "run.json"
REFUSED = "refused.jsonl"
CURVES = "curves.png"
ADAPTER = "adapter"
MODEL = "model"
CHECKPOINTS = "checkpoints"
VALIDATION = "validation"

_OURS = (ADAPTER, MODEL, CHECKPOINTS, VALIDATION, log.BOARD, log.NAME, REFUSED, CURVES, RUN)


def admit(folder: Path, order: dict[str, Any], *, resume: bool, force: bool) -> bool:
    """Is what is in the folder a training that is gone on with? Nothing is changed yet.

    Args:
        folder: of the training.
        order: what is asked for, as plain JSON.
        resume: go on with a training that was interrupted; a missing or empty folder is begun.
        force: replace a training.

    Raises:
        UserError: what is there is neither to be gone on with nor to be replaced.
    """
    if resume and force:
        raise UserError("--resume goes on, --force begins anew: name one of them")
    found = read_run(folder)
    if found is not None and not force:
        if not resume:
            raise UserError(f"{folder} holds a training; --resume goes on, --force replaces it")
        if found.get("finished"):
            raise UserError(f"{folder} holds a finished training; there is nothing to resume")
        _refuse_another(folder, found.get("order"), order)
        return True
    if found is None and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder} is not empty and holds no training; name another folder")
    return False


def begin(folder: Path, order: dict[str, Any]) -> None:
    """Make the folder ready for a new training: what an earlier one left goes.

    Raises:
        UserError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in _OURS:
            _remove(folder / name)
    except OSError as error:
        raise UserError(f"cannot write to {folder}: {error.strerror or error}") from None
    replace_file(folder / RUN, written({"format": FORMAT, "finished": False, "order": order}))


def read_run(folder: Path) -> dict[str, Any] | None:
    """What a training's `run.json` says; None where there is none.

    Raises:
        StoreError: it cannot be read.
    """
    path = folder / RUN
    if not path.is_file():
        return None
    try:
        found = orjson.loads(read_bytes(path))
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) and found.get("format") == FORMAT else None


def written(run: dict[str, Any]) -> bytes:
    """The text of `run.json`."""
    return orjson.dumps(run, option=orjson.OPT_INDENT_2) + b"\n"


def _refuse_another(folder: Path, begun: Any, order: dict[str, Any]) -> None:
    was, now = _leaves(begun), _leaves(order)
    differing = [key for key in {**was, **now} if was.get(key) != now.get(key)]
    if differing:
        key = differing[0]
        raise UserError(
            f"{folder} was begun with another {key} ({was.get(key)!r}, now {now.get(key)!r}); "
            "name another folder, or replace it with --force"
        )


def _leaves(value: Any, at: str = "") -> dict[str, Any]:
    if not isinstance(value, dict):
        return {at: value}
    inner = [_leaves(part, f"{at}.{key}" if at else key) for key, part in value.items()]
    return {key: leaf for part in inner for key, leaf in part.items()}


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
