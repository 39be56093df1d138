"""`callwright evaluate` as it is typed: gold, what is refused, and what is gone on with."""

from __future__ import annotations

import json

import pytest

from callwright.schemas.record import Conversation
from callwright.schemas.store import open_dataset
from callwright.training.policies.few_shot import examples_digest

from ..training import tiny  # noqa: TID252 - tests are no installed package


def test_gold_scores_everything_and_the_figures_are_printed_and_saved(gold, data):
    folder, said = gold
    scores = json.loads((folder / "scores.json").read_text())
    assert scores["rows"] == 40
    for name in ("single_call", "single_call.bfcl", "chain_success", "exact_chain"):
        assert scores["overall"][name]["value"] == 1.0
    assert scores["overall"]["ungrounded"]["value"] == 0.0
    assert "chains, running free" in said
    assert "100.0%" in said
    episodes = list(map(json.loads, (folder / "episodes.jsonl").read_text().splitlines()))
    assert len(episodes) == 40
    assert all(one["outcome"] for one in episodes)


def test_an_interrupted_evaluation_goes_on_and_ends_in_the_same_scores(run, gold, data, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    for name in ("run.json", "decisions.jsonl", "episodes.jsonl"):
        whole = (gold[0] / name).read_bytes()
        (folder / name).write_bytes(whole if name == "run.json" else whole[: len(whole) // 2])
    refused = run("evaluate", "--data", data, "--scripted", "gold", "-o", folder)
    assert refused.exit_code == 2
    assert "--resume goes on" in refused.stderr
    result = run("evaluate", "--data", data, "--scripted", "gold", "-o", folder, "--resume")
    assert result.exit_code == 0, result.stderr
    scores, again = (json.loads((f / "scores.json").read_text()) for f in (gold[0], folder))
    assert scores["slices"] == again["slices"]
    lines = (folder / "episodes.jsonl").read_text().splitlines()
    assert len({json.loads(line)["row"] for line in lines}) == len(lines) == 40


def test_another_evaluation_is_not_gone_on_with(run, gold, data):
    other = ("--limit", 3)
    result = run(
        "evaluate", "--data", data, "--scripted", "gold", "-o", gold[0], "--resume", *other
    )
    assert result.exit_code == 2
    assert "another evaluation" in result.stderr


def test_force_replaces_an_evaluation_but_no_other_folder(run, data, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter").write_text("dear")
    result = run(
        "evaluate", "--data", data, "--scripted", "gold", "-o", tmp_path / "mine", "--force"
    )
    assert result.exit_code == 2
    assert "holds no evaluation" in result.stderr
    assert (tmp_path / "mine" / "letter").read_text() == "dear"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "name --model"),
        (("--scripted", "gold", "--model", "x"), "name --model"),
        (("--scripted", "silver"), "knows 'gold'"),
        (("--model", "x", "--endpoint", "localhost:1"), "begins with http"),
        (("--scripted", "gold", "--split", "test_*"), "no split"),
    ],
)
def test_what_makes_no_sense_is_one_line(run, data, tmp_path, options, told):
    result = run("evaluate", "--data", data, "-o", tmp_path / "out", *options)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_row_that_gold_fails_on_stops_the_evaluation_and_is_named(run, rows, data, tmp_path):
    row = next(row for row in open_dataset(data).rows() if row.expected.outputs)
    nowhere = row.expected.outputs[0] | {"pointer": "/" + next(iter(json.loads(_result(row))))}
    forged = {**row.model_dump(), "id": "forged", "seed": row.seed + 1}
    forged["expected"] = {**forged["expected"], "outputs": [nowhere], "state": "00"}
    folder = rows.write(tmp_path / "set", [[Conversation.model_validate(forged)]])
    result = run("evaluate", "--data", folder, "--scripted", "gold", "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert "gold fails on 1 of 1 rows, the first forged" in result.stderr


def _result(row):
    return next(m.content for m in row.messages if m.role == "tool")


def test_two_evaluations_are_compared_pair_by_pair(run, gold, data, tmp_path):
    silent = tmp_path / "silent"
    silent.mkdir()
    for name in ("run.json", "scores.json"):
        (silent / name).write_bytes((gold[0] / name).read_bytes())
    for name in ("decisions.jsonl", "episodes.jsonl"):
        (silent / name).write_bytes(b"")
    result = run("compare", gold[0], silent, "--data", data)
    assert result.exit_code == 0, result.stderr
    assert "harmed: single calls 100.0% -> 0.0%" in " ".join(result.stdout.split())
    assert "only A has right" in result.stdout
    assert "(missing)" in result.stdout
    same = run("compare", gold[0], gold[0], "--data", data)
    assert "no harm seen" in same.stdout


@pytest.mark.parametrize("missing", ["run.json", "scores.json"])
def test_what_is_no_finished_evaluation_is_not_compared(run, gold, data, tmp_path, missing):
    folder = tmp_path / "half"
    folder.mkdir()
    for name in {"run.json", "scores.json"} - {missing}:
        (folder / name).write_bytes((gold[0] / name).read_bytes())
    result = run("compare", gold[0], folder, "--data", data)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def test_a_few_shot_evaluation_is_recorded_as_one_and_is_not_gone_on_with_as_another(
    run, data, tmp_path
):
    torch = pytest.importorskip("torch", reason="a local model runs on torch")
    torch.set_num_threads(1)
    model, out = tiny.save_tiny(tmp_path / "model"), tmp_path / "out"
    plain = ("evaluate", "--data", data, "--model", model, "--chat-template", "hermes",
             "--limit", 1, "--max-new-tokens", 4, "-o", out)  # fmt: skip
    done = run(*plain, "--few-shot")
    assert done.exit_code == 0, done.stderr
    assert json.loads((out / "run.json").read_bytes())["settings"]["few_shot"] == examples_digest()
    refused = run(*plain, "--resume")
    assert refused.exit_code == 2
    assert "another evaluation" in refused.stderr
    assert run(*plain, "--few-shot", "--resume").exit_code == 0


def test_gold_is_shown_no_examples(run, data, tmp_path):
    refused = run(
        "evaluate", "--data", data, "--scripted", "gold", "--few-shot", "-o", tmp_path / "x"
    )
    assert refused.exit_code == 2
    assert "gold knows the format" in refused.stderr
