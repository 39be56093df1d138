"""The same recipe gives the same bytes, however it is built and however often it is killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from callwright.generators.build import build
from callwright.schemas.errors import RecipeError, StoreError
from callwright.schemas.store import open_dataset

from .conftest import job

RECIPE = """
seed: 11
build:
  count: 1200
"""


def _bytes(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_one_and_two_workers_give_the_same_bytes(tmp_path: Path) -> None:
    build(job(80), tmp_path / "one", {}, workers=1)
    build(job(80), tmp_path / "two", {}, workers=2)
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")


def test_another_seed_gives_other_rows(tmp_path: Path) -> None:
    for seed in (1, 2):
        build(job(10, seed), tmp_path / str(seed), {})
    one, two = ({r.id for r in open_dataset(tmp_path / s).rows()} for s in "12")
    assert not one & two


def test_rows_and_rejects_are_counted(tmp_path: Path) -> None:
    manifest = build(job(60), tmp_path / "out", {})
    found = open_dataset(tmp_path / "out")
    assert len(list(found.rows())) == manifest.counts.kept == 60
    assert len(list(found.rejects())) == manifest.counts.rejected
    assert sum(manifest.counts.rejected_by_reason.values()) == manifest.counts.rejected


def test_a_finished_folder_is_refused_without_force(tmp_path: Path) -> None:
    build(job(5), tmp_path / "out", {})
    with pytest.raises(StoreError, match="--force"):
        build(job(5), tmp_path / "out", {})
    build(job(5), tmp_path / "out", {}, force=True)


def test_a_recipe_without_a_feasible_plan_is_refused_in_one_line(tmp_path: Path) -> None:
    from callwright.generators.build import Job
    from callwright.generators.recipe import BuildSection, ToolsSection

    hopeless = job(5)
    hopeless = Job(
        BuildSection(count=5, scenarios={"stateful": 1}, attempts=5),
        ToolsSection(packs=("units",)),
        hopeless.seed,
        hopeless.certify,
    )
    with pytest.raises(RecipeError, match="no feasible plan") as error:
        build(hopeless, tmp_path / "out", {})
    assert "\n" not in str(error.value)


@pytest.mark.slow
def test_killed_at_random_moments_and_resumed_it_ends_with_the_same_bytes(tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(RECIPE)

    def command(folder: str, *more: str) -> list[str]:
        line = [sys.executable, "-m", "callwright.cli", "build", str(recipe)]
        return [*line, "-o", str(tmp_path / folder), "--workers", "2", *more]

    started = time.monotonic()
    subprocess.run(command("whole"), check=True, capture_output=True)
    whole = time.monotonic() - started
    chance = random.Random(5)
    for round_ in range(3):
        folder = f"killed{round_}"
        finished = False
        for moment in [chance.uniform(0.2, whole) for _ in range(4)] + [600]:
            if finished:
                break
            process = subprocess.Popen(
                command(folder, "--resume"),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            try:
                finished = process.wait(moment) == 0
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        assert finished
        assert _bytes(tmp_path / folder) == _bytes(tmp_path / "whole")
