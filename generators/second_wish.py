"""If that is taken, the next: a request that says what to do should the tool refuse."""

from __future__ import annotations

from callwright.generators.assemble import Depends, Exchange
from callwright.generators.conditions import framed, introduced, sentences
from callwright.generators.execution import Elsewhere
from callwright.generators.planning import Node, Said, Unfit, nodes_of
from callwright.generators.scenarios import refuse_odd
from callwright.generators.thread import Thread, plain, refuse_unsaid
from callwright.generators.wording.answer import Owed
from callwright.generators.wording.cohesion import unopened
from callwright.generators.wording.dialogue import Otherwise
from callwright.generators.wording.pronouns import turned
from callwright.generators.wording.readable import refuse_unreadable
from callwright.generators.wording.speech import Speech
from callwright.generators.wording.text import Span, Text, capitalised
from callwright.schemas.toolbox import Json

TRIED = 8
"""Values that are tried to find one that the tool takes and one that it refuses."""

TOO_MUCH = (2, 3, 5, 10, 20, 40)
"""What a number is multiplied by until there is not so much."""


def ask_or_else(thread: Thread, elsewhere: Elsewhere) -> None:
    """Do something, or the same with another value should the first be refused.

    Args:
        elsewhere: opens another session of the row's world; what the tool takes is tried there.

    Raises:
        Unfit: no pack has words for that, or no two values will do.
    """
    rng, binder = thread.rng, thread.binder
    goal, name, words = _chosen(thread)
    refuse_odd([goal], thread.lexicon)
    feeders = [node for node in nodes_of([goal]) if node is not goal]
    if any(node.tool.effect == "write" for node in feeders):
        raise Unfit("shape", "something is written on the way")
    made = binder.run(list(goal.feeders())) if feeders else []
    binder.fill(goal)
    holds = rng.random() < 0.7
    one, other = _values(goal, name, words.first, elsewhere, thread, refused=holds)
    wish = goal.arguments[name]
    assert isinstance(wish, Said)
    first = Node(goal.tool, {**goal.arguments, name: Said(wish.parameter, one)}, fails=holds)
    second = Node(goal.tool, {**goal.arguments, name: Said(wish.parameter, other)})
    made += binder.run([first])
    if holds:
        assert first.result is not None
        if first.result.failure != "refused":
            raise Unfit("condition", f"{goal.tool.name} takes it now")
        made += binder.run([second])
    else:
        binder.fill(second)
    speech = Speech(thread.lexicon, rng, today=thread.today)
    introduction = introduced(thread, speech, [first, second])
    request = framed(thread, speech, speech.clause(speech.words(first).do, first))
    otherwise = speech.fill(rng.choice(words.say), lambda slot: speech.argument(second, slot))
    text = sentences(thread, [introduction, request, _closed(otherwise, thread)])
    done = second if holds else first
    called = nodes_of([first, second] if holds else [first])
    refuse_unsaid(called, text)
    refuse_unreadable(text, thread.lexicon.language)
    items = [Owed(node, item=path, goal=False) for node in called for path in node.picks]
    said = thread.told([*items, Owed(done)], speech.me)
    if holds:
        said = [*_refused(first, words, speech, thread), *capitalised(unopened(said))]
    unnamed = frozenset(n.call for n in called if id(n) not in speech.named and n is not second)
    depends = Depends(first, "error.kind", "eq", "refused", True, goal.tool.name)
    thread.exchanges.append(Exchange(text, said, made, [done], unnamed, depends if holds else None))


def _refused(wish: Node, words: Otherwise, speech: Speech, thread: Thread) -> Text:
    """Why it is the second wish that was granted."""
    language = thread.lexicon.language
    speech.mentioned.clear()  # it is said again in full
    form = thread.rng.choice([form for form in words.refused if form.needs <= wish.said])
    why = speech.fill(form, lambda slot: turned(speech.argument(wish, slot), language))
    return [*capitalised(plain(why)), Span(" " if language == "en" else "")]


def _chosen(thread: Thread) -> tuple[Node, str, Otherwise]:
    """A plan whose last call takes a value that might be refused, and what is said of another."""
    graph = thread.everything.graph
    options = [
        (tool, name, words)
        for tool, wishes in thread.dialogue.otherwise.items()
        for name, words in wishes.items()
        if graph.depths.get(tool)
    ]
    if not options:
        raise Unfit("no_words", "no pack has words for a second wish")
    tool, name, words = thread.rng.choice(options)
    goal = thread.everything.grow(
        tool, thread.rng.choice(sorted(depth for depth in graph.depths[tool] if depth <= 3))
    )
    if not isinstance(goal.arguments.get(name), Said):
        raise Unfit("shape", f"{tool}.{name} is not what is said")
    return goal, name, words


def _values(
    goal: Node,
    name: str,
    kind: str | None,
    elsewhere: Elsewhere,
    thread: Thread,
    *,
    refused: bool,
) -> tuple[Json, Json]:
    """The first wish and the second, each tried in a world of its own.

    Args:
        kind: of values that may be refused; None: large numbers.
        refused: is the first?
    """
    argument = goal.arguments[name]
    assert isinstance(argument, Said)

    def outcome(value: Json) -> str | None:
        return elsewhere().call(goal.tool.name, {**goal.values, name: value}).failure

    wishes = [thread.binder.sample(argument.parameter.kind) for _ in range(TRIED)]
    if kind is not None:
        doubtful = [thread.binder.sample(kind) for _ in range(TRIED)]
    else:
        doubtful = sorted(w * n for w in wishes if isinstance(w, int | float) for n in TOO_MUCH)
    fit = "refused" if refused else None
    first = next(
        (value for value in (doubtful if refused else wishes) if outcome(value) == fit), None
    )
    if kind is None:  # next to the first: nobody who cannot send 5000 is content with 50
        wishes.sort(key=lambda value: -value if isinstance(value, int | float) else 0)
    for second in wishes:
        less = kind is not None or (first is not None and second < first)
        if first is not None and second != first and less and outcome(second) is None:
            return first, second
    raise Unfit("no_value", f"{goal.tool.name}.{name}: none is refused, or none is taken")


def _closed(clause: Text, thread: Thread) -> Text:
    return [*clause, Span("." if thread.lexicon.language == "en" else "。")]
