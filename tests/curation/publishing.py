"""What the tests of publishing share: small datasets of certified rows, sent without waiting."""

from functools import cache

from callwright.curation.publish import Order, prepare, publish
from callwright.curation.publish_hub import HubTarget
from callwright.curation.publish_place import parse_place
from callwright.curation.publish_url import UrlTarget
from callwright.schemas.record import Rejection
from callwright.schemas.store import Manifest, Writer


def store(folder, splits, *, rejects=(), seed=1, recipe=None):
    """Write rows, given as split -> rows, a part of two rows at a time."""
    made = {"command": "build", "seed": seed, "versions": {"callwright": "1"}}
    writer = Writer(folder, Manifest(**made, recipe=recipe or {}))
    for split, rows in splits.items():
        placed = [row.model_copy(update={"split": split}) for row in rows]
        for start in range(0, len(placed), 2):
            writer.write_part(placed[start : start + 2], split=split)
    writer.write_part([], list(rejects) or [Rejection(stage="build", reason="stutter", row={})])
    writer.finish()
    return folder


@cache
def prepared(folder, url, toolbox, **order):
    """Look a folder through, once for all tests that leave it as it is."""
    return prepare(Order(folder, parse_place(url), toolbox, **order))


def send(folder, url, toolbox, *, tag=None, private=None, **order):
    """Publish without waiting between attempts."""
    place = parse_place(url)
    target = HubTarget(place, private=private, tag=tag) if place.repo else UrlTarget(place)
    ready = prepared(folder, url, toolbox, **order)
    outcome = publish(ready, target, sleep=lambda _: None)
    if place.repo:
        target.finish(outcome.version)
    return outcome
