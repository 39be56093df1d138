"""All that one training is fed with, gathered from the dataset and from what is mixed in."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from callwright.schemas.errors import UserError
from callwright.schemas.record import Conversation
from callwright.schemas.store import Dataset
from callwright.training.gather import Gathered, Progress, render_rows, rows_of
from callwright.training.mix import mix
from callwright.training.recipe import TrainingSection
from callwright.training.render import Renderer, Sample

PROOFS = 200
"""Most rows with which the saved tokenizer is proved."""


@dataclass(frozen=True)
class Material:
    """What a model is trained and validated on."""

    train: list[Sample]
    validation: list[Sample]
    rows: list[Conversation]
    """The validation rows; empty where there is no validation."""
    proofs: list[Conversation]
    """Rows with which the saved tokenizer is proved: rendered ones, of validation if there is."""
    gathered: dict[str, Gathered]
    """Use -> what became of its rows."""


def collect(
    dataset: Dataset, section: TrainingSection, tokenizer: Any, seed: int, progress: Progress
) -> Material:
    """Read and render the rows of the dataset, and mix in the others.

    Raises:
        UserError: a split or a set is not there, all rows of one are refused, or a row is in both
            splits.
    """
    renderer = renderer_of(tokenizer, section)
    rows = {"train": rows_of(dataset, section.train, "train")}
    if section.validation is not None:
        rows["validation"] = rows_of(dataset, section.validation, "validation")
        shared = {row.id for row in rows["train"]} & {row.id for row in rows["validation"]}
        if shared:
            raise UserError(
                f"{len(shared):,} rows, the first {min(shared)}, are in training.train "
                f"({section.train}) and in training.validation ({section.validation})"
            )
    gathered = {use: render_rows(renderer, own, use, progress) for use, own in rows.items()}
    train = gathered["train"].samples
    mixed = mix(renderer, section.mix, len(train), seed) if section.mix else {}
    train = [*train, *(sample for part in mixed.values() for sample in part.samples)]
    # So that nothing follows from the order in which they were read.
    random.Random(seed).shuffle(train)
    proved = gathered.get("validation", gathered["train"])
    refused = {one.row["id"] for one in proved.refused}
    of = rows.get("validation", rows["train"])
    return Material(
        train=train,
        validation=gathered["validation"].samples if "validation" in gathered else [],
        rows=rows.get("validation", []),
        proofs=[row for row in of if row.id not in refused][:PROOFS],
        gathered={**gathered, **mixed},
    )


def renderer_of(tokenizer: Any, section: TrainingSection) -> Renderer:
    """The renderer that a recipe asks for."""
    return Renderer(
        tokenizer,
        weights=section.weights,
        max_tokens=section.max_tokens,
        too_long=section.too_long,
        template_options=section.template_options,
    )
