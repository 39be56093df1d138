"""Parameter extraction: which values a model got right, call by call and leaf by leaf.

An argument that the comparator accepts counts with all its leaves, so that a right call has
precision and recall 1 whatever its defaults and its unordered lists look like; in an argument
that it does not accept, each leaf is compared with the one at the same pointer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from callwright.schemas.compare import Mode, equal, matches, maximum_matching
from callwright.schemas.compare_gold import Gold
from callwright.schemas.kinds import schema_at
from callwright.schemas.reading import text_of
from callwright.schemas.record import Function
from callwright.training.assignment import heaviest
from callwright.training.wanted import Wanted, argument_leaves

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

    equal: Counts = field(default_factory=dict)
    """Leaves that are equal, by the source of the gold leaf."""
    made: Counts = field(default_factory=dict)
    """Leaves that were made, by the source of the gold leaf at their place."""
    extra: int = 0
    """Leaves that were made where gold has none."""
    differences: list[Difference] = field(default_factory=list)


@dataclass(slots=True)
class Extraction:
    """The calls of one turn set against those that are wanted."""

    right: bool
    """As many calls as wanted, and each is one that is."""
    partners: list[int | None]
    """For each wanted call the made call set against it: of the same name, with the greatest
    possible number of equal leaves in all."""
    compared: dict[int, Compared]
    """Of calls that are not right: for each wanted call with a partner, what was found."""
    gold: Counts
    made: Counts
    equal: Counts
    extra: int
    """Made leaves where gold has none, those of calls without a partner among them."""


def extract(wanted: Sequence[Wanted], made: Sequence[Function], mode: Mode) -> Extraction:
    """Set the made calls against the wanted ones, in whatever order they come."""
    gold = _sum([w.by_source for w in wanted])
    if not made:
        return Extraction(not wanted, [None] * len(wanted), {}, gold, {}, {}, 0)
    if len(made) == len(wanted) == 1:  # as it mostly is
        return _extract_one(wanted[0], made[0], mode)
    verdicts: dict[tuple[int, int], bool] = {}

    def fits(i: int, j: int) -> bool:
        if (i, j) not in verdicts:
            verdicts[i, j] = wanted[i].takes(made[j], mode)
        return verdicts[i, j]

    if len(wanted) == len(made):
        partners: list[int | None] = list(range(len(made)))
        right = all(fits(i, i) for i in range(len(made)))  # as it mostly is
        if not right and len(made) > 1 and _same_names(wanted, made):
            partners = maximum_matching(len(wanted), len(made), fits)
            right = None not in partners
        if right:
            return Extraction(True, partners, {}, gold, gold, gold, 0)
    pairs = {
        (i, j): Compared(w.by_source, w.by_source) if fits(i, j) else _compare(w, call, mode)
        for i, w in enumerate(wanted)
        for j, call in enumerate(made)
        if w.name == call.name
    }
    partners = _heaviest(wanted, made, pairs)
    compared = {i: pairs[i, j] for i, j in enumerate(partners) if j is not None}
    alone = sum(count_leaves(call) for j, call in enumerate(made) if j not in partners)
    return Extraction(
        right=False,
        partners=partners,
        compared=compared,
        gold=gold,
        made=_sum([c.made for c in compared.values()]),
        equal=_sum([c.equal for c in compared.values()]),
        extra=alone + sum(c.extra for c in compared.values()),
    )


def _extract_one(wanted: Wanted, made: Function, mode: Mode) -> Extraction:
    gold = wanted.by_source
    if wanted.takes(made, mode):
        return Extraction(True, [0], {}, gold, gold, gold, 0)
    if wanted.name != made.name:
        return Extraction(False, [None], {}, gold, {}, {}, count_leaves(made))
    found = _compare(wanted, made, mode)
    return Extraction(False, [0], {0: found}, gold, found.made, found.equal, found.extra)


def _same_names(wanted: Sequence[Wanted], made: Sequence[Function]) -> bool:
    return sorted(w.name for w in wanted) == sorted(call.name for call in made)


def _heaviest(
    wanted: Sequence[Wanted], made: Sequence[Function], pairs: Mapping[tuple[int, int], Compared]
) -> list[int | None]:
    """Pair so that most leaves are equal; among such pairings, most are given at all."""
    if len(pairs) < 2:
        partner = dict(pairs.keys())
        return [partner.get(i) for i in range(len(wanted))]
    # Sorted, so that of equally good pairings the same is found in whatever order calls come.
    rows = sorted(range(len(wanted)), key=lambda i: _spelled(wanted[i].name, wanted[i].example))
    columns = sorted(range(len(made)), key=lambda j: _spelled(made[j].name, made[j].arguments))
    scale = 1 + len(pairs) + sum(sum(one.made.values()) for one in pairs.values())

    def weight(i: int, j: int) -> float:
        compared = pairs.get((i, j))
        if compared is None:
            return 0
        # A pair with nothing in common is still better than none.
        return 1 + scale * (sum(compared.made.values()) + scale * sum(compared.equal.values()))

    found = heaviest([[weight(i, j) for j in columns] for i in rows])
    partners: list[int | None] = [None] * len(wanted)
    for i, column in zip(rows, found, strict=True):
        partners[i] = None if column is None else columns[column]
    return partners


def _spelled(name: str, arguments: Any) -> tuple[str, bytes]:
    return name, text_of(arguments)


def _compare(wanted: Wanted, made: Function, mode: Mode) -> Compared:
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
            source = wanted.origins[here[0][0]]  # one value for another, and judged already
            _add(found.made, source)
            found.differences.append(Difference(here[0][0], "wrong", source))
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


def count_leaves(call: Function) -> int:
    """How many values a call gives; a call without arguments gives none."""
    count, stack = 0, [*call.arguments.values()]
    while stack:
        value = stack.pop()
        if value and isinstance(value, dict):
            stack.extend(value.values())
        elif value and isinstance(value, list):
            stack.extend(value)
        else:
            count += 1
    return count


def _add(counts: Counts, source: str) -> None:
    counts[source] = counts.get(source, 0) + 1


def _sum(counts: Sequence[Counts]) -> Counts:
    if len(counts) == 1:
        return counts[0]
    total: Counts = {}
    for one in counts:
        for source, count in one.items():
            total[source] = total.get(source, 0) + count
    return total
