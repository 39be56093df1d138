"""`review agreement`: how far annotators agree, and about which rows they do not.

Krippendorff's alpha (Hayes and Krippendorff 2007) by the library `krippendorff`; its interval is
the percentile bootstrap over records. 1 is perfect agreement, 0 is what chance gives.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from callwright.curation.review.answers import Answer, Judged
from callwright.curation.review.words import CORRECTIONS, PROBLEM_WORDS, STEP, VERDICT
from callwright.schemas.errors import MissingExtra

RESAMPLES = 1000
EXAMPLES = 10
"""Disagreements that are listed."""


@dataclass(frozen=True)
class Alpha:
    """Agreement on one question."""

    question: str
    records: int
    """Answered by two annotators at least."""
    alpha: float | None
    """None: everybody always said the same, or too few answered."""
    low: float | None = None
    high: float | None = None
    """Ends of the interval that holds 95% of the resampled alphas."""


@dataclass(frozen=True)
class Disagreement:
    """A record of which annotators think differently."""

    record: str
    verdicts: dict[str, str]
    """Pseudonym -> verdict, with what they say is wrong."""


@dataclass
class Agreement:
    """Everything that `review agreement` tells."""

    records: int
    answered: int
    alphas: list[Alpha]
    annotators: dict[str, Counter[str]] = field(default_factory=dict)
    """Pseudonym -> verdict -> records; `untouched`: nothing suggested was changed."""
    disagreements: list[Disagreement] = field(default_factory=list)
    disagreeing: int = 0


def agreement(found: Sequence[Judged]) -> Agreement:
    """How far annotators agree over all records.

    Raises:
        MissingExtra: krippendorff is not installed.
    """
    told = Agreement(
        records=len(found),
        answered=sum(bool(one.answers) for one in found),
        alphas=[_alpha(name, found, value) for name, value in _questions()],
    )
    for one in found:
        for answer in one.answers:
            counts = told.annotators.setdefault(answer.who, Counter())
            counts[answer.verdict] += 1
            counts["untouched"] += VERDICT in answer.untouched and not answer.wanted
        if len({answer.verdict for answer in one.answers}) > 1:
            told.disagreeing += 1
            if len(told.disagreements) < EXAMPLES:
                verdicts = {answer.who: _said(answer) for answer in one.answers}
                told.disagreements.append(Disagreement(one.name, verdicts))
    return told


def _questions() -> list[tuple[str, Callable[[Answer], str]]]:
    """What is compared: labels as they are, several labels and corrections one by one."""
    return [
        (VERDICT, lambda answer: answer.verdict),
        (STEP, lambda answer: str(answer.step)),
        *((words, partial(_has, problem)) for problem, words in PROBLEM_WORDS.items()),
        *((f"{name} corrected", partial(_corrects, name)) for name in CORRECTIONS),
    ]


def _has(problem: str, answer: Answer) -> str:
    return str(problem in answer.problems)


def _corrects(name: str, answer: Answer) -> str:
    return str(getattr(answer.wanted, name) is not None)


def _alpha(name: str, found: Sequence[Judged], value: Callable[[Answer], str]) -> Alpha:
    import numpy as np

    units = [[value(answer) for answer in one.answers] for one in found if len(one.answers) > 1]
    words = sorted({word for unit in units for word in unit})
    if len(words) < 2:
        return Alpha(name, len(units), None)
    # Per record, how many said each word: alpha asks for no more.
    counts = np.array([[unit.count(word) for word in words] for unit in units])
    point = _krippendorff(counts)
    chance = np.random.default_rng(0)
    drawn = [
        _krippendorff(counts[chance.integers(0, len(counts), len(counts))])
        for _ in range(RESAMPLES)
    ]
    real = [alpha for alpha in drawn if alpha is not None]
    if not real:
        return Alpha(name, len(units), point)
    low, high = np.percentile(real, [2.5, 97.5])
    return Alpha(name, len(units), point, float(low), float(high))


def _krippendorff(counts: object) -> float | None:
    import numpy as np

    try:
        import krippendorff
    except ImportError as error:
        raise MissingExtra(error.name or "krippendorff", "review") from None
    table = np.asarray(counts)
    if (table.sum(axis=0) > 0).sum() < 2:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        alpha = krippendorff.alpha(value_counts=table, level_of_measurement="nominal")
    return float(alpha) if np.isfinite(alpha) else None


def _said(answer: Answer) -> str:
    about = ", ".join([*answer.problems, *([answer.reason] if answer.reason else [])])
    return f"{answer.verdict} ({about})" if about else answer.verdict
