"""Only what is meant to be trained is, and nothing below it is computed for a gradient."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="training runs on torch")
pytest.importorskip("peft", reason="adapters are peft's")

import torch

from callwright.schemas.errors import UserError
from callwright.training import adapters
from callwright.training.adapters import loading_options, prepare_model, uses_bf16
from callwright.training.batches import collate
from callwright.training.loss import plain_head, weighted_loss

from . import trainees

LINEAR = {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}


def prepared(*, checkpointing=False, layers=4, **adapter):
    section = trainees.section(gradient_checkpointing=checkpointing, adapter=adapter)
    return prepare_model(trainees.model(layers=layers), section)


def trained(model) -> set[str]:
    return {name for name, p in model.named_parameters() if p.requires_grad}


def step(model):
    """Loss and gradients of one batch; B of an adapter is 0 at first, and A without a gradient."""
    made = collate([(sample,) for sample in trainees.samples(4)], pad=0, packed=False)
    for name, p in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.constant_(p, 0.1)
    model.train()
    found = weighted_loss(
        model, {"input_ids": made["input_ids"]}, made["loss_weights"], plain_head(model)
    )
    found.backward()
    return found, {name: p.grad for name, p in model.named_parameters() if p.grad is not None}


def test_all_linear_layers_but_the_head_get_an_adapter():
    names = trained(prepared(rank=4))
    assert {name.split(".lora_")[0].rpartition(".")[2] for name in names} == LINEAR
    assert len(names) == 4 * len(LINEAR) * 2


def test_targets_can_be_named():
    names = trained(prepared(targets=("q_proj", "v_proj")))
    assert {name.split(".lora_")[0].rpartition(".")[2] for name in names} == {"q_proj", "v_proj"}


@pytest.mark.parametrize("checkpointing", [False, True])
@pytest.mark.parametrize("kind", ["lora", "full"])
def test_with_top_layers_no_gradient_flows_below_them(kind, checkpointing):
    model = prepared(kind=kind, top_layers=1, checkpointing=checkpointing)
    assert all("layers.3." in name for name in trained(model))
    flows = {}
    for number, layer in enumerate(model.get_decoder().layers):
        layer.register_forward_hook(
            lambda _, __, out, n=number: flows.__setitem__(n, out.requires_grad)
        )
    _, gradients = step(model)
    assert flows == {0: False, 1: False, 2: False, 3: True}
    assert gradients.keys() == trained(model)


@pytest.mark.parametrize("adapter", [{}, {"top_layers": 2}, {"kind": "full"}])
def test_gradient_checkpointing_changes_neither_loss_nor_gradients(adapter):
    loss, gradients = step(prepared(**adapter))
    again, recomputed = step(prepared(checkpointing=True, **adapter))
    torch.testing.assert_close(again, loss)
    assert recomputed.keys() == gradients.keys()
    for name, gradient in gradients.items():
        torch.testing.assert_close(recomputed[name], gradient)
        assert gradient.abs().sum() > 0, name


def test_checkpointing_computes_layers_a_second_time():
    def runs(checkpointing):
        model = prepared(checkpointing=checkpointing)
        counted = []
        model.get_decoder().layers[0].mlp.register_forward_pre_hook(lambda *_: counted.append(1))
        model.zero_grad()
        made = collate([(trainees.samples(1)[0],)], pad=0, packed=False)
        model.train()
        loss = model(made["input_ids"], use_cache=False).logits.sum()
        loss.backward()
        return len(counted)

    assert (runs(False), runs(True)) == (1, 2)


def test_more_top_layers_than_layers_are_refused():
    with pytest.raises(UserError, match="top_layers is 5: the model has 4 layers"):
        prepared(top_layers=5)


def test_targets_that_the_model_has_not_are_refused_in_one_line():
    with pytest.raises(UserError, match=r"targets \('nope',\): .*not found") as caught:
        prepared(targets=("nope",))
    assert "\n" not in str(caught.value)


def test_qlora_without_bitsandbytes_is_refused_with_what_to_install(monkeypatch):
    monkeypatch.setattr(adapters, "find_spec", lambda _: None)
    with pytest.raises(UserError, match="pip install bitsandbytes, or use lora"):
        loading_options(trainees.section(adapter={"kind": "qlora"}))


def test_qlora_on_a_model_not_in_4_bits_is_refused():
    with pytest.raises(UserError, match="not loaded in 4 bits"):
        prepared(kind="qlora")


def test_qlora_trains_an_adapter_on_a_model_in_4_bits(tmp_path):
    pytest.importorskip("bitsandbytes", reason="4 bits are bitsandbytes'")
    from transformers import AutoModelForCausalLM

    trainees.model().save_pretrained(tmp_path)
    section = trainees.section(precision="fp32", adapter={"kind": "qlora"})
    model = AutoModelForCausalLM.from_pretrained(tmp_path, **loading_options(section))
    held = model.model.layers[0].mlp.up_proj.weight
    assert (held.dtype, held.numel()) == (torch.uint8, 32 * 48 // 2)
    model = prepare_model(model, section)
    _, gradients = step(model)
    assert gradients.keys() == trained(model)
    assert all("lora_" in name for name in gradients)
    assert all(gradient.any() for gradient in gradients.values())


@pytest.mark.parametrize(
    ("precision", "kind", "dtype"),
    [("bf16", "lora", "bfloat16"), ("bf16", "full", "float32"), ("fp32", "lora", "float32")],
)
def test_weights_that_are_trained_are_kept_in_fp32(precision, kind, dtype):
    section = trainees.section(precision=precision, adapter={"kind": kind})
    assert loading_options(section) == {"dtype": getattr(torch, dtype)}
    model = trainees.model().to(getattr(torch, dtype))
    made = prepare_model(model, section)
    assert {p.dtype for p in made.parameters() if p.requires_grad} == {torch.float32}


@pytest.mark.parametrize("has", [True, False])
def test_auto_is_bf16_where_the_hardware_has_it(monkeypatch, has):
    auto = trainees.section(precision="auto")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: has)
    assert uses_bf16(auto) is has
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True, "avx512_bf16": has})
    assert uses_bf16(auto) is has
