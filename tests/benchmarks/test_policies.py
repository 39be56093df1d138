"""The benchmarks of the policies run whole on a tiny model, and tell what differs."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from callwright.curation.verify import certify
from callwright.generators.build import Job, build
from callwright.generators.recipe import BuildSection, ToolsSection
from callwright.schemas.store import open_dataset
from callwright.training.policies.base import Prompt, Reply
from callwright.training.policies.hf import HfPolicy
from callwright.training.policies.hf_load import load_hf, read_template
from callwright.training.turns import Turn

from ..training import tiny  # noqa: TID252 - tests are no installed package

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def evaluate() -> Iterator[Any]:
    yield from script("evaluate")


@pytest.fixture(scope="module")
def agreement() -> Iterator[Any]:
    yield from script("agreement")


def script(name: str) -> Iterator[Any]:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        yield importlib.import_module(name)
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def chains(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("build") / "out"
    section = BuildSection.model_validate({"count": 2, "scenarios": {"chain": 1}})
    build(Job(section, ToolsSection(), 5, certify), folder, {})
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    return tiny.save_tiny(folder, template=read_template("hermes"), end_ids=2, context=16384)


def test_guided_episodes_succeed_both_ways_and_too_low_a_ratio_fails_the_check(
    evaluate: Any,
    chains: Path,
    model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(evaluate, "WANTED", 1e9)
    assert evaluate.main([str(chains), "--model", str(model), "--rows", "1", "--check"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("1 episodes of ")
    assert [line.split(":")[0].strip() for line in told[1:]] == ["one by one", "HfPolicy", "ratio"]


def test_an_episode_that_fails_makes_the_figures_worthless(
    evaluate: Any,
    chains: Path,
    model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(evaluate, "naive", lambda rows, *_: [False] * len(rows))
    assert evaluate.main([str(chains), "--model", str(model), "--rows", "1"]) == 1
    said = capsys.readouterr()
    assert "did not all succeed" in said.err
    assert "ratio" not in said.out


def test_a_folder_without_a_dataset_is_told_in_one_line(
    evaluate: Any, agreement: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate.main([str(tmp_path)]) == 2
    assert agreement.main([str(tmp_path), str(tmp_path), "--server", "none"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_agreement_asks_for_a_server_and_for_splits_to_test(
    agreement: Any, chains: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        agreement.main([str(chains), str(tmp_path)])
    assert "--server" in capsys.readouterr().err
    assert agreement.main([str(chains), str(tmp_path), "--server", "none"]) == 2
    assert "no split test_*" in capsys.readouterr().err


def test_a_server_that_does_not_start_is_told_in_one_line(agreement: Any, tmp_path: Path) -> None:
    with pytest.raises(agreement.UserError, match="cannot start"):
        agreement.served(str(tmp_path / "none"), tmp_path).__enter__()


class Endpoint:
    """The same model behind an address, that says another thing to what a user says."""

    def __init__(self, _: str, model: str, *, max_new_tokens: int, **options: Any) -> None:
        self.name = "endpoint"
        loaded = load_hf(model, device="cpu")
        self._policy = HfPolicy(*loaded, name="", max_new_tokens=max_new_tokens)

    def turns(self, prompts: Sequence[Prompt]) -> list[Reply]:
        replies = self._policy.turns(prompts)
        planted = Turn("planted", raw="planted")
        return [
            replace(reply, turn=planted) if prompt.messages[-1]["role"] == "user" else reply
            for prompt, reply in zip(prompts, replies, strict=True)
        ]


def test_a_planted_disagreement_is_listed_and_fails_the_check(
    agreement: Any,
    chains: Path,
    model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    @contextmanager
    def served(*_: object) -> Iterator[str]:
        yield "http://127.0.0.1"

    rows = list(open_dataset(chains).rows())[:1]
    monkeypatch.setattr(agreement, "rows_to_ask", lambda *_: rows)
    monkeypatch.setattr(agreement, "served", served)
    monkeypatch.setattr(agreement, "OpenAIPolicy", Endpoint)
    places = [str(chains), str(tmp_path), "--server", "none", "--model", str(model)]
    assert agreement.main([*places, "--max-new-tokens", "3", "--check"]) == 1
    told = capsys.readouterr().out
    turns = sum(message.role == "assistant" for message in rows[0].messages)
    first = next(at for at, m in enumerate(rows[0].messages) if m.role == "assistant")
    # Once for the plain prompt and once with examples; what is equal is not listed.
    assert told.count("differs:") == told.count(f"differs: row {rows[0].id} message {first}") == 2
    assert told.count("tokens): 'planted'") == 2
    assert told.count(f"{(turns - 1) / turns:.2%} equal answers") == 2
