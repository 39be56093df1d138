"""A conversation as training sees it: what was said, which of it is learned, what leans on what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from callwright.schemas.record import Conversation, Message, SelectedSource, Source, UserSource

_FROM_RESULT = ("result", "selected")
_NOWHERE = -1  # of a call that no message makes


@dataclass(frozen=True, slots=True)
class Chat:
    """Messages with what rendering has to know about them."""

    row: str
    """Id of the row they come from."""
    tools: list[dict[str, Any]]
    messages: tuple[Message, ...]
    fed: Mapping[str, frozenset[str]]
    """Call id -> JSON pointers of the arguments that come from an earlier result."""
    leans: frozenset[tuple[int, int]]
    """(message, earlier message that it makes no sense without)."""

    @property
    def turns(self) -> list[int]:
        """Indices of the assistant's messages."""
        return [i for i, message in enumerate(self.messages) if message.role == "assistant"]

    def shorter(self) -> Iterator[tuple[int, Chat]]:
        """The chat without its first round, its first two, …: (rounds left out, chat).

        A round is a user message and all up to the next. The system message stays, so does the
        last round. What would lean on something that is gone is passed over.
        """
        head = 1 if self.messages and self.messages[0].role == "system" else 0
        rounds = [i for i, message in enumerate(self.messages) if message.role == "user"]
        for gone, start in enumerate(rounds[1:], 1):
            if not any(head <= earlier < start <= late for late, earlier in self.leans):
                yield gone, self._without(head, start)

    def _without(self, head: int, start: int) -> Chat:
        kept = self.messages[:head] + self.messages[start:]
        shift = start - head
        moved = {
            (late - shift, earlier - shift if earlier >= start else earlier)
            for late, earlier in self.leans
            if late >= start
        }
        return Chat(self.row, self.tools, kept, self.fed, frozenset(moved))


def chat_of_row(row: Conversation) -> Chat:
    """A row of ours, with the sources of its arguments."""
    made = _makers(row.messages)
    leans = _results(row.messages, made)
    for call, arguments in row.sources.items():
        for sources in arguments.values():
            leans |= {
                (made.get(call, _NOWHERE), at)
                for source in sources
                for at in _stands_in(source, made)
            }
    leans |= {(claim.message, made.get(claim.call, _NOWHERE)) for claim in row.claims}
    fed = {
        call: frozenset(
            pointer
            for pointer, sources in arguments.items()
            if any(source.origin in _FROM_RESULT for source in sources)
        )
        for call, arguments in row.sources.items()
    }
    return Chat(row.id, row.tools, tuple(row.messages), fed, frozenset(leans))


def chat_of_messages(
    row: str, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]]
) -> Chat:
    """A foreign chat, OpenAI-shaped with arguments as objects. Nothing is known of its sources."""
    said = tuple(Message.model_validate(message) for message in messages)
    leans = _results(said, _makers(said))
    return Chat(row, [dict(tool) for tool in tools], said, {}, frozenset(leans))


def _makers(messages: Sequence[Message]) -> dict[str, int]:
    """Call id -> index of the message that makes the call."""
    return {call.id: i for i, m in enumerate(messages) for call in m.tool_calls or ()}


def _results(messages: Sequence[Message], made: Mapping[str, int]) -> set[tuple[int, int]]:
    """A result leans on its call."""
    return {
        (i, made[m.tool_call_id])
        for i, m in enumerate(messages)
        if m.tool_call_id is not None and m.tool_call_id in made
    }


def _stands_in(source: Source, made: Mapping[str, int]) -> Iterator[int]:
    """The messages in which a source stands."""
    match source:
        case UserSource():
            yield source.message
        case SelectedSource():
            yield made.get(source.call, _NOWHERE)
            yield from (t.source.message for t in source.rule.where if t.source is not None)
        case _ if source.origin == "result":
            yield made.get(source.call, _NOWHERE)
