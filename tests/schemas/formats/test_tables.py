"""Rows in parquet: exact in and out, and a stranger's file is one clear line."""

import datetime
import json

import pyarrow as pa
import pytest
from pyarrow import parquet

from callwright.schemas.errors import FormatError
from callwright.schemas.formats import FORMATS, READERS, tables
from callwright.schemas.formats.export_file import export_file
from callwright.schemas.record import Rejection
from callwright.schemas.store import Manifest, Writer, open_dataset


@pytest.fixture
def dataset(kit, tmp_path):
    said = [kit.single(), kit.row(kit.user(), kit.calls({"city": "Oslo", "far": 0.001783}))]
    said[1].messages.extend([kit.result(1, "[2.5e-10]"), kit.answer()])
    rows = [row.model_copy(update={"id": f"r{n}"}) for n, row in enumerate(said)]
    writer = Writer(tmp_path / "set", Manifest(command="build"))
    writer.write_part(rows, [])
    writer.finish()
    return open_dataset(tmp_path / "set")


@pytest.fixture
def table(tmp_path):
    def write(columns, schema=None):
        parquet.write_table(pa.table(columns, schema=schema), tmp_path / "theirs.parquet")
        return list(READERS["hf"](tmp_path / "theirs.parquet"))

    return write


@pytest.mark.parametrize("form", ["openai", "hf", "sharegpt", "hermes"])
def test_what_is_exported_as_parquet_comes_back_as_from_jsonl(form, dataset, tmp_path):
    paths = [tmp_path / "rows.parquet", tmp_path / "rows.jsonl"]
    for path in paths:
        assert export_file(dataset, FORMATS[form], path).written == 2
    assert paths[0].read_bytes().startswith(b"PAR1")
    assert sorted(path.name for path in tmp_path.glob("rows*")) == ["rows.jsonl", "rows.parquet"]
    again, lines = (list(READERS[form](path)) for path in paths)
    assert [row.messages for row in again] == [row.messages for row in dataset.rows()]
    assert [row.origin["raw"] for row in again] == [row.origin["raw"] for row in lines]


def test_datasets_opens_it_at_once_and_holds_every_digit(dataset, tmp_path):
    datasets = pytest.importorskip("datasets")
    path = tmp_path / "rows.parquet"
    export_file(dataset, FORMATS["hf"], path)
    rows = datasets.load_dataset(
        "parquet", data_files=str(path), split="train", cache_dir=str(tmp_path / "cache")
    )
    calls = [row["messages"][1]["tool_calls"][0]["function"]["arguments"] for row in rows]
    assert [list(arguments) for arguments in calls] == [["city"], ["city", "far"]]
    assert [list(row["messages"][3]) for row in rows] == [["role", "content"]] * 2
    texts = rows.with_format("arrow")[:]["messages"].to_pylist()
    export_file(dataset, FORMATS["hf"], tmp_path / "rows.jsonl")
    lines = (tmp_path / "rows.jsonl").read_text().splitlines()
    assert [json.loads(text) for text in texts] == [json.loads(line)["messages"] for line in lines]


def test_where_no_row_can_be_written_no_older_table_is_left(dataset, kit, tmp_path):
    path = tmp_path / "rows.parquet"
    export_file(dataset, FORMATS["sharegpt"], path)
    writer = Writer(tmp_path / "other", Manifest(command="build"))
    writer.write_part([kit.row(kit.user())], [])
    writer.finish()
    unanswered = open_dataset(tmp_path / "other")
    assert export_file(unanswered, FORMATS["sharegpt"], path, force=True).written == 0
    assert not path.exists()


def test_nested_columns_are_read_with_the_nulls_that_parquet_put_there(table):
    messages = [[{"role": "user", "content": "Hi"}], [{"role": "assistant", "content": None}]]
    first, second = table({"messages": messages})
    assert first.messages[0].content == "Hi"
    assert second.origin["raw"]["messages"] == [{"content": None, "role": "assistant"}]


@pytest.mark.parametrize("value", [datetime.date(2026, 1, 1), b"b", 1.5, [1], {"a": 1}, "text"])
def test_a_column_of_any_type_is_kept_beside_or_refused_as_messages(value, table):
    good = pa.array(['[{"role": "user", "content": "Hi"}]'], pa.json_())
    (kept,) = table({"messages": good, "more": [value]})
    assert kept.messages[0].content == "Hi"
    (refused,) = table({"messages": pa.array([value])})
    assert isinstance(refused, Rejection)


@pytest.mark.parametrize("text", ['[], "tools": []', "[" * 5000, "{", ""])
def test_json_text_that_is_none_is_text_and_no_part_of_the_row(text, table):
    good = '[{"role": "user", "content": "Hi"}]'
    first, second = table({"messages": pa.array([good, text], pa.json_())})
    assert first.messages
    assert isinstance(second, Rejection)
    assert second.row["messages"] == text


def test_a_file_that_swells_when_it_is_read_is_refused_unread(table, monkeypatch):
    monkeypatch.setattr(tables, "LARGEST_GROUP", 1_000_000)
    with pytest.raises(FormatError, match="row group 0 unpacks to 2,0"):
        table({"messages": ["x" * 2_000_000]})


def test_a_damaged_file_is_one_line(dataset, tmp_path):
    path = tmp_path / "rows.parquet"
    export_file(dataset, FORMATS["hf"], path)
    whole = path.read_bytes()
    for data in (whole[:-20], whole[:100] + b"\xff" * 60 + whole[160:], b"PAR1"):
        path.write_bytes(data)
        with pytest.raises(FormatError, match=r"cannot be read as parquet") as caught:
            list(READERS["hf"](path))
        assert "\n" not in str(caught.value)
