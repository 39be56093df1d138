"""How requests are worded, in figures: a thermometer, not a target.

The rules are those by which the requests that people wrote for BFCL were measured
(live_simple and live_multiple, version 2026.3.23), so that figures can be laid side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from callwright.schemas.record import Language

_QUESTION = re.compile(r"[?？]$")


class _Rules(NamedTuple):
    polite: re.Pattern[str]
    first_person: re.Pattern[str]
    sentence_end: re.Pattern[str]


_ENGLISH = _Rules(
    polite=re.compile(r"(?i)please|could you|would you|can you|thank"),
    first_person=re.compile(r"(?i)\b(i|i'm|my|we|our)\b"),
    sentence_end=re.compile(r"[.!?。！？](\s|$)"),
)
# Chinese has none of these words and no space after a full stop. People's figures exist for
# English only, so these rules are ours.
_CHINESE = _Rules(
    polite=re.compile(r"请|麻烦|劳驾|谢谢|多谢|能不能|能否|可否|可以[^。！？]{0,12}吗"),
    first_person=re.compile(r"我|咱|本人"),
    sentence_end=re.compile(r"[。！？!?]+|\.(?=\s|$)"),
)
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD_OR_HAN = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+(?:[.,:'-][^\W_{_HAN}]+)*")


@dataclass(frozen=True, slots=True)
class Style:
    """Figures over a list of texts; shares are from 0 to 1."""

    texts: int
    question: float
    """Share that ends in a question mark (trailing space aside)."""
    polite: float
    first_person: float
    several_sentences: float
    words_p10: int
    words_median: int
    words_p90: int


def length(text: str, language: Language = "en") -> int:
    """Words of a text.

    English: whitespace-separated. Chinese is written without spaces: there each Han character
    counts one, and so does each number or Latin word between them; punctuation does not.
    """
    return len(text.split()) if language == "en" else len(_WORD_OR_HAN.findall(text))


def measure(texts: Iterable[str], language: Language = "en") -> Style:
    """Measure how `texts` are worded.

    Args:
        texts: One request each.
        language: Whose rules to apply, to every text alike: the people's figures were measured
            with the English rules, the few Chinese requests among them included.

    Returns:
        Shares and quantiles; all zero for no texts. A quantile is one of the lengths (that at
        place `int(q * n)` of n), as the people's figures were taken.
    """
    rules = _ENGLISH if language == "en" else _CHINESE
    all_texts = [text.strip() for text in texts]
    if not all_texts:
        return Style(0, 0, 0, 0, 0, 0, 0, 0)
    lengths = sorted(length(text, language) for text in all_texts)

    def share(rule: re.Pattern[str], more_than: int = 0) -> float:
        hits = sum(sum(1 for _ in rule.finditer(text)) > more_than for text in all_texts)
        return hits / len(all_texts)

    return Style(
        texts=len(all_texts),
        question=share(_QUESTION),
        polite=share(rules.polite),
        first_person=share(rules.first_person),
        several_sentences=share(rules.sentence_end, more_than=1),
        words_p10=lengths[int(0.1 * len(lengths))],
        words_median=lengths[int(0.5 * len(lengths))],
        words_p90=lengths[int(0.9 * len(lengths))],
    )
