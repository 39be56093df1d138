import polars as pl
import pytest

from callwright.schemas.canonical import digest
from callwright.schemas.errors import StoreError
from callwright.schemas.store import Writer, open_dataset
from callwright.schemas.store_rows import data_bytes


def damaged(folder, change):
    path = folder / "data/all/part-00001.parquet"
    change(path)
    return open_dataset(folder)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-9]), "is corrupt: its digest differs"),
        (lambda path: path.write_bytes(path.read_bytes()[::-1]), "is corrupt: its digest differs"),
        (lambda path: path.write_bytes(b""), "is corrupt: its digest differs"),
        (lambda path: path.unlink(), "is missing, though manifest.json lists it"),
        (lambda path: (path.unlink(), path.mkdir()), "cannot read part"),
        (lambda path: (path.unlink(), path.symlink_to("/etc/passwd")), "symbolic link"),
    ],
)
def test_a_damaged_part_is_never_read(kit, tmp_path, change, reason):
    dataset = damaged(kit.make_dataset(tmp_path / "d"), change)
    for read in (dataset.frame, lambda: list(dataset.rows()), lambda: dataset.row("r5")):
        with pytest.raises(StoreError, match=reason) as caught:
            read()
        assert "part-00001.parquet" in str(caught.value)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [(0, "cannot be read as parquet"), (3, "does not hold the columns and rows")],
)
def test_a_part_that_matches_a_forged_digest_is_still_checked(kit, tmp_path, rows, reason):
    folder = kit.make_dataset(tmp_path / "d")
    data = data_bytes([kit.make_row(1)] * rows) if rows else b"PAR1 nonsense PAR1"
    (folder / "data/all/part-00000.parquet").write_bytes(data)
    part = {"path": "data/all/part-00000.parquet", "rows": 2, "digest": digest(data)}
    kit.edit_manifest(folder, parts=[part])
    with pytest.raises(StoreError, match=reason):
        open_dataset(folder).frame()


def test_a_rejection_that_is_no_json_is_named_with_its_part(kit, tmp_path):
    folder = kit.make_dataset(tmp_path / "d")
    path = folder / "rejects/part-00000.parquet"
    pl.read_parquet(path).with_columns(row=pl.lit("{")).write_parquet(path)
    part = {"path": "rejects/part-00000.parquet", "rows": 1, "digest": digest(path.read_bytes())}
    kit.edit_manifest(folder, rejects=[part])
    with pytest.raises(StoreError, match=r"rejects/part-00000.parquet, row 0: unexpected end"):
        list(open_dataset(folder).rejects())


def test_a_row_whose_column_is_no_json_is_named_with_its_part(kit, tmp_path):
    folder = kit.make_dataset(tmp_path / "d")
    path = folder / "data/all/part-00000.parquet"
    pl.read_parquet(path).with_columns(plan=pl.lit("{")).write_parquet(path)
    part = {"path": "data/all/part-00000.parquet", "rows": 2, "digest": digest(path.read_bytes())}
    kit.edit_manifest(folder, parts=[part])
    with pytest.raises(StoreError, match=r"part-00000.parquet, row 0 \(r0\): unexpected end"):
        list(open_dataset(folder).rows())


def test_an_invalid_row_is_named_with_its_part(kit, tmp_path):
    folder = kit.make_dataset(tmp_path / "d")
    data = data_bytes([kit.make_row(1), kit.make_row(2).model_copy(update={"language": "fr"})])
    (folder / "data/all/part-00000.parquet").write_bytes(data)
    part = {"path": "data/all/part-00000.parquet", "rows": 2, "digest": digest(data)}
    kit.edit_manifest(folder, parts=[part])
    with pytest.raises(StoreError, match=r"part-00000.parquet, row 1 \(r2\): language: Input"):
        list(open_dataset(folder).rows())


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../other/data/all/part-00000.parquet",
        "data/../../part-00000.parquet",
        "data/../part-00000.parquet",
        "data/all/part-00000.parquet\n",
        "data/all/../all/part-00000.parquet",
        "C:\\part-00000.parquet",
        "",
    ],
)
def test_a_part_path_that_leads_anywhere_else_is_refused(kit, tmp_path, path):
    folder = kit.make_dataset(tmp_path / "d")
    for field in ("parts", "rejects"):
        kit.edit_manifest(folder, parts=[], rejects=[])
        kit.edit_manifest(folder, **{field: [{"path": path, "rows": 1, "digest": "0"}]})
        with pytest.raises(StoreError, match="is refused: it must read"):
            open_dataset(folder)


def test_a_part_listed_twice_is_refused(kit, tmp_path):
    folder = kit.make_dataset(tmp_path / "d")
    part = {"path": "data/all/part-00000.parquet", "rows": 1, "digest": "0"}
    kit.edit_manifest(folder, parts=[part, part])
    with pytest.raises(StoreError, match="listed twice"):
        open_dataset(folder)


def test_a_linked_folder_is_neither_read_nor_written_nor_emptied(kit, tmp_path):
    folder, elsewhere = kit.make_dataset(tmp_path / "d"), tmp_path / "elsewhere"
    (folder / "data").rename(elsewhere)
    (folder / "data").symlink_to(elsewhere)
    before = kit.files(elsewhere)
    with pytest.raises(StoreError, match="symbolic link"):
        list(open_dataset(folder).rows())
    with pytest.raises(StoreError, match="symbolic link"):
        Writer(folder, kit.PLAN, force=True)
    (folder / "data").unlink()
    (folder / "data").mkdir()
    (folder / "data/all").symlink_to(elsewhere / "all")
    writer = Writer(folder, kit.PLAN, force=True)
    with pytest.raises(StoreError, match="symbolic link"):
        writer.write_part([kit.make_row()])
    assert kit.files(elsewhere) == before


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "is not a callwright dataset: it has no manifest.json"),
        (b"", "is not JSON"),
        (b'{"format":', "is not JSON"),
        (b"[]", "is not a callwright manifest"),
        (b'{"format": "callwright", "format_version": 2}', "upgrade callwright"),
        (b'{"format": "callwright"}', "is malformed at command: Field required"),
        (b'{"format": "callwright", "command": "build", "colour": 1}', "is malformed at colour"),
    ],
)
def test_a_malformed_manifest_is_one_clear_line(tmp_path, content, reason):
    if content is not None:
        (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(StoreError, match=reason) as caught:
        open_dataset(tmp_path)
    assert "\n" not in str(caught.value)


def test_the_digest_of_a_dataset_changes_with_its_data(kit, tmp_path):
    one = open_dataset(kit.make_dataset(tmp_path / "a"))
    Writer(tmp_path / "b", kit.PLAN).finish()
    assert one.digest == open_dataset(kit.make_dataset(tmp_path / "c")).digest
    assert one.digest != open_dataset(tmp_path / "b").digest


def test_a_manifest_that_cannot_be_read_is_one_clear_line(tmp_path):
    (tmp_path / "manifest.json").mkdir()
    with pytest.raises(StoreError, match=r"cannot read .*manifest.json: Is a directory"):
        open_dataset(tmp_path)
