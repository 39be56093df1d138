"""Features say what a row does, whether they are read from a dataset or from records."""

import unicodedata

import orjson
import pytest

from callwright.curation.features import SCHEMA, features
from callwright.curation.hints import masked, said
from callwright.schemas.canonical import canonical_text
from callwright.schemas.errors import StoreError
from callwright.schemas.record import Conversation
from callwright.schemas.store import Manifest, Writer, open_dataset


def only(row):
    return features([row]).row(0, named=True)


def imported(user, *calls, results=(), tools=()):
    """A row as a reader of a foreign format makes it: no plan, no sources."""
    functions = [{"name": name, "arguments": arguments} for name, arguments in calls]
    made = [{"id": f"c{i}", "function": function} for i, function in enumerate(functions)]
    answers = [{"role": "tool", "content": r, "tool_call_id": "c0"} for r in results]
    messages = [
        {"role": "user", "content": user},
        {"role": "assistant", "content": "Here.", "tool_calls": made or None},
        *answers,
    ]
    return Conversation.model_validate(
        {
            "id": user[:20],
            "scenario": "imported",
            "language": "en",
            "tools": list(tools),
            "messages": messages,
        }
    )


def test_a_chain_is_described_by_its_calls_plan_and_sources(rows):
    row = rows["chain"]
    found = only(row)
    assert found["text"] == canonical_text(row)
    assert found["user"] == "How long would I fly from Lisbon to OSL?"
    assert found["sequence"] == "city_airport > airport_distance > flight_time"
    assert (found["length"], found["topology"]) == (3, row.plan.topology)
    assert found["skeleton"] == row.plan.skeleton
    assert found["called"] == ["airport_distance", "city_airport", "flight_time"]
    assert found["offered"] == [tool["function"]["name"] for tool in row.tools]
    assert orjson.loads(found["calls"])[0] == ["city_airport", {"city": "Lisbon"}]
    # The second call's airport comes from the first one's result.
    assert found["grounded"] == ['city_airport {"city":"Lisbon"}']


def test_a_row_without_calls_has_neither_calls_nor_results(rows):
    found = only(rows["irrelevant"])
    assert (found["calls"], found["results"], found["sequence"]) == ("", "", "")
    assert (found["length"], found["called"], found["grounded"]) == (0, [], [])


def test_a_dataset_gives_what_its_records_give_part_after_part(rows, tmp_path):
    listed = list(rows.values())
    writer = Writer(tmp_path / "d", Manifest(command="build"))
    for start in range(0, len(listed), 2):
        writer.write_part(listed[start : start + 2], [])
    writer.finish()
    found = features(open_dataset(tmp_path / "d"))
    assert found["id"].to_list() == [row.id for row in listed]
    assert found.equals(features(listed))


def test_no_rows_give_an_empty_frame():
    assert dict(features([]).schema) == SCHEMA


def test_argument_order_and_normal_form_are_no_difference_between_calls():
    one = only(imported("a", ("f", {"x": "caf\u00e9", "y": 1})))
    other = only(imported("b", ("f", {"y": 1, "x": unicodedata.normalize("NFD", "caf\u00e9")})))
    assert one["calls"] == other["calls"]


def test_results_tell_by_content_and_order():
    call = ("f", {})
    digests = [only(imported("a", call, results=r))["results"] for r in (["1", "2"], ["2", "1"])]
    joined = only(imported("a", call, results=["12", ""]))["results"]
    assert len({*digests, joined}) == 3


def test_an_imported_row_is_described_as_far_as_its_words_go():
    call = ("weather", {"city": "New York", "days": 3, "metric": True})
    found = only(imported("Weather in New York for 3 days?", call, ("book", {"flight": "X1"})))
    assert found["length"] is None
    assert found["topology"] == "2"
    assert found["grounded"] == ['weather {"city":"New York","days":3,"metric":true}']
    alike = only(imported("Weather in Oslo for 12 days?", ("weather", {"city": "Oslo"}), call))
    third = imported("Weather in Rome for 1 days?", ("weather", {"city": "Rome"}), ("book", {}))
    assert only(third)["skeleton"] == found["skeleton"] != alike["skeleton"]


def test_words_of_chinese_are_its_characters():
    calls = [("weather", {"city": "\u5df4\u9ece"})]
    assert said(calls, "\u5df4\u9ece\u5929\u6c14\u5982\u4f55") == calls
    assert masked("\u5df4\u9ece\u5929\u6c14", calls) == masked(
        "\u7f57\u9a6c\u5929\u6c14", [("weather", {"city": "\u7f57\u9a6c"})]
    )


def test_offered_tools_without_a_name_are_passed_over():
    tools = [{"type": "function"}, {"function": {"name": 3}}, {"function": {"name": "f"}}]
    assert only(imported("a", tools=tools))["offered"] == ["f"]


@pytest.mark.parametrize("user", ["", "x", "word " * 200_000, "\U0001f600" * 1000])
def test_a_request_of_any_length_is_described(user):
    call = ("f", {"values": [f"word {i}" for i in range(1000)]})
    assert only(imported(user, call))["user"] == user


def test_a_value_that_is_no_json_is_named(rows):
    row = imported("a", ("f", {"x": 2**70}))
    with pytest.raises(StoreError, match="row a cannot be compared"):
        features([row])
