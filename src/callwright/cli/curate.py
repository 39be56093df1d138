"""`callwright curate`: from raw rows to train, validation and test sets that share nothing."""

from __future__ import annotations

import time
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Self

import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from callwright.api import packs_of
from callwright.cli.terminal import console
from callwright.curation.curate import LEAKAGE, Curated, Order
from callwright.curation.curate import curate as curate_rows
from callwright.curation.leakage import MEASURES, Shared
from callwright.generators.execution import PackToolbox
from callwright.recipe import Recipe, load_recipe
from callwright.schemas.store import Manifest, open_dataset
from callwright.schemas.visible import one_line

LIBRARIES = ("callwright", "numpy", "polars")
"""Distributions that decide what a curation drops and where it puts what is left."""

MOST_SHOWN = 3
"""Rows of benchmarks that could not be read which are printed."""

MOST_NAMED = 6
"""Held-out packs or tools that are printed."""

LETTERS = {
    "train": "T",
    "validation": "V",
    "test_seen": "S",
    "test_unseen_shapes": "H",
    "test_unseen_tools": "U",
}


def curate(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Datasets.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="folder of the new dataset")],
    recipe: Annotated[
        Path | None, typer.Option("--recipe", help="YAML recipe with a section `curation`")
    ] = None,
    benchmark: Annotated[
        list[Path] | None,
        typer.Option("--benchmark", help="file of a judge, beside the recipe's; may be repeated"),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="begin an interrupted curation again")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="replace the dataset in OUTPUT")] = False,
) -> None:
    """Drop duplicates and what judges ask, then split so that nothing leaks."""
    wanted = _with_benchmarks(Recipe() if recipe is None else load_recipe(recipe), benchmark or [])
    order = Order(
        folders=folders,
        output=output,
        section=wanted.curation,
        manifest=Manifest(
            command="curate",
            recipe=wanted.resolved("curation"),
            seed=wanted.seed,
            versions={name: version(name) for name in LIBRARIES},
        ),
        packs=_packs(folders),
    )
    started = time.monotonic()
    with _Bar() as bar:
        made = curate_rows(order, resume=resume, force=force, progress=bar.show)
    _print(made, output, time.monotonic() - started)


def _with_benchmarks(recipe: Recipe, files: list[Path]) -> Recipe:
    section = recipe.curation.decontaminate
    named = (*section.benchmarks, *(str(file) for file in files))
    section = section.model_copy(update={"benchmarks": named})
    curation = recipe.curation.model_copy(update={"decontaminate": section})
    return recipe.model_copy(update={"curation": curation})


def _packs(folders: list[Path]) -> dict[str, str]:
    """Tool -> pack, of the packs that rows were built with; a stranger's names mean nothing."""
    built = [folder for folder in folders if open_dataset(folder).manifest.builds]
    names = {name for folder in built for name in packs_of(folder)}
    return {tool.name: tool.pack for tool in PackToolbox(sorted(names)).tools()} if names else {}


class _Bar:
    """The progress bar; it appears with the first rows, so that an early refusal is one line."""

    def __init__(self) -> None:
        err = Console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=err,
            transient=True,
            disable=not err.is_interactive,
        )
        self._task = self._bar.add_task("curating")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, what: str, done: int, total: int) -> None:
        self._bar.start()
        self._bar.update(self._task, description=what, completed=done, total=total)


# ---------------------------------------------------------------------- summary


def _print(made: Curated, output: Path, seconds: float) -> None:
    out = console()
    counts = made.manifest.counts
    kept, name = counts.kept, one_line(str(output))
    out.print(f"{kept:,} rows in {name} ({seconds:.0f} s)", soft_wrap=True)
    table = Table()
    table.add_column("stage")
    table.add_column("rows", justify="right")
    for stage in made.stages:
        table.add_row(stage.name, f"{stage.rows:,}")
        for reason, rows in sorted(stage.rejected.items()):
            table.add_row(f"  rejected: {reason}", f"{rows:,}")
    table.add_section()
    for split, rows in made.splits.items():
        table.add_row(f"{LETTERS[split]} {split}", f"{rows:,}")
    out.print(table)
    held = made.held_out.names
    if held:
        more = f" and {len(held) - MOST_NAMED} more" if len(held) > MOST_NAMED else ""
        out.print(f"held out for test_unseen_tools: {', '.join(held[:MOST_NAMED])}{more}")
    out.print(_leakage(made.table))
    out.print(f"✓ must be zero, and is. The same as JSON: {name}/{LEAKAGE}", soft_wrap=True)
    for line in made.unread[:MOST_SHOWN]:
        out.print(f"not read, so not kept out: {one_line(line)}", soft_wrap=True)
    if len(made.unread) > MOST_SHOWN:
        out.print(f"… and {len(made.unread) - MOST_SHOWN:,} more rows of benchmarks")


def _leakage(pairs: list[Shared]) -> Table:
    """What every two splits share, a column a pair."""
    table = Table(
        title="what two splits share", box=box.SIMPLE, padding=(0, 1, 0, 0), pad_edge=False
    )
    table.add_column("")
    for pair in pairs:
        table.add_column(f"{LETTERS[pair.one]}·{LETTERS[pair.other]}", justify="right")
    for measure in MEASURES:
        cells = (f"{pair.counts[measure]}{'✓' if measure in pair.zero else ' '}" for pair in pairs)
        table.add_row(measure.replace("_", " "), *cells)
    return table
