"""Grounding: sources are claims, and each is proven or refused."""

import pytest

from callwright.schemas.grounding import check_grounding
from callwright.schemas.kinds import kind_at, parameter_kind, schema_at
from callwright.schemas.reading import identical
from callwright.schemas.record import Conversation
from callwright.schemas.toolbox import Tool

FIND = Tool(
    name="find_place",
    pack="test",
    description="Find a place and its IATA code.",
    concise="Find a place and its IATA code.",
    parameters={
        "type": "object",
        "properties": {
            "where": {
                "type": "object",
                "properties": {"city": {"type": "string", "x-kind": "city.name"}},
            },
            "tags": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
            "limit": {"type": "integer", "default": 5},
            "open": {"type": "boolean"},
        },
    },
    returns={
        "type": "object",
        "properties": {
            "places": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "code": {"type": "string", "x-kind": "airport.iata"},
                        "size": {"type": "integer"},
                    },
                },
            },
            "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "x-kind": "text.note"},
        },
    },
)
CONTENT = '{"places":[{"code":"QQA","size":4},{"code":"QQB","size":9}],"note":null}'


def row(user, arguments, sources, *, answer="There is ", claims=None, content=CONTENT, **fields):
    """One call of `find_place`; the answer ends with the first place's code."""
    call = {"id": "call_1", "function": {"name": "find_place", "arguments": arguments}}
    calls = [] if arguments is None else [{"role": "assistant", "tool_calls": [call]}]
    results = [{"role": "tool", "tool_call_id": "call_1", "content": content}] if calls else []
    stated = [] if arguments is None else [_claim(answer, 3, "QQA", "/places/0/code")]
    record = {
        "id": "r",
        "scenario": "single",
        "language": "en",
        "tools": [{"type": "function", "function": {"name": "x", "description": FIND.description}}],
        "messages": [
            {"role": "user", "content": user},
            *calls,
            *results,
            {"role": "assistant", "content": answer + ("QQA." if stated else "")},
        ],
        "sources": {"call_1": sources} if calls else {},
        "claims": stated if claims is None else claims,
        "plan": {"goals": ["call_1"] if calls else []},
    }
    return Conversation.model_validate({**record, **fields})


def _claim(before, message, words, pointer, form="verbatim"):
    span = {"message": message, "start": len(before), "end": len(before) + len(words)}
    return {**span, "call": "call_1", "pointer": pointer, "form": form}


def said(start, end, form="verbatim"):
    return [{"origin": "user", "message": 0, "start": start, "end": end, "form": form}]


def verdict(conversation, tools=None):
    return check_grounding(conversation, {"find_place": FIND} if tools is None else tools)


def test_each_leaf_of_nested_arguments_needs_a_source_of_its_own():
    arguments = {"where": {"city": "Lima"}, "tags": ["a"]}
    sources = {"/where/city": said(3, 7), "/tags/0": [{"origin": "constant"}]}
    assert verdict(row("In Lima", arguments, sources)).outcome == "pass"
    for missing in sources:
        rest = {leaf: found for leaf, found in sources.items() if leaf != missing}
        gate = verdict(row("In Lima", arguments, rest))
        assert (gate.outcome, missing in gate.detail) == ("fail", True)


def test_an_empty_container_is_a_leaf():
    assert verdict(row("Go", {"tags": []}, {})).outcome == "fail"
    # … but a call without arguments has nothing to ground
    assert verdict(row("Go", {}, {})).outcome == "pass"


def test_spans_count_code_points():
    sources = {"/where/city": said(3, 7)}
    assert verdict(row("𝔘𝔫 Lima", {"where": {"city": "Lima"}}, sources)).outcome == "pass"


@pytest.mark.parametrize(
    ("arguments", "origin", "outcome"),
    [
        ({"limit": 5}, "default", "pass"),
        ({"limit": 6}, "default", "fail"),
        ({"limit": 5.0}, "default", "fail"),
        ({"open": True}, "constant", "pass"),
        ({"limit": 5}, "constant", "fail"),
        ({"open": True}, "default", "fail"),
    ],
)
def test_defaults_and_constants_are_what_the_schema_allows(arguments, origin, outcome):
    ((name, _),) = arguments.items()
    sources = {f"/{name}": [{"origin": origin}]}
    assert verdict(row("Go", arguments, sources)).outcome == outcome


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("The IATA code is ", "pass"),  # stands in the tool's description
        ("The CODE is ", "pass"),  # a key of the result
        ("The ICAO code is ", "fail"),
        ("Of 2 places there is ", "fail"),
        ("In Lima there is ", "fail"),  # said by the user, but no result says it
        ("Of twelve places there is ", "fail"),
    ],
)
def test_an_answer_states_nothing_beside_its_claims(answer, outcome):
    conversation = row("In Lima", {}, {}, answer=answer)
    assert verdict(conversation).outcome == outcome


def test_without_calls_an_answer_may_repeat_what_was_said_and_no_more():
    assert (
        verdict(row("Write to Lima", None, {}, answer="I can't write to Lima.")).outcome == "pass"
    )
    assert verdict(row("Write to her", None, {}, answer="I can't write to Lima.")).outcome == "fail"


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (CONTENT, "fail"),
        ('{"places":[],"note":null}', "pass"),
        ('{"error":{"kind":"not_found","message":"No place."}}', "pass"),
    ],
)
def test_a_goal_may_stay_unsaid_only_when_its_result_says_nothing(content, outcome):
    messages = row("Go", {}, {}, content=content).messages[:-1]
    last = {"role": "assistant", "content": "There is nothing."}
    conversation = row("Go", {}, {}, content=content, claims=[], messages=[*messages, last])
    assert verdict(conversation).outcome == outcome


def test_without_the_tool_a_failure_is_not_comparable():
    conversation = row("In Lima", {"limit": 5}, {"/limit": [{"origin": "default"}]})
    assert verdict(conversation, {}).outcome == "not_comparable"
    assert check_grounding(conversation, None).outcome == "not_comparable"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [(3, 3.0, False), (True, 1, False), ([1], [1], True), ([1], [1.0], False), ({}, [], False)],
)
def test_identical_means_equal_in_type_and_value(one, other, expected):
    assert identical(one, other) is expected


def test_kinds_are_found_through_lists_objects_and_nullable_fields():
    assert kind_at(FIND.returns, "/places/1/code") == "airport.iata"
    assert kind_at(FIND.returns, "/places/1/size") is None
    assert kind_at(FIND.returns, "/note") == "text.note"
    assert schema_at(FIND.returns, "/note")["type"] == "string"
    assert parameter_kind(FIND, "/where/city") == "city.name"
    assert parameter_kind(FIND, "/tags/0") == "find_place.tags"
    assert schema_at(FIND.parameters, "/nowhere/at/all") == {}
