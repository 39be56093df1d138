"""A chain is a chain: what counts as a causal edge, what does not, and what proving one costs."""

import pytest
import small_world
from small_world import Script

from callwright.curation import causality
from callwright.curation.causality import prove
from callwright.curation.standing import Standing
from callwright.curation.variation import differs
from callwright.curation.verify import certify, check
from callwright.schemas.reading import calls_of
from callwright.schemas.record import Conversation


def only(row, toolbox):
    """The verdict about the row's last candidate edge."""
    return list(prove(row, toolbox).values())[-1]


def with_message(row, index, text):
    messages = list(row.messages)
    messages[index] = messages[index].model_copy(update={"content": text})
    return row.model_copy(update={"messages": messages})


# ---------------------------------------------------------------- what counts


def test_every_edge_of_a_sound_chain_is_proven(toolbox):
    for row in (small_world.chain(), small_world.stateful(), small_world.companions()):
        assert set(prove(row, toolbox).values()) == {None}


def test_proving_an_edge_takes_few_calls(rows, toolbox):
    for name, calls in {"chain": 3, "stateful": 3, "companions": 2}.items():
        before = toolbox.calls
        check(rows[name], toolbox)
        edges = len(rows[name].plan.causal_edges)
        assert toolbox.calls - before - calls <= 3 * edges, name


def test_rows_that_promise_no_chain_are_not_applicable(rows):
    for name in ("single", "parallel", "miles", "irrelevant"):
        assert rows[name].gates["causality"].outcome == "not_applicable"


def test_a_value_and_its_companion_are_swapped_together(toolbox):
    # `sunset` knows five places and refuses any other pair of coordinates.
    row = small_world.companions()
    assert prove(row, toolbox)["call_1", "call_2", "/latitude"] is None


def test_an_edge_may_depend_on_what_the_system_message_says(toolbox):
    s = Script("chain", "When does the sun go down where I am?", system="The user is in Hanoi.")
    city = {"origin": "system", **s.span(0, "Hanoi", "verbatim")}
    s.turn(("city_airport", {"city": ("Hanoi", [city])}))
    place = {"latitude": s.result(1, "/latitude"), "longitude": s.result(1, "/longitude")}
    s.turn(("sunset", place))
    s.answer("At ", (s.made[1][1].value["sunset"], 2, "/sunset", "time.h24"), ".")
    assert certify(s.finish(), toolbox).plan.length == 2


def home():
    s = Script("chain", "How far is it from home to OSL?")
    s.turn(("home_airport", {}))
    s.turn(("airport_distance", {"origin": s.result(1, "/airport"), "destination": s.said("OSL")}))
    way = str(s.made[1][1].value["distance"])
    s.answer("It is ", (way, 2, "/distance", "number.digits"), " km.")
    return s.finish()


def test_an_edge_from_a_call_that_nothing_feeds_counts(toolbox):
    assert only(home(), toolbox) is None


def test_without_another_value_to_try_nothing_is_proven(toolbox, monkeypatch):
    monkeypatch.delitem(toolbox.values, "airport.iata")
    assert "no alternative" in only(home(), toolbox)


# ---------------------------------------------------------- what does not count


def test_a_value_that_the_producer_was_given_does_not_count(toolbox):
    assert "merely gives it back" in only(small_world.echo(), toolbox)


def test_a_consumer_that_only_repeats_its_argument_does_not_count(toolbox):
    verdicts = prove(small_world.echo(), toolbox)
    assert "gives the same" in verdicts["call_1", "call_2", "/code"]


def test_a_value_that_nothing_the_user_says_changes_does_not_count(toolbox):
    # The number of a new order is the next one, whoever orders whatever.
    assert "nothing else the user could have said" in only(small_world.new_order(), toolbox)


@pytest.mark.parametrize(
    ("index", "text"),
    [
        (1, "How long would I fly from Lisbon to OSL? It's LIS."),
        (0, "You are a travel assistant. Home is LIS."),
        (1, "How long would I fly from Lisbon (lis) to OSL?"),
    ],
)
def test_a_value_that_stands_in_the_open_does_not_count(index, text, toolbox):
    row = with_message(small_world.chain(), index, text)
    verdicts = prove(row, toolbox)
    assert "stands in the" in verdicts["call_1", "call_2", "/origin"]
    assert verdicts["call_2", "call_3", "/distance"] is None


def test_a_value_that_an_offered_tool_shows_does_not_count(toolbox):
    row = small_world.chain()
    tool = {"name": "other", "description": "Plans trips, e.g. from LIS.", "parameters": {}}
    row = row.model_copy(update={"tools": [*row.tools, {"type": "function", "function": tool}]})
    assert "text of an offered tool" in prove(row, toolbox)["call_1", "call_2", "/origin"]


def test_a_number_that_a_schema_spells_out_does_not_count(toolbox):
    row = small_world.chain()
    (value,) = [c.arguments["distance"] for c in calls_of(row) if c.name == "flight_time"]
    limit = {"type": "object", "properties": {"far": {"type": "number", "default": value}}}
    tool = {"name": "other", "description": "Measures.", "parameters": limit}
    row = row.model_copy(update={"tools": [*row.tools, {"type": "function", "function": tool}]})
    assert "schema of an offered tool" in prove(row, toolbox)["call_2", "call_3", "/distance"]


@pytest.mark.parametrize("value", [0, 1, 2, 2.0, True, False, None, "", [], {}])
def test_trivial_values_never_count(value, rows):
    row = rows["irrelevant"]
    assert Standing(row, []).where(value, [None]) is not None


@pytest.mark.parametrize(
    ("text", "value", "stands"),
    [
        ("What's the time in Delhi?", "IN", False),  # a common word is no code
        ("Is IN right?", "IN", True),
        ("Is India right?", "IN", True),  # the table of terms knows the country
        ("flights to lhr", "LHR", True),
        ("on 3 May 2026", "2026-05-03", True),
        ("200 days", 200, True),
        ("two hundred days", 200, True),
        ("1,200 days", 200, False),
    ],
)
def test_a_value_stands_in_a_text_in_whatever_form_a_person_writes_it(text, value, stands, rows):
    row = with_message(rows["irrelevant"], 0, text)
    assert (Standing(row, []).where(value, ["country.code"]) is not None) is stands


def test_an_edge_that_the_row_only_claims_fails_the_gate(toolbox):
    row = small_world.echo()
    edges = causality.candidates(row, calls_of(row))
    plan = row.plan.model_copy(update={"causal_edges": edges, "length": 3})
    gates = check(row.model_copy(update={"plan": plan}), toolbox)
    assert gates["form"].outcome == gates["grounding"].outcome == gates["replay"].outcome == "pass"
    assert gates["causality"].outcome == "fail"


def test_what_does_not_replay_proves_nothing(toolbox):
    row = small_world.stateful().model_copy(update={"expected": small_world.chain().expected})
    assert all(why.startswith("replay: fail") for why in prove(row, toolbox).values())


# -------------------------------------------------------------- small parts


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"id": 7, "ok": True}, {"id": 8, "ok": True}, False),  # only repeats what it was given
        ({"id": 7, "ok": True}, {"id": 8, "ok": False}, True),
        ({"id": 7, "n": [1, 2]}, {"id": 8, "n": [1]}, True),
        ({"id": 7}, {"id": 8, "more": 1}, True),
        ({"id": 7}, {"id": 9}, True),
        ({"id": 7}, {"id": 7}, False),
    ],
)
def test_results_differ_in_more_than_what_they_repeat(one, other, expected):
    assert differs(one, other, [7], [8]) is expected


def test_proofs_do_not_depend_on_which_other_edges_are_asked_about(rows, toolbox):
    for row in rows.values():
        for edge in row.plan.causal_edges:
            plan = row.plan.model_copy(update={"causal_edges": [edge]})
            assert prove(row.model_copy(update={"plan": plan}), toolbox) == {edge: None}


def test_proving_leaves_the_row_as_it_was(rows, toolbox):
    row = rows["stateful"]
    before = row.model_dump_json()
    prove(row, toolbox)
    assert row.model_dump_json() == before
    assert isinstance(row, Conversation)
