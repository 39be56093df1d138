"""What becomes of one reviewed row: it is kept, dropped, waits, or goes back to the annotators."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from callwright.curation.recipe import ReviewSection
from callwright.curation.replay import comparable
from callwright.curation.review.answers import Answer, Judged
from callwright.curation.review.corrections import NOTHING, Texts, texts_of
from callwright.curation.review.mending import Refused, mend
from callwright.curation.review.resolving import Resolution, resolve
from callwright.curation.verify import check
from callwright.schemas.record import Conversation, Edit, Judgement, Rejection, Review
from callwright.schemas.toolbox import Toolbox

STAGE = "review"
PENDING = "pending_"
"""How the reasons of rows begin that wait for somebody: they are neither kept nor dropped."""


@dataclass(frozen=True)
class Fate:
    """What becomes of a row."""

    row: Conversation | None = None
    """Kept."""
    rejection: Rejection | None = None
    """Dropped, or pending."""
    refused: Refused | None = None
    """Goes back to the annotators, beside being pending."""
    wanted: Texts = NOTHING


@dataclass(frozen=True)
class Deciding:
    """The rule, the tools, and how many must have answered."""

    section: ReviewSection
    toolbox: Toolbox
    min_submitted: int = 1
    adjudicator: str | None = None

    def fate(self, judged: Judged) -> Fate:
        """What becomes of the row of `judged`, the last record of it."""
        found = resolve(
            judged.answers,
            self.section,
            min_submitted=self.min_submitted,
            adjudicator=self.adjudicator,
        )
        if found.verdict is None:
            return self._waiting(judged, found)
        if found.verdict == "reject":
            return _dropped(judged, self._reviewed(judged, found, judged.parcel.row), found)
        if found.verdict == "accept":
            return self._accepted(judged, found)
        return self._fixed(judged, found)

    def _waiting(self, judged: Judged, found: Resolution) -> Fate:
        told = "; ".join(_told(answer) for answer in judged.answers)
        if judged.returned and not judged.answers:
            return _pending(judged, "returned", judged.returned)
        return _pending(judged, found.why, told)

    def _accepted(self, judged: Judged, found: Resolution) -> Fate:
        row = judged.parcel.row
        if found.wanted:
            why = 'the verdict is "accept", yet something was corrected: choose "fix", or undo it'
            return _back(judged, Refused(why), found.wanted)
        # What came over the network is no better than any other row.
        differs = _differs(judged)
        for name, gate in check(row, self.toolbox, differs=differs).items():
            if gate.outcome == "fail" and row.gates.get(name) != gate:
                detail = f"{name}: {gate.detail}"
                return Fate(rejection=_rejection("does_not_verify", detail, row))
        return Fate(row=self._reviewed(judged, found, row))

    def _fixed(self, judged: Judged, found: Resolution) -> Fate:
        row = judged.parcel.row
        differs = _differs(judged)
        if differs:
            return _pending(judged, "other_versions", f"cannot be run again here: {differs}")
        if not found.wanted:
            return _back(judged, Refused('the verdict is "fix", but nothing was corrected'))
        mended = mend(row, found.wanted, self.toolbox)
        if isinstance(mended, Refused):
            return _back(judged, mended, found.wanted)
        return Fate(row=self._reviewed(judged, found, mended, found.wanted))

    def _reviewed(
        self,
        judged: Judged,
        found: Resolution,
        row: Conversation,
        wanted: Texts = NOTHING,
    ) -> Conversation:
        """The row with what people thought of it, and what stood where they changed it."""
        assert found.verdict is not None
        before = judged.parcel.row
        history = _history(before)
        revision = before.revision
        if wanted:
            revision += 1
            stood = texts_of(before)
            old = {n: getattr(stood, n) for n, text in vars(wanted).items() if text is not None}
            by = sorted(answer.who for answer in found.by)
            history.append(Edit(revision=revision, by=by, before=old))
        review = Review(
            verdict=found.verdict,
            rule=self.section.rule,
            judgements=[_judgement(answer) for answer in judged.answers],
            history=history,
        )
        return row.model_copy(update={"revision": revision, "review": review})


def _history(row: Conversation) -> list[Edit]:
    """The row's edits so far; those that nobody noted were made by `curate`."""
    history = list(row.review.history) if row.review is not None else []
    if row.revision > max((edit.revision for edit in history), default=0):
        history.append(Edit(revision=row.revision, by=["curate"], before={}))
    return history


def _judgement(answer: Answer) -> Judgement:
    return Judgement(
        who=answer.who,
        verdict=answer.verdict,
        problems=list(answer.problems),
        step=answer.step,
        reason=answer.reason,
        untouched=list(answer.untouched),
    )


def _dropped(judged: Judged, row: Conversation, found: Resolution) -> Fate:
    problems = Counter(problem for answer in found.by for problem in answer.problems)
    reason = problems.most_common(1)[0][0] if problems else "rejected"
    detail = "; ".join(_told(answer) for answer in judged.answers)
    return Fate(rejection=_rejection(reason, detail, row))


def _back(judged: Judged, refused: Refused, wanted: Texts = NOTHING) -> Fate:
    fate = _pending(judged, "answer" if refused.answer else "returned", refused.reason)
    return Fate(rejection=fate.rejection, refused=refused, wanted=wanted)


def _pending(judged: Judged, word: str, detail: str) -> Fate:
    return Fate(rejection=_rejection(PENDING + word, detail, judged.parcel.row))


def _rejection(reason: str, detail: str, row: Conversation) -> Rejection:
    stored = row.model_dump(mode="json", exclude_none=True)
    return Rejection(stage=STAGE, reason=reason, detail=detail[:2000], row=stored)


def _told(answer: Answer) -> str:
    about = [*answer.problems, *([f"step {answer.step}"] if answer.step else []), answer.reason]
    words = ", ".join(word for word in about if word)
    return f"{answer.who}: {answer.verdict}" + (f" ({words})" if words else "")


def _differs(judged: Judged) -> str | None:
    build = judged.parcel.build
    versions = build.get("versions") if isinstance(build, dict) else None
    return comparable(versions) if isinstance(versions, dict) else None
