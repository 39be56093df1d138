"""One evaluation, judged: what figures, pages and single episodes are told from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callwright.schemas.record import Conversation
from callwright.schemas.toolbox import Tool
from callwright.training.decisions import DecisionScore, score_decisions
from callwright.training.episodes import EpisodeScore, score_episodes
from callwright.training.records import Decision, EpisodeRecord
from callwright.training.score import Scores, summarise
from callwright.training.wanted import Key, keys


@dataclass(frozen=True)
class Assessed:
    """Rows, what a policy did with them, and the verdict on it."""

    keys: Mapping[str, Key]
    """Row id -> what is wanted there, in the rows' order."""
    decisions: Mapping[tuple[str, int], Decision]
    """(row, message) -> its record."""
    episodes: Mapping[tuple[str, int], EpisodeRecord]
    """(row, trial) -> its record."""
    decided: Sequence[DecisionScore]
    played: Sequence[EpisodeScore]

    @property
    def rows(self) -> list[Conversation]:
        return [key.row for key in self.keys.values()]

    def scores(self) -> Scores:
        """The figures."""
        return summarise(self.rows, self.decided, self.played)


def assess(
    rows: Sequence[Conversation],
    decisions: Sequence[Decision],
    episodes: Sequence[EpisodeRecord],
    tools: Sequence[Tool],
) -> Assessed:
    """Judge the records of one evaluation.

    Raises:
        ValueError: a record belongs to none of the rows.
    """
    known = keys(rows, tools)
    return Assessed(
        known,
        {(one.row, one.message): one for one in decisions},
        {(one.row, one.trial): one for one in episodes},
        score_decisions(known, decisions),
        score_episodes(known, episodes),
    )
