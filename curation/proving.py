"""Looking at one edge of a chain after the other: see `causality` for what is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any
from zlib import crc32

from callwright.curation.fed import (
    Fed,
    Gone,
    fed_leaves,
    item_of,
    leaf_value,
    looked_up,
    other_choices,
    resolve_or_gone,
    resolve_or_none,
    same_object,
    tested,
)
from callwright.curation.replay import Replay
from callwright.curation.standing import Standing, echoed
from callwright.curation.variation import Variation, differs
from callwright.schemas.kinds import kind_at, parameter_kind, schema_at
from callwright.schemas.pointers import leaves, replace
from callwright.schemas.reading import Made, identical
from callwright.schemas.record import SelectedSource, SystemSource, UserSource
from callwright.schemas.shape import Edge
from callwright.schemas.toolbox import Json

ALTERNATIVES = 4
"""Other values tried for each leaf that the user said."""

SWAPS = 6
"""Other values tried at the consumer."""

Swap = dict[str, Json]
"""Leaf pointer -> another value, all of them put into one call."""


class Prover:
    """Proves the edges of one row; what one edge finds out serves the next."""

    def __init__(self, replay: Replay) -> None:
        self.replay = replay
        self.row = replay.row
        self.calls = replay.calls
        self.by_id = {call.id: call for call in replay.calls}
        self._variations: dict[tuple[int, str, int], Variation | None] = {}
        self._others: dict[tuple[int, str], Iterator[Json]] = {}

    @cached_property
    def standing(self) -> Standing:
        """Made for the first edge: many a row has none."""
        return Standing(self.row, self.calls)

    def why_not(self, edge: Edge) -> str | None:
        """Why the edge is not causal; None when it is."""
        producer, consumer = self.by_id.get(edge[0]), self.by_id.get(edge[1])
        source = next(
            (
                found
                for leaf, found in fed_leaves(self.row.sources.get(edge[1], {}))
                if leaf == edge[2] and found.call == edge[0]
            ),
            None,
        )
        if producer is None or consumer is None or source is None:
            return "no such source"
        if producer.turn >= consumer.turn or consumer.failed:
            return "the consumer came first, or failed"
        try:
            value = leaf_value(consumer, edge[2])
            if not identical(value, looked_up(source, producer.value)):
                return f"{value!r} is not what {producer.id} gave"
        except Gone:
            return "there is no such value"
        return self._open(value, source, producer, consumer, edge[2]) or self._swaps(
            value, source, producer, consumer, edge[2]
        )

    # -------------------------------------------------------------- first

    def _open(
        self, value: Json, source: Fed, producer: Made, consumer: Made, leaf: str
    ) -> str | None:
        if echoed(value, producer):
            return f"{producer.id} was given {value!r} and merely gives it back"
        return self.standing.where(value, self._kinds(source, producer, consumer, leaf))

    def _kinds(self, source: Fed, producer: Made, consumer: Made, leaf: str) -> list[str | None]:
        inside = f"{source.list}/0" if isinstance(source, SelectedSource) else ""
        given = kind_at(self.replay.tools[producer.name].returns, inside + source.pointer)
        taken = parameter_kind(self.replay.tools[consumer.name], leaf)
        return [given] if given == taken else [given, taken]

    # ------------------------------------------------- second, then third

    def _swaps(
        self, value: Json, source: Fed, producer: Made, consumer: Made, leaf: str
    ) -> str | None:
        varied = self._varied(value, source, producer)
        if isinstance(varied, str):
            return varied
        companions = self._companions(source, consumer, leaf)
        tried: list[Swap] = []
        if isinstance(varied, Variation):
            changed = self._by_variation(varied, consumer, {leaf, *companions}, tried)
            if changed:
                return None
        for swap in self._other_swaps(varied, value, source, producer, consumer, leaf, companions):
            if swap in tried:
                continue
            if len(tried) >= SWAPS:
                break
            tried.append(swap)
            if self._changes(consumer, swap):
                return None
        if not tried:
            return f"there is no alternative to {value!r} to try"
        return f"{consumer.name} gives the same for {len(tried)} other values of {leaf}"

    def _varied(self, value: Json, source: Fed, producer: Made) -> Variation | list[Json] | str:
        """Proof that what the user said matters.

        Returns:
            The variation that changes the value; else items that the rule would select, had the
            user put it otherwise (none, where the user said nothing that feeds the producer);
            else why there is no proof.
        """
        said = [
            (call.index, leaf)
            for call in self._ancestors(producer)
            for leaf, sources in self.row.sources.get(call.id, {}).items()
            if any(isinstance(s, UserSource | SystemSource) for s in sources)
        ]
        for index, leaf in said:
            for number in range(ALTERNATIVES):
                variation = self._variation(index, leaf, number)
                if variation is None:
                    break
                try:
                    other = looked_up(source, variation.result(producer.index))
                except Gone:
                    continue
                if not identical(other, value):
                    return variation
        if not said and not tested(source):
            return []
        choices = [
            item
            for item in other_choices(source, producer.value)
            if not identical(resolve_or_none(item, source.pointer), value)
        ]
        return choices or f"nothing else the user could have said changes {value!r}"

    def _by_variation(
        self, variation: Variation, consumer: Made, allowed: set[str], tried: list[Swap]
    ) -> bool:
        """Whether the variation, run on, already swaps this edge's value and nothing else."""
        try:
            arguments = variation.arguments(consumer.index)
        except Gone:
            return False
        before, after = dict(leaves(consumer.arguments)), dict(leaves(arguments))
        swap = {k: v for k, v in after.items() if not identical(v, before.get(k))}
        if not swap.keys() <= allowed or variation.origin == consumer.index:
            return False
        try:
            result = variation.result(consumer.index)
        except Gone:
            tried.append(swap)
            return False
        if not variation.same_world(consumer.index):
            return False
        given = [before[k] for k in swap]
        if differs(consumer.value, result, given, list(swap.values())):
            return True
        if self.replay.tools[consumer.name].effect == "read":
            tried.append(swap)
        return False

    def _other_swaps(
        self,
        varied: Variation | list[Json],
        value: Json,
        source: Fed,
        producer: Made,
        consumer: Made,
        leaf: str,
        companions: dict[str, Fed],
    ) -> Iterator[Swap]:
        """Other values for the consumer, the likeliest first."""
        if isinstance(varied, Variation):
            holders = [item_of(source, varied.result(producer.index))]
        else:
            holders = list(varied)
        if isinstance(source, SelectedSource):
            holders += resolve_or_gone(producer.value, source.list)
        for holder in holders:
            swap = {
                at: resolve_or_none(holder, found.pointer)
                for at, found in {leaf: source, **companions}.items()
            }
            if None not in swap.values() and not identical(swap[leaf], value):
                yield swap
        for kind in self._kinds(source, producer, consumer, leaf):
            for other in self._asked(kind, value, consumer, leaf):
                yield {leaf: other}

    def _changes(self, consumer: Made, swap: Swap) -> bool:
        """Whether the consumer accepts the swap and then gives or leaves something else."""
        arguments = consumer.arguments
        given = []
        for leaf, value in swap.items():
            given.append(leaf_value(consumer, leaf))
            arguments = replace(arguments, leaf, value)
        result = self.replay.call(consumer.name, arguments, self.replay.epochs[consumer.index])
        if result.failure:
            return False
        if differs(consumer.value, result.value, given, list(swap.values())):
            return True
        if self.replay.tools[consumer.name].effect == "read":
            return False
        session = self.replay.leave_epochs()
        return session.digest() != self.replay.digest_after(consumer)

    # ------------------------------------------------------------ helpers

    def _companions(self, source: Fed, consumer: Made, leaf: str) -> dict[str, Fed]:
        """Leaves that go along with this one: the longitude beside a latitude."""
        parameters = self.replay.tools[consumer.name].parameters
        along = schema_at(parameters, leaf).get("x-along")
        return {
            other: found
            for other, found in fed_leaves(self.row.sources.get(consumer.id, {}))
            if other != leaf
            and (
                schema_at(parameters, other).get("x-along") == leaf[1:]
                or (along is not None and along == other[1:])
            )
            and same_object(source, found)
        }

    def _ancestors(self, call: Made) -> list[Made]:
        """The calls that `call` depends on through its sources, itself included, in order."""
        found: dict[int, Made] = {}
        stack = [call]
        while stack:
            one = stack.pop()
            if one.index not in found:
                found[one.index] = one
                stack += [
                    self.by_id[source.call]
                    for _, source in fed_leaves(self.row.sources.get(one.id, {}))
                    if source.call in self.by_id and self.by_id[source.call].index < one.index
                ]
        return [found[index] for index in sorted(found)]

    def _variation(self, index: int, leaf: str, number: int) -> Variation | None:
        """The row had the user said the `number`-th other value there; None: there are fewer."""
        key = (index, leaf, number)
        if key not in self._variations:
            if (index, leaf) not in self._others:
                self._others[index, leaf] = self._values(index, leaf)
            value = next(self._others[index, leaf], None)
            self._variations[key] = (
                None if value is None else Variation(self.replay, index, leaf, value)
            )
        return self._variations[key]

    def _values(self, index: int, leaf: str) -> Iterator[Json]:
        """Other values that the user could have said for a leaf, found as they are asked for."""
        call = self.calls[index]
        kind = parameter_kind(self.replay.tools[call.name], leaf)
        try:
            value = leaf_value(call, leaf)
        except Gone:
            return iter(())
        return self._asked(kind, value, call, leaf)

    def _asked(self, kind: str | None, value: Json, call: Made, leaf: str) -> Iterator[Json]:
        """Other values of a kind in this row's world, or other members of the leaf's enum."""
        parameter: dict[str, Any] = schema_at(self.replay.tools[call.name].parameters, leaf)
        if "enum" in parameter:
            return iter([member for member in parameter["enum"] if not identical(member, value)])
        if isinstance(value, bool):
            return iter([not value])
        if kind is None:
            return iter(())
        seed = crc32(f"{self.row.seed} {call.index}{leaf}".encode())
        return (o for o in self._alternatives(kind, value, seed) if not identical(o, value))

    def _alternatives(self, kind: str, value: Json, seed: int) -> Iterator[Json]:
        """The session's alternatives, found as they are asked for.

        Always in the first state, so that an answer does not depend on what was tried before.
        """
        found = iter(self.replay.at_epoch(0).alternatives(kind, value, seed))
        while True:
            self.replay.at_epoch(0)
            try:
                yield next(found)
            except StopIteration:
                return
