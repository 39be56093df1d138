"""The support desk: its worlds make sense, its tools change what they say, its errors help."""

from __future__ import annotations

import datetime
import json

import pytest

from callwright.generators.pack import World
from callwright.generators.packs.helpdesk import tables
from callwright.generators.packs.helpdesk.base import PAGE
from callwright.generators.packs.helpdesk.tools import pack

from .worlds import Worlds, assert_chinese_names

NOW = datetime.datetime(2026, 11, 12, 8, 15, tzinfo=datetime.UTC)
WORLDS = Worlds(pack, NOW)
world_of, call, refusal, ask = WORLDS.world, WORLDS.call, WORLDS.refusal, WORLDS.rows


@pytest.fixture
def world() -> World:
    return world_of(7)


def a_ticket(world: World, where: str) -> str:
    """The number of the first ticket of which `where` is true."""
    found = ask(world, f"SELECT ticket_id FROM tickets WHERE {where} ORDER BY ticket_id")
    return str(found[0][0])


@pytest.mark.parametrize("seed", range(8))
def test_what_a_request_picks_by_is_never_a_tie_nor_on_another_page(seed: int) -> None:
    world = world_of(seed)
    opened = [at for (at,) in ask(world, "SELECT opened_at FROM tickets")]
    assert len(set(opened)) == len(opened)
    for (customer,) in ask(world, "SELECT organisation_id FROM organisations"):
        found = call(world, "search_tickets", organisation_id=customer)
        assert found["next_page"] is None
        problems = [ticket["problem"] for ticket in found["tickets"]]
        assert len(set(problems)) == len(problems)
    for (agent,) in ask(world, "SELECT agent_id FROM agents"):
        work = call(world, "agent_workload", agent_id=agent)
        assert work["count"] == len(work["tickets"]) <= PAGE
    for (code,) in ask(world, "SELECT error_code FROM errors"):
        articles = call(world, "search_articles", error_code=code)["articles"]
        for field in ("helpful_percent", "updated_on", "type"):
            assert len({article[field] for article in articles}) == len(articles)


@pytest.mark.parametrize("seed", range(4))
def test_a_story_is_told_in_order_and_has_happened(seed: int) -> None:
    world = world_of(seed)
    query = "SELECT opened_at, replied_at, status, agent_id, ticket_id FROM tickets"
    for opened, replied, status, agent, ticket in ask(world, query):
        assert opened <= (replied or opened) <= "2026-11-12T08:15"
        assert (status == "new") == (agent is None) == (replied is None)
        moments = [at for (at,) in ask(world, "SELECT at FROM messages WHERE ticket_id = ?"
                   " ORDER BY message_id", ticket)]  # fmt: skip
        assert moments == sorted(moments)
        assert opened <= moments[0]
        assert moments[-1] < "2026-11-12T08:15"


def test_every_name_has_a_chinese_one_and_no_two_share_it() -> None:
    assert_chinese_names(
        {
            "helpdesk.organisation": tables.ORGANISATIONS,
            "helpdesk.agent": tables.AGENTS,
            "helpdesk.queue": tables.QUEUES,
            "helpdesk.problem": [one for some in tables.PROBLEMS.values() for one in some],
            "helpdesk.fix": tables.FIXES,
            "helpdesk.article_type": tables.ARTICLE_TYPES,
            "helpdesk.duty": tuple(tables.DUTIES),
            "helpdesk.plan": tuple(tables.PLANS),
            "helpdesk.priority": tuple(tables.PRIORITIES),
        }
    )


@pytest.mark.parametrize(
    ("tool", "argument", "slip", "meant"),
    [
        ("find_organisation", "name", "Glaswing Studios", "Glasswing Studios"),
        ("find_agent", "name", "Tomas Okafro", "Tomas Okafor"),
        ("list_queue", "queue", "intgrations", "integrations"),
    ],
)
def test_a_name_with_a_slip_is_not_found_and_the_right_one_suggested(
    world: World, tool: str, argument: str, slip: str, meant: str
) -> None:
    error = refusal(world, tool, **{argument: slip})
    assert error.kind == "not_found"
    assert list(error.suggestions) == [meant]
    assert meant in call(world, tool, **{argument: meant.upper()}).values()


def test_a_queue_comes_in_pages_that_hold_each_ticket_once(world: World) -> None:
    seen: list[str] = []
    page: int | None = 1
    while page:
        found = call(world, "list_queue", queue="billing", page=page)
        assert len(found["tickets"]) <= PAGE
        seen += [ticket["ticket_id"] for ticket in found["tickets"]]
        page = found["next_page"]
    assert len(seen) == len(set(seen)) == found["count"] > PAGE
    assert "the last one is" in refusal(world, "list_queue", queue="billing", page=99).message


def test_a_ticket_handed_over_stands_in_the_other_agents_list(world: World) -> None:
    ticket = a_ticket(world, "status = 'open'")
    before = call(world, "get_ticket", ticket_id=ticket)
    query = "SELECT agent_id, name FROM agents WHERE duty = 'on duty' AND agent_id <> ?"
    agent, name = ask(world, query, before["agent_id"])[0]
    done = call(world, "assign_ticket", ticket_id=ticket, agent_id=agent)
    assert (done["agent"], done["previous_agent"]) == (name, before["agent"])
    assert call(world, "get_ticket", ticket_id=ticket)["agent_id"] == agent
    again = refusal(world, "assign_ticket", ticket_id=ticket, agent_id=agent)
    assert again.kind == "refused"


def test_nobody_who_is_away_gets_a_ticket_and_those_who_are_there_are_named(world: World) -> None:
    ticket = a_ticket(world, "status = 'open'")
    (away,) = ask(world, "SELECT agent_id FROM agents WHERE duty <> 'on duty' LIMIT 1")[0]
    error = refusal(world, "assign_ticket", ticket_id=ticket, agent_id=away)
    assert error.kind == "refused"
    assert error.suggestions
    for name in error.suggestions:
        found = call(world, "find_agent", name=name)
        assert found["duty"] == "on duty"
        assert found["queue"] == call(world, "get_ticket", ticket_id=ticket)["queue"]


def test_an_urgent_ticket_is_due_sooner(world: World) -> None:
    ticket = a_ticket(world, "status <> 'solved' AND priority = 'low'")
    before = call(world, "ticket_deadlines", ticket_id=ticket)
    call(world, "set_priority", ticket_id=ticket, priority="urgent")
    after = call(world, "ticket_deadlines", ticket_id=ticket)
    assert after["solution_due_at"] < before["solution_due_at"]
    assert after["overdue"] == (after["solution_due_at"] < "2026-11-12T08:15")
    assert refusal(world, "set_priority", ticket_id=ticket, priority="urgent").kind == "refused"


def test_a_closed_ticket_takes_no_more_changes_and_leaves_the_queue(world: World) -> None:
    ticket = a_ticket(world, "status = 'open'")
    queue = call(world, "get_ticket", ticket_id=ticket)["queue"]
    count = call(world, "list_queue", queue=queue)["count"]
    done = call(world, "close_ticket", ticket_id=ticket, resolution="duplicate")
    assert (done["status"], done["resolution"]) == ("solved", "duplicate")
    assert call(world, "list_queue", queue=queue)["count"] == count - 1
    assert refusal(world, "close_ticket", ticket_id=ticket).kind == "refused"
    assert refusal(world, "set_priority", ticket_id=ticket, priority="low").kind == "refused"


def test_a_ticket_that_nobody_has_taken_cannot_be_closed(world: World) -> None:
    error = refusal(world, "close_ticket", ticket_id=a_ticket(world, "status = 'new'"))
    assert "not been assigned" in error.message


def test_a_ticket_and_the_article_on_its_error_are_long_and_agree(world: World) -> None:
    ticket = call(world, "get_ticket", ticket_id=a_ticket(world, "status = 'open'"))
    hits = call(world, "search_articles", error_code=ticket["error_code"])
    article = call(world, "get_article", article_id=hits["articles"][0]["article_id"])
    assert ticket["problem"] == hits["problem"] == article["problem"]
    assert 2_000 < len(json.dumps(ticket)) < 10_000
    assert 2_000 < len(json.dumps(article)) < 10_000


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("get_ticket", {"ticket_id": "HD-1"}),
        ("get_article", {"article_id": "KB-1"}),
        ("search_articles", {"error_code": "E-1"}),
        ("search_tickets", {"organisation_id": "ORG-1"}),
        ("agent_workload", {"agent_id": "AG-1"}),
    ],
)
def test_what_is_not_there_is_named(world: World, tool: str, arguments: dict[str, str]) -> None:
    error = refusal(world, tool, **arguments)
    assert error.kind == "not_found"
    assert next(iter(arguments.values())) in error.message
