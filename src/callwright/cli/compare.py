"""`callwright compare`: two evaluations side by side, pair by pair."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from callwright.cli.evaluations import evaluated_rows
from callwright.cli.terminal import console
from callwright.generators.execution import PackToolbox
from callwright.schemas.errors import UserError
from callwright.schemas.record import Conversation
from callwright.schemas.visible import one_line
from callwright.training.compare_runs import Judged, Pairs, guard, judge
from callwright.training.compare_runs import compare as compare_runs
from callwright.training.journal import read_records
from callwright.training.records import Decision, EpisodeRecord
from callwright.training.saved import DECISIONS, EPISODES, read_run

MOST_SHOWN = 5
"""Pairs of each sort that are printed."""


def compare(
    first: Annotated[Path, typer.Argument(metavar="A", help="An evaluation: the base model's.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="Another: the tuned model's.")],
    *,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="The dataset of both, if it moved."),
    ] = None,
) -> None:
    """Say what B does better than A and what worse, and whether the difference is more than luck.

    Both must be finished evaluations over the same rows. The p-values are McNemar's, exact.
    """
    runs = [read_run(folder) for folder in (first, second)]
    for name in ("dataset", "rows", "trials"):
        if runs[0].get(name) != runs[1].get(name):
            raise UserError(f"{first} and {second} are evaluations of other {name}: compare like")
    rows, toolbox = evaluated_rows(first, runs[0], data)
    one, other = (_judged(folder, rows, toolbox) for folder in (first, second))
    pairs = compare_runs(rows, one, other)
    _print(pairs, one, other, [str(run.get("policy")) for run in runs])


def _judged(folder: Path, rows: list[Conversation], toolbox: PackToolbox) -> Judged:
    decisions = read_records(folder / DECISIONS, Decision)
    episodes = read_records(folder / EPISODES, EpisodeRecord)
    return judge(rows, decisions, episodes, toolbox.tools())


def _print(pairs: list[Pairs], one: Judged, other: Judged, names: list[str]) -> None:
    out = console()
    table = Table(title=one_line(f"A {names[0]}, B {names[1]}"))
    table.add_column("what")
    for name in ("of", "A", "B", "only B", "only A", "p"):
        table.add_column(name, justify="right")
    for p in pairs:
        better, worse = f"{len(p.better):,}", f"{len(p.worse):,}"
        cells = (f"{p.count:,}", f"{p.first:.1%}", f"{p.second:.1%}", better, worse, f"{p.p:.3f}")
        table.add_row(p.name, *cells)
    out.print(table)
    for p in pairs[:2]:
        for words, some, faults in (
            ("only B has right", p.better, one.faults),
            ("only A has right", p.worse, other.faults),
        ):
            for pair in some[:MOST_SHOWN]:
                out.print(one_line(f"{p.name}: {words}: {pair} ({faults.get(pair, '?')})"))
            if len(some) > MOST_SHOWN:
                out.print(f"… {len(some) - MOST_SHOWN:,} more")
    out.print(guard(pairs))
