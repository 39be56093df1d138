"""Functions of ours that SQL can call: text search, likeness of vectors, an order per annotator."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
from sqlalchemy import event
from sqlalchemy.engine import Engine

from .contents import Contents, texts
from .query import answers, parse

_TEXTS = Contents(texts, limit=200_000_000)


def has_text(fields: str, query: str, field: str) -> bool:
    """Whether a record's fields answer a query; `field` is one of them or empty for any."""
    found = _TEXTS.of(fields)
    if field:
        return answers(found.get(field, ""), parse(query))
    return answers("\x00".join(found.values()), parse(query))


def likeness(vector: str, target: str) -> float:
    """Cosine of the angle between two vectors, each a JSON list, brought to 0 .. 1."""
    return float((1 + _VECTORS.of(vector) @ _direction(target)) / 2)


@lru_cache(maxsize=64)
def _direction(vector: str) -> np.ndarray:
    values = np.asarray(json.loads(vector), dtype=np.float64)
    length = np.linalg.norm(values)
    return values / length if length else values


_VECTORS = Contents(_direction, limit=200_000_000)


def shuffled(record: str, user: str) -> bytes:
    """Give where a record stands for a user: each has an order of their own, always the same."""
    return blake2b(f"{record} {user}".encode(), digest_size=8).digest()


@event.listens_for(Engine, "connect")
def _add_functions(connection: Any, _record: Any) -> None:
    connection.create_function("has_text", 3, has_text, deterministic=True)
    connection.create_function("likeness", 2, likeness, deterministic=True)
    connection.create_function("shuffled", 2, shuffled, deterministic=True)
