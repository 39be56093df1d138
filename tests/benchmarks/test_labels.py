"""The label audit finds what is wrong: every planted fault, in rows of every scenario."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("transformers", reason="training needs transformers")

from callwright.generators.build import Job, build
from callwright.generators.recipe import BuildSection, ToolsSection
from callwright.schemas.errors import UserError

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def labels():
    import importlib

    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        made = importlib.import_module("labels")
        try:
            made.qwen.folder("qwen3")
        except UserError as error:
            pytest.skip(str(error))
        yield made
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    from callwright.curation.verify import certify

    folder = tmp_path_factory.mktemp("labels") / "out"
    weights = dict.fromkeys(("single", "parallel", "chain", "stateful"), 1)
    section = BuildSection.model_validate({"count": 8, "scenarios": weights})
    build(Job(section, ToolsSection(), 5, certify), folder, {})
    return folder


@pytest.mark.parametrize(
    "name", ["qwen2.5", "qwen3", pytest.param("qwen3-quiet", marks=pytest.mark.slow)]
)
def test_no_label_is_wrong_and_no_planted_fault_is_missed(labels, dataset, capsys, name):
    assert labels.main([str(dataset), "--check", "--with", name]) == 0
    told = capsys.readouterr().out
    assert "8 rows" in told
    assert "wrong tokens 0" in told
    assert "of 15 kinds, missed none" in told


def test_the_audit_fails_when_labels_are_wrong(labels, dataset, capsys, monkeypatch):
    from callwright.training.render import Renderer

    right = Renderer.render

    def spoilt(self, row):
        first, *others = right(self, row)
        return [labels.FAULTS[0](first, self._tokenizer), *others]

    monkeypatch.setattr(labels.Renderer, "render", spoilt)
    assert labels.main([str(dataset), "--check", "--with", "qwen2.5"]) == 1
    assert "wrong tokens 8" in capsys.readouterr().out
