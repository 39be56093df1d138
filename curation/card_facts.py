"""All that a card is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from callwright.curation.publish_checks import Checked
from callwright.curation.report_facts import Facts
from callwright.curation.report_leakage import Leakage
from callwright.schemas.charts import Picture


@dataclass(frozen=True)
class Pack:
    """What a card says of a pack of tools."""

    name: str
    about: str
    data: str
    """Where its data comes from: source, version or date, licence."""
    tools: int


@dataclass(frozen=True)
class Written:
    """The rows in another format."""

    types: Mapping[str, str]
    """Column -> its type, as a card has it."""
    splits: Sequence[str]
    """Those that have any."""
    refused: int
    """Rows that the format cannot carry."""


@dataclass(frozen=True)
class Told:
    """All that a card is made from."""

    name: str
    """The last part of where it goes."""
    repo: str | None
    """On the Hub; in a card elsewhere no address stands, for it may be nobody else's business."""
    facts: Facts
    checked: Checked
    leakage: Leakage | None
    packs: Sequence[Pack]
    pictures: Sequence[Picture]
    download: int
    """Bytes of the data parts."""
    licence: str | None = None
    formats: Mapping[str, Written] = field(default_factory=dict)

    @property
    def rows(self) -> dict[str, int]:
        """Split -> rows, in the order of the dataset."""
        return {split: self.facts.splits[split] for split in self.facts.dataset.splits()}

    @property
    def imported(self) -> int:
        """Rows that were imported."""
        return sum(self.checked.origins.values())
