"""From raw rows to sets that one can trust: read, dedup, decontaminate, split, write.

Rows are read twice, a part at a time: once to decide (`deciding`), by features that are small
enough to hold, and once to write.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from callwright.curation import decontaminate
from callwright.curation.benchmark import Benchmark, read_benchmark
from callwright.curation.deciding import Decisions, Progress, Stage, decide
from callwright.curation.editing import readable, without_tools
from callwright.curation.held_out import HeldOut
from callwright.curation.intake import Intake
from callwright.curation.leakage import Shared, to_json
from callwright.curation.recipe import CurationSection
from callwright.curation.split import SPLITS
from callwright.schemas.errors import StoreError, UserError
from callwright.schemas.record import Rejection
from callwright.schemas.store import Flat, Manifest, Writer
from callwright.schemas.store_manifest import refuse_links
from callwright.schemas.store_write import replace_file

PART_ROWS = 500
"""Rows in a part of a split."""

SPLIT = "split.json"
LEAKAGE = "leakage.json"
DECONTAMINATION = "decontamination.json"


@dataclass(frozen=True)
class Order:
    """What to curate, and where to."""

    folders: Sequence[Path]
    output: Path
    section: CurationSection
    manifest: Manifest
    """Blank: command, recipe, seed and versions."""
    packs: Mapping[str, str] = field(default_factory=dict)
    """Tool -> pack, as far as known."""


@dataclass(frozen=True)
class Curated:
    """What came of it."""

    manifest: Manifest
    stages: list[Stage]
    splits: dict[str, int]
    table: list[Shared]
    held_out: HeldOut
    unread: list[str]
    """Rows of benchmarks that could not be read."""


def curate(
    order: Order,
    *,
    resume: bool = False,
    force: bool = False,
    progress: Progress = lambda *_: None,
) -> Curated:
    """Curate datasets into a new one.

    Args:
        order: What to curate, and where to.
        resume: Begin an interrupted curation again; the folder must hold the same one.
        force: Replace a dataset that is already there.
        progress: Called now and then.

    Raises:
        StoreError: A dataset cannot be read, or the folder cannot be written or holds something.
        FormatError: A benchmark cannot be read.
        RecipeError: The recipe wants what the rows cannot give.
    """
    intake = Intake(order.folders)
    _refuse_itself(order)
    benchmarks = [read_benchmark(Path(name)) for name in order.section.decontaminate.benchmarks]
    writer = _writer(order, intake, resume=resume, force=force)
    try:
        seed = order.manifest.seed
        decisions = decide(intake, order.section, benchmarks, seed, order.packs, progress)
    except UserError:
        writer.discard()
        raise
    stripped = _write(intake, decisions, writer, progress)
    return _finish(intake, decisions, benchmarks, writer, stripped)


def _refuse_itself(order: Order) -> None:
    for number, folder in enumerate(order.folders):
        if folder.resolve() == order.output.resolve():
            raise StoreError(f"{folder} cannot be curated into itself; name another folder")
        if folder.resolve() in [other.resolve() for other in order.folders[:number]]:
            raise StoreError(f"{folder} is named twice")


def _writer(order: Order, intake: Intake, *, resume: bool, force: bool) -> Writer:
    about = {
        "builds": {name: b for d in intake.datasets for name, b in d.manifest.builds.items()},
        "parents": [dataset.digest for dataset in intake.datasets],
    }
    blank = order.manifest.model_copy(update=about)
    if resume:
        # What is decided takes longer than what is written, so there is nothing to go on from:
        # the writer makes sure that it is the same curation, and it is begun again.
        found = Writer(order.output, blank, resume=True, force=force).manifest
        force = not found.finished
    return Writer(order.output, blank, force=force)


def _write(intake: Intake, decisions: Decisions, writer: Writer, progress: Progress) -> int:
    """Write every row where it was decided to go; give the number of rows that were edited."""
    waiting: dict[str, list[Flat]] = {name: [] for name in SPLITS}
    rejects: list[Rejection] = []
    edited = 0
    for done, (row, rejection) in enumerate(_rows(intake, decisions), 1):
        if rejection is not None:
            rejects.append(rejection)
            if len(rejects) >= PART_ROWS:
                writer.write_part([], rejects)
                rejects = []
            continue
        split = row["split"]
        kept = without_tools(row, decisions.not_offered(split))
        edited += kept is not row
        waiting[split].append(kept)
        if len(waiting[split]) >= PART_ROWS:
            writer.write_part(waiting[split], rejects, split=split)
            waiting[split], rejects = [], []
            progress("writing", done, len(intake))
    for split, rows in waiting.items():
        if rows:
            writer.write_part(rows, rejects, split=split)
            rejects = []
    if rejects:
        writer.write_part([], rejects)
    return edited


def _rows(intake: Intake, decisions: Decisions) -> Iterator[tuple[Flat, Rejection | None]]:
    """Every row that was read, with its split, or the rejection that holds it."""
    for part in intake.slices():
        for rejection in part.rejects:
            yield {}, rejection
        for row in part.frame.iter_rows(named=True):
            number = row.pop("number")
            if number in decisions.split_of:
                yield {**row, "split": decisions.split_of[number]}, None
            else:
                reject = decisions.rejected[number].model_copy(update={"row": readable(row)})
                yield {}, reject


def _finish(
    intake: Intake,
    decisions: Decisions,
    benchmarks: list[Benchmark],
    writer: Writer,
    edited: int,
) -> Curated:
    counts, came = writer.manifest.counts, len(intake)
    assert came == counts.kept + counts.rejected, f"{came} rows came, {counts} went"
    found = Counter(decisions.split_of.values())
    splits = {name: found[name] for name in SPLITS if found[name]}
    held = decisions.split.held_out
    about = {
        "splits": splits,
        "held_out": {
            "named": list(held.names),
            "tools": sorted(held.tools),
            "topologies": sorted(decisions.split.topologies),
        },
        "rows_that_offer_fewer_tools": edited,
        "stages": [vars(stage) for stage in decisions.stages],
    }
    _save(writer, SPLIT, about)
    _save(writer, LEAKAGE, to_json(decisions.table))
    if benchmarks:
        report = decontaminate.report(decisions.contamination, benchmarks)
        _save(writer, DECONTAMINATION, report)
    unread = [line for benchmark in benchmarks for line in benchmark.unread]
    manifest = writer.finish()
    return Curated(manifest, decisions.stages, splits, decisions.table, held, unread)


def _save(writer: Writer, name: str, value: Any) -> None:
    target = refuse_links(writer.folder, name)
    replace_file(target, orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")
