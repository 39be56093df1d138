"""BFCL: questions, and possible answers in a second file."""

from __future__ import annotations

import json

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


USER = {"role": "user", "content": "Weather in Oslo?"}


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
