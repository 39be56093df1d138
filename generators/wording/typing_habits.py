"""How somebody types: what a finished message looks like once fingers have written it.

A row has one writer, so all its user messages show the same habits. Values are never touched: they
stay as they were worded, and each mark stays on its value. The forms are what people really leave
out, shorten or misspell; the weights keep them at a low rate.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from callwright.generators.wording.text import Mark, Span, Text
from callwright.schemas.record import Language

Habit = Callable[[str, random.Random], str]
"""A message -> the same as it is typed. Each value in it is one character of `_VALUE`'s block."""

_FIRST = 0xE000
_VALUE = re.compile("[\ue000-\uf8ff]")
"""What stands for a value meanwhile: a block of characters that no wording uses."""
_DOUBLE = re.compile(f'["“]({_VALUE.pattern})["”]')


@dataclass(frozen=True)
class Hand:
    """One writer."""

    habits: tuple[Habit, ...]
    quotes: str
    """Opening and closing quotation mark."""
    quoting: bool
    """Puts names and ids in them that others leave bare."""
    seed: str

    @classmethod
    def of(cls, language: Language, seed: object) -> Hand:
        """The writer of the row with this seed, always the same."""
        rng = random.Random(f"{seed}/hand")
        manners = _MANNERS[language]
        (habits,) = rng.choices([habits for _, habits in manners], [w for w, _ in manners])
        quotes, quoting = rng.choice(_QUOTES[language]), rng.random() < QUOTING[language]
        return cls(habits, quotes, quoting, f"{seed}/typing")

    def typed(self, text: Text) -> Text:
        """The message as this writer types it."""
        text = _quoted(text, self.quotes) if self.quoting else text
        values = [span for span in text if span.mark is not None]
        stand_ins = iter(range(_FIRST, _FIRST + len(values)))
        shown = "".join(s.text if s.mark is None else chr(next(stand_ins)) for s in text)
        if self.quotes == "''" and not any("'" in value.text for value in values):
            shown = _DOUBLE.sub(r"'\1'", shown)
        rng = random.Random(f"{self.seed}/{shown}")
        for habit in self.habits:
            shown = habit(shown, rng)
        return _restored(shown, values)


def _restored(shown: str, values: Text) -> Text:
    out: Text = []
    at = 0
    for found in _VALUE.finditer(shown):
        if found.start() > at:
            out.append(Span(shown[at : found.start()]))
        out.append(values[ord(found[0]) - _FIRST])
        at = found.end()
    return [*out, Span(shown[at:])] if at < len(shown) else out


# ------------------------------------------------------------------ quotation marks

QUOTING: dict[Language, float] = {"en": 0.5, "zh": 0.15}
"""Writers who put names and ids in quotation marks; most requests have none to be put so."""

_QUOTES = {"en": ("''", "''", "''", "''", '""'), "zh": ("“”", "“”", "「」", '""')}
_NAMED = frozenset(
    "product hotel company book file folder note task event list payee article ticket".split()
)
"""First part of the kinds whose name, id, title or number may be quoted."""
_CALLED = frozenset("id title subject label scene model flight stay open active sent".split())
"""Second part of other kinds that may."""
_PLACES = frozenset({"city", "country", "airport"})


def _quoted(text: Text, quotes: str) -> Text:
    out: Text = []
    for at, span in enumerate(text):
        before = text[at - 1].text[-1:] if at else ""
        after = text[at + 1].text[:1] if at + 1 < len(text) else ""
        if (
            span.mark is not None
            and _is_called(span.mark)
            and not {before, after} & set("\"'“「《")
        ):
            out += [Span(quotes[0]), span, Span(quotes[1])]
        else:
            out.append(span)
    return out


def _is_called(mark: Mark) -> bool:
    """Is it a thing's own name or number, typed as it stands?"""
    family, _, kind = (mark.kind or "").partition(".")
    return mark.form == "verbatim" and (
        (kind in _CALLED and family not in _PLACES)
        or (family in _NAMED and kind in ("name", "id", "title", "number"))
    )


# -------------------------------------------------------------------------- English

_BEGINNING = re.compile(r"(^|[.?!] )([\"'“]?[A-Z])(?=[a-z' ])")
_CONTRACTION = re.compile(
    r"\b(what|where|who|how|that|it|there)'(s)\b|\b(do|does|did|is|are|was|ca|wo|have|has)(n)'(t)\b"
    r"|\b(I)'(m|ve)\b",
    re.IGNORECASE,
)
_SHORT = {"please": "pls", "thanks": "thx", "information": "info", "you": "u", "thank u": "ty"}
_MISSPELT = {
    "the": "teh",
    "and": "adn",
    "please": "plese",
    "which": "wich",
    "whether": "wether",
    "address": "adress",
    "information": "informaton",
    "reservation": "reservaton",
    "available": "availible",
    "receive": "recieve",
    "separate": "seperate",
    "business": "buisness",
    "currency": "curency",
    "temperature": "temperture",
    "different": "diffrent",
    "what": "waht",
    "account": "acount",
    "cheapest": "cheapst",
    "distance": "distence",
    "calendar": "calender",
    "cancel": "cancle",
}


def _without_stop(shown: str, _rng: random.Random) -> str:
    return re.sub(r"(?<![.。])[.。]$", "", shown)


def _without_mark(shown: str, rng: random.Random) -> str:
    return re.sub(r"[?？]$", "", shown) if rng.random() < 0.35 else shown


def _small_start(shown: str, _rng: random.Random) -> str:
    first = _BEGINNING.match(shown)
    return shown if first is None or _is_i(shown) else first[0].lower() + shown[first.end() :]


def _small_starts(shown: str, _rng: random.Random) -> str:
    return _BEGINNING.sub(lambda m: m[0] if _is_i(shown[m.end() - 1 :]) else m[0].lower(), shown)


def _is_i(text: str) -> bool:
    return bool(re.match(r"I\b", text))


def _small_i(shown: str, _rng: random.Random) -> str:
    return re.sub(r"\bI\b", "i", shown)


def _without_apostrophes(shown: str, _rng: random.Random) -> str:
    return _CONTRACTION.sub(lambda m: "".join(filter(None, m.groups())), shown)


def _shortened(shown: str, rng: random.Random) -> str:
    for word, short in _SHORT.items():
        if rng.random() < 0.4:
            shown = re.sub(rf"\b{word}\b", short, shown, flags=re.IGNORECASE)
    return shown


def _run_on(shown: str, rng: random.Random) -> str:
    """Sentences divided by commas: "I'm Lea Kern, can you …"."""
    if rng.random() < 0.5:
        return shown
    return re.sub(
        r"(?<=[\w\ue000-\uf8ff])\. (\w)(?![A-Z])",
        lambda found: ", " + (found[1] if found[1] == "I" else found[1].lower()),
        shown,
    )


def _without_commas(shown: str, _rng: random.Random) -> str:
    return re.sub(r",(?= (?:please|pls|then|and|but|so|could|can)\b)", "", shown)


def _misspelt(shown: str, rng: random.Random) -> str:
    """One slip in one word."""
    found = [
        m for m in re.finditer(r"[A-Za-z]+", shown) if m[0].lower() in _MISSPELT and m.start() > 0
    ]
    if not found:
        return shown
    slip = rng.choice(found)
    wrong = _MISSPELT[slip[0].lower()]
    return shown[: slip.start()] + wrong + shown[slip.end() :]


# -------------------------------------------------------------------------- Chinese

_SPOKEN = (
    ("一下", "下"),
    ("什么", "啥"),
    ("谢谢(?=[。！]?$)", "谢啦"),
    ("您", "你"),
    ("怎么样", "咋样"),
)


def _spaced_out(shown: str, _rng: random.Random) -> str:
    """Spaces for commas and full stops."""
    return re.sub(r"[，。！](?=.)", " ", shown)


def _half_width(shown: str, _rng: random.Random) -> str:
    return re.sub("[，？！]", lambda found: {"，": ",", "？": "?", "！": "!"}[found[0]], shown)


def _spoken(shown: str, rng: random.Random) -> str:
    for word, said in _SPOKEN:
        if rng.random() < 0.7:
            shown = re.sub(word, said, shown)
    return shown


def _wrong_character(shown: str, _rng: random.Random) -> str:
    """The other zài, the commonest slip of a pinyin keyboard."""
    return re.sub("再(?=[查看算帮把给])", "在", shown, count=1)


def _wavy(shown: str, _rng: random.Random) -> str:
    """A friendly ~ where the full stop would be."""
    return re.sub("。$", "~", shown)


_MANNERS: dict[Language, tuple[tuple[int, tuple[Habit, ...]], ...]] = {
    "en": (
        (50, ()),
        (20, (_without_stop,)),
        (4, (_without_commas, _without_stop)),
        (8, (_small_start, _without_stop)),
        (
            9,
            (
                _run_on,
                _small_starts,
                _small_i,
                _without_apostrophes,
                _shortened,
                _without_commas,
                _without_stop,
                _without_mark,
            ),
        ),
        (4, (_without_apostrophes, _without_stop)),
        (3, (_misspelt,)),
        (2, (_misspelt, _small_starts, _small_i, _without_stop)),
    ),
    "zh": (
        (46, ()),
        (24, (_without_stop,)),
        (8, (_spaced_out, _without_stop, _without_mark)),
        (5, (_half_width, _without_stop)),
        (9, (_spoken, _without_stop)),
        (3, (_spoken, _spaced_out, _without_stop, _without_mark)),
        (3, (_wrong_character, _without_stop)),
        (2, (_wavy,)),
    ),
}
"""Weight and habits, one after the other."""
