"""The names that a review gives to its fields, its questions and what may be answered."""

from __future__ import annotations

from typing import get_args

from callwright.schemas.record import Verdict

CHAIN = "chain"
"""Field: the whole row on one screen."""
RAW = "raw"
"""Field: the messages as they are."""

VERDICT = "verdict"
PROBLEMS = "problems"
STEP = "step"
REQUEST = "request"
CALLS = "calls"
ANSWER = "answer"
REASON = "reason"

QUESTIONS = (VERDICT, PROBLEMS, STEP, REQUEST, CALLS, ANSWER, REASON)
CORRECTIONS = (REQUEST, CALLS, ANSWER)

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

PROBLEM_WORDS = {
    "request_unnatural": "request unnatural",
    "request_ambiguous": "request ambiguous",
    "wrong_tool": "wrong tool",
    "wrong_argument": "wrong argument",
    "missing_step": "missing step",
    "superfluous_step": "superfluous step",
    "wrong_answer": "wrong answer",
    "language": "language",
}
"""What can be wrong -> what the annotator reads."""

STEPS = 20
"""Steps that the question "which step is wrong first" offers."""

PARCEL = "parcel"
"""Metadata: the row itself, packed; not searched, not shown."""
ATTEMPT = "attempt"
"""Metadata: how often the row came back."""
BASE = "row"
"""Metadata: what all attempts at one row have in common."""
RETURNED = "returned"
"""Metadata: why the row came back."""

AGENT = "callwright"
"""Who makes the suggestions."""
