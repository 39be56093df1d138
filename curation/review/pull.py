"""`review pull`: what people made of a dataset, as a new one; in = kept + rejected, pending too.

What could not be taken over goes back to the annotators first; only then is the dataset marked
finished. Cut short anywhere, it is simply run again: a record that went back is there already.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callwright.curation.recipe import ReviewSection
from callwright.curation.review.answers import Judged, judged
from callwright.curation.review.connection import Connection, connect, told
from callwright.curation.review.deciding import PENDING, Deciding, Fate
from callwright.curation.review.push import Progress, log, opened
from callwright.curation.review.sheets import Sheet, returned_sheet
from callwright.schemas.errors import StoreError, UserError
from callwright.schemas.record import Conversation, Rejection
from callwright.schemas.store import Manifest, Writer, open_dataset
from callwright.schemas.toolbox import Toolbox

if TYPE_CHECKING:
    import argilla

COMMAND = "review pull"
PART_ROWS = 500


@dataclass(frozen=True)
class Order:
    """What to pull, and where to."""

    connection: Connection
    name: str
    output: Path
    section: ReviewSection
    manifest: Manifest
    """Blank: command, recipe and versions."""
    toolbox_of: Callable[[Mapping[str, Any]], Toolbox]
    """Gives the tools that builds name."""
    force: bool = False


@dataclass
class Pulled:
    """What came of it."""

    kept: int = 0
    edited: int = 0
    """Of those kept."""
    rejected: Counter[str] = field(default_factory=Counter)
    """Reason -> rows."""
    pending: Counter[str] = field(default_factory=Counter)
    returned: int = 0
    """Records that went back to the annotators, each with the reason."""


def pull(order: Order, progress: Progress = lambda *_: None) -> Pulled:
    """Pull the review `order.name` into a new dataset.

    Raises:
        UserError: The server cannot be reached or refuses, or it has no such review.
        StoreError: The folder cannot be written or holds something.
    """
    with connect(order.connection) as client:
        target = opened(client, order.name, order.connection)
        with told(order.connection):
            latest = latest_of(list(judged(target)))
            adjudicator = _adjudicator(client, order.section)
        if not latest:
            raise UserError(f"the review {order.name!r} has no records; push a dataset to it first")
        builds = {one.parcel.row.build: one.parcel.build for one in latest if one.parcel.build}
        deciding = Deciding(
            order.section,
            order.toolbox_of(builds),
            min_submitted=target.settings.distribution.min_submitted,
            adjudicator=adjudicator,
        )
        writer = _writer(order, latest, builds)
        pulled, back = _decide(latest, deciding, writer, progress)
        pulled.returned = log(target, back, order.connection)
    counts = writer.manifest.counts
    assert len(latest) == counts.kept + counts.rejected, f"{len(latest)} came, {counts} went"
    writer.finish()
    return pulled


def _decide(
    latest: list[Judged], deciding: Deciding, writer: Writer, progress: Progress
) -> tuple[Pulled, list[Sheet]]:
    """Write every row where it belongs; give the counts, and what goes back."""
    packs = {tool.name: tool.pack for tool in deciding.toolbox.tools()}
    pulled, sorting = Pulled(), _Sorting(writer)
    back: list[Sheet] = []
    for number, one in enumerate(latest, 1):
        fate = deciding.fate(one)
        sorting.take(fate)
        _count(pulled, fate)
        if fate.refused is not None:
            back.append(_back(one, fate, packs))
        progress(number, len(latest))
    sorting.flush()
    return pulled, back


def latest_of(found: list[Judged]) -> list[Judged]:
    """Of each row the record that counts: the one that came back last."""
    best: dict[str, Judged] = {}
    for one in found:
        if one.base not in best or one.attempt > best[one.base].attempt:
            best[one.base] = one
    return list(best.values())


def _adjudicator(client: argilla.Argilla, section: ReviewSection) -> str | None:
    if section.adjudicator is None:
        return None
    user = client.users(section.adjudicator)
    if user is None:
        known = ", ".join(sorted(str(u.username) for u in client.users))
        raise UserError(
            f"curation.review.adjudicator: Argilla has no user {section.adjudicator!r}; "
            f"it has: {known}"
        )
    return str(user.id)


def _writer(order: Order, latest: list[Judged], builds: Mapping[str, Any]) -> Writer:
    about = {"builds": builds, "parents": sorted({one.parcel.parent for one in latest})}
    blank = order.manifest.model_copy(update=about)
    return Writer(order.output, blank, force=order.force or _cut_short(order.output))


def _cut_short(output: Path) -> bool:
    """Whether a pull was begun there and not finished: all that it holds is pulled again."""
    try:
        manifest = open_dataset(output, unfinished=True).manifest
    except StoreError:
        return False
    return not manifest.finished and manifest.command == COMMAND


def _back(one: Judged, fate: Fate, packs: Mapping[str, str]) -> Sheet:
    assert fate.refused is not None
    return returned_sheet(
        one.parcel,
        packs,
        attempt=one.attempt + 1,
        reason=fate.refused.reason,
        wanted=fate.wanted,
        draft=fate.refused.draft,
    )


def _count(pulled: Pulled, fate: Fate) -> None:
    if fate.row is not None:
        pulled.kept += 1
        pulled.edited += fate.row.review is not None and fate.row.review.verdict == "fix"
    elif fate.rejection is not None:
        reason = fate.rejection.reason
        (pulled.pending if reason.startswith(PENDING) else pulled.rejected)[reason] += 1


class _Sorting:
    """Rows by their splits, written a part at a time."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.rows: defaultdict[str, list[Conversation]] = defaultdict(list)
        self.rejects: list[Rejection] = []

    def take(self, fate: Fate) -> None:
        if fate.row is not None:
            split = fate.row.split
            self.rows[split].append(fate.row)
            if len(self.rows[split]) >= PART_ROWS:
                self._write(split)
        if fate.rejection is not None:
            self.rejects.append(fate.rejection)

    def flush(self) -> None:
        for split in [name for name, rows in self.rows.items() if rows]:
            self._write(split)
        if self.rejects:
            self.writer.write_part([], self.rejects)

    def _write(self, split: str) -> None:
        self.writer.write_part(self.rows.pop(split), self.rejects, split=split)
        self.rejects = []
