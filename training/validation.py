"""Validation while a model is trained: beside the loss, the three metrics, with tools that run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from callwright.schemas.errors import StoreError, UserError
from callwright.schemas.record import Conversation
from callwright.schemas.toolbox import Toolbox
from callwright.training.evaluate import Evaluation, failing_gold
from callwright.training.gather import Progress
from callwright.training.gold import gold_turns
from callwright.training.metric_words import HEADLINES
from callwright.training.policies.hf import HfPolicy

BATCH = 8
"""Turns at a time: beside a model in training there is less memory than for evaluation alone."""

KEPT = 16_384
"""Tokens whose keys and values are kept between turns; 0.9 GB for a 7B model in bf16."""


def stratified(rows: Sequence[Conversation], count: int) -> list[Conversation]:
    """Rows of every scenario in turn, the same ones each time.

    Args:
        rows: to choose from. Their ids are hashes, so the first by id are as good as drawn by lot.
        count: most rows; fewer where there are fewer.
    """
    groups: dict[str, list[Conversation]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.id):
        groups[row.scenario].append(row)
    turns = chain.from_iterable(zip_longest(*(groups[name] for name in sorted(groups))))
    return [row for row in turns if row is not None][:count]


@dataclass(frozen=True)
class Exam:
    """Examines a model in training as `callwright evaluate` would.

    Args:
        rows: what it is asked.
        toolbox: runs its calls.
        tokenizer: the model's.
        folder: gets a folder of records for each step at which the model is examined.
        template_options: what else the chat template is given.
        progress: is told how far it is.

    Raises:
        UserError: gold fails on a row, so that it could judge no model.
    """

    rows: Sequence[Conversation]
    toolbox: Toolbox
    tokenizer: Any
    folder: Path
    template_options: Mapping[str, Any] = field(default_factory=dict)
    progress: Progress = lambda *_: None

    def __post_init__(self) -> None:
        failing = failing_gold(self.rows, self.toolbox)
        if failing:
            raise UserError(
                f"gold fails on {len(failing):,} of {len(self.rows):,} validation rows, the first "
                f"{failing[0]}: `callwright verify` may say why; training.validation_rows: 0 "
                "validates by the loss alone"
            )

    def take(self, model: Any, step: int) -> dict[str, float]:
        """The three metrics of the model as it stands. It comes out as it went in.

        Args:
            model: the model, in training.
            step: optimiser steps it has made.

        Returns:
            Name of a metric -> its value, without those that none of the rows counts for.
        """
        folder = self.folder / f"step-{step:06d}"
        _emptied(folder)
        with as_served(model):
            policy = HfPolicy(
                model,
                self.tokenizer,
                name=f"step {step}",
                batch=BATCH,
                max_new_tokens=self._room(),
                keep_tokens=KEPT,
                template_options=self.template_options,
            )
            exam = Evaluation(self.rows, self.toolbox, folder, in_flight=BATCH)
            scores = exam.run(
                policy,
                lambda what, done, total: self.progress(f"examining: {what}", done, total),
            )
        return {name: scores.overall[name].value for name in HEADLINES if name in scores.overall}

    def _room(self) -> int:
        """Tokens of a turn: twice the longest of gold's. An untrained model may never stop."""
        turns = [turn for row in self.rows for turn in gold_turns(row)]
        return 2 * max(len(self.tokenizer(turn)["input_ids"]) for turn in turns)


@contextmanager
def as_served(model: Any) -> Iterator[None]:
    """The model in the mode in which it is asked, then as it was: mode, settings, cache."""
    import torch

    parts = [part for part in model.modules() if hasattr(part, "generation_config")]
    settings = [(part, part.generation_config) for part in parts]
    modes = {part: part.training for part in model.modules()}
    model.eval()
    try:
        yield
    finally:
        for part, mode in modes.items():
            part.training = mode
        for part, was in settings:
            part.generation_config = was
        if torch.cuda.is_available():
            torch.cuda.empty_cache()  # what the exam kept is training's again


def _emptied(folder: Path) -> None:
    """Make the folder; records of an earlier run that came to this step are not gone on with."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("decisions.jsonl", "episodes.jsonl"):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"cannot write to {folder}: {error.strerror or error}") from None
