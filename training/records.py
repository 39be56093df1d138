"""What an evaluation keeps: one line of JSON for each decision and for each episode.

Scoring reads these and the rows, and nothing else: figures can be made again without a model.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from callwright.schemas.record import Part
from callwright.training.episode import Ending, Executed, Outcome
from callwright.training.turns import Turn

PASSING = ("timeout:", "endpoint:")
"""How failures begin (`Reply.failure`) that another attempt may not meet."""


class Made(Part):
    """What a policy took to say something."""

    row: str
    """Id of the row."""
    tokens_in: int | None = None
    tokens_out: int | None = None
    """None where the policy does not know."""
    seconds: float = 0.0
    failure: str | None = None
    """Why there is no turn: a timeout, an endpoint that said no, a context too long."""

    @property
    def passing(self) -> bool:
        """Did it fail for a reason that is not the model's and may be gone the next time?"""
        return self.failure is not None and self.failure.startswith(PASSING)

    def cost(self, prefix: str) -> dict[str, float]:
        """Time and tokens, and how many records know them, as columns of the figures."""
        found = {f"{prefix}.seconds": self.seconds, f"{prefix}.timed": 1.0}
        if self.tokens_in is not None:
            found |= {f"{prefix}.tokens_in": self.tokens_in, f"{prefix}.tokens_in.known": 1}
        if self.tokens_out is not None:
            found |= {f"{prefix}.tokens_out": self.tokens_out, f"{prefix}.tokens_out.known": 1}
        return found


class Decision(Made):
    """The turn a policy takes with the gold history before it."""

    message: int
    """Index of the gold assistant message in whose place it stands."""
    turn: Turn


class EpisodeRecord(Made):
    """What happened in one episode."""

    trial: int = Field(default=0, ge=0)
    """Which of several episodes over the same row, from 0."""
    messages: list[dict[str, Any]]
    """`Episode.messages` at its end."""
    turns: tuple[Turn, ...]
    executed: tuple[Executed, ...]
    ending: Ending | Literal["failed"]
    """`failed`: the policy's `failure` cut it off."""
    outcome: Outcome | None
    """None when it was cut off."""
