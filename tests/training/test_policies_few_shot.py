"""The few-shot wrapper shows the format to any policy, and nothing of what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest

from callwright.generators.execution import PackToolbox
from callwright.schemas.record import Conversation
from callwright.training.evaluate import gold_policy, prompt_at
from callwright.training.policies.base import Prompt, Reply
from callwright.training.policies.few_shot import (
    FewShotPolicy,
    examples,
    examples_digest,
    shown,
)


class Listening:
    """Keeps what it is given."""

    name = "m"

    def turns(self, prompts: Sequence[Prompt]) -> list[Reply]:
        self.heard = list(prompts)
        return [Reply() for _ in prompts]


def first_prompt(row: Conversation) -> Prompt:
    return prompt_at(row, next(i for i, m in enumerate(row.messages) if m.role == "assistant"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_examples_show_an_answer_without_a_call_a_single_call_and_a_chain(
    language: str,
) -> None:
    messages = examples(language)
    roles = [(m["role"][0] + ("c" if m.get("tool_calls") else "")) for m in messages]
    assert roles == ["u", "a", "u", "ac", "t", "a", "u", "ac", "t", "ac", "t", "a"]
    first, second = (messages[at]["tool_calls"][0]["function"] for at in (7, 9))
    passed = second["arguments"]["plant_id"]
    assert passed in messages[8]["content"]  # the first result's, and nobody else's
    assert passed not in messages[6]["content"]
    assert passed not in str(first)
    for call, result in pairwise(messages):
        if call.get("tool_calls"):
            assert result["tool_call_id"] == call["tool_calls"][0]["id"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_examples_use_tools_that_no_pack_has(language: str, toolbox: PackToolbox) -> None:
    calls = [c["function"]["name"] for m in examples(language) for c in m.get("tool_calls", ())]
    assert not set(calls) & {tool.name for tool in toolbox.tools()}


def test_every_row_is_shown_the_same_examples_in_its_own_language(
    rows: list[Conversation],
) -> None:
    prompts = [first_prompt(row) for row in rows]
    listening = Listening()
    FewShotPolicy(listening).turns(prompts)
    assert {row.language for row in rows} == {"en", "zh"}
    for row, before, heard in zip(rows, prompts, listening.heard, strict=True):
        start = sum(m["role"] == "system" for m in before.messages)
        wanted = examples(row.language)
        assert tuple(heard.messages[start : start + len(wanted)]) == wanted, row.id
        rest = [*heard.messages[:start], *heard.messages[start + len(wanted) :]]
        assert rest == list(before.messages)
        assert heard.tools == before.tools


def test_a_longer_conversation_begins_with_what_was_shown_before(rows: list[Conversation]) -> None:
    # Else nothing that was read of an episode could be kept from turn to turn.
    row = next(row for row in rows if len(row.messages) > 4)
    at = [i for i, m in enumerate(row.messages) if m.role == "assistant"]
    one, other = (shown(prompt_at(row, i)) for i in (at[0], at[-1]))
    assert list(other.messages)[: len(one.messages)] == list(one.messages)


def test_the_digest_is_of_the_examples_and_the_name_says_few_shot(
    rows: list[Conversation],
) -> None:
    assert len(examples_digest()) >= 16
    assert FewShotPolicy(gold_policy(rows[:1])).name == "gold, few-shot"
