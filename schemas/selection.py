"""Re-evaluating a selection: which item of a list does a `Rule` single out?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from callwright.schemas.record import Rule, Test


def select(items: Sequence[Any], rule: Rule) -> int | None:
    """Index of the item that `rule` selects, or None where it selects none or more than one.

    `min`/`max` with a tie and `only` with several matches select nothing: a request that leaves
    the choice open has no right answer.
    """
    passing = passing_of(items, rule)
    if not passing:
        return None
    if rule.take == "first":
        return passing[0]
    if rule.take == "last":
        return passing[-1]
    if rule.take == "only":
        return passing[0] if len(passing) == 1 else None
    keys = [value_at(items[i], rule.by or "") for i in passing]
    if any(not _ordered(key, keys[0]) for key in keys):
        return None
    best = min(keys) if rule.take == "min" else max(keys)
    return passing[keys.index(best)] if keys.count(best) == 1 else None


def passing_of(items: Sequence[Any], rule: Rule) -> list[int]:
    """Indices of the items that pass every test of `rule`."""
    return [i for i, item in enumerate(items) if all(_passes(item, t) for t in rule.where)]


def value_at(item: Any, path: str) -> Any:
    """The value at a dotted path within a list item; None where there is none."""
    for name in path.split("."):
        if not isinstance(item, dict):
            return None
        item = item.get(name)
    return item


def _passes(item: Any, test: Test) -> bool:
    value = value_at(item, test.field)
    if test.op == "eq":
        return type(value) is type(test.value) and bool(value == test.value)
    if not _ordered(value, test.value):
        return False
    return bool(value >= test.value) if test.op == "ge" else bool(value <= test.value)


def _ordered(a: Any, b: Any) -> bool:
    """Can the two be compared? Two strings (dates and times sort as text) or two numbers."""
    if isinstance(a, bool) or isinstance(b, bool):
        return False
    if isinstance(a, str) and isinstance(b, str):
        return True
    return isinstance(a, (int, float)) and isinstance(b, (int, float))
