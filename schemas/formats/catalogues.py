"""Formats whose tools stand in a second file, and whose rows are calls without results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sized
from pathlib import Path
from typing import Any

from callwright.schemas.errors import FormatError
from callwright.schemas.formats.defects import Defect, defect
from callwright.schemas.formats.files import read_rows
from callwright.schemas.formats.format import Second
from callwright.schemas.formats.guard import RowRefused, want_object, want_text
from callwright.schemas.record import Function, Message, ToolCall


def read_catalogue(
    path: Path, form: str, key: str, convert: Callable[[dict[str, Any]], dict[str, Any]]
) -> Second:
    """Read a file of tools.

    Args:
        path: The catalogue.
        form: The format's name.
        key: The key that holds a tool's name.
        convert: Makes an OpenAI-shaped tool of an entry.

    Returns:
        Name -> (OpenAI-shaped tool, the entry as it is). Of two equal names the first counts.

    Raises:
        FormatError: A tool cannot be read; calls could not be checked.
    """
    if not path.exists():
        raise FormatError(f"{path}: {form} needs its file of tools; name it with --companion FILE")
    tools: Second = {}
    for raw in read_rows(path):
        try:
            if raw.refused:
                raise raw.refused
            entry = want_object(raw.value, form)
            tools.setdefault(want_text(entry.get(key), key), (convert(entry), entry))
        except RowRefused as refused:
            raise FormatError(
                f"{path}:{raw.line}: not a tool of {form} ({refused}); mend or remove it"
            ) from refused
    return tools


def tool(name: str, description: Any, properties: dict[str, Any], required: list[str]) -> Any:
    """An OpenAI-shaped tool that takes the declared parameters and no others."""
    parameters = {
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }
    function = {"name": name, "description": str(description or ""), "parameters": parameters}
    return {"type": "function", "function": function}


def call_messages(query: str, calls: Iterable[tuple[str, Function]]) -> list[Message]:
    """The user's request and one assistant message a call: they are made one after another."""
    return [
        Message(role="user", content=query),
        *(
            Message(role="assistant", tool_calls=[ToolCall(id=call, function=function)])
            for call, function in calls
        ),
    ]


def without_results(form: str, calls: Sized) -> list[Defect]:
    """What every row of such a format lacks, said once."""
    if not calls:
        return []
    detail = f"{form} has no results; calls without one: {len(calls)}"
    return [defect("messages", "missing_result", detail)]
