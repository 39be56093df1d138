"""The rules that look across rows, and what becomes of rows that break them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from callwright.generators import build as builder
from callwright.generators.build import Job, build
from callwright.generators.maker import Failure
from callwright.generators.recipe import BuildSection, ToolsSection
from callwright.schemas.errors import UserError
from callwright.schemas.record import Conversation
from callwright.schemas.store import open_dataset

from .conftest import job

TIGHT = {"scenarios": {"single": 1}, "languages": {"en": 1}, "max_per_skeleton": 1}


def _narrow(count: int, **section: Any) -> Job:
    """A build of one small pack, where the same wording soon comes again."""
    whole = job(count)
    return replace(
        whole, build=BuildSection(count=count, **section), tools=ToolsSection(packs=("science",))
    )


def test_no_skeleton_occurs_more_often_than_allowed_and_what_does_is_rejected_whole(
    tmp_path: Path,
) -> None:
    manifest = build(_narrow(150, **TIGHT), tmp_path / "out", {})
    found = open_dataset(tmp_path / "out")
    skeletons = Counter(row.plan.skeleton for row in found.rows())
    assert max(skeletons.values()) == 1
    refused = [r for r in found.rejects() if r.reason == "skeleton_too_often"]
    assert refused
    assert all(r.row["messages"] and r.row["plan"]["skeleton"] in skeletons for r in refused)
    assert manifest.counts.rejected_by_reason["skeleton_too_often"] == len(refused)


class _Stop(Exception):
    pass


def test_a_resumed_build_remembers_what_was_asked_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "PART_ROWS", 20)
    wanted = _narrow(150, **TIGHT)

    def interrupt(progress: builder.Progress) -> None:
        if progress.kept == 93:
            raise _Stop

    with pytest.raises(_Stop):
        build(wanted, tmp_path / "cut", {}, progress=interrupt)
    seen: list[builder.Progress] = []
    build(wanted, tmp_path / "cut", {}, resume=True, progress=lambda p: seen.append(replace(p)))
    build(wanted, tmp_path / "whole", {})
    assert seen[0].kept == 81  # four parts of 20 were kept
    for name in ("cut", "whole"):
        assert (tmp_path / name / "manifest.json").read_bytes() == (
            tmp_path / "whole" / "manifest.json"
        ).read_bytes()


def _fails_on(row: Conversation, _toolbox: object) -> Conversation:
    """A gate that nothing passes from the third row on."""
    _fails_on.made = getattr(_fails_on, "made", 0) + 1  # type: ignore[attr-defined]
    if _fails_on.made > 3:  # type: ignore[attr-defined]
        from callwright.schemas.record import Gate

        return row.model_copy(update={"gates": {"form": Gate(outcome="fail", detail="no")}})
    return row


def test_a_row_that_cannot_be_made_is_counted_and_the_build_goes_on(tmp_path: Path) -> None:
    section = {"scenarios": {"irrelevant": 1}, "attempts": 2}
    manifest = build(replace(_narrow(6, **section), certify=_fails_on), tmp_path / "out", {})
    assert manifest.finished
    assert manifest.counts.kept == 3
    assert manifest.counts.rejected_by_reason == {"exhausted": 3, "gate_form": 6}
    found = list(open_dataset(tmp_path / "out").rejects())
    assert len(found) == 9
    assert all(r.row["messages"] for r in found if r.reason == "gate_form")
    assert {r.row["index"] for r in found if r.reason == "exhausted"} == {3, 4, 5}


def _dies(row: Conversation, _toolbox: object) -> Conversation:
    import os

    os._exit(9)


def test_a_worker_that_dies_is_said_with_the_way_on(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="run again with --resume"):
        build(replace(job(60), certify=_dies), tmp_path / "out", {}, workers=2)


def test_a_failure_keeps_what_is_known_of_the_row() -> None:
    maker = _narrow(5, scenarios={"stateful": 1}, attempts=2).maker()
    made = [failure for _, failure in maker.attempts(0)]
    assert len(made) == 2
    for failure in made:
        assert isinstance(failure, Failure)
        assert failure.row["scenario"] == "stateful"
        assert failure.reason
