"""Requests that no offered tool can serve: talk, and things beyond the tools."""

from __future__ import annotations

import random
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from callwright.generators.wording.framing import frames
from callwright.generators.wording.lexicon import Form, Slot, parse_form, read_yaml
from callwright.schemas.record import Language


@dataclass(frozen=True)
class Talk:
    request: str
    answer: str
    masked: str
    """The request with its slots unfilled."""
    topic: str


@dataclass(frozen=True)
class _Topic:
    request: Form
    answers: tuple[Form, ...]
    without: frozenset[str]
    """Packs whose tools would make the answer untrue."""
    chat: bool
    """The assistant simply does it."""


@cache
def _topics(language: Language) -> tuple[tuple[_Topic, ...], dict[str, list[str]]]:
    path = Path(__file__).parent / "wording" / f"irrelevant_{language}.yaml"
    raw: dict[str, Any] = read_yaml(path)
    topics = tuple(
        _Topic(
            parse_form(entry["request"]),
            tuple(map(parse_form, entry["answers"])),
            frozenset(entry.get("without", ())),
            group == "chat",
        )
        for group in ("chat", "beyond")
        for entry in raw[group]
    )
    return topics, raw["slots"]


def talk(
    language: Language,
    rng: random.Random,
    *,
    packs: Collection[str] = (),
    told: Collection[str] = (),
    opens: bool = True,
) -> Talk:
    """One request and its answer; words in slots agree between the two.

    Args:
        packs: what is offered: nobody with a tool for the heating says that there is none.
        told: topics that have been talked about already.
        opens: it opens the conversation, so that it may greet.
    """
    topics, slots = _topics(language)
    topic = rng.choice(
        [t for t in topics if not t.without.intersection(packs) and t.request.text not in told]
    )
    values = {name: rng.choice(slots[name]) for name in sorted(topic.request.offers)}
    hello = rng.choice(frames(language)["hello"][1]).text if opens and rng.random() < 0.1 else ""
    # Who tells of a bad day does not end with "Thanks!".
    grateful = not topic.chat and rng.random() < 0.08
    thanks = rng.choice(frames(language)["thanks"][1]).text if grateful else ""
    return Talk(
        _greeted(hello, _filled(topic.request, values)) + thanks,
        _filled(rng.choice(topic.answers), values),
        hello + topic.request.text + thanks,
        topic.request.text,
    )


def _greeted(hello: str, request: str) -> str:
    """The request behind a greeting: "Hi, tell me …", but "Hello! Tell me …" and "Hi, I'm …"."""
    first, *_ = re.split(r"[ ']", request, maxsplit=1)
    if not hello.endswith(", ") or first == "I" or first.isupper():
        return hello + request
    return hello + request[0].lower() + request[1:]


def _filled(form: Form, values: dict[str, str]) -> str:
    return "".join(values[p.name] if isinstance(p, Slot) else str(p) for p in form.pieces)
