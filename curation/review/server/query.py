"""What is typed into the search box, and whether a text answers it.

    paris weather        both, anywhere in the text, also inside longer words
    "to paris"           just so
    paris | rome         either; binds least
    -rome  -"to rome"    not there

A word is searched as a piece of text, not as a token: scripts without spaces between words
(巴黎天气) would not be found otherwise. Case, width and composition make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_PIECE = re.compile(r'(?P<sign>[-+]?)"(?P<phrase>[^"]+)"|(?P<either>\|)|(?P<word>[^\s|]+)')


@dataclass(frozen=True, slots=True)
class Term:
    """One thing looked for."""

    text: str
    """As `fold` leaves it."""
    wanted: bool = True
    """False: it may not stand there."""


Query = tuple[tuple[Term, ...], ...]
"""Alternatives; of one of them all terms must hold. Empty: every text answers."""


def fold(text: str) -> str:
    """Bring what a reader takes for the same text to the same characters."""
    if text.isascii():
        return text.lower()
    # Folding can undo composition (U+0345, for one), so it is composed once more.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=256)
def parse(query: str) -> Query:
    """Read a query. Whatever is typed is one: there is nothing to get wrong."""
    alternatives: list[list[Term]] = [[]]
    for piece in _PIECE.finditer(query):
        if piece["either"]:
            alternatives.append([])
            continue
        term = _term(piece["sign"] or "", piece["phrase"], piece["word"])
        if term.text:
            alternatives[-1].append(term)
    return tuple(tuple(terms) for terms in alternatives if terms)


def _term(sign: str, phrase: str | None, word: str | None) -> Term:
    if word is None:
        return Term(fold(phrase or ""), sign != "-")
    wanted = not word.startswith("-")
    if word[0] in "+-":
        word = word[1:]
    # `prefix*` is how other engines are told what holds here for every word.
    return Term(fold(word.rstrip("*")), wanted)


def answers(folded: str, query: Query) -> bool:
    """Whether a text, folded, is what a query looks for."""
    return not query or any(_holds(folded, terms) for terms in query)


def _holds(folded: str, terms: Sequence[Term]) -> bool:
    return all((term.text in folded) == term.wanted for term in terms)
