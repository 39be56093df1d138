"""What people say of the desk, and what may stand in for an id when causality is checked."""

# ruff: noqa: ARG001 - samplers share one signature

from __future__ import annotations

import random
from collections.abc import Mapping

from callwright.generators.pack import World
from callwright.generators.packs.helpdesk.base import desk, pack
from callwright.schemas.toolbox import Json

Context = Mapping[str, Json]


def _column(kind: str, query: str, *, said: bool) -> None:
    """Values of `kind` are the first column of what `query` finds."""

    @pack.kind(kind, said=said)
    def sample(world: World, rng: random.Random, context: Context) -> Json:
        found = desk(world).execute(query).fetchall()
        return found[int(rng.random() * len(found))][0]


_column("ticket.id", "SELECT ticket_id FROM tickets", said=True)
_column("helpdesk.organisation", "SELECT name FROM organisations", said=True)
_column("helpdesk.agent", "SELECT name FROM agents", said=True)
_column("helpdesk.queue", "SELECT DISTINCT queue FROM errors ORDER BY queue", said=True)
_column("helpdesk.error_code", "SELECT error_code FROM errors", said=True)
_column("helpdesk.article_id", "SELECT article_id FROM articles", said=True)
_column("helpdesk.organisation_id", "SELECT organisation_id FROM organisations", said=False)
_column("helpdesk.agent_id", "SELECT agent_id FROM agents", said=False)
_column("helpdesk.agent_behind", "SELECT agent_id FROM agents", said=False)
