"""The shape of a row's calls: which needs which, and how long its longest path is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from callwright.schemas.reading import Made
from callwright.schemas.record import ResultSource, SelectedSource, Sources

Edge = tuple[str, str, str]
"""(producer call, consumer call, pointer of the consumer's argument leaf)."""


def feeders(calls: Sequence[Made], sources: Sources) -> dict[str, list[str]]:
    """Call id -> ids of the calls that its sources name, in calling order."""
    order = {call.id: call.index for call in calls}
    found: dict[str, list[str]] = {}
    for call in calls:
        ids = {
            source.call
            for leaf in sources.get(call.id, {}).values()
            for source in leaf
            if isinstance(source, ResultSource | SelectedSource)
        }
        found[call.id] = sorted(ids, key=lambda name: (order.get(name, -1), name))
    return found


def topology(calls: Sequence[Made], after: Mapping[str, Sequence[str]]) -> str:
    """`0>1,1>2` over calls numbered in order; the number of calls where none needs another."""
    order = {call.id: call.index for call in calls}
    edges = sorted({(order[p], order[c]) for c, ps in after.items() for p in ps if p in order})
    return ",".join(f"{a}>{b}" for a, b in edges) or str(len(calls))


def longest(calls: Sequence[Made], edges: Iterable[Edge]) -> int:
    """Number of calls on the longest path of `edges`: 1 when there is a call, 0 without."""
    order = {call.id: call.index for call in calls}
    length = [1] * len(calls)
    pairs = sorted({(order[c], order[p]) for p, c, _ in edges if p in order and c in order})
    for consumer, producer in pairs:
        if producer < consumer:
            length[consumer] = max(length[consumer], length[producer] + 1)
    return max(length, default=0)
