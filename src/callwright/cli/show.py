"""`callwright show`: a conversation, each argument with where it came from."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Annotated

import typer

from callwright.cli.rows import identified, rows_by_id
from callwright.cli.terminal import console, print_blocks, write_page
from callwright.schemas.display import blocks, page
from callwright.schemas.errors import StoreError, UserError
from callwright.schemas.store import Dataset, open_dataset
from callwright.schemas.visible import json_escaped
from callwright.training.saved import is_evaluation


def show(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A dataset, or an evaluation.")],
    row_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="A row's id, or how it begins.")
    ] = None,
    *,
    pick_random: Annotated[
        bool, typer.Option("--random", help="Rows by chance, others each time.")
    ] = False,
    scenario: Annotated[str | None, typer.Option(help="Only rows of this scenario.")] = None,
    language: Annotated[str | None, typer.Option(help="Only rows in this language.")] = None,
    count: Annotated[int, typer.Option(min=1, help="How many rows.")] = 1,
    seed: Annotated[int | None, typer.Option(help="With --random: the same rows again.")] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page instead of printing.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The rows as they are stored, one a line.")
    ] = False,
    failed: Annotated[
        bool, typer.Option("--failed", help="Of an evaluation: only episodes that failed.")
    ] = False,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="The dataset of an evaluation, if it moved."),
    ] = None,
) -> None:
    """Look at a conversation of a dataset: the first one, or those you ask for.

    Of an evaluation it is the one that the model led, each call with its verdict, and gold's.
    """
    if html is not None and as_json:
        raise UserError("--html and --json exclude each other: choose one")
    if seed is not None and not pick_random:
        raise UserError("--seed says which rows --random picks: add --random")
    if row_id is not None and (pick_random or count > 1):
        raise UserError("an ID names one row: leave out --random and --count")
    if is_evaluation(folder):
        from callwright.cli.show_episodes import Asked, show_episodes

        asked = Asked(row_id, scenario, language, count, seed, failed, pick_random)
        show_episodes(folder, data, asked, html=html, as_json=as_json)
        return
    if failed or data is not None:
        raise UserError(f"--failed and --data are for evaluations, and {folder} is none")
    # Also a dataset that is still being made: what it has so far can be looked at.
    dataset = open_dataset(folder, unfinished=True)
    ids = _ids(dataset, scenario, language)
    if row_id is not None:
        chosen = [identified(ids, row_id, folder)]
    elif pick_random:
        chance = random.Random(seed)  # None: from the operating system
        chosen = chance.sample(ids, min(count, len(ids)))
    else:
        chosen = ids[:count]
    rows = rows_by_id(dataset, chosen)
    if html is not None:
        write_page(html, page(rows, f"callwright: {folder.resolve().name}"))
        typer.echo(f"{len(rows)} of {len(dataset)} rows in {html}")
    elif as_json:
        for row in rows:
            typer.echo(json_escaped(row.model_dump_json()))
    else:
        out = console()
        for row in rows:
            print_blocks(out, blocks(row))


def _ids(dataset: Dataset, scenario: str | None, language: str | None) -> list[str]:
    """Ids of the rows that pass the filters, in order.

    Raises:
        StoreError: there are none; the message says what there is.
    """
    frame = dataset.frame(columns=["id", "scenario", "language"])
    if frame.is_empty():
        raise StoreError(f"{dataset.folder} has no rows")
    for column, wanted in (("scenario", scenario), ("language", language)):
        if wanted is None:
            continue
        known = sorted(frame[column].unique().to_list())
        frame = frame.filter(frame[column] == wanted)
        if frame.is_empty():
            also = f" in scenario {scenario}" if column == "language" and scenario else ""
            raise StoreError(
                f"{dataset.folder} has no row with {column} {wanted!r}{also};"
                f" it has: {', '.join(known)}"
            )
    ids: list[str] = frame["id"].to_list()
    return ids
