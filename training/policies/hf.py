"""A local model through transformers: many prompts at a time, greedy, nothing read twice.

A batch is laid out as [kept beginnings | new tokens], each part padded on the left. The padding
between the parts is masked, and positions count unmasked tokens only, so each row means what it
would mean alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from callwright.training.policies.base import Prompt, Reply
from callwright.training.policies.hf_cache import (
    Layers,
    PrefixCache,
    keeps_every_token,
    stack,
    unstack,
)
from callwright.training.policies.hf_load import end_tokens
from callwright.training.turns import read_turn


@dataclass(frozen=True, slots=True)
class _Job:
    index: int
    tokens: list[int]
    room: int
    """Most tokens of the reply."""
    kept: int
    """Tokens at the beginning whose keys and values are kept in `layers`."""
    layers: Layers

    @property
    def new(self) -> list[int]:
        return self.tokens[self.kept :]


class HfPolicy:
    """A model that takes its turns greedily.

    Args:
        model: a causal language model, as `load_hf` gives it.
        tokenizer: its tokenizer, with a chat template that knows tools.
        name: what results are listed under.
        batch: prompts at a time.
        max_new_tokens: most tokens of a turn; a turn that is cut there is read as it stands.
        context: tokens that the model can read, by default what its configuration says.
        keep_tokens: tokens whose keys and values are kept between turns; 0 reads all anew, as do
            models with sliding windows or recurrent states. Unless it is 0 a prompt that was
            answered is not asked again: a greedy answer stays the same, and an episode that has
            gone as gold does meets the prompts of the decisions.
        template_options: what else the chat template is given, such as `enable_thinking`.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        *,
        name: str,
        batch: int = 16,
        max_new_tokens: int = 512,
        context: int | None = None,
        keep_tokens: int = 65_536,
        template_options: Mapping[str, Any] | None = None,
    ) -> None:
        from transformers import GenerationConfig

        self.name = name
        self._model, self._tokenizer = model, tokenizer
        self._batch = batch
        self._room = max_new_tokens
        longest = getattr(model.config.get_text_config(), "max_position_embeddings", None)
        self._context = context or longest or tokenizer.model_max_length
        self._plain = keeps_every_token(model.config)
        self._cache = PrefixCache(keep_tokens) if keep_tokens and self._plain else None
        self._remembers, self._said = keep_tokens > 0, dict[str, Reply]()
        self._options = dict(template_options or {})
        self._ends = end_tokens(model, tokenizer)
        self._pad = self._ends[0] if tokenizer.pad_token_id is None else tokenizer.pad_token_id
        # A model's own settings (Qwen2.5 comes with a repetition penalty) would be mixed in.
        model.generation_config = GenerationConfig(
            do_sample=False, eos_token_id=self._ends, pad_token_id=self._pad
        )

    def turns(self, prompts: Sequence[Prompt]) -> list[Reply]:
        """One greedy turn for each prompt."""
        replies: list[Reply | None] = [None] * len(prompts)
        jobs: list[_Job] = []
        digests = [prompt.digest for prompt in prompts]
        for index, prompt in enumerate(prompts):
            prepared = self._said.get(digests[index]) or self._prepare(index, prompt)
            if isinstance(prepared, Reply):
                replies[index] = prepared
            else:
                jobs.append(prepared)
        for batch in self._batches(jobs):
            for job, reply in zip(batch, self._answer(batch), strict=True):
                replies[job.index] = reply
                if self._remembers:
                    self._said[digests[job.index]] = reply
        return [reply for reply in replies if reply is not None]

    def tokens(self, prompt: Prompt) -> list[int]:
        """The prompt as the model reads it."""
        text = self._tokenizer.apply_chat_template(
            list(prompt.messages),
            tools=list(prompt.tools) or None,
            add_generation_prompt=True,
            tokenize=False,
            **self._options,
        )
        tokens: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return tokens

    def _prepare(self, index: int, prompt: Prompt) -> _Job | Reply:
        from jinja2 import TemplateError

        try:
            tokens = self.tokens(prompt)
        except (TemplateError, TypeError) as error:  # a template may add None to a text
            return Reply(failure=f"template: {error}")
        room = min(self._room, self._context - len(tokens))
        if room < 1:
            told = f"context: {len(tokens)} tokens; the model reads {self._context}"
            return Reply(tokens_in=len(tokens), failure=told)
        kept, layers = self._cache.longest(tokens) if self._cache else (0, [])
        return _Job(index, tokens, room, kept, layers)

    def _batches(self, jobs: list[_Job]) -> Iterator[list[_Job]]:
        """Jobs of one room and of like length together: what is padding is computed in vain."""
        jobs = sorted(jobs, key=lambda job: (job.room, len(job.new), job.kept))
        for _, same in groupby(jobs, key=lambda job: job.room):
            group = list(same)
            for start in range(0, len(group), self._batch):
                yield group[start : start + self._batch]

    def _answer(self, jobs: list[_Job]) -> list[Reply]:
        import torch

        started = time.perf_counter()
        left = max(job.kept for job in jobs)
        width = left + max(len(job.new) for job in jobs)
        tokens = torch.full((len(jobs), width), self._pad)
        mask = torch.zeros_like(tokens)
        for row, job in enumerate(jobs):
            before, after = _columns(job, left, width)
            tokens[row, before] = torch.tensor(job.tokens[: job.kept], dtype=torch.long)
            tokens[row, after] = torch.tensor(job.new)
            mask[row, before] = mask[row, after] = 1
        with torch.inference_mode():
            cache = stack([(job.kept, job.layers) for job in jobs]) if self._plain else None
            made = self._model.generate(
                input_ids=tokens.to(self._model.device),
                attention_mask=mask.to(self._model.device),
                max_new_tokens=jobs[0].room,
                past_key_values=cache,
            )
        answers = [self._cut(row) for row in made[:, width:].tolist()]
        seconds = time.perf_counter() - started
        if self._cache:
            for row, (job, answer) in enumerate(zip(jobs, answers, strict=True)):
                # The last token of an answer was never read, only made.
                columns = (*_columns(job, left, width), slice(width, width + len(answer) - 1))
                self._cache.keep(job.tokens + answer[:-1], unstack(cache, row, columns))
        return [
            Reply(read_turn(self._text(answer)), len(job.tokens), len(answer), seconds)
            for job, answer in zip(jobs, answers, strict=True)
        ]

    def _cut(self, made: list[int]) -> list[int]:
        """What a row made, up to the token that ended its turn; padding follows that."""
        ends = (n for n, token in enumerate(made, 1) if token in self._ends)
        return made[: next(ends, len(made))]

    def _text(self, answer: list[int]) -> str:
        said = answer[:-1] if answer[-1] in self._ends else answer
        text: str = self._tokenizer.decode(
            said, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return text


def _columns(job: _Job, left: int, width: int) -> tuple[slice, slice]:
    """Where a job's kept and new tokens stand in its batch."""
    return slice(left - job.kept, left), slice(width - len(job.new), width)
