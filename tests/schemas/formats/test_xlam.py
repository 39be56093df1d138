"""xLAM: a request, its tools and the calls that answer it."""

from __future__ import annotations

import json


def test_parallel_calls_are_written_with_flat_tools(kit):
    made = kit.write("xlam", kit.parallel())
    assert made["query"] == "Weather in Oslo?"
    assert json.loads(made["answers"])[1]["arguments"] == {"city": "巴黎", "days": 2}
    (tool,) = json.loads(made["tools"])
    assert tool["parameters"] == {
        "city": {"type": "string"},
        "days": {"type": "integer, optional"},
    }


def test_a_request_that_needs_no_call_has_no_answers(kit):
    assert kit.write("xlam", kit.row(kit.user(), kit.answer()))["answers"] == "[]"


def test_what_has_no_place_is_refused(kit):
    later = (kit.calls({"city": "grey"}, first=2), kit.result(2), kit.answer())
    chain = kit.row(kit.user(), kit.calls({"city": "Oslo"}), kit.result(), *later)
    again = kit.row(kit.user(), kit.answer(), kit.user(), kit.answer())
    open_ended = {**kit.TOOL, "parameters": {"type": "object", "properties": {}}}
    loose = [{"type": "function", "function": open_ended}]
    for row, reason in (
        (chain, "needs_results"),
        (kit.chain(), "system_message"),
        (again, "several_requests"),
        (kit.row(kit.user(), kit.answer(), tools=loose), "changed"),
    ):
        assert kit.write("xlam", row).reason == reason


def test_the_data_sets_own_types_become_json_schema(kit, tmp_path):
    parameters = {
        "a": {"type": "str", "description": "A."},
        "b": {"type": "List[int], optional"},
        "c": {"type": "float", "default": 1.5},
        "d": {"type": "Callable"},
    }
    tools = [{"name": "f", "description": "F.", "parameters": parameters}]
    answers = [{"name": "f", "arguments": {"a": "x", "c": "1"}}]
    raw = {"query": "?", "tools": json.dumps(tools), "answers": json.dumps(answers)}
    made = kit.read(tmp_path, "xlam", raw)
    schema = made.tools[0]["function"]["parameters"]
    assert schema["required"] == ["a", "d"]
    assert schema["properties"]["b"] == {"type": "array", "items": {"type": "integer"}}
    assert schema["properties"]["c"] == {"type": "number", "default": 1.5}
    assert schema["properties"]["d"] == {}
    assert kit.codes(made) == [
        *("unknown_type", "missing_result", "missing_argument", "schema_violation")
    ]
