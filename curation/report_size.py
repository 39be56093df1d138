"""How long a dataset's rows are: in tokens of a named tokenizer, else in characters."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson

from callwright.schemas.errors import MissingExtra, StoreError, UserError
from callwright.schemas.store import Dataset

MOST_MEASURED = 2000
"""Rows of a dataset that are tokenized, spread evenly over it; more would not move the curve."""


@dataclass(frozen=True)
class Sizes:
    """Lengths of some or all rows."""

    unit: str
    """`tokens` or `characters`."""
    how: str
    """What was measured, in a sentence."""
    lengths: list[int]


Measure = Callable[[Dataset], Sizes]


def measure(tokenizer: str | None) -> Measure:
    """Give what measures a dataset.

    Args:
        tokenizer: A model's name, a folder or a `tokenizer.json`; None measures characters.

    Raises:
        MissingExtra: transformers is not installed.
        UserError: There is no such tokenizer.
    """
    if tokenizer is None:
        return _characters
    return partial(_tokens, _load(tokenizer), tokenizer)


def _characters(dataset: Dataset) -> Sizes:
    import polars as pl

    count = pl.col("messages").str.len_chars() + pl.col("tools").str.len_chars()
    lengths = [
        length
        for frame in dataset.frames(columns=["messages", "tools"])
        for length in frame.select(count).to_series().fill_null(0).to_list()
    ]
    how = "Characters of messages and tools as stored. No tokenizer was named: --tokenizer NAME."
    return Sizes("characters", how, lengths)


def _load(name: str) -> Any:
    for package in ("transformers", "jinja2"):  # transformers runs chat templates by the latter
        if find_spec(package) is None:
            raise MissingExtra(package, "train")
    # It would say on every run that it found no torch, which counting tokens does not need.
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    from transformers import AutoTokenizer, PreTrainedTokenizerFast

    try:
        if Path(name).is_file():
            return PreTrainedTokenizerFast(tokenizer_file=name)
        # A tokenizer is data: whatever Python its repository holds is not run.
        return AutoTokenizer.from_pretrained(name, trust_remote_code=False)
    except Exception as error:  # noqa: BLE001 - the library raises whatever its parsers raise
        line = str(error).strip().partition("\n")[0]
        raise UserError(
            f"cannot load the tokenizer {name!r}: {line or type(error).__name__}"
        ) from None


def _tokens(tokenizer: Any, name: str, dataset: Dataset) -> Sizes:
    step = -(-len(dataset) // MOST_MEASURED) or 1
    templated = bool(tokenizer.chat_template)
    lengths: list[int] = []
    for row_id, messages, tools in _every(step, dataset):
        try:
            if templated:
                for message in messages:
                    message.setdefault("content", "")  # some templates ask a caller for it
                text = tokenizer.apply_chat_template(messages, tools=tools or None, tokenize=False)
            else:
                text = orjson.dumps([tools, messages]).decode()
            lengths.append(len(tokenizer(text, add_special_tokens=not templated)["input_ids"]))
        except Exception as error:  # noqa: BLE001 - a template raises what it likes
            raise UserError(
                f"the tokenizer {name!r} cannot read row {row_id} of {dataset.folder}: {error}"
            ) from None
    how = (
        "messages and tools, rendered by its chat template"
        if templated
        else ("messages and tools as JSON; it has no chat template")
    )
    some = "" if step == 1 else f" {len(lengths):,} of {len(dataset):,} rows were measured."
    return Sizes("tokens", f"Tokens of {name}: {how}.{some}", lengths)


def _every(step: int, dataset: Dataset) -> Iterator[tuple[str, Any, Any]]:
    """(id, messages, tools) of each `step`-th row."""
    at = 0
    for frame in dataset.frames(columns=["id", "messages", "tools"]):
        for number, (row_id, messages, tools) in enumerate(frame.iter_rows(), at):
            if number % step == 0:
                try:
                    yield row_id, orjson.loads(messages), orjson.loads(tools)
                except (ValueError, TypeError) as error:
                    raise StoreError(f"{dataset.folder}, row {row_id}: {error}") from None
        at += frame.height
