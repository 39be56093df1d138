"""Planted faults: whatever is wrong with a row, the gate whose business it is finds it."""
# ruff: noqa: E501 - the table has a line for each fault

import copy

import pytest
from faults import (
    add,
    argument,
    both,
    drop,
    moved,
    no_argument,
    offered,
    put,
    renamed,
    result,
    says_too,
    swapped,
)

from callwright.curation.verify import check
from callwright.schemas.record import Conversation

SPAN = {"message": 0, "start": 0, "end": 3, "form": "verbatim"}
USER = {"origin": "user", **SPAN}
CITY = "sources/call_1/~1city/0"
ORIGIN = "sources/call_2/~1origin"
CHOICE = "sources/call_3/~1order_id/0"
FROM = {"origin": "result", "pointer": "/airport"}
INTEGER = {"type": "object", "properties": {"city": {"type": "integer"}}}
BACK = ["call_2", "call_3", "/distance"]

# what is wrong, the row, how it is done, the gate that finds it
FAULTS = [
    # -- form
    ("a tool message is dropped", "chain", drop("messages/3"), "form"),
    ("the final answer is dropped", "chain", drop("messages/8"), "form"),
    ("the final answer is empty", "chain", put("messages/8/content", " "), "form"),
    ("the user's message is empty", "chain", put("messages/1/content", ""), "form"),
    ("two results are swapped", "parallel", swapped("messages", 2, 3), "form"),
    ("a turn is moved before another", "chain", swapped("messages", 2, 4), "form"),
    ("two user messages in a row", "chain", add("messages", {"role": "user", "content": "Hi"}), "form"),
    ("a call's id is used twice", "parallel", put("messages/1/tool_calls/1/id", "call_1"), "form"),
    ("ids are out of order", "parallel", swapped("messages/1/tool_calls", 0, 1), "form"),
    ("a result names another call", "chain", put("messages/3/tool_call_id", "call_2"), "form"),
    ("a result is no JSON", "chain", put("messages/3/content", "LIS"), "form"),
    ("a user message has no content", "chain", put("messages/1/content", None), "form"),
    ("a tool is called that is not offered", "chain", renamed("flight_time", "drive_time"), "form"),
    ("a tool is offered twice", "chain", put("tools", lambda t: [*t, t[0]]), "form"),
    ("a tool has an impossible name", "chain", offered("sunset", name="sun set"), "form"),
    ("a span ends after the text", "chain", put(f"{CITY}/end", 999), "form"),
    ("a span names no message", "chain", put(f"{CITY}/message", 40), "form"),
    ("an empty span", "chain", put(f"{CITY}/end", lambda n: n - 6), "form"),
    ("steps are re-ordered", "chain", swapped("plan/steps", 1, 2), "form"),
    ("the sequence is another", "chain", put("plan/sequence/0", "sunset"), "form"),
    ("the topology is another", "chain", put("plan/topology", "0>1"), "form"),
    ("a step forgets what it comes after", "chain", put("plan/steps/2/after", []), "form"),
    ("a goal is no call", "chain", put("plan/goals", ["call_9"]), "form"),
    ("there is no goal", "chain", put("plan/goals", []), "form"),
    ("plan.length is inflated", "chain", put("plan/length", 4), "form"),
    ("a source points to a later call", "chain", put(f"{ORIGIN}/0/call", "call_3"), "form"),
    ("a causal edge without source", "chain", add("plan/causal_edges", ["call_1", "call_3", "/distance"]), "form"),
    ("a causal edge is named twice", "chain", add("plan/causal_edges", BACK), "form"),
    ("a gold call differs", "chain", put("expected/calls/1/arguments/destination", "OSX"), "form"),
    ("a required output does not exist", "chain", put("expected/outputs/0/pointer", "/days"), "form"),
    ("a called tool is forbidden", "stateful", put("expected/forbidden", ["cancel_order"]), "form"),
    ("a chain calls itself single", "chain", put("scenario", "single"), "form"),
    ("a single row calls itself parallel", "single", put("scenario", "parallel"), "form"),
    ("a chain calls itself dag", "chain", put("scenario", "dag"), "form"),
    ("a row with calls calls itself irrelevant", "single", put("scenario", "irrelevant"), "form"),
    ("two claims overlap", "stateful", put("claims/1/start", 6), "form"),
    ("sources of no call", "chain", put("sources/call_9", {"/city": [USER]}), "form"),
    # -- schema
    ("an argument has the wrong type", "chain", argument(1, "city", 7), "schema"),
    ("an argument too many", "chain", argument(1, "country", "PT"), "schema"),
    ("a required argument is missing", "chain", no_argument(2, "destination"), "schema"),
    ("an argument is null", "chain", argument(1, "city", None), "schema"),
    ("an argument is no enum member", "miles", argument(1, "unit", "ft"), "schema"),
    ("a date that is none", "single", argument(1, "date", "2026-02-30"), "schema"),
    ("a result lacks a field", "chain", put("messages/7/content", "{}"), "schema"),
    ("a result has the wrong type", "chain", result(3, "hours", "long"), "schema"),
    ("an error of no known kind", "chain", put("messages/7/content", '{"error":{"kind":"tired","message":"."}}'), "schema"),
    ("a crash in a row", "chain", put("messages/7/content", '{"error":{"kind":"crashed","message":"."}}'), "schema"),
    ("the offered schema is another", "chain", offered("city_airport", parameters=INTEGER), "schema"),
    ("a distractor's schema is another", "chain", offered("sunset", parameters=INTEGER), "schema"),
    ("the offered description is another", "chain", offered("sunset", description="Tell."), "schema"),
    ("an offered tool does not exist", "chain", offered("sunset", name="sunrise"), "schema"),
    ("an offered tool shows kinds", "chain", put("tools/0/function/parameters/x-kind", "a"), "schema"),
    # -- grounding
    ("a changed letter in an argument", "chain", argument(2, "destination", "OSM"), "grounding"),
    ("a changed digit in an argument", "chain", argument(3, "distance", 4000.1), "grounding"),
    ("two arguments are swapped", "chain", both(argument(2, "origin", "OSL"), argument(2, "destination", "LIS")), "grounding"),
    ("an id of somebody else", "stateful", argument(2, "customer_id", "K-410"), "grounding"),
    ("a span is moved", "chain", moved(CITY, 1), "grounding"),
    ("the wrong surface form", "single", put("sources/call_1/~1date/0/form", "date.long"), "grounding"),
    ("a surface form that does not exist", "chain", put(f"{CITY}/form", "guessed"), "grounding"),
    ("an argument without source", "chain", drop(ORIGIN), "grounding"),
    ("an empty list of sources", "chain", put(ORIGIN, []), "grounding"),
    ("a source of no argument", "chain", put("sources/call_1/~1town", [USER]), "grounding"),
    ("a user source in the system message", "chain", put(CITY, {**USER, "end": 6}), "grounding"),
    ("a result source of another field", "chain", put(f"{ORIGIN}/0/pointer", "/city"), "grounding"),
    ("a result source of no field", "chain", put(f"{ORIGIN}/0/pointer", "/code"), "grounding"),
    ("a source in the same turn", "parallel", put("sources/call_2/~1city", [{**FROM, "call": "call_1"}]), "grounding"),
    ("tomorrow without a date", "single", drop("sources/call_1/~1date/1"), "grounding"),
    ("tomorrow on another day", "single", put("messages/0/content", lambda t: t.replace("2026", "2027")), "grounding"),
    ("the item is not the minimum", "stateful", put(f"{CHOICE}/rule/take", "max"), "grounding"),
    ("the item fails the test", "stateful", put(f"{CHOICE}/rule/where/1/op", "le"), "grounding"),
    ("the rule tests on another value", "stateful", put(f"{CHOICE}/rule/where/1/value", 60), "grounding"),
    ("the rule tests on what nobody says", "stateful", put(f"{CHOICE}/rule/where/1/source", None), "grounding"),
    ("a tie in a selection", "stateful", result(2, "orders", lambda o: [{**i, "total": 99.5} for i in o]), "grounding"),
    ("`only` where several match", "stateful", put(f"{CHOICE}/rule/take", "only"), "grounding"),
    ("the list is no list", "stateful", put(f"{CHOICE}/list", "/count"), "grounding"),
    ("a default that is not the default", "chain", argument(2, "unit", "mi"), "grounding"),
    ("a default where there is none", "chain", put("sources/call_2/~1destination", [{"origin": "default"}]), "grounding"),
    ("a constant on a free text", "chain", put("sources/call_1/~1city", [{"origin": "constant"}]), "grounding"),
    ("the answer invents a number", "chain", says_too(8, " That is 12 times around."), "grounding"),
    ("the answer invents a name", "chain", says_too(8, " Enjoy Madrid."), "grounding"),
    ("a number in the answer is changed", "companions", put("messages/4/content", lambda t: t.replace(":", "1:")), "grounding"),
    ("a claim points to another field", "stateful", put("claims/0/pointer", "/refund"), "grounding"),
    ("a claim points to no field", "stateful", put("claims/0/pointer", "/number"), "grounding"),
    ("a claim of another call", "parallel", put("claims/1/call", "call_2"), "grounding"),
    ("a claim in another message", "chain", put("claims/0/message", 1), "grounding"),
    ("a goal is not answered", "parallel", put("claims", lambda c: c[:2]), "grounding"),
    # -- replay
    ("a forged result", "chain", result(1, "latitude", 38.78), "replay"),
    ("a forged result that is said", "single", both(result(1, "opens", "07:30"), put("messages/4/content", "It opens at 07:30.")), "replay"),
    ("a result in another layout", "chain", put("messages/3/content", lambda t: t.replace(",", ", ")), "replay"),
    ("a forged final state", "stateful", put("expected/state", "0" * 24), "replay"),
    ("a missing final state", "stateful", put("expected/state", None), "replay"),
    ("a final state where nothing is written", "chain", put("expected/state", "0" * 24), "replay"),
    ("a stateful row that writes nothing", "chain", put("scenario", "stateful"), "replay"),
    ("a read is forbidden", "chain", put("expected/forbidden", ["sunset"]), "replay"),
    # -- causality
    ("the user already said the value", "chain", says_too(1, " I mean LIS."), "causality"),
    ("the user said it in other letters", "chain", says_too(1, " That's lis."), "causality"),
    ("the user said the number in words", "stateful", says_too(0, " It's three thousand and twenty-nine."), "causality"),
    ("the system message says the value", "chain", says_too(0, " The user lives near LIS."), "causality"),
    ("a chain without a causal edge", "chain", both(put("plan/causal_edges", []), put("plan/length", 1)), "causality"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "spoil", "gate"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_a_planted_fault_is_caught_by_the_gate_whose_business_it_is(
    name, spoil, gate, rows, toolbox
):
    record = copy.deepcopy(rows[name].model_dump(mode="json"))
    spoil(record)
    spoiled = Conversation.model_validate(record)
    assert spoiled != rows[name]
    gates = check(spoiled, toolbox)
    assert gates[gate].outcome == "fail", {k: (g.outcome, g.detail) for k, g in gates.items()}
    assert gates[gate].detail
    assert "\n" not in gates[gate].detail


def test_there_are_at_least_thirty_kinds_of_fault_and_some_for_each_gate():
    assert len({fault[0] for fault in FAULTS}) == len(FAULTS) >= 30
    assert {fault[3] for fault in FAULTS} == {"form", "schema", "grounding", "replay", "causality"}
