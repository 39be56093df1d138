"""Several annotators, one verdict: by the recipe's rule, or none where they disagree."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from callwright.curation.recipe import ReviewSection
from callwright.curation.review.answers import Answer
from callwright.curation.review.corrections import NOTHING, Texts, Unclear, parse_calls
from callwright.schemas.record import Verdict


@dataclass(frozen=True)
class Resolution:
    """What several answers come to."""

    verdict: Verdict | None
    """None: nothing yet."""
    wanted: Texts = NOTHING
    by: tuple[Answer, ...] = ()
    """Those whose verdict it is."""
    why: str = ""
    """Why there is no verdict: `unjudged` or `disagreement`."""


def resolve(
    answers: Sequence[Answer],
    section: ReviewSection,
    *,
    min_submitted: int,
    adjudicator: str | None = None,
) -> Resolution:
    """Give the verdict of `answers`.

    Args:
        answers: To one record.
        section: The rule: *majority*: more than half agree. *strict*: all agree. *adjudicator*:
            the adjudicator's word counts; without it all must agree. Who agrees on "fix" must
            agree on the correction too, in the same way.
        min_submitted: Fewer answers are no verdict, but for an adjudicator's.
        adjudicator: Argilla's id of the adjudicator.
    """
    if section.rule == "adjudicator":
        for answer in answers:
            if answer.user == adjudicator:
                return Resolution(answer.verdict, answer.wanted, (answer,))
    if len(answers) < max(min_submitted, 1):
        return Resolution(None, why="unjudged")
    needed = len(answers) // 2 + 1 if section.rule == "majority" else len(answers)
    verdict, agreeing = _most([(answer.verdict, answer) for answer in answers])
    if len(agreeing) < needed:
        return Resolution(None, why="disagreement")
    if verdict != "fix":
        return Resolution(verdict, _all_texts(agreeing), tuple(agreeing))
    needed = len(agreeing) // 2 + 1 if section.rule == "majority" else len(agreeing)
    _, alike = _most([(_meaning(answer.wanted), answer) for answer in agreeing])
    if len(alike) < needed:
        return Resolution(None, why="disagreement")
    return Resolution("fix", alike[0].wanted, tuple(alike))


Key = TypeVar("Key", bound=Hashable)


def _most(pairs: Sequence[tuple[Key, Answer]]) -> tuple[Key, list[Answer]]:
    """The key that stands most often, and its answers; of several the first."""
    key, _ = Counter(key for key, _ in pairs).most_common(1)[0]
    return key, [answer for other, answer in pairs if other == key]


def _all_texts(answers: Sequence[Answer]) -> Texts:
    """What somebody corrected though the verdict is no "fix"."""
    return next((answer.wanted for answer in answers if answer.wanted), NOTHING)


def _meaning(wanted: Texts) -> Hashable:
    """The correction without what is mere writing in its calls."""
    calls = wanted.calls
    if calls is not None:
        try:
            turns = [[call.model_dump() for call in turn] for turn in parse_calls(calls)]
            calls = json.dumps(turns, sort_keys=True)
        except Unclear:
            pass  # it agrees with who wrote the very same
    return (wanted.request, calls, wanted.answer)
