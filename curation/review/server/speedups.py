"""What makes Argilla's server faster and changes nothing that it says.

Both were found by profiling a push of 1,000 records; `benchmarks/review.py push` measures them.
"""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter


def speed_up() -> None:
    """Apply both to the modules of Argilla, which must be imported after the settings are made."""
    _read_settings_with_one_reader()
    _tell_nobody_nothing()


def _read_settings_with_one_reader() -> None:
    """Build the readers of settings once, not for each question of each record of a push.

    `argilla_server/models/database.py` builds a pydantic `TypeAdapter` each time it is asked for a
    question's or a metadata property's settings, which a push does for every record.
    """
    from argilla_server.models import MetadataProperty, Question, database

    question = TypeAdapter(database.QuestionSettings)
    metadata = TypeAdapter(database.MetadataPropertySettings)
    Question.parsed_settings = property(lambda self: question.validate_python(self.settings))
    MetadataProperty.parsed_settings = property(
        lambda self: metadata.validate_python(self.settings)
    )


def _tell_nobody_nothing() -> None:
    """Build a record's event only where a webhook listens.

    `argilla_server/webhooks/v1/records.py` loads a record's whole dataset anew for each record that
    a push makes or changes, and only then finds that there is no webhook to tell. Whether there is
    one is asked once a request.
    """
    from argilla_server.contexts.webhooks import list_enabled_webhooks
    from argilla_server.webhooks.v1 import records

    build = records.build_record_event

    async def build_if_heard(db: Any, event: Any, record: Any) -> Any:
        if "webhooks listen" not in db.info:  # of the request's own session
            db.info["webhooks listen"] = bool(await list_enabled_webhooks(db))
        return await build(db, event, record) if db.info["webhooks listen"] else _Unheard()

    records.build_record_event = build_if_heard


class _Unheard:
    """An event that nobody listens to."""

    async def notify(self, _db: Any) -> list[Any]:
        return []
