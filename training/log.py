"""A training's figures: `log.jsonl`, a line for each time something is logged, and TensorBoard's.

A line is `{"step": optimiser steps, "epoch": epochs, name: figure, …}`. Figures of validation begin
with `eval_`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import orjson

from callwright.schemas.errors import StoreError

NAME = "log.jsonl"
EVAL = "eval_"
BOARD = "tensorboard"
"""Folder of TensorBoard's event files."""


_NOT_FIGURES = (
    "step",
    "epoch",
    "total_flos",
    "eval_runtime",
    "eval_samples_per_second",
    "eval_steps_per_second",
)
"""What transformers adds and nobody asks for, and what each line has anyway."""


class Log:
    """Figures on disk, and what a watcher reads of them.

    Args:
        folder: of the training.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._board: Any = None
        if find_spec("tensorboardX"):
            from tensorboardX import SummaryWriter

            self._board = SummaryWriter(str(folder / BOARD))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._board is not None:
            self._board.close()

    def rewind(self, step: int) -> None:
        """Forget what was logged after a step, which is about to be done again."""
        kept = [entry for entry in read_log(self._path.parent) if entry["step"] <= step]
        self._save("wb", b"".join(map(_line, kept)))

    def write(self, step: int, epoch: float, figures: Mapping[str, Any]) -> None:
        """Add figures. transformers' own summary of the whole training is none of its steps.

        Raises:
            StoreError: they cannot be written.
        """
        if "train_runtime" in figures:
            return
        numbers = {name: v for name, v in figures.items() if name not in _NOT_FIGURES}
        self._save("ab", _line({"step": step, "epoch": round(epoch, 4), **numbers}))
        if self._board is not None:
            for name, value in numbers.items():
                group = "validation" if name.startswith(EVAL) else "train"
                self._board.add_scalar(f"{group}/{name.removeprefix(EVAL)}", value, step)

    def _save(self, mode: str, data: bytes) -> None:
        try:
            with self._path.open(mode) as file:
                file.write(data)
        except OSError as error:
            raise StoreError(f"cannot write {self._path}: {error.strerror or error}") from None


def read_log(folder: Path) -> list[dict[str, Any]]:
    """The lines of a training's log, in order; a last one that was cut off is left out.

    Raises:
        StoreError: it cannot be read.
    """
    path = folder / NAME
    try:
        data = path.read_bytes() if path.exists() else b""
        whole = data[: data.rfind(b"\n") + 1]
        return [orjson.loads(line) for line in whole.splitlines()]
    except (OSError, orjson.JSONDecodeError) as error:
        raise StoreError(f"cannot read {path}: {error}") from None


def validations(entries: Sequence[Mapping[str, Any]]) -> dict[int, dict[str, float]]:
    """Step -> its figures of validation, without their `eval_`."""
    found: dict[int, dict[str, float]] = {}
    for entry in entries:
        figures = {
            name.removeprefix(EVAL): value for name, value in entry.items() if name.startswith(EVAL)
        }
        if figures:
            found.setdefault(entry["step"], {}).update(figures)
    return found


def _line(entry: Mapping[str, Any]) -> bytes:
    return orjson.dumps(entry) + b"\n"
