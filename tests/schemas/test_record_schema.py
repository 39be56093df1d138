from callwright.schemas.record import Conversation, Function, Message, Test, ToolCall
from callwright.schemas.record_schema import PATH, record_schema, schema_text
from callwright.schemas.validation import check_schema, explain

ROW = Conversation(
    id="r1",
    scenario="single",
    language="zh",
    tools=[{"type": "function", "function": {"name": "find"}}],
    messages=[
        Message(role="user", content="巴黎"),
        Message(
            role="assistant",
            tool_calls=[ToolCall(id="call_1", function=Function(name="find", arguments={"a": 1}))],
        ),
    ],
    sources={"call_1": {"/a": []}},
)


def test_the_schema_on_disk_is_that_of_the_record():
    assert PATH.read_text(encoding="utf-8") == schema_text(), (
        "run: python -m callwright.schemas.record_schema"
    )


def test_the_schema_is_a_valid_schema():
    assert check_schema(record_schema()) is None
    assert Test.__test__ is False


def test_a_row_is_valid_under_it():
    assert explain(record_schema(), ROW.model_dump(mode="json")) is None
    assert explain(record_schema(), ROW.model_dump(mode="json", exclude_defaults=True)) is None


def test_a_row_with_an_unknown_key_or_a_bad_role_is_not():
    row = ROW.model_dump(mode="json")
    assert "'colour'" in explain(record_schema(), {**row, "colour": "red"})
    row["messages"][0]["role"] = "function"
    assert explain(record_schema(), row).startswith("at /messages/0/role")
