"""`callwright import`: a file that others made, as a dataset, with all that is wrong with it."""

from __future__ import annotations

import time
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from callwright.cli.export import named
from callwright.cli.terminal import console, progress
from callwright.schemas.errors import UserError
from callwright.schemas.formats import FORMATS
from callwright.schemas.formats.import_file import DEFECTS, Import, Source, import_file
from callwright.schemas.store import Manifest
from callwright.schemas.visible import one_line

KIB = 1024


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSONL, one JSON list, or parquet.")],
    *,
    form: Annotated[
        str, typer.Option("--format", metavar="F", help=f"One of: {', '.join(FORMATS)}.")
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="Folder of the new dataset.")
    ],
    licence: Annotated[
        str | None,
        typer.Option("--license", help="SPDX name; read from LICENSE beside FILE if not given."),
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Where the data comes from; FILE's name if not given.")
    ] = None,
    companion: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The format's second file: tools or answers."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the dataset in DIR.")] = False,
) -> None:
    """Read a file that others made into a dataset, and say what is wrong with it.

    Nothing is repaired: DIR/defects.jsonl lists every defect with its row, counted from 0. A row
    that cannot be kept unchanged is rejected. Imported rows promise nothing, for their calls were
    not made here.

    Examples:
        callwright import rows.jsonl --format openai -o data/imported --license MIT

        callwright import dev.jsonl --format seal_tools --companion tool.jsonl -o data/seal
    """
    chosen, started = named(form), time.monotonic()
    about = {"format": form, "file": file.name, "source": source, "license": licence}
    manifest = Manifest(
        command="import", recipe={"import": about}, versions={"callwright": version("callwright")}
    )
    with progress() as show:
        made = import_file(
            Source(file, chosen, companion, licence, source),
            output,
            manifest,
            force=force,
            progress=lambda done, total: show("reading, KiB", done // KIB, total // KIB),
        )
    _print(made, output, time.monotonic() - started)
    if not made.manifest.counts.kept:
        raise UserError(f"{file}: no row of it could be kept as {form}; is it another format?")


def _print(made: Import, output: Path, seconds: float) -> None:
    out = console()
    counts, name = made.manifest.counts, one_line(str(output))
    out.print(f"{counts.kept:,} rows in {name} ({seconds:.0f} s)", soft_wrap=True)
    table = Table()
    for column in ("what is wrong", "rows", "times"):
        table.add_column(column, justify="left" if column == "what is wrong" else "right")
    for reason, rows in sorted(counts.rejected_by_reason.items()):
        table.add_row(f"rejected: {reason}", f"{rows:,}", f"{rows:,}")
    for code, times in sorted(made.defects.items()):
        table.add_row(code, f"{made.rows[code]:,}", f"{times:,}")
    if not table.rows:
        out.print("no defect was found")
        return
    out.print(table)
    told = [line for lines in made.told.values() for line in lines]
    for line in told:
        out.print(one_line(line), soft_wrap=True)
    every = counts.rejected + made.defects.total()
    out.print(f"{len(told):,} of {every:,}; all of them: {name}/{DEFECTS}", soft_wrap=True)
