"""Hugging Face chat: arguments as objects."""

from __future__ import annotations

from callwright.schemas.record import Message


def test_arguments_are_objects_and_ids_stand(kit):
    made = kit.write("hf", kit.parallel())
    first, second = made["messages"][1]["tool_calls"]
    assert first["function"]["arguments"] == {"city": "Oslo"}
    assert (first["id"], second["id"]) == ("call_1", "call_2")
    assert made["tools"] == [kit.WRAPPED]


def test_every_row_has_the_same_columns(kit):
    assert kit.write("hf", kit.row(kit.user(), kit.answer(), tools=[])).keys() == {
        "messages",
        "tools",
    }


def test_reasoning_and_text_beside_calls_are_carried(kit):
    thinks = {"content": "Let me see.", "reasoning_content": "Oslo, then."}
    row = kit.row(kit.user(), kit.calls({"city": "Oslo"}, **thinks), kit.result(), kit.answer())
    message = kit.write("hf", row)["messages"][1]
    assert (message["content"], message["reasoning_content"]) == ("Let me see.", "Oslo, then.")


def test_ids_out_of_order_would_be_renumbered_and_are_refused(kit):
    late = kit.calls({"city": "Oslo"}, first=7)
    row = kit.row(kit.user(), late, kit.result(7), kit.answer())
    refused = kit.write("hf", row)
    assert (refused.reason, "tool_calls of message 1" in refused.detail) == ("changed", True)


def test_a_lone_surrogate_is_refused(kit):
    row = kit.row(kit.user("a\ud800"), Message(role="assistant", content="?"))
    assert kit.write("hf", row).reason == "not_json"
