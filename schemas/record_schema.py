"""The record's JSON Schema, for readers that do not use Python.

python -m callwright.schemas.record_schema    writes conversation.schema.json anew
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from callwright.schemas.record import SCHEMA_VERSION, Conversation

PATH = Path(__file__).with_name("conversation.schema.json")


def record_schema() -> dict[str, Any]:
    """Give the JSON Schema (Draft 2020-12) of a `Conversation` as it is written out."""
    schema = Conversation.model_json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": f"Generated from record.py, schema version {SCHEMA_VERSION}; do not edit.",
        **schema,
    }


def schema_text() -> str:
    """Give the text of `conversation.schema.json`."""
    return orjson.dumps(record_schema(), option=orjson.OPT_INDENT_2).decode() + "\n"


if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")
