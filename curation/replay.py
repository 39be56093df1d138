"""The replay gate: run every call of a row again and compare the bytes.

A `Replay` also keeps what causality needs afterwards: the session, and the state of the world
at each *epoch*, the number of writes made so far. Reads leave the state as it is, so a row
without writes has one epoch and costs no snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from platform import python_version
from sqlite3 import sqlite_version

from callwright.schemas.reading import NOT_APPLICABLE, PASS, Made, fail
from callwright.schemas.record import Conversation, Gate
from callwright.schemas.toolbox import Json, Session, Tool, Toolbox, ToolResult


class Replay:
    """One row's calls, run again in its own world."""

    def __init__(
        self,
        row: Conversation,
        toolbox: Toolbox,
        tools: Mapping[str, Tool],
        calls: Sequence[Made],
    ) -> None:
        self.row = row
        self.toolbox = toolbox
        self.tools = tools
        self.calls = calls
        self.epochs: list[int] = []
        """For each call the number of write calls before it."""
        writes = 0
        for call in calls:
            self.epochs.append(writes)
            tool = tools.get(call.name)
            writes += tool is not None and tool.effect == "write"
        self.writes = writes
        self.session: Session | None = None
        self._snapshots: dict[int, object] = {}
        self._digests: dict[int, str] = {}
        self._epoch: int | None = None
        """The epoch whose state the session is in; None while it is in none of them."""

    def run(self, *, keep: bool = True) -> Gate:
        """Run the calls and give the gate.

        Args:
            keep: Take a snapshot at each epoch that a later call starts from, for `at_epoch`.
        """
        unknown = [c.name for c in self.calls if c.name not in self.tools]
        if unknown:
            return Gate(outcome="not_comparable", detail=f"no tool {unknown[0]} here")
        fault = self._bookkeeping()
        if fault:
            return fail(fault)
        if not self.calls:
            return NOT_APPLICABLE
        self.session = session = self.toolbox.open(self.row.seed)
        self._epoch = 0
        if self.writes and keep:
            self._snapshots[0] = session.snapshot()
        recorded = False
        for call, epoch in zip(self.calls, self.epochs, strict=True):
            tool = self.tools[call.name]
            if tool.replay == "recorded":
                recorded = True
                continue
            result = session.call(call.name, call.arguments)
            if result.failure in ("timeout", "memory"):  # the machine's making: once more
                result = session.call(call.name, call.arguments)
            if result.content != call.content:
                return fail(_difference(call, result))
            if tool.effect == "write":
                self._epoch = epoch + 1
                if keep and self._epoch in self.epochs:
                    self._snapshots[self._epoch] = session.snapshot()
        if self.writes and not recorded:
            state = self._digests[self.writes] = session.digest()
            if state != self.row.expected.state:
                return fail(f"the final state is {state}, expected.state {self.row.expected.state}")
        return NOT_APPLICABLE if recorded else PASS

    def _bookkeeping(self) -> str | None:
        """What the row claims about writing, against the tools' effects."""
        state = self.row.expected.state
        if self.writes and state is None:
            return "a call writes, but expected.state is missing"
        if not self.writes and state is not None:
            return "no call writes, but expected.state is given"
        if self.row.scenario == "stateful" and not self.writes:
            return "a stateful row in which no call writes"
        for name in self.row.expected.forbidden:
            if name in self.tools and self.tools[name].effect != "write":
                return f"expected.forbidden names {name}, which does not write"
        return None

    # ------------------------------------------------- for causality, after `run`

    def at_epoch(self, epoch: int) -> Session:
        """The session, in the state that calls of `epoch` found."""
        assert self.session is not None, "run comes first"
        if self._epoch != epoch:
            self.session.restore(self._snapshots[epoch])
            self._epoch = epoch
        return self.session

    def call(self, name: str, arguments: Mapping[str, Json], epoch: int) -> ToolResult:
        """Call a tool in the state of `epoch`; a write spoils the session's state only."""
        session = self.at_epoch(epoch)
        if self.tools[name].effect == "write":
            self._epoch = None
        return session.call(name, arguments)

    def digest_after(self, call: Made) -> str:
        """Digest of the state after a write `call` of the row."""
        epoch = self.epochs[call.index] + 1
        if epoch not in self._digests:
            self.call(call.name, call.arguments, epoch - 1)
            assert self.session is not None
            self._digests[epoch] = self.session.digest()
        return self._digests[epoch]

    def leave_epochs(self) -> Session:
        """The session for calls that write as they please; its state counts as none."""
        assert self.session is not None, "run comes first"
        self._epoch = None
        return self.session


def _difference(call: Made, result: ToolResult) -> str:
    """Where the two results part."""
    at = next(
        (i for i, (a, b) in enumerate(zip(call.content, result.content, strict=False)) if a != b),
        min(len(call.content), len(result.content)),
    )
    here, there = call.content[max(at - 20, 0) : at + 40], result.content[max(at - 20, 0) : at + 40]
    return f"{call.id} {call.name}: the row says …{here!r}, running it again gives …{there!r}"


def comparable(recorded: Mapping[str, str], current: Mapping[str, str] | None = None) -> str | None:
    """Why results of a build with versions `recorded` cannot be compared here, or None.

    Args:
        recorded: Library, data set or `python` -> version, as in a manifest.
        current: The same here and now; by default what is installed.
    """
    for name, built in sorted(recorded.items()):
        here = installed(name) if current is None else current.get(name)
        if here != built:
            return f"built with {name} {built}, here is {here or 'none'}"
    return None


@lru_cache(maxsize=256)
def installed(name: str) -> str | None:
    """Version of a library as installed, of `python` or of `sqlite`; None where there is none."""
    if name == "python":
        return python_version()
    if name == "sqlite":
        return sqlite_version
    try:
        return version(name)
    except PackageNotFoundError:
        return None
