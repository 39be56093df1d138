"""Replay: the same calls give the same bytes, and each call can be made again in its own state."""

import pytest

from callwright.curation.replay import Replay, comparable
from callwright.schemas.reading import calls_of
from callwright.schemas.record import Gate


@pytest.fixture
def replay(toolbox):
    tools = {tool.name: tool for tool in toolbox.tools()}
    return lambda row: Replay(row, toolbox, tools, calls_of(row))


def test_a_row_replays_with_one_call_each(replay, rows, toolbox):
    before = toolbox.calls
    assert replay(rows["stateful"]).run() == Gate(outcome="pass")
    assert toolbox.calls - before == 3


def test_a_row_without_calls_has_nothing_to_replay(replay, rows):
    assert replay(rows["irrelevant"]).run().outcome == "not_applicable"


def test_the_detail_names_call_tool_and_both_texts(replay, rows):
    row = rows["single"]
    messages = list(row.messages)
    content = messages[3].content.replace("30", "31")
    messages[3] = messages[3].model_copy(update={"content": content})
    gate = replay(row.model_copy(update={"messages": messages})).run()
    assert gate.outcome == "fail"
    assert gate.detail.startswith("call_1 opening_hours: the row says")


def test_a_tool_that_is_not_here_is_not_comparable(rows, toolbox):
    row = rows["chain"]
    gate = Replay(row, toolbox, {}, calls_of(row)).run()
    assert gate.outcome == "not_comparable"
    assert "city_airport" in gate.detail


def test_a_call_can_be_made_again_in_the_state_it_found(replay, rows):
    again = replay(rows["stateful"])
    again.run()
    cancel = again.calls[2]
    first = again.call(cancel.name, cancel.arguments, 0)
    assert first.content == cancel.content  # not "refused": the order is open once more
    second = again.call(cancel.name, cancel.arguments, 0)
    assert second == first


def test_a_state_that_was_left_entirely_can_be_entered_again(toolbox):
    # Restoring the first state closes the database; a later state brings it back.
    session = toolbox.open(3)
    blank = session.snapshot()
    orders = session.call("list_orders", {"customer_id": "K-410"}).value["orders"]
    order = next(o["order_id"] for o in orders if o["status"] == "open")
    session.call("cancel_order", {"order_id": order})
    after, digest = session.snapshot(), session.digest()
    session.restore(blank)
    assert session.digest() != digest
    session.restore(after)
    assert session.digest() == digest
    assert session.call("cancel_order", {"order_id": order}).failure == "refused"


def test_the_digest_after_a_write_is_that_of_the_row(replay, rows):
    again = replay(rows["stateful"])
    again.run()
    assert again.digest_after(again.calls[2]) == rows["stateful"].expected.state


@pytest.mark.parametrize(
    ("recorded", "current", "why"),
    [
        ({}, {}, None),
        ({"tzdata": "1"}, {"tzdata": "1", "more": "2"}, None),
        ({"tzdata": "1"}, {"tzdata": "2"}, "built with tzdata 1, here is 2"),
        ({"tzdata": "1"}, {}, "built with tzdata 1, here is none"),
    ],
)
def test_results_are_comparable_under_equal_versions_only(recorded, current, why):
    assert comparable(recorded, current) == why


def test_without_a_list_the_installed_versions_count():
    from importlib.metadata import version
    from platform import python_version

    assert comparable({"orjson": version("orjson"), "python": python_version()}) is None
    assert "no-such-library" in comparable({"no-such-library": "1"})
