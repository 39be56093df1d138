"""Parameter extraction: which values a model got right, call by call and leaf by leaf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from callwright.schemas.compare import Mode, maximum_matching
from callwright.schemas.reading import text_of
from callwright.schemas.record import Function
from callwright.training.arguments import Compared, Counts, compare
from callwright.training.assignment import heaviest
from callwright.training.wanted import MODES, Wanted


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
    return extract_by_mode(wanted, made)[mode]


def extract_by_mode(wanted: Sequence[Wanted], made: Sequence[Function]) -> dict[Mode, Extraction]:
    """`extract` by both sets of rules; where they say the same it is one `Extraction`."""
    gold = _sum([w.by_source for w in wanted])
    if not made:
        nothing = Extraction(not wanted, [None] * len(wanted), {}, gold, {}, {}, 0)
        return dict.fromkeys(MODES, nothing)
    if _is_to_the_letter(wanted, made):  # as it mostly is
        right = Extraction(True, list(range(len(made))), {}, gold, gold, gold, 0)
        return dict.fromkeys(MODES, right)
    pairs = {
        (i, j): compare(w, call)
        for i, w in enumerate(wanted)
        for j, call in enumerate(made)
        if w.name == call.name
    }
    if all(both["strict"] is both["bfcl"] for both in pairs.values()):
        found = _extract(wanted, made, gold, {at: both["strict"] for at, both in pairs.items()})
        return dict.fromkeys(MODES, found)
    return {
        mode: _extract(wanted, made, gold, {at: both[mode] for at, both in pairs.items()})
        for mode in MODES
    }


def _is_to_the_letter(wanted: Sequence[Wanted], made: Sequence[Function]) -> bool:
    if len(wanted) != len(made):
        return False
    return all(map(Wanted.is_said_by, wanted, made))


def _extract(
    wanted: Sequence[Wanted],
    made: Sequence[Function],
    gold: Counts,
    pairs: Mapping[tuple[int, int], Compared],
) -> Extraction:
    if len(wanted) == len(made) == len(pairs) == 1:  # as it mostly is
        one = pairs[0, 0]
        compared = {} if one.right else {0: one}
        return Extraction(one.right, [0], compared, gold, one.made, one.equal, one.extra)
    if len(wanted) == len(made) <= len(pairs):

        def fits(i: int, j: int) -> bool:
            return (i, j) in pairs and pairs[i, j].right

        partners = maximum_matching(len(wanted), len(made), fits)
        if None not in partners:
            return Extraction(True, partners, {}, gold, gold, gold, 0)
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


def _heaviest(
    wanted: Sequence[Wanted], made: Sequence[Function], pairs: Mapping[tuple[int, int], Compared]
) -> list[int | None]:
    """Pair so that most leaves are equal; among such pairings, most are given at all."""
    if len(pairs) < 2:
        partner = dict(pairs.keys())
        return [partner.get(i) for i in range(len(wanted))]
    # Sorted, so that of equally good pairings the same is found in whatever order calls come.
    rows = _in_order([(w.name, w.example) for w in wanted])
    columns = _in_order([(call.name, call.arguments) for call in made])
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


def _in_order(calls: Sequence[tuple[str, Any]]) -> list[int]:
    """Indices of the calls, by what the calls say."""
    spelled = [(name, text_of(arguments)) for name, arguments in calls] if len(calls) > 1 else [()]
    return sorted(range(len(calls)), key=spelled.__getitem__)


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


def _sum(counts: Sequence[Counts]) -> Counts:
    if len(counts) == 1:
        return counts[0]
    total: Counts = {}
    for one in counts:
        for source, count in one.items():
            total[source] = total.get(source, 0) + count
    return total
