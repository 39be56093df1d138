"""Seal-Tools: calls without results, tools in a second file."""

from __future__ import annotations

import json

from callwright.schemas.formats import READERS
from callwright.schemas.formats.defects import code_of


def read(folder, form, row, **companions):
    for name, rows in companions.items():
        lines = (json.dumps(item) for item in rows)
        (folder / name.replace("__", ".")).write_text("\n".join(lines))
    path = folder / "rows.jsonl"
    path.write_text(json.dumps(row))
    (made,) = READERS[form](path)
    return made


def codes(row):
    return [code_of(found) for found in row.origin["defects"]]


def test_seal_tools_types_are_checked_and_references_have_none(tmp_path):
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
    row = read(tmp_path, "seal_tools", {"query": "?", "calling": calls}, tool__jsonl=[tool])
    assert codes(row) == ["dangling_reference", "missing_result", "schema_violation"]
    assert row.plan.steps[1].after == ["call_1"]
    assert row.messages[1].tool_calls[0].function.arguments == {"n": "63"}
