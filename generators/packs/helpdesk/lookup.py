"""From the names of customers and agents to their ids, and what an agent has to do."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from callwright.generators.nearest import nearest
from callwright.generators.pack import Kind, World
from callwright.generators.packs.helpdesk.base import (
    PAGE,
    AgentId,
    AgentName,
    Moment,
    OrganisationId,
    OrganisationName,
    Priority,
    Problem,
    Queue,
    TicketId,
    desk,
    pack,
    tickets,
)
from callwright.schemas.errors import ToolError


class FoundOrganisation(TypedDict):
    organisation_id: OrganisationId
    name: OrganisationName
    plan: Annotated[str, Kind("helpdesk.plan")]
    seats: int
    customer_since: str
    contract_ends_on: Annotated[str, Kind("date.contract", format="date")]
    open_tickets: int


class FoundAgent(TypedDict):
    agent_id: AgentId
    name: AgentName
    queue: Queue
    duty: Annotated[str, Kind("helpdesk.duty")]
    back_on: Annotated[str | None, Kind("date.return", format="date")]
    email: Annotated[str, Kind("helpdesk.email")]


class Task(TypedDict):
    ticket_id: TicketId
    organisation: OrganisationName
    problem: Problem
    priority: Priority
    due_at: Moment


class Workload(TypedDict):
    agent_id: str
    agent: AgentName
    count: int
    tickets: list[Task]


def named(world: World, table: str, name: str) -> str:
    """The id of what is called `name`; letter case does not count."""
    key = f"{table[:-1]}_id"
    query = f"SELECT {key}, name FROM {table} ORDER BY name"  # noqa: S608  our own names
    known = {row[1]: row[0] for row in desk(world).execute(query)}
    for other, found in known.items():
        if other.casefold() == name.strip().casefold():
            return str(found)
    raise ToolError("not_found", f"No {table[:-1]} called {name!r}.", nearest(name, known))


@pack.tool
def find_organisation(world: World, name: OrganisationName) -> FoundOrganisation:
    """Find a customer organisation by its name. Gives its ID, plan, contract and open tickets.

    Args:
        name: What the organisation is called.
    """
    organisation_id = named(world, "organisations", name)
    query = "SELECT * FROM organisations WHERE organisation_id = ?"
    row = desk(world).execute(query, (organisation_id,)).fetchone()
    left = tickets(world, "t.organisation_id = ? AND status <> 'solved'", organisation_id)
    return {
        "organisation_id": row[0],
        "name": row[1],
        "plan": row[2],
        "seats": row[3],
        "customer_since": row[4],
        "contract_ends_on": row[5],
        "open_tickets": len(left),
    }


@pack.tool
def find_agent(world: World, name: AgentName) -> FoundAgent:
    """Find a support agent by name. Gives the agent's ID, queue and whether they are on duty.

    Args:
        name: The agent's full name.
    """
    query = "SELECT * FROM agents WHERE agent_id = ?"
    row = desk(world).execute(query, (named(world, "agents", name),)).fetchone()
    return {
        "agent_id": row[0],
        "name": row[1],
        "queue": row[2],
        "duty": row[3],
        "back_on": row[4],
        "email": row[5],
    }


@pack.tool
def agent_workload(
    world: World,
    agent_id: Annotated[str, Kind("helpdesk.agent_id", accepts=("helpdesk.agent_behind",))],
) -> Workload:
    """List the unsolved tickets of an agent, the one that is due first at the top.

    Args:
        agent_id: ID of the agent.
    """
    row = desk(world).execute("SELECT name FROM agents WHERE agent_id = ?", (agent_id,)).fetchone()
    if row is None:
        raise ToolError("not_found", f"No agent with the ID {agent_id}.")
    found = tickets(world, "t.agent_id = ? AND status <> 'solved'", agent_id)
    found.sort(key=lambda ticket: (ticket.due()[1], ticket.ticket_id))
    return {
        "agent_id": agent_id,
        "agent": row[0],
        "count": len(found),
        "tickets": [
            {
                "ticket_id": ticket.ticket_id,
                "organisation": ticket.organisation,
                "problem": ticket.problem,
                "priority": ticket.priority,
                "due_at": ticket.due()[1],
            }
            for ticket in found[:PAGE]
        ],
    }
