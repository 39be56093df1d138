"""The frames of `frames.yaml`, and which of them may stand around which words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from callwright.generators.wording.lexicon import Form, parse_form, read_yaml
from callwright.schemas.record import Language

_OWN = re.compile(
    r"\bI(?:'d| would)? (?:need|want|like) to \{x\}|I'm trying to \{x\}|[Hh]elp (?:me|to) \{x\}"
    r"|^我?[想要]\{x\}|^我要\{x\}"
)
"""The speaker does it: "I need to {x}", "Can you help me {x}?"."""
_TOLD = re.compile(
    r"^(?:first|tell|show|give|list|explain|name|let|see if you)\b|\b(?:me|know)\b"
    r"|^(?:先|告诉|给我|列出|说|换算|显示|分别)|告诉我|给我"
)
"""What only the one who is asked can do."""
_JOINT = r"(?:of|in|for|at|on|from|to|with|by|near)\b"
_PLURAL = re.compile(
    rf"the (?:(?!{_JOINT})[a-z-]+ ){{0,3}}?(?:[a-z-]*[^su']s|[a-z-]+ies|people)(?= {_JOINT}|$)"
)
_NOT_PLURAL = re.compile(r"(?:[^aeiou]is|us|news|physics|address) ?$")


@cache
def frames(language: Language) -> dict[str, Any]:
    """The frames of one language, weighted ones as (weights, forms)."""
    path = Path(__file__).with_name("frames.yaml")
    raw = read_yaml(path)[language]
    out: dict[str, Any] = {}
    for name, entries in raw.items():
        if isinstance(entries[0], list):
            out[name] = ([w for w, _ in entries], [parse_form(text) for _, text in entries])
        else:
            out[name] = ([1] * len(entries), [parse_form(text) for text in entries])
    return out


def fitting(
    name: str,
    group: tuple[Sequence[float], Sequence[Form]],
    x: str,
    *,
    several: bool,
    acts: bool,
) -> tuple[list[float], list[Form]]:
    """The frames of one group that may stand around the words `x`, with their weights.

    Args:
        name: of the group.
        group: weights and forms.
        several: more than one call is asked for.
        acts: something is to be done, not only found out.
    """

    def fits(form: Form) -> bool:
        if name != "do":
            return True
        if "let me know" in form.text and (several or acts):
            return False
        if form.text == "{x}?" and (several or acts):
            return False
        if "trying" in form.text and acts:
            return False
        if form.text.startswith("请{x}") and x.startswith("求"):
            return False  # 请求 is another word
        return not (_OWN.search(form.text) and _TOLD.search(x))

    kept = [(weight, form) for weight, form in zip(*group, strict=True) if fits(form)]
    return [weight for weight, _ in kept], [form for _, form in kept]


def plural(phrase: str) -> bool:
    """Is an English noun phrase many things: "the public holidays in Oslo"?"""
    found = _PLURAL.match(phrase)
    return found is not None and not _NOT_PLURAL.search(found[0])
