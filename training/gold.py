"""The scripted policy: says what the gold row says, in the text form that models use.

It goes through the same parser and the same executing tools as a model does, so that a row which
gold does not score 1.0 on is a fault of the row or of the scoring, not of a model.
"""

from __future__ import annotations

from collections.abc import Iterator

from callwright.schemas.record import Conversation, Message
from callwright.training.turns import write_turn


def gold_turns(row: Conversation) -> Iterator[str]:
    """The assistant turns of `row`, in the text form."""
    return (gold_text(m) for m in row.messages if m.role == "assistant")


def gold_text(message: Message) -> str:
    """One assistant message in the text form."""
    return write_turn(message.content or "", [call.function for call in message.tool_calls or ()])
