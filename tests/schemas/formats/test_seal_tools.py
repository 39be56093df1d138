"""Seal-Tools: calls without results, tools in a second file."""

from __future__ import annotations


def test_seal_tools_types_are_checked_and_references_have_none(kit, tmp_path):
    tool = {
        "api_name": "f",
        "api_description": "F.",
        "parameters": {"n": {"type": "int"}, "t": {"type": "str"}},
        "required": ["n"],
    }
    calls = [
        {"api": "f", "parameters": {"n": "63"}, "responses": ["API_call_0"]},
        {"api": "f", "parameters": {"n": "API_call_0", "t": "API_call_7"}, "responses": []},
    ]
    kit.beside(tmp_path, "tool.jsonl", tool)
    row = kit.read(tmp_path, "seal_tools", {"query": "?", "calling": calls})
    assert kit.codes(row) == ["dangling_reference", "missing_result", "schema_violation"]
    assert row.plan.steps[1].after == ["call_1"]
    assert row.messages[1].tool_calls[0].function.arguments == {"n": "63"}
