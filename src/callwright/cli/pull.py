"""`callwright pull`: bring a published dataset here."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from callwright.cli.terminal import console, progress
from callwright.curation.publish_place import parse_place
from callwright.curation.pull import pull as pull_dataset
from callwright.schemas.visible import one_line


def pull(
    source: Annotated[
        str, typer.Argument(metavar="URL", help="hf://org/name[@version], file:///…, s3://…")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder of the dataset.")],
) -> None:
    """Bring a published dataset here, ready to verify, curate, report on and train on.

    Every part is checked against its digest. What comes is data: nothing in it is run.
    """
    place = parse_place(source)
    with progress() as show:
        manifest = pull_dataset(place, output, show)
    rows: Counter[str] = Counter()
    for part in manifest.parts:
        rows[part.split] += part.rows
    out = console()
    told = ", ".join(f"{split} {count:,}" for split, count in rows.items())
    out.print(f"{rows.total():,} rows in {one_line(str(output))}: {told}", soft_wrap=True)
    out.print(f"prove them: callwright verify {one_line(str(output))}", soft_wrap=True)
