"""BFCL: questions, and possible answers in a second file."""

from __future__ import annotations

USER = {"role": "user", "content": "Weather in Oslo?"}


def test_bfcl_dialect_is_translated_and_the_answer_expected(kit, tmp_path):
    parameters = {
        "type": "dict",
        "properties": {
            "x": {"type": "float"},
            "p": {"type": "tuple", "items": {"type": "any"}},
            "u": {"type": "string"},
        },
        "required": ["x"],
    }
    question = {
        "id": "a",
        "question": [[USER]],
        "function": [{**kit.TOOL, "parameters": parameters}],
    }
    truth = [{"weather": {"x": [1], "p": [[1, "b"]], "u": ["", "m"]}}]
    answer = {"id": "a", "ground_truth": truth}
    kit.beside(tmp_path, "rows_possible_answer.jsonl", answer)
    row = kit.read(tmp_path, "bfcl", question)
    translated = row.tools[0]["function"]["parameters"]
    assert translated["properties"]["p"] == {"type": "array", "items": {}}
    assert row.expected.calls[0].arguments == {"x": 1, "p": [1, "b"]}
    assert row.origin["answer"] == answer
    assert kit.codes(row) == []


def test_bfcl_says_what_it_cannot_expect(kit, tmp_path):
    question = {"id": "a", "question": [[USER]], "function": [kit.TOOL]}
    assert kit.codes(kit.read(tmp_path, "bfcl", question)) == ["missing_answer"]
    answer = {"id": "a", "ground_truth": ["weather(city='Oslo')"]}
    kit.beside(tmp_path, "rows_possible_answer.jsonl", answer)
    row = kit.read(tmp_path, "bfcl", question)
    assert kit.codes(row) == ["unreadable_answer"]
