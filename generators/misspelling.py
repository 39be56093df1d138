"""A name with a slip in it: the call fails, says what is near, and is made again."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from callwright.generators.graph import Output, Parameter
from callwright.generators.planning import Fed, Node, Said, Unfit, nodes_of
from callwright.generators.scenarios import SHAPES
from callwright.generators.thread import Thread, turns
from callwright.generators.wording.cohesion import cohesive
from callwright.generators.wording.lexicon import Lexicon
from callwright.generators.wording.speech import Speech
from callwright.generators.wording.text import Mark, Span, Text, flat
from callwright.schemas.pointers import from_dotted
from callwright.schemas.surface import terms

SHORTEST = 6
"""Letters of a name in which a slip still leaves no doubt."""


def ask_misspelt(thread: Thread) -> None:
    """A request in which a name is misspelt; the tool's suggestion mends it.

    Raises:
        Unfit: no name in the plan can be misspelt so that just the right one is suggested.
    """
    for _ in range(SHAPES):
        goals = thread.plan("single", "chain", "chain", "stateful")
        options = list(_looked_up(goals, thread))
        if options:
            break
    else:
        raise Unfit("shape", "nothing is looked up by its name")
    node, name, said = thread.rng.choice(options)
    meant = str(thread.binder.say(said))
    if not is_typed(meant, said.parameter.kind, thread.lexicon):
        raise Unfit("shape", f"{meant} has a name in Chinese, which no slip of these makes wrong")
    written = slip(meant, thread.rng)
    failed = Node(node.tool, {name: Said(said.parameter, written)}, fails=True)
    result = thread.binder.session.call(node.tool.name, {name: written})
    if result.failure != "not_found" or result.value["error"].get("suggestions") != [meant]:
        raise Unfit("no_suggestion", f"{node.tool.name} {written}: {result.content}")
    field = Output(node.tool.name, "error.suggestions.0", said.parameter.kind)
    node.arguments[name] = Fed(failed, field)
    thread.ask(goals)
    last = thread.exchanges[-1]
    if meant not in flat(last.answer):
        thread.exchanges[-1] = replace(
            last, answer=_told(failed, field, meant, last.answer, thread)
        )


def _told(failed: Node, field: Output, meant: str, answer: Text, thread: Thread) -> Text:
    """The answer, which does not bear the name that was looked up, with a word on which it was."""
    language = thread.lexicon.language
    form = thread.rng.choice(turns(language)["meant"])
    mark = Mark(failed, from_dotted(field.path), "verbatim", meant, field.kind)
    name = [Span(meant, mark)]
    if language == "en" and meant.rpartition(" ")[2].islower():  # a thing, not somebody
        name = [Span("“"), *name, Span("”")]
    said = Speech(thread.lexicon, thread.rng, today=None).fill(form, lambda _slot: name)
    return cohesive([said, answer], language)


def _looked_up(goals: list[Node], thread: Thread) -> Iterator[tuple[Node, str, Said]]:
    """Calls that look something up by its name alone, which the request says once."""
    nodes = nodes_of(goals)
    kinds = [a.parameter.kind for n in nodes for a in n.arguments.values() if isinstance(a, Said)]
    for node in nodes:
        parameters = thread.everything.graph.parameters[node.tool.name]
        if by_name(node.tool.name, parameters, thread.lexicon):
            ((name, argument),) = node.arguments.items()
            if isinstance(argument, Said) and kinds.count(argument.parameter.kind) == 1:
                yield node, name, argument


def by_name(tool: str, parameters: Sequence[Parameter], lexicon: Lexicon) -> bool:
    """Does a tool look something up by a name alone?"""
    if len(parameters) != 1 or lexicon.tools[tool].me:
        return False
    (parameter,) = parameters
    plain = parameter.schema.get("type") == "string" and "format" not in parameter.schema
    return plain and parameter.required and parameter.choices is None


def is_typed(name: str, kind: str, lexicon: Lexicon) -> bool:
    """Is it typed in Latin letters? In Chinese what has a Chinese name is called by that."""
    return lexicon.language == "en" or not terms.names_of(name, kind, lexicon.language)


def slip(name: str, rng: random.Random) -> str:
    """`name` as fingers write it that are too quick: a letter doubled, dropped or swapped.

    Never the first of a word, and never beyond recognition.

    Raises:
        Unfit: the name is too short.
    """
    places = [
        i
        for i in range(1, len(name) - 1)
        if name[i - 1].isalpha() and name[i].isalpha() and name[i + 1].isalpha()
    ]
    if not name.isascii() or sum(c.isalpha() for c in name) < SHORTEST or not places:
        raise Unfit("shape", f"{name} is no name to misspell")
    at = rng.choice(places)
    kind = rng.choice(("double", "drop", "swap"))
    if kind == "swap" and name[at].lower() != name[at + 1].lower():
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if kind == "double" and name[at].lower() not in (name[at - 1].lower(), name[at + 1].lower()):
        return name[: at + 1] + name[at:]
    return name[:at] + name[at + 1 :]
