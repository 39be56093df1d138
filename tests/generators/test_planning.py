"""Plans over the real graph: every length there is to be, each edge with a purpose."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from callwright.generators.binding import Binder, _refuse_itself
from callwright.generators.graph import MAX_DEPTH
from callwright.generators.offering import HARD_SHARE, Offering
from callwright.generators.planning import (
    LENGTHS,
    Along,
    Argument,
    Fed,
    Node,
    Planner,
    Said,
    Unfit,
    nodes_of,
    turns_of,
)
from callwright.generators.scenarios import plan
from callwright.schemas.selection import value_at
from callwright.schemas.toolbox import Tool, ToolResult

from .kit import Executed, executed, graph, longest_path, planner, shapes, toolbox, words

SCENARIOS = ["single", "parallel", "chain", "dag", "stateful"]


def tool(name: str, effect: Any = "read") -> Tool:
    return Tool(name, "test", "", "", {"properties": {}}, {}, effect)


def node(name: str, *feeders: Node, effect: Any = "read") -> Node:
    fed: dict[str, Argument] = {str(i): Fed(f, None) for i, f in enumerate(feeders)}  # type: ignore[arg-type]
    return Node(tool(name, effect), fed)


def names(turns: list[list[Node]]) -> list[list[str]]:
    return [[n.tool.name for n in turn] for turn in turns]


def paths(goal: Node) -> Iterator[list[Node]]:
    """Every path of feeding calls that ends in `goal`."""
    feeders = list(goal.feeders())
    if not feeders:
        yield [goal]
    for feeder in feeders:
        for path in paths(feeder):
            yield [*path, goal]


# --------------------------------------------------------------------- the graph


def test_there_are_45_tools_in_7_packs_or_more() -> None:
    tools = toolbox().tools()
    assert len({t.name for t in tools}) == len(tools) >= 45
    assert len({t.pack for t in tools}) >= 7
    assert sum(t.effect == "write" for t in tools) >= 5


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_tool_can_be_reached_in_both_languages(language: str) -> None:
    found = graph(language)
    assert set(found.tools) == set(found.cost) == {n for n, d in found.depths.items() if d}


def test_both_languages_have_the_same_edges() -> None:
    assert graph("en").producers == graph("zh").producers


def test_no_edge_passes_on_what_its_tool_was_given() -> None:
    found = graph()
    for outputs in found.producers.values():
        for output in outputs:
            if output.list is None:
                taken = [p for p in found.parameters[output.tool] if p.required]
                assert not any(output.kind in p.accepts for p in taken), output


def test_no_tool_feeds_itself_and_each_edge_joins_kinds() -> None:
    found = graph()
    for (name, parameter), outputs in found.producers.items():
        (wanted,) = [p for p in found.parameters[name] if p.name == parameter]
        for output in outputs:
            assert output.tool != name
            assert output.kind in wanted.accepts


def test_companions_have_no_edges_of_their_own() -> None:
    found = graph()
    for name, parameters in found.parameters.items():
        for parameter in parameters:
            if parameter.along is not None:
                assert found.producers[name, parameter.name] == []
                assert parameter.along in {p.name for p in parameters}


# ---------------------------------------------------------------------- lengths


@pytest.mark.parametrize("depth", range(1, MAX_DEPTH + 1))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_plans_of_every_length_exist_and_are_as_long_as_asked(language: str, depth: int) -> None:
    made = 0
    for seed in range(60):
        maker = planner(seed, language)
        try:
            goal = maker.grow(maker.tool_for(depth), depth)
        except Unfit:
            continue
        assert longest_path([goal]) == depth
        made += 1
    assert made >= 10


@pytest.mark.parametrize("depth", range(2, MAX_DEPTH + 1))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_chains_of_every_length_can_be_executed(language: str, depth: int) -> None:
    for seed in range(600):
        maker = planner(seed, language, reads=True)
        try:
            goal = maker.grow(maker.tool_for(depth), depth)
            Binder(toolbox().open(seed), words(language), random.Random(seed)).run([goal])
        except Unfit:
            continue
        if longest_path([goal]) == len(nodes_of([goal])) == depth:
            return
    raise AssertionError(f"no chain of {depth} calls")


def test_every_length_has_a_weight() -> None:
    weights = LENGTHS
    assert list(weights) == list(range(2, MAX_DEPTH + 1))
    assert sum(weights.values()) == pytest.approx(1)


def test_a_length_nothing_has_is_refused() -> None:
    with pytest.raises(Unfit, match="no_plan"):
        planner(0).tool_for(MAX_DEPTH + 1)
    with pytest.raises(Unfit, match="no_plan"):
        planner(0).grow("nearest_airports", 9)


# ------------------------------------------------------------------------ shapes


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_tool_stands_twice_on_one_path(scenario: str) -> None:
    for goals in shapes(scenario, 60):
        for goal in goals:
            for path in paths(goal):
                used = [n.tool.name for n in path]
                assert len(set(used)) == len(used), used


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_step_serves_a_goal_and_has_all_that_it_requires(scenario: str) -> None:
    for goals in shapes(scenario, 60):
        for step in nodes_of(goals):
            required = set(step.tool.parameters.get("required", ()))
            properties = list(step.tool.parameters["properties"])
            assert required <= set(step.arguments) <= set(properties)
            assert list(step.arguments) == [p for p in properties if p in step.arguments]


@pytest.mark.parametrize("scenario", ["single", "parallel", "chain", "dag"])
def test_only_stateful_rows_write(scenario: str) -> None:
    for goals in shapes(scenario, 40):
        assert all(n.tool.effect == "read" for n in nodes_of(goals))


def test_each_scenario_has_its_shape() -> None:
    for goals in shapes("single", 40):
        assert len(nodes_of(goals)) == 1
    for goals in shapes("parallel", 40):
        assert len(goals) == len(nodes_of(goals)) >= 2
    for goals in shapes("chain", 40):
        assert len(goals) == 1
        assert longest_path(goals) == len(nodes_of(goals)) >= 2
    for goals in shapes("dag", 40):
        assert longest_path(goals) < len(nodes_of(goals))
    for goals in shapes("stateful", 40):
        assert any(n.tool.effect == "write" for n in nodes_of(goals))
        assert longest_path(goals) >= 2


def test_the_same_chance_makes_the_same_plan() -> None:
    def shape(goals: list[Node]) -> list[Any]:
        order = nodes_of(goals)
        return [
            (n.tool.name, [(k, type(a).__name__) for k, a in n.arguments.items()]) for n in order
        ]

    for scenario in SCENARIOS:
        one, two = ([shape(g) for g in shapes(scenario, 10)] for _ in range(2))
        assert one == two


def test_a_plan_without_a_feasible_shape_is_unfit() -> None:
    from callwright.generators.execution import PackToolbox
    from callwright.generators.graph import Graph
    from callwright.generators.planning import Planner

    units = Graph(PackToolbox(["units"]).tools(), frozenset(), words("en"))
    chance = random.Random(1)
    maker = Planner(units, chance)
    with pytest.raises(Unfit):
        plan("stateful", maker, maker, words("en"), chance)


# -------------------------------------------------------------------- companions


def test_a_companion_stands_beside_what_it_goes_along_with() -> None:
    seen = 0
    for scenario in ("chain", "dag"):
        for done in executed(scenario, 120):
            for step in nodes_of(done.goals):
                for name, argument in step.arguments.items():
                    if isinstance(argument, Along):
                        seen += 1
                        assert step.values[name] == _beside(argument)
                        partner = step.tool.parameters["properties"][name]["x-along"]
                        assert step.arguments[partner] is argument.partner
    assert seen >= 5


def _beside(argument: Along) -> Any:
    source = argument.partner.node
    assert source.result is not None
    holder: Any = source.result.value
    if argument.partner.output.list is not None:
        at = argument.partner.output.list
        holder = value_at(holder, at)[source.picks[at].index]
    return value_at(holder, argument.field)


def test_a_companion_of_a_value_that_is_said_is_said() -> None:
    for seed in range(20):
        goal = planner(seed).grow("nearest_airports", 2)
        assert isinstance(goal.arguments["latitude"], Fed)
        longitude = goal.arguments["longitude"]
        assert isinstance(longitude, Along)
        assert longitude.partner is goal.arguments["latitude"]
        said = planner(seed).grow("postage_cost", 1).arguments
        for name, schema in graph().tools["postage_cost"].parameters["properties"].items():
            if "x-along" in schema and name in said:
                assert isinstance(said[name], Said)


# ------------------------------------------------------------------------- turns


def test_independent_reads_are_made_together() -> None:
    a, b = node("a"), node("b")
    assert names(turns_of([node("c", a, b)])) == [["a", "b"], ["c"]]
    assert names(turns_of([a, b])) == [["a", "b"]]


def test_a_call_waits_for_what_feeds_it() -> None:
    a = node("a")
    b = node("b", a)
    assert names(turns_of([node("d", b, node("c"))])) == [["a", "c"], ["b"], ["d"]]


def test_each_write_is_made_alone_and_after_the_reads_that_are_ready() -> None:
    first, second = node("w1", effect="write"), node("w2", effect="write")
    read = node("r")
    assert names(turns_of([first, read, second])) == [["r"], ["w1"], ["w2"]]
    assert names(turns_of([node("late", first), second])) == [["w1"], ["late"], ["w2"]]


def test_a_result_that_two_calls_use_is_fetched_once() -> None:
    shared = node("shared")
    turns = turns_of([node("x", shared), node("y", shared)])
    assert names(turns) == [["shared"], ["x", "y"]]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_executed_calls_are_numbered_in_the_order_they_are_made(scenario: str) -> None:
    for done in executed(scenario, 25):
        made = [n for turn in done.turns for n in turn]
        assert [n.call for n in made] == [f"call_{i + 1}" for i in range(len(made))]
        earlier: set[int] = set()
        for turn in done.turns:
            assert len(turn) == 1 or all(n.tool.effect == "read" for n in turn)
            for step in turn:
                assert all(id(f) in earlier for f in step.feeders())
            earlier |= {id(n) for n in turn}


def _all(count: int) -> list[Executed]:
    return [done for scenario in SCENARIOS for done in executed(scenario, count)]


def test_a_fed_argument_has_the_value_of_the_result_it_is_fed_by() -> None:
    for done in _all(25):
        for step in nodes_of(done.goals):
            for name, argument in step.arguments.items():
                if isinstance(argument, Fed):
                    assert step.values[name] == _beside(Along(argument, argument.output.field))


def test_no_call_of_a_plan_is_made_twice() -> None:
    for done in _all(25):
        calls = [(n.tool.name, repr(n.values)) for n in nodes_of(done.goals)]
        assert len(set(calls)) == len(calls)


# ----------------------------------------------------------------------- fan-out


@pytest.mark.parametrize("depth", [2, 3])
def test_fan_out_makes_two_goals_of_different_tools_that_use_one_result(depth: int) -> None:
    made = 0
    for seed in range(40):
        try:
            goals = planner(seed, reads=True).fan_out(depth)
        except Unfit:
            continue
        made += 1
        one, two = goals
        assert one.tool.name != two.tool.name
        shared = {id(f) for f in one.feeders()} & {id(f) for f in two.feeders()}
        assert len(shared) == 1
        (source,) = [n for n in nodes_of(goals) if id(n) in shared]
        assert longest_path([source]) == depth - 1
        outputs = {a.output for g in goals for a in g.arguments.values()
                   if isinstance(a, Fed) and a.node is source}  # fmt: skip
        assert len(outputs) == 1
    assert made >= 10


def test_one_prong_of_a_fork_may_go_a_call_further() -> None:
    made = 0
    for seed in range(60):
        try:
            further, other = planner(seed, reads=True).fan_out(3, onward=True)
        except Unfit:
            continue
        made += 1
        between = [n for n in further.feeders() if set(map(id, n.feeders())) & set(
            map(id, other.feeders()))]  # fmt: skip
        assert between
        assert longest_path([further]) == 3
        assert longest_path([other]) == 2
        assert len({n.tool.name for n in nodes_of([further, other])}) >= 4
    assert made >= 10


# ---------------------------------------------------------------------- offering


@pytest.fixture(scope="module")
def offering() -> Offering:
    return Offering(toolbox().tools())


@pytest.mark.parametrize("size", [3, 4, 11, 20])
def test_the_needed_tools_are_offered_among_as_many_as_asked(offering: Offering, size: int) -> None:
    places = set()
    for seed in range(60):
        rng = random.Random(seed)
        needed = rng.sample(list(offering.tools.values()), rng.randint(0, 3))
        offer = offering.offer(needed, size, rng)
        offered = [t.name for t in offer.tools]
        assert len(set(offered)) == len(offered) == size
        assert {t.name for t in needed} <= set(offered)
        if needed:
            places.add(offered.index(needed[0].name))
    assert len(places) > 1  # a needed tool has no place of its own


def test_more_tools_than_there_are_or_fewer_than_needed_are_not_offered() -> None:
    few = Offering(toolbox().tools()[:5])
    everything = list(few.tools.values())
    assert len(few.offer([], 20, random.Random(1)).tools) == 5
    assert len(few.offer(everything[:4], 2, random.Random(1)).tools) == 4


def test_most_distractors_are_near_misses(offering: Offering) -> None:
    for seed in range(60):
        rng = random.Random(seed)
        (needed,) = rng.sample(list(offering.tools.values()), 1)
        offer = offering.offer([needed], 11, rng)
        near = [t for t in offer.tools if t.name != needed.name and _near(t, needed)]
        assert len(near) >= min(round(10 * HARD_SHARE), len(offering.near[needed.name]) - 1)


def _near(one: Tool, other: Tool) -> bool:
    kinds = [
        {s["x-kind"] for s in t.parameters["properties"].values() if "x-kind" in s}
        for t in (one, other)
    ]
    return one.pack == other.pack or bool(kinds[0] & kinds[1])


def test_strangers_stand_in_where_near_misses_run_out() -> None:
    tools = toolbox().tools()
    loner = next(t for t in tools if t.pack == "units")
    others = [t for t in tools if t.pack == "shop"][:6]
    offer = Offering([loner, *others]).offer([loner], 5, random.Random(2))
    assert len(offer.tools) == 5


def test_what_is_offered_shows_no_kinds_and_the_short_description_where_it_is_short(
    offering: Offering,
) -> None:
    lengths = set()
    for seed in range(12):
        offer = offering.offer([], 4, random.Random(seed))
        lengths.add(offer.concise)
        for made, shown in zip(offer.tools, offer.shown(), strict=True):
            assert shown["function"]["name"] == made.name
            text = made.concise if offer.concise else made.description
            assert shown["function"]["description"] == text
            assert '"x-' not in str(shown).replace("'", '"')
    assert lengths == {True, False}


def test_a_pack_of_greater_weight_is_asked_for_more_often_and_one_of_none_never() -> None:
    chance = random.Random(4)
    packs = Counter(
        graph("en")
        .tools[Planner(graph("en"), chance, {"science": 20, "money": 0}).tool_for(1)]
        .pack
        for _ in range(400)
    )
    assert packs["science"] > 200
    assert packs["money"] == 0
    assert len(packs) > 4


def test_nobody_asks_for_the_oldest_file_in_a_files_folder_if_it_is_the_file_itself() -> None:
    found = node("find_file")
    found.result = ToolResult("", {"file_id": "F-1", "folder_id": "FD-1"})
    listed = node("list_files", found)
    _refuse_itself(listed, "file_id", "F-2")
    with pytest.raises(Unfit, match="itself"):
        _refuse_itself(listed, "file_id", "F-1")
