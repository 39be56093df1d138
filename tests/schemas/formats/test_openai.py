"""OpenAI's wire form, and reading it or Hugging Face chat."""

from __future__ import annotations

import json

import pytest

from callwright.schemas.record import Message, Rejection

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


@pytest.fixture
def read(kit, tmp_path):
    return lambda row: kit.read(tmp_path, "openai", row)


@pytest.fixture
def codes(kit):
    return kit.codes


def chat(*messages, tools=(WRAPPED,)):
    return {"messages": list(messages), "tools": list(tools)}


def asked(arguments, **more):
    call = {"type": "function", "function": {"name": "weather", "arguments": arguments}, **more}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


USER = {"role": "user", "content": "Weather in Oslo?"}


@pytest.mark.parametrize("arguments", [{"city": "Oslo"}, '{"city": "Oslo"}'])
def test_arguments_are_read_as_object_and_as_text(read, codes, arguments):
    result = {"role": "tool", "tool_call_id": "abc", "content": "{}"}
    row = read(chat(USER, asked(arguments, id="abc"), result))
    assert row.messages[1].tool_calls[0].function.arguments == {"city": "Oslo"}
    assert row.messages[2].tool_call_id == "call_1"
    assert codes(row) == []


def test_doubly_encoded_arguments_are_rejected(read, codes):
    twice = json.dumps('{"city": "Oslo"}')
    row = read(chat(USER, asked(twice, id="abc")))
    assert (type(row), row.reason) == (Rejection, "undecodable_arguments")


def test_missing_ids_are_reported_and_results_matched_by_order(read, codes):
    result = {"role": "tool", "name": "weather", "content": "{}"}
    row = read(chat(USER, asked({"city": "Oslo"}), result))
    assert codes(row) == ["missing_call_id"]
    assert row.messages[2].tool_call_id == "call_1"


def test_a_result_for_no_call_and_a_call_without_result_are_both_reported(read, codes):
    result = {"role": "tool", "tool_call_id": "other", "content": "{}"}
    row = read(chat(USER, asked({"city": "Oslo"}, id="abc"), result))
    assert codes(row) == ["result_without_call", "missing_result"]


def test_flat_tools_are_reported(read, codes):
    row = read(chat(USER, tools=[TOOL]))
    assert codes(row) == ["flat_tool"]
    assert row.tools == [WRAPPED]


def test_content_that_is_no_text_is_rejected(read, codes):
    image = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}
    assert read(chat(image)).reason == "content_not_text"


# -------------------------------------------------------------------- writing


def test_a_single_call_is_written_with_its_arguments_as_text(kit):
    assert kit.write("openai", kit.single()) == {
        "messages": [
            {"role": "user", "content": "Weather in Oslo?"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {
                        "id": "call_1",
                        "type": "function",
                        "function": {"name": "weather", "arguments": '{"city": "Oslo"}'},
                    }
                ],
            },
            {"role": "tool", "content": '{"sky":"grey"}', "tool_call_id": "call_1"},
            {"role": "assistant", "content": "Grey."},
        ],
        "tools": [kit.WRAPPED],
    }


def test_without_tools_there_is_no_list_of_them(kit):
    assert "tools" not in kit.write("openai", kit.row(kit.user(), kit.answer(), tools=[]))


def test_what_openai_refuses_is_not_written(kit):
    dotted = {"type": "function", "function": {**kit.TOOL, "name": "a.b"}}
    thought = Message(role="assistant", content="Grey.", reasoning_content="Hm.")
    unanswered = (kit.user(), kit.calls({"city": "Oslo"}), kit.user(), kit.answer())
    assert kit.write("openai", kit.row(kit.user(), kit.answer(), tools=[dotted])).reason == (
        "refused_name"
    )
    assert kit.write("openai", kit.row(kit.user(), thought)).reason == "reasoning"
    assert kit.write("openai", kit.row(*unanswered)).reason == "result_order"
