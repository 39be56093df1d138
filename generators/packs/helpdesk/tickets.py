"""Tickets: a customer's, a queue's, one with all that was written, and its deadlines."""

from __future__ import annotations

from typing import Annotated, Literal

from typing_extensions import TypedDict

from callwright.generators.nearest import nearest
from callwright.generators.pack import Kind, World
from callwright.generators.packs.helpdesk.base import (
    PAGE,
    AgentBehind,
    AgentName,
    ErrorCode,
    Moment,
    OrganisationId,
    OrganisationName,
    Page,
    Priority,
    Problem,
    Queue,
    Requester,
    Status,
    TicketId,
    WantedPriority,
    desk,
    pack,
    ticket_of,
    tickets,
)
from callwright.generators.packs.helpdesk.tables import QUEUES
from callwright.generators.paging import paged
from callwright.generators.worlds import local
from callwright.schemas.errors import ToolError


class Listed(TypedDict):
    ticket_id: TicketId
    problem: Problem
    status: Status
    priority: Priority
    agent: AgentName | None
    opened_at: Moment


class OrganisationTickets(TypedDict):
    organisation: OrganisationName
    count: int
    page: int
    next_page: int | None
    tickets: list[Listed]


class Waiting(TypedDict):
    ticket_id: TicketId
    organisation: OrganisationName
    problem: Problem
    priority: Priority
    agent: AgentName | None
    opened_at: Moment


class QueueTickets(TypedDict):
    queue: Queue
    priority: Annotated[str | None, Kind("helpdesk.priority")]
    count: int
    page: int
    next_page: int | None
    tickets: list[Waiting]


class Message(TypedDict):
    message_id: int
    at: Moment
    sender: str
    role: str
    visibility: str
    body: str


class TicketDetails(TypedDict):
    ticket_id: str
    problem: Problem
    error_code: ErrorCode
    status: Status
    priority: Priority
    queue: Queue
    organisation_id: OrganisationId
    organisation: OrganisationName
    requester: Requester
    requester_email: str
    agent_id: AgentBehind | None
    agent: AgentName | None
    opened_at: Moment
    resolution: Annotated[str | None, Kind("helpdesk.resolution")]
    message_count: int
    messages: list[Message]


class Deadlines(TypedDict):
    ticket_id: str
    plan: Annotated[str, Kind("helpdesk.plan")]
    priority: Priority
    reply_due_at: Moment
    replied_at: Moment | None
    solution_due_at: Moment
    overdue: bool
    standing: Annotated[str, Kind("helpdesk.standing")]


@pack.tool
def search_tickets(
    world: World,
    organisation_id: OrganisationId,
    status: Annotated[
        Literal["new", "open", "pending", "solved"] | None, Kind("helpdesk.status")
    ] = None,
    page: Page = 1,
) -> OrganisationTickets:
    """List the tickets of a customer organisation, the latest first, 8 a page.

    Args:
        organisation_id: ID of the organisation.
        status: Only tickets in this state.
        page: Number of the page.
    """
    query = "SELECT name FROM organisations WHERE organisation_id = ?"
    row = desk(world).execute(query, (organisation_id,)).fetchone()
    if row is None:
        raise ToolError("not_found", f"No organisation with the ID {organisation_id}.")
    found = tickets(world, "t.organisation_id = ?", organisation_id)[::-1]
    found = [ticket for ticket in found if status in (None, ticket.status)]
    shown, following = paged(found, page, PAGE)
    return {
        "organisation": row[0],
        "count": len(found),
        "page": page,
        "next_page": following,
        "tickets": [
            {
                "ticket_id": ticket.ticket_id,
                "problem": ticket.problem,
                "status": ticket.status,
                "priority": ticket.priority,
                "agent": ticket.agent,
                "opened_at": ticket.opened_at,
            }
            for ticket in shown
        ],
    }


@pack.tool
def list_queue(
    world: World, queue: Queue, priority: WantedPriority | None = None, page: Page = 1
) -> QueueTickets:
    """List the unsolved tickets of a queue, the one that waits longest first, 8 a page.

    Args:
        queue: Name of the queue.
        priority: Only tickets of this priority.
        page: Number of the page.
    """
    name = queue.strip().casefold()
    if name not in QUEUES:
        raise ToolError("not_found", f"No queue called {queue!r}.", nearest(queue, QUEUES))
    found = tickets(world, "t.queue = ? AND status <> 'solved'", name)
    found = [ticket for ticket in found if priority in (None, ticket.priority)]
    shown, following = paged(found, page, PAGE)
    return {
        "queue": name,
        "priority": priority,
        "count": len(found),
        "page": page,
        "next_page": following,
        "tickets": [
            {
                "ticket_id": ticket.ticket_id,
                "organisation": ticket.organisation,
                "problem": ticket.problem,
                "priority": ticket.priority,
                "agent": ticket.agent,
                "opened_at": ticket.opened_at,
            }
            for ticket in shown
        ],
    }


@pack.tool
def get_ticket(world: World, ticket_id: TicketId) -> TicketDetails:
    """Show a ticket: customer, problem, error code, who handles it, and every message written.

    Args:
        ticket_id: Number of the ticket.
    """
    ticket = ticket_of(world, ticket_id)
    query = "SELECT message_id, at, sender, role, body FROM messages WHERE ticket_id = ?"
    messages: list[Message] = [
        {
            "message_id": row[0],
            "at": row[1],
            "sender": row[2],
            "role": row[3],
            "visibility": "public",
            "body": row[4],
        }
        for row in desk(world).execute(query + " ORDER BY message_id", (ticket_id,))
    ]
    return {
        "ticket_id": ticket.ticket_id,
        "problem": ticket.problem,
        "error_code": ticket.error_code,
        "status": ticket.status,
        "priority": ticket.priority,
        "queue": ticket.queue,
        "organisation_id": ticket.organisation_id,
        "organisation": ticket.organisation,
        "requester": ticket.requester,
        "requester_email": ticket.email,
        "agent_id": ticket.agent_id,
        "agent": ticket.agent,
        "opened_at": ticket.opened_at,
        "resolution": ticket.resolution,
        "message_count": len(messages),
        "messages": messages,
    }


@pack.tool
def ticket_deadlines(world: World, ticket_id: TicketId) -> Deadlines:
    """Show by when a ticket must be answered and solved, and whether it is overdue.

    Args:
        ticket_id: Number of the ticket.
    """
    ticket = ticket_of(world, ticket_id)
    reply, solution = ticket.due()
    overdue = ticket.status != "solved" and solution < local(world.now)
    return {
        "ticket_id": ticket.ticket_id,
        "plan": ticket.plan,
        "priority": ticket.priority,
        "reply_due_at": reply,
        "replied_at": ticket.replied_at,
        "solution_due_at": solution,
        "overdue": overdue,
        "standing": "solved" if ticket.status == "solved" else "overdue" if overdue else "on track",
    }
