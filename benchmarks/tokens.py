"""How many tokens a row is, in Qwen2.5's vocabulary and template, with the tools it offers."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from itertools import islice

import qwen

from callwright.schemas.errors import UserError
from callwright.schemas.record import Conversation

COUNTED = 1000
"""Rows of which the tokens are counted."""


def line(rows: Iterable[Conversation]) -> str:
    """The figures of the first rows, or why there are none."""
    try:
        from callwright.training.episode import shaped
        from callwright.training.policies.hf_load import load_tokenizer

        tokenizer = load_tokenizer(str(qwen.folder("qwen2.5")))
    except (UserError, ImportError) as error:
        return f"tokens a row: – ({error})"
    sizes = []
    for row in islice(rows, COUNTED):
        messages = [shaped(message) for message in row.messages]
        text = tokenizer.apply_chat_template(messages, tools=row.tools, tokenize=False)
        sizes.append(len(tokenizer(text, add_special_tokens=False)["input_ids"]))
    if len(sizes) < 2:
        return "tokens a row: –"
    tenths = statistics.quantiles(sizes, n=10)
    return (
        f"tokens a row (Qwen2.5, tools included, {len(sizes):,} rows): "
        f"mean {statistics.mean(sizes):,.0f}, median {statistics.median(sizes):,.0f}, "
        f"nine of ten at most {tenths[-1]:,.0f}, the longest {max(sizes):,}"
    )
