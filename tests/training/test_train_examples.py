"""The shipped recipes run: each for two steps, on a tiny model of its architecture."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training runs on torch: pip install 'callwright[train]'")
pytest.importorskip("peft", reason="adapters are peft's")

import torch
import yaml
from transformers import AutoConfig

from callwright.generators.execution import PackToolbox
from callwright.recipe import parse_recipe
from callwright.training.log import read_log
from callwright.training.policies.hf_load import load_tokenizer
from callwright.training.train import Order, train

from . import fed, real, trainees

# peft asks for an attribute that transformers has renamed.
pytestmark = pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("train_*.yaml"))
MODELS = {
    "Qwen/Qwen2.5-7B-Instruct": ("qwen2.5", "Qwen2"),
    "Qwen/Qwen3-8B": ("qwen3", "Qwen3"),
}


def tiny_of(architecture: str, tokenizer, folder: Path) -> Path:
    model = trainees.model(
        architecture, vocab_size=len(tokenizer), max_position_embeddings=8192,
        eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_trains_a_tiny_model_of_its_architecture_with_the_real_tokenizer(
    path, rows, tmp_path
):
    raw = yaml.safe_load(path.read_text())
    served, architecture = MODELS[raw["training"]["model"]]
    base = tiny_of(architecture, real.tokenizer(served), tmp_path / "base")
    assert AutoConfig.from_pretrained(base).architectures == [f"{architecture}ForCausalLM"]
    section = raw["training"] | {"model": str(base), "max_steps": 2, "validation_rows": 0}
    if not torch.cuda.is_available():
        section |= {"precision": "fp32", "accumulation": 1}  # bf16 takes a CPU minutes
    recipe = parse_recipe({**raw, "training": section}, path.name)
    data = fed.dataset(tmp_path / "data", rows)
    made = train(
        Order(
            data, tmp_path / "out", recipe.training, recipe.seed,
            recipe.resolved("training"), PackToolbox(),
        )
    )  # fmt: skip
    assert made is not None
    assert made.steps == 2
    assert [line["step"] for line in read_log(tmp_path / "out") if "loss" in line] == [1, 2]
    assert made.compared > 8
    own = load_tokenizer(str(made.saved)).chat_template
    assert own.endswith(real.tokenizer(served).chat_template)


def test_there_is_a_recipe_for_each_model_and_card():
    assert [path.stem.removeprefix("train_") for path in EXAMPLES] == [
        "qwen2.5-7b_24gb", "qwen2.5-7b_80gb", "qwen3-8b_24gb", "qwen3-8b_80gb",
    ]  # fmt: skip
