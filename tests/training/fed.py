"""A dataset to train on and a tiny model that reads it, for tests of whole trainings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from callwright.generators.execution import PackToolbox
from callwright.recipe import parse_recipe
from callwright.schemas.record import Conversation
from callwright.schemas.store import Manifest, Writer
from callwright.training.train import Order

from . import tiny

SHORT = {
    "max_steps": 4,
    "validate_every": 2,
    "validation_rows": 1,
    "batch_size": 2,
    "accumulation": 1,
    "warmup_steps": 0,
    "learning_rate": 1e-2,
    "max_tokens": 8192,
    "gradient_checkpointing": False,
    "adapter": {"rank": 4},
}
"""A recipe's section for a training of seconds."""


def size(row: Conversation) -> int:
    return len(row.model_dump_json(include={"messages", "tools"}))


def dataset(folder: Path, rows: Sequence[Conversation]) -> Path:
    """Eight of the shortest rows to train on, in both languages, and three to validate on."""
    short = sorted(rows, key=size)
    chosen = {"train": [row for n, row in enumerate(short[:16]) if n % 2][:8], "validation": []}
    taken = {row.id for row in chosen["train"]}
    chosen["validation"] = [row for row in short if row.id not in taken and row.expected.calls][:3]
    writer = Writer(folder, Manifest(command="build"))
    for split, some in chosen.items():
        writer.write_part([row.model_copy(update={"split": split}) for row in some], split=split)
    writer.finish()
    return folder


def model(folder: Path, rows: Sequence[Conversation], *, template: str | None) -> Path:
    """A tiny model whose tokenizer was made of the rows, so that they are not long."""
    import torch

    torch.set_num_threads(1)  # threads that wait for each other cost more than so small a model
    texts = [row.model_dump_json(include={"messages", "tools"}) for row in rows]
    return tiny.save_tiny(folder, template=template, texts=texts, vocabulary=2000, context=8192)


def order(data: Path, base: Path, output: Path, *, seed: int = 3, **options: Any) -> Order:
    """What the command line would make of a recipe with these options."""
    section = {**SHORT, "model": str(base), **options}
    recipe = parse_recipe({"seed": seed, "training": section}, "test")
    return Order(
        data, output, recipe.training, recipe.seed, recipe.resolved("training"), PackToolbox()
    )
