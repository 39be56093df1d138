"""`callwright report`: a page about a dataset, or about two beside each other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from callwright.api import packs_of
from callwright.curation.report import make_report, pictures_of, write_report
from callwright.generators.packs import PACK_NAMES, load_pack


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A dataset.")],
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
) -> None:
    """Write a page about a dataset: what is in it, where it comes from, what was dropped.

    The page needs no network. Its charts are written as PNGs too, into a folder beside it.
    """
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
