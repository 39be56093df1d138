"""Rows as samples: the very text that a model is served, and what of it is trained.

A row becomes one sample where each of its texts is the beginning of the next, token by token, and
one sample for each assistant turn where not (Qwen3 drops earlier thoughts). Text is tokenised
once; what a token is part of follows from its place in the text. What is doubtful is refused.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Literal

from callwright.schemas.errors import UserError
from callwright.schemas.record import Conversation
from callwright.training.chat import Chat, chat_of_messages, chat_of_row
from callwright.training.policies.hf_load import end_of_turn
from callwright.training.readback import require_same
from callwright.training.recipe import Weights
from callwright.training.sample import Reason, Refusal, Sample, TokenClass
from callwright.training.served import Served, Template
from callwright.training.spans import CLASSES, DECISION, spans_of

__all__ = ["Reason", "Refusal", "Renderer", "Sample", "TokenClass"]

_FOREIGN: dict[TokenClass, TokenClass] = {c: "call" for c in CLASSES if c != "assistant_text"}


class Renderer:
    """Makes samples of rows.

    Args:
        tokenizer: a fast one, with a chat template that knows tools.
        weights: of each class of token.
        max_tokens: of the longest sample.
        too_long: what becomes of a longer row: it loses whole rounds, or is refused.
        template_options: what else the chat template is given, such as `enable_thinking`.

    Raises:
        UserError: the tokenizer cannot tell where its tokens stand, or its template never ends a
            turn.
    """

    def __init__(
        self,
        tokenizer: Any,
        *,
        weights: Weights,
        max_tokens: int,
        too_long: Literal["drop_rounds", "refuse"] = "drop_rounds",
        template_options: Mapping[str, Any] | None = None,
    ) -> None:
        if not tokenizer.is_fast:
            raise UserError("training needs a fast tokenizer (tokenizer.json): this one is slow")
        end = end_of_turn(tokenizer)
        if end is None:
            raise UserError(
                "the chat template writes no special token after an assistant's turn: a model "
                "trained with it would never learn to stop; use --chat-template hermes"
            )
        self._tokenizer = tokenizer
        self._weights: dict[TokenClass, float] = {c: getattr(weights, c) for c in CLASSES}
        # Of two classes a token has the one of more weight; of equal weight the narrower.
        self._rank = {c: (self._weights[c], c == DECISION, i) for i, c in enumerate(CLASSES)}
        self._max_tokens, self._too_long = max_tokens, too_long
        self._end, self._end_text = end, tokenizer.added_tokens_decoder[end].content
        self._added = frozenset(tokenizer.added_tokens_decoder)
        self._template = Template(tokenizer, self._end_text, template_options or {})
        self._ids = lru_cache(256)(self._encode_alone)

    def render(self, row: Conversation) -> list[Sample]:
        """The samples of a row: one, or one for each assistant turn.

        Raises:
            Refusal: the row cannot be trained on.
        """
        return self._fitting(chat_of_row(row), foreign=False)

    def render_chat(
        self,
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]] = (),
        *,
        row: str = "",
    ) -> list[Sample]:
        """The samples of a foreign chat, in which tokens are `assistant_text` or `call` only.

        Args:
            messages: OpenAI-shaped, the arguments of calls as objects.
            tools: OpenAI-shaped.
            row: what the samples are known by.

        Raises:
            Refusal: the chat cannot be trained on.
        """
        return self._fitting(chat_of_messages(row, messages, tools), foreign=True)

    # ------------------------------------------------------------------ length

    def _fitting(self, chat: Chat, *, foreign: bool) -> list[Sample]:
        samples = self._samples(chat, foreign=foreign)
        if self._fit(samples):
            return samples
        longest = max(len(sample.ids) for sample in samples)
        told = f"{longest} tokens, at most {self._max_tokens}"
        if self._too_long == "refuse":
            raise Refusal("too_long", told)
        for dropped, shorter in chat.shorter():
            samples = self._samples(shorter, foreign=foreign)
            if self._fit(samples):
                return [replace(sample, dropped=dropped) for sample in samples]
        raise Refusal("too_long", f"{told}, and no earlier rounds that could be left out")

    def _fit(self, samples: Sequence[Sample]) -> bool:
        return all(len(sample.ids) <= self._max_tokens for sample in samples)

    # ----------------------------------------------------------------- samples

    def _samples(self, chat: Chat, *, foreign: bool) -> list[Sample]:
        turns, whole = self._template.served(chat)
        if not turns:
            raise Refusal("nothing_trained", "the assistant never speaks")
        sample = None if whole is None else self._one(chat, turns, whole, foreign=foreign)
        if sample is not None:
            samples = [sample]
        else:
            samples = [self._single(chat, turn, foreign=foreign) for turn in turns]
        samples = [sample for sample in samples if any(sample.weights)]
        if not samples:
            raise Refusal("nothing_trained", "every trained class has weight 0")
        return samples

    def _one(
        self, chat: Chat, turns: Sequence[Served], whole: str, *, foreign: bool
    ) -> Sample | None:
        """All turns in one sample; None where a prompt's tokens are not those it is served as."""
        ids, offsets = self._encode(whole)
        starts = [start for start, _ in offsets]
        classes: list[TokenClass | None] = [None] * len(ids)
        for turn in turns:
            first = bisect_left(starts, len(turn.prompt))
            if not self._begins(ids, offsets, first, whole, len(turn.prompt)):
                return None
            last = bisect_left(starts, len(turn.prompt) + len(turn.turn))
            places = offsets[first:last]
            classes[first:last] = self._classes(
                chat, turn, ids[first:last], places, len(turn.prompt), foreign=foreign
            )
        return self._sample(chat, ids, classes)

    def _single(self, chat: Chat, turn: Served, *, foreign: bool) -> Sample:
        """One turn after its prompt, each tokenised as it is when the model is served."""
        prompt, _ = self._encode(turn.prompt)
        ids, offsets = self._encode(turn.turn)
        classes = self._classes(chat, turn, ids, offsets, 0, foreign=foreign)
        return self._sample(chat, prompt + ids, [None] * len(prompt) + classes)

    def _sample(self, chat: Chat, ids: list[int], classes: list[TokenClass | None]) -> Sample:
        weights = [0.0 if kind is None else self._weights[kind] for kind in classes]
        return Sample(chat.row, ids, weights, classes)

    def _begins(
        self, ids: list[int], offsets: list[tuple[int, int]], first: int, text: str, start: int
    ) -> bool:
        """Do the tokens before `first` read as the text before `start` does alone?

        Added tokens split a text before anything else does, so all up to the last one is the same
        in both; only what follows it is tokenised to be compared.
        """
        if first < len(ids) and offsets[first][0] != start:
            return False
        added = first - 1
        while added > 0 and ids[added] not in self._added:
            added -= 1
        place = offsets[added][0] if added >= 0 else 0
        return self._ids(text[place:start]) == tuple(ids[max(added, 0) : first])

    def _classes(
        self,
        chat: Chat,
        turn: Served,
        ids: list[int],
        offsets: list[tuple[int, int]],
        shift: int,
        *,
        foreign: bool,
    ) -> list[TokenClass | None]:
        """What each token of a turn is part of. `offsets` count from `shift` characters earlier.

        Raises:
            Refusal: the tokens do not say what the message says.
        """
        message = chat.messages[turn.index]
        require_same(self._tokenizer, ids, self._end, turn, message)
        fed = [chat.fed.get(call.id, frozenset()) for call in message.tool_calls or ()]
        spans = spans_of(turn.turn, len(turn.turn) - len(self._end_text), fed)
        kinds = [
            # A token of no character (some tokenizers open with one) goes with the next.
            {CLASSES[kind] for kind in spans.classes[start - shift : max(end, start + 1) - shift]}
            for start, end in offsets
        ]
        ends = [end - shift for _, end in offsets]
        for place in spans.decisions:
            kinds[bisect_right(ends, place)].add(DECISION)
        if foreign:
            kinds = [{_FOREIGN.get(k, k) for k in kind if k != DECISION} for kind in kinds]
        found = [max(kind, key=self._rank.__getitem__) for kind in kinds]
        if not self._weights[found[-1]] and any(self._weights[kind] for kind in found):
            told = f"message {turn.index}: it would be trained, its end has weight 0"
            raise Refusal("end_of_turn", told)
        return list(found)

    # ------------------------------------------------------------------ tokens

    def _encode(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        made = self._tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        return made["input_ids"], made["offset_mapping"]

    def _encode_alone(self, text: str) -> tuple[int, ...]:
        return tuple(self._tokenizer(text, add_special_tokens=False)["input_ids"])
