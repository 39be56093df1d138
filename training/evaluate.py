"""An evaluation: a policy's decisions with the gold history, and its episodes on its own.

Every record is written as soon as it is there, so that an interrupted evaluation goes on where it
stopped. What a policy is given is a `Prompt`; rows stay here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from callwright.schemas.record import Conversation
from callwright.schemas.toolbox import Toolbox
from callwright.training.compare_runs import judge, row_of
from callwright.training.episode import Episode, shaped
from callwright.training.gold import gold_text
from callwright.training.journal import Journal
from callwright.training.policies.base import Policy, Prompt, Reply
from callwright.training.policies.scripted import ScriptedPolicy
from callwright.training.records import Decision, EpisodeRecord
from callwright.training.score import Scores, score

Progress = Callable[[str, int, int], None]
"""(what, done, of how many)."""

IN_FLIGHT = 32
"""Decisions or episodes that a policy is given at a time."""


@dataclass(frozen=True)
class Evaluation:
    """What is evaluated, and how often.

    Args:
        rows: the rows.
        toolbox: runs the calls.
        folder: where the records go: `decisions.jsonl`, `episodes.jsonl`.
        trials: episodes over each row.
        in_flight: decisions or episodes that the policy is given at a time.
    """

    rows: Sequence[Conversation]
    toolbox: Toolbox
    folder: Path
    trials: int = 1
    in_flight: int = IN_FLIGHT

    def run(self, policy: Policy, progress: Progress = lambda *_: None) -> Scores:
        """Evaluate a policy, or what is left to evaluate of it.

        Raises:
            StoreError: the records in the folder cannot be read or added to.
            UserError: the policy cannot take any turn.
        """
        return score(self.rows, *self.records(policy, progress), self.toolbox.tools())

    def records(
        self, policy: Policy, progress: Progress = lambda *_: None
    ) -> tuple[list[Decision], list[EpisodeRecord]]:
        """What `run` scores; errors as there."""
        with (
            Journal(self.folder / "decisions.jsonl", Decision) as decisions,
            Journal(self.folder / "episodes.jsonl", EpisodeRecord) as episodes,
        ):
            self._decide(policy, decisions, progress)
            self._play(policy, episodes, progress)
        return decisions.records, episodes.records

    # ------------------------------------------------------------- decisions

    def _decide(self, policy: Policy, journal: Journal[Decision], progress: Progress) -> None:
        known = {(one.row, one.message) for one in journal.records}
        points = [
            [
                (row, at)
                for at, message in enumerate(row.messages)
                if message.role == "assistant" and (row.id, at) not in known
            ]
            for row in self.rows
        ]
        total = len(known) + sum(map(len, points))
        progress("decisions", len(known), total)
        for start in range(0, len(points), self.in_flight):
            # Turn by turn: what a policy keeps of a row's first turn serves its second.
            for batch in zip_longest(*points[start : start + self.in_flight]):
                asked = [point for point in batch if point is not None]
                replies = policy.turns([prompt_at(row, at) for row, at in asked])
                journal.add(
                    Decision(row=row.id, message=at, turn=reply.turn, **_cost(reply))
                    for (row, at), reply in zip(asked, replies, strict=True)
                )
                progress("decisions", len(journal.records), total)

    # -------------------------------------------------------------- episodes

    def _play(self, policy: Policy, journal: Journal[EpisodeRecord], progress: Progress) -> None:
        known = {(one.row, one.trial) for one in journal.records}
        waiting = (
            (row, trial)
            for trial in range(self.trials)
            for row in self.rows
            if (row.id, trial) not in known
        )
        total = self.trials * len(self.rows)
        progress("episodes", len(known), total)
        running: list[_Run] = []
        while True:
            for row, trial in islice(waiting, self.in_flight - len(running)):
                running.append(_Run(row, trial, Episode(row, self.toolbox)))
            if not running:
                return
            replies = policy.turns([run.prompt for run in running])
            for run, reply in zip(running, replies, strict=True):
                run.take(reply)
            journal.add(run.record() for run in running if run.over)
            running = [run for run in running if not run.over]
            progress("episodes", len(journal.records), total)


class _Run:
    """An episode under way, with what it has cost so far."""

    def __init__(self, row: Conversation, trial: int, episode: Episode) -> None:
        self.row, self.trial, self.episode = row, trial, episode
        self.replies: list[Reply] = []

    @property
    def prompt(self) -> Prompt:
        return Prompt(list(self.episode.messages), self.episode.tools)

    @property
    def over(self) -> bool:
        return self.failure is not None or self.episode.ended is not None

    @property
    def failure(self) -> str | None:
        return self.replies[-1].failure if self.replies else None

    def take(self, reply: Reply) -> None:
        self.replies.append(reply)
        if reply.failure is None:
            self.episode.act(reply.turn)

    def record(self) -> EpisodeRecord:
        episode = self.episode
        return EpisodeRecord(
            row=self.row.id,
            trial=self.trial,
            messages=episode.messages,
            turns=tuple(episode.turns),
            executed=tuple(episode.executed),
            ending=episode.ended or "failed",
            outcome=episode.outcome() if episode.ended else None,
            tokens_in=_sum([reply.tokens_in for reply in self.replies]),
            tokens_out=_sum([reply.tokens_out for reply in self.replies]),
            seconds=sum(reply.seconds for reply in self.replies),
            failure=self.failure,
        )


def prompt_at(row: Conversation, at: int) -> Prompt:
    """What a model sees before the assistant message `at` of a row, the gold history told."""
    return Prompt([shaped(message) for message in row.messages[:at]], row.tools)


def gold_script(rows: Sequence[Conversation]) -> Iterator[tuple[Prompt, str]]:
    """What to say to each prompt that gold meets, for a `ScriptedPolicy`."""
    for row in rows:
        for at, message in enumerate(row.messages):
            if message.role == "assistant":
                yield prompt_at(row, at), gold_text(message)


def gold_policy(rows: Sequence[Conversation]) -> Policy:
    """Says what the rows say."""
    return ScriptedPolicy(gold_script(rows))


def failing_gold(rows: Sequence[Conversation], toolbox: Toolbox) -> list[str]:
    """Ids of the rows on which gold itself does not score 1.0: they can judge no model."""
    with tempfile.TemporaryDirectory() as folder:
        evaluation = Evaluation(rows, toolbox, Path(folder))
        decisions, episodes = evaluation.records(gold_policy(rows))
    judged = judge(rows, decisions, episodes, toolbox.tools())
    verdicts = (*judged.decisions.items(), *judged.episodes.items())
    wrong = {row_of(pair) for pair, right in verdicts if not right}
    return [row.id for row in rows if row.id in wrong]


def _cost(reply: Reply) -> dict[str, Any]:
    return {
        "tokens_in": reply.tokens_in,
        "tokens_out": reply.tokens_out,
        "seconds": reply.seconds,
        "failure": reply.failure,
    }


def _sum(counts: list[int | None]) -> int | None:
    """The sum, where every one is known."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
