"""What the desk's tools share: the pack, look-ups by id, and the types of common fields."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from callwright.generators.pack import Kind, Pack, World
from callwright.generators.packs.helpdesk.tables import PLANS, PRIORITIES
from callwright.generators.packs.helpdesk.world import seed_database
from callwright.generators.worlds import local
from callwright.schemas.errors import ToolError

pack = Pack(
    "helpdesk",
    about="A support desk: customers, tickets, agents, queues, deadlines and help articles.",
    data="Invented and seeded; customers, people and products exist nowhere.",
    seed_database=seed_database,
)

PAGE = 8
"""Items on a page."""

TicketId = Annotated[str, Kind("ticket.id")]
AgentId = Annotated[str, Kind("helpdesk.agent_id")]
AgentBehind = Annotated[str, Kind("helpdesk.agent_behind")]
"""Who handles a ticket. One asks what else they have, and hands them nothing on that account."""
AgentName = Annotated[str, Kind("helpdesk.agent")]
OrganisationId = Annotated[str, Kind("helpdesk.organisation_id")]
OrganisationName = Annotated[str, Kind("helpdesk.organisation")]
Queue = Annotated[str, Kind("helpdesk.queue")]
ErrorCode = Annotated[str, Kind("helpdesk.error_code")]
ArticleId = Annotated[str, Kind("helpdesk.article_id")]
Problem = Annotated[str, Kind("helpdesk.problem")]
Status = Annotated[str, Kind("helpdesk.status")]
Priority = Annotated[str, Kind("helpdesk.priority")]
Requester = Annotated[str, Kind("helpdesk.requester")]
Moment = Annotated[str, Kind("datetime.ticket", format="date-time")]
"""When something happened at the desk, or is to happen; nothing is counted from it."""
WantedPriority = Annotated[Literal["low", "normal", "high", "urgent"], Kind("helpdesk.priority")]
Page = Annotated[int, Kind("list.page"), Field(ge=1)]


class Ticket(NamedTuple):
    ticket_id: str
    organisation_id: str
    organisation: str
    plan: str
    requester: str
    email: str
    queue: str
    error_code: str
    problem: str
    status: str
    priority: str
    agent_id: str | None
    agent: str | None
    opened_at: str
    replied_at: str | None
    resolution: str | None

    def due(self) -> tuple[str, str]:
        """When the first reply and the solution are due: plan and priority say so."""
        opened = datetime.fromisoformat(self.opened_at)
        reply, solution = (
            opened + timedelta(hours=hours * PLANS[self.plan])
            for hours in PRIORITIES[self.priority]
        )
        return local(reply), local(solution)


TICKETS = (
    "SELECT ticket_id, t.organisation_id, o.name, plan, p.name, p.email, t.queue, t.error_code,"
    " problem, status, priority, t.agent_id, a.name, opened_at, replied_at, resolution"
    " FROM tickets t JOIN organisations o USING (organisation_id) JOIN people p USING (person_id)"
    " JOIN errors e USING (error_code) LEFT JOIN agents a ON a.agent_id = t.agent_id"
)


def desk(world: World) -> sqlite3.Connection:
    return world.db("helpdesk")


def tickets(world: World, where: str, *values: str) -> list[Ticket]:
    """The tickets of which `where` is true, in the order in which they were opened."""
    query = f"{TICKETS} WHERE {where} ORDER BY opened_at"
    return [Ticket(*row) for row in desk(world).execute(query, values)]


def ticket_of(world: World, ticket_id: str) -> Ticket:
    found = tickets(world, "ticket_id = ?", ticket_id)
    if not found:
        raise ToolError("not_found", f"No ticket {ticket_id}.")
    return found[0]


def unsolved(world: World, ticket_id: str) -> Ticket:
    """A ticket that somebody still has to deal with.

    Raises:
        ToolError: there is no such ticket, or it is solved.
    """
    ticket = ticket_of(world, ticket_id)
    if ticket.status == "solved":
        raise ToolError("refused", f"{ticket_id} is solved already.")
    return ticket
