"""The quality script counts what it says it counts."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from callwright.schemas.record import (
    Conversation,
    Function,
    Gate,
    Message,
    Plan,
    ResultSource,
    Step,
    ToolCall,
    UserSource,
)

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "../shared/fixtures"


@pytest.fixture(scope="module")
def scripts():
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        yield importlib.import_module("measures"), importlib.import_module("quality")
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))


def tool(name, **properties):
    parameters = {"type": "object", "properties": properties, "additionalProperties": False}
    function = {"name": name, "description": name, "parameters": parameters}
    return {"type": "function", "function": function}


TOOLS = [
    tool("find_airport", city={"type": "string"}),
    tool("weather", code={"type": "string"}, unit={"enum": ["C", "F"]}, days={"default": 3}),
]


def call(number, name, **arguments):
    return ToolCall(id=f"call_{number}", function=Function(name=name, arguments=arguments))


def conversation(text="Will it rain in Oslo?", city="Oslo", code="OSL", **more):
    messages = [
        Message(role="user", content=text),
        Message(role="assistant", tool_calls=[call(1, "find_airport", city=city)]),
        Message(role="tool", tool_call_id="call_1", content='{"code":"OSL"}'),
        Message(role="assistant", tool_calls=[call(2, "weather", code=code, unit="C", days=3)]),
        Message(role="tool", tool_call_id="call_2", content='{"rain":true}'),
        Message(role="assistant", content="It will."),
    ]
    steps = [
        Step(call="call_1", tool="find_airport", unnamed=True),
        Step(call="call_2", tool="weather", after=["call_1"]),
    ]
    plan = Plan(
        steps=steps,
        sequence=["find_airport", "weather"],
        topology="0>1",
        skeleton="s",
        causal_edges=[("call_1", "call_2", "/code")],
        length=2,
    )
    sources = {
        "call_1": {"/city": [UserSource(message=0, start=16, end=20, form="literal")]},
        "call_2": {"/code": [ResultSource(call="call_1", pointer="/code")]},
    }
    fields = {"id": text, "scenario": "chain", "language": "en", "tools": TOOLS, "plan": plan}
    return Conversation(**{**fields, "messages": messages, "sources": sources, **more})


def tallied(scripts, *rows, **options):
    tally = scripts[0].Tally("t", ours=True, **options)
    for row in rows:
        tally.add(row)
    return tally


def test_a_value_from_a_result_alone_counts_and_one_that_the_user_said_does_not(scripts):
    assert tallied(scripts, conversation()).fed_by_value == 1
    assert tallied(scripts, conversation("Will it rain in Oslo, OSL?")).fed_by_value == 0


def test_values_that_stand_nowhere_are_counted_but_not_defaults_and_enum_members(scripts):
    assert tallied(scripts, conversation()).nowhere == 0
    assert tallied(scripts, conversation(city="Bergen", code="BGO")).nowhere == 2


def test_leaves_without_a_recorded_source_are_counted(scripts):
    tally = tallied(scripts, conversation())
    assert (tally.leaves, tally.unsourced) == (4, 2)


def test_the_grounding_gate_is_asked_for_each_row(scripts):
    def check(row):
        return Gate(outcome="fail" if row.id == "bad" else "pass")

    rows = (conversation(), conversation(id="bad"))
    assert tallied(scripts, *rows, check_grounding=check).ungrounded_rows == 1


def test_violating_calls_are_counted_once_each(scripts):
    bad = conversation(city=7, code=None)
    assert tallied(scripts, bad, conversation()).violating_calls == 2


def test_repeated_requests_shapes_and_unnamed_steps_are_counted(scripts):
    tally = tallied(scripts, conversation(), conversation(), conversation("Rain in Oslo?"))
    assert tally.duplicates == 1
    assert (len(tally.sequences), len(tally.topologies), len(tally.skeletons)) == (1, 1, 1)
    assert (tally.chains, tally.chains_with_unnamed, tally.longer) == (3, 3, 3)
    assert tally.used == tally.offered == {"find_airport", "weather"}


def test_a_skeleton_of_this_script_does_not_change_with_the_values(scripts):
    one = conversation("Will it rain in Oslo on 3 May?")
    two = conversation("Will it rain in Bergen on 14 May?", city="Bergen")
    assert len(tallied(scripts, one, two).masked) == 1


def test_tools_are_counted_under_their_own_name_behind_a_view(scripts):
    views = {"weather": {"tool": "forecast"}}
    assert "forecast" in tallied(scripts, conversation(views=views)).used


def test_weights_are_found_in_the_recipe_and_sum_to_one(scripts):
    weights_in = scripts[1].weights_in
    assert weights_in({"build": {"scenarios": {"single": 1, "chain": {"weight": 3}}}}) == {
        "single": 0.25,
        "chain": 0.75,
    }
    assert weights_in({"seed": 1}) == {}


def test_each_missed_threshold_is_named(scripts):
    tally = tallied(scripts, conversation(city=7))
    tally.rows = tally.scenarios["chain"] = 10_000
    weights = {"chain": 0.5, "single": 0.5}
    ours = scripts[1].Dataset(tally, weights, frozenset({"weather", "never"}))
    text = "\n".join(scripts[1].failures(ours))
    for words in (
        "violating calls: 1",
        "unsourced: 2",
        "distinct sequences: 1",
        "distinct skeletons: 1",
        "tools never used: never",
        "chain: 100.0% of the rows",
        "question 0.0%, expected 53",
        "words_median 0, expected 16",
    ):
        assert words in text


def test_variety_is_not_asserted_of_a_small_set(scripts):
    ours = scripts[1].Dataset(tallied(scripts, conversation()), {}, frozenset({"never"}))
    assert not any("distinct" in line or "never" in line for line in scripts[1].failures(ours))


def test_a_dataset_on_disk_is_measured_and_checked(scripts, tmp_path, capsys, monkeypatch):
    class Stored:
        manifest = type("Manifest", (), {"recipe": {"scenarios": {"chain": 1}}})()

        def rows(self):
            yield conversation()

    monkeypatch.setattr(scripts[1], "open_dataset", lambda folder: Stored())
    assert scripts[1].main([str(tmp_path)]) == 0
    assert scripts[1].main([str(tmp_path), "--check"]) == 1
    printed = capsys.readouterr().out
    assert "chain                100.0%   recipe 100.0%" in printed
    assert "MISSED unsourced: 2, expected 0" in printed


def test_a_folder_that_is_no_dataset_is_one_line_and_exit_2(scripts, tmp_path, capsys):
    assert scripts[1].main([str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.skipif(not FIXTURES.exists(), reason="../shared/fixtures is absent")
def test_glaive_has_two_rows_fed_by_result_text_alone_and_73_repeats(scripts):
    glaive = next(scripts[1].read_foreign(FIXTURES))
    assert (glaive.name, glaive.rows, glaive.duplicates) == ("glaive_en", 300, 73)
    assert (glaive.violating_calls, glaive.fed_by_text) == (1, 2)
    # Both are matches inside longer texts: "4" in "4.5", "$" in "$$$". By whole values it is
    # another row, by chance: "F" for the user's "Fahrenheit".
    assert glaive.fed_by_value == 1
