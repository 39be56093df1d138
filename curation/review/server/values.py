"""SQL over the values that Argilla keeps as JSON."""

from __future__ import annotations

from typing import Any

from argilla_server.errors.future import UnprocessableEntityError
from argilla_server.search_engine.base import Filter, TermsFilter
from sqlalchemy import Float, String, and_, cast, exists, false, func, or_, select, true


def path(*keys: str) -> str:
    """JSON path to a value; names of questions and metadata hold no quotes (Argilla's rule)."""
    return "$" + "".join(f'."{key}"' for key in keys)


def items(column: Any, where: str) -> Any:
    """Table of the value at a path, or of a list's values there: columns `value` and `type`."""
    return func.json_each(column, where).table_valued("value", "type", name="item")


def any_item(column: Any, where: str, asked: Filter) -> Any:
    """Whether the value at a path, or one of a list's, is what a filter asks for."""
    item = items(column, where)
    return exists(
        select(1).select_from(item).where(item.c.type != "null", _is(item.c.value, asked))
    )


def _is(value: Any, asked: Filter) -> Any:
    if isinstance(asked, TermsFilter):
        # Terms come as text; 1 and 1.0 are one number.
        numbers = [number for number in map(_number, asked.values) if number is not None]
        return or_(
            cast(value, String).in_(asked.values),
            and_(func.typeof(value) != "text", cast(value, Float).in_(numbers))
            if numbers
            else false(),
        )
    bounds = [true()]
    if asked.ge is not None:
        bounds.append(value >= _bound(asked.ge))
    if asked.le is not None:
        bounds.append(value <= _bound(asked.le))
    return and_(func.typeof(value) != "text", *bounds)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _bound(bound: float | str) -> float:
    number = _number(str(bound))
    if number is None:
        raise UnprocessableEntityError(f"{bound!r} is no number")
    return number
