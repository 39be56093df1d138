"""What went wrong first: one word for each decision and each episode that is not right."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from callwright.schemas.record import Function
from callwright.training.arguments import Compared
from callwright.training.extraction import Extraction
from callwright.training.wanted import SOURCES, Wanted

KINDS: dict[str, str] = {
    "missing": "there is no record of it",
    "failed": "the policy gave no turn: a timeout, an endpoint's error, too long a context",
    "malformed": "a call that cannot be read",
    "empty": "nothing was said and nothing called",
    "no_answer": "where an answer is due: markup, a call in disguise, or the request said again",
    "stopped_early": "words where a call is due",
    "unwanted_call": "a call in a row that wants none",
    "went_on": "a call where the answer is due; an episode cut off at its cap",
    "unknown_tool": "a call of a tool that is not offered",
    "wrong_tool": "a call of another tool than the wanted one",
    "missing_call": "the right calls so far, but not all that are due",
    "extra_call": "all wanted calls, and others beside them",
    "missing_argument": "an argument is left out that has no such default",
    "extra_argument": "an argument that nobody wanted",
    **{f"wrong_value.{s}": f"a value that should have come from: {s}" for s in SOURCES},
    "tool_error": "a right call that the tool refused, for what was done before it",
    "forbidden": "a change that was not to be made",
}
"""Kind -> what it means. The list is closed."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is not as wanted."""

    kind: str
    """One of `KINDS`."""
    call: str | None = None
    """Id of the gold call concerned."""
    made: int | None = None
    """Index of the made call concerned: in its turn, or among an episode's executed calls."""
    pointer: str | None = None
    """The argument leaf concerned."""
    detail: str | None = None


def calls_fault(
    wanted: Sequence[Wanted],
    made: Sequence[Function],
    found: Extraction,
    offered: Container[str],
) -> Fault:
    """What is wrong with the calls of a turn: tools first, then their number, then arguments."""
    lonely = [w for w, j in zip(wanted, found.partners, strict=True) if j is None]
    others = [j for j in range(len(made)) if j not in found.partners]
    for j in others:
        if made[j].name not in offered:
            return Fault("unknown_tool", lonely[0].id if lonely else None, j)
    if lonely and others:
        return Fault("wrong_tool", lonely[0].id, others[0])
    for i, w in enumerate(wanted):
        fault = argument_fault(w, found.compared.get(i), found.partners[i])
        if fault:
            return fault
    if lonely:
        return Fault("missing_call", lonely[0].id)
    return Fault("extra_call", None, others[0] if others else None)


def argument_fault(wanted: Wanted, compared: Compared | None, made: int | None) -> Fault | None:
    """The first argument that is not as wanted; a wrong value before one too many."""
    differences = compared.differences if compared else []
    for what in ("wrong", "missing", "extra"):
        for one in differences:
            if one.what == what:
                kind = f"wrong_value.{one.source}" if what == "wrong" else f"{what}_argument"
                return Fault(kind, wanted.id, made, one.pointer)
    return None
