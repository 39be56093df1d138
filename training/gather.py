"""Rows as samples. A row that gives none is kept as a rejection: in = rendered + refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Protocol

from callwright.schemas.errors import UserError
from callwright.schemas.record import Conversation, Rejection
from callwright.schemas.store import Dataset
from callwright.training.render import Refusal, Renderer, Sample


class Progress(Protocol):
    """Is told what is done, how much of it and of how much, and how it goes."""

    def __call__(self, what: str, done: int, total: int, note: str = "") -> None: ...


@dataclass
class Gathered:
    """What became of some rows."""

    rows: int = 0
    samples: list[Sample] = field(default_factory=list)
    refused: list[Rejection] = field(default_factory=list)

    @property
    def reasons(self) -> dict[str, int]:
        """Reason -> how many rows were refused for it, the most frequent first."""
        return dict(Counter(one.reason for one in self.refused).most_common())

    def told(self, what: str) -> str:
        """One line about them.

        Args:
            what: whose rows they are.
        """
        line = f"{what}: {self.rows:,} rows, {len(self.samples):,} samples"
        shortened = sum(bool(sample.dropped) for sample in self.samples)
        if shortened:
            line += f", {shortened:,} without their earliest rounds"
        if not self.refused:
            return line
        why = ", ".join(f"{count:,} {reason}" for reason, count in self.reasons.items())
        return f"{line}; {len(self.refused):,} refused: {why}"


def rows_of(dataset: Dataset, pattern: str, key: str) -> list[Conversation]:
    """The rows of the splits that a pattern means.

    Args:
        dataset: where they are.
        pattern: a split's name, or one with `*`.
        key: of the recipe, for the message.

    Raises:
        UserError: there is no such split.
        StoreError: a part of the dataset cannot be read.
    """
    names = [name for name in dataset.splits() if fnmatchcase(name, pattern)]
    if not names:
        known = ", ".join(dataset.splits()) or "none"
        raise UserError(
            f"{dataset.folder} has no split {pattern!r}; it has {known}: split it with "
            f"`callwright curate`, or say which in training.{key}"
        )
    return [row for name in names for row in dataset.rows(name)]


def render_rows(
    renderer: Renderer, rows: Sequence[Conversation], what: str, progress: Progress
) -> Gathered:
    """Render rows.

    Args:
        renderer: makes the samples.
        rows: of one use.
        what: what they are used for; stands in the rejections.
        progress: is told of every row.

    Raises:
        UserError: not one row can be rendered.
    """
    found = Gathered(rows=len(rows))
    for done, row in enumerate(rows, 1):
        try:
            found.samples += renderer.render(row)
        except Refusal as refusal:
            found.refused.append(
                Rejection(
                    stage=what, reason=refusal.reason, detail=refusal.detail, row={"id": row.id}
                )
            )
        progress(f"rendering {what}", done, len(rows))
    if not found.samples:
        raise UserError(f"nothing to train on. {found.told(what)}{_first(found.refused)}")
    return found


def _first(refused: Iterable[Rejection]) -> str:
    return next((f"; the first: {one.row['id']}: {one.detail}" for one in refused), "")
