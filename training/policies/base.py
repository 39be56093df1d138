"""What every policy is given and what it gives back.

A policy sees a `Prompt`: messages and tools, as a served model would, and never a row with its
plan, its sources and what is expected of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from callwright.schemas.canonical import digest
from callwright.training.turns import Turn


@dataclass(frozen=True, slots=True)
class Prompt:
    """A conversation up to where a model takes its turn."""

    messages: Sequence[dict[str, Any]]
    """OpenAI-shaped, the arguments of calls as objects, results as the JSON text they came as."""
    tools: Sequence[dict[str, Any]]
    """OpenAI-shaped."""

    @property
    def digest(self) -> str:
        """Equal for prompts that say the same."""
        return digest([list(self.messages), list(self.tools)])


@dataclass(frozen=True, slots=True)
class Reply:
    """A policy's turn and what it cost."""

    turn: Turn = field(default_factory=Turn)
    """Empty where there is a `failure`."""
    tokens_in: int | None = None
    """Tokens of the prompt, kept ones of earlier turns included; None where nobody counted."""
    tokens_out: int | None = None
    """Tokens of the turn, its end-of-turn token included."""
    seconds: float = 0.0
    """How long one waited for it; turns that were made together took as long as their batch."""
    failure: str | None = None
    """Why there is no turn. It opens with `context:` (the prompt is too long), `template:` (the
    chat template refuses it), `timeout:` or `endpoint:` (no answer, or a refusal)."""


class Policy(Protocol):
    """Takes a model's turns."""

    @property
    def name(self) -> str:
        """What results are listed under."""

    def turns(self, prompts: Sequence[Prompt]) -> list[Reply]:
        """One reply to each prompt, in their order. What goes wrong with one is its `failure`."""
