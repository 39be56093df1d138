"""What a right call may be: the gold call, with every alternative that is right as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from callwright.schemas.record import Function


class _Omitted(Enum):
    OMITTED = "omitted"


OMITTED: Final = _Omitted.OMITTED
"""Among the allowed values of an argument: it may be left out."""

Allowed = list[Any]
"""Values of which one is right. An object among them, at any depth, maps names to `Allowed`."""


@dataclass(frozen=True)
class Gold:
    """A call that is wanted."""

    name: str
    arguments: dict[str, Allowed]


def gold_of(call: Function) -> Gold:
    """The gold call that allows just what `call` says."""
    return Gold(call.name, {name: [_plain(value)] for name, value in call.arguments.items()})


def gold_of_bfcl(answer: Mapping[str, Mapping[str, list[Any]]]) -> Gold:
    """The gold call of one BFCL answer: `{name: {parameter: [allowed values]}}`.

    BFCL writes "may be left out" as `""` among the values.
    """
    name, arguments = next(iter(answer.items()))
    return Gold(name, {key: _from_bfcl(values) for key, values in arguments.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: [_plain(item)] for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _from_bfcl(values: list[Any]) -> Allowed:
    return [OMITTED if value == "" else _inner(value) for value in values]


def _inner(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _from_bfcl(item) if isinstance(item, list) else [_inner(item)]
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_inner(item) for item in value]
    return value
