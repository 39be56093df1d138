"""One loss for a step, however its samples are dealt out: to batches, to devices, to sequences."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training runs on torch")
pytest.importorskip("peft", reason="adapters are peft's")

import torch

from callwright.schemas.errors import UserError
from callwright.training.batches import collate
from callwright.training.fit import fit
from callwright.training.loss import plain_head, weighted_loss

from . import trainees

SAMPLES = trainees.samples(22)  # 22: the last batches of an epoch are not full
CHECKED = trainees.samples(7, seed=1)


def curve(folder, *, kind="Llama", model_options=None, **options):
    section = trainees.section(**options)
    model = trainees.model(kind, **(model_options or {}))
    return fit(model, trainees.Tokenizer, section, SAMPLES, CHECKED, folder, seed=3)


def losses(fitted):
    return [loss for _, loss in (*fitted.losses, *fitted.validation)]


def test_four_batches_of_one_are_one_batch_of_four(tmp_path):
    whole = curve(tmp_path / "1", batch_size=4, bucketing=False)
    parts = curve(tmp_path / "4", batch_size=1, accumulation=4, bucketing=False)
    assert losses(parts) == pytest.approx(losses(whole), rel=1e-4)
    assert parts.tokens == whole.tokens


def test_the_loss_of_a_step_is_no_mean_of_batches_means(tmp_path):
    """Or the test above could not fail: here the two differ well beyond its tolerance."""
    model = trainees.model()
    head = plain_head(model)
    sums, weights = [], []
    for sample in SAMPLES[:4]:
        made = collate([(sample,)], pad=0, packed=False)
        loss = weighted_loss(model, {"input_ids": made["input_ids"]}, made["loss_weights"], head)
        sums.append(loss.item())
        weights.append(made["loss_weights"].sum().item())
    means = sum(s / w for s, w in zip(sums, weights, strict=True)) / 4
    assert sum(sums) / sum(weights) != pytest.approx(means, rel=5e-3)


def test_the_first_loss_is_the_weighted_mean_over_the_whole_step(tmp_path):
    fitted = curve(tmp_path, batch_size=3, accumulation=8, max_steps=1)
    model = trainees.model()
    made = collate([(sample,) for sample in SAMPLES], pad=0, packed=False)
    total = weighted_loss(model, {"input_ids": made["input_ids"]}, made["loss_weights"], None)
    expected = total.item() / made["loss_weights"].sum().item()
    assert fitted.losses[0][1] == pytest.approx(expected, rel=1e-5)
    assert fitted.tokens == sum(len(sample.ids) for sample in SAMPLES)


def test_validation_weighs_over_all_samples(tmp_path):
    fitted = curve(tmp_path, learning_rate=1e-9, max_steps=1, batch_size=2)
    model = trainees.model()
    made = collate([(sample,) for sample in CHECKED], pad=0, packed=False)
    total = weighted_loss(model, {"input_ids": made["input_ids"]}, made["loss_weights"], None)
    assert fitted.validation[0][1] == pytest.approx(
        total.item() / made["loss_weights"].sum().item(), rel=1e-5
    )


def loss_and_gradients(sequences, *, packed, apart=True, attention="sdpa"):
    model = trainees.model(attention=attention)
    made = collate(sequences, pad=0, packed=packed)
    inputs = {"input_ids": made["input_ids"]}
    if packed and apart:
        inputs["position_ids"] = made["position_ids"]
    loss = weighted_loss(model, inputs, made["loss_weights"], plain_head(model))
    loss.backward()
    return loss.item(), torch.cat([p.grad.flatten() for p in model.parameters()])


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_packed_samples_have_the_losses_and_gradients_of_samples_alone(attention):
    samples = SAMPLES[:6]
    alone, gradients = loss_and_gradients(
        [(sample,) for sample in samples], packed=False, attention=attention
    )
    sequences = [tuple(samples[:4]), tuple(samples[4:])]
    together, theirs = loss_and_gradients(sequences, packed=True, attention=attention)
    assert together == pytest.approx(alone, rel=1e-5)
    torch.testing.assert_close(theirs, gradients, rtol=1e-4, atol=1e-4)
    # And without the positions that keep samples apart they differ: the test can fail.
    mixed, others = loss_and_gradients(sequences, packed=True, apart=False, attention=attention)
    assert mixed != pytest.approx(alone, rel=1e-3)
    assert (others - gradients).abs().max() > 0.1


def test_a_packed_epoch_is_the_same_step_as_an_unpacked_one(tmp_path):
    packed = curve(tmp_path / "packed", packing=True, accumulation=100, max_steps=2)
    plain = curve(tmp_path / "plain", accumulation=100, max_steps=2)
    assert losses(packed) == pytest.approx(losses(plain), rel=1e-4)
    assert packed.tokens == plain.tokens


def test_packing_is_refused_where_samples_would_see_each_other(tmp_path):
    options = {"layer_types": ["conv", "full_attention"], "block_multiple_of": 8}
    with pytest.raises(UserError, match="Lfm2ForCausalLM packed samples see each other"):
        curve(tmp_path, kind="Lfm2", model_options=options, packing=True, adapter={"kind": "full"})


def launch(folder: Path, processes: int, **options) -> dict:
    """The curve of processes over gloo, started as users start them."""
    command = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu"]
    command += ["--num_processes", str(processes), "--num_machines", "1", "--mixed_precision", "no"]
    command += ["--dynamo_backend", "no", "--main_process_port", "0"]
    script = Path(__file__).with_name("launched.py")
    subprocess.run(
        [*command, str(script), str(folder), json.dumps(options)],
        check=True,
        capture_output=True,
        text=True,
        timeout=240,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    return json.loads((folder / "fitted.json").read_text())


@pytest.mark.slow
@pytest.mark.parametrize(
    "options", [{"accumulation": 2}, {"packing": True}, {"gradient_checkpointing": True}]
)
def test_two_processes_have_the_curve_of_one(tmp_path, options):
    # 22 samples in batches of 3 x 2 or 6: at an epoch's end a process is left with fewer, or none.
    two = launch(tmp_path / "2", 2, batch_size=3, **options)
    one = curve(tmp_path / "1", batch_size=6, **options)
    assert two["losses"] == pytest.approx(losses(one), rel=1e-4)
    assert two["tokens"] == one.tokens
    assert two["processes"] == 2
