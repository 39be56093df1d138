"""The user of an episode who is asked something instead of being answered.

One and the same for every model, and without chance: asked about something that the request
holds, it says that value again in the request's own words; asked anything else, it has nothing
to add. It knows what the user said and nothing else: no result, no plan, no gold call.
"""

from __future__ import annotations

import re

from callwright.schemas.kinds import schema_at
from callwright.schemas.pointers import split
from callwright.schemas.record import Conversation, UserSource

NOTHING = {"en": "I have nothing to add.", "zh": "我没有别的要补充了。"}

_QUESTION = re.compile(r"[?？][\s\"'”’)）]*$")
_WORD = re.compile(r"[a-z]+")


def asks(text: str) -> bool:
    """Does a turn end in a question?"""
    return bool(_QUESTION.search(text))


def reply(row: Conversation, question: str) -> str:
    """What the user answers to `question`."""
    said = [
        f"{name.replace('_', ' ')}: {words}" if row.language == "en" else f"{name}：{words}"
        for name, words, described in _known(row)
        if _concerns(question, name, words, described)
    ]
    if not said:
        return NOTHING[row.language]
    return "; ".join(said) + "." if row.language == "en" else "；".join(said) + "。"


def _known(row: Conversation) -> list[tuple[str, str, str]]:
    """(parameter, the user's words for it, the parameter's description), each words once."""
    offered = {t["function"]["name"]: t["function"].get("parameters", {}) for t in row.tools}
    names = {call.id: call.function.name for m in row.messages for call in m.tool_calls or ()}
    found: dict[str, tuple[str, str, str]] = {}
    for call, leaves in row.sources.items():
        for pointer, sources in leaves.items():
            name = next((t for t in reversed(split(pointer)) if not t.isdigit()), "")
            schema = schema_at(offered.get(names.get(call, ""), {}), pointer)
            about = str(schema.get("description", ""))
            for source in sources:
                if isinstance(source, UserSource):
                    text = row.messages[source.message].content or ""
                    words = text[source.start : source.end]
                    found.setdefault(words, (name, words, about))
    return list(found.values())


def _concerns(question: str, name: str, words: str, described: str) -> bool:
    """Is it this value that is asked about: by its parameter's name, or by the value itself?"""
    asked = question.casefold()
    if words.casefold() in asked:
        return True
    heard = set(_WORD.findall(asked))
    named, told = (set(_WORD.findall(text.casefold())) for text in (name, described))
    telling = {word for word in told & heard if len(word) > 3}  # no "of" and "the"
    return bool(named and named <= heard) or len(telling) >= 2
