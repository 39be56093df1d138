"""Real tokenizers with their real chat templates, and rows to lay before them."""

from __future__ import annotations

import importlib
import sys
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from callwright.schemas.errors import UserError
from callwright.schemas.record import Conversation, Message
from callwright.training.policies.hf_load import read_template
from callwright.training.recipe import Weights
from callwright.training.render import Refusal, Renderer

__all__ = ["Refusal", "Weights"]

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

SERVED: dict[str, tuple[str, str | None, dict[str, Any]]] = {
    "qwen2.5": ("qwen2.5", None, {}),
    "qwen3": ("qwen3", None, {}),
    "qwen3 without thoughts": ("qwen3", None, {"enable_thinking": False}),
    "hermes": ("qwen2.5", "hermes", {}),
    "smollm2": ("smollm2", "hermes", {}),
}
"""Name -> tokenizer, chat template if it is not its own, options of the template."""


def script(name: str) -> ModuleType:
    """A module of the benchmarks, which are no package: they find each other beside themselves."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(BENCHMARKS))


@lru_cache
def _folder(name: str) -> Path | str:
    """Where a tokenizer is, or why it is nowhere."""
    if name == "smollm2":
        place: Path = script("smollm2").CACHE.expanduser()
        return place if place.is_dir() else "not made: python benchmarks/smollm2.py"
    try:
        return script("qwen").folder(name)  # type: ignore[no-any-return]
    except UserError as error:
        return str(error)


@lru_cache
def tokenizer(served: str) -> Any:
    """A tokenizer that is ready to serve; the test is skipped where it cannot be had."""
    from transformers import AutoTokenizer

    name, template, _ = SERVED[served]
    place = _folder(name)
    if isinstance(place, str):
        pytest.skip(place)
    made = AutoTokenizer.from_pretrained(place)
    if template:
        made.chat_template = read_template(template)
    return made


def renderer(served: str, **options: Any) -> Renderer:
    given = {"weights": Weights(), "max_tokens": 4096, **options}
    return Renderer(tokenizer(served), template_options=SERVED[served][2], **given)


# ------------------------------------------------------------------------------ rows


def tool(name: str) -> dict[str, Any]:
    schema = {"type": "object", "properties": {"city": {"type": "string"}}}
    about = "Say <tool_call> to nobody."
    function = {"name": name, "description": about, "parameters": schema}
    return {"type": "function", "function": function}


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def says(text: str, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": text, **more}


def calls(*made: tuple[str, dict[str, Any]], words: str = "", **more: Any) -> dict[str, Any]:
    shaped = [{"function": {"name": n, "arguments": a}} for n, a in made]
    return {"role": "assistant", "content": words, "tool_calls": shaped, **more}


def result(text: str) -> dict[str, Any]:
    return {"role": "tool", "content": text}


def row(*messages: dict[str, Any], **fields: Any) -> Conversation:
    """A row; its calls are numbered in their order, and so are the results."""
    made: list[Message] = []
    called = answered = 0
    for message in messages:
        shaped = dict(message)
        if "tool_calls" in shaped:
            first = called + 1
            called += len(shaped["tool_calls"])
            numbered = enumerate(shaped["tool_calls"], first)
            shaped["tool_calls"] = [{"id": f"call_{n}", **call} for n, call in numbered]
        if shaped["role"] == "tool":
            answered += 1
            shaped["tool_call_id"] = f"call_{answered}"
        made.append(Message.model_validate(shaped))
    given = {"id": "r", "scenario": "chain", "language": "en", "tools": [tool("f"), tool("g")]}
    return Conversation.model_validate({**given, "messages": made, **fields})
