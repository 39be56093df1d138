"""Other words for the same: people do not say "look up the price of" every time."""

from __future__ import annotations

import random
import re

from callwright.generators.wording.text import Span, Text

_FINDING = re.compile(
    r"(?:look up|find out|work out|check|find|get|calculate|see) "
    r"(?=(?P<asked>how|what|which|when|whether|where|who|if)\b"
    r"|(?P<mine>my )|the (?!catalogue|tracking|stock)"
    r"(?P<figured>[a-z -]+ (?:of|from|to|in|between|for|at) )?)",
    re.IGNORECASE,
)
_ASKED = (
    (4, "check"),
    (1, "find out"),
    (4, "see"),
    (8, "tell me"),
    (2, "let me know"),
    (1, "figure out"),
)
_FIGURED = (
    (3, "get"),
    (1, "find"),
    (2, "check"),
    (4, "give me"),
    (5, "tell me"),
    (3, "show me"),
    (3, "get me"),
    (1, "retrieve"),
)
_MINE = ((3, "check"), (3, "show me"), (2, "get"), (1, "pull up"))
_RECKONED = ("work out", "calculate")
"""A figure that has to be worked out is not looked up or shown."""
_KEPT = 0.15
"""Chance that the pack's own verb stays."""

_ABOUT = re.compile(
    r"\bthe ((?:[a-z-]+ )?(?:details|reviews|price|tracking|schedule|warranty|dialling code"
    r"|phone number)) of "
)


def varied(clause: Text, rng: random.Random) -> Text:
    """An English verb phrase that asks for something, perhaps with another verb."""
    if not clause or clause[0].mark is not None:
        return clause
    found = _FINDING.match(clause[0].text)
    if found is None or rng.random() < _KEPT:
        return clause
    verb = found[0].strip().lower()
    chosen: tuple[tuple[int, str], ...]
    if found["asked"]:
        chosen = _ASKED
    elif found["mine"]:
        chosen = _MINE
    elif found["figured"] and verb not in _RECKONED:
        chosen = _FIGURED
    else:
        return clause
    (new,) = rng.choices([v for _, v in chosen], [w for w, _ in chosen])
    new = new.capitalize() if found[0][0].isupper() else new
    return [Span(f"{new} {clause[0].text[found.end() :]}"), *clause[1:]]


def about(clause: Text, rng: random.Random) -> Text:
    """The price "for" the lamp, where most say "of"."""
    if rng.random() < 0.5:
        return clause
    return [
        span if span.mark is not None else Span(_ABOUT.sub(r"the \1 for ", span.text))
        for span in clause
    ]
