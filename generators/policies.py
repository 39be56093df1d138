"""Rules of the house: the system message says what the assistant must ask first, or must not do."""

from __future__ import annotations

from callwright.generators.assemble import Exchange
from callwright.generators.binding import Binder
from callwright.generators.conditions import introduced, sentences
from callwright.generators.execution import Elsewhere
from callwright.generators.planning import Fed, Fixed, Node, Unfit, nodes_of
from callwright.generators.scenarios import refuse_odd
from callwright.generators.thread import Thread, plain, turns
from callwright.generators.wording.lexicon import Form
from callwright.generators.wording.pronouns import turned
from callwright.generators.wording.request import Request
from callwright.generators.wording.text import Span, Text

WHO_SHARE = 0.25
"""Share of the rules that want to know who is speaking, where that can be looked up."""


def under_a_rule(thread: Thread, elsewhere: Elsewhere) -> None:
    """A request under a rule, which may apply to it or not.

    Raises:
        Unfit: it cannot be executed or worded.
    """
    people = any(words.me for words in thread.lexicon.tools.values())
    if people and thread.rng.random() < WHO_SHARE:
        _known_first(thread)
        return
    chance = thread.rng.random()
    if chance < 0.7:
        thread.rule = _line(thread, "confirm_rule")
        if chance < 0.2:
            thread.ask(thread.plan("single", "chain"))
        else:
            _confirmed(thread, elsewhere, agreed=chance < 0.5)
    else:
        thread.rule = _line(thread, "read_only_rule")
        if chance < 0.82:
            thread.ask(thread.plan("single", "chain"))
        else:
            _refused(thread, elsewhere)


def _confirmed(thread: Thread, elsewhere: Elsewhere, *, agreed: bool) -> None:
    """Before anything is written the assistant says what it is about to do, and asks."""
    goal, forms = _write_with(thread)
    binder = thread.binder if agreed else Binder(elsewhere(), thread.lexicon, thread.rng)
    made = binder.run([goal])
    request = Request([goal], thread.lexicon, thread.rng, today=thread.today)
    _refuse_lookups(request)
    fitting = request.speech.fitting(forms, goal)
    if not fitting:
        raise Unfit("no_form", f"{goal.tool.name}: nothing confirms it")
    request.speech.mentioned.clear()  # it is said again in full, so that the user can check it
    question = request.speech.fill(
        thread.rng.choice(fitting),
        lambda slot: turned(request.speech.argument(goal, slot), thread.lexicon.language),
    )
    thread.exchanges.append(Exchange(request.text, plain(question)))
    if agreed:
        said = thread.told(request.owed, request.speech.me)
        unnamed = frozenset(request.unnamed)
        thread.exchanges.append(Exchange(_words(thread, "agreed"), said, made, [goal], unnamed))
    else:
        thread.offered = [goal.tool]
        form = thread.rng.choice(thread.dialogue.declined[goal.tool.name])
        thread.exchanges.append(Exchange(_words(thread, "disagreed"), plain([Span(form.text)])))


def _write_with(thread: Thread) -> tuple[Node, list[Form]]:
    """A plan that ends in a write, and the forms in which it can be confirmed."""
    planner = thread.everything
    options = [t for t in thread.dialogue.confirm if t in planner.graph.tools]
    if not options:
        raise Unfit("no_words", "no pack has words for a confirmation")
    tool = thread.rng.choice(options)
    depths = sorted(depth for depth in planner.graph.depths[tool] if depth <= 4)
    goal = planner.grow(tool, thread.rng.choice(depths))
    forms = list(thread.dialogue.confirm[tool])
    fixing = [form.fixed for form in forms if form.fixed]
    if fixing:
        fixed = thread.rng.choice(fixing)
        if any(isinstance(goal.arguments.get(name), Fed) for name, _ in fixed):
            raise Unfit("no_form", f"{tool}: what the confirmation fixes is found out")
        goal.arguments |= {name: Fixed(value) for name, value in fixed}
        order = list(goal.tool.parameters["properties"])
        goal.arguments = {name: goal.arguments[name] for name in order if name in goal.arguments}
    if sum(node.tool.effect == "write" for node in nodes_of([goal])) > 1:
        raise Unfit("shape", "one question is about one change")
    refuse_odd([goal], thread.lexicon)
    return goal, forms


def _known_first(thread: Thread) -> None:
    """Before anything of somebody's is looked up or changed, they say who they are."""
    thread.rule = _line(thread, "who_rule")
    chance = thread.rng.random()
    if chance < 0.2:
        goals = thread.plan("single", "chain")
        if not _nobodys(goals, thread):
            raise Unfit("shape", "it may be somebody's matter")
        thread.ask(goals)
        return
    goals = thread.plan("chain", "chain", "dag", "stateful")
    people = _people(goals, thread)
    if len(people) != 1 or people[0] in goals:
        raise Unfit("shape", "nobody is looked up on the way, or two are")
    made = thread.binder.run(goals)
    (me,) = people
    request = Request(goals, thread.lexicon, thread.rng, today=thread.today, known=[me], speaker=me)
    who = introduced(thread, request.speech, goals)
    said = thread.told(request.owed, request.speech.me)
    unnamed = frozenset(request.unnamed)
    if chance < 0.4:  # they have said so at once
        text = sentences(thread, [who, request.text])
        thread.exchanges.append(Exchange(text, said, made, goals, unnamed))
        return
    thread.exchanges.append(Exchange(request.text, plain(_words(thread, "who"))))
    thread.exchanges.append(Exchange(who, said, made, goals, unnamed))


def _nobodys(goals: list[Node], thread: Thread) -> bool:
    """Is it all of packs in which nobody has anything: nothing can be changed there?"""
    tools = thread.everything.graph.tools.values()
    owned = {tool.pack for tool in tools if tool.effect == "write"}
    return all(node.tool.pack not in owned for node in nodes_of(goals))


def _people(goals: list[Node], thread: Thread) -> list[Node]:
    """Calls that look a person up."""
    return [node for node in nodes_of(goals) if thread.lexicon.tools[node.tool.name].me]


def _refused(thread: Thread, elsewhere: Elsewhere) -> None:
    """Something is to be written where nothing may be."""
    goals = thread.plan("stateful")
    if goals[0].tool.effect != "write":
        raise Unfit("shape", "nothing is written in the end")
    Binder(elsewhere(), thread.lexicon, thread.rng).run(goals)
    request = Request(goals, thread.lexicon, thread.rng, today=thread.today)
    _refuse_lookups(request)
    thread.offered = [goals[0].tool]
    thread.exchanges.append(Exchange(request.text, plain(_words(thread, "not_allowed"))))


def _refuse_lookups(request: Request) -> None:
    """See that only a change is asked for.

    Raises:
        Unfit: something is asked for besides, which could be looked up at once.
    """
    if request.asks_besides:
        raise Unfit("shape", "something is asked for that may be looked up")


def _words(thread: Thread, name: str) -> Text:
    return [Span(_line(thread, name))]


def _line(thread: Thread, name: str) -> str:
    return thread.rng.choice(turns(thread.lexicon.language)[name]).text
