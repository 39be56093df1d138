"""What is shown of a row is true and complete."""

import re

import pytest

from callwright.schemas.display import (
    blocks,
    html,
    page,
    plain_text,
)
from callwright.schemas.record import (
    Claim,
    Condition,
    ConstantSource,
    Conversation,
    DefaultSource,
    Function,
    Gate,
    Message,
    Plan,
    ResultSource,
    Rule,
    SelectedSource,
    Step,
    SystemSource,
    Test,
    ToolCall,
    UserSource,
)

USER = "I'm Nora. My last order since 3 May 2026?"
ANSWER = "SO-7 arrives."


def at(text, piece):
    start = text.index(piece)
    return {"start": start, "end": start + len(piece)}


def call(call_id, tool, /, **arguments):
    function = Function(name=tool, arguments=arguments)
    return Message(role="assistant", tool_calls=[ToolCall(id=call_id, function=function)])


def result(call_id, content):
    return Message(role="tool", tool_call_id=call_id, content=content)


def make_row(**fields):
    since = Test(
        field="day",
        op="ge",
        value="2026-05-03",
        source=UserSource(message=1, form="date.long", **at(USER, "3 May 2026")),
    )
    newest = SelectedSource(
        call="call_2",
        list="/orders",
        rule=Rule(where=[since], take="max", by="day"),
        pointer="/id",
    )
    record = {
        "id": "r1",
        "scenario": "chain",
        "language": "en",
        "tools": [
            {"type": "function", "function": {"name": n}} for n in ("find", "orders", "other")
        ],
        "messages": [
            Message(role="system", content="Today is 1 June 2026."),
            Message(role="user", content=USER),
            call("call_1", "find", name="Nora"),
            result("call_1", '{"id":"C-1"}'),
            call("call_2", "orders", customer="C-1", limit=5, open=True, on="2026-06-01"),
            result(
                "call_2", '{"orders":[{"id":"SO-7","day":"2026-05-20"},{"id":"SO-8","day":"x"}]}'
            ),
            call("call_3", "track", order="SO-7"),
            result("call_3", '{"id":"SO-7"}'),
            Message(role="assistant", content=ANSWER),
        ],
        "plan": Plan(
            steps=[
                Step(call="call_1", tool="find", unnamed=True),
                Step(call="call_2", tool="orders", after=["call_1"]),
            ],
            goals=["call_2"],
            topology="0>1",
            length=2,
            causal_edges=[("call_1", "call_2", "/customer")],
        ),
        "sources": {
            "call_1": {"/name": [UserSource(message=1, form="name", **at(USER, "Nora"))]},
            "call_2": {
                "/customer": [ResultSource(call="call_1", pointer="/id")],
                "/limit": [DefaultSource()],
                "/open": [ConstantSource()],
                "/on": [SystemSource(start=9, end=20, form="date.long")],
            },
            "call_3": {"/order": [newest]},
        },
        "claims": [Claim(message=8, call="call_3", pointer="/id", form="id", **at(ANSWER, "SO-7"))],
        "gates": {"form": Gate(outcome="pass"), "replay": Gate(outcome="fail", detail="call_1")},
    }
    return Conversation(**{**record, **fields})


def shown(row):
    return plain_text(line for b in blocks(row) for line in (b.title, *b.lines))


def styled(row, kind, style):
    """Texts in a style, in the blocks of a kind."""
    return [
        s.text
        for b in blocks(row)
        if b.kind == kind
        for line in b.lines
        for s in line
        if s.style == style
    ]


# ------------------------------------------------------------------------ content


@pytest.mark.parametrize(
    "line",
    [
        'name: "Nora"  ← user: “Nora” (name)',
        'customer: "C-1"  ← call_1 /id',
        "limit: 5  ← default",
        "open: true  ← constant",
        'on: "2026-06-01"  ← system: “1 June 2026” (date.long)',
        'order: "SO-7"  ← call_2 /orders: max by day where day ≥ "2026-05-03" (user: “3 May 2026”',
    ],
)
def test_every_argument_says_where_it_comes_from(line):
    assert line in shown(make_row())


def test_the_words_that_arguments_come_from_are_marked():
    assert styled(make_row(), "user", "said") == ["Nora", "3 May 2026"]
    assert styled(make_row(), "system", "said") == ["1 June 2026"]


def test_what_the_answer_claims_is_marked_in_the_answer_and_in_the_result():
    assert styled(make_row(), "answer", "claim") == ["SO-7"]
    assert "“SO-7”  ← call_3 /id (id)" in shown(make_row())
    assert styled(make_row(), "result", "claim") == ['"SO-7"']


def test_the_values_that_go_on_are_marked_in_the_results_selected_ones_too():
    row = make_row()
    # "x" sorts after every date: the rule, re-evaluated, selects SO-8, whatever the row claims.
    assert styled(row, "result", "fed") == ['"C-1"', '"SO-8"']


def test_offered_tools_are_listed_with_those_that_are_called():
    text = shown(make_row())
    assert "● find  ● orders  other" in text
    assert "called, but not offered: track" in text


def test_gates_plan_and_unnamed_steps_are_shown():
    text = shown(make_row())
    assert "✓ form  ✗ replay" in text
    assert "replay: call_1" in text
    assert "topology 0>1 · length 2" in text
    assert "call_1  find  unnamed" in text
    assert "a step the request does not name" in text
    assert "call_1 → call_2 /customer" in text


def test_an_argument_without_a_source_and_a_source_without_an_argument_stand_out():
    row = make_row(sources={"call_1": {"/nam": [DefaultSource()]}})
    assert styled(row, "call", "bad")[:2] == ["  ← no source", "source of no argument: "]


def test_a_row_from_elsewhere_without_any_sources_is_shown_without_complaint():
    row = make_row(sources={}, plan=Plan(), claims=[], tools=[{"name": "find"}, {}], gates={})
    text = shown(row)
    assert "no source" not in text
    assert "(no name)" in text


def test_spans_that_lie_outside_their_message_are_named_not_followed():
    where = UserSource(message=1, start=5, end=900, form="name")
    row = make_row(sources={"call_1": {"/name": [where]}})
    assert "user: nothing stands at 5-900 of message 1 (name)" in shown(row)
    lost = make_row(sources={"call_1": {"/name": [where.model_copy(update={"message": 99})]}})
    assert "nothing stands at 5-900 of message 99" in shown(lost)


def test_nested_arguments_are_shown_leaf_by_leaf():
    message = call("call_1", "find", where={"city": "Oslo", "tags": []})
    text = shown(make_row(messages=[message], sources={}, claims=[]))
    assert 'where/city: "Oslo"' in text
    assert "where/tags: []" in text


def test_reasoning_is_shown():
    message = Message(role="assistant", content="Yes.", reasoning_content="Think.")
    assert "Think." in shown(make_row(messages=[message], claims=[]))


# --------------------------------------------------------------------------- HTML


def test_a_fragment_carries_its_style_and_leaves_the_page_around_it_alone():
    text = html(make_row())
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    rules = re.sub(r"@media[^{]*\{", "", style)
    selectors = re.findall(r"([^{}]+)\{", rules)
    assert all(".cw" in part for selector in selectors for part in selector.split(","))


def test_long_results_are_folded_and_what_people_say_is_not():
    long = "[" + ",".join(f'{{"text":"{"x" * 70}","n":{n}}}' for n in range(30)) + "]"
    messages = [Message(role="user", content="word\n" * 50), result("call_1", long)]
    text = html(make_row(messages=messages, claims=[]))
    assert text.count("<details") == 1
    assert re.search(r'class="result"><details', text)


def test_a_page_fits_a_phone_and_the_dark():
    text = page([make_row()], "rows")
    assert 'name="viewport"' in text
    assert "prefers-color-scheme:dark" in text
    assert 'lang="en"' in text


def test_a_condition_is_shown_with_what_came_of_it():
    test = {"call": "call_1", "pointer": "/a", "op": "le", "value": 5}
    failed = Condition(**test, holds=False, then="buy")
    row = make_row()
    plan = row.plan.model_copy(update={"conditions": [failed]})
    text = shown(row.model_copy(update={"plan": plan}))
    assert "call_1 /a le 5  not so, hence no buy" in text
