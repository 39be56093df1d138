"""Words that stand for something else: "it" for a thing, "your" for what a user calls "my"."""

from __future__ import annotations

import re
from dataclasses import replace

from callwright.generators.wording.text import Text

_ITS = re.compile(r"\b(t|T)he ((?!end |rest |top )(?:[a-z-]+ ){0,3}?[a-z-]+) of $")
_PARTICLE = re.compile(r"(?<=[a-z]) (off|away|back|down|up) $")
_TURNED = {
    "I": "you", "I'm": "you're", "I've": "you've", "I'd": "you'd", "me": "you", "my": "your",
    "mine": "yours",
}  # fmt: skip
_SELF = re.compile(r"\b(I'm|I've|I'd|I|me|my|mine)\b(?!')")


def then_it(text: str) -> str:
    """`text` and then "it": "its price", "call it off", "sent it to me"."""
    if of := _ITS.search(text):
        return f"{text[: of.start()]}{'its' if of[1] == 't' else 'Its'} {of[2]}"
    if particle := _PARTICLE.search(text):
        return f"{text[: particle.start()]} it {particle[1]}"
    if text.endswith(" sent me "):
        return text.removesuffix("me ") + "it to me"
    return text + "it"


def turned(said: Text, language: str) -> Text:
    """What a user says of themselves as the assistant says it: "my next meeting", "your next …".

    Literals stay as they are.
    """
    if language == "zh":
        return [s if s.mark else replace(s, text=s.text.replace("我", "你")) for s in said]
    return [
        s if s.mark else replace(s, text=_SELF.sub(lambda m: _TURNED[m[0]], s.text)) for s in said
    ]
