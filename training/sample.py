"""What a model is trained on: tokens, how much each counts, and why a row gives none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TokenClass = Literal[
    "assistant_text",
    "decision",
    "call",
    "name",
    "argument_key",
    "argument_value",
    "argument_from_result",
]
"""What a trained token is part of: the fields of `recipe.Weights`."""

Reason = Literal[
    "template",  # the chat template raised, or left out or changed what it was given
    "reparse",  # the trained tokens do not read back as the row's own turns
    "end_of_turn",  # the token that ends a turn is not trained
    "not_assistant",  # a token of a tool, the system or the user would be trained
    "nothing_trained",
    "too_long",
]
"""Why a row is refused: a closed list of words, to be counted."""


class Refusal(Exception):
    """A row that is not trained on. The row is at fault, or the template; nobody's bug."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason: Reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Sample:
    """One sequence of tokens. The three lists are equally long."""

    row: str
    """Id of the row it comes from."""
    ids: list[int]
    weights: list[float]
    """Loss weight of each token as a label, that is, predicted from the one before; 0 = none."""
    classes: list[TokenClass | None]
    """What each token is part of; None = nothing that the model says. A token with a class may
    still have weight 0, where the recipe gives its class none."""
    dropped: int = 0
    """Earlier rounds of the user that were left out because the row was too long."""
