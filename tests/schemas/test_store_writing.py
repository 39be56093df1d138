import errno
import os
import subprocess
from datetime import date
from pathlib import Path

import orjson
import pytest

from callwright.schemas import store_write
from callwright.schemas.errors import StoreError
from callwright.schemas.store import Writer, open_dataset

# ---------------------------------------------------------- same bytes


def test_the_same_data_gives_the_same_bytes(kit, tmp_path):
    assert kit.files(kit.make_dataset(tmp_path / "a")) == kit.files(
        kit.make_dataset(tmp_path / "b")
    )


class Killed(BaseException):
    """What a kill is to a test: nothing in the code may catch it."""


def make_dataset_until(kit, fatal, folder, monkeypatch):
    """Make the dataset but die at the `fatal`-th call that makes something durable."""
    steps = 0

    def dies(original):
        def step(*arguments, **options):
            nonlocal steps
            steps += 1
            if steps == fatal:
                raise Killed
            return original(*arguments, **options)

        return step

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", dies(os.fsync))
        patch.setattr(Path, "replace", dies(Path.replace))
        kit.make_dataset(folder)


def is_finished(folder):
    path = folder / "manifest.json"
    return path.exists() and orjson.loads(path.read_bytes())["finished"]


def test_a_write_killed_anywhere_and_resumed_gives_the_same_bytes(kit, tmp_path, monkeypatch):
    whole = kit.files(kit.make_dataset(tmp_path / "whole"))
    for fatal in range(1, 100):
        folder = tmp_path / str(fatal)
        try:
            make_dataset_until(kit, fatal, folder, monkeypatch)
        except Killed:
            if not is_finished(folder):
                writer = Writer(folder, kit.PLAN, resume=True)
                assert {name for name in kit.files(folder) if "part" in name} == {
                    part.path for part in (*writer.manifest.parts, *writer.manifest.rejects)
                }
                kit.write_three_parts(writer, writer.manifest.progress.get("next", 0))
                writer.finish(builds={"b1": {"packs": ["travel"]}})
            assert kit.files(folder) == whole
        else:
            break
    assert fatal == 34  # eleven kit.files, each synced, renamed and its folder synced


# ---------------------------------------------- resume, force, refusal


def test_a_finished_dataset_is_not_overwritten_unless_forced(kit, tmp_path):
    folder = kit.make_dataset(tmp_path / "d")
    before = kit.files(folder)
    with pytest.raises(StoreError, match=r"finished dataset; .*--force"):
        Writer(folder, kit.PLAN)
    with pytest.raises(StoreError, match="nothing to resume"):
        Writer(folder, kit.PLAN, resume=True)
    with pytest.raises(StoreError, match="choose one"):
        Writer(folder, kit.PLAN, resume=True, force=True)
    assert kit.files(folder) == before


def test_an_unfinished_dataset_is_resumed_only_when_asked_and_only_by_the_same_command(
    kit, tmp_path
):
    folder = tmp_path / "d"
    kit.write_three_parts(Writer(folder, kit.PLAN), stop=2)
    with pytest.raises(StoreError, match=r"unfinished .*--resume .*--force"):
        Writer(folder, kit.PLAN)
    with pytest.raises(StoreError, match="begun with another recipe"):
        Writer(folder, kit.PLAN.model_copy(update={"recipe": {"rows": 9}}), resume=True)
    with pytest.raises(StoreError, match="is unfinished; run its build again with --resume"):
        open_dataset(folder)
    writer = Writer(folder, kit.PLAN, resume=True)
    assert writer.manifest.progress == {"next": 2}
    assert len(open_dataset(folder, unfinished=True)) == 4


def test_a_recipe_is_the_same_after_a_trip_through_json(kit, tmp_path):
    plan = kit.PLAN.model_copy(update={"recipe": {"since": date(2026, 5, 3), "mix": (1, 2)}})
    Writer(tmp_path / "d", plan)
    Writer(tmp_path / "d", plan, resume=True)


def test_resume_begins_where_there_is_nothing_yet(kit, tmp_path):
    assert Writer(tmp_path / "new", kit.PLAN, resume=True).manifest.counts.kept == 0


def test_resume_deletes_strays_and_temporary_files_and_nothing_of_the_users(kit, tmp_path):
    folder = tmp_path / "d"
    kit.write_three_parts(Writer(folder, kit.PLAN), stop=1)
    kept = kit.files(folder)
    strays = ["data/all/part-00001.parquet", "data/all/part-00001.parquet.tmp"]
    strays += ["rejects/part-00009.parquet", "data/old/part-00000.parquet", "manifest.json.tmp"]
    for name in strays:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"half")
    (folder / "data/notes.txt").write_text("mine")
    (folder / "report.html").write_text("a report")
    Writer(folder, kit.PLAN, resume=True)
    assert kit.files(folder) == {**kept, "data/notes.txt": b"mine", "report.html": b"a report"}
    assert not (folder / "data/old").exists()


def test_force_replaces_the_dataset_and_nothing_else(kit, tmp_path):
    folder = kit.make_dataset(tmp_path / "d")
    (folder / "report.html").write_text("old")
    (folder / "leakage.json").write_text("[]")
    (folder / "notes.txt").write_text("mine")
    (folder / "data/all/notes.txt").write_text("mine too")
    writer = Writer(folder, kit.PLAN, force=True)
    assert set(kit.files(folder)) == {"manifest.json", "notes.txt", "data/all/notes.txt"}
    kit.write_three_parts(writer)
    writer.finish()
    assert len(open_dataset(folder)) == 6


@pytest.mark.parametrize(
    "content", [None, "not json", "{}", '{"format": "else"}', '{"format": "callwright"}']
)
def test_force_touches_no_folder_that_is_not_a_dataset(kit, tmp_path, content):
    folder = tmp_path / "thesis"
    (folder / "data" / "all").mkdir(parents=True)
    (folder / "data" / "all" / "part-00000.parquet").write_text("years of work")
    if content is not None:
        (folder / "manifest.json").write_text(content)
    before = kit.files(folder)
    for options in ({}, {"force": True}, {"resume": True}):
        with pytest.raises(StoreError, match="not empty and not a readable dataset"):
            Writer(folder, kit.PLAN, **options)
    assert kit.files(folder) == before


def test_two_commands_cannot_write_the_same_dataset(kit, tmp_path):
    first = Writer(tmp_path / "d", kit.PLAN)
    second = Writer(tmp_path / "d", kit.PLAN, resume=True)
    second.write_part([kit.make_row(1)])
    with pytest.raises(StoreError, match="another command is writing"):
        first.write_part([kit.make_row(2)])
    with pytest.raises(StoreError, match="another command is writing"):
        first.finish()


# ------------------------------------------------------- failing disks


def test_a_disk_that_fills_up_at_any_write_leaves_a_dataset_that_can_be_resumed(
    kit, tmp_path, monkeypatch
):
    folder = tmp_path / "d"
    writer = Writer(folder, kit.PLAN)
    kit.write_three_parts(writer, stop=1)
    before = kit.files(folder)
    for fatal in range(3):  # rejects, data, manifest
        calls = iter(range(100))

        def full(descriptor, calls=calls, fatal=fatal):
            # Files and their folders are synced in turn; only kit.files take space.
            if next(calls) == 2 * fatal:
                raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(store_write.os, "fsync", full)
            with pytest.raises(StoreError) as caught:
                kit.write_three_parts(writer, 1, 2)
        assert "No space left on device; free some space, then go on with --resume" in str(
            caught.value
        )
        assert "\n" not in str(caught.value)
        assert not any(name.endswith(".tmp") for name in kit.files(folder))
        assert kit.files(folder)["manifest.json"] == before["manifest.json"]
        assert len(open_dataset(folder, unfinished=True)) == 2
    resumed = Writer(folder, kit.PLAN, resume=True)
    assert kit.files(folder) == before
    kit.write_three_parts(resumed, 1)
    resumed.finish(builds={"b1": {"packs": ["travel"]}})
    assert kit.files(folder) == kit.files(kit.make_dataset(tmp_path / "whole"))


@pytest.fixture
def tiny_disk(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("mounting needs root")
    mount = tmp_path / "disk"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(mount)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    yield mount
    subprocess.run(["umount", str(mount)], check=True)  # noqa: S607


def test_a_disk_that_is_really_full_is_one_clear_line(kit, tiny_disk):
    folder = tiny_disk / "d"
    writer = Writer(folder, kit.PLAN)
    writer.write_part([kit.make_row(1)])
    noise = [kit.make_row(i, {"a": os.urandom(2000).hex()}) for i in range(2, 60)]
    with pytest.raises(StoreError, match=r"cannot write .*No space left on device; free some"):
        writer.write_part(noise)
    assert [row.id for row in Writer(folder, kit.PLAN, resume=True) and rows_of(folder)] == ["r1"]


def rows_of(folder):
    return list(open_dataset(folder, unfinished=True).rows())


def test_a_folder_that_cannot_be_made_is_one_clear_line(kit, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot write .*file/d: Not a directory; name another"):
        Writer(tmp_path / "file" / "d", kit.PLAN)
    with pytest.raises(StoreError, match=r"cannot write .*file: File exists"):
        Writer(tmp_path / "file", kit.PLAN)


def test_a_folder_one_may_not_write_to_is_one_clear_line(kit, tmp_path, monkeypatch):
    def denied(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", denied)
    with pytest.raises(StoreError, match="Permission denied; name a folder you may write to"):
        Writer(tmp_path / "d", kit.PLAN)


def test_a_manifest_that_vanished_meanwhile_is_one_clear_line(kit, tmp_path):
    writer = Writer(tmp_path / "d", kit.PLAN)
    (tmp_path / "d" / "manifest.json").unlink()
    with pytest.raises(StoreError, match=r"cannot read .*manifest.json: No such file"):
        writer.write_part([kit.make_row()])
