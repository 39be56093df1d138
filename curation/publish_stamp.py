"""The last line of a card: a digest by which a card that is still right is known without a row.

It covers all that a published dataset is made from and the card itself, but not what somebody wrote
between the card's two marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version

from callwright.curation.card_text import BEGIN, END
from callwright.curation.publish_layout import Content, Standing, changes, is_ours
from callwright.schemas.canonical import digest

_STAMP = re.compile(r"<!-- made from ([0-9a-f]{32}) -->\n\Z")


def key(
    name: str, licence: str | None, formats: Sequence[str], files: Mapping[str, Content]
) -> str:
    """Digest of what decides how a dataset is published.

    Args:
        name: Where it goes, as the card calls it.
        licence: What was chosen.
        formats: In which the rows are published too.
        files: What `publish_layout.dataset_files` gives; the manifest has the parts' digests.
    """
    small = {path: digest(text) for path, text in files.items() if isinstance(text, bytes)}
    return digest([version("callwright"), name, licence, sorted(formats), small])


def stamped(card: str, made_from: str, paths: Iterable[str]) -> str:
    """The card with its stamp.

    Args:
        card: Without one.
        made_from: See `key`.
        paths: All files that are published, the card or not.
    """
    return f"{card}<!-- made from {_digest(card, made_from, paths)} -->\n"


def without_stamp(card: str) -> str:
    """The card as it was before `stamped`."""
    return _STAMP.sub("", card)


def is_up_to_date(files: Mapping[str, Content], made_from: str, at: Standing) -> bool:
    """Whether exactly this stands there already, so that no row has to be looked at.

    Args:
        files: As in `key`.
        made_from: See `key`.
        at: What stands there.
    """
    found = _STAMP.search(at.card or "")
    if at.card is None or found is None:
        return False
    same = found[1] == _digest(without_stamp(at.card), made_from, at.sizes)
    return same and not changes(files, at.card, at).write


def _digest(card: str, made_from: str, paths: Iterable[str]) -> str:
    head, _, rest = card.partition(BEGIN)
    return digest([made_from, head, rest.partition(END)[2], sorted(filter(is_ours, paths))])
