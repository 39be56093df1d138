"""Rows of several exchanges: they refer back, correct, ask, refuse, and every gate holds."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest

from callwright.curation.verify import certify
from callwright.generators import policies, threads
from callwright.generators.execution import PackToolbox
from callwright.generators.maker import Failure, Maker
from callwright.generators.packs import COMMON_KNOWLEDGE, PACK_NAMES
from callwright.generators.planning import Node, Unfit
from callwright.generators.recipe import BuildSection, ToolsSection
from callwright.generators.thread import Thread
from callwright.generators.threads import THREADS
from callwright.generators.wording.dialogue import Dialogue, dialogue
from callwright.schemas.grounding import check_grounding
from callwright.schemas.reading import calls_of
from callwright.schemas.record import (
    Condition,
    Conversation,
    Function,
    ResultSource,
    SelectedSource,
    UserSource,
)
from callwright.training.episode import Episode
from callwright.training.turns import Turn

from .kit import planner, toolbox, words

COUNT = 12

PEOPLE = {"find_customer", "find_customer_by_email", "find_traveller", "find_traveller_by_email"}
"""Tools that look the speaker up."""


def rows_of(
    scenario: str, count: int = COUNT, tools: ToolsSection | None = None
) -> list[Conversation]:
    section = BuildSection(scenarios={scenario: 1}, views={"share": 0})
    maker = Maker(section, tools or ToolsSection(), 11, "0" * 16, certify)
    return [
        next(made for _, made in maker.attempts(index) if not isinstance(made, Failure))
        for index in range(count)
    ]


@pytest.fixture(scope="module")
def made() -> dict[str, list[Conversation]]:
    return {scenario: rows_of(scenario) for scenario in THREADS}


def requests(row: Conversation) -> list[int]:
    return [i for i, message in enumerate(row.messages) if message.role == "user"]


def turn_of(row: Conversation, call: str) -> int:
    return next(
        i for i, m in enumerate(row.messages) if any(c.id == call for c in m.tool_calls or ())
    )


def test_every_gate_of_every_row_passes_or_does_not_apply(made) -> None:
    for rows in made.values():
        for row in rows:
            assert {gate.outcome for gate in row.gates.values()} <= {"pass", "not_applicable"}


def test_both_languages_and_many_tools_occur(made) -> None:
    for scenario, rows in made.items():
        assert {row.language for row in rows} == {"en", "zh"}, scenario
    sequences = Counter(tuple(row.plan.sequence) for row in made["multi_turn"])
    assert len(sequences) > COUNT * 0.8


def test_later_turns_use_what_earlier_ones_found(made) -> None:
    """Values that no user message holds cross from one exchange into another."""
    crossing = 0
    for row in made["multi_turn"]:
        assert len(requests(row)) >= 2
        for producer, consumer, leaf in row.plan.causal_edges:
            between = [
                i for i in requests(row) if turn_of(row, producer) < i < turn_of(row, consumer)
            ]
            crossing += bool(between)
            source = row.sources[consumer][leaf][0]
            assert isinstance(source, ResultSource | SelectedSource)
    assert crossing > COUNT * 0.4


def test_what_the_user_says_is_found_in_the_message_that_says_it(made) -> None:
    indexes: Counter[int] = Counter()
    for row in made["multi_turn"] + made["long_history"]:
        asked = requests(row)
        for call, leaves in row.sources.items():
            for sources in leaves.values():
                for source in sources:
                    if isinstance(source, UserSource):
                        assert source.message < turn_of(row, call)
                        indexes[asked.index(source.message)] += 1
    assert len(indexes) > 2


def test_a_missing_argument_is_asked_for_before_anything_is_called(made) -> None:
    answered = 0
    for row in made["missing_argument"]:
        asked = requests(row)
        question = row.messages[asked[0] + 1]
        assert question.tool_calls is None
        assert (question.content or "").endswith(("?", "？"))
        first = min(turn_of(row, step.call) for step in row.plan.steps)
        assert first > asked[1]
        said = [s for leaves in row.sources.values() for found in leaves.values() for s in found]
        answered += any(isinstance(s, UserSource) and s.message == asked[1] for s in said)
    assert answered > COUNT / 2  # "the sensor with the lowest battery" holds no value


def test_what_is_asked_for_in_vain_is_not_offered_and_not_called(made) -> None:
    for row in made["missing_tool"]:
        assert not row.plan.steps
        assert row.tools
        assert len(requests(row)) == 1


def test_a_booking_that_two_steps_are_about_is_it_the_second_time() -> None:
    again = set()
    for row in rows_of("conditional", 50, tools=ToolsSection(packs=("travel",))):
        for message in row.messages:
            said = message.content or ""
            numbers = re.findall(r"(?:FB|ST)\d+", said) if message.role == "user" else []
            assert len(numbers) == len(set(numbers)), said
            if numbers and re.search(r"\bits?\b|这个(?:机票|酒店)?(?:订单|预订)", said):
                again.add(row.language)
    assert again == {"en", "zh"}


def test_an_answer_names_the_capital_whose_coordinates_nobody_asked_for() -> None:
    capitals = 0
    for row in rows_of("chain", 60, tools=ToolsSection(packs=("geography", "science"))):
        calls = {call.name: call for call in calls_of(row)}
        if row.language == "en" and {"country_capital", "locate_city", "day_length"} <= set(calls):
            capitals += 1
            assert calls["country_capital"].value["capital"] in (row.messages[-1].content or "")
    assert capitals


def test_of_two_things_asked_each_answer_says_what_it_went_out_from() -> None:
    converted = 0
    for row in rows_of("dag", 80, tools=ToolsSection(packs=("science", "units"))):
        calls = {call.name: call for call in calls_of(row)}
        if row.language == "en" and {"boiling_point", "convert_temperature"} <= set(calls):
            said = row.messages[-1].content or ""
            boils = calls["boiling_point"].value
            converted += 1
            assert said.index(boils["name"]) < said.index(str(boils["boiling_point_c"])), said
    assert converted


def test_after_a_transfer_neither_account_is_that_account() -> None:
    transfers = 0
    for row in rows_of("multi_turn", 60, tools=ToolsSection(packs=("bank",))):
        given: set[str] = set()
        for message in row.messages:
            if message.role == "user":
                if len(given) > 1:
                    transfers += 1
                    assert not re.search(r"\bth(at|e) account\b(?! behind)", message.content or "")
                    assert not re.search("(这|那|该)个?账户", message.content or "")
                given = set()
            for call in message.tool_calls or ():
                told = call.function.arguments
                given |= {value for key, value in told.items() if key.endswith("account_id")}
    assert transfers


def test_nobody_says_that_a_sum_or_a_capital_is_beyond_them(monkeypatch) -> None:
    missed = []

    def ask_in_vain(thread, elsewhere):
        try_in_vain(thread, elsewhere)
        missed.append(thread.absent[0].pack)

    try_in_vain = Thread.ask_in_vain
    monkeypatch.setattr(Thread, "ask_in_vain", ask_in_vain)
    rows_of("missing_tool", 24)
    assert len(missed) >= 24
    assert not COMMON_KNOWLEDGE & set(missed)


def test_a_misspelt_name_is_mended_by_what_the_tool_suggests(made) -> None:
    for row in made["error_recovery"]:
        failed = [call for call in calls_of(row) if call.failed]
        (suggested,) = failed[0].value["error"]["suggestions"]
        assert len(failed) == 1
        assert suggested not in "".join(m.content or "" for m in row.messages if m.role == "user")
        mended = next(c for c in calls_of(row) if suggested in c.arguments.values())
        assert mended.name == failed[0].name
        assert failed[0].id not in {producer for producer, _, _ in row.plan.causal_edges}
        assert suggested in (row.messages[-1].content or "")  # nobody is taken for another unsaid


def test_a_model_that_mends_the_name_by_itself_has_done_as_well(made) -> None:
    toolbox = PackToolbox()
    for row in made["error_recovery"][:5]:
        episode = Episode(row, toolbox)
        for call in calls_of(row):
            if not call.failed:
                episode.act(Turn("", (Function(name=call.name, arguments=call.arguments),)))
        episode.act(Turn("There you are, it is all done.", ()))
        assert episode.outcome().success


def test_under_a_rule_nothing_is_written_without_a_yes(monkeypatch) -> None:
    monkeypatch.setattr(policies, "WHO_SHARE", 0)
    effects = {tool.name: tool.effect for tool in PackToolbox().tools()}
    rows = rows_of("policy")
    for row in rows:
        assert row.messages[0].role == "system"
        if len(requests(row)) == 2:  # a wish to look something up could be granted at once
            first = row.messages[requests(row)[0]].content or ""
            assert not re.search(r"\bthen\b|先(查|看)", first), first
        for call in calls_of(row):
            if effects[call.name] == "write":
                assert len(requests(row)) == 2
                assert turn_of(row, call.id) > requests(row)[1]
    counts = Counter(len(requests(row)) for row in rows)
    assert counts[1]
    assert counts[2]


def test_somebodys_matter_waits_until_they_have_said_who_they_are(monkeypatch) -> None:
    monkeypatch.setattr(policies, "WHO_SHARE", 1)
    packs = {tool.name: tool.pack for tool in PackToolbox().tools()}
    asked = Counter()
    for row in rows_of("policy"):
        looked_up = [call for call in calls_of(row) if call.name in PEOPLE]
        worlds = {packs[call.name] for call in calls_of(row)} & {"shop", "travel", "bank"}
        assert bool(worlds) == bool(looked_up)
        for call in looked_up:
            (source,) = row.sources[call.id][next(iter(row.sources[call.id]))]
            assert isinstance(source, UserSource)
            assert source.message == requests(row)[-1]
        asked[len(requests(row)), bool(looked_up)] += 1
    assert asked[1, False]
    assert asked[1, True]
    assert asked[2, True]
    assert not asked[2, False]


def test_a_second_wish_is_granted_only_where_the_first_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(threads, "SECOND_WISHES", 1)
    done = Counter()
    for row in rows_of("conditional"):
        *_, first = [call for call in calls_of(row) if call.failed] or [None]
        wished = [c for c in calls_of(row) if c.name == row.plan.sequence[-1]]
        assert len(wished) == (2 if first else 1)
        assert not wished[-1].failed
        if first:
            (condition,) = row.plan.conditions
            assert (condition.call, condition.pointer) == (first.id, "/error/kind")
            assert (condition.value, condition.then) == ("refused", first.name)
        done[bool(first)] += 1
    assert done[True]
    assert done[False]


def conditions(made) -> list[tuple[Conversation, Condition]]:
    """Those of results, not of refusals."""
    return [
        (row, one)
        for row in made["conditional"]
        for one in row.plan.conditions
        if one.pointer != "/error/kind"
    ]


def test_a_condition_is_re_evaluated_and_acted_upon(made) -> None:
    held = Counter(condition.holds for _, condition in conditions(made))
    assert held[True]
    assert held[False]
    tools = {tool.name: tool for tool in PackToolbox().tools()}
    for row, condition in conditions(made):
        assert (condition.then in row.plan.sequence) == condition.holds
        offered = {tool["function"]["name"] for tool in row.tools}
        assert condition.then in offered
        flipped = condition.model_copy(update={"holds": not condition.holds})
        plan = row.plan.model_copy(update={"conditions": [flipped]})
        gate = check_grounding(row.model_copy(update={"plan": plan}), tools)
        assert gate.outcome == "fail"
        assert "is not so" in (gate.detail or "")


def test_a_condition_fails_also_where_somebody_would_have_been_looked_up() -> None:
    """Else whoever is asked about a cart could go on without looking at the condition."""
    section = BuildSection(scenarios={"conditional": 1})
    maker = Maker(section, ToolsSection(packs=("shop",)), 11, "0" * 16, certify)
    held: Counter[bool] = Counter()
    for index in range(60):
        for _, made in maker.attempts(index):
            if not isinstance(made, Failure):
                for condition in made.plan.conditions:  # a first wish that was granted has none
                    if condition.then in ("add_to_cart", "add_to_wish_list"):
                        held[condition.holds] += 1
                break
    assert min(held[True], held[False]) >= 3


def test_one_yes_is_about_one_change(made) -> None:
    effects = {tool.name: tool.effect for tool in PackToolbox().tools()}
    for row in made["policy"]:
        if len(requests(row)) == 2:
            assert sum(effects.get(name) == "write" for name in row.plan.sequence) <= 1


def test_where_a_condition_fails_what_it_forbids_is_forbidden(made) -> None:
    effects = {tool.name: tool.effect for tool in PackToolbox().tools()}
    for row, condition in conditions(made):
        if not condition.holds and effects[condition.then] == "write":
            assert condition.then in row.expected.forbidden


def test_nobody_asks_for_what_was_just_done_away_with() -> None:
    """An order empties the cart, so that the next question is not what is in it."""
    refused = 0
    for seed in range(40):
        plans = planner(seed)
        session, chance = toolbox().open(seed), random.Random(seed)
        thread = Thread(
            session, words("en"), dialogue("en", PACK_NAMES), plans, plans, chance, today=None
        )
        try:
            thread.ask([plans.grow("place_order", 3)])
        except Unfit:
            continue
        for node in thread.nodes:
            if node.tool.name == "add_to_cart":
                cart = Node(
                    plans.graph.tools["view_cart"],
                    arguments={"customer_id": node.arguments["customer_id"]},
                )
                with pytest.raises(Unfit, match="emptied"):
                    thread.ask([cart])
                refused += 1
    assert refused


def test_a_long_history_holds_other_matters(made) -> None:
    lengths = [len(requests(row)) for row in made["long_history"]]
    assert min(lengths) >= 3
    assert max(lengths) >= 5


def test_a_thread_follows_from_its_seed() -> None:
    for scenario in THREADS:
        assert rows_of(scenario, 2) == rows_of(scenario, 2)


def test_dialogue_words_that_say_what_is_missing_are_refused(tmp_path, monkeypatch) -> None:
    from callwright.generators.wording import dialogue

    (tmp_path / "packs" / "p").mkdir(parents=True)
    (tmp_path / "wording").mkdir()
    monkeypatch.setattr(dialogue, "__file__", str(tmp_path / "wording" / "dialogue.py"))
    words = tmp_path / "packs" / "p" / "dialogue_en.yaml"
    good = "t: {missing: {a: {request: ['Do it.'], question: ['Which?'], reply: ['{a}.']}}}"
    words.write_text(good)
    assert set(Dialogue("en", ["p"]).missing["t"]) == {"a"}
    for bad, why in (
        (good.replace("Do it.", "Do {a}."), "is what is missing"),
        (good.replace("'{a}.'", "'{b}.'"), "is to say a,"),
        (good.replace("missing", "mising"), "mising"),
    ):
        words.write_text(bad)
        with pytest.raises(ValueError, match=why):
            Dialogue("en", ["p"])


def test_what_a_condition_was_on_is_not_told_once_it_is_changed() -> None:
    section = BuildSection(scenarios={"conditional": 1}, views={"share": 0})
    maker = Maker(section, ToolsSection(packs=("home",)), 11, "0" * 16, certify)
    changed = 0
    for index in range(120):
        row = next(made for _, made in maker.attempts(index) if not isinstance(made, Failure))
        for condition in row.plan.conditions:
            if condition.holds and condition.pointer == "/state":
                said = row.messages[-1].content or ""
                changed += 1
                assert not re.search(r" is (on|off)\.|现在(开|关)着。", said), said
    assert changed
