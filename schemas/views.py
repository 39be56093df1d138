"""Views: the same tool under another signature, and the way back to it.

A row's messages, tools, sources, claims and pointers speak of what is *shown*; `plan.sequence`,
`plan.steps` and `plan.skeleton` name the tools themselves, so that rows are grouped and split by
what they do. `for_row` is all that most callers need: a toolbox whose tools are those that the
row shows, and which runs the real ones.

All that is said here about a value holds both ways: `arguments_in` undoes `arguments_out`, and
`result_in` undoes `result_out`. Errors are shown as they are, but for names in their message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any

import orjson

from callwright.schemas.kinds import parameter_kind
from callwright.schemas.pointers import escape, split
from callwright.schemas.reading import Unreadable
from callwright.schemas.record import Conversation, Function, View
from callwright.schemas.toolbox import Json, Session, Tool, Toolbox, ToolResult, failure, refusal

Views = Mapping[str, View]
"""Offered name -> view, as a row holds them."""

_IDENTIFIER = re.compile(r"`(\w+)`|\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
"""What in a text is the name of a parameter or field rather than a word."""


def tool_of(views: Views, name: str) -> str:
    """The tool's own name behind the name it is offered under."""
    return views[name].tool if name in views else name


def real_call(views: Views, call: Function) -> Function:
    """The call of the tool itself that a shown call means."""
    view = views.get(call.name)
    if view is None:
        return call
    return Function(name=view.tool, arguments=arguments_in(view, call.arguments))


# ----------------------------------------------------------------- arguments


def arguments_in(view: View, shown: Mapping[str, Json]) -> dict[str, Json]:
    """The real arguments that `shown` means; what no parameter takes stays where it stands."""
    real: dict[str, Json] = {}
    left = _taken(_tree(tuple(view.parameters.items())), shown, real)
    return {**left, **real}


def arguments_out(view: View, real: Mapping[str, Json]) -> dict[str, Json]:
    """How real arguments are shown, in the order of the shown parameters."""
    shown: dict[str, Json] = {}
    for pointer, name in view.parameters.items():
        if name in real:
            *way, last = split(pointer)
            node = shown
            for token in way:
                node = node.setdefault(token, {})
            node[last] = real[name]
    known = set(view.parameters.values())
    return {**shown, **{name: value for name, value in real.items() if name not in known}}


def argument_pointer(view: View, pointer: str) -> str:
    """Where the value at `pointer` of the real arguments stands in the shown ones."""
    first, *rest = split(pointer)
    head = next((at for at, name in view.parameters.items() if name == first), f"/{escape(first)}")
    return head + "".join(f"/{escape(token)}" for token in rest)


def _taken(tree: Mapping[str, Any], shown: Mapping[str, Json], real: dict[str, Json]) -> Any:
    """Put what `tree` names into `real` and give what is left."""
    left: dict[str, Json] = {}
    for key, value in shown.items():
        node = tree.get(key)
        if isinstance(node, str):
            real[node] = value
        elif node is not None and isinstance(value, dict):
            within = _taken(node, value, real)
            if within:
                left[key] = within
        else:
            left[key] = value
    return left


@lru_cache(maxsize=8192)
def _tree(parameters: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """Shown key -> real parameter, or the same again for an object that holds some."""
    tree: dict[str, Any] = {}
    for pointer, name in parameters:
        *way, last = split(pointer)
        node = tree
        for token in way:
            node = node.setdefault(token, {})
        node[last] = name
    return tree


# ------------------------------------------------------------------- results


def result_out(view: View, real: Json) -> Json:
    """How a result that is no error is shown."""
    renamed = _renamed(real, view.fields)
    if view.data is not None:
        return {**view.around, view.data: renamed}
    return {**renamed, **view.around} if isinstance(renamed, dict) else renamed


def result_in(view: View, shown: Json) -> Json:
    """The real result behind a shown one; an error, or what has another form, stays as it is."""
    if not isinstance(shown, dict) or shown.keys() == {"error"}:
        return shown
    if view.data is not None:
        if view.data not in shown:
            return shown
        inner = shown[view.data]
    else:
        inner = {key: value for key, value in shown.items() if key not in view.around}
    return _renamed(inner, {there: here for here, there in view.fields.items()})


def result_pointer(view: View, pointer: str) -> str:
    """Where the value at `pointer` of a real result stands in the shown one."""
    inner = item_pointer(view, pointer)
    return inner if view.data is None else f"/{escape(view.data)}{inner}"


def item_pointer(view: View, pointer: str) -> str:
    """The same within an item of a result's list."""
    return "".join(f"/{escape(view.fields.get(token, token))}" for token in split(pointer))


def item_path(view: View, path: str) -> str:
    """The same for a dotted path within an item."""
    return ".".join(view.fields.get(name, name) for name in path.split("."))


def _renamed(value: Json, names: Mapping[str, str]) -> Json:
    if isinstance(value, dict):
        return {names.get(key, key): _renamed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    return value


def changes_results(view: View) -> bool:
    """Whether results are shown otherwise than they are."""
    return bool(view.fields or view.around)


def failure_out(error: Mapping[str, Json], view: View, names: Mapping[str, str]) -> ToolResult:
    """How the error of a tool is shown: with shown names in its message.

    Args:
        error: what the tool says in `error`.
        view: the tool's.
        names: tool -> name it is offered under.
    """
    message = reworded(error["message"], {**names, **names_of(view)})
    return failure(error["kind"], message, error.get("suggestions", ()))


# ---------------------------------------------------------------------- tools


def shown_tool(name: str, view: View, tool: Tool) -> Tool:
    """The tool as a view offers it, kinds and all.

    Raises:
        Unreadable: The view does not fit the tool; the message says where.
    """
    return _shown_tool(name, orjson.dumps(vars(view)), tool)


@lru_cache(maxsize=8192)
def _shown_tool(name: str, text: bytes, tool: Tool) -> Tool:
    view = View.model_construct(**orjson.loads(text))
    fault = _misfit(view, tool)
    if fault:
        raise Unreadable(f"the view {name} does not fit {tool.name}: {fault}")
    names = names_of(view)
    return Tool(
        name=name,
        pack=tool.pack,
        description=reworded(tool.description, names),
        concise=reworded(tool.concise, names),
        parameters=_parameters(view, tool, names),
        returns=_returns(view, tool),
        effect=tool.effect,
        replay=tool.replay,
    )


def names_of(view: View) -> dict[str, str]:
    """Real name of a parameter or field -> what it is called under the view."""
    shown = {name: ".".join(split(pointer)) for pointer, name in view.parameters.items()}
    return {**view.fields, **shown}


def reworded(text: str, names: Mapping[str, str]) -> str:
    """A text with the real names in it replaced; plain words are left alone."""

    def put(found: re.Match[str]) -> str:
        name = found[1] or found[0]
        return found[0].replace(name, names.get(name, name))

    return _IDENTIFIER.sub(put, text)


def _misfit(view: View, tool: Tool) -> str | None:
    properties = tool.parameters["properties"]
    taken = set(view.parameters.values())
    for name in (*view.parameters.values(), *view.told):
        if name not in properties:
            return f"no parameter {name}"
    for name in tool.parameters.get("required", ()):
        if name not in taken:
            return f"the required parameter {name} is hidden"
    for name in view.told:
        if "enum" not in properties[name]:
            return f"{name} has no enum to be told"
    keys = fields_of(tool)
    shown = [view.fields.get(key, key) for key in keys]
    if len(set(shown)) < len(shown):
        return "two fields are shown under one name"
    if view.data is None and view.around:
        if tool.returns.get("type") != "object":
            return "nothing can stand beside a result that is no object"
        if not view.around.keys().isdisjoint(shown):
            return "what stands beside the result has the name of a field"
    return None


@lru_cache(maxsize=1024)
def fields_of(tool: Tool) -> frozenset[str]:
    """Names of all fields of a tool's results, however deep."""
    found: set[str] = set()
    stack: list[Json] = [tool.returns]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, dict):
            for key, value in node.items():
                if key == "properties":
                    found.update(value)
                    stack.extend(value.values())
                else:
                    stack.append(value)
    return frozenset(found)


def _parameters(view: View, tool: Tool, names: Mapping[str, str]) -> dict[str, Json]:
    root = _object()
    required = tool.parameters.get("required", ())
    for pointer, name in view.parameters.items():
        *way, last = split(pointer)
        node = root
        for token in way:
            _require(node, token, name in required)
            node = node["properties"].setdefault(token, _object())
        _require(node, last, name in required)
        node["properties"][last] = _parameter(view, tool, name, names)
    return root


def _parameter(view: View, tool: Tool, name: str, names: Mapping[str, str]) -> dict[str, Json]:
    found: dict[str, Json] = deepcopy(tool.parameters["properties"][name])
    # Named where it was implied: the same under every name that the tool is given.
    found["x-kind"] = parameter_kind(tool, f"/{escape(name)}")
    about = reworded(found.get("description", ""), names)
    if name in view.told:
        members = ", ".join(str(member) for member in found["enum"])
        about = f"{about.rstrip('.')}. One of: {members}." if about else f"One of: {members}."
        found["x-told"] = True
    if about:
        found["description"] = about
    if "x-along" in found:
        found["x-along"] = argument_pointer(view, f"/{escape(found['x-along'])}")[1:]
    return found


def _object() -> dict[str, Json]:
    return {"additionalProperties": False, "properties": {}, "type": "object"}


def _require(node: dict[str, Json], key: str, required: bool) -> None:
    if required and key not in node.get("required", ()):
        node.setdefault("required", []).append(key)


def _returns(view: View, tool: Tool) -> dict[str, Json]:
    inner: dict[str, Json] = _schema_renamed(tool.returns, view.fields)
    around = {key: {"const": value} for key, value in view.around.items()}
    if view.data is not None:
        keys = {**around, view.data: inner}
        return {**_object(), "properties": keys, "required": list(keys)}
    if around:
        inner["properties"] = {**inner["properties"], **around}
        inner["required"] = [*inner.get("required", ()), *around]
    return inner


def _schema_renamed(schema: Json, names: Mapping[str, str]) -> Json:
    if isinstance(schema, list):
        return [_schema_renamed(item, names) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found: dict[str, Json] = {}
    for key, value in schema.items():
        if key == "properties":
            found[key] = {names.get(k, k): _schema_renamed(v, names) for k, v in value.items()}
        elif key == "required":
            found[key] = [names.get(name, name) for name in value]
        elif key in ("enum", "const", "default", "examples"):
            found[key] = value
        else:
            found[key] = _schema_renamed(value, names)
    return found


# -------------------------------------------------------------------- running


def for_row(toolbox: Toolbox, row: Conversation) -> Toolbox:
    """The tools as `row` shows them; the toolbox itself where the row has no views.

    Raises:
        Unreadable: A view does not fit its tool.
    """
    return _ViewedToolbox(toolbox, row.views) if row.views else toolbox


def shown_tools(views: Views, tools: Iterable[Tool]) -> list[Tool]:
    """The tools under their views; one that has none is as it was, unless its name is taken.

    Raises:
        Unreadable: A view does not fit its tool.
    """
    if not views:
        return list(tools)
    names: dict[str, list[str]] = {}
    for name, view in views.items():
        names.setdefault(view.tool, []).append(name)
    found: list[Tool] = []
    for tool in tools:
        if tool.name in names:
            found += [shown_tool(name, views[name], tool) for name in names[tool.name]]
        elif tool.name not in views:
            found.append(tool)
    return found


def tool_behind(name: str, views: Views, tools: Mapping[str, Tool]) -> Tool | None:
    """The one of `shown_tools` that has this name; None where none has.

    Args:
        tools: by their own names.

    Raises:
        Unreadable: The view does not fit its tool.
    """
    tool, view = real_tool(name, views, tools), views.get(name)
    return tool if tool is None or view is None else shown_tool(name, view, tool)


def real_tool(name: str, views: Views, tools: Mapping[str, Tool]) -> Tool | None:
    """The tool that is called where `name` is, as it is in itself; None where none has that name.

    Args:
        tools: by their own names.
    """
    if name in views:
        return tools.get(views[name].tool)
    hidden = any(view.tool == name for view in views.values())
    return None if hidden else tools.get(name)


class _ViewedToolbox:
    """A toolbox seen through one row's views (see `toolbox.Toolbox`)."""

    def __init__(self, toolbox: Toolbox, views: Views) -> None:
        self._toolbox = toolbox
        self._views = views
        self._tools = shown_tools(views, toolbox.tools())

    def tools(self) -> Sequence[Tool]:
        return self._tools

    def open(self, seed: int) -> Session:
        shown = {tool.name: tool for tool in self._tools if tool.name in self._views}
        return _ViewedSession(self._toolbox.open(seed), self._views, shown)


class _ViewedSession:
    """A session that takes shown calls and gives shown results (see `toolbox.Session`)."""

    def __init__(self, session: Session, views: Views, shown: Mapping[str, Tool]) -> None:
        self._session = session
        self._views = views
        self._shown = shown
        self._behind = {view.tool: name for name, view in views.items()}

    def call(self, name: str, arguments: Mapping[str, Json]) -> ToolResult:
        tool = self._shown.get(name)
        if tool is None:
            if name in self._behind or name in self._views:
                return failure("invalid_arguments", f"There is no tool named {name}.")
            return self._session.call(name, arguments)
        refused = refusal(tool, arguments)
        if refused is not None:
            return refused
        view = self._views[name]
        result = self._session.call(view.tool, arguments_in(view, arguments))
        if result.failure is not None:
            return failure_out(result.value["error"], view, self._behind)
        if not changes_results(view):
            return result
        value = result_out(view, result.value)
        return ToolResult(orjson.dumps(value).decode(), value)

    def alternatives(self, kind: str, value: Json, seed: int) -> Iterable[Json]:
        return self._session.alternatives(kind, value, seed)

    def snapshot(self) -> object:
        return self._session.snapshot()

    def restore(self, snapshot: object) -> None:
        self._session.restore(snapshot)

    def digest(self) -> str:
        return self._session.digest()
