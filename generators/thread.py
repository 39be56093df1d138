"""A conversation that goes on: one world, one exchange after the other.

A `Thread` asks, asks on, asks again about something else, leaves out what has to be asked for, or
asks for what no offered tool can do; `threads` leads it through the scenarios.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from callwright.generators import irrelevant
from callwright.generators.assemble import Exchange
from callwright.generators.binding import Binder
from callwright.generators.execution import PackSession
from callwright.generators.graph import Output
from callwright.generators.mentioned import findings
from callwright.generators.packs import COMMON_KNOWLEDGE
from callwright.generators.planning import (
    Fed,
    Fixed,
    Node,
    Planner,
    Said,
    Unfit,
    nodes_of,
)
from callwright.generators.scenarios import planned, refuse_odd
from callwright.generators.variation import family, may_vary, varied
from callwright.generators.wording.answer import Owed, answer, finds_nothing
from callwright.generators.wording.dialogue import Dialogue
from callwright.generators.wording.lexicon import Form, Lexicon, Slot, parse_form, read_yaml
from callwright.generators.wording.pronouns import turned
from callwright.generators.wording.readable import refuse_unreadable
from callwright.generators.wording.request import Request
from callwright.generators.wording.speech import Speech
from callwright.generators.wording.steady import Steady
from callwright.generators.wording.text import Span, Text, capitalised, flat
from callwright.schemas.kinds import schema_at
from callwright.schemas.pointers import from_dotted
from callwright.schemas.record import Language, Scenario
from callwright.schemas.toolbox import Tool

LONGEST_REFUSAL = {"en": 26, "zh": 34}
"""Words, or characters, of a request that is said again in a refusal."""


@cache
def turns(language: Language) -> dict[str, list[Form]]:
    raw = read_yaml(Path(__file__).parent / "wording" / "turns.yaml")[language]
    return {name: [parse_form(text) for text in forms] for name, forms in raw.items()}


class Thread:
    """A conversation in the making.

    Args:
        session: the row's world; every call of every exchange is made in it.
        reads: plans with tools that only read.
        everything: plans with all tools.
        today: the date that the system message states, if it states one.
    """

    def __init__(
        self,
        session: PackSession,
        lexicon: Lexicon,
        dialogue: Dialogue,
        reads: Planner,
        everything: Planner,
        rng: random.Random,
        *,
        today: datetime.date | None,
    ) -> None:
        self.lexicon, self.dialogue, self.rng, self.today = lexicon, dialogue, rng, today
        self.reads, self.everything = reads, everything
        self.binder = Binder(session, lexicon, rng)
        self.exchanges: list[Exchange] = []
        self.rule = ""
        """What the system message says of what the assistant must or must not do."""
        self.offered: list[Tool] = []
        """Tools that must be offered, called or not."""
        self.absent: list[Tool] = []
        """Tools that are asked for and must not be offered."""
        self._speaker: Node | None = None
        self._withdrawn: set[int] = set()
        """Calls about what the user has corrected since: nothing goes on from there."""
        self._asked: dict[int, str] = {}
        """Node -> the field of its result that was asked for."""
        self._manner = Steady(rng.random())
        """How the assistant writes its dates, from the first answer to the last."""
        self._chatted: set[str] = set()
        """Topics of the exchanges that needed no tool."""

    @property
    def nodes(self) -> list[Node]:
        """Every call so far."""
        return [node for one in self.exchanges for turn in one.turns for node in turn]

    # ------------------------------------------------------------- exchanges

    def plan(self, *scenarios: Scenario) -> list[Node]:
        """The goals of a new matter."""
        scenario = self.rng.choice(scenarios)
        return planned(scenario, self.reads, self.everything, self.lexicon, self.rng)

    def ask(self, goals: list[Node], *, refer: bool = False) -> None:
        """An exchange that asks for `goals`, calls what it takes, and answers.

        Args:
            refer: what the exchange just before found is referred back to ("that airport").

        Raises:
            Unfit: it cannot be executed or worded.
        """
        known = self.nodes
        self._refuse_strangers(goals, known)
        mentioned = findings(self.exchanges[-1], self.lexicon) if refer else []
        picked = {id(node): set(node.picks) for node in known}
        made = self.binder.run(goals)
        if not made:
            raise Unfit("idle_step", "everything is known already")
        if any(node.tool.effect == "write" for node in known) and any(
            finds_nothing(goal, self.lexicon) for goal in goals
        ):
            raise Unfit("empty_list", "what was just done has emptied it")
        request = Request(
            goals, self.lexicon, self.rng, today=self.today,
            known=known, mentioned=mentioned, speaker=self._speaker,
        )  # fmt: skip
        self._speaker = self._speaker or request.speech.me
        self._asked |= request.speech.asked
        items = [
            Owed(node, item=path, goal=False)
            for node in known
            for path in node.picks
            if path not in picked[id(node)]
        ]
        said = self.told([*items, *request.owed])
        self.exchanges.append(Exchange(request.text, said, made, goals, frozenset(request.unnamed)))

    def ask_on(self) -> None:
        """A further request that takes something from an earlier result.

        Raises:
            Unfit: nothing fits.
        """
        planner = self.everything if self.rng.random() < 0.4 else self.reads
        called = {node.tool.name for node in self.nodes}
        last = {id(n) for turn in self.exchanges[-1].turns for n in turn}
        options: dict[str, list[tuple[Node, Output, str]]] = {}
        for node in (n for n in self.nodes if id(n) not in self._withdrawn):
            for output in planner.graph.outputs.get(node.tool.name, ()):
                if not self._lasts(node, output):
                    continue
                for tool, parameter in planner.graph.uses.get(output, ()):
                    if tool not in called and self._may_feed(node, output, tool, id(node) in last):
                        options.setdefault(tool, []).append((node, output, parameter))
        if not options:
            raise Unfit("no_plan", "nothing goes on from here")
        tool = self.rng.choice(sorted(options))
        node, output, parameter = self.rng.choice(options[tool])
        goal = planner.grow(tool, 1, given={parameter: Fed(node, output)})
        refuse_odd([goal], self.lexicon)
        self.ask([goal], refer=id(node) in last)

    def ask_again(self, how: str) -> None:
        """The last request for another value: "What about Lyon?" or "Sorry, I meant Lyon.".

        Args:
            how: a frame of turns.yaml, `again` or `corrected`.

        Raises:
            Unfit: the last request has no value that could be another, or changed something.
        """
        goals = self.exchanges[-1].goals
        below = nodes_of(goals)
        if len(goals) != 1 or any(node.tool.effect == "write" for node in below):
            raise Unfit("shape", "the last request cannot be asked again")
        families = [family(a) for n in below for a in n.arguments.values() if isinstance(a, Said)]
        options = [
            (node, name)
            for node in below
            if not self.lexicon.tools[node.tool.name].me
            for name, a in node.arguments.items()
            if isinstance(a, Said)
            and families.count(family(a)) == 1  # or nobody knows which of them is meant
            and may_vary(a, exact=how == "corrected")
        ]
        if not options:
            raise Unfit("shape", "the last request has no value that could be another")
        changed, name = self.rng.choice(options)
        copies: dict[int, Node] = {}
        goal = varied(goals[0], changed, name, copies)
        made = self.binder.run([goal])
        if not made:
            raise Unfit("repeated_goal", goal.tool.name)
        speech = Speech(self.lexicon, self.rng, today=self.today)
        phrase = self._short(speech, copies[id(changed)], name, goal)
        if how == "corrected":
            self._withdrawn |= set(copies)
        form = self.rng.choice(turns(self.lexicon.language)[how])
        text = capitalised(speech.fill(form, lambda _slot: phrase))
        if id(goals[0]) in self._asked:
            self._asked[id(goal)] = self._asked[id(goals[0])]
        said = self.told(self._owed([goal], made))
        unnamed = frozenset(node.call for turn in made for node in turn if node is not goal)
        self.exchanges.append(Exchange(text, said, made, [goal], unnamed))

    def ask_without(self) -> None:
        """A request that leaves out what the tool needs; the assistant asks, the user says it.

        Raises:
            Unfit: no tool here has words for that.
        """
        graph = self.everything.graph
        options = [
            (tool, name)
            for tool, words in self.dialogue.missing.items()
            for name in words
            if tool in graph.tools and graph.depths[tool]
        ]
        if not options:
            raise Unfit("no_words", "no pack has words for a missing argument")
        tool, name = self.rng.choice(options)
        words = self.dialogue.missing[tool][name]
        depth = self.rng.choice(sorted(d for d in graph.depths[tool] if d <= 3))
        goal = self.everything.grow(tool, depth)
        forms = [form for form in words.request if self._imply(form, goal)]
        if name not in goal.arguments or not forms:
            raise Unfit("shape", f"{tool}.{name} is not what is said")
        form = self.rng.choice(forms)
        goal.arguments |= {key: Fixed(value) for key, value in form.fixed}
        order = list(goal.tool.parameters["properties"])
        goal.arguments = {key: goal.arguments[key] for key in order if key in goal.arguments}
        along = {p.name for p in graph.parameters[tool] if p.along == name}
        absent = goal.said & {name, *along}
        replies = [reply for reply in words.reply if reply.fits(absent)]
        if not form.fits(goal.said - absent) or not replies:
            raise Unfit("no_form", f"{tool} without {name}")
        refuse_odd([goal], self.lexicon)
        if any(node.tool.effect == "write" for node in nodes_of([goal]) if node is not goal):
            raise Unfit("shape", "nobody answers with what is not done yet")
        made = self.binder.run([goal])
        speech = Speech(self.lexicon, self.rng, today=self.today)
        if form.about is not None:
            self._asked[id(goal)] = form.about

        def fill(slot: Slot) -> Text:
            return speech.argument(goal, slot)

        asked = speech.fill(form, fill)
        question = speech.fill(self.rng.choice(words.question), fill)
        reply = capitalised(speech.fill(self.rng.choice(replies), fill))
        speech.named.add(id(goal))
        nodes = nodes_of([goal])
        unnamed = frozenset(n.call for n in nodes if id(n) not in speech.named)
        refuse_unsaid(nodes, [*asked, *reply])
        for text in (asked, question, reply):
            refuse_unreadable(text, self.lexicon.language)
        said = self.told(self._owed([goal], made))
        self.exchanges.append(Exchange(capitalised(asked), plain(question)))
        self.exchanges.append(Exchange(reply, said, made, [goal], unnamed))

    def ask_in_vain(self, elsewhere: PackSession) -> None:
        """A request for which the tool is not offered; the assistant says what it cannot do.

        Args:
            elsewhere: another session of the row's world, in which the plan is tried for the
                sake of its words.

        Raises:
            Unfit: the plan cannot be executed or worded.
        """
        goals = self.plan("single", "chain", "stateful")
        goal = goals[0]
        packs = {tool.pack for tool in self.everything.graph.tools.values()}
        if goal.tool.pack in COMMON_KNOWLEDGE and not packs <= COMMON_KNOWLEDGE:
            raise Unfit("shape", "an assistant could do it without a tool")
        if any(node.tool.effect == "write" for node in nodes_of(goals) if node is not goal):
            raise Unfit("shape", "a part of it could be done")
        binder = Binder(elsewhere, self.lexicon, self.rng)
        binder.run(goals)
        request = Request(goals, self.lexicon, self.rng, today=self.today)
        if request.asks_besides:
            raise Unfit("shape", "something is asked for that may be looked up")
        speech = request.speech
        asked = speech.asked.get(id(goal))
        exact = [form for form in speech.words(goal).do if form.about == asked]
        forms = turns(self.lexicon.language)["cannot"]
        try:
            again = turned(speech.clause(exact, goal), self.lexicon.language)
        except Unfit:  # no words for just what was asked; it is not said what was not asked
            again = []
            forms = [form for form in forms if not form.needs]
        if self.lexicon.language == "zh":
            again = [span if span.mark else Span(_tried(span.text)) for span in again]
        said = flat(again)
        size = len(said.split()) if self.lexicon.language == "en" else len(said)
        if size > LONGEST_REFUSAL[self.lexicon.language]:
            raise Unfit("too_long", said)
        form = self.rng.choice(forms)
        self.absent = [goal.tool, *self._twins(goal.tool)]
        self.exchanges.append(Exchange(request.text, plain(speech.fill(form, lambda _slot: again))))

    def told(self, owed: Sequence[Owed], me: Node | None = None) -> Text:
        """What the assistant says of results; `me` looks up who says so in this exchange."""
        speaker = self._speaker = self._speaker or me
        return answer(owed, self.lexicon, self.rng, self._manner, speaker=speaker)

    def chat(self) -> None:
        """An exchange that needs no tool."""
        said = irrelevant.talk(
            self.lexicon.language,
            self.rng,
            packs={tool.pack for tool in self.everything.graph.tools.values()},
            told=self._chatted,
            opens=not self.exchanges,
        )
        self._chatted.add(said.topic)
        self.exchanges.append(Exchange([Span(said.request)], [Span(said.answer)]))

    def turn_to_something_else(self) -> None:
        """What follows is about other people, places and things."""
        self.binder.context = {}

    # --------------------------------------------------------------- helpers

    def _refuse_strangers(self, goals: list[Node], known: Sequence[Node]) -> None:
        """One conversation has one speaker, and looks up one person."""
        people = {
            id(node) for node in (*known, *nodes_of(goals)) if self.lexicon.tools[node.tool.name].me
        }
        if len(people) > 1:
            raise Unfit("shape", "about two people at once")

    def _lasts(self, node: Node, output: Output) -> bool:
        """Is a finding still so? What was written since may have changed figures, not names."""
        nodes = self.nodes
        if not any(n.tool.effect == "write" for n in nodes[nodes.index(node) :]):
            return True
        place = from_dotted(f"{output.list}.0.{output.field}" if output.list else output.field)
        schema = schema_at(node.tool.returns, place)
        return schema.get("type") == "string" and "format" not in schema

    def _may_feed(self, node: Node, output: Output, tool: str, last: bool) -> bool:
        """Can what was found be passed on to `tool`, and can it be told what is meant?"""
        if output.list is None:
            return last or output.path in self.lexicon.tools[node.tool.name].elide
        words = self.lexicon.tools[node.tool.name].pick.get(output.list, ())
        pick = node.picks.get(output.list)
        return last and (pick is None or tool not in words[pick.wording].unfit)

    def _imply(self, form: Form, goal: Node) -> bool:
        """Can what the form fixes be fixed in this plan?"""
        return not any(isinstance(goal.arguments.get(name), Fed) for name, _ in form.fixed)

    def _owed(self, goals: Sequence[Node], made: Sequence[Sequence[Node]]) -> list[Owed]:
        owed: list[Owed] = []
        for node in (node for turn in made for node in turn):
            if node in goals or node.tool.effect == "write":
                owed.append(Owed(node, self._asked.get(id(node))))
            else:
                owed += [Owed(node, item=path, goal=False) for path in node.picks]
        return owed

    def _short(self, speech: Speech, node: Node, name: str, goal: Node) -> Text:
        """The new value, alone or in the words of the step that looks it up."""
        if node is goal:
            words = speech.words(goal)
            article = any(f"the {{{name}}}" in form.text for form in (*words.ask, *words.do))
            return [Span("the " if article else ""), *speech.argument(node, Slot(name))]
        outputs = [
            a.output
            for other in nodes_of([goal])
            for a in other.arguments.values()
            if isinstance(a, Fed) and a.node is node
        ]
        if not outputs or not speech.elides(node, outputs[0]):
            raise Unfit("no_form", f"{node.tool.name}.{name} is not said by itself")
        phrase = speech.phrase(node, outputs[0])
        beside = flat([span for span in phrase if span.mark is None]).strip()
        if "'" in beside or "的" in beside or len(beside.split()) > 2:
            raise Unfit("no_form", flat(phrase))
        return phrase

    def _twins(self, tool: Tool) -> list[Tool]:
        """Tools that give what `tool` gives, or write what it writes."""
        graph = self.everything.graph
        kinds = {output.kind for output in graph.fields[tool.name]}
        return [
            other
            for name, other in graph.tools.items()
            if name != tool.name
            and other.effect == tool.effect
            and kinds & {output.kind for output in graph.outputs[name] if output.list is None}
        ]


# -------------------------------------------------------------------------- helpers


def _tried(text: str) -> str:
    """What was asked for lightly (查一下, 看看) as one says that it cannot be done (查, 查看)."""
    for light, plain_verb in (("一下", ""), ("看看", "查看"), ("找找", "查找"), ("查查", "查")):
        text = text.replace(light, plain_verb)
    return text


def refuse_unsaid(nodes: Sequence[Node], text: Text) -> None:
    """Every value that is to be said must stand in the text."""
    for node in nodes:
        for name, argument in node.arguments.items():
            if isinstance(argument, Said) and not any(
                span.mark and span.mark.kind == argument.parameter.kind
                and span.mark.value == argument.value
                for span in text
            ):  # fmt: skip
                raise Unfit("unsaid", f"{node.tool.name}.{name}")


def plain(text: Text) -> Text:
    """What is said without a result: it claims nothing."""
    return [Span(flat(capitalised(text)))]
