"""`callwright tools` shows what there is, and calls it."""

import json
from xml.etree import ElementTree

import pytest

from callwright.cli.toolset import Toolset


@pytest.fixture(scope="module")
def tools():
    return Toolset()


def test_list_has_a_line_for_every_tool(run, tools):
    lines = run("tools", "list").stdout.splitlines()
    assert [line.split()[0] for line in lines[1 : 1 + len(tools.tools)]] == list(tools.tools)
    assert lines[-1].startswith(f"{len(tools.tools)} tools")


def test_list_of_a_pack_has_only_its_tools(run):
    listed = json.loads(run("tools", "list", "--pack", "geography", "--json").stdout)
    assert {tool["pack"] for tool in listed} == {"geography"}
    assert {"name", "effect", "concise", "in", "out"} <= listed[0].keys()


def test_an_unknown_pack_names_the_packs(run):
    result = run("tools", "list", "--pack", "geografy")
    assert result.exit_code == 2
    assert "geography" in result.stderr


def test_an_unknown_tool_names_the_nearest(run):
    result = run("tools", "show", "airport_distanc")
    assert result.exit_code == 2
    assert "airport_distance" in result.stderr


def test_show_calls_the_tool_for_real(run, tools):
    shown = json.loads(run("tools", "show", "airport_distance", "--json").stdout)
    example = shown["example"]
    again = tools.toolbox.open(0).call("airport_distance", example["arguments"])
    assert again.failure is None
    assert again.value == example["result"]


def test_show_says_what_feeds_each_parameter_and_what_the_result_feeds(run):
    text = run("tools", "show", "city_airport").stdout
    assert "→ " in text
    assert "a call, made just now" in text
    fed = json.loads(run("tools", "show", "airport_distance", "--json").stdout)["fed_by"]
    assert "city_airport" in {edge["producer"] for edge in fed}


def test_every_tool_can_be_shown_with_a_call_that_succeeds(tools):
    failed = [
        name
        for name, tool in tools.tools.items()
        if (example := tools.example(tool)) is None or example.result.failure is not None
    ]
    assert failed == []


def test_every_edge_joins_tools_by_a_kind_that_the_parameter_accepts(run, tools):
    graph = json.loads(run("tools", "graph", "--json").stdout)
    assert graph["edges"]
    for edge in graph["edges"]:
        schema = tools.tools[edge["consumer"]].parameters["properties"][edge["parameter"]]
        assert edge["kind"] in (schema["x-kind"], *schema.get("x-accepts", ()))


def test_the_graph_as_text_lists_edges_by_kind(run):
    text = run("tools", "graph", "--pack", "geography").stdout
    assert " → " in text
    assert "edges of" in text


def test_the_graph_as_a_picture_names_every_tool_and_runs_nothing(run, tools, tmp_path):
    file = tmp_path / "graph.svg"
    assert run("tools", "graph", "--svg", file).exit_code == 0
    picture = ElementTree.fromstring(file.read_text("utf-8"))  # noqa: S314 - made by ourselves
    tags = {element.tag.rpartition("}")[2] for element in picture.iter()}
    assert tags == {
        "svg",
        "title",
        "style",
        "rect",
        "defs",
        "marker",
        "path",
        "circle",
        "text",
        "tspan",
    }
    words = {
        "".join(element.itertext()) for element in picture.iter() if element.tag.endswith("text")
    }
    for name in tools.tools:
        assert any(word.startswith(name) for word in words), name
