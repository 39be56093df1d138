"""`callwright show`: a conversation, each argument with where it came from."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from callwright.cli.terminal import console, print_blocks
from callwright.schemas.display import blocks, page
from callwright.schemas.errors import StoreError, UserError
from callwright.schemas.record import Conversation
from callwright.schemas.store import Dataset, open_dataset
from callwright.schemas.store_rows import conversations
from callwright.schemas.visible import json_escaped


def show(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A dataset.")],
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
) -> None:
    """Look at a conversation of a dataset: the first one, or those you ask for."""
    if html is not None and as_json:
        raise UserError("--html and --json exclude each other: choose one")
    if seed is not None and not pick_random:
        raise UserError("--seed says which rows --random picks: add --random")
    if row_id is not None and (pick_random or count > 1):
        raise UserError("an ID names one row: leave out --random and --count")
    # Also a dataset that is still being made: what it has so far can be looked at.
    dataset = open_dataset(folder, unfinished=True)
    ids = _ids(dataset, scenario, language)
    if row_id is not None:
        chosen = [_identified(ids, row_id, folder)]
    elif pick_random:
        chance = random.Random(seed)  # None: from the operating system
        chosen = chance.sample(ids, min(count, len(ids)))
    else:
        chosen = ids[:count]
    rows = _rows(dataset, chosen)
    if html is not None:
        _write(html, page(rows, f"callwright: {folder.resolve().name}"))
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


def _identified(ids: Sequence[str], wanted: str, folder: Path) -> str:
    """The one id that is `wanted` or begins with it."""
    found = [wanted] if wanted in ids else [row_id for row_id in ids if row_id.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        more = ", …" if len(found) > 3 else ""
        raise StoreError(f"{len(found)} ids begin with {wanted!r}: {', '.join(found[:3])}{more}")
    nearest = min(ids, key=lambda row_id: _difference(row_id, wanted))
    raise StoreError(f"{folder} has no such row: {wanted!r}; the nearest id is {nearest}")


def _difference(row_id: str, wanted: str) -> int:
    """Characters that differ. difflib would take seconds over 100,000 ids, and ids are digests."""
    return sum(a != b for a, b in zip(row_id, wanted, strict=False)) + max(
        0, len(wanted) - len(row_id)
    )


def _rows(dataset: Dataset, chosen: Sequence[str]) -> list[Conversation]:
    """The chosen rows in the order they were chosen."""
    missing = set(chosen)
    found: dict[str, Conversation] = {}
    for part, frame in zip(dataset.parts(), dataset.frames(), strict=True):
        some = frame.filter(frame["id"].is_in(list(missing)))
        for row in conversations(some, str(dataset.folder / part.path)):
            found.setdefault(row.id, row)
        missing -= found.keys()
        if not missing:
            break
    return [found[row_id] for row_id in chosen]


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror or error}") from None
