"""`callwright tools`: what there is to call, what feeds what, and a call made before your eyes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from callwright.cli.terminal import STYLES, console, print_lines
from callwright.cli.toolset import Edge, Example, Toolset
from callwright.generators.graph import Output, Parameter, outputs_of, parameters_of
from callwright.schemas.display import Line, Span, json_lines
from callwright.schemas.errors import UserError
from callwright.schemas.toolbox import Tool

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Look at the tools: list, show, graph."
)

_WIDE = 120
"""Columns of a terminal that has room for a column of kinds."""

PackOption = Annotated[str | None, typer.Option("--pack", help="Only this pack.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


# ------------------------------------------------------------------------- list


@app.command("list")
def list_tools(pack: PackOption = None, as_json: JsonOption = False) -> None:
    """List the tools, one a line."""
    tools = list(Toolset(pack).tools.values())
    if as_json:
        _print_json([_summary(tool) for tool in tools])
        return
    out = console()
    if not out.is_terminal:  # a pipe has no width: one tool stays one line
        out = console(width=2000)
    out.print(_table(tools, narrow=out.width < _WIDE))
    packs = len({tool.pack for tool in tools})
    writes = sum(tool.effect == "write" for tool in tools)
    out.print(Text(f"\n{len(tools)} tools in {packs} packs; {writes} of them write", "dim"))


def _table(tools: Sequence[Tool], *, narrow: bool) -> Table:
    """A row a tool; its kinds stand in a column of their own or, if narrow, under what it does."""
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for heading in ("tool", "pack", "effect"):
        table.add_column(heading, no_wrap=True)
    table.add_column("what it does", ratio=3)
    if not narrow:
        table.add_column("kinds in → out", ratio=2)
    for tool in tools:
        name = Text(tool.name, STYLES["name"])
        effect = Text(tool.effect, "bold yellow" if tool.effect == "write" else "")
        about, kinds = Text(tool.concise), Text(_kinds(tool), "dim")
        cells = [about.append("\n").append_text(kinds)] if narrow else [about, kinds]
        table.add_row(name, tool.pack, effect, *cells)
    return table


def _summary(tool: Tool) -> dict[str, Any]:
    return {
        "name": tool.name,
        "pack": tool.pack,
        "effect": tool.effect,
        "replay": tool.replay,
        "concise": tool.concise,
        "in": {p.name: p.kind for p in parameters_of(tool)},
        "out": {o.path: o.kind for o in outputs_of(tool)},
    }


def _kinds(tool: Tool) -> str:
    """Kinds taken → kinds given, each once."""
    taken = dict.fromkeys(p.kind for p in parameters_of(tool))
    given = dict.fromkeys(o.kind for o in outputs_of(tool))
    return f"{', '.join(taken) or '–'} → {', '.join(given) or '–'}"


# ------------------------------------------------------------------------- show


@app.command("show")
def show_tool(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A tool.")],
    as_json: JsonOption = False,
) -> None:
    """Show one tool: schemas, what feeds it, what it feeds, and a call really made now."""
    tools = Toolset()
    tool = tools.tool(name)
    feeds = [edge for edge in tools.edges if edge.producer == name]
    fed = [edge for edge in tools.edges if edge.consumer == name]
    example = tools.example(tool)
    if as_json:
        _print_json(_everything(tool, fed, feeds, example))
    else:
        _print_tool(console(), tool, fed, feeds, example)


def _everything(
    tool: Tool, fed: list[Edge], feeds: list[Edge], example: Example | None
) -> dict[str, Any]:
    call = None
    if example is not None:
        call = {"arguments": example.arguments, "result": orjson.Fragment(example.result.content)}
    return {
        **_summary(tool),
        "description": tool.description,
        "parameters": tool.parameters,
        "returns": tool.returns,
        "fed_by": [_edge(edge) for edge in fed],
        "feeds": [_edge(edge) for edge in feeds],
        "example": call,
    }


def _print_tool(
    out: Console, tool: Tool, fed: list[Edge], feeds: list[Edge], example: Example | None
) -> None:
    about = f"  {tool.pack} · {tool.effect} · {tool.replay}"
    print_lines(out, [[Span(tool.name, "name"), Span(about, "dim")]])
    print_lines(out, [[Span(tool.description)]], 2)
    _part(out, "parameters", [line for p in parameters_of(tool) for line in _parameter(p, fed)])
    _part(out, "result", [line for o in outputs_of(tool) for line in _output(o, feeds)])
    _part(out, "schema of the parameters", json_lines(orjson.dumps(tool.parameters).decode(), {}))
    _part(out, "schema of the result", json_lines(orjson.dumps(tool.returns).decode(), {}))
    call: list[Line] = [[Span("no values found for its parameters", "dim")]]
    if example is not None:
        arguments = json_lines(orjson.dumps(example.arguments).decode(), {})
        call = [[Span(tool.name, "name")], *arguments, [Span("returned", "dim")]]
        call += json_lines(example.result.content, {})
    _part(out, "a call, made just now", call)


def _part(out: Console, title: str, lines: list[Line]) -> None:
    out.print()
    print_lines(out, [[Span(title, "good")]])
    print_lines(out, lines, 2)


def _parameter(parameter: Parameter, fed: list[Edge]) -> list[Line]:
    schema = parameter.schema
    facts = [str(schema.get("type", "any"))]
    facts.append("required" if parameter.required else "optional")
    if "default" in schema:
        facts.append(f"default {orjson.dumps(schema['default']).decode()}")
    if parameter.along:
        facts.append(f"comes along {parameter.along}")
    ends = [f"{e.producer}.{e.field}" for e in fed if e.parameter == parameter.name]
    return [
        [
            Span(parameter.name, "name"),
            Span(f"  {parameter.kind}", "value"),
            Span(f"  {', '.join(facts)}", "dim"),
        ],
        [Span(f"  {schema.get('description', '')}")],
        *_ends("←", ends),
    ]


def _output(output: Output, feeds: list[Edge]) -> list[Line]:
    ends = [f"{e.consumer}.{e.parameter}" for e in feeds if e.field == output.path]
    return [[Span(output.path, "name"), Span(f"  {output.kind}", "value")], *_ends("→", ends)]


def _ends(arrow: str, ends: list[str]) -> list[Line]:
    return [[Span(f"  {arrow} {', '.join(ends)}", "source")]] if ends else []


# ------------------------------------------------------------------------ graph


@app.command("graph")
def show_graph(
    pack: PackOption = None,
    as_json: JsonOption = False,
    svg: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the graph as an SVG picture.")
    ] = None,
) -> None:
    """Show which result may feed which parameter."""
    if svg is not None and as_json:
        raise UserError("--svg and --json exclude each other: choose one")
    tools = Toolset(pack)
    if as_json:
        nodes = [{"name": t.name, "pack": t.pack, "effect": t.effect} for t in tools.tools.values()]
        _print_json({"tools": nodes, "edges": [_edge(edge) for edge in tools.edges]})
    elif svg is not None:
        from callwright.cli.graph_svg import draw

        try:
            svg.write_text(draw(list(tools.tools.values()), tools.edges), "utf-8")
        except OSError as error:
            raise UserError(f"cannot write {svg}: {error.strerror or error}") from None
        typer.echo(f"{len(tools.tools)} tools and {len(tools.edges)} edges in {svg}")
    else:
        _print_edges(console(), tools)


def _edge(edge: Edge) -> dict[str, str]:
    return {
        "producer": edge.producer,
        "field": edge.field,
        "consumer": edge.consumer,
        "parameter": edge.parameter,
        "kind": edge.kind,
    }


def _print_edges(out: Console, tools: Toolset) -> None:
    by_kind: dict[str, list[Edge]] = defaultdict(list)
    for edge in tools.edges:
        by_kind[edge.kind].append(edge)
    lines: list[Line] = []
    for kind, edges in sorted(by_kind.items()):
        lines.append([Span(kind, "value")])
        lines += [
            [
                Span(f"  {edge.producer}.{edge.field}"),
                Span(" → ", "source"),
                Span(f"{edge.consumer}.{edge.parameter}"),
            ]
            for edge in edges
        ]
    count = f"{len(tools.tools)} tools, {len(tools.edges)} edges of {len(by_kind)} kinds"
    lines += [[], [Span(count, "dim")]]
    joined = {name for edge in tools.edges for name in (edge.producer, edge.consumer)}
    alone = [name for name in tools.tools if name not in joined]
    if alone:
        lines.append([Span(f"without an edge: {', '.join(alone)}", "dim")])
    print_lines(out, lines)


def _print_json(value: Any) -> None:
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())
