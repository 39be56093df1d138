"""What `curate` left beside the data about its splits and what they share, read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import orjson
from pydantic import (
    BaseModel,
    ConfigDict,
    NonNegativeInt,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from callwright.curation.curate import LEAKAGE, SPLIT
from callwright.schemas.errors import StoreError
from callwright.schemas.store_manifest import refuse_links


class _Saved(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _HeldOut(_Saved):
    named: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    topologies: tuple[str, ...] = ()


Name = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,24}$")]
"""Of a split or of what is counted: a word or some, with `_` between them."""


class _Shared(_Saved):
    between: tuple[Name, Name]
    shared: dict[Name, NonNegativeInt]
    must_be_zero: tuple[Name, ...]


class _Stage(_Saved):
    name: Name


class _Split(_Saved):
    stages: tuple[_Stage, ...] = ()
    held_out: _HeldOut = _HeldOut()
    rows_that_offer_fewer_tools: NonNegativeInt = 0


Saved = TypeVar("Saved")
_TABLE = TypeAdapter(tuple[_Shared, ...])
_SPLIT = TypeAdapter(_Split)


@dataclass(frozen=True)
class Pair:
    """Two splits."""

    name: str
    counts: dict[str, tuple[int, bool]]
    """Measure -> things that both splits have, and whether there must be none."""


@dataclass(frozen=True)
class Leakage:
    """What every two splits share."""

    pairs: Sequence[Pair]
    stages: Sequence[str]
    """Stages of the curation, those that dropped nothing too."""
    held_out: str
    """What only the tests of the unseen hold, in a sentence; empty where nothing is held out."""


def read_leakage(folder: Path) -> Leakage | None:
    """Read the table; None where there is none.

    Raises:
        StoreError: It cannot be read, or is no such table.
    """
    table = _read(folder, LEAKAGE, _TABLE, "leakage table")
    if table is None:
        return None
    split = _read(folder, SPLIT, _SPLIT, "account of splits") or _Split()
    pairs = [
        Pair(
            " – ".join(split.replace("_", " ") for split in shared.between),
            {name: (count, name in shared.must_be_zero) for name, count in shared.shared.items()},
        )
        for shared in table
    ]
    return Leakage(pairs, [stage.name for stage in split.stages], _held_out(split))


def _read(folder: Path, name: str, model: TypeAdapter[Saved], what: str) -> Saved | None:
    path = refuse_links(folder, name)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror or error}") from None
    try:
        return model.validate_python(orjson.loads(data))
    except (orjson.JSONDecodeError, ValidationError):
        raise StoreError(f"{path} is no {what}; curate the dataset again") from None


def _held_out(split: _Split) -> str:
    held = split.held_out
    told = []
    if held.tools:
        named = f" ({', '.join(held.named)})" if held.named else ""
        told.append(
            f"{len(held.tools):,} tools{named}, which {split.rows_that_offer_fewer_tools:,} other "
            "rows no longer offer"
        )
    if held.topologies:
        told.append(f"{len(held.topologies):,} topologies")
    return f"Held out for the unseen: {'; '.join(told)}." if told else ""
