"""What curation compares rows by: one flat row of features for each conversation.

Read straight from a part's columns, without building records, one slice at a time. Calls and
results are read off the messages (what was really done), shape and sources off the plan; a row
that came without them (an imported one) gets what its words allow, see `hints`. A tool
offered under another signature counts as the tool itself, with its own arguments and results.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import orjson
import polars as pl

from callwright.curation.hints import masked, said
from callwright.schemas.canonical import digest, dumps
from callwright.schemas.errors import StoreError
from callwright.schemas.record import Conversation, Function, View
from callwright.schemas.store import Dataset, flatten
from callwright.schemas.views import real_call, result_in, tool_of

SCHEMA: dict[str, pl.DataType] = {
    "id": pl.String(),
    "language": pl.String(),
    "scenario": pl.String(),
    "length": pl.Int64(),  # null: the row has calls and no plan that says which needs which
    "text": pl.String(),  # canonical text: user turns and calls
    "user": pl.String(),  # user turns alone, NFC, a line each
    "calls": pl.String(),  # JSON [[name, arguments], …] with sorted keys, NFC; "" without calls
    "results": pl.String(),  # digest of the tool messages in order; "" without any
    "sequence": pl.String(),  # names in calling order, joined by " > "
    "topology": pl.String(),  # `plan.topology`; the number of calls where the plan has none
    "skeleton": pl.String(),  # `plan.skeleton`, or the digest of the request masked by `hints`
    "called": pl.List(pl.String()),  # sorted, each once
    "offered": pl.List(pl.String()),  # in the order offered
    "grounded": pl.List(pl.String()),  # "name {arguments}" of calls the user's words decide
}

_COLUMNS = ("id", "language", "scenario", "text", "tools", "messages", "plan", "sources", "views")
_SLICE = 1024
_SAID = {"user", "system", "default", "constant"}


def features(rows: Dataset | Iterable[Conversation]) -> pl.DataFrame:
    """Give a frame with the columns of `SCHEMA`, a row for each conversation, in their order.

    Args:
        rows: A dataset, read a part at a time, or conversations from anywhere.

    Raises:
        StoreError: A part is missing, corrupt or holds no JSON; a conversation holds what is
            no JSON.
    """
    frames = [pl.DataFrame(schema=SCHEMA)]
    for flats, where in _slices(rows):
        found = [_features(flat, where) for flat in flats]
        frames.append(pl.DataFrame(found, schema=SCHEMA, orient="row"))
    return pl.concat(frames)


def features_of(frame: pl.DataFrame, where: str) -> pl.DataFrame:
    """The same of rows as a part holds them; `where` names them in messages."""
    flats = frame.select(_COLUMNS).iter_rows(named=True)
    return pl.DataFrame([_features(flat, where) for flat in flats], schema=SCHEMA, orient="row")


def _slices(
    rows: Dataset | Iterable[Conversation],
) -> Iterator[tuple[Iterable[dict[str, Any]], str]]:
    """Some flat rows at a time, and what names them in messages."""
    if isinstance(rows, Dataset):
        for frame, part in zip(rows.frames(columns=_COLUMNS), rows.parts(), strict=True):
            for slice_ in frame.iter_slices(_SLICE):
                yield slice_.iter_rows(named=True), str(rows.folder / part.path)
    else:
        iterator = iter(rows)
        while some := list(islice(iterator, _SLICE)):
            yield map(_flat, some), "conversations"


def _flat(row: Conversation) -> dict[str, Any]:
    try:
        return flatten(row)
    except TypeError as error:
        raise StoreError(f"row {row.id} cannot be compared: {error}") from None


def _features(flat: dict[str, Any], where: str) -> tuple[Any, ...]:
    try:
        tools, messages, plan, sources, known = (orjson.loads(flat[n]) for n in _COLUMNS[4:])
        views = {name: View.model_validate(view) for name, view in known.items()}
        if views:
            messages = [_unviewed(message, views, messages) for message in messages]
        ids, calls = _calls(messages)
        user = _user(messages)
        names = [name for name, _ in calls]
        grounded = _grounded(ids, calls, sources) if sources else said(calls, user)
        return (
            flat["id"],
            flat["language"],
            flat["scenario"],
            plan["length"] if plan["steps"] or not calls else None,
            flat["text"],
            user,
            _normal(_json(calls)) if calls else "",
            _results(messages),
            " > ".join(names),
            plan["topology"] or str(len(calls)),
            plan["skeleton"] or digest([names, masked(user, calls)]),
            sorted(set(names)),
            [tool_of(views, name) for name in _offered(tools)],
            [_normal(f"{name} {_json(arguments)}") for name, arguments in grounded],
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        # A part's digest is no proof that its rows are conversations.
        raise StoreError(f"{where}, row {flat['id']}: not a conversation ({error!r})") from None


Call = tuple[str, dict[str, Any]]


def _calls(messages: list[dict[str, Any]]) -> tuple[list[str], list[Call]]:
    """Ids and calls in calling order."""
    made = [call for message in messages for call in message.get("tool_calls") or ()]
    functions = [call["function"] for call in made]
    return [call["id"] for call in made], [(f["name"], f["arguments"]) for f in functions]


def _unviewed(
    message: dict[str, Any], views: Mapping[str, View], messages: list[dict[str, Any]]
) -> dict[str, Any]:
    """The message as it would be, had the tools been offered under their own signatures."""
    if message.get("tool_calls"):
        calls = [
            {**call, "function": real_call(views, Function(**call["function"])).model_dump()}
            for call in message["tool_calls"]
        ]
        return {**message, "tool_calls": calls}
    if message["role"] != "tool":
        return message
    made = (call for m in messages for call in m.get("tool_calls") or ())
    names = (c["function"]["name"] for c in made if c["id"] == message.get("tool_call_id"))
    view = views.get(next(names, ""))
    if view is None:
        return message
    return {**message, "content": dumps(result_in(view, orjson.loads(message["content"])))}


def _user(messages: list[dict[str, Any]]) -> str:
    turns = (m.get("content") for m in messages if m["role"] == "user")
    return _normal("\n".join(turn for turn in turns if turn is not None))


def _results(messages: list[dict[str, Any]]) -> str:
    contents = [message.get("content") for message in messages if message["role"] == "tool"]
    return digest(contents) if contents else ""


def _offered(tools: list[dict[str, Any]]) -> list[str]:
    """Names of the offered tools; an imported one may lack a name."""
    functions = (tool.get("function") for tool in tools)
    named = (f.get("name") for f in functions if isinstance(f, dict))
    return list(dict.fromkeys(name for name in named if isinstance(name, str)))


def _grounded(
    ids: list[str], calls: list[Call], sources: dict[str, dict[str, list[dict[str, Any]]]]
) -> list[Call]:
    """Calls whose every argument leaf is said or implied, at least one of them by the user."""
    found = []
    for identity, call in zip(ids, calls, strict=True):
        leaves = sources.get(identity, {}).values()
        origins = {source["origin"] for leaf in leaves for source in leaf}
        if "user" in origins and origins <= _SAID:
            found.append(call)
    return found


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)
