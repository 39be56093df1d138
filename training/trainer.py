"""transformers' Trainer with a loss that weighs each token.

The loss of an optimiser step is sum(weight x cross-entropy) / sum(weights), both sums over all its
batches on all devices. Divided by the number of tokens instead, doubled weights would be little
but a doubled learning rate; divided batch by batch, tokens in short batches would count for more.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

import torch
from torch.utils.data import DataLoader
from transformers import Trainer, TrainerCallback
from transformers.trainer_utils import EvalLoopOutput

from callwright.schemas.errors import UserError
from callwright.training.batches import Packed, Plan, Sequences, collate, sizes
from callwright.training.loss import plain_head, sees_neighbours, weighted_loss


class WeightedTrainer(Trainer):  # type: ignore[misc]
    """Trains on sequences of samples, batched by plans of its own.

    Args:
        model: prepared by `adapters.prepare_model`.
        args: transformers' TrainingArguments.
        train: sequences to train on, and `plan` of their batches.
        validation: sequences to take the validation loss on; may be empty.
        pad: the token to pad with.
        callbacks: transformers' callbacks.

    Raises:
        UserError: samples are packed, and the model would see from one into another.
    """

    def __init__(
        self,
        model: Any,
        args: Any,
        *,
        train: Sequence[Packed],
        plan: Plan,
        validation: Sequence[Packed] = (),
        pad: int = 0,
        callbacks: Sequence[TrainerCallback] = (),
    ) -> None:
        self._train, self._plan = Sequences(train), plan
        self._validation = Sequences(validation) if validation else None
        self._validation_plan = Plan(
            sizes(validation), plan.batch_size, rank=plan.rank, world=plan.world
        )
        self._packs = any(len(sequence) > 1 for sequence in train)
        self._pad = pad
        self._step_tokens = 0
        self._earlier = 0.0
        super().__init__(
            model=model,
            args=args,
            data_collator=self._collate,
            train_dataset=self._train,
            eval_dataset=self._validation,
            callbacks=list(callbacks),
        )
        self.loss_is_scaled_for_ga = True  # what compute_loss returns is a share of the step's loss
        with self.accelerator.autocast():
            self._head = plain_head(model)
            if self._packs and sees_neighbours(model):
                raise UserError(
                    f"packing: in {type(model).__name__} packed samples see each other; set"
                    " packing: false, or load the model with sdpa or flash attention"
                )

    # What a batch costs

    def compute_loss(
        self,
        model: Any,
        inputs: dict[str, Any],
        return_outputs: bool = False,
        num_items_in_batch: torch.Tensor | None = None,
    ) -> Any:
        """This batch's share of the step's loss.

        `num_items_in_batch`, in transformers a count, is the sum of the step's weights. Gradients
        are averaged over devices, hence the factor.
        """
        loss = self._weighted(model, inputs) / num_items_in_batch * self.accelerator.num_processes
        return (loss, {}) if return_outputs else loss

    def _weighted(self, model: Any, inputs: dict[str, Any]) -> torch.Tensor:
        weights = inputs.pop("loss_weights")
        with self.accelerator.autocast():
            return weighted_loss(model, inputs, weights, self._head)

    def get_batch_samples(
        self, epoch_iterator: Iterator[Any], num_batches: int, device: torch.device
    ) -> tuple[list[Any], Any]:
        """The batches of an optimiser step and the sum of their weights, over all devices."""
        if self.control.should_training_stop:  # resumed at its end: see Stop
            return [], None
        batches = list(islice(epoch_iterator, num_batches))
        tokens = sum(batch.pop("tokens") for batch in batches)
        weights = sum(batch["loss_weights"].sum() for batch in batches)
        totals = self.accelerator.reduce(torch.tensor([weights, tokens], device=device), "sum")
        self.state.num_input_tokens_seen += int(totals[1])
        # Where all weights of a step are 0 its loss is 0, not 0 / 0.
        return batches, totals[0].clamp(min=torch.finfo(totals.dtype).tiny)

    def evaluation_loop(
        self,
        dataloader: Any,
        description: str,  # noqa: ARG002 - transformers' signature
        prediction_loss_only: bool | None = None,  # noqa: ARG002
        ignore_keys: list[str] | None = None,  # noqa: ARG002
        metric_key_prefix: str = "eval",
    ) -> EvalLoopOutput:
        """The weighted loss over all of the validation samples."""
        self.model.eval()
        totals = torch.zeros(2, device=self.args.device)
        for batch in dataloader:
            del batch["tokens"]
            inputs = self._prepare_inputs(batch)
            totals[1] += inputs["loss_weights"].sum()
            with torch.no_grad():
                totals[0] += self._weighted(self.model, inputs)
        loss, weights = self.accelerator.reduce(totals, "sum").tolist()
        metrics = {f"{metric_key_prefix}_loss": loss / weights if weights else 0.0}
        return EvalLoopOutput(None, None, metrics, len(dataloader.dataset))

    # Which batches

    def get_train_dataloader(self) -> Any:
        return _Batches(self._train, batch_sampler=self._plan, collate_fn=self._collate)

    def get_eval_dataloader(self, eval_dataset: Any = None) -> Any:  # noqa: ARG002
        return _Batches(
            self._validation, batch_sampler=self._validation_plan, collate_fn=self._collate
        )

    @property
    def _collate(self) -> Any:
        return partial(collate, pad=self._pad, packed=self._packs)

    # What is told

    def train(self, *args: Any, **kwargs: Any) -> Any:
        self._started = time.perf_counter()
        return super().train(*args, **kwargs)

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """Add tokens and seconds, counted on from an interrupted training; stop where all is lost.

        It comes before the step's checkpoint, so that no checkpoint is worthless.

        Raises:
            UserError: the loss or its gradient is no finite number.
        """
        if not all(math.isfinite(logs.get(name, 0)) for name in ("loss", "grad_norm")):
            raise UserError(
                f"step {self.state.global_step}: loss {logs['loss']:.3g}, gradient"
                f" {logs.get('grad_norm', 0):.3g}: training has diverged; lower learning_rate or"
                " clip, raise warmup_steps, or set precision: fp32"
            )
        history = self.state.log_history
        if not self._earlier and self._initial_global_step:
            self._earlier = max((entry.get("seconds", 0) for entry in history), default=0)
        seconds = time.perf_counter() - self._started
        tokens = self.state.num_input_tokens_seen
        logs["seconds"] = self._earlier + seconds
        logs["tokens"] = tokens
        logs["tokens_per_second"] = (tokens - self._initial_num_input_tokens_seen) / seconds
        super().log(logs, start_time)


class Stop(TrainerCallback):  # type: ignore[misc]
    """Stops after so many validations without a lower loss, and at once what has been at its end.

    It goes by the log alone, which a resumed training has as well.
    """

    def __init__(self, patience: int | None) -> None:
        self._patience = patience

    def on_train_begin(self, _args: Any, state: Any, control: Any, **_: Any) -> None:
        control.should_training_stop = state.global_step >= state.max_steps or self._worn(state)

    def on_evaluate(self, _args: Any, state: Any, control: Any, **_: Any) -> None:
        control.should_training_stop = control.should_training_stop or self._worn(state)

    def _worn(self, state: Any) -> bool:
        losses = [entry["eval_loss"] for entry in state.log_history if "eval_loss" in entry]
        since = len(losses) - 1 - losses.index(min(losses)) if losses else 0
        return self._patience is not None and since >= self._patience


class _Batches(DataLoader):  # type: ignore[misc]
    """Tells its plan which epoch it is."""

    def set_epoch(self, epoch: int) -> None:
        self.batch_sampler.set_epoch(epoch)
