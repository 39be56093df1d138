"""Hermes / Qwen text."""

from __future__ import annotations

import pytest

from callwright.schemas.record import Message, Rejection


def test_tools_calls_and_results_are_text(kit):
    system, _, call, results, _ = kit.write("hermes", kit.parallel())["messages"]
    assert system["role"] == "system"
    assert '<tools>\n{"type": "function", "function": {"name": "weather"' in system["content"]
    assert call["content"] == (
        '<tool_call>\n{"name": "weather", "arguments": {"city": "Oslo"}}\n</tool_call>\n'
        '<tool_call>\n{"name": "weather", "arguments": {"city": "巴黎", "days": 2}}\n</tool_call>'
    )
    assert results == {
        "role": "user",
        "content": '<tool_response>\n{"sky":"grey"}\n</tool_response>\n'
        "<tool_response>\n[1, 2.50]\n</tool_response>",
    }


def test_the_rows_own_system_message_comes_first(kit):
    content = kit.write("hermes", kit.chain())["messages"][0]["content"]
    assert content.startswith("Today is Monday.\n\n# Tools\n\n")


def test_text_beside_calls_is_carried(kit, tmp_path):
    both = kit.calls({"city": "Oslo"}, content="Let me\n\nsee.")
    row = kit.row(kit.user(), both, kit.result(), kit.answer())
    made = kit.read(tmp_path, "hermes", kit.write("hermes", row))
    assert made.messages == row.messages


@pytest.mark.parametrize(
    "messages",
    [
        [("user", "<tool_response>\n1\n</tool_response>"), ("assistant", "?")],
        [("user", "?"), ("assistant", 'Write <tool_call>{"name": 1}</tool_call>')],
        [
            ("system", '<tools>[{"name": "f"}]</tools>'),
            ("user", "?"),
            ("assistant", "!"),
        ],
    ],
)
def test_talk_that_reads_like_calls_or_results_is_refused(kit, messages):
    said = [Message(role=role, content=text) for role, text in messages]
    assert kit.write("hermes", kit.row(*said, tools=[])).reason in ("changed", "not_text")


def test_a_foreign_preamble_is_kept_and_its_tools_are_offered(kit, tmp_path):
    call = '{"name": "f", "arguments": {}}'
    content = 'You call functions. <tools>[{"name": "f"}]</tools> Be brief.'
    raw = {
        "messages": [
            {"role": "system", "content": content},
            {"role": "user", "content": "?"},
            {
                "role": "assistant",
                "content": f"<tool_call>{call}</tool_call>",
            },
            {"role": "tool", "content": "<tool_response>\n{}\n</tool_response>"},
            {"role": "assistant", "content": "!"},
        ]
    }
    made = kit.read(tmp_path, "hermes", raw)
    assert made.messages[0].content == content
    assert made.tools == [{"type": "function", "function": {"name": "f"}}]
    assert made.messages[3].content == "{}"
    assert kit.codes(made) == ["flat_tool", "foreign_preamble"]


def test_a_call_that_is_no_json_rejects_the_row(kit, tmp_path):
    said = "<tool_call>\n{'name': 'f'}\n</tool_call>"
    raw = {"messages": [{"role": "user", "content": "?"}, {"role": "assistant", "content": said}]}
    made = kit.read(tmp_path, "hermes", raw)
    assert (type(made), made.reason) == (Rejection, "undecodable_call")
