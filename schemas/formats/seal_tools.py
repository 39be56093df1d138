"""Seal-Tools: `{"query", "calling": [{"api", "parameters", "responses"}]}` and a file of tools.

`responses` names a call's results (`API_call_0`, …); a later parameter may be one of these
names. They are carried as they are written. Each row offers the tools that it calls: the format
does not say what else was on offer. Types: str, int, float, bool.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from callwright.schemas.formats.catalogues import (
    call_messages,
    read_catalogue,
    tool,
    without_results,
)
from callwright.schemas.formats.defects import Defect, defect
from callwright.schemas.formats.format import Draft, Format, Raw, Second
from callwright.schemas.formats.guard import RowRefused, want_list, want_object, want_text
from callwright.schemas.pointers import leaves
from callwright.schemas.record import Expected, Function, Plan, Step

REFERENCE = re.compile(r"API_call_\d+")
_TYPES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}


def load_tools(path: Path, companion: Path | None) -> Second:
    """Read the tools: `tool.jsonl` beside the rows, or `companion`."""
    return read_catalogue(
        companion or path.with_name("tool.jsonl"), "seal_tools", "api_name", _tool
    )


def _tool(spec: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for name, value in want_object(spec.get("parameters") or {}, "parameters").items():
        given = want_object(value, name)
        schema: dict[str, Any] = {}
        if "type" in given:
            if str(given["type"]) not in _TYPES:
                raise RowRefused("bad_tool", f"{name}: type {str(given['type'])[:80]!r}")
            schema["type"] = _TYPES[given["type"]]
        schema |= {key: given[key] for key in ("description", "default") if key in given}
        properties[name] = schema
    required = want_list(spec.get("required") or [], "required")
    return dict(tool(spec["api_name"], spec.get("api_description"), properties, required))


def read(row: Raw, catalogue: Second) -> Draft:
    query = want_text(row["query"], "query")
    calls: list[tuple[str, Function]] = []
    results: dict[str, str] = {}
    steps: list[Step] = []
    defects: list[Defect] = []
    for index, item in enumerate(want_list(row["calling"], "calling")):
        where = f"calling/{index}"
        entry = want_object(item, where)
        name = want_text(entry.get("api"), f"{where}/api")
        arguments = want_object(entry.get("parameters"), f"{where}/parameters")
        call = f"call_{len(calls) + 1}"
        calls.append((call, Function(name=name, arguments=arguments)))
        after: set[str] = set()
        for at, reference, whole in _references(arguments):
            place = f"{call}#{at}"
            if not whole:
                defects.append(defect(place, "unclear_reference", f"{reference} within a text"))
            if reference in results:
                after.add(results[reference])
            else:
                detail = f"{reference} is a result of no earlier call"
                defects.append(defect(place, "dangling_reference", detail))
        steps.append(Step(call=call, tool=name, after=sorted(after)))
        for result in want_list(entry.get("responses") or [], f"{where}/responses"):
            results[want_text(result, f"{where}/responses")] = call
    names = dict.fromkeys(function.name for _, function in calls)
    tools = [catalogue[name][0] for name in names if name in catalogue]
    defects.extend(without_results("seal_tools", calls))
    return Draft(
        tools=tools,
        messages=call_messages(query, calls),
        defects=defects,
        plan=Plan(steps=steps, sequence=[function.name for _, function in calls]),
        expected=Expected(calls=[function for _, function in calls]),
    )


def _references(arguments: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """(pointer of the argument, name of the result, whether it is the whole value)."""
    for at, leaf in leaves(arguments):
        if isinstance(leaf, str):
            for found in REFERENCE.finditer(leaf):
                yield at, found[0], found[0] == leaf


SEAL_TOOLS = Format(
    name="seal_tools",
    about="Seal-Tools: a request and its calls; no results",
    keys=("query", "calling"),
    read=read,
    load_second=load_tools,
    reference=REFERENCE,
    calls_only=True,
)
