"""Scoring one episode: what came of it, and how far it went the way that gold goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from callwright.schemas.compare import Mode, maximum_matching
from callwright.schemas.record import Function
from callwright.training.decisions import Counts, repeated
from callwright.training.episode import Executed
from callwright.training.extraction import count_leaves, extract
from callwright.training.faults import Fault, argument_fault
from callwright.training.records import EpisodeRecord
from callwright.training.seen import Seen, made_up
from callwright.training.wanted import MODES, Key


@dataclass(slots=True)
class EpisodeScore:
    """One episode, judged."""

    row: str
    trial: int
    success: bool
    exact: dict[Mode, bool]
    """The wanted calls and no others, in an order that the plan allows."""
    fault: Fault | None
    """The first failed step of an episode without success."""
    counts: Counts = field(repr=False)
    seconds: float | None = None


@dataclass(slots=True)
class Walk:
    """The calls of an episode, laid along the plan."""

    steps: dict[int, int]
    """Executed call -> the wanted call it is."""
    prefix: int
    """Wanted calls that were made before the first call that was not wanted."""
    stray: int | None
    """Index of the first executed call that was not wanted."""


def score_episodes(keys: Mapping[str, Key], records: Iterable[EpisodeRecord]) -> list[EpisodeScore]:
    """Judge every episode of every row, in the rows' order; one without a record scores 0.

    Every row has as many episodes as the row with the most.

    Raises:
        ValueError: a record belongs to none of these rows.
    """
    made = {(r.row, r.trial): r for r in records}
    for row, _ in made:
        if row not in keys:
            raise ValueError(f"row {row}: an episode of a row that is not among these")
    trials = 1 + max((trial for _, trial in made), default=0)
    return [
        score_episode(key, trial, made.get((row, trial)))
        for row, key in keys.items()
        for trial in range(trials)
    ]


def score_episode(key: Key, trial: int, record: EpisodeRecord | None) -> EpisodeScore:
    """Judge one episode by both sets of rules.

    Args:
        record: None where there is no record of it.
    """
    executed = record.executed if record else ()
    outcome = record.outcome if record else None
    answered = outcome is not None and outcome.words
    success = outcome is not None and outcome.success
    failures = sum(done.failure is not None for done in executed)
    counts: Counts = {
        "episodes": 1,
        "episodes.success": success,
        "episodes.answered": answered,
        "episodes.state": outcome is not None and outcome.state,
        "episodes.outputs": outcome is not None and outcome.outputs,
        "episodes.forbidden": outcome is not None and bool(outcome.forbidden),
        "episodes.calls": len(executed),
        "episodes.calls.failed": failures,
        "episodes.calls.gold": len(key.calls),
        "episodes.calls.repeated": repeated((), [d.function for d in executed], key),
        "episodes.turns": len(record.turns) if record else 0,
    }
    if failures:
        counts |= {"episodes.hindered": 1, "episodes.recovered": success}
    walks: dict[Mode, Walk] = {mode: walk(key, executed, mode) for mode in MODES}
    exact: dict[Mode, bool] = {}
    for mode, one in walks.items():
        done, length = len(one.steps), len(key.calls)
        exact[mode] = answered and done == length == len(executed)
        nothing = float(answered and not executed)  # all that a row without calls wants
        counts[f"episodes.exact.{mode}"] = exact[mode]
        counts[f"episodes.prefix.{mode}"] = one.prefix / length if length else nothing
        counts[f"episodes.steps.{mode}"] = done / length if length else nothing
    if record is not None:
        counts |= record.cost("episodes")
        _count_made_up(key, record, walks["strict"], counts)
    fault = None if success else _fault(key, record, walks["strict"])
    seconds = record.seconds if record else None
    return EpisodeScore(key.row.id, trial, success, exact, fault, counts, seconds)


def walk(key: Key, executed: Sequence[Executed], mode: Mode) -> Walk:
    """Lay the executed calls along the plan, turn by turn.

    A wanted call can be made once all that its arguments come from was made in earlier turns.
    Calls of one turn are matched whatever their order; those that fit nothing are passed over.
    """
    before = _before(key)
    steps: dict[int, int] = {}
    prefix, stray = 0, None
    for turn in dict.fromkeys(done.turn for done in executed):
        made = [i for i, done in enumerate(executed) if done.turn == turn]
        did = set(steps.values())
        free = [n for n in range(len(key.calls)) if n not in did and before[n] <= did]
        partners = maximum_matching(
            len(free),
            len(made),
            lambda n, i: key.calls[free[n]].takes(executed[made[i]].function, mode),  # noqa: B023
        )
        steps |= {made[i]: n for n, i in zip(free, partners, strict=True) if i is not None}
        if stray is None:
            prefix = len(steps)
            stray = next((i for i in made if i not in steps), None)
    return Walk(steps, prefix, stray)


def _before(key: Key) -> list[set[int]]:
    """For each wanted call those that must have been made in earlier turns.

    They are what its arguments come from; and what changes the world stays where it is among
    the other turns, since no plan says which reads would see the change.
    """
    index = {wanted.id: n for n, wanted in enumerate(key.calls)}
    after = {step.call: step.after for step in key.row.plan.steps}
    turn = [point.message for point in key.points for _ in point.wanted]
    found: list[set[int]] = []
    for n, wanted in enumerate(key.calls):
        needs = {index[call] for call in after.get(wanted.id, ()) if call in index}
        writes = key.writes(wanted.name)
        for m in range(n):
            if turn[m] < turn[n] and (writes or key.writes(key.calls[m].name)):
                needs.add(m)
        found.append(needs)
    return found


def _count_made_up(key: Key, record: EpisodeRecord, one: Walk, counts: Counts) -> None:
    """Count argument leaves and those from nowhere.

    A wanted call made after all that it comes from needs no search: the row's sources prove it.
    """
    ends = [i for i, message in enumerate(record.messages) if message.get("tool_calls")]
    turns = list(dict.fromkeys(done.turn for done in record.executed))
    seen: dict[int, Seen] = {
        turn: Seen([(m["role"], m["content"]) for m in record.messages[:end] if m.get("content")])
        for turn, end in zip(turns, ends, strict=False)
    }
    counts["episodes.leaves"] = sum(count_leaves(done.function) for done in record.executed)
    counts["episodes.leaves.made_up"] = sum(
        len(list(made_up(done.function, key, seen[done.turn])))
        for i, done in enumerate(record.executed)
        if done.turn in seen and not (i in one.steps and key.row.promises.grounded)
    )


def _fault(key: Key, record: EpisodeRecord | None, one: Walk) -> Fault:
    """The first thing that went wrong, in the order in which things went."""
    if record is None:
        return Fault("missing")
    if record.outcome is not None and record.outcome.forbidden:
        name = record.outcome.forbidden[0]
        at = next(i for i, d in enumerate(record.executed) if d.function.name == name)
        return Fault("forbidden", made=at)
    refused = next((i for i in one.steps if record.executed[i].failure is not None), None)
    if refused is not None and (one.stray is None or refused < one.stray):
        return Fault("tool_error", key.calls[one.steps[refused]].id, refused)
    if one.stray is not None:
        return _stray_fault(key, record.executed[one.stray].function, one, one.stray)
    if record.ending == "failed":
        return Fault("failed", detail=record.failure)
    if record.ending == "malformed":
        return Fault("malformed", detail=record.turns[-1].fault)
    if record.ending != "answered":
        return Fault("went_on", detail=record.ending)
    if record.outcome is None or not record.outcome.words:
        return Fault("no_answer" if record.turns[-1].content.strip() else "empty")
    undone = [w for n, w in enumerate(key.calls) if n not in one.steps.values()]
    return Fault("stopped_early", undone[0].id if undone else None)


def _stray_fault(key: Key, made: Function, one: Walk, at: int) -> Fault:
    if made.name not in key.offered:
        return Fault("unknown_tool", made=at)
    if not key.calls:
        return Fault("unwanted_call", made=at)
    done = {n for i, n in one.steps.items() if i < at}
    due = [w for n, w in enumerate(key.calls) if n not in done]
    if not due or any(key.calls[n].takes(made, "strict") for n in done):
        return Fault("extra_call", made=at)
    alike = [w for w in due if w.name == made.name]
    if not alike:
        return Fault("wrong_tool", due[0].id, at)
    found = extract(alike, [made], "strict")
    nearest = next(i for i, partner in enumerate(found.partners) if partner is not None)
    compared = found.compared.get(nearest)  # of a right call there is none
    fault = compared and argument_fault(alike[nearest], compared, at)
    return fault or Fault("extra_call", alike[nearest].id, at)  # a right call, before its turn
