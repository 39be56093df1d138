"""An order of Argilla's interface as SQL."""

from __future__ import annotations

from typing import Any

from argilla_server.enums import SortOrder
from argilla_server.models import Question, Record, Response, Suggestion
from argilla_server.search_engine.base import (
    MetadataFilterScope,
    Order,
    RecordFilterScope,
    SuggestionFilterScope,
)
from sqlalchemy import String, cast, func, select

from .filters import suggestion_rows
from .values import items, path


def by(order: Order) -> Any:
    """Give the expression to order records by; those without a value come last either way."""
    value = _value(order)
    ordered = value.desc() if order.order == SortOrder.desc else value.asc()
    return ordered.nulls_last()


def _value(order: Order) -> Any:
    scope = order.scope
    # Of several values of one record the least counts upwards, the greatest downwards.
    choose = func.max if order.order == SortOrder.desc else func.min
    if isinstance(scope, RecordFilterScope):
        return getattr(Record, scope.property)
    if isinstance(scope, MetadataFilterScope):
        item = items(Record.metadata_, path(scope.metadata_property))
        return select(choose(item.c.value)).select_from(item).correlate(Record).scalar_subquery()
    if isinstance(scope, SuggestionFilterScope):
        return _suggested(scope, choose)
    return _answered(scope, choose)


def _suggested(scope: SuggestionFilterScope, choose: Any) -> Any:
    rows = suggestion_rows(scope.question)
    column = getattr(Suggestion, scope.property)
    if scope.property in ("value", "score"):
        item = items(column, "$")
        chosen = select(choose(item.c.value)).select_from(Suggestion, Question, item)
    else:
        chosen = select(choose(cast(column, String))).select_from(Suggestion, Question)
    return chosen.where(rows).correlate(Record).scalar_subquery()


def _answered(scope: Any, choose: Any) -> Any:
    if scope.question is not None:
        item = items(Response.values, path(scope.question, "value"))
        chosen = select(choose(item.c.value)).select_from(Response, item)
    else:
        chosen = select(choose(cast(Response.status, String))).select_from(Response)
    chosen = chosen.where(Response.record_id == Record.id)
    if scope.user is not None:
        chosen = chosen.where(Response.user_id == scope.user.id)
    return chosen.correlate(Record).scalar_subquery()
