"""What `learn.py` works with: how much of everything, where it lies, the rows, the model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import smollm2

from callwright.api import packs_of
from callwright.generators.execution import PackToolbox
from callwright.schemas.record import Conversation
from callwright.schemas.store import Dataset, open_dataset
from callwright.schemas.store_write import replace_file
from callwright.training.episode import shaped
from callwright.training.policies.hf_load import load_hf, load_tokenizer
from callwright.training.recipe import TrainingSection, Weights
from callwright.training.validation import stratified

HERE = Path(__file__).parent
TEMPLATE = HERE / "learn.jinja"
TESTS = ("test_seen", "test_unseen_shapes", "test_unseen_tools")

WEIGHTINGS: dict[str, Weights] = {
    "all 1": Weights(),
    "name and decision": Weights(name=3, decision=3),
    "argument values": Weights(argument_value=3, argument_from_result=3),
    "whole call": Weights(
        decision=3, call=3, name=3, argument_key=3, argument_value=3, argument_from_result=3
    ),
}
"""What the ablation sets beside each other; `whole call` raises every token of a tool call."""


@dataclass(frozen=True)
class Scale:
    """How much of everything."""

    sizes: tuple[int, ...] = (100, 250, 500, 1000)
    """Rows of the data-size curve. The largest is the main training."""
    passes: float = 1.5
    """How often each size is gone through."""
    tested: int = 150
    """Rows of each test split before and after the main training."""
    subset: int = 16
    """Rows of each of them for the curve and the ablation."""
    crossed: int = 40
    """Rows of each test split of both sets, where the narrow and the broad model meet."""
    longest: int = 700
    """Most tokens of a row of the broad set, so that as many rows take as many minutes."""
    ablation_steps: int = 48
    seeds: tuple[int, ...] = (0, 1, 2)
    validated: int = 24
    """Validation rows of the main training's learning curve."""
    validate_every: int = 40
    """Optimiser steps between its points; also between checkpoints."""
    batch: int = 32
    """Turns that an evaluated model takes at a time."""
    room: int = 192
    """Most tokens of a turn. The longest of a gold one is 154; who rambles goes on to the end."""
    counts: Mapping[str, int] | None = None
    """Recipe -> rows to build, instead of its own."""

    def steps(self, size: int) -> int:
        """Optimiser steps of 4 rows in which `size` rows are gone through `passes` times."""
        return max(1, round(self.passes * size / 4))


SCALES = {
    "full": Scale(),
    "tiny": Scale(
        sizes=(4, 8),
        passes=1,
        tested=3,
        subset=2,
        ablation_steps=2,
        seeds=(0, 1),
        validated=2,
        validate_every=1,
        batch=4,
        room=8,
        crossed=2,
        longest=2000,
        counts={"learn": 160, "learn_unseen": 24, "learn_broad": 200},
    ),
}


class Work:
    """A folder in which the parts leave what they made.

    Args:
        folder: where.
        scale: how much of everything.
        model: folder of the model; None: SmolLM2-135M-Instruct, made where it is not there yet.
        longest: most tokens of a row; None: whatever was built.
    """

    def __init__(
        self, folder: Path, scale: Scale, model: Path | None, longest: int | None = None
    ) -> None:
        self.folder, self.scale, self._model, self.longest = folder, scale, model, longest
        folder.mkdir(parents=True, exist_ok=True)

    @cached_property
    def broad(self) -> Work:
        """The same for the broad set."""
        return Work(self.folder / "broad", self.scale, self._model, self.scale.longest)

    # --------------------------------------------------------------- what parts made

    def found(self, part: str) -> dict[str, Any] | None:
        """What a part made; None where it has not run."""
        path = self.folder / f"{part}.json"
        return json.loads(path.read_bytes()) if path.exists() else None

    def keep(self, part: str, made: Mapping[str, Any]) -> None:
        """Write what a part made, whole or not at all."""
        text = json.dumps(made, indent=1, ensure_ascii=False)
        replace_file(self.folder / f"{part}.json", text.encode() + b"\n")

    # ------------------------------------------------------------------------- rows

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @cached_property
    def dataset(self) -> Dataset:
        return open_dataset(self.data)

    @cached_property
    def toolbox(self) -> PackToolbox:
        return PackToolbox(packs_of(self.data))

    def rows(self, split: str) -> list[Conversation]:
        """The rows of a split. Ids are hashes, so the first of them are as good as drawn."""
        found = sorted(self.dataset.rows(split), key=lambda row: row.id)
        if self.longest is None:
            return found
        tokenizer = self.tokenizer()
        return [row for row in found if tokens_of(row, tokenizer) <= self.longest]

    def training(self, size: int) -> list[Conversation]:
        """The rows to train on; smaller sets are parts of larger ones."""
        return self.rows("train")[:size]

    def tested(self, split: str) -> list[Conversation]:
        """The rows of a test split that are evaluated before and after."""
        return self.rows(split)[: self.scale.tested]

    def subset(self, split: str) -> list[Conversation]:
        """Those of them, of every scenario in turn, that the curve and the ablation use."""
        return stratified(self.tested(split), self.scale.subset)

    def crossed(self, split: str) -> list[Conversation]:
        """Those of them on which the narrow and the broad model meet."""
        return stratified(self.tested(split), self.scale.crossed)

    # ------------------------------------------------------------------------ model

    @cached_property
    def model(self) -> str:
        """The model's folder."""
        return str(self._model or smollm2.folder())

    def tokenizer(self) -> Any:
        return load_tokenizer(self.model, chat_template=str(TEMPLATE))

    def load(self, adapter: Path | None = None) -> tuple[Any, Any]:
        """The model, with an adapter if one is named, and its tokenizer."""
        return load_hf(
            self.model,
            adapter=str(adapter) if adapter else None,
            chat_template=str(TEMPLATE),
            device="cpu",
        )

    def section(self, steps: int, weights: Weights, *, every: int) -> TrainingSection:
        """How everything is trained here: one recipe, found on another set of rows."""
        return TrainingSection(
            model=self.model,
            chat_template=str(TEMPLATE),
            weights=weights,
            max_tokens=2048,
            too_long="refuse",
            gradient_checkpointing=False,
            max_steps=steps,
            batch_size=4,
            accumulation=1,
            learning_rate=1e-3,
            schedule="warmup_stable_decay",
            warmup_steps=min(5, steps),
            validate_every=every,
            validation_rows=0,
        )


Part = Callable[[Work], dict[str, Any]]


def tokens_of(row: Conversation, tokenizer: Any) -> int:
    """How long a row is, its tools included."""
    text = tokenizer.apply_chat_template(
        [shaped(message) for message in row.messages], tools=row.tools, tokenize=False
    )
    return len(tokenizer(text, add_special_tokens=False)["input_ids"])


def digest_of(rows: Sequence[Conversation]) -> str:
    """Of the ids of some rows, so that two evaluations can be seen to be of the same ones."""
    return hashlib.sha256("\n".join(row.id for row in rows).encode()).hexdigest()[:16]
