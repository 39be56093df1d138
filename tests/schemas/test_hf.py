import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.schemas.errors import FormatError
from callwright.schemas.hf import features, from_dataset, to_datasets
from callwright.schemas.record import Conversation, Edit, Function, Message, Review, ToolCall
from callwright.schemas.store import Manifest, Writer, open_dataset

datasets = pytest.importorskip("datasets")

ARGUMENTS = [
    {"a": 1},
    {"b": None},
    {"a": "1", "c": {"d": []}},
    {},
    {"x": 2.5e-10, "y": -0.0, "z": 48.8566, "w": 1.7976931348623157e308},
    {"big": 2**64 - 1, "small": -(2**63), "text": "巴黎 \u2028 😀", "list": [1, "a", None, {}]},
]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(autouse=True, scope="module")
def _own_cache(tmp_path_factory):
    cache, bars = datasets.config.HF_DATASETS_CACHE, datasets.is_progress_bar_enabled()
    datasets.config.HF_DATASETS_CACHE = tmp_path_factory.mktemp("cache")
    datasets.disable_progress_bars()
    yield
    datasets.config.HF_DATASETS_CACHE = cache
    if bars:
        datasets.enable_progress_bars()


def make_row(index, arguments, split="train"):
    call = ToolCall(id="call_1", function=Function(name="find", arguments=arguments))
    edit = Edit(revision=1, by=["a1"], before=arguments)
    return Conversation(
        id=f"r{index}",
        scenario="single",
        language="zh",
        tools=[{"type": "function", "function": {"name": "find", "parameters": arguments}}],
        messages=[
            Message(role="user", content=f"{index}"),
            Message(role="assistant", tool_calls=[call]),
            Message(role="tool", tool_call_id="call_1", content='{"a":1.0}'),
            Message(role="assistant", content="好", reasoning_content="", tool_calls=[]),
        ],
        views={"find": {"tool": "find_it", "around": arguments}},
        review=Review(verdict="fix", rule="strict", judgements=[], history=[edit])
        if index % 2
        else None,
        split=split,
    )


def write(folder, rows):
    writer = Writer(folder, Manifest(command="build"))
    for split in dict.fromkeys(row.split for row in rows):
        part = [row for row in rows if row.split == split]
        writer.write_part(part[:2], split=split)
        writer.write_part(part[2:], split=split)
    writer.finish()
    return open_dataset(folder)


@pytest.fixture
def rows():
    train = [make_row(i, arguments) for i, arguments in enumerate(ARGUMENTS)]
    return [*train, make_row(99, {"q": 1}, split="test")]


@pytest.fixture
def made(rows, tmp_path):
    return to_datasets(write(tmp_path / "d", rows))


def test_rows_come_back_exactly_split_by_split(made, rows):
    assert list(made) == ["train", "test"]
    assert list(from_dataset(made["train"])) == rows[:-1]
    assert repr(list(from_dataset(made["train"]))) == repr(rows[:-1])
    assert list(from_dataset(made["test"])) == rows[-1:]
    assert made["train"].features == features()


def test_heterogeneous_arguments_get_no_nulls_from_each_other(made):
    calls = [row["messages"][1]["tool_calls"][0] for row in made["train"]]
    assert [call["function"]["arguments"] for call in calls][:4] == ARGUMENTS[:4]
    assert made["train"][0]["tools"][0]["function"]["parameters"] == {"a": 1}
    assert "tool_calls" not in made["train"][0]["messages"][0]


def test_rows_survive_a_folder_of_arrow_files(made, rows, tmp_path):
    made.save_to_disk(tmp_path / "saved")
    back = datasets.load_from_disk(tmp_path / "saved")
    assert repr(list(from_dataset(back["train"]))) == repr(rows[:-1])


def test_rows_survive_parquet(made, rows, tmp_path):
    made["train"].to_parquet(tmp_path / "train.parquet")
    back = datasets.load_dataset(
        "parquet", data_files=str(tmp_path / "train.parquet"), cache_dir=str(tmp_path / "cache")
    )["train"]
    assert back.features == features()
    assert repr(list(from_dataset(back))) == repr(rows[:-1])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.dictionaries(st.text(), JSON, max_size=3), min_size=1, max_size=4))
def test_any_json_arguments_come_back_to_the_last_digit(tmp_path_factory, arguments):
    rows = [make_row(i, one) for i, one in enumerate(arguments)]
    made = to_datasets(write(tmp_path_factory.mktemp("any") / "d", rows))
    assert repr(list(from_dataset(made["train"]))) == repr(rows)


def test_a_dataset_that_callwright_did_not_make_is_refused(made):
    with pytest.raises(FormatError, match="no column 'plan'"):
        list(from_dataset(made["train"].remove_columns("plan")))
    broken = made["test"].remove_columns("language").add_column("language", ["fr"])
    with pytest.raises(FormatError, match=r"row 0 \(r99\).*language"):
        list(from_dataset(broken))
