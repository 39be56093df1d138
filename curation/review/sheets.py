"""A row as a record of Argilla, still as plain values: fields, metadata and suggestions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from callwright.curation.review.corrections import Texts, texts_of
from callwright.curation.review.inert import escaped, guarded
from callwright.curation.review.parcel import Parcel, pack
from callwright.curation.review.view import view
from callwright.curation.review.words import (
    ANSWER,
    ATTEMPT,
    BASE,
    CALLS,
    CHAIN,
    PARCEL,
    PROBLEMS,
    RAW,
    REQUEST,
    RETURNED,
    VERDICT,
)
from callwright.schemas.canonical import digest
from callwright.schemas.record import Conversation, GateName, SystemSource, UserSource
from callwright.schemas.visible import visible

_PROBLEM_OF: dict[GateName, str] = {
    "schema": "wrong_argument",
    "grounding": "wrong_argument",
    "causality": "superfluous_step",
}
"""Gate -> what a row that fails it most likely has."""


@dataclass(frozen=True)
class Sheet:
    """What stands before an annotator."""

    name: str
    """The record's external id: the row, its revision, and how often it came back."""
    fields: dict[str, Any]
    metadata: dict[str, Any]
    suggestions: dict[str, tuple[Any, float | None]]
    """Question -> value and how sure it is."""


def base_name(row: Conversation) -> str:
    """What all attempts at one revision of a row have in common."""
    name = row.id if _NAME.fullmatch(row.id) else digest(row.id)
    return f"{name}-r{row.revision}"


_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")


def sheet(parcel: Parcel, packs: Mapping[str, str]) -> Sheet:
    """The record of a row that people have not seen yet.

    Args:
        parcel: The row.
        packs: Tool -> pack, as far as known.
    """
    row = parcel.row
    return Sheet(
        name=base_name(row),
        fields={CHAIN: view(row), RAW: raw(row)},
        metadata=_metadata(parcel, packs, attempt=0),
        suggestions={**judged(row), **_suggested(texts_of(row))},
    )


def returned_sheet(
    parcel: Parcel,
    packs: Mapping[str, str],
    *,
    attempt: int,
    reason: str,
    wanted: Texts,
    draft: Conversation | None,
) -> Sheet:
    """The record of a row whose correction could not be taken over.

    Args:
        parcel: The row as it was.
        packs: Tool -> pack, as far as known.
        attempt: How often it came back, this time included.
        reason: Why.
        wanted: What was corrected; stands as the suggestion, to go on from.
        draft: The row as it would be, as far as it could be made; shown where there is one.
    """
    shown = draft or parcel.row
    stands = texts_of(parcel.row)
    texts = Texts(
        request=guarded(wanted.request or stands.request or ""),
        calls=(wanted.calls or stands.calls or "").replace("<", "\\u003c"),
        answer=guarded(wanted.answer or stands.answer or ""),
    )
    return Sheet(
        name=f"{base_name(parcel.row)}-again{attempt}",
        fields={CHAIN: view(shown, reason), RAW: raw(shown)},
        metadata=_metadata(parcel, packs, attempt=attempt, reason=reason),
        suggestions={VERDICT: ("fix", None), **_suggested(texts)},
    )


# ------------------------------------------------------------------- suggestions


def sureness(row: Conversation) -> float:
    """How sure the gates are of a row, from 0 to 1: what is unsure is what people should see.

    A gate that fails leaves nothing. One that could not compare takes a part, and so do calls
    that cannot be run again; so does each argument whose only ground is that words imply it, and
    each that was read off words in another form than the value's own.
    """
    sure = 1.0
    for name, gate in row.gates.items():
        if gate.outcome == "fail":
            return 0.0
        if gate.outcome == "not_comparable":
            sure *= 0.5
        elif name == "replay" and gate.outcome == "not_applicable" and row.plan.steps:
            sure *= 0.7
    for sources in (found for leaves in row.sources.values() for found in leaves.values()):
        if any(source.origin == "constant" for source in sources):
            sure *= 0.8
        elif any(
            isinstance(s, UserSource | SystemSource) and s.form != "verbatim" for s in sources
        ):
            sure *= 0.95
    if not row.gates:
        sure *= 0.5
    return round(sure, 4)


def judged(row: Conversation) -> dict[str, tuple[Any, float | None]]:
    """What the gates think of a row: a verdict, and what may be wrong."""
    failed = [name for name, gate in row.gates.items() if gate.outcome == "fail"]
    if not failed:
        return {VERDICT: ("accept", sureness(row))}
    problems = sorted({_PROBLEM_OF[name] for name in failed if name in _PROBLEM_OF})
    answer = row.gates.get("grounding")
    if answer is not None and "the answer" in (answer.detail or ""):
        problems = sorted({*problems, "wrong_answer"} - {"wrong_argument"})
    found: dict[str, tuple[Any, float | None]] = {VERDICT: ("reject", None)}
    return {**found, PROBLEMS: (problems, None)} if problems else found


def _suggested(texts: Texts) -> dict[str, tuple[Any, float | None]]:
    """What may be corrected stands there to be edited; Argilla takes no empty text."""
    pairs = ((REQUEST, texts.request), (CALLS, texts.calls), (ANSWER, texts.answer))
    return {name: (text, None) for name, text in pairs if text and text != "[]"}


# ---------------------------------------------------------------------- metadata


def _metadata(
    parcel: Parcel, packs: Mapping[str, str], *, attempt: int, reason: str = ""
) -> dict[str, Any]:
    row = parcel.row
    called = sorted({step.tool for step in row.plan.steps})
    found: dict[str, Any] = {
        "scenario": row.scenario,
        "language": row.language,
        "split": row.split,
        "length": row.plan.length,
        "steps": sum(len(m.tool_calls or ()) for m in row.messages),
        "pack": sorted({packs[tool] for tool in called if tool in packs}),
        "tool": [guarded(visible(tool)) for tool in called],
        "sureness": sureness(row),
        ATTEMPT: attempt,
        BASE: base_name(row),
        PARCEL: pack(parcel),
    }
    if reason:
        found[RETURNED] = guarded(visible(reason))
    return {name: value for name, value in found.items() if value != []}


# --------------------------------------------------------------------------- raw


def raw(row: Conversation) -> dict[str, list[dict[str, str]]]:
    """The messages as they are, calls as JSON, for `raw.html`."""
    told = [{"role": role, "text": escaped(visible(text))} for role, text in _told(row)]
    return {"messages": told}


def _told(row: Conversation) -> Iterator[tuple[str, str]]:
    for message in row.messages:
        if message.reasoning_content:
            yield "reasoning", message.reasoning_content
        if message.content:
            yield message.role, message.content
        for call in message.tool_calls or ():
            told = {"id": call.id, **call.function.model_dump()}
            yield "call", json.dumps(told, ensure_ascii=False)
