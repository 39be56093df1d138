"""What a value *is*: the kind that a tool's schema gives to an argument or a result's field."""

from __future__ import annotations

from typing import Any

from callwright.schemas.pointers import split
from callwright.schemas.toolbox import Tool


def schema_at(schema: dict[str, Any], pointer: str) -> dict[str, Any]:
    """The subschema that describes the value at `pointer`; empty where none does.

    Of `anyOf` and `oneOf` the branch that knows the next step is taken, and at the end the first
    that is not null; keywords beside them (`x-kind` of a nullable field) are kept.
    """
    node = schema
    for token in split(pointer):
        node = _below(node, token)
    return _branch(node)


def kind_at(schema: dict[str, Any], pointer: str) -> str | None:
    """The kind at `pointer`: its own, or that of the nearest list or object around it."""
    node = schema
    kind: str | None = None
    for token in split(pointer):
        node = _below(node, token)
        kind = _branch(node).get("x-kind", kind)
    return kind


def parameter_kind(tool: Tool, pointer: str) -> str:
    """The kind of an argument leaf; without one in the schema it is `tool.parameter`."""
    kind = kind_at(tool.parameters, pointer)
    if kind is not None:
        return kind
    tokens = split(pointer)
    return f"{tool.name}.{tokens[0]}" if tokens else tool.name


def _branch(node: dict[str, Any]) -> dict[str, Any]:
    branches = node.get("anyOf") or node.get("oneOf")
    if not branches:
        return node
    real: dict[str, Any] = next((b for b in branches if b.get("type") != "null"), {})
    return {**real, **{k: v for k, v in node.items() if k not in ("anyOf", "oneOf")}}


def _below(node: dict[str, Any], token: str) -> dict[str, Any]:
    for option in (node, *(node.get("anyOf") or ()), *(node.get("oneOf") or ())):
        if not isinstance(option, dict):
            continue
        properties = option.get("properties")
        if isinstance(properties, dict) and isinstance(properties.get(token), dict):
            found: dict[str, Any] = properties[token]
            return found
        if token.isdigit() and isinstance(option.get("items"), dict):
            return dict(option["items"])
        extra = option.get("additionalProperties")
        if isinstance(extra, dict):
            return extra
    return {}
