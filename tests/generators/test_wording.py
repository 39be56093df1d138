"""A plan in words: every value said and marked, nothing ambiguous, nothing by chance alone."""

from __future__ import annotations

import contextlib
import itertools
import random
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pytest

from callwright.generators.binding import signed_in
from callwright.generators.planning import Fed, Node, Said, Unfit, nodes_of
from callwright.generators.wording.answer import Owed, _takes_article, answer
from callwright.generators.wording.lexicon import parse_form
from callwright.generators.wording.listing import listable
from callwright.generators.wording.pronouns import then_it, turned
from callwright.generators.wording.readable import refuse_unreadable
from callwright.generators.wording.request import Request
from callwright.generators.wording.speech import Speech
from callwright.generators.wording.system import system_message
from callwright.generators.wording.text import (
    Mark,
    Span,
    Text,
    capitalised,
    flat,
    listed,
    lowered,
    positions,
)
from callwright.schemas.pointers import resolve
from callwright.schemas.surface import matches

from .kit import Executed, executed, planner, words

SCENARIOS = ["single", "parallel", "chain", "dag", "stateful"]
COUNT = 50
"""Plans of each scenario and language that are worded."""

_RELATIVE = ("date.relative", "date.short", "datetime.relative")


@dataclass
class Worded:
    plan: Executed
    request: Request
    answer: Text
    today: date | None
    language: Any

    @property
    def text(self) -> str:
        return flat(self.request.text)


@cache
def worded(language: str) -> list[Worded]:
    """Plans of every scenario in one language; one in two with the date in the system message."""
    found = []
    for scenario in SCENARIOS:
        for i, plan in enumerate(executed(scenario, COUNT, language)):
            rng = random.Random(i)
            today = plan.session.world.now.date() if i % 2 else None
            try:
                request = Request(plan.goals, words(language), rng, today=today)
                said = answer(request.owed, words(language), rng)
            except Unfit:
                continue
            found.append(Worded(plan, request, said, today, language))
    assert len(found) > 0.8 * COUNT * len(SCENARIOS)
    return found


both = pytest.mark.parametrize("language", ["en", "zh"])

# ----------------------------------------------------------------- what is said


@both
def test_every_said_value_has_one_mark_that_reads_back_to_it(language: str) -> None:
    for row in worded(language):
        marks = row.request.marks()
        for node in nodes_of(row.plan.goals):
            for name, argument in node.arguments.items():
                if not isinstance(argument, Said):
                    continue
                ((mark, start, end),) = row.request.marks_of(node, name, argument, marks)
                said = row.text[start:end]
                kind = argument.parameter.kind
                assert mark.value == node.values[name]
                assert matches(
                    node.values[name], said, mark.form, kind=kind, language=language,
                    today=row.today,
                ), (said, mark.form, node.values[name])  # fmt: skip


@both
def test_marks_cover_words_and_never_each_other(language: str) -> None:
    for row in worded(language):
        for text in (row.request.text, row.answer):
            end_before = 0
            for _, start, end in positions(text):
                assert end_before <= start < end <= len(flat(text))
                end_before = end


@both
def test_a_value_passed_on_is_never_said(language: str) -> None:
    """Ids and long names; short numbers and names of places stand in requests for other reasons."""
    for row in worded(language):
        for node in nodes_of(row.plan.goals):
            for name, argument in node.arguments.items():
                value = node.values[name]
                if isinstance(argument, Fed) and isinstance(value, str) and re.search(
                    r"[A-Z]+-\d{3,}", value
                ):  # fmt: skip
                    assert value not in row.text


@both
def test_requests_and_answers_read_as_sentences(language: str) -> None:
    for row in worded(language):
        for text in (row.text, flat(row.answer)):
            assert text == text.strip()
            assert not re.search(r"[{}\[\]@]| {2}|\.\.|,,|，，|。。|\?\.|\bNone\b", _plain(text)), (
                text
            )
            if language == "en":
                assert not text[0].islower() or _starts_with_literal(row, text), text
                assert not re.search(r"\bthe the\b|'s's| 's", text), text


def test_no_slot_is_filled_with_a_vowel_behind_an_a() -> None:
    for row in worded("en"):
        for text in (row.text, flat(row.answer)):
            assert not re.search(r"\ba [aeio]", text), text


def _plain(text: str) -> str:
    return re.sub(r"[\w.+-]+@[\w.-]+", "x", text, flags=re.ASCII)  # an email address is a value


def _starts_with_literal(row: Worded, text: str) -> bool:
    """A literal keeps its letters, and a bare noun phrase is typed as people type."""
    spans = row.request.text if text == row.text else row.answer
    return spans[0].mark is not None or text.startswith("need ")


@both
def test_the_same_chance_says_the_same(language: str) -> None:
    said = 0
    for plan in executed("dag", 12, language):
        try:
            one = Request(plan.goals, words(language), random.Random(5), today=None)
        except Unfit as error:  # too long, say: then it is so the second time as well
            with pytest.raises(Unfit, match=re.escape(str(error))):
                Request(plan.goals, words(language), random.Random(5), today=None)
            continue
        two = Request(plan.goals, words(language), random.Random(5), today=None)
        assert one.text == two.text
        assert one.unnamed == two.unnamed
        answers = [answer(one.owed, words(language), random.Random(5)) for _ in range(2)]
        assert answers[0] == answers[1]
        said += 1
    assert said >= 8


def test_what_the_user_calls_mine_the_assistant_calls_yours() -> None:
    mark = Mark(executed("single", 1, "en")[0].goals[0], "name", "verbatim", "Who am I?", None)
    said = [Span("the first slot when "), Span("Who am I?", mark), Span(" and I have my team")]
    assert flat(turned(said, "en")) == "the first slot when Who am I? and you have your team"
    assert flat(turned([Span("我和Nora的会")], "zh")) == "你和Nora的会"


@both
def test_one_plan_is_worded_in_many_ways(language: str) -> None:
    (plan, *_) = executed("chain", 3, language)
    said = set()
    for i in range(30):
        with contextlib.suppress(Unfit):  # one way of saying it may be too long
            said.add(flat(Request(plan.goals, words(language), random.Random(i), today=None).text))
    assert len(said) >= 12


# --------------------------------------------------------------- steps and names


@both
def test_unnamed_steps_are_no_goals_and_half_of_the_chains_have_one(language: str) -> None:
    chains = [row for row in worded(language) if len(nodes_of(row.plan.goals)) > 1
              and any(n.feeders() for n in row.plan.goals)]  # fmt: skip
    for row in chains:
        assert not row.request.unnamed & {goal.call for goal in row.plan.goals}
    chains = [row for row in chains if len(row.plan.goals) == 1]
    assert sum(bool(row.request.unnamed) for row in chains) >= 0.5 * len(chains)


@both
def test_a_noun_phrase_takes_in_one_other_at_most(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    deepest: list[int] = []
    inside: list[int] = []
    phrase, item = Speech.phrase, Speech.item

    def counted(self: Speech, node: Node, output: Any) -> Text:
        known = (id(node), output.list or output.path) in self.mentioned
        counts = not known and not (output.list is None and self.elides(node, output))
        inside.append(int(counts))
        deepest.append(sum(inside))
        try:
            return phrase(self, node, output)
        finally:
            inside.pop()

    monkeypatch.setattr(Speech, "phrase", counted)
    monkeypatch.setattr(Speech, "item", item)
    for i, plan in enumerate(executed("chain", 60, language)):
        try:
            Request(plan.goals, words(language), random.Random(i), today=None)
        except Unfit:
            continue
    assert 1 <= max(deepest) <= 2


def _speech(language: Any = "en", **facts: Any) -> Speech:
    return Speech(words(language), random.Random(1), **facts)


def test_a_back_reference_means_one_step_only() -> None:
    speech = _speech()
    name, path = next(
        (tool, path)
        for tool, said in words("en").tools.items()
        for path, forms in said.that.items()
        if len(forms) == 1 and not forms[0].offers
    )
    tool = planner(0).graph.tools[name]
    one, two = Node(tool), Node(tool)
    first = speech.back_reference(one, path)
    assert speech.back_reference(one, path) == first  # again, for the same step
    with pytest.raises(Unfit, match="ambiguous_reference"):
        speech.back_reference(two, path)


@both
def test_no_request_refers_back_to_two_things_by_the_same_words(language: str) -> None:
    for row in worded(language):
        meant: dict[int, set[str]] = {}
        for text, node in row.request.speech.references.items():
            meant.setdefault(node, set()).add(text)
        said = [text for texts in meant.values() for text in texts]
        assert len(set(said)) == len(said)


# --------------------------------------------------------- frames and fragments


def test_a_fragment_is_closed_before_a_reason_follows() -> None:
    seen = 0
    for language, closed in (("en", '.?!"'), ("zh", "。？！”")):
        for row in worded(language):
            for node in row.plan.goals:
                for reason in words(language).tools[node.tool.name].because:
                    at = row.text.find(reason.text)
                    if at > 0:
                        seen += 1
                        before = row.text[:at].rstrip()
                        assert before[-1] in closed or before.endswith(
                            ("Hi,", "Hey,", "Hi there,", "，")
                        ), row.text
    assert seen


def test_a_request_that_is_a_fragment_gets_its_full_stop_only_when_something_follows() -> None:
    (plan, *_) = executed("single", 1)
    request = Request(plan.goals, words("en"), random.Random(1), today=None)
    fragment, reason = [Span("distance to Oslo please")], [Span("I'm packing.")]
    assert flat(request._joined([fragment, reason])) == "Distance to Oslo please. I'm packing."
    assert flat(request._joined([fragment])) == "Distance to Oslo please"
    assert flat(request._joined([reason, fragment])) == "I'm packing. Distance to Oslo please"


@both
def test_calls_that_differ_in_one_value_are_asked_for_in_one_list(language: str) -> None:
    joint, last = (", ", " and ") if language == "en" else ("、", "和")
    seen = 0
    for plan in executed("parallel", 60, language):
        if len({n.tool.name for n in plan.goals}) > 1:
            continue
        for seed in range(4):
            try:
                request = Request(plan.goals, words(language), random.Random(seed), today=None)
            except Unfit:
                continue
            marks = [(m, s, e) for m, s, e in request.marks() if m.node in plan.goals]
            between = [
                flat(request.text)[one[2] : two[1]]
                for one, two in itertools.pairwise(marks)
                if one[0].name == two[0].name
            ]
            if len(between) == len(plan.goals) - 1 and between[-1] == last:
                seen += 1
                assert set(between[:-1]) <= {joint}
                owners = [m.node for m, _, _ in marks]
                assert all(goal in owners for goal in plan.goals)
    assert seen >= 5


@pytest.mark.parametrize(
    ("said", "follows"),
    [
        ("可以帮我看一下我的信用卡绑定的账户的余额吗", True),
        ("再查一下这个书签所在的那一节引用的第一份文件的章节结构", False),
        ("先查一下这个书签所在的那一节，再看看那一节引用的第一份文件的章节结构", True),
    ],
)
def test_a_long_chinese_clause_bears_no_third_de(said: str, follows: bool) -> None:
    with contextlib.nullcontext() if follows else pytest.raises(Unfit, match="too_long"):
        refuse_unreadable([Span(said)], "zh")


@both
def test_results_of_one_tool_are_told_alike(language: str) -> None:
    alike = []
    for plan in executed("parallel", 60, language):
        if len({n.tool.name for n in plan.goals}) > 1:
            continue
        owed = [Owed(goal) for goal in plan.goals]
        said = answer(owed, words(language), random.Random(0))
        fields = [
            [s.mark.name for s in said if s.mark is not None and s.mark.node is goal]
            for goal in plan.goals
        ]
        if not any("/0/" in name for names in fields for name in names):
            alike.append(len(set(map(tuple, fields))) == 1)
    assert sum(alike) >= 0.8 * len(alike) > 10, alike


@pytest.mark.parametrize(
    ("form", "may"),
    [
        ("look up {term}", True),
        ("look up “{term}”", False),  # “core hours and leave” is not a term
        ("find the full moon after {term}", False),
        ("find the full moon, counting from {term}", False),
    ],
)
def test_a_list_stands_only_where_each_of_its_words_could(form: str, may: bool) -> None:
    assert listable(parse_form(form), "term", english=True) is may


def test_lists_are_joined_as_people_join_them() -> None:
    parts: list[Text] = [[Span(name)] for name in ("Paris", "Oslo", "Lima")]
    assert flat(listed(parts, ", ", " and ")) == "Paris, Oslo and Lima"
    assert flat(listed(parts[:2], "、", "和")) == "Paris和Oslo"
    assert flat(listed(parts[:1], ", ", " and ")) == "Paris"


def test_capitals_come_and_go_at_the_beginning_of_a_sentence() -> None:
    assert flat(capitalised([Span(""), Span("how far?")])) == "How far?"
    assert flat(lowered([Span("Which one?")])) == "which one?"
    for kept in ("I'd like to know.", "I need it.", "BMI, please."):
        assert flat(lowered([Span(kept)])) == kept


# ------------------------------------------------------------------ first person


@cache
def _introduced(language: str) -> list[Worded]:
    """Requests in which somebody says who they are."""
    found = []
    for i, plan in enumerate(executed("stateful", 150, language)):
        try:
            request = Request(plan.goals, words(language), random.Random(i), today=None)
        except Unfit:
            continue
        if request.speech.me is not None:
            found.append(Worded(plan, request, [], None, language))
    assert len(found) >= 10
    return found


@both
def test_who_introduces_themselves_speaks_of_my_and_me_and_is_named_once(language: str) -> None:
    pronoun = r"\b([Mm]y|[Mm]e|I)\b" if language == "en" else "我"
    for row in _introduced(language):
        me = row.request.speech.me
        assert me is not None
        assert len(re.findall(pronoun, row.text)) >= 1, row.text
        own = [m for m, _, _ in row.request.marks() if m.node is me]
        assert len(own) == len(me.said) >= 1, row.text
        for mark in own:
            assert row.text.count(str(mark.value)) <= 1, row.text
        assert me.call in row.request.unnamed  # nobody asks to be looked up
        assert positions(row.request.text)


def test_my_stands_where_a_possessive_stood() -> None:
    possessive = [
        row.text
        for row in _introduced("en")
        if re.search(r"\b[Mm]y\b", row.text.partition(". ")[2])
    ]
    assert len(possessive) >= 5
    for row in _introduced("en"):
        assert not re.search(r"\bme's\b|\bI's\b|\bmy's\b|\bmy my\b", row.text), row.text


@both
def test_who_is_signed_in_is_not_introduced_and_not_looked_up(language: str) -> None:
    from callwright.generators.binding import Binder
    from callwright.generators.maker import Voice

    from .kit import shapes, toolbox

    box = toolbox()
    voice = Voice(language, box, tuple(p.name for p in box.packs), box.tools())  # type: ignore[arg-type]
    assert voice.identities
    seen = 0
    for i, goals in enumerate(shapes("stateful", 60, language)):
        signed_in(goals, voice.identities)
        if not any(
            type(a).__name__ == "SignedIn" for n in nodes_of(goals) for a in n.arguments.values()
        ):
            continue
        try:
            Binder(toolbox().open(i), words(language), random.Random(i)).run(goals)
            request = Request(goals, words(language), random.Random(i), today=None)
        except Unfit:
            continue
        seen += 1
        assert request.speech.me is None
        assert not {n.tool.name for n in nodes_of(goals) if n not in goals} & set(voice.identities)
    assert seen >= 5


# ------------------------------------------------------------------------- dates


@both
def test_relative_and_short_dates_are_said_only_where_the_system_message_has_the_date(
    language: str,
) -> None:
    forms: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for row in worded(language):
        forms[row.today is not None].update(mark.form for mark, _, _ in row.request.marks())
    assert not any(forms[False][form] for form in _RELATIVE)
    assert any(forms[True][form] for form in _RELATIVE)


@both
def test_an_answer_never_says_a_date_that_needs_today(language: str) -> None:
    for row in worded(language):
        assert not any(mark.form in _RELATIVE for mark, _, _ in positions(row.answer))


@both
def test_a_system_message_says_where_its_facts_stand(language: Any) -> None:
    for seed in range(20):
        day = date(2026, 5, 3)
        made = system_message(
            language, random.Random(seed), today=day, identities={"customer.id": "CU-10412"}
        )
        assert made is not None
        assert made.today is not None
        said = made.text[made.today.start : made.today.end]
        assert matches("2026-05-03", said, made.today.form, kind=None, language=language), said
        at = made.identities["customer.id"]
        assert made.text[at.start : at.end] == "CU-10412"


# ----------------------------------------------------------------------- answers


@both
def test_every_mark_of_an_answer_states_the_field_it_points_to(language: str) -> None:
    for row in worded(language):
        marks = list(positions(row.answer))
        results = [d.node.result.value for d in row.request.owed if d.node.result is not None]
        assert marks or all(map(_empty, results)), flat(row.answer)
        for mark, start, end in marks:
            assert mark.node in [debt.node for debt in row.request.owed]
            assert resolve(mark.node.result.value, mark.name) == mark.value  # type: ignore[union-attr]
            said = flat(row.answer)[start:end]
            assert matches(mark.value, said, mark.form, kind=mark.kind, language=language), said


@both
def test_an_answer_speaks_of_every_goal_and_of_every_write(language: str) -> None:
    for row in worded(language):
        stated = {mark.node.call for mark, _, _ in positions(row.answer)}
        told = [n for n in row.plan.goals if n.result is not None and not _empty(n.result.value)]
        assert {goal.call for goal in told} <= stated
        writes = {n.call for n in nodes_of(row.plan.goals) if n.tool.effect == "write"}
        assert writes <= stated  # whoever changes something says so


def _empty(value: Any) -> bool:
    """Does a result hold an empty list? An answer then says in words that there is nothing."""
    return any(part == [] for part in value.values())


@pytest.mark.parametrize(
    ("name", "before", "taken"),
    [
        ("Netherlands", "It is in ", True),
        ("Netherlands", "", True),
        ("United Kingdom", "the currency of ", True),
        ("Czech Republic", "made in ", True),
        ("United Kingdom", "Leeds, ", False),
        ("Netherlands", "It is in the ", False),
        ("Netherlands", "The ", False),
        ("France", "It is in ", False),
        ("Netherlands Antilles Bank", "at ", False),
        ("United Kingdom", "(", False),
    ],
)
def test_some_countries_have_an_article_where_a_sentence_runs_on(
    name: str, before: str, taken: bool
) -> None:
    assert _takes_article(name, before) is taken


def test_an_article_is_written_outside_of_the_value() -> None:
    from callwright.generators.wording.text import Mark

    goal = planner(1).grow("country_of_city", 1)
    from .kit import toolbox

    goal.values = {"city": "Amsterdam"}
    goal.result = toolbox().open(1).call("country_of_city", goal.values)
    goal.call = "call_1"
    seen = 0
    for seed in range(20):
        said = answer([Owed(goal)], words("en"), random.Random(seed))
        for i, span in enumerate(said):
            if isinstance(span.mark, Mark) and span.text == "Netherlands":
                seen += flat(said[:i]).lower().endswith("the ")
        assert "the the" not in flat(said).lower()
    assert seen


@both
def test_a_null_field_silences_its_piece_and_an_empty_list_has_words_of_its_own(
    language: str,
) -> None:
    from .kit import toolbox

    session, chance = toolbox().open(2), random.Random(2)
    checked = 0
    for name, said in words(language).tools.items():
        if not said.none:
            continue
        tool = planner(0).graph.tools[name]
        for _ in range(60):
            values = {
                p.name: session.sample(p.kind, chance, {})
                for p in planner(0).graph.parameters[name]
                if p.required and p.kind in toolbox().values
            }
            node = Node(tool, values=values, call="call_1")
            node.result = session.call(name, values)
            if node.result.failure is None and _empty(node.result.value):
                assert flat(answer([Owed(node)], words(language), chance))
                checked += 1
                break
    assert checked >= 2


def test_an_answer_names_the_item_that_was_singled_out_unless_it_does_so_anyway() -> None:
    words_of = words("en")
    hotels = next(
        (node, path)
        for row in worded("en")
        for node in nodes_of(row.plan.goals)
        for path in node.picks
        if words_of.tools[node.tool.name].told.get(path) and not node.picks[path].rule.where
    )
    node, path = hotels
    chance = random.Random(1)
    alone = flat(answer([Owed(node, item=path, goal=False)], words_of, chance))
    assert alone
    twice = [Owed(node, item=path, goal=False)] * 2
    assert flat(answer(twice, words_of, random.Random(1))) == alone


@both
def test_what_was_singled_out_is_not_told_where_the_goal_tells_all_of_it(language: str) -> None:
    for row in worded(language):
        for goal in row.plan.goals:
            for node, path in ((n, p) for n in nodes_of(goal.feeders()) for p in n.picks):
                owed = [Owed(node, item=path, goal=False), Owed(goal)]
                marks = [s.mark for s in answer(owed, words(language), random.Random(1)) if s.mark]
                item = {str(mark.value) for mark in marks if mark.node is node}
                told = {str(mark.value) for mark in marks if mark.node is goal}
                assert not item or not item <= told, (goal.tool.name, item)


@both
def test_who_asks_for_a_person_known_by_an_id_is_told_the_name(language: str) -> None:
    from .kit import toolbox

    session = toolbox().open(3)
    values = {"title": session.sample("library.title", random.Random(3), {})}
    goal = Node(planner(0).graph.tools["find_document"], values=values, call="call_1")
    goal.result = session.call("find_document", values)
    author = goal.result.value["author"]
    for seed in range(20):
        said = answer([Owed(goal, "author_id")], words(language), random.Random(seed))
        assert author in flat(said)


@both
@pytest.mark.parametrize("name", ["search_articles", "model_sheet"])
def test_two_results_of_one_tool_are_told_apart_by_what_was_asked(language: str, name: str) -> None:
    from .kit import toolbox

    session, chance = toolbox().open(2), random.Random(2)
    tool = planner(0).graph.tools[name]
    asked = next(p for p in planner(0).graph.parameters[name] if p.required)
    nodes = []
    while len(nodes) < 2:
        values = {asked.name: session.sample(asked.kind, chance, {})}
        if values not in [node.values for node in nodes]:
            nodes.append(Node(tool, values=values, call=f"call_{len(nodes)}"))
            nodes[-1].result = session.call(name, values)
    for seed in range(12):
        said = flat(answer([Owed(n) for n in nodes], words(language), random.Random(seed)))
        assert all(node.values[asked.name] in said for node in nodes), said


def test_about_somebody_else_nothing_is_called_mine() -> None:
    others = [row for row in worded("en") if row.request.speech.others]
    assert others
    for row in others:
        assert not re.search(r"\b(my|mine|our)\b", row.text), row.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("check the price of ", "check its price"),
        ("The full details of ", "Its full details"),
        ("write HD-1 at the end of ", "write HD-1 at the end of it"),
        ("two units of ", "two units of it"),
        ("if two can't come, call off ", "if two can't come, call it off"),
        ("whoever sent me ", "whoever sent it to me"),
    ],
)
def test_it_stands_where_english_puts_it(text: str, said: str) -> None:
    assert then_it(text) == said


def test_of_several_orders_each_is_named_briefly_and_no_reason_calls_them_it() -> None:
    reasons = {
        why.text
        for tool in words("en").tools.values()
        for why in tool.because
        if re.search(r"\bit\b(?!')", why.text)
    }
    seen = 0
    for row in worded("en"):
        if len(row.plan.goals) > 1:
            assert not any(reason in row.text for reason in reasons), row.text
        orders = row.text.count(" SO-") + row.text.count(" 'SO-")
        if orders > 1 and len(row.plan.goals) > 1:
            seen += 1
            assert "the order with" not in row.text
    assert seen
