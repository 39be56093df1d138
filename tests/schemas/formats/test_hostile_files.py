"""Files that are broken or meant to break: one clear line, or one rejection, never a crash."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.schemas.errors import FormatError
from callwright.schemas.formats import READERS, files, tape
from callwright.schemas.record import Conversation, Rejection

GOOD = '{"messages": [{"role": "user", "content": "Hi there"}]}'


def read(folder, content):
    path = folder / "rows.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(READERS["openai"](path))


def with_content(text):
    return f'{{"messages": [{{"role": "user", "content": "x"}}], "more": {text}}}'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "holds no rows"),
        ("[]", "holds no rows"),
        ("{oops", "rows.jsonl:1: not JSON .* no row of the file can be read"),
        ("[" * 100_000, "nested too deeply"),
        (b'{"a": "\xff"}', r"rows.jsonl:1: not UTF-8 \(byte 0xff\)"),
        (GOOD.encode("utf-16"), "UTF-16: save it as UTF-8"),
        (b"\x1f\x8b\x08\x00", "gzip: unpack it first"),
        (b"PAR1....", "cannot be read as parquet"),
        ('{"conversations": []}', "lacks messages. Is the file of another format?"),
        ("[1, 2]", "this one is int"),
    ],
)
def test_a_file_of_no_rows_is_refused_in_one_line(tmp_path, content, message):
    with pytest.raises(FormatError, match=message) as raised:
        read(tmp_path, content)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("content", "reason", "detail"),
    [
        (f"{GOOD}\n{{oops", "not_json", "rows.jsonl:2: row 1: not JSON"),
        (f"[{GOOD},\n{GOOD[:-9]}", "not_json", "rows.jsonl:2: row 1: not JSON"),
        (f"[{GOOD}\n", "cut_short", "the list is not closed"),
        (f"[{GOOD}\n{GOOD}]", "cut_short", "a comma is missing"),
        (f"[{GOOD}\n,]", "not_json", "rows.jsonl:2: row 1: not JSON"),
        (f"[{GOOD},{'[' * 100_000}", "too_deep", "What follows in the list is not read"),
        (f"[{GOOD}] {GOOD}", "not_json", "text after the list's end"),
        (f"{GOOD}\n".encode() + b'{"a": "\xff"}', "not_utf8", "row 1: not UTF-8 (byte 0xff)"),
        (f"[\n{GOOD},\n".encode() + b'"\xff"]', "not_utf8", "rows.jsonl:3: row 1: not UTF-8"),
    ],
)
def test_a_damaged_row_costs_itself_and_what_stands_before_it_is_kept(
    tmp_path, content, reason, detail
):
    kept, rejected = read(tmp_path, content)
    assert isinstance(kept, Conversation)
    assert rejected.reason == reason
    assert detail in rejected.detail
    rejected.model_dump_json()


def test_lines_after_a_damaged_one_are_read(tmp_path):
    rows = read(tmp_path, f"{{oops\n{GOOD}\n{{oops\n{GOOD}\n")
    assert [isinstance(row, Conversation) for row in rows] == [False, True, False, True]


def test_a_file_of_garbage_is_not_read_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MOST_UNREAD", 5)
    with pytest.raises(FormatError, match="no row of the file can be read"):
        read(tmp_path, "{oops\n" * 5 + GOOD)


@pytest.mark.parametrize("chunk", [1, 2, 7, 64])
def test_a_list_is_the_same_however_the_file_is_cut_into_chunks(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(tape, "CHUNK", chunk)
    more = [
        with_content(text) for text in ("-12.5e3", '"巴黎\\u00e9 \\\\ \\" "', "[true, null, {}]")
    ]
    rows = [GOOD, *more]
    made = read(tmp_path, "[" + ",\n".join(rows) + "\n]")
    assert [row.origin["raw"] for row in made] == [json.loads(row) for row in rows]
    assert [row.origin["line"] for row in made] == [1, 2, 3, 4]


def test_a_path_that_cannot_be_read_is_a_format_error(tmp_path):
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(FormatError, match="cannot be read"):
            list(READERS["openai"](path))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1, "a": 2}', "duplicate_key"),
        ("NaN", "number_out_of_range"),
        ("1e999", "number_out_of_range"),
        ("18446744073709551616", "number_out_of_range"),
        ("1" * 10_000, "number_out_of_range"),
        ('"\\ud800"', "bad_text"),
        ('{"\\udfff": 1}', "bad_text"),
        ("[" * 70 + "]" * 70, "too_deep"),
        ("[" * 50_000 + "]" * 50_000, "too_deep"),
    ],
)
def test_what_json_values_cannot_hold_is_rejected_and_the_next_row_read(tmp_path, text, reason):
    rejected, kept = read(tmp_path, f"{with_content(text)}\n{GOOD}\n")
    assert isinstance(rejected, Rejection)
    assert rejected.reason == reason
    assert rejected.row["line"] == 1
    rejected.model_dump_json()
    assert isinstance(kept, Conversation)


@pytest.mark.parametrize("text", ["NaN", '{"a": 1, "a": 2}', "[" * 70 + "]" * 70])
def test_the_same_holds_in_a_json_list(tmp_path, text):
    rejected, kept = read(tmp_path, f"[{with_content(text)},\n{GOOD}]")
    assert isinstance(rejected, Rejection)
    assert isinstance(kept, Conversation)


def test_a_row_that_is_too_large_is_rejected_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_ROW_BYTES", 200)
    huge = with_content(json.dumps("x" * 1000))
    for content in (f"{huge}\n{GOOD}", f"[{huge},{GOOD}]"):
        rejected, kept = read(tmp_path, content)
        assert rejected.reason == "too_large"
        assert len(rejected.row["text"]) <= 500
        assert isinstance(kept, Conversation)


def test_a_byte_order_mark_blank_lines_and_line_separators_do_no_harm(tmp_path):
    text = '{"messages": [{"role": "user", "content": "a\u2028b"}]}'
    (row,) = read(tmp_path, b"\xef\xbb\xbf\n\n" + text.encode() + b"\r\n\n")
    assert row.messages[0].content == "a\u2028b"
    assert row.origin["line"] == 3


def test_64_bit_integers_are_carried_exactly(tmp_path):
    for number in (2**64 - 1, -(2**63)):
        (row,) = read(tmp_path, with_content(str(number)))
        assert row.origin["raw"]["more"] == number


def test_equal_rows_have_ids_of_their_own_and_reading_twice_gives_the_same(tmp_path):
    first, second = read(tmp_path, f"{GOOD}\n{GOOD}\n")
    assert first.id != second.id
    assert [row.id for row in read(tmp_path, f"{GOOD}\n{GOOD}\n")] == [first.id, second.id]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "from value role content name arguments function tool_calls id type parameters "
                "properties required api responses label".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
KEYS = {
    "openai": ("messages", "tools"),
    "hermes": ("messages",),
    "ms_swift": ("messages", "tools"),
    "sharegpt_function": ("conversations", "tools", "system"),
    "xlam": ("query", "answers", "tools"),
    "sharegpt": ("conversations", "tools", "system"),
    "nestful": ("input", "output"),
    "seal_tools": ("query", "calling"),
    "bfcl": ("id", "question", "function"),
}


@given(st.sampled_from(sorted(KEYS)), st.lists(JSON, min_size=3, max_size=3))
def test_a_row_of_any_shape_is_kept_or_rejected(tmp_path_factory, form, values):
    folder = tmp_path_factory.mktemp("any")
    (folder / "tools.jsonl").write_text('{"name": "f", "api_name": "f"}')
    row = dict(zip(KEYS[form], values, strict=False))
    (folder / "rows.jsonl").write_text(json.dumps(row))
    companion = folder / "tools.jsonl" if form in ("nestful", "seal_tools") else None
    (made,) = READERS[form](folder / "rows.jsonl", companion=companion)
    assert isinstance(made, Conversation | Rejection)
    made.model_dump_json()


@pytest.mark.parametrize("layout", ["[\n{}\n]", "{}"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_file_that_is_cut_or_overwritten_anywhere_is_counted_or_refused(
    tmp_path_factory, layout, data
):
    rows = [GOOD, with_content('["a", {"b": "巴黎"}]'), GOOD]
    whole = layout.format((",\n" if "[" in layout else "\n").join(rows)).encode()
    at = data.draw(st.integers(0, len(whole)))
    junk = data.draw(st.binary(max_size=3))
    folder = tmp_path_factory.mktemp("cut")
    try:
        made = read(folder, whole[:at] + junk + data.draw(st.sampled_from([b"", whole[at:]])))
    except FormatError as error:
        line = str(error)
    else:
        line = ""
    if line:
        assert "\n" not in line
        return
    assert all(isinstance(row, Conversation | Rejection) for row in made)
    kept = [row for row in made if isinstance(row, Conversation)]
    assert len({row.id for row in kept}) == len(kept)
