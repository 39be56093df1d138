"""Can a plain classifier tell our English requests from those that people wrote?

TF-IDF of words (1-2 of them, punctuation counting as words) and of characters (2-5 of them,
inside words), logistic regression as scikit-learn has it by default, stratified 5-fold. As many
of our requests are drawn as there are requests of people, several times; the area under the ROC
curve (0.5 = cannot tell, 1 = always) is the mean over the draws.

Once with all words, which mostly tells that we ask about other things than they do, and once
with the words that carry a topic masked:

- kept as they are written, capitals and all: scikit-learn's English stop words, `MANNER` (the
  words by which one asks) and contractions of either (what's, don't, im);
- any other word becomes x, and so does whatever holds a digit, @ or a slash: numbers, dates, times,
  codes, addresses;
- several x in a row are one, for a name may have one word or four, and a price its currency;
- punctuation, line breaks and quotation marks stay.
"""

from __future__ import annotations

import importlib.util
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

MANNER = frozenset(
    """
    ahead asap appreciate ask asked asking check confirm could did does doing favour favor fetch
    gave give glad going got grateful great hello help helpful hey hi hope hoping info know let
    like list look looking looks love make maybe mind moment need needed needs nice ok okay pls
    plz possible pull quick quickly really remember remind retrieve right see set sure tell thank
    thanks thing think thx trying use using wait want wanted wants way will wish wonder wondering
    work works would yes u ur gonna wanna gotta ive im id ill whats wheres hows whos dont doesnt
    cant isnt didnt wont lets
    """.split()
)
"""Words by which one asks, thanks, greets or gives a reason, beside the stop words."""

BAR = 0.85
"""More than this is told too easily. Two halves of people's own requests, which are about other
things, come to as much."""
DRAWS = 5
FOLDS = 5
TELLTALES = 15

_WORDS = r"\w+(?:['’]\w+)*|[^\w\s]|\n"
_FIGURE = re.compile(r"[^\s'\"(\[]*[\d@/\\][^\s]*?(?=[\s,.;:?!'\")\]]*(?:\s|$))")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_RUN = re.compile(r"\bx(?:[ -]x\b)+")


@dataclass(frozen=True)
class Voice:
    """How well our requests are told from people's, and by what."""

    auc: float
    """Mean over the draws."""
    ours: tuple[str, ...]
    """The n-grams that most say "ours", the strongest first."""
    people: tuple[str, ...]


def masked(text: str) -> str:
    """`text` without its topic: see the module's rule."""
    known = _known_words()
    words = _WORD.sub(lambda found: _masked_word(found[0], known), _FIGURE.sub("x", text))
    return _RUN.sub("x", words)


def _masked_word(word: str, known: frozenset[str]) -> str:
    plain = word.lower().replace("’", "'")
    ways = (plain, plain.replace("'", ""), plain.partition("'")[0])
    return word if any(way in known for way in ways) else "x"


def _known_words() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS) | MANNER


def told_apart(
    ours: Sequence[str], people: Sequence[str], mask: Callable[[str], str] = str
) -> Voice | None:
    """Try to tell them apart.

    Args:
        ours: our requests; `len(people)` of them are drawn at a time.
        people: requests written by people.
        mask: applied to each text first; `masked` or nothing.

    Returns:
        None where we have fewer requests than people, or these fewer than two a fold.
    """
    size = len(people)
    if size < 2 * FOLDS or len(ours) < size:
        return None
    scores = []
    weights: dict[str, float] = {}
    for draw in range(DRAWS):
        chance = random.Random(draw)
        texts = [mask(t) for t in (*chance.sample(ours, size), *people)]
        scores.append(_auc(texts, size, draw))
        for gram, weight in _weights(texts, size):
            weights[gram] = weights.get(gram, 0) + weight
    ranked = sorted(weights, key=lambda gram: (weights[gram], gram))
    return Voice(
        sum(scores) / len(scores), tuple(ranked[::-1][:TELLTALES]), tuple(ranked[:TELLTALES])
    )


def block(ours: Sequence[str], people: Sequence[str]) -> str:
    """All there is to say about our voice, to be printed."""
    if people and importlib.util.find_spec("sklearn") is None:
        return "told from people's requests: – (pip install -c constraints.txt scikit-learn)"
    half = len(people) // 2
    lines = [f"told from people's requests (AUC; wanted: at most {BAR}), by"]
    for title, mask in (("all words", str), ("topic words masked", masked)):
        voice = told_apart(ours, people, mask)
        control = told_apart(people[:half], people[-half:], mask) if half else None
        lines.append(
            f"  {title}: {_figure(voice)} "
            f"(the first half of theirs from the second: {_figure(control)})"
        )
        if voice is not None:
            lines.append(f"    says ours:   {_shown(voice.ours)}")
            lines.append(f"    says people: {_shown(voice.people)}")
    return "\n".join(lines)


def _figure(voice: Voice | None) -> str:
    return "–" if voice is None else f"{voice.auc:.3f}"


def _shown(grams: Sequence[str]) -> str:
    return "  ".join(gram.replace("\n", "\\n") for gram in grams)


def _labels(size: int) -> list[int]:
    """1 = ours."""
    return [1] * size + [0] * size


def _auc(texts: Sequence[str], size: int, seed: int) -> float:
    from sklearn.model_selection import StratifiedKFold, cross_val_score

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    scores = cross_val_score(_model(), texts, _labels(size), cv=folds, scoring="roc_auc")
    return float(scores.mean())


def _weights(texts: Sequence[str], size: int) -> list[tuple[str, float]]:
    """Every word n-gram with what it says for "ours", learnt from all texts."""
    model = _model().fit(texts, _labels(size))
    names = model[0].get_feature_names_out()
    found = zip(names, model[1].coef_[0], strict=True)
    return [(n.removeprefix("words__"), float(w)) for n, w in found if n.startswith("words__")]


def _model() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    words = TfidfVectorizer(token_pattern=_WORDS, ngram_range=(1, 2), lowercase=False)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), lowercase=False)
    features = make_union(words, characters)
    features.transformer_list = [("words", words), ("characters", characters)]
    return make_pipeline(features, LogisticRegression(max_iter=1000))
