"""What lies beside an evaluation's scores, and how its episodes are looked at."""

from __future__ import annotations

import json
import shlex
import shutil

import pytest

from callwright.cli import load
from callwright.cli.evaluations import command_line

HOSTILE = (
    "<script>document.title='owned'</script><img src=http://evil.example/x "
    "onerror=\"document.title='owned'\"><style>*{display:none}</style></pre></table></details>"
    "<base href=http://evil.example>\x1b[2J\u202e"
)


@pytest.fixture(scope="session")
def hostile(run, gold, tmp_path_factory):
    """Gold's evaluation, as if a model had said other things; its report made anew."""
    folder = tmp_path_factory.mktemp("hostile") / "out"
    shutil.copytree(gold[0], folder)
    long = "a_name_without_any_space" * 5000
    spoilt = []
    for n, line in enumerate((folder / "decisions.jsonl").read_text().splitlines()):
        record = json.loads(line)
        text = (HOSTILE, long, HOSTILE + long)[n % 3]
        calls = record["turn"]["calls"]
        record["turn"]["raw"] = text
        if calls and n % 2:
            calls[0]["arguments"] = {text: text, **dict.fromkeys(calls[0]["arguments"], text)}
        elif calls:
            calls[0]["name"] = text
        else:
            record["failure"] = text
        spoilt.append(json.dumps(record))
    (folder / "decisions.jsonl").write_text("\n".join(spoilt) + "\n")
    spoilt = []
    for line in (folder / "episodes.jsonl").read_text().splitlines():
        record = json.loads(line)
        for executed in record["executed"]:
            executed["function"]["arguments"][HOSTILE] = HOSTILE
        for message in record["messages"]:
            for call in message.get("tool_calls") or ():
                call["function"]["arguments"][HOSTILE] = HOSTILE
        spoilt.append(json.dumps(record))
    (folder / "episodes.jsonl").write_text("\n".join(spoilt) + "\n")
    result = run("report", folder)
    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"{folder / 'report.html'} and {folder / 'summary.md'}\n"
    return folder


def test_evaluate_leaves_a_page_and_a_card_and_says_where(gold, data):
    folder, said = gold
    assert str(folder / "report.html") in said.replace("\n", "")
    assert (folder / "report.html").read_text("utf-8").startswith("<!doctype html>")
    card = (folder / "summary.md").read_text("utf-8")
    assert f"    callwright evaluate --data {data} --output {folder} --scripted gold" in card


def test_report_makes_the_same_page_again_and_leaves_the_records(run, gold, tmp_path):
    folder = tmp_path / "again"
    shutil.copytree(gold[0], folder)
    (folder / "report.html").unlink()
    assert run("report", folder).exit_code == 0
    for path in gold[0].iterdir():
        assert (folder / path.name).read_bytes() == path.read_bytes()


def test_a_dataset_that_moved_is_named_with_data(run, gold, data, dataset, tmp_path):
    folder = tmp_path / "moved"
    shutil.copytree(gold[0], folder)
    about = json.loads((folder / "run.json").read_text())
    about["data"] = str(tmp_path / "gone")
    (folder / "run.json").write_text(json.dumps(about))
    for command in ("show", "report"):
        lost = run(command, folder)
        assert lost.exit_code == 2
        assert "which is not there; add --data DIR" in lost.stderr
        other = run(command, folder, "--data", dataset)
        assert "is not the dataset" in other.stderr
        assert run(command, folder, "--data", data).exit_code == 0


def test_another_spelling_of_the_folder_is_the_same_evaluation(run, gold, data, monkeypatch):
    monkeypatch.chdir(data.parent)
    again = ("--scripted", "gold", "-o", gold[0], "--resume")
    assert run("evaluate", "--data", data.name, *again).exit_code == 0


def test_the_command_is_told_again_without_how_it_began_and_without_a_password():
    typed = ["--data", "my rows", "-o", "out", "--endpoint", "http://me:secret@127.0.0.1:9/v1"]
    typed += ["--model", "x", "--split", "test_*", "--split", "val", "--limit", "3", "--force"]
    with load("evaluate").make_context("evaluate", typed) as context:
        told = command_line(context)
    assert shlex.split(told)[:2] == ["callwright", "evaluate"]
    for words in ("--data 'my rows'", "--split 'test_*' --split val", "--limit 3", "--model x"):
        assert words in told
    assert "--endpoint http://127.0.0.1:9/v1" in told
    assert "force" not in told
    with load("evaluate").make_context("evaluate", shlex.split(told)[2:]) as again:
        assert command_line(again) == told


# ---------------------------------------------------------------------------- show


def test_show_prints_the_episode_of_a_row_and_gold_beside_it(run, gold):
    row = json.loads((gold[0] / "run.json").read_text())["rows"][0]
    result = run("show", gold[0], row[:12])
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith(row)
    assert "✓ chain success" in result.stdout
    assert "gold's calls" in result.stdout
    stored = json.loads(run("show", gold[0], row, "--json").stdout)
    assert (stored["row"], stored["ending"]) == (row, "answered")


def test_failed_episodes_are_found_and_none_are_said_to_be_none(run, gold, hostile, tmp_path):
    none = run("show", gold[0], "--failed")
    assert none.exit_code == 2
    assert "no such episode" in none.stderr
    page = tmp_path / "page.html"
    result = run("show", hostile, "--count", 3, "--html", page)
    assert result.stdout == f"3 of 40 episodes in {page}\n"
    assert page.read_text("utf-8").count("<article") == 3
    same = [run("show", gold[0], "--random", "--seed", 4).stdout for _ in range(2)]
    assert same[0] == same[1]


def test_an_evaluation_under_way_can_be_looked_at_and_is_left_as_it_is(run, gold, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    shutil.copy(gold[0] / "run.json", folder)
    assert "has no episodes yet" in run("show", folder).stderr
    whole = (gold[0] / "episodes.jsonl").read_bytes()
    (folder / "episodes.jsonl").write_bytes(whole[: len(whole) // 2])
    assert run("show", folder).exit_code == 0
    assert (folder / "episodes.jsonl").read_bytes() == whole[: len(whole) // 2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("GOLD", "zzz"), "no such row"),
        (("GOLD", "--scenario", "nothing"), "it has: "),
        (("DATA", "--failed"), "are for evaluations"),
        (("DATA", "--data", "x"), "are for evaluations"),
    ],
)
def test_what_cannot_be_shown_is_said_in_one_line(run, gold, data, arguments, said):
    named = {"GOLD": gold[0], "DATA": data}
    result = run("show", *(named.get(each, each) for each in arguments))
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("damage", ["[]", '{"format": "callwright-evaluation"}', "{"])
def test_a_damaged_run_is_one_line(run, tmp_path, damage):
    (tmp_path / "run.json").write_text(damage)
    for command in ("show", "report"):
        result = run(command, tmp_path)
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1


# --------------------------------------------------------------------- in a browser


@pytest.mark.parametrize("width", [390, 1280])
def test_what_a_model_said_is_text_and_nothing_else(visit, hostile, width):
    seen = visit(hostile / "report.html", width)
    assert seen.asked == [(hostile / "report.html").as_uri()]
    assert seen.complaints == []
    assert seen.overflow == 0
    assert seen.svgs >= 4
    assert seen.title == "gold: evaluation"
    assert seen.hidden == "block"
    assert "<script>document.title='owned'</script>" in seen.text
    assert (hostile / "report.html").stat().st_size < 300_000


def test_the_page_follows_day_and_night(visit, hostile):
    day, night = (visit(hostile / "report.html", 390, scheme) for scheme in ("light", "dark"))
    assert day.paper == "rgb(255, 255, 255)"
    assert day.ink != night.ink
