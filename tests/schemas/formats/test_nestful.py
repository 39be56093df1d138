"""NESTFUL v1: references instead of results, tools in a second file."""

from __future__ import annotations

import json

import pytest

from callwright.schemas.errors import FormatError
from callwright.schemas.formats import FORMATS, READERS
from callwright.schemas.formats.defects import code_of
from callwright.schemas.formats.exports import Exporter
from callwright.schemas.record import Plan, ResultSource, Rule, SelectedSource, UserSource


def codes(row):
    return [code_of(found) for found in row.origin["defects"]]


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


# -------------------------------------------------------------------- writing

SAID = UserSource(message=0, start=11, end=15, form="name")


def linked(kit, source, value="grey", content='{"days": [{"sky":"grey"}], "a b": "grey"}'):
    """Two calls, the second with a value of the first's result."""
    return kit.row(
        kit.user(),
        kit.calls({"city": "Oslo"}),
        kit.result(1, content),
        kit.calls({"city": value}, first=2),
        kit.result(2),
        kit.answer(),
        plan=Plan(goals=["call_2"]),
        sources={"call_1": {"/city": [SAID]}, "call_2": {"/city": [source]}},
    )


def test_a_value_that_comes_from_a_result_is_written_as_a_reference(kit):
    source = ResultSource(call="call_1", pointer="/days/0/sky")
    made = kit.write("nestful", linked(kit, source))
    assert made["output"] == [
        {"name": "weather", "arguments": {"city": "Oslo"}, "label": "var1"},
        {"name": "weather", "arguments": {"city": "$var1.days[0].sky$"}, "label": "var2"},
        {"name": "var_result", "arguments": {"weather": "$var2$"}},
    ]


def test_a_reference_that_leads_to_another_value_is_refused(kit):
    source = ResultSource(call="call_1", pointer="/days/0/sky")
    assert kit.write("nestful", linked(kit, source, value="blue")).reason == "changed"
    text = linked(kit, source, value="1", content='{"days": [{"sky": 1}]}')
    assert kit.write("nestful", text).reason == "changed"


def test_what_references_cannot_say_is_refused(kit):
    rule = Rule(take="first")
    chosen = SelectedSource(call="call_1", list="/days", rule=rule, pointer="/sky")
    assert kit.write("nestful", linked(kit, chosen)).reason == "selected_value"
    spaced = ResultSource(call="call_1", pointer="/a b")
    assert kit.write("nestful", linked(kit, spaced)).reason == "unsayable_path"
    unknown = linked(kit, spaced).model_copy(update={"sources": {}})
    assert kit.write("nestful", unknown).reason == "sources_unknown"
    assert kit.write("nestful", kit.chain()).reason == "system_message"


def test_two_rows_may_not_offer_different_tools_of_one_name(kit):
    other = {"type": "function", "function": {**kit.TOOL, "description": "Another."}}
    exporter = Exporter(FORMATS["nestful"])
    second = kit.single().model_copy(update={"tools": [other]})
    made = list(exporter.rows([kit.single(), second, kit.single()]))
    assert [row.refused and row.refused.reason for row in made] == [None, "tool_differs", None]
    (entry,) = exporter.second.values()
    assert entry["query_parameters"]["city"] == {"type": "string", "required": True}
    assert entry["output_parameters"] == {"sky": {"type": "string"}}
