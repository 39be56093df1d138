"""A policy that says what it was told to say: with the gold turns, the preflight of a scoring.

Its turns are text and go through the parser that a model's text goes through.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from callwright.training.policies.base import Prompt, Reply
from callwright.training.turns import read_turn


class ScriptedPolicy:
    """Answers the prompts it has a text for.

    Args:
        script: pairs of a prompt and the text to answer it with.
    """

    def __init__(self, script: Iterable[tuple[Prompt, str]], name: str = "gold") -> None:
        self.name = name
        self._texts = {prompt.digest: text for prompt, text in script}

    def turns(self, prompts: Sequence[Prompt]) -> list[Reply]:
        """The text of each prompt, read; an empty turn where there is none."""
        return [Reply(read_turn(self._texts.get(prompt.digest, ""))) for prompt in prompts]
