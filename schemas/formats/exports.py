"""Writing rows in a format; each is read back, and refused where anything has changed.

What a format cannot hold thus never leaves bent: either its module says why it refuses the row,
or the comparison here finds the difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from callwright.schemas.canonical import dumps
from callwright.schemas.errors import UserError
from callwright.schemas.formats.format import Carried, Draft, Format, Raw
from callwright.schemas.formats.guard import (
    DECODER,
    MAX_ROW_BYTES,
    RowRefused,
    require_carriable,
)
from callwright.schemas.reading import identical
from callwright.schemas.record import Conversation, Message


@dataclass(frozen=True, slots=True)
class Exported:
    """One row: its text in the format, or the reason why there is none."""

    id: str
    text: str = ""
    """JSON of one line."""
    refused: RowRefused | None = None


class Exporter:
    """Writes rows of one format, and gathers its second file on the way."""

    def __init__(self, form: Format) -> None:
        """Begin.

        Raises:
            UserError: The format can only be imported.
        """
        if form.write is None:
            raise UserError(f"{form.name} can be imported, not exported")
        self.form = form
        self.second: dict[str, Raw] = {}
        """Entries of the second file by name, for a format that has one."""

    def rows(self, rows: Iterable[Conversation]) -> Iterator[Exported]:
        """Each row, written or refused, in order."""
        for row in rows:
            try:
                yield Exported(row.id, self._written(row))
            except RowRefused as refused:
                yield Exported(row.id, refused=refused)

    def _written(self, row: Conversation) -> str:
        form = self.form
        assert form.write is not None, "checked when the exporter was made"
        try:
            text = dumps(form.write(row))
        except TypeError as error:  # a lone surrogate, a NaN
            raise RowRefused("not_json", str(error)) from None
        if len(text.encode()) > MAX_ROW_BYTES:
            raise RowRefused("too_large", f"the row is longer than {MAX_ROW_BYTES} bytes")
        second = form.second_of(row) if form.second_of else {}
        back = form.read(_decoded(text), second)
        if form.resolved:
            back = form.resolved(back, row)
        changed = difference(form.carried(row), back)
        if changed:
            raise RowRefused("changed", f"read back, {changed}")
        self._gather({name: entry for name, (_, entry) in second.items()})
        return text

    def _gather(self, entries: dict[str, Raw]) -> None:
        merged = self.form.merged
        if merged is not None:
            known = self.second
            # All or none: a row whose second tool is refused leaves nothing of its first.
            self.second |= {
                name: merged(known[name], entry) if name in known else entry
                for name, entry in entries.items()
            }


def _decoded(text: str) -> Any:
    try:
        value = DECODER.decode(text)
    except RecursionError:
        raise RowRefused("too_deep", "nested too deeply to be read back") from None
    require_carriable(value)
    return value


def difference(carried: Carried, back: Draft) -> str | None:
    """What is not as it was, in one line; None where all is equal in type and value.

    Saying nothing beside calls is written as null by some and as "" by others, and is no
    difference.
    """
    if len(carried.messages) != len(back.messages):
        return f"{len(carried.messages)} messages are {len(back.messages)}"
    for number, (one, other) in enumerate(zip(carried.messages, back.messages, strict=True)):
        was, now = _plain(one), _plain(other)
        for key, value in was.items():
            if not identical(value, now[key]):
                return f"{key} of message {number} is not the same: {_short(now[key])}"
    names = [tool["function"]["name"] for tool in carried.tools]
    if not identical(carried.tools, back.tools):
        for name, was_tool, now_tool in zip(names, carried.tools, back.tools, strict=False):
            if not identical(was_tool, now_tool):
                return f"the tool {name[:80]} is not the same: {_short(now_tool)}"
        return f"{len(carried.tools)} tools are {len(back.tools)}"
    return None


def _plain(message: Message) -> dict[str, Any]:
    plain = message.model_dump()
    if message.tool_calls and message.content == "":
        plain["content"] = None
    return plain


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 120 else text[:119] + "…"
