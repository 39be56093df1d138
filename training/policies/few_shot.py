"""A policy that is shown how calls are written before it is asked.

A model that scores nothing may lack the skill or only the format. With the same few examples put
before every conversation the format is given, and what is still wrong is the skill.

The examples are earlier turns of the conversation, so that the model's own chat template writes
them, in whatever form it was trained on. Their tools exist nowhere in the packs, so that no name
and no value of them is ever right.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from callwright.schemas.canonical import digest, dumps
from callwright.training.policies.base import Policy, Prompt, Reply


class FewShotPolicy:
    """Another policy, with examples before each conversation.

    Args:
        policy: takes the turns.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.name = f"{policy.name}, few-shot"

    def turns(self, prompts: Sequence[Prompt]) -> list[Reply]:
        """The other policy's turns."""
        return self._policy.turns([shown(prompt) for prompt in prompts])


def shown(prompt: Prompt) -> Prompt:
    """The prompt with the examples of its language after its system message."""
    told = [message for message in prompt.messages if message["role"] == "user"]
    language = "zh" if any(map(_is_chinese, "".join(m["content"] for m in told))) else "en"
    start = 1 if prompt.messages and prompt.messages[0]["role"] == "system" else 0
    messages = [*prompt.messages[:start], *examples(language), *prompt.messages[start:]]
    return Prompt(messages, prompt.tools)


@cache
def examples(language: str) -> tuple[dict[str, Any], ...]:
    """The messages of the examples in `few_shot.yaml`, OpenAI-shaped."""
    text = (files(__package__) / "few_shot.yaml").read_text("utf-8")
    messages: list[dict[str, Any]] = []
    for item in yaml.safe_load(text)[language]:
        ((what, told),) = item.items()
        if what == "call":
            call = {"id": f"example_{len(messages)}", "type": "function", "function": told}
            messages.append({"role": "assistant", "content": "", "tool_calls": [call]})
        elif what == "result":
            made = messages[-1]["tool_calls"][0]["id"]
            messages.append({"role": "tool", "tool_call_id": made, "content": dumps(told)})
        else:
            role = "user" if what == "user" else "assistant"
            messages.append({"role": role, "content": told})
    return tuple(messages)


@cache
def examples_digest() -> str:
    """Changes when the examples do: evaluations with other examples are other evaluations."""
    return digest([list(examples(language)) for language in ("en", "zh")])


def _is_chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
