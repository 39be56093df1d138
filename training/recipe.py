"""The recipe's section `training`: what is trained, on what, and how hard."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1, lt=2**31, strict=True)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Weights(_Section):
    """Loss weight of each class of token. A token of two classes has the larger weight."""

    assistant_text: Weight = 1.0
    """Words of the assistant."""
    decision: Weight = 1.0
    """The token with which a turn becomes a call or an answer: its first (after a thought), the
    tag of a call after words, what follows a call, and the end of the turn. It is of what it
    stands in as well."""
    call: Weight = 1.0
    """What is left of a call: its tags, braces and quotes."""
    name: Weight = 1.0
    """The name of the called tool."""
    argument_key: Weight = 1.0
    argument_value: Weight = 1.0
    """Values that come from the user, the system message, a default, a constant."""
    argument_from_result: Weight = 1.0
    """Values that come from an earlier result."""

    @model_validator(mode="after")
    def _some(self) -> Weights:
        if not any(self.model_dump().values()):
            raise ValueError("every weight is 0: nothing would be trained")
        return self


class AdapterSection(_Section):
    """What of the model is trained."""

    kind: Literal["lora", "qlora", "full"] = "lora"
    """`qlora` is LoRA on a model in 4 bits (needs bitsandbytes); `full` trains all weights."""
    rank: Count = 16
    alpha: Positive = 32.0
    dropout: Share = 0.0
    targets: str | tuple[str, ...] = "all-linear"
    """Names of modules that get an adapter."""
    top_layers: Count | None = None
    """Only so many of the last layers are trained; null: all."""


class MixSection(_Section):
    """Other chat rows mixed in, against forgetting."""

    data: str
    """A JSONL or parquet file, or a dataset's name on the Hub, with a column `messages`."""
    split: str = "train"
    share: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] = 0.1
    """Share of all samples of an epoch."""


class TrainingSection(_Section):
    model: str = "Qwen/Qwen2.5-7B-Instruct"
    """A folder, or a name on the Hub."""
    chat_template: str | None = None
    """A Jinja file, or `hermes` for the one that comes along; null: the tokenizer's own."""
    template_options: dict[str, Any] = {}
    """What else the chat template is given, such as `enable_thinking: false`."""
    train: str = "train"
    """Split, or pattern of splits, to train on."""
    validation: str | None = "validation"
    """Split to validate on; null: none."""
    mix: tuple[MixSection, ...] = ()

    weights: Weights = Weights()
    max_tokens: Count = 4096
    """Tokens of the longest sample."""
    too_long: Literal["drop_rounds", "refuse"] = "drop_rounds"
    """A longer row loses whole rounds of a user's earlier turns, or is refused; never a half."""

    adapter: AdapterSection = AdapterSection()
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    """`auto`: bf16 where the hardware has it, else fp32."""
    gradient_checkpointing: bool = True
    packing: bool = False
    """Several samples in one sequence of up to `max_tokens`; none sees another."""
    bucketing: bool = True
    """Batches of samples of like length."""

    epochs: Positive = 3.0
    max_steps: Count | None = None
    """Optimiser steps; null: as `epochs` says."""
    batch_size: Count = 4
    """Samples (packed: sequences) a step and device."""
    accumulation: Count = 4
    """Batches to an optimiser step."""
    learning_rate: Positive = 2e-4
    schedule: Literal["cosine", "linear", "constant", "warmup_stable_decay"] = "cosine"
    warmup_steps: Annotated[int, Field(ge=0, strict=True)] = 10
    decay_share: Share = 0.3
    """Share of the steps, at the end, over which warmup_stable_decay falls to 0."""
    weight_decay: Weight = 0.0
    betas: tuple[Share, Share] = (0.9, 0.99)
    clip: Positive = 1.0
    """Largest norm of the gradient."""

    validate_every: Count | None = 100
    """Optimiser steps between validations and checkpoints; null: only at the end."""
    validation_rows: Annotated[int, Field(ge=0, strict=True)] = 32
    """Rows over which the three metrics are taken at each validation; 0: only the loss."""
    patience: Count | None = None
    """Validations without a lower loss after which training stops; null: never."""
    keep_checkpoints: Count = 2

    @model_validator(mode="after")
    def _possible(self) -> TrainingSection:
        if self.patience is not None and (self.validation is None or self.validate_every is None):
            raise ValueError("patience needs a validation split and validate_every")
        if sum(part.share for part in self.mix) >= 1:
            raise ValueError("the shares of mix leave nothing of the dataset: together below 1")
        return self
