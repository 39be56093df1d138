"""Writing NESTFUL v1: values become references to results, and references values again."""

from __future__ import annotations

import re
from typing import Any

import orjson

from callwright.schemas.formats.format import Carried, Draft, Raw
from callwright.schemas.formats.guard import RowRefused, want_object
from callwright.schemas.formats.turns import one_request
from callwright.schemas.pointers import PointerError, resolve, split
from callwright.schemas.record import (
    Conversation,
    Function,
    Message,
    ResultSource,
    SelectedSource,
)

REFERENCE = re.compile(r"\$(var\d+)((?:\.[A-Za-z_]\w*|\[\d+\])*)\$")
FINAL = "var_result"

_FIELD = re.compile(r"[A-Za-z_]\w*")
_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+)\]")
_JSON_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array"}


# ---------------------------------------------------------------------- rows


def write(row: Conversation) -> Raw:
    query, turns = one_request(row)
    results = _results(row)
    if len(turns) > 1 and results and not row.sources:
        raise RowRefused("sources_unknown", "the row does not say what its later calls build on")
    labels: dict[str, str] = {}
    output: list[Raw] = []
    for call, function in _calls(row):
        labels[call] = f"var{len(labels) + 1}"
        arguments = _referring(row, call, function, labels, results)
        output.append({"name": function.name, "arguments": arguments, "label": labels[call]})
    if output:
        output.append({"name": FINAL, "arguments": _wanted(row, labels)})
    return {"input": query, "output": output}


def carried(row: Conversation) -> Carried:
    """The request, the calls one by one, and the tools called."""
    calls = (call for message in row.messages for call in message.tool_calls or ())
    messages = [
        *(message for message in row.messages if message.role == "user"),
        *(Message(role="assistant", tool_calls=[call]) for call in calls),
    ]
    named = {tool["function"]["name"]: tool for tool in row.tools}
    called = dict.fromkeys(function.name for _, function in _calls(row))
    return Carried(messages, [named[name] for name in called if name in named])


def resolved(draft: Draft, row: Conversation) -> Draft:
    """What was read back, every reference replaced by what the row's own results have there."""
    results = _results(row)
    by_label = {f"var{i}": results.get(call) for i, (call, _) in enumerate(_calls(row), 1)}
    if not results:
        return draft
    messages = []
    for message in draft.messages:
        calls = [
            call.model_copy(
                update={
                    "function": Function(
                        name=call.function.name,
                        arguments=_followed(call.function.arguments, by_label),
                    )
                }
            )
            for call in message.tool_calls or ()
        ]
        messages.append(message.model_copy(update={"tool_calls": calls or None}))
    return Draft(tools=draft.tools, messages=messages)


def _calls(row: Conversation) -> list[tuple[str, Function]]:
    return [(call.id, call.function) for m in row.messages for call in m.tool_calls or ()]


def _results(row: Conversation) -> dict[str, Any]:
    """Call id -> result, of the results that are JSON."""
    found: dict[str, Any] = {}
    for message in row.messages:
        if message.role == "tool" and message.tool_call_id:
            try:
                found[message.tool_call_id] = orjson.loads(message.content or "")
            except orjson.JSONDecodeError:
                continue
    return found


def _wanted(row: Conversation, labels: dict[str, str]) -> dict[str, str]:
    """What the user asked for, each by the name of the tool that gives it."""
    goals = row.plan.goals or list(labels)[-1:]
    names = dict(_calls(row))
    wanted: dict[str, str] = {}
    for goal in goals:
        name = names[goal].name if goal in names else FINAL
        key = name if name not in wanted else f"{name}_{labels[goal]}"
        wanted[key] = f"${labels[goal]}$"
    return wanted


def _referring(
    row: Conversation,
    call: str,
    function: Function,
    labels: dict[str, str],
    results: dict[str, Any],
) -> dict[str, Any]:
    """The arguments, each value that comes from a result as a reference to it."""
    arguments: Any = orjson.loads(orjson.dumps(function.arguments))
    for leaf, sources in row.sources.get(call, {}).items():
        for source in sources:
            if isinstance(source, SelectedSource):
                detail = f"{call}{leaf} is selected by a rule, which a reference cannot say"
                raise RowRefused("selected_value", detail)
            if isinstance(source, ResultSource):
                path = _path(results.get(source.call), source.pointer)
                _put(arguments, leaf, f"${labels[source.call]}{path}$")
                break
    return dict(arguments)


def _path(result: Any, at: str) -> str:
    """A JSON pointer in NESTFUL's words: `.name` in an object, `[0]` in a list."""
    words = []
    for token in split(at):
        if isinstance(result, list) and token.isdigit():
            words.append(f"[{token}]")
            result = result[int(token)] if int(token) < len(result) else None
        elif _FIELD.fullmatch(token):
            words.append(f".{token}")
            result = result.get(token) if isinstance(result, dict) else None
        else:
            raise RowRefused("unsayable_path", f"no reference can name the key {token[:80]!r}")
    return "".join(words)


def _put(arguments: Any, at: str, value: str) -> None:
    *way, last = split(at)
    for token in way:
        arguments = arguments[int(token) if isinstance(arguments, list) else token]
    arguments[int(last) if isinstance(arguments, list) else last] = value


def _followed(value: Any, results: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _followed(item, results) for key, item in value.items()}
    if isinstance(value, list):
        return [_followed(item, results) for item in value]
    found = REFERENCE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    at = "".join(f"/{name or index}" for name, index in _STEP.findall(found[2]))
    try:
        return resolve(results.get(found[1]), at)
    except PointerError:
        return value


# --------------------------------------------------------------------- tools


def spec(row: Conversation, name: str) -> Raw:
    """The entry of a tool that the row calls.

    Raises:
        RowRefused: unknown_tool, bad_tool.
    """
    function = next((t["function"] for t in row.tools if t["function"]["name"] == name), None)
    if function is None:
        raise RowRefused("unknown_tool", f"{name[:80]} is called and not offered")
    parameters = function.get("parameters") or {}
    declared: Raw = {}
    for parameter, given in (parameters.get("properties") or {}).items():
        schema = dict(want_object(given, f"{name}: {parameter}"))
        if "enum" in schema:
            schema["allowed_values"] = schema.pop("enum")
        if "default" in schema:
            schema["default_value"] = schema.pop("default")
        schema["required"] = parameter in (parameters.get("required") or [])
        declared[parameter] = schema
    results, outputs = _results(row), dict[str, Any]()
    for call, made in _calls(row):
        result = results.get(call)
        if made.name == name and isinstance(result, dict) and result.keys() != {"error"}:
            outputs |= {key: _described(value) for key, value in result.items()}
    return {
        "name": name,
        "description": function.get("description"),
        "query_parameters": declared,
        "output_parameters": outputs,
    }


def _described(value: Any) -> Raw:
    if isinstance(value, dict):
        return {"type": "object"}
    return {"type": _JSON_TYPES[type(value)]} if type(value) in _JSON_TYPES else {}


def merged(known: Raw, entry: Raw) -> Raw:
    """One entry of two rows' for the same tool: the fields of the results that either saw.

    Raises:
        RowRefused: tool_differs.
    """
    if any(known[key] != entry[key] for key in ("description", "query_parameters")):
        detail = f"another row offers {entry['name'][:80]} with another signature"
        raise RowRefused("tool_differs", detail)
    fields = dict(known["output_parameters"])
    for name, kind in entry["output_parameters"].items():
        fields[name] = kind if fields.get(name, kind) == kind else {}
    return {**known, "output_parameters": fields}
