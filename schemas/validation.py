"""JSON Schema (Draft 2020-12): a fast verdict, and one line that says what is wrong.

jsonschema-rs gives every verdict (some 60 times faster); jsonschema, the reference, words the
failures. A property test holds that both give the same verdict. Where they differ by nature
the reference is brought to the standard's letter (`_reference`).

Of the formats `date`, `date-time` (RFC 3339, so with an offset) and `email` are asserted. All
others are annotations, as the standard has it by default: tools write `time` as "14:30", which
RFC 3339 refuses. References to other documents are never followed.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import jsonschema_rs
import orjson
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.validators import extend
from referencing import Registry

from callwright.schemas.pointers import escape

Schema = dict[str, Any] | bool
Compiled = jsonschema_rs.Draft202012Validator

FORMATS = ("date", "date-time", "email")
"""The formats that are asserted."""

_ANNOTATIONS = (
    *("time", "duration", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6", "uri"),
    *("uri-reference", "iri", "iri-reference", "uuid", "uri-template", "json-pointer"),
    *("relative-json-pointer", "regex"),
)
_EMAIL = jsonschema_rs.EmailOptions(allow_display_text=False)
_LONGEST = 300  # characters of an explanation: a model and a terminal should both cope


class SchemaProblem(ValueError):
    """A schema that is not valid JSON Schema 2020-12, or that refers to another document."""


def _anything(_: str) -> bool:
    return True


def compile_schema(schema: Schema) -> Compiled:
    """Compile `schema` for `.is_valid(value)`; cached by what the schema says.

    Raises:
        SchemaProblem: `schema` is not a valid schema.
    """
    try:
        text = orjson.dumps(schema)
    except TypeError as error:
        raise SchemaProblem(f"the schema is not JSON: {error}") from None
    return _compiled(text)


def is_valid(schema: Schema, value: Any) -> bool:
    """Say whether `value`, as `orjson.loads` would give it, is valid under `schema`.

    Numbers are judged by value: 1.0 is an integer, True is none, NaN is no number.

    Raises:
        SchemaProblem: `schema` is not a valid schema.
    """
    return accepts(compile_schema(schema), value)


def accepts(compiled: Compiled, value: Any) -> bool:
    """`is_valid` for a schema that is compiled already, which spares looking it up."""
    try:
        return compiled.is_valid(value)
    except (TypeError, ValueError):  # a lone surrogate, a key that is no string, a cycle
        return False


def explain(schema: Schema, value: Any) -> str | None:
    """Give the most telling reason why `value` is invalid, or None if it is not.

    The line reads `at /a/b: …`, or `at top: …` for the whole value.

    Raises:
        SchemaProblem: `schema` is not a valid schema.
    """
    if is_valid(schema, value):
        return None
    try:
        orjson.dumps(value)  # what is no JSON is told as such, not as some missing property
        validator = _reference(orjson.dumps(schema))
        error = best_match(validator.iter_errors(value))
    except (TypeError, ValueError, RecursionError):
        error = None
    if error is not None:
        return _line(error)
    # Not JSON at all, or a case where only jsonschema-rs finds the fault: its own words serve.
    try:
        found = next(iter(compile_schema(schema).iter_errors(value)), None)
    except (TypeError, ValueError) as problem:
        return _shortened(f"at top: not a JSON value: {problem}")
    if found is None:
        return "at top: not a JSON value"
    return _shortened(f"at {_pointer(found.instance_path)}: {found.message}")


def check_schema(schema: Any) -> str | None:
    """Give one line on why `schema` is not a valid schema, or None if it is."""
    if not isinstance(schema, dict | bool):
        return f"a schema is an object or a boolean, not {type(schema).__name__}"
    try:
        compile_schema(schema)
    except SchemaProblem as problem:
        return str(problem)
    return None


@lru_cache(maxsize=4096)
def _compiled(text: bytes) -> Compiled:
    try:
        return Compiled(
            orjson.loads(text),
            validate_formats=True,
            formats=dict.fromkeys(_ANNOTATIONS, _anything),
            email_options=_EMAIL,
            offline=True,
        )
    except Exception as error:  # noqa: BLE001 - the library's errors share no base class
        where = _pointer(getattr(error, "instance_path", []))
        message = getattr(error, "message", None) or str(error)
        raise SchemaProblem(_shortened(f"at {where}: {message}")) from None


@lru_cache(maxsize=1024)
def _reference(text: bytes) -> Any:
    checker = FormatChecker(formats=())
    for name in FORMATS:
        checker.checks(name)(_format_check(name))
    # An empty registry: the default one would fetch references from the network.
    return _Reference(orjson.loads(text), format_checker=checker, registry=Registry())


def _format_check(name: str) -> Any:
    return _compiled(orjson.dumps({"format": name})).is_valid


def _is_number(_: Any, value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _pattern(validator: Any, pattern: str, value: Any, _: Any) -> Any:
    # The standard asks for ECMA-262 expressions. Python's differ: $ also matches before a final
    # newline, \d takes the digits of every script, \p{L} is an error.
    if validator.is_type(value, "string") and not is_valid({"pattern": pattern}, value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _multiple_of(validator: Any, divisor: float, value: Any, _: Any) -> Any:
    # 19.99 is a multiple of 0.01, which binary floating point denies.
    if validator.is_type(value, "number") and _exact(value) % _exact(divisor):
        yield ValidationError(f"{value!r} is not a multiple of {divisor!r}")


def _exact(number: float) -> Any:
    return Fraction(Decimal(repr(number)))


_Reference = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    validators={"pattern": _pattern, "multipleOf": _multiple_of},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number),
)


def _line(error: Any) -> str:
    message = error.message
    if error.validator in ("anyOf", "oneOf") and error.context:
        # "not valid under any of the given schemas" helps nobody; what each branch says does.
        message = " or ".join(dict.fromkeys(branch.message for branch in error.context))
    return _shortened(f"at {_pointer(error.absolute_path)}: {message}")


def _pointer(path: Any) -> str:
    return "".join(f"/{escape(str(token))}" for token in path) or "top"


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
