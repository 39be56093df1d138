"""Whether several values may stand where a form has one: "the time in Paris, Oslo and Lima"."""

from __future__ import annotations

import itertools
import re

from callwright.generators.wording.lexicon import Form, Slot

_SUBORDINATE = re.compile(r"\b(whether|if|how|when|what|which|that|who|where|as)\b")
_VERB = re.compile(r"(?: (?:is|are|has|was|were|falls|lies|takes|costs|weighs|needs|can)\b|'s)")
_DEADLINE = re.compile(
    r"\b(before|by|until|after|counting from|a|an)( \w+)?( on)? $"
)  # "a wedding on …"
_QUOTES = ("“", "'", '"', "《", "「")
_TOWARDS = re.compile(r"\b(to|and|until|till) $|[到至和与]$")
_BEFORE_A_LIST = {"in", "of", "for", "from", "to", "on", "at", "with", "about"}


def listable(form: Form, name: str, *, english: bool) -> bool:
    """May several literals stand in this slot?

    In English behind a preposition, or as the object of the command itself; never where a verb
    would have to agree with them. Nor before "to" and another slot: "from Oslo and Rome to Lima",
    nor between quotation marks, which are one literal's.
    """
    at = next((i for i, p in enumerate(form.pieces) if isinstance(p, Slot) and p.name == name), -1)
    if at < 0 or any(
        isinstance(one, str) and _TOWARDS.search(one) and isinstance(other, Slot)
        for one, other in itertools.pairwise(form.pieces[at + 1 :])
    ):
        return False
    if at > 0 and str(form.pieces[at - 1]).endswith(_QUOTES):
        return False
    if not english:
        return True
    before = ""
    for at, piece in enumerate(form.pieces):
        if isinstance(piece, Slot) and piece.name == name:
            after = form.pieces[at + 1] if at + 1 < len(form.pieces) else ""
            if piece.possessive or (isinstance(after, str) and _VERB.match(after)):
                return False
            words = before.split()
            if _DEADLINE.search(before):
                return False
            behind = bool(piece.preposition) or bool(words and words[-1] in _BEFORE_A_LIST)
            return behind or (at == 1 and not _SUBORDINATE.search(before))
        before = piece if isinstance(piece, str) else ""
    return False
