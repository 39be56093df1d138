"""A filter of Argilla's interface as a condition on its tables."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from argilla_server.enums import ResponseStatusFilter
from argilla_server.errors.future import UnprocessableEntityError
from argilla_server.models import Question, Record, Response, Suggestion
from argilla_server.search_engine.base import (
    AndFilter,
    Filter,
    MetadataFilterScope,
    RangeFilter,
    RecordFilterScope,
    ResponseFilterScope,
    SuggestionFilterScope,
    TermsFilter,
)
from sqlalchemy import String, and_, cast, exists, false, not_, or_, select, true

from .values import any_item, path


def condition(asked: Filter) -> Any:
    """Give the condition on `Record` for a filter.

    Raises:
        UnprocessableEntityError: a bound is no number or date; becomes status 422.
    """
    if isinstance(asked, AndFilter):
        return and_(true(), *map(condition, asked.filters))
    match asked.scope:
        case MetadataFilterScope():
            return any_item(Record.metadata_, path(asked.scope.metadata_property), asked)
        case RecordFilterScope():
            return _record(asked)
        case ResponseFilterScope():
            return _response(asked)
        case SuggestionFilterScope():
            return _suggestion(asked)
    raise UnprocessableEntityError(f"no filter is known for {asked.scope}")


# ------------------------------------------------------------------------- records


def _record(asked: Filter) -> Any:
    column = getattr(Record, asked.scope.property)
    if isinstance(asked, RangeFilter):
        bounds = [true()]
        if asked.ge is not None:
            bounds.append(column >= _moment(asked.ge, last=False))
        if asked.le is not None:
            bounds.append(column <= _moment(asked.le, last=True))
        return and_(*bounds)
    if column is Record.id:
        return column.in_([found for found in map(_uuid, asked.values) if found])
    return cast(column, String).in_(asked.values)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None  # no record has it


def _moment(bound: float | str, *, last: bool) -> datetime:
    """Read a bound as the database writes moments: UTC without saying so.

    Args:
        bound: ISO 8601, or milliseconds since 1970 as browsers count.
        last: A day without a time is meant to its end.
    """
    try:
        if not isinstance(bound, str):
            moment = datetime.fromtimestamp(bound / 1000, UTC)
        else:
            moment = datetime.fromisoformat(bound)
            if last and len(bound) == len("2026-05-03"):
                moment = datetime.combine(moment, time.max)
    except (ValueError, OverflowError, OSError):
        raise UnprocessableEntityError(f"{bound!r} is no date") from None
    # Written out, for `astimezone` takes a moment without a zone for local time.
    return moment.replace(tzinfo=None) - (moment.utcoffset() or timedelta())


# ----------------------------------------------------------------------- responses


def _response(asked: Filter) -> Any:
    scope = asked.scope
    of_record = [Response.record_id == Record.id]
    if scope.user is not None:
        of_record.append(Response.user_id == scope.user.id)
    if scope.question is not None:
        found = any_item(Response.values, path(scope.question, "value"), asked)
        return exists(select(1).select_from(Response).where(*of_record, found))
    if not isinstance(asked, TermsFilter):
        raise UnprocessableEntityError("a response's status has no range")
    statuses = set(map(str, asked.values))
    # Pending is who has not answered: there is no row with that status.
    pending = ResponseStatusFilter.pending.value in statuses
    unanswered = not_(exists(select(1).select_from(Response).where(*of_record)))
    among = cast(Response.status, String).in_(statuses - {ResponseStatusFilter.pending.value})
    answered = exists(select(1).select_from(Response).where(*of_record, among))
    return or_(unanswered if pending else false(), answered)


# --------------------------------------------------------------------- suggestions


def suggestion_rows(question: str) -> Any:
    """Tie `Suggestion` to the record and to the question of that name in its dataset."""
    return and_(
        Suggestion.record_id == Record.id,
        Suggestion.question_id == Question.id,
        Question.name == question,
        Question.dataset_id == Record.dataset_id,
    )


def _suggestion(asked: Filter) -> Any:
    rows = select(1).select_from(Suggestion).join(Question, suggestion_rows(asked.scope.question))
    name = asked.scope.property
    if name in ("value", "score"):
        return exists(rows.where(any_item(getattr(Suggestion, name), "$", asked)))
    if not isinstance(asked, TermsFilter):
        raise UnprocessableEntityError(f"a suggestion's {name} has no range")
    return exists(rows.where(cast(getattr(Suggestion, name), String).in_(asked.values)))
