"""ShareGPT with the roles human, assistant and function."""

from __future__ import annotations

import json


def test_results_stay_raw_and_apart_and_tools_complete(kit):
    made = kit.write("sharegpt_function", kit.parallel())
    roles = [turn["from"] for turn in made["conversations"]]
    assert roles == ["human", "assistant", "function", "function", "assistant"]
    assert made["conversations"][3]["value"] == "[1, 2.50]"
    assert json.loads(made["tools"]) == [kit.WRAPPED]


def test_the_whole_chain_is_one_row(kit):
    made = kit.write("sharegpt_function", kit.chain())
    assert [turn["from"][0] for turn in made["conversations"]] == list("hafafaha")
    assert made["system"] == "Today is Monday."


def test_an_answer_that_reads_like_a_call_is_refused(kit):
    fake = '{"name": "weather", "arguments": {}}'
    refused = kit.write("sharegpt_function", kit.row(kit.user(), kit.answer(fake)))
    assert refused.reason == "changed"
    honest = kit.row(kit.user(), kit.answer('{"name": "weather"}'))
    assert "conversations" in kit.write("sharegpt_function", honest)


def test_defects_are_reported(kit, tmp_path):
    turns = [("human", "?"), ("assistant", '{"name":"weather","arguments":{}}'), ("human", "!")]
    conversations = [{"from": role, "value": value} for role, value in turns]
    raw = {"conversations": conversations, "tools": json.dumps([kit.TOOL])}
    made = kit.read(tmp_path, "sharegpt_function", raw)
    assert kit.codes(made) == ["missing_result", "missing_argument"]
