"""Saving a tokenizer so that any server renders with it what was trained, and the proof of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from callwright.schemas.errors import CallwrightError
from callwright.schemas.record import Conversation
from callwright.training.episode import shaped
from callwright.training.evaluate import prompt_at
from callwright.training.policies.base import Prompt
from callwright.training.policies.hf_load import load_tokenizer


class NotServable(CallwrightError):
    """The saved tokenizer renders another text than the one that was trained on: our fault."""


def save_tokenizer(tokenizer: Any, folder: Path, options: Mapping[str, Any]) -> None:
    """Save a tokenizer with its chat template, which keeps `options` as its defaults.

    A server knows no options of ours: without this, Qwen3 trained with `enable_thinking: false`
    would be served thinking.
    """
    own = tokenizer.chat_template
    try:
        tokenizer.chat_template = with_defaults(own, options)
        tokenizer.save_pretrained(folder)
    finally:
        tokenizer.chat_template = own


def with_defaults(template: Any, options: Mapping[str, Any]) -> Any:
    """A chat template in which `options` hold unless whoever renders says otherwise.

    Args:
        template: its text, or texts by their names.
        options: JSON values by their names.
    """
    if isinstance(template, dict):
        return {name: with_defaults(text, options) for name, text in template.items()}
    lines = (
        f"{{%- set {name} = {name} if {name} is defined else {_literal(value)} -%}}\n"
        for name, value in options.items()
    )
    return "".join(lines) + template


def check_tokenizer(
    tokenizer: Any, options: Mapping[str, Any], folder: Path, rows: Sequence[Conversation]
) -> int:
    """Prove that the tokenizer in a folder renders rows, to the byte, as the one in training does.

    Args:
        tokenizer: in training.
        options: what its chat template is given.
        folder: where it is saved; its template is given nothing.
        rows: what is rendered: each row as a whole, and up to each turn of the assistant.

    Returns:
        How many texts were compared.

    Raises:
        NotServable: a text differs, or its tokens do.
    """
    saved = load_tokenizer(str(folder))
    compared = 0
    for row in rows:
        for prompt, opened in _prompts(row):
            text = rendered(tokenizer, prompt, opened, **options)
            again = rendered(saved, prompt, opened)
            if text != again or tokenizer(text)["input_ids"] != saved(again)["input_ids"]:
                raise NotServable(
                    f"the tokenizer saved in {folder} renders row {row.id} otherwise than it was "
                    f"trained: {again[-200:]!r} for {text[-200:]!r}"
                )
            compared += 1
    return compared


def rendered(tokenizer: Any, prompt: Prompt, opened: bool, **options: Any) -> str:
    """A prompt as text, with (`opened`) or without the header of the assistant's next turn."""
    text: str = tokenizer.apply_chat_template(
        list(prompt.messages),
        tools=list(prompt.tools) or None,
        add_generation_prompt=opened,
        tokenize=False,
        **options,
    )
    return text


def _prompts(row: Conversation) -> Iterator[tuple[Prompt, bool]]:
    for at, message in enumerate(row.messages):
        if message.role == "assistant":
            yield prompt_at(row, at), True
    yield Prompt([shaped(message) for message in row.messages], row.tools), False


def _literal(value: Any) -> str:
    """A JSON value as Jinja writes it."""
    match value:
        case None:
            return "none"
        case list():
            return f"[{', '.join(map(_literal, value))}]"
        case dict():
            return f"{{{', '.join(f'{_literal(k)}: {_literal(v)}' for k, v in value.items())}}}"
        case _:
            return json.dumps(value)
