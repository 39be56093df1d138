"""Tiny models of random weights and samples of random tokens, to train."""

from __future__ import annotations

import random

from callwright.training.recipe import TrainingSection
from callwright.training.sample import Sample

WORDS = 64


class Tokenizer:
    """What `fit` asks a tokenizer."""

    pad_token_id = 0
    eos_token_id = 0


def model(kind: str = "Llama", *, attention: str | None = None, layers: int = 2, **options):
    import torch
    import transformers

    torch.set_num_threads(1)  # threads that wait for each other cost more than so small a model
    config = getattr(transformers, f"{kind}Config")(
        **{
            "vocab_size": WORDS,
            "hidden_size": 32,
            "intermediate_size": 48,
            "num_hidden_layers": layers,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "head_dim": 8,
            "initializer_range": 0.2,
            "pad_token_id": 0,
            "bos_token_id": None,
            "eos_token_id": 0,
            **options,
        }
    )
    torch.manual_seed(0)
    made = getattr(transformers, f"{kind}ForCausalLM")(config)
    if attention:
        made.set_attn_implementation(attention)
    return made


def samples(count: int, seed: int = 0, *, shortest: int = 4, longest: int = 20) -> list[Sample]:
    """Samples of which about half of the tokens are trained, with weight 1, 2 or 0.5."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        size = chance.randint(shortest, longest)
        ids = [chance.randrange(1, WORDS) for _ in range(size)]
        weights = [0.0, *(chance.choice([0.0, 0.0, 0.0, 1.0, 2.0, 0.5]) for _ in ids[2:]), 1.0]
        made.append(Sample(f"row {number}", ids, weights, [None] * size))
    return made


def section(**options) -> TrainingSection:
    return TrainingSection.model_validate(
        {
            "batch_size": 4,
            "accumulation": 1,
            "max_tokens": 48,
            "max_steps": 6,
            "learning_rate": 1e-2,
            "warmup_steps": 0,
            "schedule": "constant",
            "precision": "fp32",  # the same figures on every CPU
            "gradient_checkpointing": False,
            "validate_every": None,
            **options,
        }
    )
