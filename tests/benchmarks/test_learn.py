"""The learning benchmark runs in parts, goes on where it stopped, and counts what it says."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from callwright.generators.recipe import BuildSection
from callwright.recipe import load_recipe

from ..training import tiny  # noqa: TID252 - tests are no installed package

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def scripts() -> Iterator[Any]:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        names = ("learn", "learn_ablation", "learn_page", "learn_work")
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save_tiny(tmp_path_factory.mktemp("model"), end_ids=2)


def test_both_recipes_make_rows_of_one_kind_of_different_tools() -> None:
    seen, unseen = (load_recipe(BENCHMARKS / f"{n}.yaml") for n in ("learn", "learn_unseen"))
    assert seen.tools.only
    assert unseen.tools.only
    assert not set(seen.tools.only) & set(unseen.tools.only)
    assert set(unseen.tools.packs) == set(seen.curation.split.held_out)
    for name in BuildSection.model_fields.keys() - {
        "count",
        "scenarios",
        "lengths",
        "max_per_skeleton",
    }:
        assert getattr(seen.build, name) == getattr(unseen.build, name)


def test_the_template_tells_a_tool_in_one_line(scripts: Any, model: Path) -> None:
    from callwright.training.policies.hf_load import load_tokenizer

    tokenizer = load_tokenizer(str(model), chat_template=str(scripts.learn_work.TEMPLATE))
    schema = {
        "type": "object",
        "properties": {
            "city": {"type": "string", "description": "Name of the city."},
            "days": {"type": "integer"},
            "unit": {"type": "string", "enum": ["C", "F"]},
        },
        "required": ["city"],
    }
    tool = {"name": "forecast", "description": "Weather.", "parameters": schema}
    text = tokenizer.apply_chat_template(
        [{"role": "user", "content": "Hi"}],
        tools=[{"type": "function", "function": tool}],
        tokenize=False,
    )
    line = "- forecast(city: Name of the city, days? integer, unit? C|F): Weather.\n"
    assert f"You can call functions:\n{line}To call" in text


def _run(right: dict[str, list[int]]) -> dict[str, Any]:
    splits = ("test_seen", "test_unseen_shapes", "test_unseen_tools")
    empty: dict[str, list[int]] = {}
    return {
        "splits": {
            name: {"decisions": right if name == "test_seen" else empty, "episodes": {"a": [1, 1]}}
            for name in splits
        }
    }


def test_weightings_are_compared_row_by_row_over_their_seeds(scripts: Any) -> None:
    first = [_run({"a": [1, 2], "b": [0, 2]}), _run({"a": [1, 2], "b": [0, 2]})]
    second = [_run({"a": [2, 2], "b": [1, 2]}), _run({"a": [1, 2], "b": [2, 2]})]
    turns, rows = scripts.learn_ablation.against(first, second)
    assert turns["value"] == pytest.approx(4 / 8)
    assert turns["low"] <= turns["value"] <= turns["high"]
    assert rows["value"] == 0
    figures = scripts.learn_ablation.figures(second)[0]
    assert figures["seeds"] == [pytest.approx(3 / 4), pytest.approx(3 / 4)]
    assert figures["value"] == pytest.approx(6 / 8)


def test_a_part_that_does_not_exist_is_refused_with_those_that_do(
    scripts: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        scripts.learn.main([str(tmp_path), "--only", "nothing"])
    assert "no part begins with 'nothing': data, plain, main" in capsys.readouterr().err


@pytest.mark.slow
def test_the_miniature_runs_in_parts_and_each_part_once(
    scripts: Any, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [str(tmp_path), "--scale", "tiny", "--model", str(model)]
    for only in ("data", "main"):
        assert scripts.learn.main([*asked, "--only", only]) == 0
    # Killed after the training, before its part was written: nothing is trained twice.
    made = json.loads((tmp_path / "main.json").read_bytes())
    (tmp_path / "main.json").unlink()
    assert scripts.learn.main(asked) == 0
    again = json.loads((tmp_path / "main.json").read_bytes())
    assert again["losses"] == made["losses"]
    assert again["tokens"] == made["tokens"]

    written = {path: path.stat().st_mtime_ns for path in tmp_path.glob("[a-k]*.json")}
    capsys.readouterr()
    assert scripts.learn.main(asked) == 0
    names = list(scripts.learn.parts(scripts.learn_work.SCALES["tiny"]))
    assert capsys.readouterr().out.split("\n")[:-1] == [f"{name}: done" for name in names]
    assert written == {path: path.stat().st_mtime_ns for path in written}

    page = (tmp_path / "learn.md").read_text("utf-8")
    for heading in (
        "The rows",
        "Before and after",
        "How many rows",
        "Which tokens",
        "What fails",
        "Narrow and broad",
    ):
        assert f"## {heading}" in page
    assert {path.stem for path in tmp_path.glob("*.png")} == {
        "learn-loss", "learn-sizes", "learn-weights",
    }  # fmt: skip
    data = json.loads((tmp_path / "data.json").read_bytes())
    assert all(split["fewest_distractors"] >= 3 for split in data["splits"].values())


def test_the_published_tables_are_made_from_the_published_parts(
    scripts: Any, tmp_path: Path
) -> None:
    parts = sorted((BENCHMARKS / "learned").glob("*.json"))
    assert parts
    for part in parts:
        assert "model" not in json.loads(part.read_bytes()).get("section", {}), part
        shutil.copy(part, tmp_path)
    assert scripts.learn.main([str(tmp_path), "--only", "page"]) == 0
    made = (tmp_path / "learn.md").read_text("utf-8").splitlines()
    published = (BENCHMARKS.parent / "docs" / "learn.md").read_text("utf-8").splitlines()
    told = [line for line in made if line.startswith(("|", "## "))]
    assert told
    assert [line for line in told if line not in published] == []
