"""`callwright export`: a dataset's rows in a format that others read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from callwright.cli.terminal import console, progress
from callwright.schemas.errors import UserError
from callwright.schemas.formats import FORMATS, Format
from callwright.schemas.formats.export_file import Export, export_file, rejects_beside
from callwright.schemas.store import open_dataset
from callwright.schemas.visible import one_line

WRITTEN = ", ".join(name for name, form in FORMATS.items() if form.write)


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A dataset.")],
    *,
    form: Annotated[str, typer.Option("--format", metavar="F", help=f"One of: {WRITTEN}.")],
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", metavar="FILE", help="JSONL; .json: a list; .parquet: a table."
        ),
    ],
    split: Annotated[
        str | None, typer.Option(help="Which split; train where none is named.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE.")] = False,
) -> None:
    """Write the rows of one split in a format that others read.

    Every row is read back before it counts. One that the format cannot hold is not bent but left
    out: FILE.rejects.jsonl has its id and the reason.

    Examples:
        callwright export data/curated --format sharegpt -o train.jsonl

        callwright export data/curated --format hf --split validation -o validation.jsonl
    """
    chosen, dataset = named(form), open_dataset(folder)
    with progress() as show:
        made = export_file(
            dataset,
            chosen,
            output,
            split=split,
            force=force,
            progress=lambda done, total: show("writing", done, total),
        )
    _print(made, chosen, output)
    if not made.written:
        raise UserError(f"{form} can hold no row of split {made.split}: no file was written")


def named(name: str) -> Format:
    """The format of this name.

    Raises:
        UserError: There is none.
    """
    if name not in FORMATS:
        raise UserError(f"no format {name!r}; formats are {', '.join(FORMATS)}")
    return FORMATS[name]


def _print(made: Export, form: Format, output: Path) -> None:
    out = console()
    if made.written:
        files = " and ".join(one_line(str(file)) for file in made.files)
        out.print(f"{made.written:,} rows of split {made.split} in {files}", soft_wrap=True)
    if form.calls_only:
        line = f"{form.name} holds requests and calls: results and answers are left out"
        out.print(line, soft_wrap=True)
    refused = sum(made.refused.values())
    if refused:
        where = one_line(str(rejects_beside(output)))
        out.print(f"{refused:,} rows refused, each listed in {where}:", soft_wrap=True)
    for reason, rows in made.refused.most_common():
        out.print(f"  {rows:,} {reason}, first {one_line(made.first[reason])}", soft_wrap=True)
