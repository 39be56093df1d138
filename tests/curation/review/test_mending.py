"""A correction is run again and goes through every gate, or comes back with a reason."""

import json

import pytest
import small_world

from callwright.curation.review.corrections import Texts, edited, texts_of
from callwright.curation.review.mending import Refused, mend
from callwright.curation.verify import certify, check
from callwright.schemas.reading import calls_of
from callwright.schemas.record import ResultSource, UserSource


def calls(row):
    return json.loads(texts_of(row).calls)


def text(value):
    return json.dumps(value, ensure_ascii=False)


def holds(row, toolbox):
    gates = check(row, toolbox)
    assert all(gate.outcome in ("pass", "not_applicable") for gate in gates.values()), gates


def test_texts_left_as_they_are_are_no_edit(rows):
    for row in rows.values():
        stands = texts_of(row)
        respaced = Texts(
            request=f" {stands.request}\r\n",
            calls=stands.calls.replace(", ", ",\u00a0\n"),
            answer=stands.answer + "\n",
        )
        assert not edited(row, stands)
        assert not edited(row, respaced)


def test_an_integer_made_a_decimal_is_an_edit():
    row = small_world.new_order()
    changed = calls(row)
    changed[1]["arguments"]["total"] = 75.0
    assert edited(row, Texts(calls=text(changed))).calls


def test_a_changed_city_makes_the_chain_run_differently(rows, toolbox):
    row = rows["chain"]
    changed = calls(row)
    changed[0]["arguments"]["city"] = "Vienna"
    request = texts_of(row).request.replace("Lisbon", "Vienna")
    found = mend(row, Texts(request=request, calls=text(changed)), toolbox)
    assert isinstance(found, Refused)
    assert found.answer
    assert "no longer holds" in found.reason
    hours = calls_of(found.draft)[2].value["hours"]
    assert calls_of(found.draft)[1].arguments["origin"] == "VIE"
    answer = f"That takes about {hours} hours."
    mended = mend(row, Texts(request=request, calls=text(changed), answer=answer), toolbox)
    assert mended.messages[-1].content == answer
    assert mended.plan.length == row.plan.length
    assert mended.plan.skeleton == row.plan.skeleton
    holds(mended, toolbox)


def test_a_value_that_nobody_said_is_refused(rows, toolbox):
    row = rows["chain"]
    changed = calls(row)
    changed[1]["arguments"]["destination"] = "NBO"
    found = mend(row, Texts(calls=text(changed)), toolbox)
    assert "step 2, airport_distance: nobody said destination = 'NBO'" in found.reason


def test_a_call_that_now_fails_is_refused_with_the_tools_words(rows, toolbox):
    row = rows["chain"]
    request = texts_of(row).request.replace("Lisbon", "Atlantis")
    changed = calls(row)
    changed[0]["arguments"]["city"] = "Atlantis"
    found = mend(row, Texts(request=request, calls=text(changed)), toolbox)
    assert found.reason == "step 1, city_airport: fails (not_found): No city Atlantis."


def test_a_superfluous_step_goes_and_what_it_gave_comes_from_elsewhere(toolbox):
    row = certify(small_world.echo(), toolbox)
    changed = [call for call in calls(row) if call["name"] != "note_airport"]
    found = mend(row, Texts(calls=text(changed)), toolbox)
    assert [step.tool for step in found.plan.steps] == ["city_airport", "airport_distance"]
    assert found.sources["call_2"]["/origin"] == [ResultSource(call="call_1", pointer="/airport")]
    assert found.plan.length == 2
    holds(found, toolbox)


def test_a_missing_step_is_added_by_naming_its_result(rows, toolbox):
    row = rows["miles"]
    request = "How many miles is it from Lisbon to OSL?"
    offered = rows["chain"].tools
    row = row.model_copy(update={"tools": offered})
    changed = calls(row)
    changed[0]["arguments"]["origin"] = "$step1.airport"
    changed.insert(0, {"name": "city_airport", "arguments": {"city": "Lisbon"}})
    first = mend(row, Texts(request=request, calls=text(changed)), toolbox)
    # The way is the same, so the answer still holds.
    assert first.scenario == "chain"
    assert first.plan.length == 2
    assert first.plan.goals == ["call_2"]
    assert calls_of(first)[1].arguments["origin"] == "LIS"
    holds(first, toolbox)


def test_another_wording_keeps_the_calls(rows, toolbox):
    row = rows["stateful"]
    request = "It's Tariq Haddad here: of my open orders from fifty euros up, drop the cheapest."
    found = mend(row, Texts(request=request), toolbox)
    rule = found.sources["call_3"]["/order_id"][0].rule
    assert rule.where[1].source.form == "number.words"
    assert found.expected.state == row.expected.state
    assert found.plan.skeleton != row.plan.skeleton
    holds(found, toolbox)


def test_a_wording_that_leaves_a_value_out_is_refused(rows, toolbox):
    row = rows["stateful"]
    found = mend(row, Texts(request="I'm Tariq Haddad. Cancel my cheapest order."), toolbox)
    assert found.reason == "step 3, cancel_order: the request no longer says the 50 to choose by"


def test_a_date_is_found_in_relative_words(rows, toolbox):
    row = rows["single"]
    found = mend(
        row, Texts(request="Tomorrow I want to read: when does the library open?"), toolbox
    )
    said, today = found.sources["call_1"]["/date"]
    assert isinstance(said, UserSource)
    assert (said.start, said.end, today.origin) == (0, 8, "system")
    holds(found, toolbox)


def test_a_corrected_answer_alone_keeps_everything_else(rows, toolbox):
    row = rows["parallel"]
    answer = "Hanoi is served by HNX, and Quito by UIO."
    found = mend(row, Texts(answer=answer), toolbox)
    assert found.messages[:-1] == row.messages[:-1]
    assert {(claim.call, claim.pointer) for claim in found.claims} == {
        (claim.call, claim.pointer) for claim in row.claims
    }
    holds(found, toolbox)


def test_an_answer_that_states_what_no_result_says_is_refused(rows, toolbox):
    found = mend(
        rows["parallel"], Texts(answer="Quito has UIO, Hanoi has HNX since 1978."), toolbox
    )
    assert "'1978'" in found.reason
    assert found.answer


@pytest.mark.parametrize(
    ("calls", "says"),
    [
        ("[", "not JSON"),
        ('{"name": "x"}', "must be a list"),
        ('[{"name": "x"}]', "must read"),
        ('[{"name": "city_airport", "arguments": {"city": NaN}}]', "NaN is no JSON number"),
        ('[{"name": "os.system", "arguments": {}}]', "no such tool is offered"),
        ("[" * 100_000, "not JSON"),
        ('[{"name": "city_airport", "arguments": {"city": "$step9.airport"}}]', "step 9 is not"),
    ],
)
def test_calls_that_cannot_be_read_come_back_with_the_reason(rows, toolbox, calls, says):
    assert says in mend(rows["chain"], Texts(calls=calls), toolbox).reason


def test_every_row_survives_being_mended_without_a_change(rows, toolbox):
    for name, row in rows.items():
        assert mend(row, Texts(), toolbox) == row, name


def of_scenario(scenario):
    """A built row of several answers, with tools under their own names."""
    from callwright.generators.execution import PackToolbox
    from callwright.generators.maker import Maker
    from callwright.generators.recipe import BuildSection, ToolsSection

    section = BuildSection(
        scenarios={scenario: 1}, languages={"en": 1}, views={"share": 0}, count=9
    )
    maker = Maker(section, ToolsSection(packs=("geography", "home")), 4, "0" * 16, certify)
    for index in range(9):
        for _, made in maker.attempts(index):
            if hasattr(made, "claims") and len(made.plan.steps) > 1:
                return made, PackToolbox()
    raise AssertionError(scenario)


def test_a_corrected_last_answer_leaves_what_earlier_answers_claim():
    row, toolbox = of_scenario("multi_turn")
    last = len(row.messages) - 1
    assert any(claim.message < last for claim in row.claims)
    mended = mend(row, Texts(answer=f"{row.messages[-1].content} That is all."), toolbox)
    assert not isinstance(mended, Refused), mended.reason
    assert [c for c in mended.claims if c.message < last] == [
        c for c in row.claims if c.message < last
    ]
    assert {c.pointer for c in mended.claims} >= {c.pointer for c in row.claims}
    holds(mended, toolbox)


def test_a_condition_is_kept_through_a_correction():
    row, toolbox = of_scenario("conditional")
    mended = mend(row, Texts(answer=f"{row.messages[-1].content} That is all."), toolbox)
    assert not isinstance(mended, Refused), mended.reason
    assert mended.plan.conditions == row.plan.conditions != []
    holds(mended, toolbox)
