"""The built-in packs as a `Toolbox`: real calls, in this process, each row in its own world.

A world is one of `WORLDS` variants (row seed modulo `WORLDS`): its clock and the first state of
its databases. No row sees another row's writes.
"""

from __future__ import annotations

import hashlib
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from types import FrameType
from typing import Any

import orjson

from callwright.generators.database import before, changes, connect, first_image
from callwright.generators.pack import Function, Pack, World
from callwright.generators.packs import PACK_NAMES, load_pack
from callwright.generators.worlds import WORLDS, clock
from callwright.schemas.errors import ToolError
from callwright.schemas.toolbox import Json, Tool, ToolResult, failure, refusal

DEADLINE = 5.0
"""Seconds one call may take. A call that takes longer is a `timeout`, which no row may hold."""

ALTERNATIVES = 4
"""Most other values that a session gives for one: mostly the first is what is needed."""


class _DeadlineExceeded(BaseException):
    """Not an `Exception`: a tool that catches everything must not catch its own deadline."""


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """Interrupt the block after `seconds`; only the main thread of a process can."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise _DeadlineExceeded

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _open(toolbox: PackToolbox, variant: int, pack: str) -> sqlite3.Connection:
    return connect(first_image(toolbox.pack(pack), variant))


def _before(toolbox: PackToolbox, variant: int, pack: str) -> sqlite3.Connection:
    return before(toolbox.pack(pack), variant)


class PackSession:
    """One row's world over the built-in packs (see `schemas.toolbox.Session`)."""

    def __init__(self, toolbox: PackToolbox, seed: int) -> None:
        self._toolbox = toolbox
        self._variant = seed % WORLDS
        # Not a method of this session: the two would hold each other, and with them databases,
        # until the collector comes by.
        self.world = World(
            seed, clock(self._variant), open_database=partial(_open, toolbox, self._variant)
        )
        # What a user says, they say before any call: values are those of the world as it was then.
        self._before = World(
            seed, clock(self._variant), open_database=partial(_before, toolbox, self._variant)
        )

    def call(self, name: str, arguments: Mapping[str, Json]) -> ToolResult:
        started = time.perf_counter()
        try:
            return self._call(name, arguments)
        finally:
            self._toolbox.calls += 1
            spent = self._toolbox.spent
            function = self._toolbox.functions.get(name)
            if function is not None:
                pack = function.tool.pack
                spent[pack] = spent.get(pack, 0.0) + time.perf_counter() - started

    def _call(self, name: str, arguments: Mapping[str, Json]) -> ToolResult:
        function = self._toolbox.functions.get(name)
        if function is None:
            return failure("invalid_arguments", f"There is no tool named {name}.")
        tool = function.tool
        refused = refusal(tool, arguments)
        if refused is not None:
            return refused
        before = self.snapshot() if tool.effect == "write" else None
        result = self._run(function, arguments)
        if result.failure is not None and before is not None:
            self.restore(before)
        return result

    def _run(self, function: Function, arguments: Mapping[str, Json]) -> ToolResult:
        given = deepcopy(dict(arguments))
        try:
            with _deadline(DEADLINE):
                value = (
                    function.run(self.world, **given)
                    if function.takes_world
                    else function.run(**given)
                )
            content = orjson.dumps(value)
        except ToolError as error:
            return failure(error.kind, error.message, error.suggestions)
        except _DeadlineExceeded:
            return failure("timeout", f"{function.tool.name} took longer than {DEADLINE:g} s.")
        except MemoryError:
            return failure("memory", f"{function.tool.name} ran out of memory.")
        except Exception as error:  # noqa: BLE001 - tools are other people's code
            return failure("crashed", f"{function.tool.name}: {type(error).__name__}: {error}")
        return ToolResult(content.decode(), orjson.loads(content))

    def sample(self, kind: str, rng: random.Random, context: Mapping[str, Json]) -> Json:
        """A value of `kind` that existed in this world before any call.

        Raises:
            KeyError: no pack knows where values of `kind` come from.
        """
        return self._toolbox.values[kind].sample(self._before, rng, context)

    def alternatives(self, kind: str, value: Json, seed: int) -> Iterator[Json]:
        chance = random.Random(seed)
        if kind in self._toolbox.values:
            found: list[Json] = []
            for _ in range(8):
                other = self.sample(kind, chance, {})
                if other != value and other not in found:
                    found.append(other)
                    yield other
                if len(found) == ALTERNATIVES:
                    return
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            yield from (type(value)(round(value * factor, 2)) for factor in (2, 3, 0.5))

    def snapshot(self) -> dict[str, bytes]:
        return {pack: db.serialize() for pack, db in self.world.databases.items()}

    def restore(self, snapshot: object) -> None:
        assert isinstance(snapshot, dict)
        for pack in list(self.world.databases):
            if pack in snapshot:
                self.world.databases[pack].deserialize(snapshot[pack])
            else:
                self.world.databases.pop(pack).close()
        for pack in snapshot.keys() - self.world.databases.keys():
            self.world.db(pack).deserialize(snapshot[pack])

    def digest(self) -> str:
        digest = hashlib.blake2b(f"world {self._variant}".encode(), digest_size=12)
        for pack, connection in sorted(self.world.databases.items()):
            changed = changes(connection, self._toolbox.pack(pack), self._variant)
            if changed:
                digest.update(orjson.dumps([pack, changed]))
        return digest.hexdigest()


Elsewhere = Callable[[], PackSession]
"""Opens another session of the row's world."""


class PackToolbox:
    """The tools of some packs (see `schemas.toolbox.Toolbox`).

    `calls` and `spent` (pack -> seconds) measure the tools themselves; benchmarks read them.
    """

    def __init__(self, packs: Sequence[str | Pack] = PACK_NAMES) -> None:
        """Take the tools of `packs`: names of built-in ones, or packs of your own."""
        self.packs: list[Pack] = [p if isinstance(p, Pack) else load_pack(p) for p in packs]
        self.functions: dict[str, Function] = {}
        self.values: dict[str, Any] = {}
        for pack in self.packs:
            for name, function in pack.functions.items():
                if name in self.functions:
                    raise ValueError(f"packs {pack.name} and another both have a tool {name}")
                self.functions[name] = function
        # A kind may be sampled although its own pack is not offered: load_pack is cheap and the
        # value is only data. Packs of somebody's own come with all they need.
        lenders = [] if all(isinstance(p, Pack) for p in packs) else map(load_pack, PACK_NAMES)
        for pack in (*self.packs, *lenders):
            for kind, values in pack.values.items():
                self.values.setdefault(kind, values)
        self._tools = [function.tool for function in self.functions.values()]
        self.calls = 0
        self.spent: dict[str, float] = {}

    def tools(self) -> list[Tool]:
        return self._tools

    def pack(self, name: str) -> Pack:
        """One of this toolbox's packs, or a built-in one that lends its values."""
        return next((pack for pack in self.packs if pack.name == name), None) or load_pack(name)

    def open(self, seed: int) -> PackSession:
        return PackSession(self, seed)
