"""NESTFUL, Seal-Tools and BFCL: calls without results, tools or answers in a second file."""

from __future__ import annotations

import json

import pytest

from callwright.schemas.errors import FormatError
from callwright.schemas.formats import READERS
from callwright.schemas.formats.defects import code_of

TOOL = {
    "name": "weather",
    "description": "Weather in a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city"],
    },
}


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


USER = {"role": "user", "content": "Weather in Oslo?"}


def nestful(folder, *calls):
    spec = {
        "name": "weather",
        "description": "Weather.",
        "query_parameters": {
            "city": {"type": "string", "required": True},
            "days": {"type": "integer"},
        },
        "output_parameters": {"sky": {}, "items": {}},
    }
    (folder / "spec.jsonl").write_text(json.dumps(spec))
    path = folder / "rows.jsonl"
    path.write_text(json.dumps({"input": "Weather?", "output": list(calls)}))
    (row,) = READERS["nestful"](path, companion=folder / "spec.jsonl")
    return row


def step(label, **arguments):
    return {"name": "weather", "arguments": arguments, "label": label}


def test_nestful_references_become_the_plan_and_stay_as_written(tmp_path):
    final = {"name": "var_result", "arguments": {"sky": "$var2.items[0].sky$"}}
    row = nestful(
        tmp_path, step("var1", city="Oslo"), step("var2", city="$var1.sky$", days="$var1$"), final
    )
    assert [s.after for s in row.plan.steps] == [[], ["call_1"]]
    assert row.plan.sequence == ["weather", "weather"]
    assert row.expected.outputs == [{"call": "call_2", "pointer": "/items/0/sky"}]
    assert row.messages[2].tool_calls[0].function.arguments["city"] == "$var1.sky$"
    assert codes(row) == ["missing_result"]


def test_nestful_reports_dangling_references_and_unknown_fields(tmp_path):
    final = {"name": "var_result", "arguments": {"sky": "$var9$"}}
    row = nestful(
        tmp_path, step("var1", city="$var2.sky$"), step("var2", city="$var1.smell$"), final
    )
    assert codes(row) == [
        "dangling_reference",
        "unknown_field",
        "dangling_output",
        "missing_result",
    ]


def test_nestful_without_its_tools_says_which_file_is_wanted(tmp_path):
    path = tmp_path / "x-data.json"
    path.write_text('[{"input": "", "output": []}]')
    with pytest.raises(FormatError, match=r"x-spec\.json: nestful needs its file of tools"):
        list(READERS["nestful"](path))


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
    assert codes(row) == ["dangling_reference", "schema_violation", "missing_result"]
    assert row.plan.steps[1].after == ["call_1"]
    assert row.messages[1].tool_calls[0].function.arguments == {"n": "63"}


def test_bfcl_dialect_is_translated_and_the_answer_expected(tmp_path):
    parameters = {
        "type": "dict",
        "properties": {
            "x": {"type": "float"},
            "p": {"type": "tuple", "items": {"type": "any"}},
            "u": {"type": "string"},
        },
        "required": ["x"],
    }
    question = {"id": "a", "question": [[USER]], "function": [{**TOOL, "parameters": parameters}]}
    truth = [{"weather": {"x": [1], "p": [[1, "b"]], "u": ["", "m"]}}]
    answer = {"id": "a", "ground_truth": truth}
    row = read(tmp_path, "bfcl", question, rows_possible_answer__jsonl=[answer])
    translated = row.tools[0]["function"]["parameters"]
    assert translated["properties"]["p"] == {"type": "array", "items": {}}
    assert row.expected.calls[0].arguments == {"x": 1, "p": [1, "b"]}
    assert row.origin["answer"] == answer
    assert codes(row) == []


def test_bfcl_says_what_it_cannot_expect(tmp_path):
    question = {"id": "a", "question": [[USER]], "function": [TOOL]}
    assert codes(read(tmp_path, "bfcl", question)) == ["missing_answer"]
    answer = {"id": "a", "ground_truth": ["weather(city='Oslo')"]}
    row = read(tmp_path, "bfcl", question, rows_possible_answer__jsonl=[answer])
    assert codes(row) == ["unreadable_answer"]
