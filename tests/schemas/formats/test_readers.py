"""What each reader carries and what it reports, on samples made for the purpose."""

from __future__ import annotations

import json

import pytest

from callwright.schemas.formats import READERS
from callwright.schemas.formats.defects import code_of
from callwright.schemas.formats.sharegpt import RESULT_SEPARATOR
from callwright.schemas.record import Conversation, Rejection

TOOL = {
    "name": "weather",
    "description": "Weather in a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city"],
    },
}
WRAPPED = {"type": "function", "function": TOOL}


def read(folder, form, row):
    path = folder / "rows.jsonl"
    path.write_text(json.dumps(row))
    (made,) = READERS[form](path)
    return made


def codes(row):
    return [code_of(found) for found in row.origin["defects"]]


def sharegpt(*turns, tools=(TOOL,)):
    conversations = [{"from": role, "value": value} for role, value in turns]
    return {"conversations": conversations, "tools": json.dumps(list(tools))}


def called(**arguments):
    return json.dumps({"name": "weather", "arguments": arguments})


def chat(*messages, tools=(WRAPPED,)):
    return {"messages": list(messages), "tools": list(tools)}


def asked(arguments, **more):
    call = {"type": "function", "function": {"name": "weather", "arguments": arguments}, **more}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


USER = {"role": "user", "content": "Weather in Oslo?"}


# ------------------------------------------------------------------ sharegpt


def test_a_sound_row_is_carried_whole_and_promises_nothing(tmp_path):
    raw = sharegpt(
        ("human", "Weather in Oslo?"),
        ("function_call", called(city="Oslo")),
        ("observation", '{"sky": "grey"}'),
        ("gpt", "Grey."),
    )
    row = read(tmp_path, "sharegpt", raw)
    assert [m.role for m in row.messages] == ["user", "assistant", "tool", "assistant"]
    assert row.messages[1].tool_calls[0].function.arguments == {"city": "Oslo"}
    assert row.messages[2].content == '{"sky": "grey"}'
    assert row.messages[2].tool_call_id == row.messages[1].tool_calls[0].id == "call_1"
    assert row.scenario == "imported"
    assert row.promises.executed is None
    assert not row.promises.grounded
    assert not row.promises.causal
    assert row.origin["raw"] == raw
    assert row.origin["defects"] == []
    assert (row.origin["source"], row.origin["licence"]) == ("rows.jsonl", "unknown")


def test_results_of_parallel_calls_are_told_apart(tmp_path):
    two = f"[{called(city='Oslo')}, {called(city='Bergen')}]"
    results = RESULT_SEPARATOR.join(["1", "2"])
    raw = sharegpt(("human", "?"), ("function_call", two), ("observation", results), ("gpt", "ok"))
    row = read(tmp_path, "sharegpt", raw)
    told = [(m.tool_call_id, m.content) for m in row.messages if m.role == "tool"]
    assert told == [("call_1", "1"), ("call_2", "2")]
    assert codes(row) == []


@pytest.mark.parametrize(
    ("turns", "code"),
    [
        ([("human", "?"), ("function_call", called(city="O", days="3"))], "schema_violation"),
        ([("human", "?"), ("function_call", called(days=3))], "missing_argument"),
        ([("human", "?"), ("function_call", called(city="O", place=1))], "extra_argument"),
        ([("human", "?"), ("function_call", '{"name":"x","arguments":{}}')], "unknown_tool"),
        ([("human", "?"), ("function_call", called(city="O"))], "missing_result"),
        ([("human", "?"), ("gpt", "a"), ("observation", "{}")], "result_without_call"),
        (
            [("human", "?"), ("function_call", called(city="O")), ("observation", "sunny")],
            "result_not_json",
        ),
        ([("human", "?"), ("human", "?")], "role_order"),
        (
            [("human", "?"), ("function_call", '{"name":"weather","arguments":"{\\"city\\":1}"}')],
            "arguments_as_text",
        ),
        ([("human", "Какая погода в Осло?")], "language_unknown"),
    ],
)
def test_a_defect_is_reported_and_left_as_it_is(tmp_path, turns, code):
    raw = sharegpt(*turns)
    row = read(tmp_path, "sharegpt", raw)
    assert isinstance(row, Conversation)
    assert code in codes(row)
    assert row.origin["raw"] == raw


@pytest.mark.parametrize(
    ("turns", "reason"),
    [
        ([("human", "?"), ("function_call", "{'name': 'weather'}")], "undecodable_call"),
        (
            [("human", "?"), ("function_call", '{"name":"weather","arguments":"{"}')],
            "undecodable_arguments",
        ),
        ([("human", "?"), ("function_call", '{"name":"weather","arguments":[1]}')], "not_object"),
        ([("human", "?"), ("narrator", "!")], "unknown_role"),
        ([("human", 7)], "not_text"),
    ],
)
def test_a_row_that_cannot_be_carried_is_a_rejection_with_its_row(tmp_path, turns, reason):
    raw = sharegpt(*turns)
    row = read(tmp_path, "sharegpt", raw)
    assert isinstance(row, Rejection)
    assert (row.stage, row.reason, row.row) == ("import", reason, raw)
    assert row.detail.startswith("rows.jsonl:1: ")


def test_bad_tool_definitions_are_reported(tmp_path):
    broken = {**TOOL, "name": "a.b", "parameters": {"type": "dict"}}
    row = read(tmp_path, "sharegpt", sharegpt(("human", "?"), tools=[TOOL, TOOL, broken]))
    assert codes(row) == ["duplicate_tool", "refused_name", "bad_tool_schema"]


def test_a_schema_that_points_elsewhere_is_not_followed(tmp_path):
    tool = {**TOOL, "parameters": {"$ref": "file:///etc/passwd"}}
    turns = (("human", "?"), ("function_call", called(city="Oslo")))
    row = read(tmp_path, "sharegpt", sharegpt(*turns, tools=[tool]))
    assert "bad_tool_schema" in codes(row)


def test_chinese_requests_are_recognised_among_latin_names(tmp_path):
    row = read(tmp_path, "sharegpt", sharegpt(("human", "帮我查一下 Oslo 的天气 weather")))
    assert row.language == "zh"


# --------------------------------------------------------------- openai_chat


@pytest.mark.parametrize("arguments", [{"city": "Oslo"}, '{"city": "Oslo"}'])
def test_arguments_are_read_as_object_and_as_text(tmp_path, arguments):
    result = {"role": "tool", "tool_call_id": "abc", "content": "{}"}
    row = read(tmp_path, "openai_chat", chat(USER, asked(arguments, id="abc"), result))
    assert row.messages[1].tool_calls[0].function.arguments == {"city": "Oslo"}
    assert row.messages[2].tool_call_id == "call_1"
    assert codes(row) == []


def test_doubly_encoded_arguments_are_rejected(tmp_path):
    twice = json.dumps('{"city": "Oslo"}')
    row = read(tmp_path, "openai_chat", chat(USER, asked(twice, id="abc")))
    assert (type(row), row.reason) == (Rejection, "undecodable_arguments")


def test_missing_ids_are_reported_and_results_matched_by_order(tmp_path):
    result = {"role": "tool", "name": "weather", "content": "{}"}
    row = read(tmp_path, "openai_chat", chat(USER, asked({"city": "Oslo"}), result))
    assert codes(row) == ["missing_call_id"]
    assert row.messages[2].tool_call_id == "call_1"


def test_a_result_for_no_call_and_a_call_without_result_are_both_reported(tmp_path):
    result = {"role": "tool", "tool_call_id": "other", "content": "{}"}
    row = read(tmp_path, "openai_chat", chat(USER, asked({"city": "Oslo"}, id="abc"), result))
    assert codes(row) == ["result_without_call", "missing_result"]


def test_flat_tools_are_reported(tmp_path):
    row = read(tmp_path, "openai_chat", chat(USER, tools=[TOOL]))
    assert codes(row) == ["flat_tool"]
    assert row.tools == [WRAPPED]


def test_content_that_is_no_text_is_rejected(tmp_path):
    image = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}
    assert read(tmp_path, "openai_chat", chat(image)).reason == "content_not_text"
