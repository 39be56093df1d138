"""`callwright publish` and `pull`, as a user runs them, and what the real readers make of it."""

import os
import re
import subprocess
import sys

import pytest

from callwright.schemas.store import open_dataset

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload:DeprecationWarning")

RECIPE = """\
seed: 4
build:
  count: 12
  scenarios: {chain: 1, single: 1, irrelevant: 1}
  languages: {en: 1, zh: 1}
tools:
  packs: [units, contacts]
"""

READ = """
import datasets, json, sys
from callwright.schemas.hf import from_dataset
from callwright.schemas.store import open_dataset
datasets.disable_progress_bars()
here = open_dataset(sys.argv[1])
rows = datasets.load_dataset("org/set")
proof = datasets.load_dataset("org/set", "everything", revision="v1.0")
assert list(rows) == list(proof) == ["train"], rows
assert list(from_dataset(proof["train"])) == list(here.rows())
text = proof["train"].with_format("arrow")[:]
for name, column in here.frame().to_dict(as_series=False).items():
    assert text[name].to_pylist() == column, name
short = datasets.load_dataset("org/set", split="train", streaming=True)
assert list(short) == list(rows["train"])
for row, ours in zip(rows["train"], here.rows(), strict=True):
    assert row["messages"] == [m.model_dump(exclude_none=True) for m in ours.messages]
    assert row["tools"] == ours.tools
again = datasets.load_dataset("org/set", "openai", split="train")
calls = [c for row in again for m in row["messages"] for c in m.get("tool_calls") or ()]
assert calls and all(isinstance(call["function"]["arguments"], str) for call in calls)
print("equal")
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    home = tmp_path_factory.mktemp("built")
    (home / "recipe.yaml").write_text(RECIPE)
    line = [sys.executable, "-m", "callwright.cli", "build", "recipe.yaml", "-o", "out"]
    subprocess.run(line, cwd=home, capture_output=True, text=True, check=True)
    return home / "out"


def test_a_dataset_on_the_hub_opens_at_once_and_comes_back_whole(built, hub, run, tmp_path):
    sent = run("publish", built, "--to", "hf://org/set", "--tag", "v1.0", "--format", "openai")
    assert sent.exit_code == 0, sent.output
    assert "hf://org/set: 12 rows: all 12" in sent.stdout
    assert "private · tag v1.0" in sent.stdout
    read = subprocess.run(
        [sys.executable, "-c", READ, built],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        check=False,
    )
    assert (read.stdout, read.returncode) == ("equal\n", 0), read.stderr
    back = run("pull", "hf://org/set@v1.0", "-o", tmp_path / "back")
    assert back.exit_code == 0, back.output
    assert "12 rows in" in back.stdout
    assert open_dataset(tmp_path / "back").digest == open_dataset(built).digest
    proven = run("verify", tmp_path / "back", "--workers", "1")
    assert proven.exit_code == 0, proven.output
    again = run("publish", built, "--to", "hf://org/set", "--format", "openai")
    assert "is up to date: nothing was changed" in again.stdout
    assert len(hub.repos["org/set"].commits) == 2


def test_the_commands_in_the_card_rebuild_the_dataset_byte_by_byte(built, run, tmp_path):
    url = (tmp_path / "out").as_uri()
    assert run("publish", built, "--to", url).exit_code == 0
    card = (tmp_path / "out" / "README.md").read_text()
    for name, text in re.findall(r"`(\w+\.yaml)`:\n\n```yaml\n(.*?)```", card, re.DOTALL):
        (tmp_path / name).write_text(text)
    (command,) = re.findall(r"^callwright (build .*)$", card, re.MULTILINE)
    line = [sys.executable, "-m", "callwright.cli", *command.split()]
    subprocess.run(line, cwd=tmp_path, capture_output=True, check=True)
    assert open_dataset(tmp_path / "1_build").digest == open_dataset(built).digest


def test_a_dry_run_shows_card_and_files_and_leaves_nothing(built, hub, run, tmp_path):
    for url in ("hf://org/set", (tmp_path / "out").as_uri()):
        shown = run("publish", built, "--to", url, "--dry-run")
        assert shown.exit_code == 0, shown.output
        assert "## What a row promises" in shown.stdout
        assert re.search(r"write   data/all/part-00000\.parquet  [\d,]+ bytes", shown.stdout)
        assert f"would be published to {url}: 12 rows: all 12" in shown.stdout
    assert not hub.repos
    assert all(method == "GET" for method, _ in hub.log)
    assert not (tmp_path / "out").exists()


def test_a_dry_run_needs_no_token(built, hub, run, monkeypatch):
    monkeypatch.setattr("huggingface_hub.utils._auth._get_token_from_file", lambda: None)
    monkeypatch.delenv("HF_TOKEN")
    shown = run("publish", built, "--to", "hf://org/set", "--dry-run")
    assert shown.exit_code == 0, shown.output
    assert "not compared with what stands there" in shown.stderr


def test_what_must_not_leave_is_listed_and_stays(rows, run, tmp_path):
    words = rows.make("aa11").messages
    said = words[-1].model_copy(update={"content": "Ask jane.roe@gmail.com."})
    row = rows.make("aa11", messages=[*words[:-1], said])
    folder = rows.write(tmp_path / "d", [[row]])
    sent = run("publish", folder, "--to", (tmp_path / "out").as_uri())
    assert sent.exit_code == 2
    assert "row aa11, messages: e-mail address: jane.roe@gmail.com" in sent.stderr
    last = [line for line in sent.stderr.splitlines() if line][-1]
    assert last.startswith(f"callwright: {folder} was not published: ")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--to", "hf://org"], "write hf://org/name"),
        (["--to", "out"], "is no URL"),
        (["--to", "memory://x", "--tag", "v1"], "knows no tags"),
        (["--to", "memory://x", "--public"], "nobody's rights"),
        (["--to", "memory://x", "--format", "nestful"], "no config can be made in format"),
        (["--to", "memory://x", "--format", "csv"], "choose "),
    ],
)
def test_a_wrong_option_is_one_line(options, told, built, run):
    sent = run("publish", built, *options)
    assert sent.exit_code == 2
    assert isinstance(sent.exception, SystemExit)
    assert told in [line for line in sent.stderr.splitlines() if line][-1]
