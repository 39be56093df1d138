"""Failures as a person looks at them: what was asked, which step failed first, and how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from callwright.schemas.record import Conversation, Function
from callwright.training.assess import Assessed
from callwright.training.call_diff import CallDiff, diff
from callwright.training.decisions import DecisionScore
from callwright.training.episodes import EpisodeScore
from callwright.training.extraction import extract
from callwright.training.faults import KINDS, Fault
from callwright.training.records import Decision, EpisodeRecord
from callwright.training.turns import Turn
from callwright.training.wanted import Key, Wanted

Judged = DecisionScore | EpisodeScore

MOST_CALLS = 6
"""Calls of one turn that are set beside each other."""


@dataclass(frozen=True)
class Failure:
    """One decision or episode that is not right."""

    row: Conversation
    what: str
    """`single call` or `episode`."""
    where: str
    """Which step it is that failed."""
    kind: str
    """One of `faults.KINDS`."""
    request: int
    """Index of the user's message that it answers."""
    calls: tuple[CallDiff, ...]
    hidden: int
    """Calls of the turn that are not among them."""
    notes: tuple[str, ...]
    """What else there is to say of it."""
    said: str | None
    """The failed turn exactly as it came, where there is one."""
    returned: str | None = None
    """The JSON text that the failed call returned."""

    @property
    def means(self) -> str:
        """What the kind says."""
        return KINDS[self.kind]


def chosen(assessed: Assessed, count: int = 20) -> list[Failure]:
    """Failures to look at, of as many rows, kinds and scenarios as there are; always the same."""
    scenarios = {name: key.row.scenario for name, key in assessed.keys.items()}
    judged: Iterable[Judged] = [*assessed.decided, *assessed.played]
    failed = [one for one in judged if one.fault is not None]
    return [describe(assessed, one) for one in _spread(failed, scenarios, count)]


def _spread(failed: Sequence[Judged], scenarios: Mapping[str, str], count: int) -> Iterator[Judged]:
    """One after the other, each time of what there is least of so far."""
    kept: Counter[tuple[str, ...]] = Counter()
    left: list[Judged] = []
    for one in failed:  # of what is alike never more than `count` can be chosen
        alike = _traits(one, scenarios)[1:]
        kept[alike] += 1
        if kept[alike] <= count:
            left.append(one)
    seen: Counter[str] = Counter()
    for _ in range(min(count, len(left))):
        best = min(range(len(left)), key=lambda i: [seen[t] for t in _traits(left[i], scenarios)])
        one = left.pop(best)
        seen.update(_traits(one, scenarios))
        yield one


def _traits(one: Judged, scenarios: Mapping[str, str]) -> tuple[str, ...]:
    """What failures are to differ in, the most important first."""
    kind = one.fault.kind if one.fault else ""
    return f"row {one.row}", f"kind {kind}", f"in {scenarios[one.row]}", type(one).__name__


def describe(assessed: Assessed, one: Judged) -> Failure:
    """Lay one failure out."""
    assert one.fault is not None, "only what failed"
    key = assessed.keys[one.row]
    if isinstance(one, DecisionScore):
        return _decision(
            key, one.message, one.fault, assessed.decisions.get((one.row, one.message))
        )
    return _episode(key, one.trial, one.fault, assessed.episodes.get((one.row, one.trial)))


# -------------------------------------------------------------------- decisions


def _decision(key: Key, message: int, fault: Fault, record: Decision | None) -> Failure:
    points = [point.message for point in key.points]
    point = key.points[points.index(message)]
    turn = record.turn if record else Turn()
    pairs = list(_pairs(point.wanted, turn.calls))
    turns = f"turn {points.index(message) + 1} of {len(points)}"
    return Failure(
        row=key.row,
        what="single call",
        where=f"{turns} (message {message}), after the gold history",
        kind=fault.kind,
        request=_request(key.row, message),
        calls=tuple(diff(key.row, *pair) for pair in pairs[:MOST_CALLS]),
        hidden=max(0, len(pairs) - MOST_CALLS),
        notes=tuple(_notes(fault)),
        said=_said(turn),
    )


def _pairs(
    wanted: Sequence[Wanted], made: Sequence[Function]
) -> Iterator[tuple[Wanted | None, Function | None]]:
    partners = extract(wanted, made, "strict").partners
    for one, j in zip(wanted, partners, strict=True):
        yield one, None if j is None else made[j]
    for j, call in enumerate(made):
        if j not in partners:
            yield None, call


# --------------------------------------------------------------------- episodes


def _episode(key: Key, trial: int, fault: Fault, record: EpisodeRecord | None) -> Failure:
    wanted = next((call for call in key.calls if call.id == fault.call), None)
    done = record.executed[fault.made] if record and fault.made is not None else None
    turn = Turn()
    where = "nothing was recorded"
    if record is not None and done is not None and fault.made is not None:
        turn = record.turns[done.turn]
        where = f"call {fault.made + 1} of {len(record.executed)} of the episode"
    elif record is not None:
        turn = record.turns[-1] if record.turns else turn
        where = f"after {len(record.executed)} calls; the episode ended: {record.ending}"
    of = f"trial {trial + 1}: " if trial else ""
    function = done.function if done else None
    return Failure(
        row=key.row,
        what="episode",
        where=of + where,
        kind=fault.kind,
        request=_request(key.row, _first_answer(key.row)),
        calls=(diff(key.row, wanted, function),) if wanted or function else (),
        hidden=0,
        notes=tuple(_notes(fault)),
        said=_said(turn),
        returned=done.content if done and done.failure is not None else None,
    )


def _notes(fault: Fault) -> Iterator[str]:
    if fault.detail:
        yield fault.detail
    if fault.kind == "extra_call" and fault.call is not None:
        yield "the call is right, but came before one that it depends on"


def _said(turn: Turn) -> str | None:
    return turn.raw or turn.content or None


def _first_answer(row: Conversation) -> int:
    turns = (i for i, message in enumerate(row.messages) if message.role == "assistant")
    return next(turns, len(row.messages))


def _request(row: Conversation, before: int) -> int:
    """Index of the last thing the user said before a message; 0 where that is nothing."""
    asked = (i for i in range(before - 1, -1, -1) if row.messages[i].role == "user")
    return next(asked, 0)
