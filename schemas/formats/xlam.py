"""xLAM (xlam-function-calling-60k): `{"id", "query", "tools", "answers"}`.

`tools` and `answers` are JSON texts. A tool is flat, and its parameters are no JSON Schema but
what its `properties` would be; the data set's types are Python's (`str`, `List[int]`), the model
cards' are JSON Schema's, and both are read. A parameter is required unless its type says
`, optional` or it has a default. Answers are the calls, all made at once; there are no results.
"""

from __future__ import annotations

import re
from typing import Any

from callwright.schemas.formats.catalogues import tool, without_results
from callwright.schemas.formats.drafting import Drafting
from callwright.schemas.formats.format import Carried, Draft, Format, Raw, Second
from callwright.schemas.formats.guard import (
    RowRefused,
    decode_inner,
    want_list,
    want_object,
    want_text,
)
from callwright.schemas.formats.turns import json_text, one_request, spec_of
from callwright.schemas.record import Conversation

_PYTHON = {
    "str": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "list": "array",
    "tuple": "array",
    "set": "array",
    "dict": "object",
}
_JSON = frozenset(("string", "integer", "number", "boolean", "array", "object", "null"))
_LIST_OF = re.compile(r"(?:list|set)\[(\w+)\]", re.IGNORECASE)
_OPTIONAL = ", optional"


# -------------------------------------------------------------------- reading


def read(row: Raw, second: Second) -> Draft:
    del second
    listed = _decoded(row.get("tools") or [], "tools")
    drafting = Drafting([])
    for index, item in enumerate(want_list(listed, "tools")):
        drafting.draft.tools.append(_tool(want_object(item, f"tools/{index}"), drafting))
    drafting.say("user", want_text(row["query"], "query"))
    answers = want_list(_decoded(row["answers"], "answers"), "answers")
    if answers:
        drafting.call(answers, "answers")
        calls = [call for _, call in drafting.open]
        drafting.draft.defects.extend(without_results("xlam", calls))
    return drafting.draft


def _decoded(value: Any, where: str) -> Any:
    return decode_inner(value, f"undecodable_{where}", where) if isinstance(value, str) else value


def _tool(spec: dict[str, Any], drafting: Drafting) -> dict[str, Any]:
    name = spec.get("name")
    if not isinstance(name, str) or not name:
        raise RowRefused("bad_tool", "a tool has no name")
    properties: dict[str, Any] = {}
    required: list[str] = []
    for parameter, given in want_object(spec.get("parameters") or {}, name).items():
        schema = dict(want_object(given, f"{name}: {parameter}"))
        said = schema.pop("type", None)
        kind = said.removesuffix(_OPTIONAL) if isinstance(said, str) else said
        if kind == said and "default" not in schema:
            required.append(parameter)
        properties[parameter] = {**_typed(kind), **schema}
        if kind is not None and not _typed(kind):
            detail = f"{parameter}: {str(said)[:80]!r} is no type; carried without one"
            drafting.report(f"tools/{name}", "unknown_type", detail)
    return dict(tool(name, spec.get("description"), properties, required))


def _typed(kind: Any) -> dict[str, Any]:
    """A type as JSON Schema; nothing for one that neither Python nor JSON Schema knows."""
    if not isinstance(kind, str):
        return {"type": kind} if isinstance(kind, list) else {}
    if kind in _JSON:
        return {"type": kind}
    many = _LIST_OF.fullmatch(kind)
    if many and many[1].lower() in _PYTHON:
        return {"type": "array", "items": {"type": _PYTHON[many[1].lower()]}}
    plain = _PYTHON.get(kind.lower())
    return {"type": plain} if plain else {}


# -------------------------------------------------------------------- writing


def carried(row: Conversation) -> Carried:
    """The request, the turn of calls that it leads to, and the tools."""
    return Carried([m for m in row.messages if m.role == "user" or m.tool_calls], row.tools)


def write(row: Conversation) -> Raw:
    query, calls = one_request(row)
    if len(calls) > 1:
        raise RowRefused("needs_results", "the format has no results, and later calls follow them")
    answers = [spec_of(call) for turn in calls for call in turn.calls]
    tools = [_flat(offered["function"]) for offered in row.tools]
    return {
        "id": row.id,
        "query": query,
        "tools": json_text(tools),
        "answers": json_text(answers),
    }


def _flat(function: dict[str, Any]) -> dict[str, Any]:
    parameters = function.get("parameters") or {}
    required = parameters.get("required") or []
    flat = {}
    for name, given in (parameters.get("properties") or {}).items():
        schema = dict(want_object(given, f"{function['name']}: {name}"))
        if name not in required and isinstance(schema.get("type"), str):
            schema["type"] += _OPTIONAL
        flat[name] = schema
    return {
        "name": function["name"],
        "description": function.get("description"),
        "parameters": flat,
    }


XLAM = Format(
    name="xlam",
    about="xLAM: a request, its tools and the calls that answer it; no results",
    keys=("query", "tools", "answers"),
    read=read,
    write=write,
    carried=carried,
    calls_only=True,
)
