"""`callwright report`: a page about a dataset, or about two beside each other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from callwright.api import packs_of
from callwright.curation.report import make_report, pictures_of, write_report
from callwright.generators.packs import PACK_NAMES, load_pack
from callwright.schemas.errors import UserError
from callwright.training.saved import is_evaluation, read_run


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A dataset, or an evaluation.")],
    other: Annotated[
        Path | None, typer.Argument(metavar="[OTHER]", help="A dataset to set beside it.")
    ] = None,
    *,
    tokenizer: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Count tokens: a model's name, a folder or a tokenizer.json."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="The page; by default DIR/report.html."
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="The dataset of an evaluation, if it moved."),
    ] = None,
) -> None:
    """Write a page about a dataset: what is in it, where it comes from, what was dropped.

    The page needs no network. Its charts are written as PNGs too, into a folder beside it.
    Of an evaluation, its page and its summary are made again from its records.
    """
    if is_evaluation(folder):
        if other is not None or tokenizer is not None or output is not None:
            raise UserError("of an evaluation the report goes beside its records: name it alone")
        from callwright.cli.evaluations import read_evaluation, write_pages

        run = read_run(folder)
        assessed = read_evaluation(folder, run, data)
        written, card = write_pages(folder, run, assessed, assessed.scores())
        typer.echo(f"{written} and {card}")
        return
    if data is not None:
        raise UserError("--data is for the report of an evaluation")
    folders = [folder] if other is None else [folder, other]
    page = output or folder / _name(other)
    named = {name for each in folders for name in packs_of(each)}
    packs = {
        tool: name for name in PACK_NAMES if name in named for tool in load_pack(name).functions
    }
    made = make_report(folders, tokenizer=tokenizer, packs=packs, pictures=pictures_of(page).name)
    write_report(made, page)
    typer.echo(f"{page} and {len(made.pictures)} charts in {pictures_of(page)}")


def _name(other: Path | None) -> str:
    if other is None:
        return "report.html"
    name = re.sub(r"[^A-Za-z0-9_-]+", "_", other.resolve().name)
    return f"report_beside_{name}.html"
