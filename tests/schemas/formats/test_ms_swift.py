"""ms-swift's messages with tool_call and tool_response."""

from __future__ import annotations

import json

import pytest


def test_each_call_and_each_result_is_a_message(kit):
    made = kit.write("ms_swift", kit.parallel())
    assert [message["role"] for message in made["messages"]] == [
        *("user", "tool_call", "tool_call", "tool_response", "tool_response", "assistant")
    ]
    assert made["messages"][2]["content"] == (
        '{"name": "weather", "arguments": {"city": "巴黎", "days": 2}}'
    )
    assert json.loads(made["tools"]) == [kit.WRAPPED]


def test_consecutive_calls_are_parallel_and_later_ones_are_not(kit, tmp_path):
    made = kit.read(tmp_path, "ms_swift", kit.write("ms_swift", kit.chain()))
    assert [len(m.tool_calls or ()) for m in made.messages] == [0, 0, 1, 0, 1, 0, 0, 0, 0]


@pytest.mark.parametrize("listed", [True, False])
def test_tools_are_read_as_list_and_as_text_and_results_as_tool(kit, tmp_path, listed):
    raw = kit.write("ms_swift", kit.single())
    raw["messages"][2]["role"] = "tool"
    raw["tools"] = json.loads(raw["tools"]) if listed else raw["tools"]
    made = kit.read(tmp_path, "ms_swift", raw)
    assert (made.messages, made.tools) == (kit.single().messages, [kit.WRAPPED])


def test_text_beside_calls_is_refused(kit):
    both = kit.calls({"city": "Oslo"}, content="Let me see.")
    row = kit.row(kit.user(), both, kit.result(), kit.answer())
    assert kit.write("ms_swift", row).reason == "text_beside_calls"
