"""Rows of the real packs to play, the real tools to play them with, and records to score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from callwright.curation.verify import certify
from callwright.generators.build import Job, build
from callwright.generators.execution import PackToolbox
from callwright.generators.recipe import BuildSection, ToolsSection
from callwright.schemas.record import Conversation
from callwright.schemas.store import open_dataset
from callwright.training.episode import Episode
from callwright.training.gold import gold_text
from callwright.training.records import Decision, EpisodeRecord
from callwright.training.turns import read_turn


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Conversation]:
    """150 rows of every scenario, built once."""
    folder: Path = tmp_path_factory.mktemp("build") / "out"
    weights = dict.fromkeys(("single", "parallel", "chain", "dag", "stateful", "irrelevant"), 1)
    section = BuildSection.model_validate({"count": 150, "scenarios": weights})
    build(Job(section, ToolsSection(), 5, certify), folder, {})
    return list(open_dataset(folder).rows())


@pytest.fixture(scope="session")
def toolbox() -> PackToolbox:
    return PackToolbox()


Says = Callable[[Conversation, int], str]
"""What a policy says in place of the assistant message with this index."""


def decide(rows: Sequence[Conversation], says: Says) -> list[Decision]:
    """The decisions of a policy."""
    return [
        Decision(row=row.id, message=i, turn=read_turn(says(row, i)), seconds=0.25, tokens_out=9)
        for row in rows
        for i, message in enumerate(row.messages)
        if message.role == "assistant"
    ]


def play(row: Conversation, toolbox: PackToolbox, says: Says, trial: int = 0) -> EpisodeRecord:
    """One episode of a policy that goes by the gold assistant messages one after the other."""
    turns = [i for i, message in enumerate(row.messages) if message.role == "assistant"]
    episode = Episode(row, toolbox)
    while episode.ended is None:
        at = turns[min(len(episode.turns), len(turns) - 1)]
        episode.act(read_turn(says(row, at)))
    return EpisodeRecord(
        row=row.id,
        trial=trial,
        messages=episode.messages,
        turns=tuple(episode.turns),
        executed=tuple(episode.executed),
        ending=episode.ended,
        outcome=episode.outcome(),
        seconds=1.5,
    )


@pytest.fixture(scope="session")
def policies() -> SimpleNamespace:
    """Ways to answer without a model, and how to record what they do."""
    return SimpleNamespace(
        decide=decide,
        play=play,
        gold=lambda row, i: gold_text(row.messages[i]),
        empty=lambda row, i: "",
        garbled=lambda row, i: '<tool_call>{"name": "f", "arguments": {"a": </tool_call>',
        copies=lambda row, i: "\n".join(f"{m.role}: {m.content or ''}" for m in row.messages[:i]),
        refuses=lambda row, i: "I cannot help with that.",
    )
