"""Reading what judges ask: benchmark files become questions, calls and tools to be kept out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from callwright.schemas.errors import FormatError
from callwright.schemas.formats import READERS
from callwright.schemas.formats.files import read_rows
from callwright.schemas.record import Conversation

Call = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Judged:
    """One row of a benchmark."""

    name: str
    """File and id (or line) by which a hit names it."""
    request: str = ""
    calls: tuple[Call, ...] = ()
    tools: tuple[dict[str, Any], ...] = ()
    """Functions: `name` and `parameters`."""


@dataclass
class Benchmark:
    """What one file holds."""

    path: Path
    rows: list[Judged] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    """Rows that could not be read, each with the reason. What is not read is not kept out."""


def read_benchmark(path: Path) -> Benchmark:
    """Read a benchmark's file in whatever format it is.

    The known formats are tried by the keys of the first row; any other JSONL or JSON list is
    searched for what looks like a question, calls and tools.

    Raises:
        FormatError: The file cannot be read or is no JSON, or not one of its rows holds anything
            that could be compared.
    """
    found = Benchmark(path)
    form = _form(path)
    for item in _converted(path, form) if form else _searched(path):
        if isinstance(item, str):
            found.unread.append(item)
        else:
            found.rows.append(item)
    if not any(row.request or row.calls or row.tools for row in found.rows):
        raise FormatError(
            f"{path}: no row has a question, calls or tools; name a benchmark's file, such as "
            "BFCL's or JSONL with `question` and `tools`"
        )
    return found


# Keys of a format's rows, as far as they tell it from the others.
_KEYS = {
    "bfcl": {"question"},
    "openai": {"messages"},
    "sharegpt": {"conversations"},
}


def _form(path: Path) -> str | None:
    for raw in read_rows(path):
        if raw.refused or not isinstance(raw.value, dict):
            continue
        keys = raw.value.keys()
        form = next((name for name, wanted in _KEYS.items() if wanted <= keys), None)
        # BFCL's questions are lists of messages; a plain text is anybody's.
        if form == "bfcl" and not isinstance(raw.value["question"], list):
            return None
        return form
    return None


def _converted(path: Path, form: str) -> Iterator[Judged | str]:
    for row in READERS[form](path):
        if isinstance(row, Conversation):
            yield _judged(row)
        else:
            yield f"{row.detail} ({row.reason})"


def _judged(row: Conversation) -> Judged:
    origin = row.origin or {}
    raw = origin.get("raw", {})
    name = raw.get("id", origin.get("line")) if isinstance(raw, dict) else origin.get("line")
    made = [c.function for m in row.messages for c in m.tool_calls or ()] or row.expected.calls
    return Judged(
        name=f"{origin.get('source', '')}:{name}",
        request="\n".join(m.content or "" for m in row.messages if m.role == "user"),
        calls=tuple((call.name, call.arguments) for call in made),
        tools=tuple(tool["function"] for tool in row.tools if "name" in tool.get("function", {})),
    )


# ------------------------------------------------------------- unknown formats

_ASKED = ("question", "query", "request", "instruction", "prompt", "user", "input", "text")
_OFFERED = ("tools", "functions", "function", "api_list", "tool")
_CALLED = ("calls", "tool_calls", "answers", "output", "ground_truth")


def _searched(path: Path) -> Iterator[Judged | str]:
    for raw in read_rows(path):
        if raw.refused:
            yield f"{path.name}:{raw.line}: {raw.refused}"
            continue
        row = {"text": raw.value} if isinstance(raw.value, str) else raw.value
        if not isinstance(row, dict):
            yield f"{path.name}:{raw.line}: neither an object nor a text"
            continue
        yield Judged(
            name=f"{path.name}:{row.get('id', raw.line)}",
            request=next((row[k] for k in _ASKED if isinstance(row.get(k), str)), ""),
            calls=tuple(_calls(_first(row, _CALLED))),
            tools=tuple(_tools(_first(row, _OFFERED))),
        )


def _first(row: dict[str, Any], keys: Iterable[str]) -> list[Any]:
    for key in keys:
        value = _unwrapped(row.get(key))
        if isinstance(value, dict):
            return [value]
        if isinstance(value, list):
            return value
    return []


def _unwrapped(value: Any) -> Any:
    """Many files hold lists as JSON text."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return None
    return value


def _tools(items: list[Any]) -> Iterator[dict[str, Any]]:
    for item in items:
        inner = item.get("function", item) if isinstance(item, dict) else None
        if isinstance(inner, dict) and isinstance(inner.get("name"), str):
            yield inner


def _calls(items: list[Any]) -> Iterator[Call]:
    for inner in _tools(items):
        arguments = _unwrapped(inner.get("arguments", inner.get("parameters")))
        if isinstance(arguments, dict):
            yield inner["name"], arguments


# ------------------------------------------------------------------ signatures

_WORD_BREAK = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")


def plain_name(name: str) -> str:
    """A tool's name however it is spelled: `math.hypot`, `mathHypot` and `math_hypot` are one."""
    return "_".join(_WORD_BREAK.split(name)).strip("_").casefold() or name


_ALIKE = {"integer": "number", "float": "number", "dict": "object", "tuple": "array"}


def signature(function: dict[str, Any]) -> tuple[str, ...]:
    """Names and types of a tool's parameters, sorted; empty where they are not declared."""
    parameters = function.get("parameters")
    properties = parameters.get("properties") if isinstance(parameters, dict) else None
    if not isinstance(properties, dict):
        return ()
    found = []
    for name, schema in properties.items():
        kind = schema.get("type") if isinstance(schema, dict) else None
        kind = kind if isinstance(kind, str) else ""
        found.append(f"{plain_name(name)}:{_ALIKE.get(kind, kind)}")
    return tuple(sorted(found))
