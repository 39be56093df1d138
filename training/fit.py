"""Training a loaded model on samples, with checkpoints to resume from."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from callwright.schemas.errors import UserError
from callwright.training.adapters import prepare_model, uses_bf16
from callwright.training.batches import Packed, Plan, pack, sizes
from callwright.training.recipe import TrainingSection
from callwright.training.sample import Sample

CHECKPOINTS = "checkpoints"
_RUN = "run.json"


@dataclass(frozen=True)
class Fitted:
    """A training that came to its end."""

    model: Any
    """The trained model: with its adapter, or as a whole."""
    saved: Path
    """Folder of the adapter or of the whole model."""
    steps: int
    best_step: int | None
    """Step whose weights these are, where patience chose it; None: the last one's."""
    losses: tuple[tuple[int, float], ...]
    """(step, loss) of each optimiser step."""
    validation: tuple[tuple[int, float], ...]
    """(step, loss) of each validation."""
    seconds: float
    tokens: int
    """Tokens read, padding not counted; like `seconds` with those before a resumption."""


def fit(
    model: Any,
    tokenizer: Any,
    section: TrainingSection,
    train: Sequence[Sample],
    validation: Sequence[Sample],
    folder: Path,
    *,
    seed: int,
    callbacks: Sequence[Any] = (),
    resume: bool = False,
) -> Fitted:
    """Train `model` and save its adapter, or the whole model, in `folder`.

    Started by `accelerate launch`, each process calls this with the same arguments.

    Args:
        model: loaded with `adapters.loading_options`; changed in place.
        validation: may be empty: then there is no validation loss, and no patience.
        folder: gets `checkpoints/`, and `adapter/`, or `model/` where all weights are trained.
        seed: of the adapter's first weights, of dropout and of the order of the samples.
        callbacks: transformers' TrainerCallbacks; `on_log` sees `loss`, `learning_rate`,
            `grad_norm`, `tokens`, `seconds`, `tokens_per_second`.
        resume: go on from the last whole checkpoint, if there is one.

    Raises:
        UserError: there is nothing to train on, something is not installed, memory ran out, the
            loss is no number, or `folder` holds checkpoints of another training.
    """
    import torch
    from accelerate import PartialState  # type: ignore[import-untyped]
    from transformers import set_seed

    if not any(any(sample.weights[1:]) for sample in train):
        raise UserError("no sample has a trained token: see training.weights and what was refused")
    checkpoints = folder / CHECKPOINTS
    # Told of the CPU, several processes find each other over gloo.
    place = PartialState(cpu=not torch.accelerator.is_available())
    if place.is_main_process:
        _claim(checkpoints, _fingerprint(section, train, validation, seed), resume)
    place.wait_for_everyone()
    last = _last(checkpoints)
    set_seed(seed)
    with _out_of_memory(section):
        pad = tokenizer.eos_token_id if tokenizer.pad_token_id is None else tokenizer.pad_token_id
        samples = _sequences(train, section), _sequences(validation, section)
        prepared = prepare_model(model, section)
        trainer = _trainer(prepared, section, *samples, folder, place, seed, pad or 0, callbacks)
        trainer.train(resume_from_checkpoint=str(last) if last else None)
    kept = trainer.accelerator.unwrap_model(trainer.model)
    saved = folder / ("model" if section.adapter.kind == "full" else "adapter")
    if place.is_main_process:
        kept.save_pretrained(saved)
    place.wait_for_everyone()
    state = trainer.state
    return Fitted(
        model=kept,
        saved=saved,
        steps=state.global_step,
        best_step=state.best_global_step if section.patience else None,
        losses=_curve(state.log_history, "loss"),
        validation=_curve(state.log_history, "eval_loss"),
        seconds=state.log_history[-1]["seconds"],
        tokens=state.num_input_tokens_seen,
    )


def _trainer(
    model: Any,
    section: TrainingSection,
    train: Sequence[Packed],
    validation: Sequence[Packed],
    folder: Path,
    place: Any,
    seed: int,
    pad: int,
    callbacks: Sequence[Any],
) -> Any:
    from transformers import PrinterCallback

    from callwright.training.trainer import Stop, WeightedTrainer

    plan = Plan(
        sizes(train),
        section.batch_size,
        section.bucketing,
        seed,
        place.process_index,
        place.num_processes,
    )
    steps = section.max_steps or math.ceil(
        section.epochs * math.ceil(len(plan) / section.accumulation)
    )
    arguments = _arguments(section, folder, seed=seed, steps=steps, validates=bool(validation))
    trainer = WeightedTrainer(
        model,
        arguments,
        train=train,
        plan=plan,
        validation=validation,
        pad=pad,
        callbacks=[*callbacks, Stop(section.patience)],
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


def _sequences(samples: Sequence[Sample], section: TrainingSection) -> list[Packed]:
    if section.packing:
        return pack(samples, section.max_tokens)
    return [(sample,) for sample in samples]


def _arguments(
    section: TrainingSection, folder: Path, *, seed: int, steps: int, validates: bool
) -> Any:
    import torch
    from transformers import TrainingArguments

    every = min(section.validate_every or steps, steps)
    decay = {"num_decay_steps": math.ceil(section.decay_share * steps), "decay_type": "linear"}
    arguments = TrainingArguments(
        output_dir=str(folder / CHECKPOINTS),
        seed=seed,
        bf16=uses_bf16(section),
        use_cpu=not torch.accelerator.is_available(),
        max_steps=steps,
        per_device_train_batch_size=section.batch_size,
        gradient_accumulation_steps=section.accumulation,
        learning_rate=section.learning_rate,
        lr_scheduler_type=_SCHEDULES[section.schedule],
        lr_scheduler_kwargs=decay if section.schedule == "warmup_stable_decay" else {},
        warmup_steps=section.warmup_steps,
        weight_decay=section.weight_decay,
        adam_beta1=section.betas[0],
        adam_beta2=section.betas[1],
        max_grad_norm=section.clip,
        logging_steps=1,
        logging_nan_inf_filter=False,  # a loss that is no number must not pass for the last one
        eval_strategy="steps" if validates else "no",
        eval_steps=every,
        save_strategy="steps",
        save_steps=every,
        save_total_limit=section.keep_checkpoints,
        load_best_model_at_end=validates and section.patience is not None,
        metric_for_best_model="eval_loss" if validates else None,
        greater_is_better=False if validates else None,
        ddp_find_unused_parameters=False,
        remove_unused_columns=False,
        disable_tqdm=True,
        report_to="none",
    )
    # One process drives one GPU; several are `accelerate launch`'s business.
    arguments._n_gpu = min(arguments.n_gpu, 1)  # noqa: SLF001
    return arguments


_SCHEDULES = {
    "cosine": "cosine",
    "linear": "linear",
    "constant": "constant_with_warmup",
    "warmup_stable_decay": "warmup_stable_decay",
}


def _curve(history: Sequence[dict[str, Any]], name: str) -> tuple[tuple[int, float], ...]:
    return tuple((entry["step"], entry[name]) for entry in history if name in entry)


def _fingerprint(
    section: TrainingSection, train: Sequence[Sample], validation: Sequence[Sample], seed: int
) -> str:
    """Of all that a training follows from."""
    made = hashlib.sha256(f"{section.model_dump_json()} {seed}".encode())
    for sample in (*train, *validation):
        made.update(np.array(sample.ids, dtype=np.int64).tobytes())
        made.update(np.array(sample.weights, dtype=np.float64).tobytes())
    return made.hexdigest()


def _claim(checkpoints: Path, fingerprint: str, resume: bool) -> None:
    """Make the folder of checkpoints this training's own."""
    run = checkpoints / _RUN
    if run.exists():
        if not resume:
            raise UserError(
                f"{checkpoints} holds a training already: resume it, or use a new folder"
            )
        if json.loads(run.read_text("utf-8"))["fingerprint"] != fingerprint:
            raise UserError(
                f"{checkpoints} belongs to a training with another recipe, seed or data: resume"
                " with the same ones, or use a new folder"
            )
    checkpoints.mkdir(parents=True, exist_ok=True)
    run.write_text(json.dumps({"fingerprint": fingerprint}), "utf-8")


def _last(checkpoints: Path) -> Path | None:
    """The last whole checkpoint: in each `trainer_state.json` is written last."""
    whole = [path.parent for path in checkpoints.glob("checkpoint-*/trainer_state.json")]
    return max(whole, key=lambda path: int(path.name.rpartition("-")[2]), default=None)


@contextmanager
def _out_of_memory(section: TrainingSection) -> Iterator[None]:
    import torch

    try:
        yield
    except (MemoryError, RuntimeError) as error:
        lost = isinstance(error, MemoryError | torch.OutOfMemoryError)
        if not lost and "can't allocate memory" not in str(error):
            raise
        half = max(1, section.batch_size // 2)
        twice = section.accumulation * section.batch_size // half
        smaller = f"batch_size {half} with accumulation {twice}, " if section.batch_size > 1 else ""
        checkpointing = "" if section.gradient_checkpointing else "gradient_checkpointing: true, "
        raise UserError(
            f"out of memory with batches of {section.batch_size} and up to {section.max_tokens}"
            f" tokens: try {smaller}{checkpointing}a smaller max_tokens, or fewer top_layers"
        ) from None
