"""What the user called themselves and things: the answer says "you", and calls things alike.

Who said their own name is spoken to: "You have 2,315 points", not "Divya Sharma has …".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from callwright.generators.planning import Node, SignedIn
from callwright.generators.wording.text import Span, Text, flat

_PLACES = ("city", "country", "airport")
_NAMES = ("name", "title", "room", "device", "scene")
_VERBS = {"has": "have", "is": "are", "was": "were", "paid": "paid", "joined": "joined"}
_VERB = re.compile(rf" ({'|'.join(_VERBS)})\b")
_THE = re.compile(r"\b([Tt])he ([a-z][a-z ]*) of $")
_BARE = re.compile(r"^()([A-Z][a-z]+ bookings) of $")


def own_name(speaker: Node | None, nodes: Iterable[Node]) -> str | None:
    """The name of who asks, as results have it.

    Args:
        speaker: the step that looks them up, by what they said of themselves.
        nodes: steps, among which may be some about who is signed in.
    """
    if speaker is not None:
        return _told(speaker, "name")
    for node in nodes:
        for parameter, argument in node.arguments.items():
            if isinstance(argument, SignedIn):
                about = f"{parameter.removesuffix('_id')}_name"
                # A profile has a `name`; so has a product, and is asked for with more than that.
                name = _told(node, about) or (len(node.values) == 1 and _told(node, "name"))
                if name:
                    return name
    return None


def _told(node: Node, field: str) -> str | None:
    found = node.result.value if node.result is not None else None
    name = found.get(field) if isinstance(found, dict) else None
    return name if isinstance(name, str) else None


def addressed(text: Text, name: str | None, language: str) -> Text:
    """The text with "you" for the speaker's name, wherever the sentence bears it."""
    if name is None:
        return text
    out: Text = []
    for at, span in enumerate(text):
        if span.mark is None or span.mark.value != name:
            out.append(span)
            continue
        before, after = flat(out), flat(text[at + 1 :])
        out = _zh(out, span, before, after) if language == "zh" else _en(out, span, before, after)
    return _agreeing(out) if language == "en" else out


def called_alike(requests: Sequence[Text], answer: Text) -> Text:
    """The answer with the names that the user gave: who asks of 玄关 is not told of 走廊."""
    said = {_named(span): span.text for text in requests for span in text}
    return [
        span if (key := _named(span)) is None else replace(span, text=said.get(key, span.text))
        for span in answer
    ]


def _named(span: Span) -> tuple[str, str] | None:
    """What a name means, and of what sort that is; states and currencies are no names."""
    mark = span.mark
    if mark is None or mark.form != "term" or not isinstance(mark.value, str):
        return None
    family, _, what = (mark.kind or "").partition(".")
    named = what in _NAMES or family in _PLACES
    return (mark.value, family) if named else None


def _zh(out: Text, span: Span, before: str, after: str) -> Text:
    listed = before.endswith(("（", "：")) and after.startswith(("）", "，"))
    return [*out, span if listed else Span("你")]


def _en(out: Text, span: Span, before: str, after: str) -> Text:
    starts = not before or before.endswith(". ")
    if after.startswith("'s ") or (_is_subject(before) and _VERB.match(after)):
        return [*out, Span("You" if starts else "you")]
    if before.endswith(" for "):
        if after.startswith(":"):  # "Booking FB36675 for you: …" is no news
            return [*out[:-1], replace(out[-1], text=out[-1].text.removesuffix(" for "))]
        return [*out, Span("you")]
    last = out[-1].text if out else ""
    if owned := _THE.search(last) or _BARE.search(last):
        your = "your" if owned[1] == "t" else "Your"
        noun = owned[2][0].lower() + owned[2][1:]
        return [*out[:-1], replace(out[-1], text=f"{last[: owned.start()]}{your} {noun}")]
    return [*out, span]


def _is_subject(before: str) -> bool:
    return not before or before.endswith((". ", ": "))


def _agreeing(text: Text) -> Text:
    """Make "You has" to "You have" and "You's" to "Your"."""
    out: Text = []
    for span in text:
        if out and out[-1].text in ("You", "you") and out[-1].mark is None:
            if span.text.startswith("'s "):
                out[-1] = Span(out[-1].text + "r")
                span = replace(span, text=span.text[2:])  # noqa: PLW2901
            elif _is_subject(flat(out[:-1])) and (verb := _VERB.match(span.text)):
                span = replace(span, text=f" {_VERBS[verb[1]]}{span.text[verb.end() :]}")  # noqa: PLW2901
        out.append(span)
    return out
