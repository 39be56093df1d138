"""What annotators answered, record by record, told apart from what was only left standing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from callwright.curation.review import words
from callwright.curation.review.corrections import NOTHING, Texts, edited
from callwright.curation.review.parcel import Parcel, unpack
from callwright.schemas.canonical import digest
from callwright.schemas.record import Conversation, Verdict

if TYPE_CHECKING:
    import argilla


@dataclass(frozen=True)
class Answer:
    """One annotator's submitted answer to one record."""

    user: str
    """Argilla's id of the annotator; never written anywhere."""
    verdict: Verdict
    problems: tuple[str, ...] = ()
    step: int | None = None
    reason: str = ""
    wanted: Texts = NOTHING
    """What was really corrected."""
    untouched: tuple[str, ...] = ()
    """Questions whose suggestion was left as it was."""

    @property
    def who(self) -> str:
        """The annotator's pseudonym."""
        return pseudonym(self.user)


@dataclass(frozen=True)
class Judged:
    """One record with everything that was answered."""

    name: str
    base: str
    """What all attempts at one row have in common."""
    attempt: int
    returned: str
    """Why it came back, if it did."""
    parcel: Parcel
    answers: tuple[Answer, ...]


def pseudonym(user: str) -> str:
    """A name that is the same everywhere and that says nothing to who has no access to Argilla."""
    return f"annotator-{digest(user)[:8]}"


def judged(target: argilla.Dataset) -> Iterator[Judged]:
    """Every record of a review with its answers.

    Raises:
        UserError: A record holds no row.
    """
    for record in target.records(with_suggestions=True, with_responses=True):
        metadata = dict(record.metadata)
        parcel = unpack(metadata.get(words.PARCEL), str(record.id))
        suggested = {s.question_name: s.value for s in record.suggestions}
        yield Judged(
            name=str(record.id),
            base=str(metadata.get(words.BASE)),
            attempt=int(metadata.get(words.ATTEMPT) or 0),
            returned=str(metadata.get(words.RETURNED) or ""),
            parcel=parcel,
            answers=tuple(_answers(record, parcel.row, suggested)),
        )


def _answers(record: Any, row: Conversation, suggested: Mapping[str, Any]) -> Iterator[Answer]:
    values: dict[str, dict[str, Any]] = {}
    for response in record.responses:
        if _word(response.status) == "submitted":
            values.setdefault(str(response.user_id), {})[response.question_name] = response.value
    for user in sorted(values):
        answer = answered(user, values[user], row, suggested)
        if answer is not None:
            yield answer


def answered(
    user: str, values: Mapping[str, Any], row: Conversation, suggested: Mapping[str, Any]
) -> Answer | None:
    """The answer that a response holds; None where it has no verdict that we know.

    Args:
        user: Argilla's id of the annotator.
        values: Question -> what was submitted.
        row: The row as it was reviewed; corrections are what differs from it.
        suggested: Question -> what the box held at first. Argilla submits it unchanged.
    """
    verdict = values.get(words.VERDICT)
    if verdict not in words.VERDICTS:
        return None
    problems = values.get(words.PROBLEMS)
    known = [p for p in words.PROBLEM_WORDS if isinstance(problems, list) and p in problems]
    step = str(values.get(words.STEP) or "")
    texts = {name: _text(values.get(name)) for name in words.CORRECTIONS}
    untouched = [
        name
        for name in words.QUESTIONS
        if name in suggested and name in values and _alike(values[name], suggested[name])
    ]
    return Answer(
        user=user,
        verdict=verdict,
        problems=tuple(known),
        step=int(step) if step.isdecimal() and len(step) < 4 else None,
        reason=_text(values.get(words.REASON)) or "",
        wanted=edited(row, Texts(**texts)),
        untouched=tuple(untouched),
    )


def _text(value: Any) -> str | None:
    """What stands in a box; an emptied one corrects nothing."""
    return value if isinstance(value, str) and value.strip() else None


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    return bool(one == other)


def _word(status: Any) -> str:
    return str(getattr(status, "value", status))
