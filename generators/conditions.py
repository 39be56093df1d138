"""Only if: a request in which one result decides whether something else is done."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from callwright.generators.assemble import IF, Depends, Exchange
from callwright.generators.binding import Binder
from callwright.generators.execution import Elsewhere
from callwright.generators.planning import Argument, Fed, Fixed, Node, Said, Unfit, nodes_of
from callwright.generators.scenarios import refuse_odd
from callwright.generators.thread import Thread, refuse_unsaid, turns
from callwright.generators.wording.answer import Owed, stated
from callwright.generators.wording.cohesion import has_items
from callwright.generators.wording.dialogue import When, figure_in
from callwright.generators.wording.framing import frames
from callwright.generators.wording.lexicon import Form, Slot
from callwright.generators.wording.readable import refuse_unreadable
from callwright.generators.wording.speech import Speech
from callwright.generators.wording.text import Mark, Span, Text, capitalised, joined
from callwright.schemas.kinds import schema_at
from callwright.schemas.pointers import from_dotted
from callwright.schemas.selection import value_at
from callwright.schemas.toolbox import Json

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda one, other: type(one) is type(other) and one == other,
    "le": lambda one, other: one <= other,
    "ge": lambda one, other: one >= other,
    "lt": lambda one, other: one < other,
    "gt": lambda one, other: one > other,
}


def ask_if(thread: Thread, elsewhere: Elsewhere) -> None:
    """Look something up; only if it is so, do something else.

    Args:
        elsewhere: opens another session of the row's world, for what is said and never looked up.

    Raises:
        Unfit: no condition fits, or it comes out otherwise than is wanted this time.
    """
    rng, binder = thread.rng, thread.binder
    first, when, tool = _chosen(thread)
    refuse_odd([first], thread.lexicon)
    wanted = rng.random() < 0.5
    made = binder.run([first])
    assert first.result is not None
    value = value_at(first.result.value, when.field)
    limit = when.value if when.value is not None else _limit(value, when.op, wanted, rng)
    if value is None or _COMPARE[when.op](value, limit) != wanted:
        raise Unfit("condition", f"{first.tool.name}.{when.field}")
    second = _next(thread, first, when, tool)
    if wanted:
        made += binder.run([second])
    else:
        _look_up_elsewhere(second, thread, elsewhere)
        binder.fill(second)
    speech = Speech(thread.lexicon, rng, today=thread.today)
    text = _worded(thread, speech, first, second, when, limit)
    called = nodes_of([first, second] if wanted else [first])
    refuse_unsaid(called, text)
    refuse_unreadable(text, thread.lexicon.language)
    goals = [first, second] if second.tool.effect == "read" else [second]
    items = [Owed(node, item=path, goal=False) for node in called for path in node.picks]
    if wanted:
        # What it hung on was asked for, too, whether or not it is a goal.
        known = [Owed(first, speech.asked.get(id(first), when.field))]
        if _changes(second, when.field, value):
            known = []  # "The lamp is on. I've switched it off." tells of what is no more
        said = thread.told([*items, *known, Owed(second, speech.asked.get(id(second)))], speech.me)
    else:
        goals = [first]
        said = _left(thread, speech, first, when, tool)
        asked = speech.asked.get(id(first))
        told = thread.told([Owed(first, asked)], speech.me) if asked != when.field else []
        if asked or has_items(told):  # more than what it hung on
            said = sentences(thread, [told, said])
    thread.offered = [second.tool]
    thread.exchanges.append(
        Exchange(
            text,
            said,
            made,
            goals,
            frozenset(n.call for n in called if id(n) not in speech.named),
            Depends(first, when.field, when.op, limit, wanted, tool),
        )
    )


def _chosen(thread: Thread) -> tuple[Node, When, str]:
    """A plan whose result a condition can be set on, the condition, and the tool to go on with."""
    graph = thread.everything.graph
    options = [
        (name, when, then)
        for name, conditions in thread.dialogue.when.items()
        if graph.depths.get(name)
        for when in conditions
        for then in when.then
        if then in graph.tools
    ]
    if not options:
        raise Unfit("no_words", "no pack has words for a condition")
    name, when, then = thread.rng.choice(options)
    depths = sorted(depth for depth in graph.depths[name] if depth <= 3)
    return thread.everything.grow(name, thread.rng.choice(depths)), when, then


def _limit(value: Json, op: str, holds: bool, rng: random.Random) -> Json:
    """A round figure that somebody might name, on the wanted side of `value`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise Unfit("condition", f"{value!r} has no limit")
    step = 10 ** max(0, len(str(int(value))) - 2)
    floor = int(value) // step * step
    above = (op == "le") == holds
    limit = floor + step * rng.randint(1, 4) if above else floor - step * rng.randint(0, 3)
    if limit <= 0 or (limit == value):
        raise Unfit("condition", f"{limit} is no limit")
    return limit


def _next(thread: Thread, first: Node, when: When, tool: str) -> Node:
    """The call that depends on the first: about the same things, or about what that found."""
    graph = thread.everything.graph
    given: dict[str, Argument] = {}
    linked = False
    for parameter in graph.parameters[tool]:
        if parameter.name in when.fixed:
            given[parameter.name] = Fixed(when.fixed[parameter.name])
            continue
        for argument in first.arguments.values():
            said = isinstance(argument, Said) and argument.parameter.kind == parameter.kind
            fed = isinstance(argument, Fed) and argument.output.kind in parameter.accepts
            if said or fed:
                given[parameter.name] = argument
        if parameter.name not in given:
            for output in graph.outputs[first.tool.name]:
                if output.list is None and output.kind in parameter.accepts:
                    given[parameter.name] = Fed(first, output)
        linked = linked or parameter.name in given
    if not linked:
        raise Unfit("condition", f"{tool} has nothing to do with {first.tool.name}")
    return thread.everything.grow(tool, 1, given=given)


def _changes(call: Node, field: str, value: Json) -> bool:
    """Does this call give the field, here `my_response` and there `response`, another value?"""
    assert call.result is not None
    now = {n: v for n, v in call.result.value.items() if field == n or field.endswith(f"_{n}")}
    return call.tool.effect == "write" and any(v != value for v in now.values())


def _look_up_elsewhere(second: Node, thread: Thread, elsewhere: Elsewhere) -> None:
    """Settle what the call that is not made would have needed: whose cart it would have been.

    Its words name that, yet nobody looks it up. Were such calls left out, every condition on them
    would hold.
    """
    open_ = [node for node in nodes_of([second]) if node is not second and node.result is None]
    if open_:
        scratch = Binder(elsewhere(), thread.lexicon, thread.rng)
        scratch.context = thread.binder.context
        scratch.made = dict(thread.binder.made)
        scratch.run(open_)


def _worded(
    thread: Thread, speech: Speech, first: Node, second: Node, when: When, limit: Json
) -> Text:
    """The whole request."""
    introduction = introduced(thread, speech, [first, second])
    if any(second.tool.name in unfit for unfit in _unfit(first, speech)):
        raise Unfit("condition", f"{second.tool.name} is not for what was picked")
    telling = [f for f in speech.words(first).do if f.about in (None, when.field)]
    look = speech.clause(telling, first)
    speech.mentioned |= {(id(first), path) for path in speech.words(first).that}
    clause = _clause(speech, thread.rng.choice(when.clause), first, when, limit)
    act = speech.clause(speech.words(second).do, second)
    parts = {"a": look, "c": clause, "b": act}
    form = thread.rng.choice(turns(thread.lexicon.language)["when"])
    both = speech.fill(form, lambda slot: parts[slot.name])
    return sentences(thread, [introduction, framed(thread, speech, both)])


def _left(thread: Thread, speech: Speech, first: Node, when: When, tool: str) -> Text:
    """What was found, and that the rest was therefore left."""
    why, undone = capitalised(_why(when, first, thread)), thread.dialogue.undone[tool]
    missed = {"le": "over", "ge": "under"}[when.op] if when.value is None else "left"
    form = thread.rng.choice(turns(thread.lexicon.language)[missed])
    return speech.fill(form, lambda slot: why if slot.name == "x" else [Span(undone)])


def _why(when: When, first: Node, thread: Thread) -> Text:
    """What was found instead, in words that fit it: one, two and none are told otherwise."""
    for form in thread.rng.sample(when.otherwise, len(when.otherwise)):
        with suppress(Unfit):
            return stated(form, first, thread.lexicon, thread.rng)
    raise Unfit("empty_field", f"{first.tool.name}.{when.field}")


def introduced(thread: Thread, speech: Speech, goals: list[Node]) -> Text:
    """Who is speaking, where a call of the plan looks the speaker up; nothing where none does.

    Raises:
        Unfit: two people are looked up, or the speaker is all that is asked for.
    """
    people = [node for node in nodes_of(goals) if speech.words(node).me]
    if not people:
        return []
    forms = [form for form in speech.words(people[0]).me if form.fits(people[0].said)]
    if len(set(map(id, people))) > 1 or not forms or people[0] in goals:
        raise Unfit("shape", "about two people at once, or about who is speaking")
    speech.me = people[0]
    return speech.fill(thread.rng.choice(forms), lambda slot: speech.argument(people[0], slot))


def framed(thread: Thread, speech: Speech, clause: Text) -> Text:
    """What is to be done, as a sentence that asks for it."""
    weights, forms = frames(thread.lexicon.language)["do"]
    plain = [i for i, f in enumerate(forms) if "let me know" not in f.text and f.text != "{x}?"]
    form: Form = thread.rng.choices([forms[i] for i in plain], [weights[i] for i in plain])[0]
    return speech.fill(form, lambda _slot: clause)


def sentences(thread: Thread, parts: list[Text]) -> Text:
    """What is said, one sentence after the other."""
    said = [capitalised(part) for part in parts if part]
    return joined(said, " " if thread.lexicon.language == "en" else "")


def _unfit(first: Node, speech: Speech) -> Iterator[frozenset[str]]:
    """Tools to which nobody passes what was singled out on the way."""
    for node in nodes_of([first]):
        for path, pick in node.picks.items():
            yield speech.words(node).pick[path][pick.wording].unfit


def _clause(speech: Speech, form: Form, node: Node, when: When, limit: Json) -> Text:
    """The condition, with a mark on the figure that it names."""
    schema = schema_at(node.tool.returns, from_dotted(when.field))
    kind = schema.get("x-kind")
    if when.value is None:
        return speech.fill(form, lambda slot: _figure(speech, node, slot, limit, schema))
    if when.op == "eq" or when.value == 0:  # "if there are any" needs no figure
        return speech.fill(form, lambda slot: [Span(slot.name)])
    found = figure_in(form.text, when.value)
    assert found is not None, form.text  # the loader has seen to that
    figure, written = found
    before, _, after = form.text.partition(figure)
    mark = Mark(node, IF, written, limit, kind)
    return [Span(before), Span(figure, mark), Span(after)]


def _figure(speech: Speech, node: Node, _slot: Slot, limit: Json, schema: dict[str, Any]) -> Text:
    kind = schema.get("x-kind", "")
    text, form = speech.literals.written(limit, kind, schema)
    if form == "number.words" and limit < 100 and speech.lexicon.language == "zh":
        text, form = str(limit), "number.digits"  # 不超过两千四百, but not 不超过八: eight what?
    return speech.wrapped(kind, Span(text, Mark(node, IF, form, limit, kind)))
