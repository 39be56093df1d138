"""One made call set against one wanted call of its name: which of its arguments are right.

An argument that the comparator accepts counts with all its leaves, so that a right call has
precision and recall 1 whatever its defaults and its unordered lists look like; in an argument
that it does not accept, each leaf is compared with the one at the same pointer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from callwright.schemas.compare import Mode, equal, matches
from callwright.schemas.compare_gold import Gold
from callwright.schemas.kinds import schema_at
from callwright.schemas.record import Function
from callwright.training.wanted import MODES, Wanted, argument_leaves, pointer_of

Counts = dict[str, int]
"""Source -> how many leaves. Shared between what is equal: never changed after it was made."""

_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Difference:
    """A leaf that is not as wanted."""

    pointer: str
    what: str
    """`wrong`, `missing` or `extra`."""
    source: str
    """One of `SOURCES`; of an extra leaf `unknown`."""


@dataclass(slots=True)
class Compared:
    """One made call set against one wanted call of the same name."""

    right: bool = False
    """The made call is the wanted one."""
    equal: Counts = field(default_factory=dict)
    """Leaves that are equal, by the source of the gold leaf."""
    made: Counts = field(default_factory=dict)
    """Leaves that were made, by the source of the gold leaf at their place."""
    extra: int = 0
    """Leaves that were made where gold has none."""
    differences: list[Difference] = field(default_factory=list)


def compare(wanted: Wanted, made: Function) -> dict[Mode, Compared]:
    """Set a made call against the wanted one of its name, by both sets of rules."""
    differing = wanted.differing(made)
    if differing is None or any(not _is_plain(made.arguments[name]) for name in differing):
        return {mode: _compare_by(mode, wanted, made) for mode in MODES}
    # Plain values only, each for one of gold's, as it mostly is.
    found: dict[Mode, Compared] = {}
    one, before = None, None
    for mode in MODES:
        wrong = [n for n in differing if not wanted.takes_value(n, made.arguments[n], mode)]
        if one is None or wrong != before:
            one, before = _with_wrong(wanted, wrong), wrong
        found[mode] = one
    return found


def _with_wrong(wanted: Wanted, wrong: Sequence[str]) -> Compared:
    """What is found where just the plain values of some parameters are wrong."""
    if not wrong:
        return Compared(True, wanted.by_source, wanted.by_source)
    equal = dict(wanted.by_source)
    differences: list[Difference] = []
    for name in wrong:
        source = wanted.source_of(name)
        equal[source] -= 1
        differences.append(Difference(pointer_of(name), "wrong", source))
    return Compared(False, equal, wanted.by_source, 0, differences)


def _compare_by(mode: Mode, wanted: Wanted, made: Function) -> Compared:
    if wanted.takes(made, mode):
        return Compared(True, wanted.by_source, wanted.by_source)
    found = Compared()
    for name, allowed in wanted.gold.arguments.items():
        here = wanted.leaves.get(name, [])
        gold = Gold(wanted.name, {name: allowed})
        part = {name: made.arguments[name]} if name in made.arguments else {}
        if _is_as_written(wanted, name, part) or _argument_is_right(wanted, gold, name, part, mode):
            for pointer, _ in here:
                _add(found.equal, wanted.origins[pointer])
                _add(found.made, wanted.origins[pointer])
        elif not part:
            found.differences += [
                Difference(pointer, "missing", wanted.origins[pointer]) for pointer, _ in here
            ]
        elif _is_plain(part[name]) and _is_plain(wanted.example.get(name, {})):
            found_at, _ = here[0]  # one value for another, and judged already
            source = wanted.origins[found_at]
            _add(found.made, source)
            found.differences.append(Difference(found_at, "wrong", source))
        else:
            _leaf_by_leaf(wanted, name, part[name], mode, found)
    for name, value in made.arguments.items():
        if name in wanted.gold.arguments:
            continue
        nothing = Gold(wanted.name, {})
        if not _argument_is_right(wanted, nothing, name, {name: value}, mode):
            for pointer, _ in argument_leaves(name, value):
                found.extra += 1
                found.differences.append(Difference(pointer, "extra", "unknown"))
    return found


def _is_as_written(wanted: Wanted, name: str, part: Mapping[str, Any]) -> bool:
    """Is a plain value just what gold says, for a parameter that there is? Right in all modes."""
    if not wanted.flat or name not in part:
        return False
    gold, made = wanted.example[name], part[name]
    return type(gold) is type(made) and _is_plain(made) and bool(gold == made)


def _is_plain(value: Any) -> bool:
    return not isinstance(value, dict | list)


def _argument_is_right(
    wanted: Wanted, gold: Gold, name: str, part: dict[str, Any], mode: Mode
) -> bool:
    """The comparator's verdict on one argument, as if it were the only one."""
    schema = wanted.schema if mode == "strict" else wanted.offered
    properties = schema.get("properties") or _NOTHING
    alone = {"properties": {name: properties[name]}} if name in properties else _NOTHING
    if mode == "strict":
        return equal(gold.arguments, part, alone)
    return matches(gold, Function(name=wanted.name, arguments=part), alone, mode)


def _leaf_by_leaf(wanted: Wanted, name: str, value: Any, mode: Mode, found: Compared) -> None:
    gold = dict(wanted.leaves.get(name, ()))
    for pointer, leaf in argument_leaves(name, value):
        if pointer not in gold:
            found.extra += 1
            found.differences.append(Difference(pointer, "extra", "unknown"))
            continue
        source = wanted.origins[pointer]
        _add(found.made, source)
        if _leaf_is_equal(wanted, pointer, gold.pop(pointer), leaf, mode):
            _add(found.equal, source)
        else:
            found.differences.append(Difference(pointer, "wrong", source))
    found.differences += [
        Difference(pointer, "missing", wanted.origins[pointer]) for pointer in gold
    ]


def _leaf_is_equal(wanted: Wanted, pointer: str, gold: Any, made: Any, mode: Mode) -> bool:
    if mode == "strict":
        return equal(gold, made, schema_at(dict(wanted.schema), pointer))
    alone = {"properties": {"leaf": schema_at(dict(wanted.offered), pointer)}}
    call = Function(name="", arguments={"leaf": made})
    return matches(Gold("", {"leaf": [gold]}), call, alone, mode)


def _add(counts: Counts, source: str) -> None:
    counts[source] = counts.get(source, 0) + 1
