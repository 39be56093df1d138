"""What a format is: how its rows are read, how a conversation is written in it, what comes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from callwright.schemas.formats.defects import Defect
from callwright.schemas.record import Conversation, Expected, Message, Plan

Raw = dict[str, Any]
"""A row as the file has it."""

Second = dict[str, Any]
"""A format's second file, by name (tools) or id (answers); empty for a format that has none."""


@dataclass(slots=True)
class Draft:
    """What a format's reader makes of one row."""

    tools: list[dict[str, Any]]
    messages: list[Message]
    defects: list[Defect] = field(default_factory=list)
    plan: Plan = field(default_factory=Plan)
    expected: Expected = field(default_factory=Expected)
    extra: dict[str, Any] = field(default_factory=dict)
    """Further keys of `origin`: rows of the second file."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What of a conversation a format holds, and must give back unchanged."""

    messages: list[Message]
    tools: list[dict[str, Any]]


def whole(row: Conversation) -> Carried:
    """Every message and every tool."""
    return Carried(row.messages, row.tools)


@dataclass(frozen=True)
class Format:
    """One format; the table of all is `FORMATS`."""

    name: str
    about: str
    """One line for a list of formats."""
    keys: tuple[str, ...]
    """What each row must have."""
    read: Callable[[Raw, Second], Draft]
    """Reads a row, or raises RowRefused where no Conversation can hold it unchanged."""
    write: Callable[[Conversation], Raw] | None = None
    """Writes a row, or raises RowRefused where the format cannot hold it; None: import only."""
    carried: Callable[[Conversation], Carried] = whole
    load_second: Callable[[Path, Path | None], Second] | None = None
    """Reads the second file: that beside the rows, or the one named."""
    second_of: Callable[[Conversation], Second] | None = None
    """Entries of the second file that a written row needs, by name."""
    second_beside: Callable[[Path], Path] | None = None
    """Where the second file is written."""
    merged: Callable[[Raw, Raw], Raw] | None = None
    """Makes one entry of the second file of two for the same name, or raises RowRefused."""
    resolved: Callable[[Draft, Conversation], Draft] | None = None
    """What was read back, with values where the format has references to results."""
    reference: re.Pattern[str] | None = None
    """An argument that matches it whole stands for an earlier result."""
    calls_only: bool = False
    """Rows are a request and its calls: without results there is no complete conversation."""
