"""Verifying a whole dataset: every row through `verify.check`, on any number of processes.

Rows travel to the workers as slices of a part's frame, a few slices ahead of the work, so memory
does not grow with the dataset. What comes back is a word a gate, and a line where one failed.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callwright.curation.replay import comparable
from callwright.curation.verify import GATES, check
from callwright.schemas.errors import UserError
from callwright.schemas.record import GateName
from callwright.schemas.store import Manifest, open_dataset
from callwright.schemas.store_rows import conversations
from callwright.schemas.toolbox import Toolbox

if TYPE_CHECKING:
    import polars as pl

SLICE = 32
"""Rows that a worker takes at a time."""

MOST_LISTED = 1000
"""Failures that a report lists; more are counted."""

OUTCOMES = ("pass", "fail", "not_applicable", "not_comparable")

ToolboxFactory = Callable[[], Toolbox]
"""Makes the toolbox, once a process; a module's function or class, or a partial of one."""


@dataclass(frozen=True)
class Failure:
    """A gate that a row does not pass."""

    row: str
    gate: GateName
    outcome: str
    detail: str


@dataclass
class VerifyReport:
    """What was found."""

    rows: int = 0
    failed: int = 0
    """Rows that fail a gate."""
    incomparable: int = 0
    """Rows that fail none but have a gate that could not be decided here."""
    counts: dict[GateName, Counter[str]] = field(
        default_factory=lambda: {gate: Counter() for gate in GATES}
    )
    """Gate -> outcome -> rows."""
    failures: list[Failure] = field(default_factory=list)
    """In the order of the rows, at most `MOST_LISTED`."""

    @property
    def ok(self) -> bool:
        """Every gate of every row passed or does not apply; undecided is not passed."""
        return not self.failed and not self.incomparable

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON."""
        return {
            "ok": self.ok,
            "rows": self.rows,
            "failed": self.failed,
            "not_comparable": self.incomparable,
            "gates": {g: {o: self.counts[g][o] for o in OUTCOMES} for g in GATES},
            "failures": [vars(failure) for failure in self.failures],
        }


Verdict = tuple[str, dict[GateName, tuple[str, str | None]]]
"""Row id, and of each gate the outcome and, where it is no pass, the detail."""

Task = tuple["pl.DataFrame", str]
"""Some rows, and what names them in messages."""


def verify_dataset(
    folder: str | Path,
    toolbox_factory: ToolboxFactory,
    *,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
    versions: Mapping[str, str] | None = None,
) -> VerifyReport:
    """Check every row of the dataset in `folder`.

    Args:
        folder: A finished dataset.
        toolbox_factory: Makes the tools; must be picklable when `workers` is above 1.
        workers: Processes; 1 works in this one.
        progress: Called with rows done and rows in all.
        versions: Versions of the libraries here; by default what is installed.

    Raises:
        StoreError: The folder is no dataset, or a part of it is missing, corrupt or invalid.
        UserError: A worker died.
    """
    dataset = open_dataset(folder)
    differences = _differences(dataset.manifest, versions)
    report, seen = VerifyReport(), set[int]()
    for verdicts in _verdicts(_tasks(dataset), toolbox_factory, differences, workers):
        for row, gates in verdicts:
            # 64 bits are enough to notice a row that is there twice.
            key = hash(row)
            if key in seen:
                gates["form"] = ("fail", "another row has the same id")
            seen.add(key)
            _enter(report, row, gates)
        if progress is not None:
            progress(report.rows, len(dataset))
    return report


def _tasks(dataset: Any) -> Iterator[Task]:
    for number, frame in enumerate(dataset.frames()):
        for start in range(0, frame.height, SLICE):
            yield frame.slice(start, SLICE), f"{dataset.folder}, part {number}, from row {start}"


def _differences(manifest: Manifest, versions: Mapping[str, str] | None) -> dict[str, str | None]:
    """Build digest -> why its rows' results cannot be compared with those of here."""
    return {
        build: comparable(about.get("versions", {}), versions) if isinstance(about, dict) else None
        for build, about in manifest.builds.items()
    }


def _enter(report: VerifyReport, row: str, gates: dict[GateName, tuple[str, str | None]]) -> None:
    report.rows += 1
    outcomes = {outcome for outcome, _ in gates.values()}
    report.failed += "fail" in outcomes
    report.incomparable += "fail" not in outcomes and "not_comparable" in outcomes
    for gate, (outcome, detail) in gates.items():
        report.counts[gate][outcome] += 1
        if outcome in ("fail", "not_comparable") and len(report.failures) < MOST_LISTED:
            report.failures.append(Failure(row, gate, outcome, detail or ""))


# ------------------------------------------------------------------- the work


class _Checker:
    """Checks rows in one process."""

    def __init__(self, factory: ToolboxFactory, differences: Mapping[str, str | None]) -> None:
        self.toolbox = factory()
        self.differences = differences

    def verdicts(self, task: Task) -> list[Verdict]:
        found: list[Verdict] = []
        for row in conversations(*task):
            differs = self.differences.get(row.build)
            if row.build not in self.differences:
                differs = "the manifest does not know the build that made the row"
            gates = check(row, self.toolbox, differs=differs)
            found.append((row.id, {g: (gates[g].outcome, gates[g].detail) for g in GATES}))
        return found


_checker: _Checker | None = None


def _start(factory: ToolboxFactory, differences: Mapping[str, str | None]) -> None:
    """Set up a worker. Ctrl-C reaches every process of a terminal; the parent alone answers it."""
    global _checker  # noqa: PLW0603 - a worker's state lives as long as the worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _checker = _Checker(factory, differences)


def _work(task: Task) -> list[Verdict]:
    assert _checker is not None, "the worker was not set up"
    return _checker.verdicts(task)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold back Ctrl-C for a moment; processes started within never receive it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _verdicts(
    tasks: Iterator[Task],
    factory: ToolboxFactory,
    differences: Mapping[str, str | None],
    workers: int,
) -> Iterator[list[Verdict]]:
    """What each task finds, in order."""
    if workers <= 1:
        checker = _Checker(factory, differences)
        yield from map(checker.verdicts, tasks)
        return
    pool = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), _start, (factory, differences)
    )
    waiting: deque[Future[list[Verdict]]] = deque()
    others = set(multiprocessing.active_children())
    try:
        for task in tasks:
            with _undisturbed():  # workers are started here, and know no Ctrl-C from then on
                waiting.append(pool.submit(_work, task))
            if len(waiting) > 3 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise UserError(
            "a worker process died, perhaps for want of memory; try fewer --workers"
        ) from None
    except BaseException:
        # Nobody waits for what is still being checked, and a worker leaves nothing half-done.
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
