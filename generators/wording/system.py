"""System messages: how to behave, what day it is, who is signed in."""

from __future__ import annotations

import datetime
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from callwright.generators.wording.lexicon import Form, parse_form, read_yaml
from callwright.schemas.record import Language, SystemSource


@cache
def _parts(language: Language) -> Any:
    return read_yaml(Path(__file__).with_name("system.yaml"))[language]


@dataclass(frozen=True)
class System:
    """A system message and where in it the facts stand."""

    text: str
    today: SystemSource | None
    identities: dict[str, SystemSource]
    """kind of an id -> where it stands."""


def system_message(
    language: Language,
    rng: random.Random,
    *,
    today: datetime.date | None,
    identities: Mapping[str, str],
    rule: str = "",
) -> System | None:
    """A system message with the facts that the row needs, or None where it needs none.

    Args:
        today: the date to state, if any.
        identities: kind of an id -> the signed-in person's id.
        rule: what the assistant must or must not do.
    """
    parts = _parts(language)
    gap = " " if language == "en" else ""
    text = rng.choice(parts["prompt"]) if rng.random() < 0.5 else ""
    text = gap.join(part for part in (text, rule) if part)
    today_at: SystemSource | None = None
    found: dict[str, SystemSource] = {}
    if today is not None:
        written = _written(today, language, rng)
        text, start, end = _added(text, gap, rng.choice(parts["today"]), written)
        today_at = SystemSource(start=start, end=end, form="date.long")
    for kind, value in identities.items():
        text, start, end = _added(text, gap, rng.choice(parts["signed_in"][kind]), value)
        found[kind] = SystemSource(start=start, end=end, form="verbatim")
    return System(text, today_at, found) if text else None


def _added(text: str, gap: str, template: str, value: str) -> tuple[str, int, int]:
    form: Form = parse_form(template)
    text += gap if text else ""
    start = end = 0
    for piece in form.pieces:
        if isinstance(piece, str):
            text += piece
        else:
            start, end = len(text), len(text) + len(value)
            text += value
    return text, start, end


def _written(day: datetime.date, language: Language, rng: random.Random) -> str:
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    if rng.random() < 0.5:
        return f"{day:%A}, {day.day} {day:%B} {day.year}"
    return f"{day:%B} {day.day}, {day.year}"
