import orjson
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.schemas.canonical import canonical_text
from callwright.schemas.errors import StoreError
from callwright.schemas.record import Conversation
from callwright.schemas.record import Test as Condition
from callwright.schemas.store import COLUMNS, Dataset, Writer, open_dataset
from callwright.schemas.store_rows import data_bytes, flatten, unflatten

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def test_what_was_written_is_read_back_in_order(kit, tmp_path):
    dataset = open_dataset(kit.make_dataset(tmp_path / "d"))
    expected = [kit.make_row(i, language="zh" if i % 2 else "en") for i in range(6)]
    assert list(dataset.rows()) == expected
    assert len(dataset) == 6
    assert dataset.row("r3") == expected[3]
    assert list(dataset.rejects()) == [kit.reject()] * 3
    with pytest.raises(StoreError, match="no row 'r9'"):
        dataset.row("r9")


def test_the_manifest_counts_what_was_kept_and_rejected(kit, tmp_path):
    manifest = open_dataset(kit.make_dataset(tmp_path / "d")).manifest
    assert manifest.finished
    assert manifest.progress == {}
    assert manifest.builds == {"b1": {"packs": ["travel"]}}
    assert manifest.counts.model_dump() == {
        "kept": 6,
        "rejected": 3,
        "rejected_by_reason": {"duplicate": 3},
        "by_scenario": {"single": 6},
        "by_language": {"en": 3, "zh": 3},
    }


@given(st.dictionaries(st.text(), JSON, max_size=4), JSON)
def test_any_json_arguments_survive_storage_to_the_last_digit(kit, arguments, value):
    edit = {"revision": 1, "by": ["a1"], "before": arguments}
    review = {"verdict": "fix", "rule": "strict", "judgements": [], "history": [edit]}
    rows = [
        kit.make_row(
            0, arguments, views={"v": {"tool": "t", "around": {"v": value}}}, origin={"raw": value}
        ),
        kit.make_row(1, {"other": [arguments]}, review=review, tools=[arguments]),
        kit.make_row(2, {}),
    ]
    frame = pl.read_parquet(data_bytes(rows))
    back = [unflatten(flat) for flat in frame.iter_rows(named=True)]
    assert back == rows
    assert repr(back) == repr(rows)  # 1 == 1.0 == True, but they are not the same bytes


def test_a_null_that_is_a_value_is_kept_and_an_absent_field_stays_absent(kit):
    row = kit.make_row(views={"a": {"tool": "t", "around": {"a": None}}}, arguments={"a": None})
    assert '"around":{"a":null}' in flatten(row)["views"]
    assert '"data"' not in flatten(row)["views"]
    assert '"arguments":{"a":null}' in flatten(row)["messages"]
    assert "reasoning_content" not in flatten(row)["messages"]
    assert flatten(row)["review"] is None
    condition = Condition(field="status", op="eq", value=None)
    rule = {"where": [condition], "take": "first"}
    source = {"origin": "selected", "call": "call_1", "list": "", "rule": rule, "pointer": ""}
    row = kit.make_row(sources={"call_2": {"/a": [source]}})
    assert '"value":null' in flatten(row)["sources"]
    assert unflatten(flatten(row)) == row


def test_columns_are_the_fields_of_the_record_and_the_canonical_text_last(kit, tmp_path):
    frame = open_dataset(kit.make_dataset(tmp_path / "d")).frame()
    assert tuple(frame.columns) == COLUMNS == (*Conversation.model_fields, "text")
    assert frame["text"][0] == canonical_text(kit.make_row(0))
    assert orjson.loads(frame["messages"][0])[0] == {"role": "user", "content": "Find 0"}


def test_a_frame_holds_the_columns_and_split_asked_for(kit, tmp_path):
    writer = Writer(tmp_path / "d", kit.PLAN)
    writer.write_part(
        [kit.make_row(1, split="train"), kit.make_row(2, split="train")], split="train"
    )
    writer.write_part([kit.make_row(3, split="test")], split="test")
    writer.write_part([kit.make_row(4, split="train")], split="train")
    writer.finish()
    dataset = open_dataset(tmp_path / "d")
    assert dataset.splits() == ["train", "test"]
    assert dataset.frame("train", ["seed", "id"]).rows() == [(1, "r1"), (2, "r2"), (4, "r4")]
    assert [row.id for row in dataset.rows("test")] == ["r3"]
    assert [part.path for part in dataset.parts("train")] == [
        "data/train/part-00000.parquet",
        "data/train/part-00001.parquet",
    ]
    with pytest.raises(StoreError, match="no split 'dev'; it has: train, test"):
        dataset.frame("dev")


def test_a_dataset_without_rows_is_a_dataset(kit, tmp_path):
    Writer(tmp_path / "d", kit.PLAN).finish()
    dataset = open_dataset(tmp_path / "d")
    assert len(dataset) == len(list(dataset.rows())) == len(list(dataset.rejects())) == 0
    assert tuple(dataset.frame().columns) == COLUMNS


@pytest.mark.parametrize(
    "fields",
    [
        {"views": {"a": {"tool": "t", "around": {"a": float("nan")}}}},
        {"arguments": {"a": 2**64}},
        {"seed": 2**63},
        {"views": {"a": {"tool": "t", "around": {"a": object()}}}},
    ],
)
def test_a_value_that_cannot_be_stored_names_its_row(kit, tmp_path, fields):
    writer = Writer(tmp_path / "d", kit.PLAN)
    with pytest.raises(StoreError, match=r"row r5 cannot be stored: "):
        writer.write_part([kit.make_row(5, **fields)])
    with pytest.raises(StoreError, match=r"rejected by dedup \(duplicate\) cannot be stored"):
        writer.write_part([], [kit.reject().model_copy(update={"row": {"a": float("inf")}})])
    writer.write_part([kit.make_row(5)])
    assert len(Dataset(tmp_path / "d", unfinished=True)) == 1


@pytest.mark.parametrize("split", ["../x", "a/b", "", ".hidden", "a b"])
def test_a_split_that_is_no_folder_name_is_refused(kit, tmp_path, split):
    with pytest.raises(ValueError, match="no folder name"):
        Writer(tmp_path / "d", kit.PLAN).write_part([kit.make_row(split=split)], split=split)


def test_a_row_of_another_split_is_refused(kit, tmp_path):
    with pytest.raises(ValueError, match="r0 is not of split 'train'"):
        Writer(tmp_path / "d", kit.PLAN).write_part([kit.make_row()], split="train")
