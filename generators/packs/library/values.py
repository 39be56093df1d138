"""What people say to the library, and what may stand in for an id when causality is checked."""

# ruff: noqa: ARG001 - samplers share one signature

from __future__ import annotations

import random
from collections.abc import Mapping

from callwright.generators.pack import World
from callwright.generators.packs.library.base import pack, shelves
from callwright.schemas.toolbox import Json

Context = Mapping[str, Json]


def _column(kind: str, query: str, *, said: bool) -> None:
    """Values of `kind` are the first column of what `query` finds."""

    @pack.kind(kind, said=said)
    def sample(world: World, rng: random.Random, context: Context) -> Json:
        rows = shelves(world).execute(query).fetchall()
        return rows[int(rng.random() * len(rows))][0]


_column("library.title", "SELECT title FROM documents", said=True)
_column("library.topic", "SELECT DISTINCT topic FROM documents", said=True)
_column("library.term", "SELECT term FROM terms", said=True)
_column("library.document_id", "SELECT document_id FROM documents", said=False)
_column("library.section_id", "SELECT section_id FROM sections", said=False)
_column("library.author_id", "SELECT author_id FROM authors", said=False)
_column("library.bookmark_id", "SELECT bookmark_id FROM bookmarks", said=False)
