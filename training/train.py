"""From a dataset and a recipe to a trained adapter: everything around `fit`."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from callwright.schemas.store import open_dataset
from callwright.schemas.store_write import replace_file
from callwright.schemas.toolbox import Toolbox
from callwright.training import run_folder
from callwright.training.curves import draw
from callwright.training.evaluate import prompt_at
from callwright.training.gather import Gathered, Progress
from callwright.training.log import Log, read_log, validations
from callwright.training.material import Material, collect
from callwright.training.policies.hf_load import load_hf, load_tokenizer, require
from callwright.training.recipe import TrainingSection
from callwright.training.saving import check_tokenizer, rendered, save_tokenizer
from callwright.training.validation import Exam, stratified

VERSIONS = ("callwright", "torch", "transformers", "peft", "accelerate", "tokenizers")
"""Distributions that decide what comes of a training."""


@dataclass(frozen=True)
class Order:
    """What is to be trained on what."""

    data: Path
    output: Path
    section: TrainingSection
    seed: int
    recipe: dict[str, Any]
    """The resolved recipe, saved with what it makes."""
    toolbox: Toolbox
    """Runs the calls of the model under validation."""


@dataclass(frozen=True)
class Trained:
    """What came of an order."""

    saved: Path
    """Folder of the adapter, or of the whole model."""
    steps: int
    best_step: int | None
    """Step whose weights were kept, where patience chose it."""
    seconds: float
    tokens: int
    validations: dict[int, dict[str, float]]
    """Step -> figures of the validation there; step 0 is the model as it came."""
    compared: int
    """Texts that the saved tokenizer renders to the byte as they were trained."""


def train(
    order: Order,
    *,
    resume: bool = False,
    force: bool = False,
    progress: Progress = lambda *_: None,
    say: Callable[[str], None] = lambda _: None,
) -> Trained | None:
    """Train, or go on with an interrupted training.

    Started by `accelerate launch`, each process calls this; the first alone writes, tells and
    gives what came of it.

    Args:
        order: what is asked for.
        resume: go on with what is in the folder.
        force: replace what is in the folder.
        progress: is told how far it is.
        say: is told, a line at a time, what became of the rows.

    Raises:
        UserError: something of the order cannot be had, all of its rows are refused, or it does
            not fit into memory.
        KeyboardInterrupt: Ctrl-C; there is a checkpoint to go on from.
    """
    require("peft")
    from callwright.training.adapters import loading_options
    from callwright.training.callbacks import Watch
    from callwright.training.fit import fit

    section, first = order.section, os.environ.get("RANK", "0") == "0"
    if not first:
        progress = lambda *_, **__: None  # noqa: E731
    loading = loading_options(section)
    dataset = open_dataset(order.data)
    asked = {"dataset": dataset.digest, **order.recipe}
    if first:
        resume = run_folder.admit(order.output, asked, resume=resume, force=force)
    tokenizer = load_tokenizer(section.model, chat_template=section.chat_template)
    material = collect(dataset, section, tokenizer, order.seed, progress)
    exam = _exam(order, material, tokenizer, progress) if first else None
    if first:
        for use, found in material.gathered.items():
            say(found.told(use))
        if not resume:
            run_folder.begin(order.output, asked)
        _write_refused(order.output, material.gathered)
    model, _ = load_hf(
        section.model,
        chat_template=section.chat_template,
        device=_device(),
        options=loading,
    )
    log = Log(order.output) if first else None
    with Watch(log, exam, progress, validates=bool(material.validation)) as watch:
        fitted = fit(
            model, tokenizer, section, material.train, material.validation, order.output,
            seed=order.seed, callbacks=[watch], resume=resume,
        )  # fmt: skip
    if not first:
        return None
    options = section.template_options
    save_tokenizer(tokenizer, fitted.saved, options)
    entries = read_log(order.output)
    replace_file(order.output / run_folder.CURVES, draw(entries))
    trained = Trained(
        saved=fitted.saved,
        steps=fitted.steps,
        best_step=fitted.best_step,
        seconds=fitted.seconds,
        tokens=fitted.tokens,
        validations=validations(entries),
        compared=check_tokenizer(tokenizer, options, fitted.saved, material.proofs),
    )
    _finish(order, asked, material, trained, _prompt(material, tokenizer, options))
    return trained


def _exam(order: Order, material: Material, tokenizer: Any, progress: Progress) -> Exam | None:
    rows = stratified(material.rows, order.section.validation_rows)
    if not rows:
        return None
    return Exam(
        rows,
        order.toolbox,
        tokenizer,
        order.output / run_folder.VALIDATION,
        order.section.template_options,
        progress,
    )


def _device() -> str | None:
    """This process's own GPU, where `accelerate launch` started several."""
    import torch

    rank = os.environ.get("LOCAL_RANK")
    return f"cuda:{int(rank)}" if rank is not None and torch.cuda.is_available() else None


def _write_refused(folder: Path, gathered: dict[str, Gathered]) -> None:
    lines = (one.model_dump_json() for found in gathered.values() for one in found.refused)
    replace_file(folder / run_folder.REFUSED, "".join(f"{line}\n" for line in lines).encode())


def _prompt(material: Material, tokenizer: Any, options: dict[str, Any]) -> str:
    """A text that the model was asked under validation: `callwright merge` asks it again."""
    row = material.proofs[0]
    at = next(i for i, message in enumerate(row.messages) if message.role == "assistant")
    return rendered(tokenizer, prompt_at(row, at), opened=True, **options)


def _finish(
    order: Order, asked: dict[str, Any], material: Material, trained: Trained, prompt: str
) -> None:
    import torch

    run = {
        "format": run_folder.FORMAT,
        "finished": True,
        "order": asked,
        "versions": {name: version(name) for name in VERSIONS},
        "device": torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu",
        "rows": {
            use: {"in": found.rows, "samples": len(found.samples), "refused": found.reasons}
            for use, found in material.gathered.items()
        },
        "steps": trained.steps,
        "best_step": trained.best_step,
        "seconds": round(trained.seconds, 1),
        "tokens": trained.tokens,
        "validations": {str(step): figures for step, figures in trained.validations.items()},
        "rendered_alike": trained.compared,
        "prompt": prompt,
    }
    text = run_folder.written(run)
    replace_file(trained.saved / run_folder.RUN, text)
    replace_file(order.output / run_folder.RUN, text)
