"""Is the call that a model made the call that was wanted?

Two sets of rules, always reported together:

- `strict`, the headline: values are compared as their schema types them. `true` is no 1, 5.0 is 5
  only where the schema says `number`, floats may differ by a millionth, text is compared in NFC
  and trimmed, its letter case counts unless it is free text, lists are ordered unless their schema
  says otherwise, and an argument left out is its default spelled out.
- `bfcl`: the verdicts of the Berkeley Function-Calling Leaderboard's own checker, flaws included
  (`compare_bfcl`), so that figures can be set beside published ones.

Calls made in one turn have no order. They are paired by a maximum bipartite matching, so that
the right calls are never refused for the order they came in.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from callwright.schemas.compare_bfcl import matches_bfcl
from callwright.schemas.compare_gold import OMITTED, Allowed, Gold
from callwright.schemas.record import Function

Mode = Literal["strict", "bfcl"]

TOLERANCE = 1e-6
"""Relative difference of two floats that count as equal."""

_FREE_KINDS = ("name", "title", "text", "note", "query")
"""Last parts of the kinds that hold words rather than codes."""


def matches(gold: Gold, made: Function, schema: Mapping[str, Any], mode: Mode = "strict") -> bool:
    """Is `made` the call that `gold` wants?

    Args:
        gold: the wanted call with its alternatives.
        made: the call to be judged.
        schema: the tool's `parameters`, with kinds where they are known.
        mode: the rules.
    """
    if mode == "bfcl":
        return matches_bfcl(gold, made, schema)
    return gold.name == made.name and _object_equal(gold.arguments, made.arguments, schema)


def pair(
    gold: Sequence[Gold],
    made: Sequence[Function],
    schemas: Mapping[str, Mapping[str, Any]],
    mode: Mode = "strict",
) -> list[int | None]:
    """For each gold call the index of the call in `made` that is paired with it.

    As many as possible are paired, each call at most once.

    Args:
        schemas: tool name -> its `parameters`; a tool that is not there has no rules of its own.
    """

    def fits(i: int, j: int) -> bool:
        return matches(gold[i], made[j], schemas.get(gold[i].name, {}), mode)

    return maximum_matching(len(gold), len(made), fits)


def maximum_matching(left: int, right: int, fits: Callable[[int, int], bool]) -> list[int | None]:
    """Pair as many of `left` with `right` as `fits` lets be paired (augmenting paths).

    A greedy pairing can leave one out where a rearrangement would place it.

    Returns:
        For each of `left` its partner in `right`, or None.
    """
    edges = [[j for j in range(right) if fits(i, j)] for i in range(left)]
    taken: dict[int, int] = {}

    def place(i: int, tried: set[int]) -> bool:
        for j in edges[i]:
            if j not in tried:
                tried.add(j)
                if j not in taken or place(taken[j], tried):
                    taken[j] = i
                    return True
        return False

    for i in range(left):
        place(i, set())
    partner = {i: j for j, i in taken.items()}
    return [partner.get(i) for i in range(left)]


# ------------------------------------------------------------------ strict rules


def equal(gold: Any, made: Any, schema: Mapping[str, Any] | bool) -> bool:
    """Are two JSON values equal under `schema`? An object in `gold` maps names to `Allowed`."""
    schema = schema if isinstance(schema, Mapping) else {}
    if isinstance(gold, dict):
        return isinstance(made, dict) and _object_equal(gold, made, schema)
    if isinstance(gold, list):
        return isinstance(made, list) and _list_equal(gold, made, schema)
    if isinstance(gold, bool) or isinstance(made, bool) or gold is None or made is None:
        return gold is made
    if isinstance(gold, int | float):
        return isinstance(made, int | float) and _number_equal(gold, made, schema)
    return isinstance(made, str) and _text_equal(gold, made, schema)


def _object_equal(
    gold: Mapping[str, Allowed], made: Mapping[str, Any], schema: Mapping[str, Any]
) -> bool:
    properties = _part(schema, "properties")
    for name, allowed in gold.items():
        inner = properties.get(name, {})
        if name in made:
            if not _one_of(allowed, made[name], inner):
                return False
        elif OMITTED not in allowed and not _is_default(allowed, inner):
            return False
    return all(
        name in gold or _is_default([value], properties.get(name, {}))
        for name, value in made.items()
    )


def _one_of(allowed: Allowed, made: Any, schema: Mapping[str, Any] | bool) -> bool:
    if any(value is not OMITTED and equal(value, made, schema) for value in allowed):
        return True
    return OMITTED in allowed and _is_default([made], schema)


def _is_default(allowed: Allowed, schema: Mapping[str, Any] | bool) -> bool:
    """Does one of the values say what leaving the argument out says too?"""
    if not isinstance(schema, Mapping) or "default" not in schema:
        return False
    return any(
        value is not OMITTED and equal(value, schema["default"], schema) for value in allowed
    )


def _list_equal(gold: list[Any], made: list[Any], schema: Mapping[str, Any]) -> bool:
    if len(gold) != len(made):
        return False
    items = _part(schema, "items")
    if any(branch.get("uniqueItems") for branch in _branches(schema)):
        pairs = maximum_matching(len(gold), len(made), lambda i, j: equal(gold[i], made[j], items))
        return None not in pairs
    return all(equal(one, other, items) for one, other in zip(gold, made, strict=True))


def _number_equal(gold: float, made: float, schema: Mapping[str, Any]) -> bool:
    if isinstance(gold, int) and isinstance(made, int):
        return gold == made
    either = isinstance(gold, int) or isinstance(made, int)
    if either and not any("number" in _types(branch) for branch in _branches(schema)):
        return False
    try:
        return math.isclose(gold, made, rel_tol=TOLERANCE)
    except OverflowError:  # an integer beyond all floats
        return gold == made


def _text_equal(gold: str, made: str, schema: Mapping[str, Any]) -> bool:
    one, other = (unicodedata.normalize("NFC", text).strip() for text in (gold, made))
    if one == other:
        return True
    return one.casefold() == other.casefold() and _is_free_text(one, schema)


def _is_free_text(text: str, schema: Mapping[str, Any]) -> bool:
    """Words, not a code, an id, a date or one of a closed list."""
    branches = _branches(schema)
    if any(key in branch for branch in branches for key in ("enum", "const", "format", "pattern")):
        return False
    kinds = [branch["x-kind"] for branch in branches if "x-kind" in branch]
    if kinds:
        return all(str(kind).rpartition(".")[2] in _FREE_KINDS for kind in kinds)
    return " " in text and not any(c.isdigit() or c in "@/_" for c in text)


def _branches(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The schema and what it offers to choose from ("a number or null")."""
    inner = [*(schema.get("anyOf") or ()), *(schema.get("oneOf") or ())]
    return [schema, *(branch for branch in inner if isinstance(branch, Mapping))]


def _part(schema: Mapping[str, Any], key: str) -> Any:
    """`properties` or `items` of the schema or of the branch that has them."""
    return next((b[key] for b in _branches(schema) if isinstance(b.get(key), Mapping)), {})


def _types(schema: Mapping[str, Any]) -> list[Any]:
    given = schema.get("type")
    return given if isinstance(given, list) else [given]
