"""What is wrong with an imported row: found and reported, never mended.

A defect is `{"where": ..., "what": "code: detail"}`. Where it concerns an argument, `where` is
the call's id, `#` and the JSON pointer of the argument. The codes:

- about calls: `schema_violation`, `missing_argument` (required, not given), `extra_argument`
  (given, not declared), `unknown_tool` (not offered), `dangling_reference` (to a call that is
  not there or comes later), `dangling_output` (the same where wanted results are listed),
  `unknown_field` (of a referenced result), `unclear_reference`
  (in prose), `arguments_as_text` (a string that holds the object);
- about results: `missing_result`, `result_without_call`, `result_not_json`, `missing_call_id`;
- about tools: `bad_tool_schema`, `refused_name` (OpenAI's pattern), `duplicate_tool`,
  `flat_tool`, `unknown_type`;
- about the row: `role_order`, `language_unknown`, `missing_answer`, `unreadable_answer`,
  `tools_elsewhere`, `foreign_preamble`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from callwright.schemas.pointers import escape
from callwright.schemas.record import Function
from callwright.schemas.validation import SchemaProblem, check_schema, compile_schema

Defect = dict[str, str]

VIOLATIONS = frozenset({"schema_violation", "missing_argument"})
"""The codes by which a call breaks its tool's schema (an undeclared argument does so only where
the schema says `additionalProperties: false`; then its code is `extra_argument` as well)."""

OPENAI_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")  # OpenAI API reference, tools[].function.name


def defect(where: str, code: str, detail: str) -> Defect:
    """One defect."""
    return {"where": where, "what": f"{code}: {detail}"}


def code_of(found: Defect) -> str:
    """The code of a defect."""
    return found["what"].partition(":")[0]


def check_tools(tools: Iterable[dict[str, Any]]) -> Iterator[Defect]:
    """Defects of the offered tools.

    Args:
        tools: OpenAI-shaped tools.

    Yields:
        bad_tool_schema, refused_name and duplicate_tool.
    """
    seen: set[str] = set()
    for tool in tools:
        function = tool["function"]
        name = function["name"]
        where = f"tools/{name}"
        if name in seen:
            yield defect(where, "duplicate_tool", "offered twice")
        seen.add(name)
        if not OPENAI_NAME.fullmatch(name):
            yield defect(where, "refused_name", "OpenAI's name pattern refuses it")
        problem = check_schema(parameters_of(tool))
        if problem:
            yield defect(where, "bad_tool_schema", problem)


def parameters_of(tool: dict[str, Any]) -> dict[str, Any]:
    """The parameters of an OpenAI-shaped tool; one that declares none takes none."""
    return tool["function"].get("parameters") or {"type": "object", "properties": {}}


def check_calls(
    tools: Sequence[dict[str, Any]],
    calls: Iterable[tuple[str, Function]],
    reference: re.Pattern[str] | None = None,
) -> Iterator[Defect]:
    """Defects of calls against the tools offered.

    Args:
        tools: OpenAI-shaped tools.
        calls: Call id and call.
        reference: Values that match it whole stand for an earlier result and have no type yet.

    Yields:
        unknown_tool, schema_violation, missing_argument and extra_argument.
    """
    by_name = {tool["function"]["name"]: parameters_of(tool) for tool in tools}
    for call, function in calls:
        parameters = by_name.get(function.name)
        if parameters is None:
            yield defect(call, "unknown_tool", f"{function.name} is not offered")
            continue
        yield from _extra(call, function, parameters)
        try:
            validator = compile_schema(parameters)
        except SchemaProblem:
            continue  # reported as bad_tool_schema
        for error in validator.iter_errors(function.arguments):
            instance = error.instance
            if reference and isinstance(instance, str) and reference.fullmatch(instance):
                continue
            if error.kind.name == "additionalProperties" and not error.instance_path:
                continue  # reported as extra_argument
            code = "missing_argument" if error.kind.name == "required" else "schema_violation"
            yield defect(f"{call}#{pointer(error.instance_path)}", code, error.message[:300])


def _extra(call: str, function: Function, parameters: Any) -> Iterator[Defect]:
    if not isinstance(parameters, dict):
        return
    declared = parameters.get("properties")
    if not isinstance(declared, dict):
        declared = {}
    open_ended = parameters.get("additionalProperties", False) or any(
        word in parameters for word in ("patternProperties", "$ref", "allOf", "anyOf", "oneOf")
    )
    if open_ended:
        return
    for name in function.arguments:
        if name not in declared:
            where = f"{call}#{pointer([name])}"
            yield defect(where, "extra_argument", f"{function.name} declares no such parameter")


def pointer(path: Iterable[str | int]) -> str:
    """A JSON pointer (RFC 6901) from its parts."""
    return "".join(f"/{escape(str(part))}" for part in path)
