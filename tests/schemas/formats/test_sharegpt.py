"""ShareGPT as LLaMA-Factory reads it."""

from __future__ import annotations

import json

import pytest

from callwright.schemas.formats.defects import code_of
from callwright.schemas.formats.drafting import RESULT_SEPARATOR
from callwright.schemas.record import Conversation, Message, Rejection

TOOL = {
    "name": "weather",
    "description": "Weather in a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city"],
    },
}


@pytest.fixture
def read(kit, tmp_path):
    return lambda row: kit.read(tmp_path, "sharegpt", row)


def codes(row):
    return [code_of(found) for found in row.origin["defects"]]


def sharegpt(*turns, tools=(TOOL,)):
    conversations = [{"from": role, "value": value} for role, value in turns]
    return {"conversations": conversations, "tools": json.dumps(list(tools))}


def called(**arguments):
    return json.dumps({"name": "weather", "arguments": arguments})


def test_a_sound_row_is_carried_whole_and_promises_nothing(read):
    raw = sharegpt(
        ("human", "Weather in Oslo?"),
        ("function_call", called(city="Oslo")),
        ("observation", '{"sky": "grey"}'),
        ("gpt", "Grey."),
    )
    row = read(raw)
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


def test_results_of_parallel_calls_are_told_apart(read):
    two = f"[{called(city='Oslo')}, {called(city='Bergen')}]"
    results = RESULT_SEPARATOR.join(["1", "2"])
    raw = sharegpt(("human", "?"), ("function_call", two), ("observation", results), ("gpt", "ok"))
    row = read(raw)
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
def test_a_defect_is_reported_and_left_as_it_is(read, turns, code):
    raw = sharegpt(*turns)
    row = read(raw)
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
def test_a_row_that_cannot_be_carried_is_a_rejection_with_its_row(read, turns, reason):
    raw = sharegpt(*turns)
    row = read(raw)
    assert isinstance(row, Rejection)
    assert (row.stage, row.reason, row.row) == ("import", reason, raw)
    assert row.detail.startswith("rows.jsonl:1: ")


def test_bad_tool_definitions_are_reported(read):
    broken = {**TOOL, "name": "a.b", "parameters": {"type": "dict"}}
    row = read(sharegpt(("human", "?"), tools=[TOOL, TOOL, broken]))
    assert codes(row) == ["duplicate_tool", "refused_name", "bad_tool_schema"]


def test_a_schema_that_points_elsewhere_is_not_followed(read):
    tool = {**TOOL, "parameters": {"$ref": "file:///etc/passwd"}}
    turns = (("human", "?"), ("function_call", called(city="Oslo")))
    row = read(sharegpt(*turns, tools=[tool]))
    assert "bad_tool_schema" in codes(row)


def test_chinese_requests_are_recognised_among_latin_names(read):
    row = read(sharegpt(("human", "帮我查一下 Oslo 的天气 weather")))
    assert row.language == "zh"


# -------------------------------------------------------------------- writing


def test_a_chain_is_written_as_llama_factory_wants_it(kit):
    made = kit.write("sharegpt", kit.chain())
    assert made == {
        "conversations": [
            {"from": "human", "value": "Weather in Oslo?"},
            {
                "from": "function_call",
                "value": '{"name": "weather", "arguments": {"city": "Oslo"}}',
            },
            {"from": "observation", "value": '{"sky":"grey"}'},
            {
                "from": "function_call",
                "value": '{"name": "weather", "arguments": {"city": "grey", "days": 1}}',
            },
            {"from": "observation", "value": "null"},
            {"from": "gpt", "value": "Grey."},
            {"from": "human", "value": "Thanks!"},
            {"from": "gpt", "value": "Welcome."},
        ],
        "system": "Today is Monday.",
        "tools": json.dumps([kit.TOOL]),
    }


def test_parallel_calls_are_a_list_and_their_results_one_observation(kit):
    turns = kit.write("sharegpt", kit.parallel())["conversations"]
    assert [call["arguments"] for call in json.loads(turns[1]["value"])] == [
        {"city": "Oslo"},
        {"city": "巴黎", "days": 2},
    ]
    assert turns[2]["value"] == '{"sky":"grey"}' + RESULT_SEPARATOR + "[1, 2.50]"


def test_what_llama_factory_would_drop_or_change_is_refused(kit):
    beside = kit.calls({"city": "Oslo"}, content="Let me see.")
    thought = Message(role="assistant", content="Grey.", reasoning_content="Hm.")
    two = kit.calls({"city": "Oslo"}, {"city": "Rome"})
    for messages, reason in (
        ((kit.user(), kit.calls({"city": "Oslo"}), kit.result()), "ends_unanswered"),
        ((kit.user(), kit.user(), kit.answer()), "role_order"),
        ((kit.user(), beside, kit.result(), kit.answer()), "text_beside_calls"),
        ((kit.user(), thought), "reasoning"),
        ((kit.user(), two, kit.result(2), kit.result(1), kit.answer()), "result_order"),
        ((Message(role="system", content=""), kit.user(), kit.answer()), "changed"),
    ):
        assert kit.write("sharegpt", kit.row(*messages)).reason == reason
