"""A training from the dataset to the adapter: what it leaves, and how it goes on."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training runs on torch: pip install 'callwright[train]'")
pytest.importorskip("peft", reason="adapters are peft's")

from callwright.schemas.errors import UserError
from callwright.schemas.store import open_dataset
from callwright.training import adapters
from callwright.training.curves import draw
from callwright.training.log import Log, read_log, validations
from callwright.training.material import collect
from callwright.training.policies.hf_load import load_hf, load_tokenizer, read_template
from callwright.training.train import train

from . import fed

# peft asks for an attribute that transformers has renamed.
pytestmark = pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")


@pytest.fixture(scope="module")
def data(rows, tmp_path_factory):
    return fed.dataset(tmp_path_factory.mktemp("data") / "set", rows)


@pytest.fixture(scope="module")
def base(rows, tmp_path_factory):
    return fed.model(tmp_path_factory.mktemp("base"), rows[:40], template=None)


@pytest.fixture(scope="module")
def trained(data, base, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained") / "out"
    said = []
    asked = fed.order(data, base, folder, chat_template="hermes")
    return folder, train(asked, say=said.append), said


def quiet(*_):
    pass


def losses(folder: Path) -> dict[int, float]:
    return {line["step"]: line["loss"] for line in read_log(folder) if "loss" in line}


def test_a_training_leaves_all_there_is_to_know_of_it(trained, data):
    folder, made, said = trained
    assert said == ["train: 8 rows, 8 samples", "validation: 3 rows, 3 samples"]
    run = json.loads((folder / "run.json").read_text())
    assert run["finished"]
    assert run["order"]["dataset"] == open_dataset(data).digest
    assert run["order"]["training"]["chat_template"] == "hermes"
    assert run["rows"]["train"] == {"in": 8, "samples": 8, "refused": {}}
    assert set(run["versions"]) >= {"torch", "transformers", "peft"}
    assert run["steps"] == made.steps == 4
    assert run["tokens"] > 0
    assert (folder / "adapter" / "run.json").read_bytes() == (folder / "run.json").read_bytes()
    assert (folder / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert list((folder / "tensorboard").glob("events.*"))
    assert (folder / "refused.jsonl").read_text() == ""


def test_loss_and_metrics_are_logged_before_during_and_after_the_training(trained):
    folder, made, _ = trained
    assert list(losses(folder)) == [1, 2, 3, 4]
    assert validations(read_log(folder)) == made.validations
    assert list(made.validations) == [0, 2, 4]
    for step, figures in made.validations.items():
        wanted = {"single_call", "chain_success", "parameters.f1"} | ({"loss"} if step else set())
        assert wanted <= figures.keys()
    assert made.validations[4]["loss"] < made.validations[2]["loss"]


def test_the_adapter_is_asked_with_the_template_it_was_trained_with(trained, base):
    adapter = str(trained[0] / "adapter")
    assert load_tokenizer(str(base), adapter=adapter).chat_template == read_template("hermes")
    with pytest.raises(UserError, match="knows no tools"):
        load_tokenizer(str(base))
    model, _ = load_hf(str(base), adapter=adapter)
    assert any(p.abs().max() > 0 for name, p in model.named_parameters() if "lora_B" in name)


def test_ctrl_c_leaves_a_checkpoint_from_which_the_same_curve_goes_on(
    trained, data, base, tmp_path
):
    def interrupt(what, done, *_):
        if (what, done) == ("training", 3):
            signal.raise_signal(signal.SIGINT)

    asked = fed.order(data, base, tmp_path / "out", chat_template="hermes")
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        train(asked, progress=interrupt)
    assert signal.getsignal(signal.SIGINT) is before
    assert list(losses(asked.output)) == [1, 2, 3]
    with pytest.raises(UserError, match="--resume goes on"):
        train(asked)
    Log(asked.output).write(4, 1.0, {"loss": 99.0})  # what was done after the checkpoint is void
    made = train(asked, resume=True)
    assert losses(asked.output) == pytest.approx(losses(trained[0]), rel=1e-5)
    assert made.validations[4]["loss"] == pytest.approx(trained[1].validations[4]["loss"], rel=1e-5)


def test_ctrl_c_within_an_examination_leaves_it_and_saves(data, base, tmp_path):
    def interrupt(what, *_):
        if what == "examining: episodes" and list(losses(tmp_path)):
            signal.raise_signal(signal.SIGINT)

    asked = fed.order(data, base, tmp_path, chat_template="hermes")
    with pytest.raises(KeyboardInterrupt):
        train(asked, progress=interrupt)
    assert list(losses(tmp_path)) == [1, 2]
    assert (tmp_path / "checkpoints" / "checkpoint-2").is_dir()


def test_a_training_is_not_gone_on_with_by_another_recipe_and_not_when_it_is_done(
    trained, data, base, tmp_path
):
    folder = trained[0]
    with pytest.raises(UserError, match="finished training; there is nothing to resume"):
        train(fed.order(data, base, folder, chat_template="hermes"), resume=True)
    run = json.loads((folder / "run.json").read_text())
    (tmp_path / "run.json").write_text(json.dumps({**run, "finished": False}))
    other = fed.order(data, base, tmp_path, chat_template="hermes", learning_rate=1e-3)
    with pytest.raises(UserError, match=r"another training\.learning_rate \(0\.01, now 0\.001\)"):
        train(other, resume=True)


def test_force_replaces_a_training_and_nothing_else(data, base, tmp_path):
    asked = fed.order(data, base, tmp_path, chat_template="hermes", validation=None, max_steps=1)
    (tmp_path / "letter").write_text("dear")
    with pytest.raises(UserError, match="not empty and holds no training"):
        train(asked, force=True)
    (tmp_path / "letter").unlink()
    train(asked)
    (tmp_path / "letter").write_text("dear")
    (tmp_path / "adapter" / "old").write_text("")
    made = train(asked, force=True)
    assert made.validations == {}
    assert (tmp_path / "letter").read_text() == "dear"
    assert not (tmp_path / "adapter" / "old").exists()


def test_rows_that_cannot_be_rendered_are_counted_and_written_out(data, base, tmp_path):
    options = {"chat_template": "hermes", "validation": None, "max_steps": 1}
    whole = fed.order(data, base, tmp_path, **options).section
    tokenizer = load_tokenizer(str(base), chat_template="hermes")
    lengths = [len(s.ids) for s in collect(open_dataset(data), whole, tokenizer, 0, quiet).train]
    room = sorted(lengths)[4]
    asked = fed.order(data, base, tmp_path, **options, max_tokens=room, too_long="refuse")
    said = []
    train(asked, say=said.append)
    lines = [json.loads(line) for line in (tmp_path / "refused.jsonl").read_text().splitlines()]
    told = json.loads((tmp_path / "run.json").read_text())["rows"]["train"]
    assert len(lines) == sum(length > room for length in lengths) > 0
    assert told["refused"] == {"too_long": len(lines)}
    assert told["in"] == told["samples"] + len(lines) == 8
    assert all(line["stage"] == "train" and line["row"]["id"] for line in lines)
    kept, lost = told["samples"], len(lines)
    assert said == [f"train: 8 rows, {kept} samples; {lost} refused: {lost} too_long"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"max_tokens": 9}, "nothing to train on. train: 8 rows, 0 samples; 8 refused: 8 too_long"),
        ({"train": "nowhere"}, "no split 'nowhere'; it has train, validation: split it"),
        ({"validation": "tr*"}, "8 rows, the first "),
        ({"chat_template": None}, "knows no tools: use --chat-template hermes"),
        ({"model": "/nowhere/at/all"}, "no such folder, nor a model of the Hub"),
        ({"adapter": {"kind": "qlora"}}, "bitsandbytes"),
    ],
)
def test_what_cannot_be_had_is_one_line_and_leaves_nothing_to_resume(
    data, base, tmp_path, monkeypatch, options, told
):
    monkeypatch.setattr(adapters, "find_spec", lambda _: None)  # as where it is not installed
    options = {"chat_template": "hermes", **options}
    with pytest.raises(UserError) as error:
        train(fed.order(data, base, tmp_path / "out", **options))
    assert told in str(error.value)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "out").exists()


def test_curves_are_drawn_of_whatever_was_logged(tmp_path):
    assert draw([]).startswith(b"\x89PNG")
    full = draw([{"step": 1, "loss": 2.0, "learning_rate": 1e-4}, {"step": 2, "eval_loss": 1.0}])
    assert full != draw([{"step": 1, "loss": 2.0}])
