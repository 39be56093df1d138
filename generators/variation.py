"""A plan asked again for another value: "What about Lyon?", "Sorry, I meant Lyon."."""

from __future__ import annotations

from callwright.generators.planning import Along, Argument, Fed, Node, Said, nodes_of


def family(argument: Said) -> str:
    """Of what sort a value is: two cities are of one, whatever the tool wants with each."""
    return argument.parameter.kind.partition(".")[0]


def may_vary(argument: Said, *, exact: bool) -> bool:
    """May this value be another one next time? Of figures only one that was said wrongly."""
    parameter = argument.parameter
    if parameter.choices is not None or parameter.along is not None:
        return False
    plain = parameter.schema.get("type") == "string" and "format" not in parameter.schema
    return plain or exact


def varied(node: Node, changed: Node, name: str, copies: dict[int, Node]) -> Node:
    """The plan with another value for one argument; what does not depend on it stays as it is."""
    if changed not in nodes_of([node]):
        return node
    if id(node) in copies:
        return copies[id(node)]
    fed: dict[int, Fed] = {}
    arguments: dict[str, Argument] = {}
    for key, a in node.arguments.items():
        if node is changed and key == name:
            assert isinstance(a, Said)
            arguments[key] = Said(a.parameter, fresh=True)
        elif isinstance(a, Fed):
            arguments[key] = fed[id(a)] = Fed(varied(a.node, changed, name, copies), a.output)
        else:
            arguments[key] = a
    for key, a in arguments.items():
        if isinstance(a, Along):
            arguments[key] = Along(fed[id(a.partner)], a.field)
    copies[id(node)] = Node(node.tool, arguments, like=node)
    return copies[id(node)]
