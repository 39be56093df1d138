"""What the exchange just before was about, so that the next may say "that airport"."""

from __future__ import annotations

from callwright.generators.assemble import Exchange
from callwright.generators.planning import Node
from callwright.generators.wording.lexicon import Lexicon
from callwright.generators.wording.text import positions
from callwright.schemas.kinds import schema_at
from callwright.schemas.pointers import from_dotted


def findings(exchange: Exchange, lexicon: Lexicon) -> list[tuple[int, str]]:
    """What an exchange was about, as `Speech` knows what was mentioned: what was told or looked up.

    Nobody says "that price" of a price that nobody has named; of two products "that product" is
    the later one, whichever words name it; and after a transfer neither account is "the account".
    """
    rivals = _rivals(exchange)
    told = {(id(mark.node), mark.name) for mark, _, _ in positions(exchange.answer)}
    found: list[tuple[int, str]] = []
    phrases: set[str] = set()
    things: set[str] = set()
    for node in (node for turn in reversed(exchange.turns) for node in reversed(turn)):
        words = lexicon.tools[node.tool.name]
        paths = [
            path
            for path in words.that
            if (path in node.picks or path in words.elide or (id(node), from_dotted(path)) in told)
            and schema_at(node.tool.returns, from_dotted(path)).get("x-kind") not in rivals
        ]
        own = {path: {form.text for form in words.that[path]} for path in paths}
        found += [
            (id(node), path)
            for path in paths
            if not (own[path] & phrases or _things(node, path) & things)
        ]
        phrases = phrases.union(*own.values())
        things = things.union(*(_things(node, path) for path in {*paths, *node.picks}))
    return found


def _rivals(exchange: Exchange) -> set[str]:
    """Kinds of which an exchange's calls were given more than one value."""
    given: dict[str, set[str]] = {}
    for node in (node for turn in exchange.turns for node in turn):
        for name, schema in node.tool.parameters["properties"].items():
            if name in node.values and "x-kind" in schema:
                given.setdefault(schema["x-kind"], set()).add(str(node.values[name]))
    return {kind for kind, values in given.items() if len(values) > 1}


def _things(node: Node, path: str) -> set[str]:
    """Of what sort the thing is that `path` identifies, itself or as an item of a list."""
    place = from_dotted(path)
    fields = schema_at(node.tool.returns, f"{place}/0").get("properties", {})
    ids = [f"{place}/0/{name}" for name in fields if name.endswith("_id")]
    if not fields and path.endswith("_id"):
        ids = [place]
    kinds = [schema_at(node.tool.returns, pointer).get("x-kind") for pointer in ids[:1]]
    return {kind.partition(".")[0] for kind in kinds if kind}
