"""NESTFUL v1: `{"input", "output": [{"name", "arguments", "label"}]}` and a file of tools.

A value `$var1.flights[0].id$` stands for that part of the result labelled `var1`; `var_result`
is no call but names what the user asked for. References are carried as they are written; which
call they lead to stands in the plan, and the wanted results in `expected.outputs`. Each row
offers the tools that it calls: the format does not say what else was on offer.
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
from callwright.schemas.formats.defects import Defect, check_calls, defect, pointer
from callwright.schemas.formats.guard import want_list, want_object, want_text
from callwright.schemas.formats.imports import Draft, Imported, import_rows
from callwright.schemas.pointers import leaves
from callwright.schemas.record import Expected, Function, Plan, Step

REFERENCE = re.compile(r"\$(var\d+)((?:\.[A-Za-z_]\w*|\[\d+\])*)\$")
_PART = re.compile(r"[A-Za-z_]\w*|\d+")
_FINAL = "var_result"

Catalogue = dict[str, tuple[dict[str, Any], dict[str, Any]]]


def read_nestful(
    path: Path, *, companion: Path | None = None, licence: str | None = None
) -> Imported:
    """Read NESTFUL v1; see `imports.Reader`. Its tools: `…-spec.json` beside `…-data.json`."""
    beside = path.with_name(path.name.replace("-data", "-spec"))
    tools = read_catalogue(companion or beside, "nestful", "name", _tool)
    return import_rows(path, "nestful", ("input", "output"), lambda r: _convert(r, tools), licence)


def _tool(spec: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    declared = want_object(spec.get("query_parameters") or {}, "query_parameters")
    for name, value in declared.items():
        given = want_object(value, name)
        schema: dict[str, Any] = {
            key: given[key]
            for key in ("type", "description", "items", "properties", "format")
            if key in given
        }
        if given.get("allowed_values"):
            schema["enum"] = given["allowed_values"]
        if "default_value" in given:
            schema["default"] = given["default_value"]
        properties[name] = schema
        if given.get("required") is True:
            required.append(name)
    return dict(tool(spec["name"], spec.get("description"), properties, required))


def _convert(row: dict[str, Any], catalogue: Catalogue) -> Draft:
    query = want_text(row["input"], "input")
    calls: list[tuple[str, Function]] = []
    labels: dict[str, tuple[str, str]] = {}
    steps: list[Step] = []
    outputs: list[dict[str, str]] = []
    defects: list[Defect] = []
    for index, item in enumerate(want_list(row["output"], "output")):
        where = f"output/{index}"
        entry = want_object(item, where)
        name = want_text(entry.get("name"), f"{where}/name")
        arguments = want_object(entry.get("arguments"), f"{where}/arguments")
        call = _FINAL if name == _FINAL else f"call_{len(calls) + 1}"
        used = list(_references(arguments))
        defects.extend(_dangling(call, used, labels, catalogue))
        found = [(labels[ref[1]][0], ref[2]) for ref in used if ref[1] in labels]
        if name == _FINAL:
            outputs.extend({"call": made, "pointer": path} for made, path in found)
            continue
        calls.append((call, Function(name=name, arguments=arguments)))
        steps.append(Step(call=call, tool=name, after=sorted({made for made, _ in found})))
        if isinstance(label := entry.get("label"), str):
            labels[label] = (call, name)
    names = dict.fromkeys(function.name for _, function in calls)
    tools = [catalogue[name][0] for name in names if name in catalogue]
    defects.extend(check_calls(tools, calls, REFERENCE))
    defects.extend(without_results("nestful", calls))
    return Draft(
        tools=tools,
        messages=call_messages(query, calls),
        defects=defects,
        plan=Plan(steps=steps, sequence=[function.name for _, function in calls]),
        expected=Expected(outputs=outputs, calls=[function for _, function in calls]),
    )


def _references(arguments: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(pointer of the argument, label, pointer into its result) of every reference."""
    for at, leaf in leaves(arguments):
        if isinstance(leaf, str):
            for found in REFERENCE.finditer(leaf):
                yield at, found[1], pointer(_PART.findall(found[2]))


def _dangling(
    call: str,
    used: list[tuple[str, str, str]],
    labels: dict[str, tuple[str, str]],
    catalogue: Catalogue,
) -> Iterator[Defect]:
    for at, label, path in used:
        if label not in labels:
            code = "dangling_output" if call == _FINAL else "dangling_reference"
            yield defect(f"{call}#{at}", code, f"no earlier call is {label}")
            continue
        spec = catalogue.get(labels[label][1], ({}, {}))[1]
        declared = spec.get("output_parameters")
        first = path.split("/")[1] if path else None
        if first and isinstance(declared, dict) and first not in declared:
            detail = f"{labels[label][1]} declares no output {first}"
            yield defect(f"{call}#{at}", "unknown_field", detail)
