"""The loss is that of the model's own logits, at the price of the trained tokens alone."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="training runs on torch")
pytest.importorskip("transformers", reason="training runs on transformers")

import torch

from callwright.training import loss as losses
from callwright.training.batches import collate
from callwright.training.loss import plain_head, sees_neighbours, weighted_loss

from . import trainees

PLAIN = [
    ("Llama", {}),
    ("Llama", {"tie_word_embeddings": True}),
    ("Qwen2", {}),
    ("Qwen2", {"tie_word_embeddings": True}),
    ("Qwen3", {}),
    ("Qwen3", {"tie_word_embeddings": True}),
]
OWN_LOGITS = [("Gemma2", {"query_pre_attn_scalar": 8}), ("Granite", {"logits_scaling": 4.0})]


def batch():
    made = collate([(sample,) for sample in trainees.samples(4)], pad=0, packed=False)
    return {"input_ids": made["input_ids"]}, made["loss_weights"]


def expected(model, inputs, weights):
    """The definition, token by token."""
    logits = model(**inputs).logits.log_softmax(-1)
    total = torch.zeros(())
    for row, ids in enumerate(inputs["input_ids"]):
        for i in range(1, len(ids)):
            total = total - weights[row, i] * logits[row, i - 1, ids[i]]
    return total


def gradients(model):
    return {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}


def same_gradients(one, other):
    assert one.keys() == other.keys()
    for name in one:
        torch.testing.assert_close(one[name], other[name], rtol=1e-4, atol=1e-4, msg=name)


@pytest.mark.parametrize(("kind", "options"), PLAIN + OWN_LOGITS)
def test_loss_and_gradients_are_those_of_the_models_own_logits(kind, options):
    model = trainees.model(kind, **options)
    inputs, weights = batch()
    wanted = expected(model, inputs, weights)
    wanted.backward()
    theirs = gradients(model)
    model.zero_grad()
    found = weighted_loss(model, inputs, weights, plain_head(model))
    found.backward()
    torch.testing.assert_close(found, wanted)
    same_gradients(gradients(model), theirs)


@pytest.mark.parametrize(("kind", "options"), PLAIN)
def test_a_head_that_makes_the_logits_alone_is_found(kind, options):
    model = trainees.model(kind, **options)
    assert plain_head(model) is model.get_output_embeddings()


@pytest.mark.parametrize(("kind", "options"), OWN_LOGITS)
def test_logits_that_are_capped_or_scaled_are_left_to_the_model(kind, options):
    assert plain_head(trainees.model(kind, **options)) is None


def test_the_vocabulary_is_projected_only_where_something_is_trained():
    model = trainees.model()
    inputs, weights = batch()
    rows = []
    head = plain_head(model)
    head.register_forward_hook(lambda _, __, out: rows.append(out.shape[:-1].numel()))
    weighted_loss(model, inputs, weights, head)
    trained = int((weights > 0).sum())
    assert rows == [len(weights), trained]  # the model's own call makes one a sequence
    assert trained < weights.numel() / 2


def test_in_pieces_loss_and_gradients_are_the_same_and_few_logits_are_held(monkeypatch):
    model = trainees.model()
    inputs, weights = batch()
    head = plain_head(model)
    whole = weighted_loss(model, inputs, weights, head)
    whole.backward()
    theirs = gradients(model)
    model.zero_grad()
    most = 5
    monkeypatch.setattr(losses, "LOGITS", most * trainees.WORDS + 1)
    rows, kept = [], []
    head.register_forward_hook(lambda _, __, out: rows.append(out.shape[:-1].numel()))

    def keep(tensor):
        if tensor.data_ptr() != head.weight.data_ptr():
            kept.append(tensor.shape)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        pieces = weighted_loss(model, inputs, weights, head)
    pieces.backward()
    torch.testing.assert_close(pieces, whole)
    same_gradients(gradients(model), theirs)
    assert max(rows) <= most
    assert len(rows) > 3
    # Logits are computed again for the gradient, not kept for it.
    assert not [shape for shape in kept if shape[-1:] == (trainees.WORDS,)]


def test_nothing_to_train_in_a_batch_costs_nothing_and_breaks_nothing():
    model = trainees.model()
    inputs, weights = batch()
    found = weighted_loss(model, inputs, weights * 0, plain_head(model))
    found.backward()
    assert found.item() == 0
    assert all(not grad.any() for grad in gradients(model).values())


def test_a_first_token_is_never_a_label():
    sample = trainees.samples(1)[0]
    weights = [9.0, *sample.weights[1:]]
    first = trainees.Sample(sample.row, sample.ids, weights, sample.classes)
    made = collate([(first, first)], pad=0, packed=True)["loss_weights"]
    assert made[0, 0] == 0
    assert made[0, len(sample.ids)] == 0
    assert made.sum() == 2 * sum(sample.weights)


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_attention_keeps_packed_samples_apart(attention):
    assert not sees_neighbours(trainees.model(attention=attention))


def test_convolutions_that_carry_over_into_the_next_sample_are_noticed():
    layers = ["conv", "full_attention"]
    assert sees_neighbours(trainees.model("Lfm2", layer_types=layers, block_multiple_of=8))
