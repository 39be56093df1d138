"""`manifest.json`: what a dataset consists of, and the checks on what it claims."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from callwright.schemas.errors import StoreError

FORMAT_VERSION = 1
NAME = "manifest.json"

SPLIT = re.compile(r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*")  # what `datasets` takes for a split
_DATA = re.compile(rf"data/(?P<split>{SPLIT.pattern})/part-[0-9]{{5,}}\.parquet")
_REJECTS = re.compile(r"rejects/part-[0-9]{5,}\.parquet")


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PartFile(_Model):
    """One parquet file of the dataset."""

    path: str
    """Relative to the dataset's folder, with forward slashes."""
    rows: int = Field(ge=0)
    digest: str
    """`canonical.digest` of the file's bytes."""

    @property
    def split(self) -> str:
        """The split a data part belongs to."""
        return self.path.split("/")[1]


class Counts(_Model):
    """Row counts; in = kept + rejected."""

    kept: int = 0
    rejected: int = 0
    rejected_by_reason: dict[str, int] = {}
    by_scenario: dict[str, int] = {}
    by_language: dict[str, int] = {}


class Manifest(_Model):
    """What made a dataset and what it consists of. Holds no times and no absolute paths."""

    format: Literal["callwright"] = "callwright"
    """Marks the folder as ours: `force` deletes nothing where this mark is missing."""
    format_version: int = FORMAT_VERSION
    command: str
    recipe: dict[str, Any] = {}
    """The resolved recipe."""
    seed: int = 0
    versions: dict[str, str] = {}
    counts: Counts = Counts()
    parts: list[PartFile] = []
    rejects: list[PartFile] = []
    builds: dict[str, Any] = {}
    """Build digest -> tools section + versions; carried through every command."""
    parents: list[str] = []
    """Digests of the manifests of the datasets this one was made from."""
    finished: bool = False
    progress: dict[str, Any] = {}
    """Whatever the command needs to go on where it stopped; empty once finished."""

    @field_validator("parts")
    @classmethod
    def _data_paths(cls, parts: list[PartFile]) -> list[PartFile]:
        return _checked(parts, _DATA, "data/<split>/part-<number>.parquet")

    @field_validator("rejects")
    @classmethod
    def _reject_paths(cls, parts: list[PartFile]) -> list[PartFile]:
        return _checked(parts, _REJECTS, "rejects/part-<number>.parquet")

    def to_bytes(self) -> bytes:
        """The text of `manifest.json`."""
        return orjson.dumps(self.model_dump(), option=orjson.OPT_INDENT_2) + b"\n"


def _checked(parts: list[PartFile], pattern: re.Pattern[str], form: str) -> list[PartFile]:
    # A manifest may come from anywhere. Only names that this package would have written are
    # read, which leaves no room for absolute paths or `..`.
    seen = set()
    for part in parts:
        if not pattern.fullmatch(part.path):
            raise ValueError(f"part path {part.path!r} is refused: it must read {form}")
        if part.path in seen:
            raise ValueError(f"part path {part.path!r} is listed twice")
        seen.add(part.path)
    return parts


def read_manifest(folder: Path) -> Manifest:
    """Read and check `folder/manifest.json`.

    Raises:
        StoreError: It is missing, unreadable, malformed or of a newer format.
    """
    path = folder / NAME
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise StoreError(f"{folder} is not a callwright dataset: it has no {NAME}") from None
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror or error}") from None
    return parse_manifest(data, str(path))


def parse_manifest(data: bytes, path: str) -> Manifest:
    """Check the text of a manifest, wherever it comes from.

    Args:
        data: The text.
        path: Names it in messages.

    Raises:
        StoreError: It is malformed or of a newer format.
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise StoreError(
            f"{path} is not JSON ({error}); restore it or rebuild the dataset"
        ) from None
    if not isinstance(value, dict) or value.get("format") != "callwright":
        raise StoreError(f'{path} is not a callwright manifest: it lacks "format": "callwright"')
    version = value.get("format_version")
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise StoreError(
            f"{path} has format version {version}, this callwright reads up to {FORMAT_VERSION}; "
            "upgrade callwright"
        )
    try:
        return Manifest.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise StoreError(f"{path} is malformed at {where}: {first['msg']}") from None


def refuse_links(folder: Path, path: str) -> Path:
    """Give `folder/path` after checking that no step below `folder` is a symbolic link.

    A link could lead out of the dataset: to be read as data, or to be overwritten.

    Raises:
        StoreError: A step is a link.
    """
    current = folder
    for step in path.split("/"):
        current = current / step
        if current.is_symlink():
            raise StoreError(
                f"{current} is a symbolic link, which a dataset may not hold; "
                "copy the dataset with links resolved (cp -rL)"
            )
    return current
