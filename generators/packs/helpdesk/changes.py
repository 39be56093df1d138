"""What agents do to tickets: hand them over, change how urgent they are, close them."""

from __future__ import annotations

from typing import Annotated, Literal

from typing_extensions import TypedDict

from callwright.generators.pack import Kind, World
from callwright.generators.packs.helpdesk.base import (
    AgentId,
    AgentName,
    Moment,
    OrganisationName,
    Priority,
    Problem,
    Status,
    TicketId,
    WantedPriority,
    desk,
    pack,
    ticket_of,
    unsolved,
)
from callwright.schemas.errors import ToolError


class Assigned(TypedDict):
    ticket_id: str
    organisation: OrganisationName
    agent: AgentName
    previous_agent: AgentName | None
    status: Status


class Prioritised(TypedDict):
    ticket_id: str
    organisation: OrganisationName
    priority: Priority
    previous_priority: Priority
    solution_due_at: Moment


class Closed(TypedDict):
    ticket_id: str
    organisation: OrganisationName
    problem: Problem
    status: Status
    resolution: Annotated[str, Kind("helpdesk.resolution")]


@pack.tool(effect="write")
def assign_ticket(world: World, ticket_id: TicketId, agent_id: AgentId) -> Assigned:
    """Hand an unsolved ticket to an agent. Refused if the agent is away or has it already.

    Args:
        ticket_id: Number of the ticket.
        agent_id: ID of the agent who is to deal with it.
    """
    ticket = unsolved(world, ticket_id)
    db = desk(world)
    query = "SELECT name, queue, duty, back_on FROM agents WHERE agent_id = ?"
    agent = db.execute(query, (agent_id,)).fetchone()
    if agent is None:
        raise ToolError("not_found", f"No agent with the ID {agent_id}.")
    name, _, duty, back_on = agent
    if duty != "on duty":
        free = "SELECT name FROM agents WHERE queue = ? AND duty = 'on duty' ORDER BY name"
        there = [row[0] for row in db.execute(free, (ticket.queue,))]
        raise ToolError("refused", f"{name} is {duty} and back on {back_on}.", there)
    if ticket.agent_id == agent_id:
        raise ToolError("refused", f"{ticket_id} is with {name} already.")
    status = "open" if ticket.status == "new" else ticket.status
    update = "UPDATE tickets SET agent_id = ?, status = ? WHERE ticket_id = ?"
    db.execute(update, (agent_id, status, ticket_id))
    return {
        "ticket_id": ticket_id,
        "organisation": ticket.organisation,
        "agent": name,
        "previous_agent": ticket.agent,
        "status": status,
    }


@pack.tool(effect="write")
def set_priority(world: World, ticket_id: TicketId, priority: WantedPriority) -> Prioritised:
    """Change the priority of an unsolved ticket; its deadlines change with it.

    Args:
        ticket_id: Number of the ticket.
        priority: How urgent it is.
    """
    ticket = unsolved(world, ticket_id)
    if ticket.priority == priority:
        raise ToolError("refused", f"The priority of {ticket_id} is {priority} already.")
    update = "UPDATE tickets SET priority = ? WHERE ticket_id = ?"
    desk(world).execute(update, (priority, ticket_id))
    return {
        "ticket_id": ticket_id,
        "organisation": ticket.organisation,
        "priority": priority,
        "previous_priority": ticket.priority,
        "solution_due_at": ticket_of(world, ticket_id).due()[1],
    }


@pack.tool(effect="write")
def close_ticket(
    world: World,
    ticket_id: TicketId,
    resolution: Annotated[
        Literal["solved", "duplicate", "not_reproducible"], Kind("helpdesk.resolution")
    ] = "solved",
) -> Closed:
    """Close a ticket that has been answered. Refused for one that nobody has taken on yet.

    Args:
        ticket_id: Number of the ticket.
        resolution: How it ended.
    """
    ticket = unsolved(world, ticket_id)
    if ticket.agent is None:
        raise ToolError("refused", f"{ticket_id} has not been assigned to anybody yet.")
    update = "UPDATE tickets SET status = 'solved', resolution = ? WHERE ticket_id = ?"
    desk(world).execute(update, (resolution, ticket_id))
    return {
        "ticket_id": ticket_id,
        "organisation": ticket.organisation,
        "problem": ticket.problem,
        "status": "solved",
        "resolution": resolution,
    }
