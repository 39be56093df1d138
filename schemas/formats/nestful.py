"""NESTFUL v1: `{"input", "output": [{"name", "arguments", "label"}]}` and a file of tools.

A value `$var1.flights[0].id$` stands for that part of the result labelled `var1`; `var_result`
is no call but names what the user asked for. References are carried as they are written; which
call they lead to stands in the plan, and the wanted results in `expected.outputs`. Each row
offers the tools that it calls: the format does not say what else was on offer.

A built row is written with a reference wherever its sources say that a value is a result's, and
is refused where that reference, followed into the row's own results, leads to another value.
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
from callwright.schemas.formats.defects import Defect, defect, pointer
from callwright.schemas.formats.format import Draft, Format, Raw, Second
from callwright.schemas.formats.guard import want_list, want_object, want_text
from callwright.schemas.formats.nestful_writing import (
    FINAL,
    REFERENCE,
    carried,
    merged,
    resolved,
    spec,
    write,
)
from callwright.schemas.pointers import leaves
from callwright.schemas.record import Conversation, Expected, Function, Plan, Step

_PART = re.compile(r"[A-Za-z_]\w*|\d+")
_OURS = ("required", "allowed_values", "default_value")
"""What a parameter says in NESTFUL's own words; the rest is JSON Schema."""


def spec_beside(path: Path) -> Path:
    """`…-spec.json` beside `…-data.json`; `NAME-spec.json` beside any other NAME."""
    if "-data" in path.name:
        return path.with_name(path.name.replace("-data", "-spec"))
    return path.with_name(f"{path.stem}-spec{path.suffix}")


def load_tools(path: Path, companion: Path | None) -> Second:
    """Read the tools: `spec_beside` the rows, or `companion`."""
    return read_catalogue(companion or spec_beside(path), "nestful", "name", _tool)


def _tool(entry: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    declared = want_object(entry.get("query_parameters") or {}, "query_parameters")
    for name, value in declared.items():
        given = want_object(value, name)
        schema = {key: said for key, said in given.items() if key not in _OURS}
        if given.get("allowed_values"):
            schema["enum"] = given["allowed_values"]
        if "default_value" in given:
            schema["default"] = given["default_value"]
        properties[name] = schema
        if given.get("required") is True:
            required.append(name)
    return dict(tool(entry["name"], entry.get("description"), properties, required))


def read(row: Raw, catalogue: Second) -> Draft:
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
        call = FINAL if name == FINAL else f"call_{len(calls) + 1}"
        used = list(_references(arguments))
        defects.extend(_dangling(call, used, labels, catalogue))
        found = [(labels[ref[1]][0], ref[2]) for ref in used if ref[1] in labels]
        if name == FINAL:
            outputs.extend({"call": made, "pointer": path} for made, path in found)
            continue
        calls.append((call, Function(name=name, arguments=arguments)))
        steps.append(Step(call=call, tool=name, after=sorted({made for made, _ in found})))
        if isinstance(label := entry.get("label"), str):
            labels[label] = (call, name)
    names = dict.fromkeys(function.name for _, function in calls)
    defects.extend(without_results("nestful", calls))
    return Draft(
        tools=[catalogue[name][0] for name in names if name in catalogue],
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
    catalogue: Second,
) -> Iterator[Defect]:
    for at, label, path in used:
        if label not in labels:
            code = "dangling_output" if call == FINAL else "dangling_reference"
            yield defect(f"{call}#{at}", code, f"no earlier call is {label}")
            continue
        entry = catalogue.get(labels[label][1], ({}, {}))[1]
        declared = entry.get("output_parameters")
        first = path.split("/")[1] if path else None
        # What a failed call answers is declared by no tool; its suggestion may be taken up.
        if first not in (None, "error") and isinstance(declared, dict) and first not in declared:
            detail = f"{labels[label][1]} declares no output {first}"
            yield defect(f"{call}#{at}", "unknown_field", detail)


def tools_of(row: Conversation) -> Second:
    """The entries of the tools that a row calls, as `load_tools` would read them."""
    called = dict.fromkeys(c.function.name for m in row.messages for c in m.tool_calls or ())
    entries = {name: spec(row, name) for name in called}
    return {name: (_tool(entry), entry) for name, entry in entries.items()}


NESTFUL = Format(
    name="nestful",
    about="NESTFUL v1: a request and its calls, results named by references",
    keys=("input", "output"),
    read=read,
    write=write,
    carried=carried,
    load_second=load_tools,
    second_of=tools_of,
    second_beside=spec_beside,
    merged=merged,
    resolved=resolved,
    reference=REFERENCE,
    calls_only=True,
)
