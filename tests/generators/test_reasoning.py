"""`reasoning_content` says why and what is missing, in names, and changes nothing else."""

from __future__ import annotations

import re

import pytest

from callwright.curation.verify import certify
from callwright.generators.maker import Failure, Maker
from callwright.generators.recipe import BuildSection, ToolsSection
from callwright.schemas.pointers import leaves, split
from callwright.schemas.reading import calls_of

PER_LANGUAGE = 45
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def made(*, reasoning, language):
    section = BuildSection(count=PER_LANGUAGE, languages={language: 1}, reasoning=reasoning)
    maker = Maker(section, ToolsSection(), 4, "b" * 16, certify)
    return [
        next(row for _, row in maker.attempts(index) if not isinstance(row, Failure))
        for index in range(PER_LANGUAGE)
    ]


@pytest.fixture(scope="module", params=["en", "zh"])
def rows(request):
    """(without, with) reasoning: the same rows."""
    return [made(reasoning=on, language=request.param) for on in (False, True)]


def last_names(arguments):
    """The parameters themselves: a view may hold them in an object of its own."""
    return {split(pointer)[-1] for pointer, _ in leaves(arguments)} if arguments else set()


def thoughts(row):
    return [m for m in row.messages if m.role == "assistant" and m.reasoning_content]


def test_without_the_key_rows_are_the_same_but_for_the_thoughts(rows):
    for plain, thinking in zip(*rows, strict=True):
        bare = [m.model_copy(update={"reasoning_content": None}) for m in thinking.messages]
        assert thinking.model_copy(update={"messages": bare}) == plain
        assert not thoughts(plain)


def test_each_turn_that_calls_or_follows_calls_has_one_or_two_sentences(rows):
    for row in rows[1]:
        for at, message in enumerate(row.messages):
            if message.role == "assistant" and (
                message.tool_calls or row.messages[at - 1].role == "tool"
            ):
                assert message.reasoning_content
                ends = re.findall(r"[.。](?=\s|$)|。", message.reasoning_content)
                assert 1 <= len(ends) <= 4


def test_thoughts_are_in_the_language_of_the_row(rows):
    for row in rows[1]:
        for message in thoughts(row):
            assert bool(_HAN.search(message.reasoning_content)) == (row.language == "zh")


def test_a_thought_names_tools_and_parameters_of_the_row_and_no_value(rows):
    for row in rows[1]:
        known = {tool["function"]["name"] for tool in row.tools}
        for call in calls_of(row):
            known |= {call.name, *call.arguments, *last_names(call.arguments)}
        values = {
            str(value)
            for call in calls_of(row)
            for _, value in leaves(call.arguments)
            if len(str(value)) > 3
        }
        for message in thoughts(row):
            said = message.reasoning_content
            names = set(_NAME.findall(said))
            assert names <= known
            for name in sorted(known, key=len, reverse=True):
                said = said.replace(name, "")
            assert not re.search(r"\d", said), message.reasoning_content
            assert not [value for value in values if value in said], message.reasoning_content


def test_the_first_thought_of_a_chain_says_what_its_last_call_still_waits_for(rows):
    seen = 0
    for row in rows[1]:
        calls = calls_of(row)
        if row.scenario != "chain" or [c.turn for c in calls] != sorted({c.turn for c in calls}):
            continue
        leaf = next(leaf for a, _, leaf in row.plan.causal_edges if a == calls[0].id)
        first = row.messages[calls[0].turn].reasoning_content
        assert calls[0].name in first
        assert leaf.rpartition("/")[2] in first
        seen += 1
    assert seen > 5


def test_what_a_later_message_asks_for_is_not_foreseen(rows):
    seen = 0
    for row in rows[1]:
        users = [i for i, m in enumerate(row.messages) if m.role == "user"]
        for until in users[1:]:
            later = {call.name for call in calls_of(row) if call.turn > until}
            earlier = {call.name for call in calls_of(row) if call.turn < until}
            before = " ".join(
                m.reasoning_content or "" for m in row.messages[:until] if m.role == "assistant"
            )
            if row.scenario in ("multi_turn", "long_history"):
                found = set(re.findall(r"[a-z][a-z0-9_]+", before))
                assert not (later - earlier) & found
                seen += 1
    assert seen
