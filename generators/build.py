"""Building a dataset: rows in order of their index, on any number of workers.

Workers make candidates; the parent accepts them in index order, because two rules look across
rows (no request twice, no skeleton too often). A row that breaks one is made again with its next
attempt, in the parent. So the outcome depends on the recipe alone, not on the workers.
"""

from __future__ import annotations

import gc
import itertools
import multiprocessing
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from callwright.generators.maker import Certify, Failure, Maker
from callwright.generators.recipe import BuildSection, ToolsSection
from callwright.generators.versions import build_digest, versions
from callwright.schemas.canonical import digest
from callwright.schemas.errors import RecipeError, UserError
from callwright.schemas.record import Conversation, Rejection
from callwright.schemas.store import Dataset, Flat, Manifest, Writer, flatten

PART_ROWS = 500
"""Rows in a part: what a killed build can lose."""

CHUNK = 20
"""Row indexes that a worker takes at a time."""


@dataclass
class Progress:
    """How far a build is."""

    wanted: int
    kept: int = 0
    rejected: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Candidate:
    """What a worker made of one index: failures, then a row unless the attempts ran out."""

    index: int
    attempt: int
    """The attempt that gave the row."""
    failures: list[Failure]
    row: Flat | None
    request: str
    """Digest of what the user says."""
    skeleton: str


@dataclass(frozen=True)
class Job:
    """What every worker needs to know."""

    build: BuildSection
    tools: ToolsSection
    seed: int
    certify: Certify

    def maker(self) -> Maker:
        return Maker(self.build, self.tools, self.seed, self.digest, self.certify)

    @property
    def digest(self) -> str:
        return build_digest(self.tools)


def build(
    job: Job,
    folder: Path,
    recipe: dict[str, Any],
    *,
    workers: int = 1,
    resume: bool = False,
    force: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Manifest:
    """Make the rows of a recipe and write them to `folder`.

    Args:
        recipe: the resolved recipe, saved in the manifest.
        workers: processes; 1 makes the rows in this one.
        resume: go on with an unfinished build.
        force: replace a dataset that is already there.
        progress: called after every accepted row.

    Raises:
        StoreError: the folder cannot be written, or holds something else.
        RecipeError: the recipe asks for rows that cannot be made.
    """
    blank = Manifest(
        command="build",
        recipe=recipe,
        seed=job.seed,
        versions=versions(),
        builds={job.digest: {"tools": job.tools.written(), "versions": versions()}},
    )
    writer = Writer(folder, blank, resume=resume, force=force)
    if writer.manifest.finished:
        return writer.manifest
    try:
        with _collector_at_rest():
            return _Run(job, writer, workers, progress).run()
    except RecipeError:
        writer.discard()
        raise


class _Run:
    """One build: the rules across rows, and the parts."""

    def __init__(
        self,
        job: Job,
        writer: Writer,
        workers: int,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self.job = job
        self.writer = writer
        self.workers = workers
        self.report = progress
        self.maker = _kept(job.maker())
        self.requests: set[int] = set()
        self.skeletons: Counter[int] = Counter()
        self.scenarios: set[str] = set()
        self.rows: list[Flat] = []
        self.rejects: list[Rejection] = []
        self.progress = Progress(job.build.count)

    def run(self) -> Manifest:
        start = self._recall()
        with _Candidates(self.job, self.maker, start, self.workers) as candidates:
            for candidate in candidates:
                self._accept(candidate)
                if self.report is not None:
                    self.report(self.progress)
                if len(self.rows) >= PART_ROWS:
                    self._flush(candidate.index + 1)
        self._flush(self.job.build.count)
        return self.writer.finish()

    def _recall(self) -> int:
        """What an interrupted build already has; gives the index to go on with."""
        manifest = self.writer.manifest
        if manifest.parts:
            done = Dataset(self.writer.folder, unfinished=True)
            for frame in done.frames(columns=["messages", "plan", "scenario"]):
                for messages, plan, scenario in frame.iter_rows():
                    said = "\n".join(
                        m.get("content") or ""
                        for m in orjson.loads(messages)
                        if m["role"] == "user"
                    )
                    self.requests.add(_key(digest(said)))
                    self.skeletons[_key(orjson.loads(plan)["skeleton"])] += 1
                    self.scenarios.add(scenario)
        self.progress.kept = manifest.counts.kept
        self.progress.rejected.update(manifest.counts.rejected_by_reason)
        return int(manifest.progress.get("next_index", 0))

    def _accept(self, candidate: Candidate) -> None:
        while True:
            self._reject_failures(candidate.failures)
            if candidate.row is None:
                self._give_up(candidate)
                return
            reason = self._refusal(candidate)
            if reason is None:
                break
            self._reject(reason, "", _record(candidate.row))
            candidate = make(self.maker, candidate.index, candidate.attempt + 1)
        self.requests.add(_key(candidate.request))
        self.skeletons[_key(candidate.skeleton)] += 1
        self.scenarios.add(candidate.row["scenario"])
        self.rows.append(candidate.row)
        self.progress.kept += 1

    def _refusal(self, candidate: Candidate) -> str | None:
        if _key(candidate.request) in self.requests:
            return "duplicate_request"
        if self.skeletons[_key(candidate.skeleton)] >= self.job.build.max_per_skeleton:
            return "skeleton_too_often"
        return None

    def _give_up(self, candidate: Candidate) -> None:
        scenario, language = self.maker.assignment(candidate.index)
        reasons = Counter(failure.reason for failure in candidate.failures).most_common(3)
        why = ", ".join(f"{reason} ({count})" for reason, count in reasons) or "duplicates"
        if scenario not in self.scenarios:
            raise RecipeError(
                f"no feasible plan: {self.job.build.attempts} attempts at a row of scenario "
                f"{scenario!r} in {language!r} gave none ({why}); add packs to tools.packs or set "
                f"the scenario's weight to 0"
            )
        self._reject("exhausted", why, {"index": candidate.index, "scenario": scenario})

    def _reject_failures(self, failures: list[Failure]) -> None:
        for failure in failures:
            self._reject(failure.reason, failure.detail, failure.row)

    def _reject(self, reason: str, detail: str, row: dict[str, Any]) -> None:
        self.rejects.append(Rejection(stage="build", reason=reason, detail=detail, row=row))
        self.progress.rejected[reason] += 1

    def _flush(self, next_index: int) -> None:
        if self.rows or self.rejects:
            self.writer.write_part(self.rows, self.rejects, progress={"next_index": next_index})
        self.rows, self.rejects = [], []


def make(maker: Maker, index: int, first: int = 0) -> Candidate:
    """Try row `index` from attempt `first` on until there is a row or the attempts run out."""
    failures: list[Failure] = []
    for attempt, made in maker.attempts(index, first):
        if isinstance(made, Conversation):
            said = "\n".join(m.content or "" for m in made.messages if m.role == "user")
            return Candidate(
                index, attempt, failures, flatten(made), digest(said), made.plan.skeleton
            )
        failures.append(made)
    return Candidate(index, maker.section.attempts, failures, None, "", "")


def _key(hexadecimal: str) -> int:
    """64 bits of a digest: what a set of a million rows can hold without growing fat."""
    return int(hexadecimal[:16], 16)


def _record(flat: Flat) -> dict[str, Any]:
    """A refused row, readable again."""
    nested = ("messages", "plan")
    return {
        **{name: flat[name] for name in ("id", "scenario", "language", "seed")},
        **{name: orjson.loads(flat[name]) for name in nested},
    }


# ------------------------------------------------------------------- workers

_worker: Maker | None = None


def _start(job: Job) -> None:
    """In a worker: Ctrl-C is the parent's to handle."""
    global _worker  # noqa: PLW0603 - one maker per process is the point
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(*_SELDOM)
    _worker = _kept(job.maker())


_SELDOM = (20_000, 20, 50)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the garbage collector from walking all packs and lexicons over and over.

    They never go, and rows make few cycles: it took a tenth of the time otherwise.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def _kept(maker: Maker) -> Maker:
    """The maker; the collector leaves it alone from now on."""
    gc.collect()
    gc.freeze()
    return maker


def _work(indexes: range) -> list[Candidate]:
    assert _worker is not None
    return [make(_worker, index) for index in indexes]


class _Candidates:
    """Candidates in index order; at most a few chunks ahead, so that memory stays flat."""

    def __init__(self, job: Job, maker: Maker, start: int, workers: int) -> None:
        self.job, self.maker, self.start, self.workers = job, maker, start, workers
        self.pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Iterator[Candidate]:
        stop = self.job.build.count
        if self.workers == 1 or stop - self.start <= CHUNK:
            return (make(self.maker, index) for index in range(self.start, stop))
        self.pool = ProcessPoolExecutor(
            self.workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_start,
            initargs=(self.job,),
        )
        return self._stream(self.pool, stop)

    def _stream(self, pool: ProcessPoolExecutor, stop: int) -> Iterator[Candidate]:
        chunks = (range(at, min(at + CHUNK, stop)) for at in range(self.start, stop, CHUNK))
        ahead: deque[Future[list[Candidate]]] = deque(
            pool.submit(_work, chunk) for chunk in itertools.islice(chunks, 4 * self.workers)
        )
        try:
            while ahead:
                made = ahead.popleft().result()
                for chunk in itertools.islice(chunks, 1):
                    ahead.append(pool.submit(_work, chunk))
                yield from made
        except BrokenProcessPool:
            raise UserError(
                "a worker process died (out of memory?); run again with --resume, perhaps with "
                "fewer --workers"
            ) from None

    def __exit__(self, *_: object) -> None:
        if self.pool is not None:
            self.pool.shutdown(wait=True, cancel_futures=True)
