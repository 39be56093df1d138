"""The scripted policy: what it was told to say goes through the parser that a model's text does."""

from __future__ import annotations

import copy
import dataclasses

import pytest

from callwright.generators.execution import PackToolbox
from callwright.schemas.record import Conversation
from callwright.training.episode import Episode
from callwright.training.gold import gold_turns
from callwright.training.policies.base import Policy, Prompt
from callwright.training.policies.scripted import ScriptedPolicy
from callwright.training.turns import read_turn


def gold_script(row: Conversation, toolbox: PackToolbox) -> list[tuple[Prompt, str]]:
    """Each prompt of the row's own episode with the gold text that answers it."""
    episode, script = Episode(row, toolbox), []
    for text in gold_turns(row):
        script.append((Prompt(copy.deepcopy(episode.messages), episode.tools), text))
        episode.act(read_turn(text))
    return script


def test_the_gold_texts_lead_many_episodes_at_once_to_success(
    rows: list[Conversation], toolbox: PackToolbox
) -> None:
    rows = rows[:40]
    policy: Policy = ScriptedPolicy(pair for row in rows for pair in gold_script(row, toolbox))
    episodes = [Episode(row, toolbox) for row in rows]
    while running := [episode for episode in episodes if episode.ended is None]:
        prompts = [Prompt(episode.messages, episode.tools) for episode in running]
        for episode, reply in zip(running, policy.turns(prompts), strict=True):
            episode.act(reply.turn)
    assert all(episode.outcome().success for episode in episodes)


def test_a_prompt_without_a_text_is_answered_with_an_empty_turn() -> None:
    (reply,) = ScriptedPolicy([]).turns([Prompt([{"role": "user", "content": "?"}], [])])
    assert (reply.turn.content, reply.turn.calls, reply.failure) == ("", (), None)


def test_a_prompt_holds_messages_and_tools_and_nothing_else() -> None:
    assert [field.name for field in dataclasses.fields(Prompt)] == ["messages", "tools"]


@pytest.mark.parametrize(
    "other",
    [
        Prompt([{"role": "user", "content": "b"}], []),
        Prompt([{"role": "system", "content": "a"}], []),
        Prompt([{"role": "user", "content": "a"}], [{"type": "function"}]),
    ],
)
def test_prompts_that_differ_have_other_digests(other: Prompt) -> None:
    same = Prompt(({"content": "a", "role": "user"},), ())
    prompt = Prompt([{"role": "user", "content": "a"}], [])
    assert prompt.digest == same.digest
    assert prompt.digest != other.digest
