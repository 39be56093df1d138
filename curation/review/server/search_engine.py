"""A search engine for Argilla that asks Argilla's own SQLite database.

Argilla writes to its database before it tells the search engine, so there is no index to keep:
whatever changes a record has nothing left to do here, and nothing can fall behind.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from argilla_server.database import AsyncSessionLocal
from argilla_server.enums import MetadataPropertyType, SimilarityOrder
from argilla_server.models import Dataset, MetadataProperty, Record, Response, User, Vector
from argilla_server.models import VectorSettings as Space
from argilla_server.search_engine.base import (
    Filter,
    FloatMetadataMetrics,
    IntegerMetadataMetrics,
    Order,
    SearchEngine,
    SearchResponseItem,
    SearchResponses,
    TermsMetrics,
    TextQuery,
)
from sqlalchemy import Select, String, cast, func, select

from . import functions  # noqa: F401 - importing adds them to every connection
from .filters import condition
from .sorting import by
from .values import items, path

NAME = "sql"
_MOST_TERMS = 2**14  # as Argilla's other engines


class Unindexed(SearchEngine):
    """What an engine without an index is told, and need not know."""

    @classmethod
    async def new_instance(cls) -> Unindexed:
        return cls()

    async def close(self) -> None: ...

    async def create_index(self, dataset: Dataset) -> None: ...

    async def delete_index(self, dataset: Dataset) -> None: ...

    async def configure_metadata_property(
        self, dataset: Dataset, metadata_property: MetadataProperty
    ) -> None: ...

    async def configure_index_vectors(self, vector_settings: Space) -> None: ...

    async def index_records(self, dataset: Dataset, records: Iterable[Record]) -> None: ...

    async def partial_record_update(self, record: Record, **update: Any) -> None: ...

    async def delete_records(self, dataset: Dataset, records: Iterable[Record]) -> None: ...

    async def update_record_response(self, response: Response) -> None: ...

    async def delete_record_response(self, response: Response) -> None: ...

    async def update_record_suggestion(self, suggestion: Any) -> None: ...

    async def delete_record_suggestion(self, suggestion: Any) -> None: ...


@SearchEngine.register(engine_name=NAME)
class SqlSearchEngine(Unindexed):
    """Answers from the tables, as they are."""

    async def ping(self) -> bool:
        return bool(await _rows(select(1)))

    async def info(self) -> dict[str, Any]:
        return {"name": NAME, "version": {"number": "1"}}

    async def get_dataset_progress(self, dataset: Dataset) -> dict[str, int]:
        """Count records by status."""
        if dataset.is_draft:
            return {}
        counts = select(Record.status, func.count()).group_by(Record.status)
        return _counted(await _rows(counts.where(Record.dataset_id == dataset.id)))

    async def get_dataset_user_progress(self, dataset: Dataset, user: User) -> dict[str, int]:
        """Count a user's responses by status."""
        if dataset.is_draft:
            return {}
        counts = select(Response.status, func.count()).join(Record).group_by(Response.status)
        mine = counts.where(Record.dataset_id == dataset.id, Response.user_id == user.id)
        return _counted(await _rows(mine))

    async def search(
        self,
        dataset: Dataset,
        query: TextQuery | str | None = None,
        filter: Filter | None = None,  # noqa: A002 - Argilla's name
        sort: list[Order] | None = None,
        offset: int = 0,
        limit: int = 100,
        user_id: str | None = None,
    ) -> SearchResponses:
        """Give a page of the records that answer, and how many do.

        Args:
            user_id: Who annotates, and unless they sort has an order of their own: two who begin
                together do not begin with the same record.
        """
        where = _where(dataset, query, filter)
        order = [by(wanted) for wanted in sort or []]
        if user_id is not None and not sort:
            order = [func.shuffled(cast(Record.id, String), str(user_id))]
        order += [Record.inserted_at.asc(), Record.id.asc()]
        # Counted in the same pass: a search looks at each text once.
        page = select(Record.id, func.count().over()).where(*where).order_by(*order)
        rows = await _rows(page.offset(offset).limit(limit))
        if rows or not offset:
            total = rows[0][1] if rows else 0
        else:  # past the end no row tells
            total = (await _rows(select(func.count(Record.id)).where(*where)))[0][0]
        found = [SearchResponseItem(record_id=record, score=1.0) for record, _ in rows]
        return SearchResponses(items=found, total=total)

    async def similarity_search(
        self,
        dataset: Dataset,
        vector_settings: Space,
        value: list[float] | None = None,
        record: Record | None = None,
        query: TextQuery | str | None = None,
        filter: Filter | None = None,  # noqa: A002 - Argilla's name
        max_results: int = 100,
        order: SimilarityOrder = SimilarityOrder.most_similar,
        threshold: float | None = None,
    ) -> SearchResponses:
        """Give the records whose vectors are most, or least, like one; itself is not among them."""
        if bool(value) == bool(record):
            raise ValueError("either a vector or a record is compared with")
        if record is not None:
            value = record.vector_value_by_vector_settings(vector_settings)
        assert value, "Argilla has looked whether the record has one"
        if order == SimilarityOrder.least_similar:
            value = [-number for number in value]
        alike = func.likeness(cast(Vector.value, String), json.dumps(value)).label("alike")
        ranked = select(Record.id, alike).join(Vector, Vector.record_id == Record.id)
        ranked = ranked.where(
            Vector.vector_settings_id == vector_settings.id, *_where(dataset, query, filter)
        )
        if record is not None:
            ranked = ranked.where(Record.id != record.id)
        if threshold is not None:
            ranked = ranked.where(alike >= threshold)
        rows = await _rows(ranked.order_by(alike.desc(), Record.id).limit(max_results))
        found = [SearchResponseItem(record_id=like, score=score) for like, score in rows]
        return SearchResponses(items=found, total=len(found))

    async def compute_metrics_for(
        self, metadata_property: MetadataProperty
    ) -> TermsMetrics | IntegerMetadataMetrics | FloatMetadataMetrics:
        """Count the terms of a metadata property, or give its least and greatest number."""
        item = items(Record.metadata_, path(metadata_property.name))
        here = (Record.dataset_id == metadata_property.dataset_id, item.c.type != "null")
        if metadata_property.type == MetadataPropertyType.terms:
            term = cast(item.c.value, String)
            counts = select(term, func.count()).select_from(Record, item).where(*here)
            rows = await _rows(counts.group_by(term).order_by(func.count().desc(), term))
            values = [TermsMetrics.TermCount(term=name, count=count) for name, count in rows]
            total = sum(count for _, count in rows)
            return TermsMetrics(total=total, values=values[:_MOST_TERMS])
        ends = select(func.min(item.c.value), func.max(item.c.value)).select_from(Record, item)
        least, greatest = (await _rows(ends.where(*here)))[0]
        if metadata_property.type == MetadataPropertyType.integer:
            return IntegerMetadataMetrics(min=least, max=greatest)
        return FloatMetadataMetrics(min=least, max=greatest)


async def _rows(statement: Select) -> list[Any]:
    async with AsyncSessionLocal() as db:
        return (await db.execute(statement)).all()


def _counted(rows: list[Any]) -> dict[str, int]:
    counts = {status.value: count for status, count in rows}
    return {"total": sum(counts.values()), **counts}


def _where(dataset: Dataset, query: TextQuery | str | None, asked: Filter | None) -> list[Any]:
    where = [Record.dataset_id == dataset.id]
    if asked is not None:
        where.append(condition(asked))
    if query is not None:
        text = TextQuery(q=query) if isinstance(query, str) else query
        fields = cast(Record.fields, String)  # as it is stored, not as JSON read
        where.append(func.has_text(fields, text.q, text.field or ""))
    return where
