"""`publish`: a dataset, its card and what is needed to bring it back, to the Hub or to a folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from callwright.curation.card import compose
from callwright.curation.card_facts import Pack, Told
from callwright.curation.publish_checks import look_through
from callwright.curation.publish_formats import as_config
from callwright.curation.publish_hub import HubTarget, Interrupted, Moved
from callwright.curation.publish_layout import (
    CARD,
    Changes,
    Content,
    Standing,
    changes,
    dataset_files,
    refuse_strangers,
)
from callwright.curation.publish_place import Place
from callwright.curation.publish_stamp import is_up_to_date, key, stamped, without_stamp
from callwright.curation.publish_url import UrlTarget
from callwright.curation.report_charts import about_arguments, about_gates, about_rows, about_tools
from callwright.curation.report_facts import Facts, gather
from callwright.curation.report_leakage import read_leakage
from callwright.curation.secrets_people import Published
from callwright.schemas.charts import Picture, drawing
from callwright.schemas.errors import UserError
from callwright.schemas.store import Dataset, Manifest, open_dataset
from callwright.schemas.store_manifest import refuse_links
from callwright.schemas.store_write import read_bytes
from callwright.schemas.toolbox import Toolbox

WAITS = (1, 3, 9)
"""Seconds before each further attempt; the Hub's client has its own below these."""

Tell = Callable[[str, int, int], None]
"""Called with what is done, how much of it, and of how much."""


class Target(Protocol):
    """Where a dataset can be published."""

    name: str

    def look(self) -> Standing:
        """What stands there."""
        ...

    def commit(
        self, changes: Changes, message: str, at: Standing, tell: Callable[[int, int], None]
    ) -> str:
        """Make all changes, or none that counts; gives what names the new state."""
        ...


@dataclass(frozen=True)
class Order:
    """What to publish, and where."""

    folder: Path
    place: Place
    toolbox: Toolbox
    packs: Sequence[Pack] = ()
    """The built-in packs that the rows were made with."""
    pack_of: Mapping[str, str] = field(default_factory=dict)
    """Tool -> pack."""
    published: Published = field(default_factory=Published)
    licence: str | None = None
    """Of the whole dataset; by default what its rows stand under."""
    formats: Sequence[str] = ()
    """In which the rows are published too."""
    work: Path = Path()
    """Where those are written before they leave; used for nothing else."""

    @property
    def name(self) -> str:
        """What the card calls it: the last part of where it goes."""
        return (self.place.repo or self.place.url).rstrip("/").rpartition("/")[2]


@dataclass
class Prepared:
    """A dataset that has been looked through and is ready to leave, or not."""

    dataset: Dataset
    files: dict[str, Content]
    told: Told
    key: str
    """Of what decides how it is published, see `publish_stamp`."""
    problems: list[str]
    """Why it must not leave."""

    def card(self, at: Standing) -> str:
        """The card, with what somebody wrote into the one there, or into the dataset's own."""
        standing = self._own_card() if at.card is None else without_stamp(at.card)
        card = stamped(compose(self.told, standing), self.key, self.files)
        # A new stamp alone is no change.
        return at.card if at.card and without_stamp(card) == standing else card

    def _own_card(self) -> str | None:
        path = refuse_links(self.dataset.folder, CARD)
        return read_bytes(path).decode(errors="replace") if path.is_file() else None


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    version: str
    message: str
    """Empty where nothing had changed."""
    written: int
    deleted: int


def standing_version(order: Order, target: Target) -> str | None:
    """The version that is published already, exactly as it would be now; None if there is none.

    Digests say so: no row is read, so this takes as long as it takes to ask.

    Raises:
        StoreError: The folder is no finished dataset.
        UserError: The target cannot be read, or holds something else.
    """
    files = dataset_files(open_dataset(order.folder))
    try:
        at = target.look()
    except Interrupted:  # it is asked again, more than once, when there is something to send
        return None
    refuse_strangers(at, target.name)
    return at.version if is_up_to_date(files, _key(order, files), at) else None


def prepare(order: Order, tell: Tell = lambda *_: None) -> Prepared:
    """Look a dataset through and put together what is to be published.

    Raises:
        StoreError: The folder is no finished dataset, or a part of it is corrupt.
    """
    dataset = open_dataset(order.folder)
    checked = look_through(dataset, order.toolbox, order.published, tell)
    tell("writing the card", 0, 2)
    facts = gather(dataset, order.name, order.pack_of)
    tell("writing the card", 1, 2)
    pictures = _pictures(facts, order.pack_of)
    files: dict[str, Content] = {f"card/{p.name}.png": p.png for p in pictures}
    formats = {name: as_config(dataset, name, order.work, files, tell) for name in order.formats}
    own = dataset_files(dataset)
    files |= own
    tell("writing the card", 2, 2)
    parts = [dataset.folder / part.path for part in dataset.manifest.parts]
    told = Told(
        name=order.name,
        repo=order.place.repo,
        facts=facts,
        checked=checked,
        leakage=read_leakage(dataset.folder),
        packs=order.packs,
        pictures=pictures,
        download=sum(path.stat().st_size for path in parts),
        licence=order.licence,
        formats=formats,
    )
    return Prepared(dataset, files, told, _key(order, own), checked.problems)


def publish(
    prepared: Prepared,
    target: Target,
    tell: Tell = lambda *_: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Bring the target to the state of the dataset, in one step.

    What fails because the other side could not answer, or because somebody else was faster, is
    tried again from the start: what stands there is looked at anew, so that a commit whose answer
    was lost is found made, and another dataset is not overwritten unseen.

    Raises:
        UserError: The dataset must not leave, or the target cannot be written: nothing counts.
    """
    if prepared.problems:
        raise UserError("; ".join(prepared.problems))
    first: Standing | None = None
    problem: UserError | None = None
    message = ""
    for wait in (0, *WAITS):
        sleep(wait)
        try:
            at = target.look()
            first = at if first is None else first
            refuse_strangers(at, target.name)
            todo = changes(prepared.files, prepared.card(at), at)
            if not (todo.write or todo.delete):
                return Outcome(at.version, message, 0, 0)
            _refuse_another(first, at, target.name)
            message = summary(at.manifest, prepared.dataset.manifest)
            version = target.commit(todo, message, at, lambda n, of: tell("uploading", n, of))
            return Outcome(version, message, len(todo.write), len(todo.delete))
        except (Interrupted, Moved) as error:
            problem = error
    raise UserError(
        f"{problem}; tried {len(WAITS) + 1} times. Nothing is half-published: run it again"
    )


def summary(old: Manifest | None, new: Manifest) -> str:
    """What a new version brings: a line, an empty one, details."""
    after, before = _rows(new), {} if old is None else _rows(old)
    total = f"{sum(after.values()):,} rows"
    if old is None:
        title = f"{total}: " + ", ".join(f"{split} {rows:,}" for split, rows in after.items())
    elif after != before:
        moved = [
            f"{split} {before.get(split, 0):,} → {after.get(split, 0):,}"
            for split in dict.fromkeys([*before, *after])
            if before.get(split) != after.get(split)
        ]
        title = f"{total} (were {sum(before.values()):,}): {', '.join(moved)}"
    elif old != new:
        known = {part.digest for part in old.parts}
        other = sum(part.digest not in known for part in new.parts)
        title = f"{total} as before, {other:,} of {len(new.parts):,} parts changed"
    else:
        title = f"The same {total}, with another card"
    details = [f"made by callwright {new.command}, seed {new.seed}"]
    if old is not None:
        names = sorted({*old.versions, *new.versions})
        details += [
            f"{name} {old.versions.get(name, 'none')} → {new.versions.get(name, 'none')}"
            for name in names
            if old.versions.get(name) != new.versions.get(name)
        ]
    return f"{title}\n\n" + "\n".join(details)


def target_for(place: Place, *, private: bool | None, tag: str | None) -> HubTarget | UrlTarget:
    """What writes there.

    Raises:
        UserError: A folder is asked for what only the Hub has.
    """
    if place.revision is not None:
        raise UserError(f"{place}: publish without @{place.revision}; give a version with --tag")
    if place.repo is not None:
        return HubTarget(place, private=private, tag=tag)
    if tag is not None or private is not None:
        raise UserError(
            f"{place} is a folder: it knows no tags and nobody's rights; leave out --tag, "
            "--private and --public, and put a version into its name"
        )
    return UrlTarget(place)


def _refuse_another(first: Standing, at: Standing, name: str) -> None:
    """A dataset that came between two attempts was never looked at by who publishes."""
    if at.manifest != first.manifest:
        raise UserError(
            f"somebody else published another version to {name} meanwhile; look at it, then run "
            "this again to replace it"
        )


def _rows(manifest: Manifest) -> dict[str, int]:
    rows: dict[str, int] = {}
    for part in manifest.parts:
        rows[part.split] = rows.get(part.split, 0) + part.rows
    return rows


def _key(order: Order, files: Mapping[str, Content]) -> str:
    return key(order.place.repo or order.name, order.licence, order.formats, files)


def _pictures(facts: Facts, pack_of: Mapping[str, str]) -> list[Picture]:
    with drawing():
        tools = [p for p in about_tools([facts], pack_of) if not p.name.startswith("graph")]
        return [*about_rows([facts]), *tools, about_arguments([facts]), about_gates([facts])]
