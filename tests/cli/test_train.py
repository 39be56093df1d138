"""`callwright train` and `callwright merge` as they are typed."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

pytest.importorskip("torch", reason="training runs on torch: pip install 'callwright[train]'")
pytest.importorskip("peft", reason="adapters are peft's")

from callwright.cli import app
from callwright.schemas.store import Manifest, Writer, open_dataset

# peft asks for an attribute that transformers has renamed.
pytestmark = pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")

TRAINING = Path(__file__).parents[1] / "training"
RECIPE = """
seed: 4
training:
  chat_template: hermes
  max_steps: 9
  validate_every: 2
  validation_rows: 1
  batch_size: 2
  accumulation: 1
  max_tokens: 8192
  adapter: {rank: 4}
  weights: {name: 3.0}
"""


@pytest.fixture(scope="module")
def tiny():
    spec = importlib.util.spec_from_file_location("tiny_model", TRAINING / "tiny.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def run():
    return lambda *arguments: CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def data(run, tmp_path_factory):
    """A few short rows of a build, in the splits that `curate` makes."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "build.yaml").write_text("build: {count: 30}\n")
    made = run("build", folder / "build.yaml", "-o", folder / "built", "--workers", 1)
    assert made.exit_code == 0, made.stderr
    built = open_dataset(folder / "built")
    rows = sorted(built.rows(), key=lambda row: len(row.model_dump_json()))
    writer = Writer(folder / "set", Manifest(command="curate"))
    for split, some in {"train": rows[1:7], "validation": rows[:1]}.items():
        writer.write_part([row.model_copy(update={"split": split}) for row in some], split=split)
    writer.finish(builds=built.manifest.builds)
    return folder / "set"


@pytest.fixture(scope="module")
def model(tiny, data, tmp_path_factory):
    import torch

    torch.set_num_threads(1)  # threads that wait for each other cost more than so small a model
    texts = [row.model_dump_json() for row in open_dataset(data).rows()]
    folder = tmp_path_factory.mktemp("model")
    return tiny.save_tiny(folder, texts=texts, vocabulary=1500, context=8192)


@pytest.fixture(scope="module")
def trained(run, data, model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    (folder / "recipe.yaml").write_text(RECIPE)
    result = run(
        "train", folder / "recipe.yaml", "--data", data, "--model", model, "--max-steps", 2,
        "-o", folder / "out",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    return folder / "out", result


def test_the_resolved_recipe_is_printed_and_saved_with_what_came_of_it(trained, model):
    folder, result = trained
    told = " ".join(result.stdout.split())
    assert "name: 3.0" in told
    assert f"model: {model}" in told
    assert "max_steps: 2" in told
    assert "train: 6 rows, 6 samples" in result.stderr
    assert "Single-call accuracy" in told
    assert "renders" in told
    assert "to the byte as they were trained" in told
    assert f"callwright merge {folder}" in told
    saved = json.loads((folder / "run.json").read_text())["order"]
    assert saved["seed"] == 4
    assert saved["training"]["weights"]["name"] == 3.0
    assert set(saved) == {"dataset", "seed", "training"}


def test_nothing_of_transformers_own_is_printed(trained):
    _, result = trained
    for noise in ("it/s", "'loss':", "Warning", "Loading weights"):
        assert noise not in result.stdout + result.stderr


def test_what_was_trained_can_be_evaluated_and_merged_as_the_summary_says(
    run, trained, data, model, tmp_path
):
    folder, _ = trained
    common = ("--data", data, "--split", "validation", "--max-new-tokens", 8)
    result = run(
        "evaluate", *common, "--model", model, "--adapter", folder / "adapter",
        "-o", tmp_path / "adapted",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    merged = run("merge", folder, "-o", tmp_path / "merged")
    assert merged.exit_code == 0, merged.stderr
    assert "its logits differ by at most" in merged.stdout
    again = run("evaluate", *common, "--model", tmp_path / "merged", "-o", tmp_path / "whole")
    assert again.exit_code == 0, again.stderr
    one, other = (
        (tmp_path / name / "decisions.jsonl").read_text().splitlines()
        for name in ("adapted", "whole")
    )
    one, other = ([json.loads(line)["turn"] for line in lines] for lines in (one, other))
    assert one == other


def test_a_preview_shows_what_is_trained_and_trains_nothing(run, data, model, tmp_path):
    asked = ("train", "--data", data, "--model", model, "--chat-template", "hermes")
    result = run(*asked, "--preview", 2)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.count("tokens, ") == 2
    assert "argument_value" in result.stdout
    page = run(*asked, "--preview", 1, "--html", tmp_path / "page.html")
    assert "1 samples in" in page.stdout
    assert "<script" not in (tmp_path / "page.html").read_text()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "say where the adapter goes"),
        (("--html", "page.html"), "add --preview N"),
        (("-o", "out"), "knows no tools: use --chat-template hermes"),
        (("-o", "out", "--resume", "--force", "--chat-template", "hermes"), "name one of them"),
        (("-o", "out", "--model", "/nowhere"), "cannot load '/nowhere': no such folder"),
        (("-o", "out", "--chat-template", "none.jinja"), "cannot read the chat template"),
    ],
)
def test_what_makes_no_sense_is_one_line(run, data, model, tmp_path, monkeypatch, options, told):
    monkeypatch.chdir(tmp_path)
    given = () if "--model" in options else ("--model", model)
    result = run("train", "--data", data, *given, *options)
    assert result.exit_code == 2
    assert told in result.stderr.splitlines()[-1]
    assert len(result.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_missing_package_is_named_with_the_line_that_installs_it(
    run, data, model, tmp_path, monkeypatch
):
    from callwright.training.policies import hf_load

    monkeypatch.setattr(hf_load, "find_spec", lambda name: None if name == "peft" else True)
    result = run("train", "--data", data, "--model", model, "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert "peft is not installed: pip install 'callwright[train]'" in result.stderr
