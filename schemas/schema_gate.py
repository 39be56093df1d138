"""The schema gate: arguments and results under their schemas, offered tools as they really are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from callwright.schemas import validation
from callwright.schemas.reading import PASS, Made, Unreadable, calls_of, error_fault, fail, text_of
from callwright.schemas.record import Conversation, Gate
from callwright.schemas.toolbox import Tool


def check_schema(
    row: Conversation,
    tools: Mapping[str, Tool] | None,
    calls: Sequence[Made] | None = None,
) -> Gate:
    """Check arguments and results against schemas, and offered signatures against real ones.

    Args:
        row: The row.
        tools: The real tools by name; None checks arguments against the offered schemas only.
        calls: `calls_of(row)`, where the caller has it.
    """
    try:
        calls = calls_of(row) if calls is None else calls
        offered = {tool["function"]["name"]: tool["function"] for tool in row.tools}
    except (Unreadable, KeyError, TypeError) as fault:
        return fail(f"cannot be read: {fault}")
    if tools is not None:
        for function in offered.values():
            fault_found = _signature_fault(function, tools)
            if fault_found:
                return fail(fault_found)
    for call in calls:
        if call.name not in offered:
            return fail(f"{call.id} calls {call.name}, whose schema is not offered")
        tool = None if tools is None else tools[call.name]
        fault_found = _call_fault(call, offered[call.name], tool)
        if fault_found:
            return fail(f"{call.id} {call.name}: {fault_found}")
    return PASS


def _call_fault(call: Made, offered: dict[str, Any], tool: Tool | None) -> str | None:
    fault = error_fault(call.value) if call.failed else None
    if fault:
        return fault
    # A row about recovering from an error may hold the very arguments that a tool refused.
    if not (call.failed and call.value["error"]["kind"] == "invalid_arguments"):
        # Where the real tool is known, its offered signature has been compared with it already.
        if tool is None:
            try:
                fault = validation.explain(offered.get("parameters", {}), call.arguments)
            except validation.SchemaProblem as problem:
                fault = f"offered schema: {problem}"
        elif not validation.accepts(tool.takes, call.arguments):
            fault = validation.explain(tool.parameters, call.arguments)
        if fault:
            return f"arguments {fault}"
    if tool is not None and not call.failed and not validation.accepts(tool.gives, call.value):
        return f"result {validation.explain(tool.returns, call.value)}"
    return None


def _signature_fault(offered: dict[str, Any], tools: Mapping[str, Tool]) -> str | None:
    name = offered.get("name", "")
    tool = tools.get(name)
    if tool is None:
        return f"the offered tool {name!r} does not exist"
    if text_of(offered) in _signatures(tool):
        return None
    description = offered.get("description")
    if description not in (tool.description, tool.concise):
        return f"the offered tool {name} has another description than the real one"
    if offered.keys() != {"name", "description", "parameters"}:
        return f"the offered tool {name} has keys beside name, description and parameters"
    return f"the offered tool {name} has other parameters than the real one"


@lru_cache(maxsize=8192)
def _signatures(tool: Tool) -> frozenset[bytes]:
    """The texts under which a tool may be offered: with the full or the concise description."""
    parameters = without_kinds(tool.parameters)
    return frozenset(
        text_of({"name": tool.name, "description": description, "parameters": parameters})
        for description in (tool.description, tool.concise)
    )


def without_kinds(schema: Any) -> Any:
    """The schema as a model sees it: without the `x-…` keywords.

    An enum that the description tells (`x-told`) is not listed besides.
    """
    if isinstance(schema, list):
        return [without_kinds(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    hidden = "enum" if "x-told" in schema else None
    return {
        k: without_kinds(v) for k, v in schema.items() if not k.startswith("x-") and k != hidden
    }
