"""BFCL's own verdicts (its AST checker, bfcl-eval 2026.3.23), for figures beside published ones.

Read from that checker's behaviour and written anew; `benchmarks/bfcl.py` sets the two side by
side. Known flaws are kept: "-5" passes for "5" and "2024-1-12" for "2024-11-2", since text loses
its case and the characters ` ,./-_*^`; a default spelled out fails where the answer does not list
it; lists nested more than one level are compared as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from callwright.schemas.compare_gold import OMITTED, Allowed, Gold
from callwright.schemas.record import Function

_DROPPED = re.compile(r"[ ,./\-_*^]")
_PLAIN = (str, int, float, bool)
_TYPES: dict[str, type] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "array": list,
    "object": dict,
}


def matches_bfcl(gold: Gold, made: Function, schema: Mapping[str, Any]) -> bool:
    """Would BFCL's checker accept `made` where `gold` is wanted?

    Args:
        schema: the tool's `parameters` as `formats.bfcl` gives them, in JSON Schema's words.
    """
    if gold.name != made.name:
        return False
    properties = schema.get("properties", {})
    if any(name not in made.arguments for name in schema.get("required", ())):
        return False
    for name, value in made.arguments.items():
        if name not in properties or name not in gold.arguments:
            return False
        if not value_matches(gold.arguments[name], value, properties[name]):
            return False
    return all(
        name in made.arguments or OMITTED in allowed for name, allowed in gold.arguments.items()
    )


def value_matches(allowed: Allowed, value: Any, schema: Mapping[str, Any]) -> bool:
    """Would BFCL's checker accept `value` for the parameter that `schema` describes?"""
    if type(value) in _PLAIN and len(allowed) == 1 and type(value) is type(allowed[0]):
        same: bool = value == allowed[0]
        if same:
            return True  # as it mostly is: none of the rules below says otherwise
    wanted = _TYPES.get(schema.get("type", ""), str)
    inner = None
    if wanted is list:
        inner = _TYPES.get((schema.get("items") or {}).get("type", ""), str)
    if wanted is float and type(value) is int:
        value = float(value)
    answered = next((type(v) for v in allowed if v is not OMITTED), None)
    typed = type(value) is wanted
    if typed and inner is not None:
        typed = any(_items_typed(v, value, inner) for v in allowed)
    # A value of the answer's own type passes for one of the schema's: it is then taken literally.
    if not typed and type(value) is not answered:
        return False
    if not typed or answered not in (None, wanted):
        return _stands_in(allowed, value)
    if wanted is dict:
        return any(_dict_matches(v, value) for v in allowed if v is not OMITTED)
    if wanted is list and inner is dict:
        return any(_dicts_match(v, value) for v in allowed)
    if wanted is str:
        return _folded(value) in [_folded(v) for v in _written(allowed) if isinstance(v, str)]
    if wanted is list:
        made = [_folded(item) for item in value]
        return made in [
            [_folded(item) for item in v] if isinstance(v, list) else [] for v in allowed
        ]
    return _stands_in(allowed, value)


def _items_typed(candidate: Any, value: Any, inner: type) -> bool:
    """Is each item of the type that the schema names, or of the answer's own?"""
    if not isinstance(candidate, list):
        return True
    given = next((type(v) for v in candidate if v != ""), None)
    return all(type(item) is inner or (given is not None and type(item) is given) for item in value)


def _dict_matches(candidate: Any, value: dict[str, Any]) -> bool:
    if not isinstance(candidate, dict):
        return False
    for key, item in value.items():
        if key not in candidate:
            return False
        if _folded(item) not in [_folded(v) for v in _written(candidate[key])]:
            return False
    return all(key in value or OMITTED in allowed for key, allowed in candidate.items())


def _dicts_match(candidate: Any, value: list[Any]) -> bool:
    if not isinstance(candidate, list) or len(candidate) != len(value):
        return candidate is OMITTED and not value
    return all(
        isinstance(made, dict) and _dict_matches(wanted, made)
        for wanted, made in zip(candidate, value, strict=True)
    )


def _stands_in(allowed: Allowed, value: Any) -> bool:
    return value in _written(allowed)


def _written(allowed: Allowed) -> list[Any]:
    """The allowed values as BFCL's file has them: leaving out is `""`, and `""` is allowed too."""
    return ["" if v is OMITTED else _unwrapped(v) for v in allowed]


def _unwrapped(value: Any) -> Any:
    """An allowed value with its objects as BFCL's file has them."""
    if isinstance(value, dict):
        return {key: _written(allowed) for key, allowed in value.items()}
    if isinstance(value, list):
        return [_unwrapped(item) for item in value]
    return value


def _folded(value: Any) -> Any:
    """Text without case, spaces and most punctuation; anything else as it is."""
    if not isinstance(value, str):
        return value
    return _DROPPED.sub("", value).lower().replace("'", '"')
