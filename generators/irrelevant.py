"""Requests that no offered tool can serve: talk, and things beyond the tools."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from callwright.generators.wording.lexicon import Form, Slot, parse_form, read_yaml
from callwright.generators.wording.request import frames
from callwright.schemas.record import Language


@dataclass(frozen=True)
class Talk:
    request: str
    answer: str
    masked: str
    """The request with its slots unfilled."""


@dataclass(frozen=True)
class _Topic:
    request: Form
    answers: tuple[Form, ...]


@cache
def _topics(language: Language) -> tuple[tuple[_Topic, ...], dict[str, list[str]]]:
    path = Path(__file__).parent / "wording" / f"irrelevant_{language}.yaml"
    raw: dict[str, Any] = read_yaml(path)
    topics = tuple(
        _Topic(parse_form(entry["request"]), tuple(map(parse_form, entry["answers"])))
        for group in ("chat", "beyond")
        for entry in raw[group]
    )
    return topics, raw["slots"]


def talk(language: Language, rng: random.Random) -> Talk:
    """One request and its answer; words in slots agree between the two."""
    topics, slots = _topics(language)
    topic = rng.choice(topics)
    values = {name: rng.choice(slots[name]) for name in sorted(topic.request.offers)}
    hello = rng.choice(frames(language)["hello"][1]).text if rng.random() < 0.1 else ""
    thanks = rng.choice(frames(language)["thanks"][1]).text if rng.random() < 0.06 else ""
    return Talk(
        _greeted(hello, _filled(topic.request, values)) + thanks,
        _filled(rng.choice(topic.answers), values),
        hello + topic.request.text + thanks,
    )


def _greeted(hello: str, request: str) -> str:
    """The request behind a greeting: "Hi, tell me …", but "Hello! Tell me …" and "Hi, I'm …"."""
    first, *_ = re.split(r"[ ']", request, maxsplit=1)
    if not hello.endswith(", ") or first == "I" or first.isupper():
        return hello + request
    return hello + request[0].lower() + request[1:]


def _filled(form: Form, values: dict[str, str]) -> str:
    return "".join(values[p.name] if isinstance(p, Slot) else str(p) for p in form.pieces)
