"""What would have happened had the user said something else?

A `Variation` is one row with one argument leaf changed. Calls are made again only where their
arguments really change, and only when somebody asks for what they give.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from callwright.curation.fed import Gone, fed_leaves, looked_up, resolve_or_gone
from callwright.curation.replay import Replay
from callwright.schemas.pointers import replace, resolve
from callwright.schemas.reading import identical
from callwright.schemas.toolbox import Json, Session


class Variation:
    """The row with the leaf at `leaf` of call `origin` replaced by `value`."""

    def __init__(self, replay: Replay, origin: int, leaf: str, value: Json) -> None:
        self.replay = replay
        self.origin = origin
        self.leaf = leaf
        self.value = value
        self.order = {call.id: call.index for call in replay.calls}
        self._results: dict[int, Json | None] = {}
        """Call -> its result; None where it failed or could not be made."""
        self._next = origin
        self._world: Session | None = None
        """From the first changed write on: a session whose state is this variation's own."""
        self._diverged = len(replay.calls)

    def result(self, index: int) -> Json:
        """What call `index` gives under this variation.

        Raises:
            Gone: it fails or cannot be made.
        """
        if index < self.origin:
            return self.replay.calls[index].value
        if index not in self._results:
            if self.replay.writes:
                self._run_to(index)
            else:
                self._results[index] = self._made(index)
        found = self._results[index]
        if found is None:
            raise Gone
        return found

    def same_world(self, index: int) -> bool:
        """Whether call `index` finds the state that it finds in the row."""
        return index <= self._diverged

    def arguments(self, index: int) -> dict[str, Any]:
        """The arguments of call `index`.

        Raises:
            Gone: one of them has no value.
        """
        call = self.replay.calls[index]
        arguments = call.arguments
        if index == self.origin:
            arguments = replace(arguments, self.leaf, self.value)
        for leaf, source in fed_leaves(self.replay.row.sources.get(call.id, {})):
            producer = self.order.get(source.call, index)
            if not self.origin <= producer < index:
                continue  # what came before the change stays as it is
            result = self.result(producer)
            if result is not self.replay.calls[producer].value:
                if self.replay.calls[producer].failed:
                    # Written right, the name needs no suggestion: it is what was looked up.
                    new = resolve_or_gone(self.arguments(producer), leaf)
                else:
                    new = looked_up(source, result)
                if not identical(new, resolve(arguments, leaf)):
                    arguments = replace(arguments, leaf, new)
        return arguments

    def _made(self, index: int) -> Json | None:
        call = self.replay.calls[index]
        try:
            arguments = self.arguments(index)
        except Gone:
            return None
        if self._world is not None:
            result = self._world.call(call.name, arguments)
        elif arguments is call.arguments:
            return call.value
        else:
            epoch = self.replay.epochs[index]
            if self.replay.tools[call.name].effect == "write":
                # The world is this variation's own from here: what follows runs in one go.
                self._world = self.replay.at_epoch(epoch)
                self.replay.leave_epochs()
                self._diverged = index
                result = self._world.call(call.name, arguments)
            else:
                result = self.replay.call(call.name, arguments, epoch)
        return None if result.failure else result.value

    def _run_to(self, index: int) -> None:
        """Run in order up to `index`, or to the end once the world is another."""
        while self._next < len(self.replay.calls) and (
            self._next <= index or self._world is not None
        ):
            at, self._next = self._next, self._next + 1
            self._results[at] = self._made(at)


def differs(one: Json, other: Json, given: Sequence[Json], other_given: Sequence[Json]) -> bool:
    """Whether two results differ in more than that each repeats what it was given."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() != other.keys() or any(
            differs(value, other[key], given, other_given) for key, value in one.items()
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) != len(other) or any(
            differs(a, b, given, other_given) for a, b in zip(one, other, strict=True)
        )
    if identical(one, other):
        return False
    return not (
        any(identical(one, value) for value in given)
        and any(identical(other, value) for value in other_given)
    )
