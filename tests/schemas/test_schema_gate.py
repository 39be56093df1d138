"""The schema gate: values under their schemas, offered tools as they really are."""

import copy

import pytest

from callwright.schemas.record import Conversation
from callwright.schemas.schema_gate import check_schema, without_kinds
from callwright.schemas.toolbox import Tool

TOOL = Tool(
    name="age_of",
    pack="test",
    description="Tell somebody's age. In years.",
    concise="Tell somebody's age.",
    parameters={
        "type": "object",
        "properties": {"name": {"type": "string", "x-kind": "person.name", "x-accepts": ["a"]}},
        "required": ["name"],
        "additionalProperties": False,
    },
    returns={
        "type": "object",
        "properties": {"years": {"type": "integer", "x-kind": "age.years"}},
        "required": ["years"],
    },
)
OFFERED = {
    "name": "age_of",
    "description": TOOL.description,
    "parameters": without_kinds(TOOL.parameters),
}
TOOLS = {"age_of": TOOL}


def row(arguments=None, content='{"years":7}', **offered):
    function = {"name": "age_of", "arguments": {"name": "Ada"} if arguments is None else arguments}
    return Conversation.model_validate(
        {
            "id": "r",
            "scenario": "single",
            "language": "en",
            "tools": [{"type": "function", "function": {**OFFERED, **offered}}],
            "messages": [
                {"role": "user", "content": "How old is Ada?"},
                {"role": "assistant", "tool_calls": [{"id": "call_1", "function": function}]},
                {"role": "tool", "tool_call_id": "call_1", "content": content},
                {"role": "assistant", "content": "Seven."},
            ],
        }
    )


def test_no_kind_is_left_in_what_a_model_sees():
    assert "x-" not in str(OFFERED)
    assert "x-kind" in str(TOOL.parameters)


@pytest.mark.parametrize("description", [TOOL.description, TOOL.concise])
def test_a_tool_is_offered_with_its_full_or_concise_description(description):
    assert check_schema(row(description=description), TOOLS).outcome == "pass"


def _looser(change):
    parameters = copy.deepcopy(OFFERED["parameters"])
    change(parameters)
    return parameters


@pytest.mark.parametrize(
    "offered",
    [
        {"description": "Tell an age."},
        {"strict": True},
        {"parameters": TOOL.parameters},
        {"parameters": _looser(lambda p: p.pop("required"))},
        {"parameters": _looser(lambda p: p.update(additionalProperties=0))},
        {"parameters": _looser(lambda p: p["properties"].update(more={"type": "string"}))},
    ],
)
def test_any_other_signature_than_the_real_one_fails(offered):
    gate = check_schema(row(**offered), TOOLS)
    assert gate.outcome == "fail"
    assert "age_of" in gate.detail


def test_the_order_of_keys_is_no_difference():
    turned = dict(reversed(OFFERED["parameters"].items()))
    assert check_schema(row(parameters=turned), TOOLS).outcome == "pass"


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        ('{"years":7}', "pass"),
        ('{"years":"7"}', "fail"),
        ("[]", "fail"),
        ('{"error":{"kind":"not_found","message":"No Ada."}}', "pass"),
        ('{"error":{"kind":"timeout","message":"."}}', "fail"),
        ('{"error":"not found"}', "fail"),
        ('{"error":{"kind":"not_found"}}', "fail"),
    ],
)
def test_a_result_follows_returns_or_is_an_error_of_the_closed_list(content, outcome):
    assert check_schema(row(content=content), TOOLS).outcome == outcome


def test_arguments_may_be_wrong_only_where_the_tool_said_so():
    refused = '{"error":{"kind":"invalid_arguments","message":"at /name: 3"}}'
    assert check_schema(row({"name": 3}, refused), TOOLS).outcome == "pass"
    assert check_schema(row({"name": 3}), TOOLS).outcome == "fail"


def test_without_tools_the_offered_schema_is_what_counts():
    assert check_schema(row(), None).outcome == "pass"
    assert check_schema(row({"nom": "Ada"}), None).outcome == "fail"
    assert check_schema(row(parameters={"type": "objekt"}), None).outcome == "fail"
