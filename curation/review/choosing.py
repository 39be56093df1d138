"""Which rows people should see: all, a sample with every stratum's share, or the least sure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from callwright.curation.draw import shares
from callwright.curation.review.sheets import sureness
from callwright.schemas.canonical import digest
from callwright.schemas.errors import UserError
from callwright.schemas.store import Dataset

STRATA = ("scenario", "language", "length", "split", "steps")
"""What a sample can be stratified by."""


@dataclass(frozen=True)
class Choice:
    """What is asked for."""

    sample: int | None = None
    """Rows; None: all."""
    by: Sequence[str] = ()
    """Some of `STRATA`: each combination gets its share."""
    least_sure: bool = False
    """Those that the gates are least sure of, instead of a sample."""
    seed: int = 0


def choose(dataset: Dataset, choice: Choice) -> list[str]:
    """Ids of the chosen rows, in the dataset's order; the same for the same seed.

    Raises:
        UserError: A stratum that does not exist, or strata for no sample.
        StoreError: The dataset cannot be read.
    """
    unknown = [name for name in choice.by if name not in STRATA]
    if unknown:
        raise UserError(f"--by {unknown[0]}: a sample can be by {', '.join(STRATA)}")
    if choice.sample is None:
        if choice.by or choice.least_sure:
            raise UserError("--by and --least-sure say which rows of how many: add --sample N")
        return [name for frame in dataset.frames(columns=["id"]) for name in frame["id"]]
    if choice.by and choice.least_sure:
        raise UserError("--by and --least-sure exclude each other: choose one")
    if choice.least_sure:
        return _least_sure(dataset, choice)
    return _stratified(dataset, choice)


def _least_sure(dataset: Dataset, choice: Choice) -> list[str]:
    found = [(sureness(row), _rank(row.id, choice.seed), row.id) for row in dataset.rows()]
    taken = {name for _, _, name in sorted(found)[: choice.sample]}
    return [name for _, _, name in found if name in taken]


def _stratified(dataset: Dataset, choice: Choice) -> list[str]:
    stratum: dict[str, Hashable] = {}
    for frame in dataset.frames(columns=["id", "scenario", "language", "split", "plan"]):
        for flat in frame.iter_rows(named=True):
            stratum[flat["id"]] = tuple(_value(flat, name) for name in choice.by)
    sizes = Counter(stratum.values())
    quota = shares(choice.sample or 0, sizes, sizes)
    members: defaultdict[Hashable, list[str]] = defaultdict(list)
    for name in sorted(stratum, key=lambda name: _rank(name, choice.seed)):
        members[stratum[name]].append(name)
    taken = {name for key, names in members.items() for name in names[: quota[key]]}
    return [name for name in stratum if name in taken]


def _value(flat: dict[str, Any], name: str) -> Any:
    if name in ("length", "steps"):
        plan = orjson.loads(flat["plan"])
        return plan["length"] if name == "length" else len(plan["steps"])
    return flat[name]


def _rank(name: str, seed: int) -> str:
    return digest(f"{seed} {name}")
