"""Scoring one decision: the turn that a policy takes with the gold history before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from callwright.schemas.compare import Mode
from callwright.schemas.reading import text_of
from callwright.schemas.record import Conversation, Function
from callwright.schemas.validation import SchemaProblem, is_valid
from callwright.training.answers import is_answer
from callwright.training.extraction import Extraction, count_leaves, extract_by_mode
from callwright.training.faults import Fault, calls_fault
from callwright.training.records import Decision
from callwright.training.seen import Seen, identity, made_up
from callwright.training.turns import Turn
from callwright.training.wanted import MODES, SOURCES, Key, Kind, Point

Counts = dict[str, float]
"""What is counted; `metrics` says which figure is made of which."""

_SILENCE = Turn()
_KINDS: tuple[Kind, ...] = get_args(Kind)

# Names of columns, written once: there are many decisions.
_DUE = {kind: f"decisions.{kind}" for kind in _KINDS}
_RIGHT = {
    kind: {mode: (f"right.{mode}", f"right.{kind}.{mode}") for mode in MODES} for kind in _KINDS
}
_TOTALS = {mode: [f"leaves.{name}.{mode}" for name in ("gold", "equal", "made")] for mode in MODES}
_LEAVES = {
    mode: {
        source: [f"leaves.{source}.{name}.{mode}" for name in ("gold", "equal", "made")]
        for source in SOURCES
    }
    for mode in MODES
}


@dataclass(slots=True)
class DecisionScore:
    """One decision, judged."""

    row: str
    message: int
    due: Kind
    right: dict[Mode, bool]
    fault: Fault | None
    """By the strict rules; None when it is right by them."""
    counts: Counts = field(repr=False)
    seconds: float | None = None


def score_decisions(keys: Mapping[str, Key], decisions: Iterable[Decision]) -> list[DecisionScore]:
    """Judge every decision of every row, in the rows' order; one without a record scores 0.

    Raises:
        ValueError: a record belongs to no decision of these rows.
    """
    made = {(d.row, d.message): d for d in decisions}  # of two the later: a run taken up again
    scores = [
        score_decision(key, point, made.pop((row, point.message), None))
        for row, key in keys.items()
        for point in key.points
    ]
    for row, message in made:
        raise ValueError(f"row {row}, message {message}: the rows hold no such decision")
    return scores


def score_decision(key: Key, point: Point, decision: Decision | None) -> DecisionScore:
    """Judge one decision by both sets of rules.

    Args:
        decision: None where there is no record of it.
    """
    failed = decision is None or decision.failure is not None
    turn = _SILENCE if decision is None or failed else decision.turn
    words = False
    if not turn.calls:
        before = [(m.role, m.content) for m in key.row.messages[: point.message]]
        words = is_answer(turn, before, key.offered)
    counts: Counts = {"decisions": 1, _DUE[point.kind]: 1}
    found: dict[Mode, Extraction] = {}
    right = dict.fromkeys(MODES, words)
    if point.kind == "call":
        found = extract_by_mode(point.wanted, turn.calls)
        right = {mode: one.right for mode, one in found.items()}
        _count_leaves(found, counts)
        counts["right.tools"] = None not in found["strict"].partners and (
            len(turn.calls) == len(point.wanted)
        )
    for mode, verdict in right.items():
        for column in _RIGHT[point.kind][mode]:
            counts[column] = verdict
    counts["readable"] = bool(turn.calls) or words
    if point.kind == "call" or turn.calls or turn.fault:
        counts["attempts"] = 1
        counts["attempts.valid"] = bool(turn.calls) and all(valid(c, key) for c in turn.calls)
    if turn.calls:
        counts["calls"] = len(turn.calls)
        counts["calls.repeated"] = repeated(point.history, turn.calls, key)
        counts["leaves.written"] = sum(map(count_leaves, turn.calls))
        if not (right["strict"] and key.row.promises.grounded):
            counts["leaves.made_up"] = _made_up(key, point, turn)
    fault = None
    if not right["strict"]:
        fault = _fault(key, point, decision, found.get("strict"), words=words)
    if decision is not None:
        counts |= decision.cost("decisions")
    seconds = decision.seconds if decision else None
    return DecisionScore(key.row.id, point.message, point.kind, right, fault, counts, seconds)


def valid(call: Function, key: Key) -> bool:
    """Are the arguments what the offered tool asks for? False where no tool has that name."""
    schema = key.offered.get(call.name)
    if schema is None:
        return False
    try:
        return is_valid(schema, call.arguments)
    except SchemaProblem:
        return True  # an imported row's schema that means nothing forbids nothing


def repeated(history: Sequence[Function], calls: Sequence[Function], key: Key) -> int:
    """How many of `calls` say word for word what was called before, with no change between."""
    names = {call.name for call in calls}
    if len(names) == len(calls) and names.isdisjoint([call.name for call in history]):
        return 0
    seen: set[tuple[str, bytes]] = set()
    again = 0
    for new, some in ((False, history), (True, calls)):
        for call in some:
            spelled = call.name, text_of(call.arguments)
            again += new and spelled in seen
            if key.writes(call.name):
                seen.clear()  # what was read before may read otherwise now
            seen.add(spelled)
    return again


def seen_in(row: Conversation, end: int) -> Seen:
    """What stands in the first `end` messages of the row."""
    return Seen([(m.role, m.content) for m in row.messages[:end] if m.content])


def _count_leaves(found: Mapping[Mode, Extraction], counts: Counts) -> None:
    for mode, one in found.items():
        all_equal = all_made = total = 0
        columns = _LEAVES[mode]
        for source, count in one.gold.items():
            gold, equal, made = columns[source]
            counts[gold] = count
            counts[equal] = is_equal = one.equal.get(source, 0)
            counts[made] = is_made = one.made.get(source, 0)
            total, all_equal, all_made = total + count, all_equal + is_equal, all_made + is_made
        gold, equal, made = _TOTALS[mode]
        counts[gold], counts[equal], counts[made] = total, all_equal, all_made + one.extra


def _made_up(key: Key, point: Point, turn: Turn) -> int:
    """How many argument leaves come from nowhere.

    Values that gold has here need no search: the row's own sources prove them.
    """
    grounded = key.row.promises.grounded
    calls = [c for c in turn.calls if not (grounded and any(w.is_said_by(c) for w in point.wanted))]
    if not calls:
        return 0
    proven = {
        identity(value)
        for wanted in (point.wanted if grounded else ())
        for value in wanted.values
        if isinstance(value, str | int | float)
    }
    seen = seen_in(key.row, point.message)
    return sum(1 for call in calls for _ in made_up(call, key, seen, proven))


def _fault(
    key: Key, point: Point, decision: Decision | None, found: Extraction | None, *, words: bool
) -> Fault:
    if decision is None:
        return Fault("missing")
    turn = decision.turn
    if decision.failure is not None:
        return Fault("failed", detail=decision.failure)
    if turn.fault is not None:
        return Fault("malformed", detail=turn.fault)
    if turn.calls and found:
        return calls_fault(point.wanted, turn.calls, found, key.offered)
    if turn.calls:
        return Fault("went_on" if point.kind == "answer" else "unwanted_call", made=0)
    if not turn.content.strip():
        return Fault("empty")
    return Fault("stopped_early" if words else "no_answer")
