"""`callwright build`: what a user can get wrong is one line, exit code 2, and nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from callwright.generators import build as builder
from callwright.schemas.store import open_dataset

SMALL_PARTS = (
    "from callwright.generators import build; build.PART_ROWS = 20; "
    "from callwright.cli import main; main()"
)
"""The command, with parts so small that an interrupt need not wait long for the first."""


@pytest.fixture
def recipe(tmp_path):
    """Write a recipe; gives its path."""

    def write(text="seed: 4\nbuild: {count: 6, scenarios: {single: 1}}\n"):
        path = tmp_path / "recipe.yaml"
        path.write_text(text)
        return path

    return write


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Six rows, made by the command."""
    home = tmp_path_factory.mktemp("built")
    (home / "recipe.yaml").write_text("seed: 4\nbuild: {count: 6, scenarios: {single: 1}}\n")
    line = [sys.executable, "-m", "callwright.cli", "build", "recipe.yaml", "-o", "out"]
    done = subprocess.run(line, cwd=home, capture_output=True, text=True, check=True)
    assert done.stderr == ""  # nothing went wrong
    assert "6 rows in out" in done.stdout
    return home / "out"


@pytest.fixture
def refused(run):
    """Run a command that must be refused in one line; gives the line."""

    def line(*arguments):
        result = run(*arguments)
        assert result.exit_code == 2, result.output
        assert isinstance(result.exception, SystemExit)
        # A bar that never began to move may leave an empty line in a log, but no more.
        (said,) = [part for part in result.stderr.split("\n") if part]
        assert said.startswith("callwright: ")
        return said.removeprefix("callwright: ")

    return line


@pytest.fixture
def mounted(tmp_path):
    """Mount a small file system; only root can."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a file system that is full or read-only")
    home = tmp_path / "mounted"
    home.mkdir()

    def mount(options):
        line = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(home)]
        if subprocess.run(line, check=False, capture_output=True).returncode:
            pytest.skip("this machine lets nobody mount a tmpfs")
        return home

    yield mount
    subprocess.run(["/usr/bin/env", "umount", str(home)], check=False, capture_output=True)


def contents(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def _begun(folder):
    """Has a build a part that its manifest knows?"""
    manifest = folder / "manifest.json"
    return manifest.exists() and b"part-00000" in manifest.read_bytes()


# ---------------------------------------------------------------- what is refused


def test_a_misspelt_key_is_refused_before_anything_is_made(refused, recipe, tmp_path):
    line = refused("build", recipe("build: {cuont: 3}"), "-o", tmp_path / "out")
    assert "did you mean 'count'?" in line
    assert not (tmp_path / "out").exists()


def test_an_unknown_pack_is_refused_before_anything_is_made(refused, recipe, tmp_path):
    line = refused("build", recipe("tools: {packs: [shoop]}"), "-o", tmp_path / "out")
    assert "unknown pack 'shoop'" in line
    assert not (tmp_path / "out").exists()


def test_a_recipe_that_is_not_there_is_refused(refused, tmp_path):
    assert "cannot read recipe" in refused("build", tmp_path / "none.yaml", "-o", tmp_path / "out")


def test_a_recipe_with_no_feasible_plan_says_what_to_change(refused, recipe, tmp_path):
    path = recipe(
        "build: {count: 3, scenarios: {stateful: 1}, attempts: 2}\ntools: {packs: [units]}"
    )
    line = refused("build", path, "-o", tmp_path / "out")
    assert "no feasible plan" in line
    assert "'stateful'" in line
    assert "tools.packs" in line


def test_an_unwritable_folder_is_refused(refused, recipe, tmp_path, request):
    if os.geteuid() == 0:
        home = request.getfixturevalue("mounted")("ro")
    else:
        home = tmp_path / "closed"
        home.mkdir(0o555)
    assert "name a folder you may write to" in refused("build", recipe(), "-o", home / "out")


def test_a_file_where_the_folder_should_be_stays(refused, recipe, tmp_path):
    (tmp_path / "out").write_text("mine")
    assert "cannot write" in refused("build", recipe(), "-o", tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize("more", [(), ("--force",), ("--resume",)], ids=["", "force", "resume"])
def test_a_folder_of_somebody_else_is_refused_and_keeps_everything(refused, recipe, tmp_path, more):
    (tmp_path / "out" / "data").mkdir(parents=True)
    (tmp_path / "out" / "data" / "part-00000.parquet").write_text("mine")
    (tmp_path / "out" / "thesis.tex").write_text("mine too")
    before = contents(tmp_path / "out")
    assert "not a readable dataset" in refused("build", recipe(), "-o", tmp_path / "out", *more)
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ((), "replace it with --force"),
        (("--resume",), "nothing to resume"),
        (("--resume", "--force"), "choose one"),
    ],
)
def test_a_finished_dataset_is_refused_and_keeps_everything(
    refused, recipe, built, tmp_path, more, message
):
    shutil.copytree(built, tmp_path / "out")
    before = contents(built)
    assert message in refused("build", recipe(), "-o", tmp_path / "out", *more)
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize("option", [("--seed", "5"), ("--count", "7")])
def test_resuming_with_another_recipe_is_refused_and_keeps_everything(
    refused, recipe, built, tmp_path, option
):
    out = tmp_path / "out"
    shutil.copytree(built, out)
    manifest = json.loads((out / "manifest.json").read_text())
    (out / "manifest.json").write_text(json.dumps({**manifest, "finished": False}))
    before = contents(out)
    line = refused("build", recipe(), "-o", out, "--resume", *option)
    assert "begun with another recipe" in line
    assert contents(out) == before


@pytest.mark.parametrize("command", ["verify", "show"])
@pytest.mark.parametrize("harm", ["changed", "cut", "gone"])
def test_a_corrupt_part_is_refused_by_who_reads_it(refused, built, tmp_path, command, harm):
    shutil.copytree(built, tmp_path / "out")
    part = tmp_path / "out" / "data" / "all" / "part-00000.parquet"
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    if harm == "gone":
        part.unlink()
    else:
        part.write_bytes(data if harm == "changed" else data[: len(data) // 2])
    line = refused(command, tmp_path / "out")
    assert "part-00000.parquet" in line
    assert "rebuild the dataset" in line


@pytest.mark.parametrize("option", [("--seed", "-1"), ("--seed", str(2**63)), ("--count", "0")])
def test_a_number_out_of_range_is_refused_before_anything_is_made(run, recipe, tmp_path, option):
    result = run("build", recipe(), "-o", tmp_path / "out", *option)
    assert result.exit_code == 2
    assert option[0] in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_full_disk_is_one_line_and_with_space_again_the_build_goes_on(
    run, refused, recipe, tmp_path, mounted, monkeypatch
):
    monkeypatch.setattr(builder, "PART_ROWS", 10)
    path = recipe("seed: 4\nbuild: {count: 60}")
    home = mounted("size=80k")
    line = refused("build", path, "-o", home / "out", "--workers", 1)
    assert "No space left on device; free some space, then go on with --resume" in line
    kept = open_dataset(home / "out", unfinished=True)
    assert len(list(kept.rows())) == len(kept) < 60  # what was promised is whole
    mounted("remount,size=8m")
    assert run("build", path, "-o", home / "out", "--workers", 1, "--resume").exit_code == 0
    run("build", path, "-o", tmp_path / "whole", "--workers", 1)
    assert contents(home / "out") == contents(tmp_path / "whole")


# ------------------------------------------------------------------ what is made


def test_count_and_seed_stand_in_for_the_recipes_and_are_saved_with_it(
    run, recipe, built, tmp_path
):
    result = run("build", recipe(), "-o", tmp_path / "out", "--count", 3, "--seed", 9)
    assert result.exit_code == 0
    made = open_dataset(tmp_path / "out")
    assert len(list(made.rows())) == made.manifest.recipe["build"]["count"] == 3
    assert made.manifest.seed == made.manifest.recipe["seed"] == 9
    first = open_dataset(built)
    assert first.manifest.recipe["build"]["count"] == 6
    assert not {row.id for row in first.rows()} & {row.id for row in made.rows()}


def test_the_manifest_holds_the_resolved_recipe_from_which_the_same_rows_come(run, built, tmp_path):
    path = tmp_path / "again.yaml"
    path.write_text(json.dumps(open_dataset(built).manifest.recipe))  # JSON is YAML
    assert run("build", path, "-o", tmp_path / "out").exit_code == 0
    assert contents(tmp_path / "out") == contents(built)


def test_force_replaces_a_dataset_and_leaves_what_is_not_of_it(run, recipe, built, tmp_path):
    shutil.copytree(built, tmp_path / "out")
    (tmp_path / "out" / "notes.txt").write_text("mine")
    result = run("build", recipe(), "-o", tmp_path / "out", "--force", "--count", 2)
    assert result.exit_code == 0
    assert len(open_dataset(tmp_path / "out")) == 2
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_says_how_to_go_on_and_going_on_gives_the_same_bytes(
    run, recipe, tmp_path, workers, monkeypatch
):
    path, out = recipe("seed: 4\nbuild: {count: 240, scenarios: {single: 1}}"), tmp_path / "out"
    line = [sys.executable, "-c", SMALL_PARTS, "build", str(path), "-o", str(out)]
    process = subprocess.Popen(
        [*line, "--workers", workers],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    give_up = time.monotonic() + 60
    while not _begun(out) and process.poll() is None:
        assert time.monotonic() < give_up
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the command
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    said = [part for part in stderr.split("\n") if part]
    assert said == ["callwright: interrupted; run it again with --resume to go on from here"]
    kept = open_dataset(out, unfinished=True)
    assert 0 < len(list(kept.rows())) == len(kept) < 240
    monkeypatch.setattr(builder, "PART_ROWS", 20)
    assert run("build", path, "-o", out, "--resume", "--workers", 1).exit_code == 0
    if workers == "2":
        run("build", path, "-o", tmp_path / "whole", "--workers", 1)
        assert contents(out) == contents(tmp_path / "whole")
