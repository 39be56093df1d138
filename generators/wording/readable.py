"""Whether a request can be read at once."""

from __future__ import annotations

import itertools
import re

from callwright.generators.planning import Unfit
from callwright.generators.wording.text import Mark, Text, flat
from callwright.schemas.record import Language

LONGEST = {"en": 30, "zh": 36}
"""Longest stretch without a stop that a reader still follows: words of an English sentence,
characters of a Chinese clause (a run of Latin letters or digits counts as two)."""

STACKED = 21
"""Characters of a Chinese clause beyond which a third 的 is one too many."""

_SENTENCE = re.compile(r"[.?!] ")
_CLAUSE = re.compile(r"[，。？！；：、]")
_LATIN = re.compile(r"[A-Za-z0-9@.,:+'’\- ]+")
_STUTTER = re.compile(
    r"\b(that|the|is|in|to|of|on|at|for|from) \1\b|的的|后之后|那那|这这|之后之后|就就"
)


def refuse_unreadable(text: Text, language: Language) -> None:
    """See that a request can be read at once.

    Raises:
        Unfit: a sentence has to be read twice, words stutter, or two literals run together, which
            only a number and its unit may.
    """
    said = flat(text)
    if language == "en":
        longest = max(len(sentence.split()) for sentence in _SENTENCE.split(said))
    else:
        clauses = _CLAUSE.split(_LATIN.sub("xx", said))
        longest = max(len(clause) for clause in clauses)
        if any(len(c) > STACKED and c.count("的") > 2 for c in clauses):
            raise Unfit("too_long", said)
    if longest > LONGEST[language]:
        raise Unfit("too_long", said)
    if _STUTTER.search(said):
        raise Unfit("stutter", said)
    for one, other in itertools.pairwise(text):
        if one.mark and other.mark and not _number(one.mark) and not _number(other.mark):
            raise Unfit("run_together", f"{one.text}{other.text}")


def _number(mark: Mark) -> bool:
    return mark.form.startswith("number.")  # 660欧元, 180分钟
