"""`review push`: chosen rows become records, each once, however often it is run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from callwright.curation.review.connection import Connection, connect, sdk, told
from callwright.curation.review.parcel import Parcel
from callwright.curation.review.settings import settings
from callwright.curation.review.sheets import Sheet, base_name, sheet
from callwright.curation.review.words import AGENT, QUESTIONS
from callwright.schemas.errors import UserError
from callwright.schemas.store import Dataset

if TYPE_CHECKING:
    import argilla

BATCH = 100
"""Records sent at a time: what a kill can cost, and what stands in memory."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Pushed:
    """What came of it."""

    new: int
    there: int
    """Chosen rows that were there already."""


@dataclass(frozen=True)
class Order:
    """What to push, and where to."""

    connection: Connection
    name: str
    """Of the Argilla dataset; made where it does not exist."""
    min_submitted: int | None = None
    """Annotators who must answer each record; None: as many as before, at first one."""
    packs: Mapping[str, str] = field(default_factory=dict)
    """Tool -> pack, as far as known."""


def push(
    dataset: Dataset, chosen: Sequence[str], order: Order, progress: Progress = lambda *_: None
) -> Pushed:
    """Push the chosen rows of `dataset` that are not there yet.

    Raises:
        UserError: The server cannot be reached or refuses, or its dataset is not a review's.
    """
    with connect(order.connection) as client:
        with told(order.connection):
            target = _ready(client, order)
            there = {str(record.id) for record in target.records(with_responses=False)}
        wanted = set(chosen)
        waiting: list[Sheet] = []
        new = old = 0
        for parcel in _parcels(dataset, wanted):
            if base_name(parcel.row) in there:
                old += 1
            else:
                waiting.append(sheet(parcel, order.packs))
            if len(waiting) >= BATCH:
                new += log(target, waiting, order.connection)
                waiting = []
                progress(new + old, len(wanted))
        new += log(target, waiting, order.connection)
        progress(new + old, len(wanted))
    return Pushed(new, old)


def log(target: argilla.Dataset, sheets: Sequence[Sheet], connection: Connection) -> int:
    """Send records; one that is there already is not doubled. Gives their number."""
    if sheets:
        rg = sdk()
        with told(connection):
            target.records.log([_record(rg, one) for one in sheets], batch_size=len(sheets))
    return len(sheets)


def opened(client: argilla.Argilla, name: str, connection: Connection) -> argilla.Dataset:
    """The review's dataset of this name.

    Raises:
        UserError: There is none, or it was not made for a review.
    """
    with told(connection):
        found = client.datasets(name, workspace=connection.workspace)
        known = [d.name for d in client.datasets] if found is None else []
    if found is None:
        raise UserError(
            f"{connection.url} has no dataset {name!r} in its workspace {connection.workspace!r}; "
            f"it has: {', '.join(known) or 'none'}"
        )
    _refuse_strange(found)
    return found


def _ready(client: argilla.Argilla, order: Order) -> argilla.Dataset:
    rg = sdk()
    where = order.connection.workspace
    if client.workspaces(where) is None:
        rg.Workspace(name=where, client=client).create()
    found = client.datasets(order.name, workspace=where)
    # Killed while it was being made, it is a draft that holds no record.
    if found is not None and found._model.status != "ready":  # noqa: SLF001 - told nowhere else
        found.delete()
        found = None
    if found is None:
        made = rg.Dataset(
            name=order.name,
            workspace=where,
            settings=settings(rg, order.min_submitted or 1),
            client=client,
        )
        return made.create()
    _refuse_strange(found)
    asks = found.settings.distribution.min_submitted
    if order.min_submitted not in (None, asks):  # Argilla refuses it once somebody has answered
        raise UserError(
            f"--min-submitted {order.min_submitted}: the review {order.name!r} asks {asks} "
            "for each record and keeps to it; name another dataset"
        )
    return found


def _refuse_strange(found: argilla.Dataset) -> None:
    names = tuple(question.name for question in found.settings.questions)
    if names != QUESTIONS:
        raise UserError(
            f"the Argilla dataset {found.name!r} was not made by this version's `callwright "
            f"review push`: its questions are {', '.join(names)}; name another dataset"
        )


def _parcels(dataset: Dataset, wanted: set[str]) -> Iterator[Parcel]:
    builds, parent = dataset.manifest.builds, dataset.digest
    for row in dataset.rows():
        if row.id in wanted:
            yield Parcel(row, parent, builds.get(row.build))


def _record(rg: Any, one: Sheet) -> Any:
    return rg.Record(
        id=one.name,
        fields=one.fields,
        metadata=one.metadata,
        suggestions=[
            rg.Suggestion(question, value, score=score, agent=AGENT)
            for question, (value, score) in one.suggestions.items()
        ],
    )
