"""A merged model says what base and adapter say together, or is not there."""

from __future__ import annotations

import json
import shutil

import pytest

pytest.importorskip("torch", reason="models run on torch")
pytest.importorskip("peft", reason="adapters are peft's")

import peft
import torch

from callwright.schemas.errors import UserError
from callwright.training.merge import merge
from callwright.training.policies.hf_load import load_hf, read_template

from . import tiny

# peft asks for an attribute that transformers has renamed.
pytestmark = pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")


@pytest.fixture(scope="module", params=["float32", "bfloat16"])
def adapted(request, tmp_path_factory):
    """A base model and an adapter that changes what it says, with a template of its own."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("models")
    base, adapter = tiny.save_tiny(folder / "base"), folder / "out" / "adapter"
    model, tokenizer = load_hf(str(base), chat_template="hermes", device="cpu")
    model.to(getattr(torch, request.param)).save_pretrained(base)
    torch.manual_seed(1)
    config = peft.LoraConfig(r=4, target_modules="all-linear", init_lora_weights=False)
    peft.get_peft_model(model, config).save_pretrained(adapter)
    tokenizer.save_pretrained(adapter)
    return base, adapter, request.param


def test_a_merged_model_needs_no_adapter_and_no_template_beside_it(adapted, tmp_path):
    base, adapter, dtype = adapted
    made = merge(adapter.parent, tmp_path / "merged")  # the folder of the training will do
    assert made.base == str(base)
    assert made.dtype == dtype
    assert made.difference <= (1e-4 if dtype == "float32" else 0.2)  # tiny weights are wide
    assert made.tokens > 5
    merged, tokenizer = load_hf(str(tmp_path / "merged"), options={"dtype": "auto"})
    assert tokenizer.chat_template == read_template("hermes")
    plain, _ = load_hf(str(base), chat_template="hermes", options={"dtype": "auto"})
    ids = torch.arange(3, 30)[None]
    assert not torch.allclose(merged(ids).logits, plain(ids).logits, rtol=0.1)
    assert not list(tmp_path.glob("*.unchecked"))


def test_a_merged_model_that_answers_otherwise_is_not_kept(adapted, tmp_path, monkeypatch):
    monkeypatch.setattr(peft.PeftModel, "merge_and_unload", lambda self, **_: self.unload(),
                        raising=False)  # fmt: skip
    with pytest.raises(UserError, match="the merged model answers otherwise"):
        merge(adapted[1], tmp_path / "merged")
    assert list(tmp_path.iterdir()) == []


def test_a_base_that_has_moved_is_named(adapted, tmp_path):
    base, adapter, _ = adapted
    lost = tmp_path / "adapter"
    shutil.copytree(adapter, lost)
    config = json.loads((lost / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = "/nowhere/base"
    (lost / "adapter_config.json").write_text(json.dumps(config))
    with pytest.raises(UserError, match=r"cannot load '/nowhere/base'.*with --model"):
        merge(lost, tmp_path / "merged")
    assert merge(lost, tmp_path / "merged", model=str(base)).base == str(base)


def test_what_is_no_adapter_or_would_be_overwritten_is_refused(adapted, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter").write_text("dear")
    with pytest.raises(UserError, match="holds no adapter"):
        merge(tmp_path / "mine", tmp_path / "merged")
    with pytest.raises(UserError, match="is not empty"):
        merge(adapted[1], tmp_path / "mine")
    (tmp_path / "full" / "model").mkdir(parents=True)
    with pytest.raises(UserError, match="there is nothing to merge"):
        merge(tmp_path / "full", tmp_path / "merged")
