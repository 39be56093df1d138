"""What curation changes in a row: nothing but the tools that it offers in vain."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any

import orjson

from callwright.schemas.canonical import dumps
from callwright.schemas.store import Flat
from callwright.schemas.store_rows import NESTED


def without_tools(flat: Flat, names: AbstractSet[str]) -> Flat:
    """Give the row without the tools in `names`, none of which it calls, whatever it shows them as.

    What is left is as it was, so every gate that passed still passes. The row's revision goes up;
    the parents in the manifest have the row as it was.
    """
    if not names:
        return flat
    tools, views = orjson.loads(flat["tools"]), orjson.loads(flat["views"])
    gone = {name for name, view in views.items() if view["tool"] in names}
    gone |= names - views.keys()
    kept = [tool for tool in tools if _name(tool) not in gone]
    if len(kept) == len(tools):
        return flat
    expected = orjson.loads(flat["expected"])
    expected["forbidden"] = [n for n in expected.get("forbidden", ()) if n not in gone]
    return {
        **flat,
        "tools": dumps(kept),
        "expected": dumps(expected),
        "views": dumps({name: view for name, view in views.items() if name not in gone}),
        "revision": flat["revision"] + 1,
    }


def readable(flat: Flat) -> dict[str, Any]:
    """A stored row with its nested fields as values, for `rejects`."""
    return {
        name: orjson.loads(value) if name in NESTED and value is not None else value
        for name, value in flat.items()
    }


def _name(tool: dict[str, Any]) -> Any:
    function = tool.get("function")
    return function.get("name") if isinstance(function, dict) else None
