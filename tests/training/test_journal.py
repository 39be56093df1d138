"""Records outlive the run that wrote them, whole ones at least."""

from __future__ import annotations

from pathlib import Path

import pytest

from callwright.schemas.errors import StoreError
from callwright.training.journal import Journal, read_records
from callwright.training.records import Decision
from callwright.training.turns import read_turn


def decision(message: int) -> Decision:
    return Decision(row="r", message=message, turn=read_turn("Hello."))


def test_what_was_added_is_there_again_and_more_can_be_added(tmp_path: Path) -> None:
    with Journal(tmp_path / "d.jsonl", Decision) as first:
        first.add([decision(1), decision(3)])
    with Journal(tmp_path / "d.jsonl", Decision) as again:
        assert again.records == [decision(1), decision(3)]
        again.add([decision(5)])
    assert len((tmp_path / "d.jsonl").read_bytes().splitlines()) == 3


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_line_cut_off_in_the_writing_is_dropped_and_written_anew(
    tmp_path: Path, cut: int
) -> None:
    path = tmp_path / "d.jsonl"
    with Journal(path, Decision) as one:
        one.add([decision(1), decision(3)])
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    with Journal(path, Decision) as two:
        assert two.records == [decision(1)]
        two.add([decision(3)])
    assert path.read_bytes() == whole


def test_a_whole_line_that_is_no_record_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text('{"row": 7}\n')
    with pytest.raises(StoreError, match=r"d\.jsonl:1 is no Decision"):
        Journal(path, Decision)


def test_reading_leaves_a_file_that_is_still_written_to_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    assert read_records(path, Decision) == []
    assert not path.exists()
    with Journal(path, Decision) as one:
        one.add([decision(1), decision(3)])
    half = path.read_bytes()[:-20]
    path.write_bytes(half)
    assert read_records(path, Decision) == [decision(1)]
    assert path.read_bytes() == half
    path.write_bytes(b"[]\n")
    with pytest.raises(StoreError, match="start anew"):
        read_records(path, Decision)


def test_what_failed_for_a_passing_reason_is_dropped_and_what_the_model_failed_at_is_not(
    tmp_path: Path,
) -> None:
    path = tmp_path / "d.jsonl"
    reasons = (None, "timeout: 60 s", "context: too long", "endpoint: 503", "template: refused")
    said = [decision(n).model_copy(update={"failure": reason}) for n, reason in enumerate(reasons)]
    with Journal(path, Decision) as one:
        one.add(said)
    with Journal(path, Decision) as two:
        assert [d.message for d in two.records] == [0, 2, 4]
        two.add([decision(1), decision(3)])
    with Journal(path, Decision) as three:
        assert [d.message for d in three.records] == [0, 2, 4, 1, 3]
