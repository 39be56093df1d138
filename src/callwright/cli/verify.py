"""`callwright verify`: prove every row of a dataset, gate by gate."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.table import Table

from callwright.api import packs_of
from callwright.cli.terminal import console, progress
from callwright.curation.verify import GATES
from callwright.curation.verify_dataset import OUTCOMES, VerifyReport, verify_dataset
from callwright.generators.execution import PackToolbox
from callwright.schemas.store import open_dataset
from callwright.schemas.visible import one_line

MOST_SHOWN = 10
"""Failures that are printed; `--json` has more."""


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A dataset.")],
    *,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = os.cpu_count() or 1,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the report as JSON, with all that failed.")
    ] = False,
) -> None:
    """Prove every row anew: form, schema, grounding, replay, causality.

    Ends with exit code 1 when a row fails a gate, or when one could not be decided here because
    a library or data set has another version than in the build.
    """
    rows = len(open_dataset(folder))
    with progress() as show:
        show("verifying", 0, rows)
        report = verify_dataset(
            folder,
            partial(PackToolbox, packs_of(folder)),
            workers=min(workers, 1 + rows // 64),  # a process costs as much as some dozen rows
            progress=lambda done, _: show("verifying", done, rows),
        )
    if as_json:
        typer.echo(orjson.dumps(report.to_json(), option=orjson.OPT_INDENT_2))
    else:
        _print(report, folder)
    if not report.ok:
        raise typer.Exit(1)


def _print(report: VerifyReport, folder: Path) -> None:
    out = console()
    table = Table(title=f"{report.rows:,} rows of {one_line(str(folder))}")
    table.add_column("gate")
    for outcome in OUTCOMES:
        table.add_column(outcome.replace("_", " "), justify="right")
    for gate in GATES:
        counts = (report.counts[gate][outcome] for outcome in OUTCOMES)
        table.add_row(gate, *(f"{count:,}" if count else "·" for count in counts))
    out.print(table)
    for failure in report.failures[:MOST_SHOWN]:
        line = f"{failure.row} {failure.gate}: {failure.outcome}: {failure.detail}"
        out.print(one_line(line), soft_wrap=True)
    if len(report.failures) > MOST_SHOWN:
        out.print("… more with --json")
    if report.ok:
        out.print(f"every gate of all {report.rows:,} rows passes or does not apply")
    if report.failed:
        out.print(f"{report.failed:,} of {report.rows:,} rows fail")
    if report.incomparable:
        out.print(f"{report.incomparable:,} of {report.rows:,} rows cannot be compared here")
