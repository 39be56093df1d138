"""`callwright build`: make a dataset from a recipe."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table

from callwright.curation.verify import certify
from callwright.generators.build import Job, Progress
from callwright.generators.build import build as build_rows
from callwright.recipe import Recipe, load_recipe
from callwright.schemas.store import Manifest

MOST_SHOWN = 8
"""Reasons for rejection that the summary lists."""

LARGEST = 2**63 - 1
"""What a manifest can hold."""


def build(
    recipe: Annotated[Path, typer.Argument(help="YAML recipe, e.g. examples/quickstart.yaml")],
    output: Annotated[Path, typer.Option("-o", "--output", help="folder of the new dataset")],
    count: Annotated[
        int | None, typer.Option(min=1, max=LARGEST, help="rows, instead of the recipe's")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=LARGEST, help="instead of the recipe's")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="processes")] = os.cpu_count() or 1,
    resume: Annotated[
        bool, typer.Option("--resume", help="go on with an interrupted build")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="replace the dataset in OUTPUT")] = False,
) -> None:
    """Make a dataset: plan, really execute, word and check every row."""
    wanted = _overridden(load_recipe(recipe), count, seed)
    job = Job(wanted.build, wanted.tools, wanted.seed, certify)
    started = time.monotonic()
    with _Bar(wanted.build.count) as bar:
        manifest = build_rows(
            job,
            output,
            wanted.resolved("tools", "build"),
            workers=workers,
            resume=resume,
            force=force,
            progress=bar.show,
        )
    _summarise(manifest, output, time.monotonic() - started)


class _Bar:
    """The progress bar; it appears with the first row, so that an early refusal is one line."""

    def __init__(self, rows: int) -> None:
        console = Console(stderr=True)
        self._bar = Bar(
            TextColumn("building"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[rejected]}"),
            console=console,
            # What went wrong stands alone, in a log too; the summary says the rest.
            transient=True,
            disable=not console.is_interactive,
        )
        self._task = self._bar.add_task("build", total=rows, rate="", rejected="")
        self._started: tuple[float, int] | None = None
        """When the first row came, and how many an earlier run had made before it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, progress: Progress) -> None:
        if self._started is None:
            self._started = (time.monotonic(), progress.kept - 1)
            self._bar.start()
        since, before = self._started
        rate = (progress.kept - before) / max(time.monotonic() - since, 0.001)
        common = progress.rejected.most_common(1)
        tried = (
            f"{progress.rejected.total()} tries rejected, mostly {common[0][0]}" if common else ""
        )
        self._bar.update(
            self._task, completed=progress.kept, rate=f"{rate:.0f} rows/s", rejected=tried
        )


def _overridden(recipe: Recipe, count: int | None, seed: int | None) -> Recipe:
    section = recipe.build if count is None else recipe.build.model_copy(update={"count": count})
    return recipe.model_copy(
        update={"build": section, "seed": recipe.seed if seed is None else seed}
    )


def _summarise(manifest: Manifest, output: Path, seconds: float) -> None:
    """What was made, as a table, and where it lies."""
    counts = manifest.counts
    table = Table(title=f"{counts.kept:,} rows in {output} ({seconds:.0f} s)")
    table.add_column("what")
    table.add_column("rows", justify="right")
    for name, rows in sorted(counts.by_scenario.items(), key=lambda item: -item[1]):
        table.add_row(name, f"{rows:,}")
    table.add_section()
    for name, rows in sorted(counts.by_language.items()):
        table.add_row(name, f"{rows:,}")
    if counts.rejected:
        table.add_section()
        reasons = sorted(counts.rejected_by_reason.items(), key=lambda item: -item[1])
        for name, rows in reasons[:MOST_SHOWN]:
            table.add_row(f"rejected: {name}", f"{rows:,}")
        if len(reasons) > MOST_SHOWN:
            rest = sum(rows for _, rows in reasons[MOST_SHOWN:])
            table.add_row("rejected: other reasons", f"{rest:,}")
    Console().print(table)
