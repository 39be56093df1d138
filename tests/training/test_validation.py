"""A model is examined while it is trained, and comes out of it as it went in."""

from __future__ import annotations

from collections import Counter

import pytest

pytest.importorskip("torch", reason="models run on torch")
pytest.importorskip("transformers", reason="models are loaded with transformers")

import torch

from callwright.schemas.errors import UserError
from callwright.training.evaluate import Evaluation
from callwright.training.journal import read_records
from callwright.training.policies.hf import HfPolicy
from callwright.training.policies.hf_load import load_hf
from callwright.training.records import Decision
from callwright.training.saved import DECISIONS
from callwright.training.validation import Exam, as_served, stratified

from . import fed


@pytest.fixture(scope="module")
def short(rows):
    return sorted((row for row in rows if row.expected.calls), key=fed.size)[:3]


@pytest.fixture(scope="module")
def folder(rows, tmp_path_factory):
    return fed.model(tmp_path_factory.mktemp("base"), rows[:40], template=None)


@pytest.fixture
def loaded(folder):
    model, tokenizer = load_hf(str(folder), chat_template="hermes", device="cpu")
    model.activation_checkpointing_enable({"use_reentrant": False})
    model.config.use_cache = False  # as a trainer has it
    return model.train(), tokenizer


def test_every_scenario_is_asked_and_the_same_rows_each_time(rows):
    chosen = stratified(rows, 12)
    assert set(Counter(row.scenario for row in chosen).values()) == {2}
    assert stratified(list(reversed(rows)), 12) == chosen
    assert stratified(rows, 6) == chosen[:6]
    assert len(stratified(rows, 10_000)) == len(rows)
    assert stratified(rows, 0) == []


def test_a_model_in_training_is_scored_as_the_same_model_is_outside_of_it(
    loaded, folder, short, toolbox, tmp_path
):
    model, tokenizer = loaded
    exam = Exam(short, toolbox, tokenizer, tmp_path / "exam")
    found = exam.take(model, 7)
    plain, _ = load_hf(str(folder), chat_template="hermes", device="cpu")
    policy = HfPolicy(plain, tokenizer, name="plain", max_new_tokens=exam._room())
    (tmp_path / "plain").mkdir()
    scores = Evaluation(short, toolbox, tmp_path / "plain").run(policy)
    assert found == {name: scores.overall[name].value for name in found}
    assert set(found) == {"single_call", "chain_success", "parameters.f1"}

    records = [tmp_path / name / DECISIONS for name in ("exam/step-000007", "plain")]
    one, other = ({(d.row, d.message): d.turn for d in read_records(p, Decision)} for p in records)
    assert one == other


def test_a_model_comes_out_as_it_went_in_and_learns_on_as_if_nothing_had_been(loaded):
    model, _ = loaded
    model.get_submodule("model.layers.1").eval()  # frozen parts may be in another mode
    settings, modes = model.generation_config, [m.training for m in model.modules()]
    ids = torch.arange(3, 40)[None]

    def gradient():
        model.zero_grad()
        model(ids, labels=ids).loss.backward()
        return model.get_input_embeddings().weight.grad.clone()

    before = gradient()
    with as_served(model):
        assert not any(m.training for m in model.modules())
        model.generation_config = None
    assert [m.training for m in model.modules()] == modes
    assert model.generation_config is settings
    assert model.is_activation_checkpointing
    assert torch.equal(gradient(), before)


def test_records_of_an_earlier_run_to_the_same_step_are_not_gone_on_with(
    loaded, short, toolbox, tmp_path
):
    model, tokenizer = loaded
    exam = Exam(short[:1], toolbox, tokenizer, tmp_path)
    (tmp_path / "step-000001").mkdir()
    (tmp_path / "step-000001" / "decisions.jsonl").write_text("no record\n")
    assert exam.take(model, 1) == exam.take(model, 1)


def test_rows_that_gold_fails_on_examine_nobody(rows, toolbox, tmp_path):
    row = next(row for row in rows if row.expected.outputs)
    other = row.expected.model_copy(update={"state": "00"})
    with pytest.raises(
        UserError, match=r"gold fails on 1 of 1 validation rows.*validation_rows: 0"
    ):
        Exam([row.model_copy(update={"expected": other})], toolbox, None, tmp_path)
