"""What is mixed in: so many, the same ones each time, and nothing silently left out."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("transformers", reason="rendering needs a tokenizer")

from callwright.schemas.errors import UserError
from callwright.training.mix import mix
from callwright.training.policies.hf_load import load_tokenizer
from callwright.training.recipe import MixSection, Weights
from callwright.training.render import Renderer

from . import tiny

CALL = {
    "id": "a7",
    "type": "function",
    "function": {"name": "city_airport", "arguments": '{"city": "Oslo"}'},
}
CALLING = {
    "messages": [
        {"role": "user", "content": "Which airport has Oslo?"},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "a7", "content": '{"iata_code": "OSL"}'},
        {"role": "assistant", "content": "OSL."},
    ],
    "tools": [tiny.TOOL],
}


def chat(number):
    said = f"你好 {number}" if number % 2 else f"Hello {number}"
    return {
        "messages": [{"role": "user", "content": said}, {"role": "assistant", "content": said}],
        "source": "elsewhere",
    }


@pytest.fixture(scope="module")
def renderer(tmp_path_factory):
    folder = tiny.save_tiny(tmp_path_factory.mktemp("tiny"))
    tokenizer = load_tokenizer(str(folder), chat_template="hermes")
    return Renderer(tokenizer, weights=Weights(), max_tokens=1000)


@pytest.fixture
def jsonl(tmp_path):
    def write(rows, name="chats.jsonl"):
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        return str(path)

    return write


def drawn(renderer, data, share=0.2, samples=40, seed=1, **options):
    part = MixSection(data=data, share=share, **options)
    (found,) = mix(renderer, [part], samples, seed).values()
    return found


def test_a_share_is_of_all_samples_of_an_epoch(renderer, jsonl):
    found = drawn(renderer, jsonl(map(chat, range(100))), share=0.2, samples=40)
    assert len(found.samples) == 10  # 10 of 50
    one = MixSection(data=jsonl(map(chat, range(100)), "one.jsonl"), share=0.3)
    other = MixSection(data=jsonl(map(chat, range(100)), "other.jsonl"), share=0.2)
    both = mix(renderer, [one, other], 50, 1)
    assert [len(part.samples) for part in both.values()] == [30, 20]  # of 100


def test_the_seed_decides_which_rows_are_drawn(renderer, jsonl):
    data = jsonl(map(chat, range(100)))
    first, same, other = (drawn(renderer, data, seed=seed) for seed in (1, 1, 2))
    assert [s.row for s in first.samples] == [s.row for s in same.samples]
    assert {s.row for s in first.samples} != {s.row for s in other.samples}


def test_a_small_set_is_taken_as_a_whole_and_no_row_twice(renderer, jsonl):
    found = drawn(renderer, jsonl(map(chat, range(3))))
    assert len({sample.row for sample in found.samples}) == len(found.samples) == found.rows == 3


def test_calls_written_as_text_and_tools_are_rendered_and_results_are_not_trained(renderer, jsonl):
    (sample,) = drawn(renderer, jsonl([CALLING])).samples
    assert set(sample.classes) == {None, "call", "assistant_text"}
    tokenizer = renderer._tokenizer
    said = [i for i, weight in zip(sample.ids, sample.weights, strict=True) if weight]
    text = tokenizer.decode(said)
    assert '{"name": "city_airport", "arguments": {"city": "Oslo"}}' in text
    assert "iata_code" not in text
    assert "iata_code" in tokenizer.decode(sample.ids)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"text": "no chat"}, "missing_key"),
        ({"messages": [{"role": "robot", "content": "?"}]}, "unknown_role"),
        ({"messages": [{"role": "user", "content": "Hello"}]}, "nothing_trained"),
        ({"messages": [{"role": "user", "content": [{"type": "image"}]}]}, "content_not_text"),
        ({**chat(0), "tools": "{"}, "undecodable_tools"),
    ],
)
def test_a_row_that_cannot_be_rendered_is_refused_and_counted(renderer, jsonl, row, reason):
    found = drawn(renderer, jsonl([row, chat(1)]), samples=40)
    assert found.reasons == {reason: 1}
    assert (found.rows, len(found.samples)) == (2, 1)
    assert found.refused[0].row["id"].endswith(":train:0")


def test_parquet_and_a_folder_are_read_as_the_same_rows_in_jsonl_are(renderer, jsonl, tmp_path):
    import polars as pl

    (tmp_path / "set").mkdir()
    rows = [chat(number) for number in range(9)]
    paths = [tmp_path / "chats.parquet", tmp_path / "set" / "train.parquet"]
    for path in paths:
        pl.DataFrame(rows).write_parquet(path)
    wanted = {tuple(s.ids) for s in drawn(renderer, jsonl(rows)).samples}
    for data in (str(paths[0]), str(tmp_path / "set")):
        assert {tuple(s.ids) for s in drawn(renderer, data).samples} == wanted


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("/nowhere/chats.jsonl", "no file /nowhere/chats.jsonl"),
        ("/nowhere/chats.parquet", "no file /nowhere/chats.parquet"),
        ("no-such-owner/no-such-set", "cannot load 'no-such-owner/no-such-set'"),
    ],
)
def test_a_set_that_is_not_there_is_one_line(renderer, monkeypatch, data, told):
    import datasets

    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    with pytest.raises(UserError) as error:
        drawn(renderer, data)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_set_without_messages_or_without_one_usable_row_is_an_error(renderer, jsonl, tmp_path):
    import polars as pl

    pl.DataFrame({"text": ["a"]}).write_parquet(tmp_path / "texts.parquet")
    with pytest.raises(UserError, match="no column `messages`; it has text"):
        drawn(renderer, str(tmp_path / "texts.parquet"))
    with pytest.raises(UserError, match=r"no row of .* can be mixed in"):
        drawn(renderer, jsonl([{"text": "a"}]))
