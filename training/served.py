"""The texts that a model is served, and the turns that it is to answer with.

All text comes from the tokenizer's own chat template. A turn is what the template writes after
the prompt that asks for it, up to the end-of-turn token. Prompts hold no thoughts of earlier
turns: `episode.shaped` leaves them out, for training as for serving.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from callwright.schemas.record import Message
from callwright.training.chat import Chat
from callwright.training.episode import shaped
from callwright.training.sample import Refusal

# Contents that stand in no other text and mean nothing to a template.
_MARKS = ("callwrightmarkone", "callwrightmarktwo")


@dataclass(frozen=True, slots=True)
class Served:
    """One assistant turn."""

    index: int
    """Of its message."""
    prompt: str
    """What the model is served when it is to take the turn."""
    turn: str
    """What it is to say, the end-of-turn token included."""


class Template:
    """A tokenizer's chat template, with what it is given beside the messages.

    Args:
        tokenizer: has the template.
        end: text of the token that ends a turn.
        options: passed to the template.
    """

    def __init__(self, tokenizer: Any, end: str, options: Mapping[str, Any]) -> None:
        self._tokenizer, self._end, self._options = tokenizer, end, dict(options)

    def served(self, chat: Chat) -> tuple[list[Served], str | None]:
        """The turns of a chat, in order, and one text that holds them all, each after its prompt.

        There is no such text where the template writes a turn otherwise once others follow.

        Raises:
            Refusal: the template raises, or gives no end of turn.
        """
        history = [shaped(message) for message in chat.messages]
        found: list[Served] = []
        whole: str | None = ""
        for index in chat.turns:
            prompt = self._text(history[:index], chat, ask=True)
            said = {**history[index], **_thought(chat.messages[index])}
            text = self._text([*history[:index], said], chat)
            rest = text.removeprefix(prompt)
            if len(rest) == len(text):
                rest = text[self._head(history[:index], said, text, chat) :]
            served = Served(index, prompt, self._cut(rest, index))
            found.append(served)
            # Each text must begin with all of the last: then the last one holds every turn.
            if whole is not None and text.startswith(prompt) and text.startswith(whole):
                whole = text
            else:
                whole = None
        return found, whole

    def _text(self, messages: list[dict[str, Any]], chat: Chat, *, ask: bool = False) -> str:
        from jinja2 import TemplateError

        try:
            text: str = self._tokenizer.apply_chat_template(
                messages,
                tools=chat.tools or None,
                add_generation_prompt=ask,
                tokenize=False,
                **self._options,
            )
        except (TemplateError, TypeError) as error:  # a template may add None to a text
            raise Refusal("template", f"message {len(messages) - 1}: {error}") from None
        return text

    def _head(
        self, history: list[dict[str, Any]], said: dict[str, Any], text: str, chat: Chat
    ) -> int:
        """Where a turn begins in `text`, for a template that asks otherwise than it then writes.

        Two other contents in the turn's place differ where content begins, and nowhere else.
        """
        bare = {key: value for key, value in said.items() if key != "tool_calls"}
        one, two = (self._text([*history, {**bare, "content": m}], chat) for m in _MARKS)
        head = one.partition(_MARKS[0])[0]
        if one.replace(*_MARKS) != two or one.count(_MARKS[0]) != 1 or not text.startswith(head):
            at = len(history)
            raise Refusal("template", f"message {at}: cannot tell where the turn begins")
        return len(head)

    def _cut(self, rest: str, index: int) -> str:
        """What the model says of `rest`: all up to the last end-of-turn token."""
        turn, end, after = rest.rpartition(self._end)
        if not end or after.strip():
            raise Refusal("end_of_turn", f"message {index}: no {self._end} ends the turn")
        return turn + end


def _thought(message: Message) -> dict[str, str]:
    thought = message.reasoning_content
    return {} if thought is None else {"reasoning_content": thought}
