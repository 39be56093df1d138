"""A plan's request: how much is said step by step, how it is framed, what stands around it."""

from __future__ import annotations

import datetime
import random
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace

from callwright.generators.graph import Output
from callwright.generators.packs import COMMON_KNOWLEDGE
from callwright.generators.planning import Fed, Node, Said, SignedIn, Unfit, nodes_of
from callwright.generators.wording.answer import Owed
from callwright.generators.wording.framing import fitting, frames, plural
from callwright.generators.wording.lexicon import Form, Lexicon, Slot
from callwright.generators.wording.listing import listable
from callwright.generators.wording.readable import refuse_unreadable
from callwright.generators.wording.speech import Speech, ends_with, indirect
from callwright.generators.wording.text import (
    Mark,
    Span,
    Text,
    capitalised,
    flat,
    joined,
    listed,
    lowered,
    positions,
)
from callwright.generators.wording.verbs import about, varied

_AFTER_SO = re.compile(
    r"(can|could|would|will|what|which|how|when|where|who|is|are|do|does|i|i'd|i'm|please|if|in)\b",
    re.IGNORECASE,
)

TRIES = 4
"""Ways to word one plan that are tried: its calls are made already and worth some patience."""


class Request:
    """Words one plan. `text` holds the spans, `unnamed` the calls that it leaves unsaid.

    Args:
        known: calls of earlier exchanges; they are not asked for again.
        mentioned: what they found and can be referred back to: (id of a node, path).
        speaker: the call that looked the speaker up, in an earlier exchange.
    """

    def __init__(
        self,
        goals: list[Node],
        lexicon: Lexicon,
        rng: random.Random,
        *,
        today: datetime.date | None,
        known: Collection[Node] = (),
        mentioned: Collection[tuple[int, str]] = (),
        speaker: Node | None = None,
    ) -> None:
        self.goals = goals
        self.first = not known
        """It opens the conversation: only then does it greet."""
        self.mentioned = mentioned
        self.speaker = speaker
        self.nodes = [node for node in nodes_of(goals) if node not in known]
        self.rng = rng
        self.english = lexicon.language == "en"
        self.frames = frames(lexicon.language)
        self.text: Text = []
        self.owed: list[Owed] = []
        """What the answer owes: the goals and every write, and what was asked for on the way."""
        self._word(lexicon, today)
        self.unnamed = {
            n.call for n in self.nodes if n not in goals and id(n) not in self.speech.named
        }

    @property
    def asks_besides(self) -> bool:
        """Is something asked for on the way to the goal: "look up my next meeting and …"?"""
        on_the_way = (o for o in self.owed if not (o.goal or o.link))
        return len(self.goals) > 1 or any(o.asked or o.item is None for o in on_the_way)

    def _word(self, lexicon: Lexicon, today: datetime.date | None) -> None:
        """Compose; what cannot be said one way may be said another."""
        for last in reversed(range(TRIES)):
            me = self._introduced(lexicon)
            others = me is None and any(lexicon.tools[n.tool.name].me for n in self.nodes)
            self.speech = Speech(lexicon, self.rng, me=me, today=today, others=others)
            self.speech.mentioned |= set(self.mentioned)
            self.speech.several = self._several()
            try:
                self.text = self._compose()
                self._check_said()
                refuse_unreadable(self.text, lexicon.language)
            except Unfit:
                if not last:
                    raise
            else:
                return

    def _several(self) -> set[str]:
        """Kinds of which several values are said: two orders, three tickets."""
        said = {
            (a.parameter.kind, str(a.value))
            for node in self.nodes
            for a in node.arguments.values()
            if isinstance(a, Said)
        }
        return {kind for kind, count in Counter(kind for kind, _ in said).items() if count > 1}

    # ------------------------------------------------------ who is speaking

    def _introduced(self, lexicon: Lexicon) -> Node | None:
        """The step that looks the speaker up, if the request is in the first person."""
        if self.speaker is not None:
            return self.speaker
        if any(isinstance(a, SignedIn) for n in self.nodes for a in n.arguments.values()):
            return None
        people = [n for n in self.nodes if lexicon.tools[n.tool.name].me and n not in self.goals]
        alone = len(self.goals) == 1 and self.goals[0].tool.effect == "read"
        if len(people) != 1 or (alone and self.rng.random() < 0.25):
            return None
        fitting = [f for f in lexicon.tools[people[0].tool.name].me if f.fits(people[0].said)]
        return people[0] if fitting else None

    def _introduction(self) -> Text:
        me = self.speech.me
        if me is None or me is self.speaker:
            return []
        forms = [f for f in self.speech.words(me).me if f.fits(me.said)]
        return self.speech.fill(self.rng.choice(forms), lambda slot: self.speech.argument(me, slot))

    # --------------------------------------------------------- composition

    def _compose(self) -> Text:
        self.verbs: set[str] = set()
        introduction = self._introduction()
        own = self._own_steps()
        body = self._joined(self._body(own))
        body = about(body, self.rng) if self.english else body
        self.owed = list(self._owed(own))
        reason = self._reason(body)
        parts = [introduction, body]
        # "There", "they": a reason that refers to something comes when that has been named.
        before = not own and not _REFERS.search(flat(reason))
        reasons = self.speech.words(self.goals[0]).because
        joins = any(flat(reason) == one.text for one in reasons)
        if joins and before and self._asks(body) and self.rng.random() < 0.35:
            parts = [introduction, self._because(reason, body)]
        elif reason:
            first = before and self.rng.random() < 0.8
            parts = [introduction, reason, body] if first else [introduction, body, reason]
        text = self._joined([p for p in parts if p])
        return self._courtesies(text, plain_start=self.first and not introduction)

    def _owed(self, own: list[tuple[Node, Output | None]]) -> Iterator[Owed]:
        asked = {id(n): o.path for n, o in own if o is not None and not o.list}
        looked_up = {id(n) for n, o in own if o is not None and o.list}
        links = {
            id(node): output.path
            for goal in self.goals
            for node, output in _fed(goal)
            if output.list is None and not node.fails
        }
        for node in self.nodes:
            if node in self.goals or node.tool.effect == "write":
                yield Owed(node, self.speech.asked.get(id(node)))
            elif id(node) in asked:
                yield Owed(node, asked[id(node)], goal=False)
            else:
                for path in node.picks:
                    yield Owed(node, item=path, asked=id(node) in looked_up, goal=False)
                if id(node) in links and not self.speech.words(node).me:
                    yield Owed(node, links[id(node)], goal=False, link=True)

    def _asks(self, body: Text) -> bool:
        """May the request follow "so"? A bare command may not: "so look up …"; nor a fragment."""
        if not self.english:
            return not _open(body)
        return bool(_AFTER_SO.match(flat(body))) and not _SENTENCE.search(flat(body))

    def _because(self, reason: Text, body: Text) -> Text:
        """Say why and what in one: "I'm packing my bag, so how warm is it …?"."""
        ended = flat(reason).rstrip(".。!！")
        return self._frame("so", reason=[Span(ended)], x=lowered(body))

    def _joined(self, sentences: list[Text]) -> Text:
        """Sentences one after the other; a fragment is closed before another follows."""
        closed = [
            [*s, Span("." if self.english else "。")] if _open(s) and s is not sentences[-1] else s
            for s in sentences
        ]
        return joined([capitalised(s) for s in closed], " " if self.english else "")

    def _body(self, own: list[tuple[Node, Output | None]]) -> list[Text]:
        if not own:
            return self._goals_body()
        clauses = [self._step(node, output) for node, output in own]
        if len(self.goals) == 1 and self.rng.random() < 0.35:
            asked = self._try_ask(self.goals[0])
            if asked is not None:
                return [self._frame("do", x=self._chain(clauses)), asked]
        goals = [self._do(goal) for goal in self.goals]
        return [self._frame("do", x=self._chain([*clauses, *goals]))]

    def _goals_body(self) -> list[Text]:
        goals = self.goals
        if len(goals) == 1:
            return [self._ask_one(goals[0])]
        if all(goal.tool is goals[0].tool for goal in goals):
            said = self._coordinated()
            return [self._frame("do", x=said if self.english else [Span("分别"), *said])]
        if self.rng.random() < 0.5:
            clauses = [self._do(goal) for goal in goals]
            return [self._frame("do", x=self._and(clauses))]
        first, *rest = goals
        return [self._ask_one(first), *(self._also(goal) for goal in rest)]

    def _also(self, goal: Node) -> Text:
        asked = lowered(self._ask(goal))
        return self._frame("also" if flat(asked).endswith(("?", "？")) else "also_do", x=asked)

    def _ask_one(self, goal: Node) -> Text:
        """A whole request for one goal."""
        chance = self.rng.random()
        if chance < 0.38:
            asked = self._try_ask(goal)
            if asked is not None:
                return asked
        if chance < 0.7:
            named = self._named(goal)
            if named is not None:
                return named
        try:
            return self._frame("do", x=self._do(goal))
        except Unfit as error:
            if error.reason != "no_form":
                raise
            return self._ask(goal)

    def _named(self, goal: Node) -> Text | None:
        """Put "What's …?" around the goal's main result."""
        names = self.speech.words(goal).name
        if not names or goal.tool.effect == "write":
            return None
        main, forms = next(iter(names.items()))
        fitting = self.speech.fitting(forms, goal)
        if not fitting:
            return None
        form = self.speech.owned(self.rng.choice(fitting), goal)
        phrase = self.speech.fill(form, lambda slot: self.speech.argument(goal, slot))
        self.speech.mentioned.add((id(goal), main))
        self.speech.asked[id(goal)] = main
        self.speech.named.add(id(goal))
        if self.english and indirect(form.text):
            return self._frame("indirect", x=phrase)
        if self.rng.random() < 0.12:
            return self._frame("terse", x=_without_article(phrase) if self.english else phrase)
        return self._frame("name", x=phrase)

    def _ask(self, goal: Node) -> Text:
        return self._varied(self.speech.clause(self.speech.words(goal).ask, goal), goal)

    def _try_ask(self, goal: Node) -> Text | None:
        try:
            return self._ask(goal)
        except Unfit as error:
            if error.reason != "no_form":
                raise
            return None

    def _do(self, goal: Node) -> Text:
        return self._varied(self.speech.clause(self.speech.words(goal).do, goal), goal)

    def _varied(self, clause: Text, goal: Node) -> Text:
        looks = self.english and goal.tool.effect == "read"
        return varied(clause, self.rng) if looks else clause

    # --------------------------------------------------------------- steps

    def _own_steps(self) -> list[tuple[Node, Output | None]]:
        """The steps that get a clause of their own; the others become noun phrases or unsaid."""
        visible = [n for n in self.nodes if n not in self.goals and self._visible(n)]
        if not visible:
            return []
        share = self.rng.choice((0.0, 0.0, 0.0, 0.5))
        own = [
            n
            for n in visible
            if n.tool.effect == "write"
            or self._stands_apart(n)
            or (not n.picks and self.rng.random() < share)
        ]
        while True:
            depth: dict[int, int] = {}
            for node in self.nodes:
                below = max((depth.get(id(f), 0) for f in node.feeders()), default=0)
                counts = node in visible and node not in own
                depth[id(node)] = 0 if node in own else below + (1 if counts else 0)
                over = below if node in own or node in self.goals else depth[id(node)]
                if over > 1:
                    deep = max(
                        (f for f in _below(node) if f in visible and f not in own),
                        key=lambda f: depth[id(f)],
                    )
                    own.append(deep)
                    break
            else:
                break
        return [(n, self._used_output(n)) for n in self.nodes if n in own]

    def _stands_apart(self, node: Node) -> bool:
        """Is a picked item hard to say within what is done with it?

        "Put the best-rated of the keyboards on my wish list" reads as a list of keyboards, and
        in Chinese a quantity before the item is taken for the item's own.
        """
        for consumer in self.nodes if node.picks else ():
            for name, a in consumer.arguments.items():
                if not (isinstance(a, Fed) and a.node is node and a.output.list):
                    continue
                words = self.speech.words(consumer)
                said = [
                    b for b in consumer.arguments.values()
                    if isinstance(b, Said) and b.parameter.choices is None
                ]  # fmt: skip
                forms = self.speech.fitting((*words.ask, *words.do), consumer)
                if not self.english and (said or consumer not in self.goals):
                    return True
                if self.english and consumer in self.goals and not ends_with(forms, name):
                    return True
        return False

    def _visible(self, node: Node) -> bool:
        if node is self.speech.me or node.fails:
            return False
        outputs = self._used_outputs(node)
        return not all(self.speech.elides(node, output) for output in outputs)

    def _used_outputs(self, node: Node) -> list[Output]:
        return [
            a.output
            for n in self.nodes
            for a in n.arguments.values()
            if isinstance(a, Fed) and a.node is node
        ]

    def _used_output(self, node: Node) -> Output | None:
        return next((o for o in self._used_outputs(node) if not self.speech.elides(node, o)), None)

    def _step(self, node: Node, output: Output | None) -> Text:
        """One step as a verb phrase; what it gives counts as mentioned from here on."""
        if output is not None and output.list is not None:
            item = self.speech.item(node, output.list)
            return self._verb("find", item)
        if output is not None and node.tool.effect == "read":
            return self._verb("learn", self.speech.phrase(node, output))
        clause = self._do(node)
        for used in self._used_outputs(node):
            self.speech.mentioned.add((id(node), used.path))
        return clause

    def _verb(self, name: str, x: Text) -> Text:
        """A step's verb phrase; no two steps of a request begin with the same verb."""
        forms = [f for f in self.frames[name][1] if f.text not in self.verbs]
        form = self.rng.choice(forms or self.frames[name][1])
        self.verbs.add(form.text)
        return self.speech.fill(form, lambda _slot: x)

    def _chain(self, clauses: list[Text]) -> Text:
        if len(clauses) == 1:
            return clauses[0]
        if len(clauses) == 2:
            return self._frame("pair", a=clauses[0], b=clauses[1])
        comma = ", " if self.english else "，再"
        if self.english:
            head = listed(clauses[:-1], comma, ", then ") if len(clauses) > 2 else clauses[0]
        else:
            head = joined(clauses[:-1], comma)
        return self._frame("many", head=head, b=clauses[-1])

    def _and(self, clauses: list[Text]) -> Text:
        if self.english:
            return listed(clauses, ", ", " and " if len(clauses) == 2 else ", and ")
        return listed(clauses, "，", "，并")

    def _coordinated(self) -> Text:
        """Equal calls but for one literal: "the time in Paris, Oslo and Lima".

        Raises:
            Unfit: more differs, or no form can take several literals.
        """
        first, *rest = self.goals
        differing = [
            name
            for name in first.arguments
            if any(n.values.get(name) != first.values[name] for n in rest)
        ]
        if len(differing) != 1 or not isinstance(first.arguments[differing[0]], Said):
            raise Unfit("not_alike", first.tool.name)
        name = differing[0]
        forms = [
            f
            for f in self.speech.fitting(self.speech.words(first).do, first)
            if listable(f, name, english=self.english)
        ]
        if not forms:
            raise Unfit("not_alike", f"{first.tool.name}.{name}")
        form = self.rng.choice(forms)
        for goal in self.goals:
            self.speech.named.add(id(goal))
            if form.about is not None:
                self.speech.asked[id(goal)] = form.about

        def fill(slot: Slot) -> Text:
            if slot.name != name:
                return self.speech.argument(first, slot)
            bare = replace(slot, preposition=None)
            literals = [
                self.speech.argument(goal, slot if goal is first else bare) for goal in self.goals
            ]
            return listed(literals, *((", ", " and ") if self.english else ("、", "和")))

        self.speech.in_item = True  # no "in two weeks and on 3 May"
        said = self.speech.fill(form, fill)
        self.speech.in_item = False
        return said

    # -------------------------------------------------------------- around

    def _frame(self, name: str, **parts: Text) -> Text:
        acts = any(goal.tool.effect == "write" for goal in self.goals)
        said = flat(parts["x"]) if "x" in parts else ""
        several = len(self.nodes) > 1
        weights, forms = fitting(name, self.frames[name], said, several=several, acts=acts)
        form: Form = self.rng.choices(forms, weights)[0]
        text = self.speech.fill(form, lambda slot: parts[slot.name])
        if name == "name" and _WHATS.match(text[0].text) and plural(said):
            return [Span("What are "), *text[1:]]
        return text

    def _reason(self, body: Text) -> Text:
        """Why somebody asks; often for one call, seldom for two, not for more.

        Nobody gives a reason of their own for somebody else's affairs, nor a stranger's for their
        own.
        """
        people = [n for n in self.nodes if self.speech.words(n).me and n is not self.speech.me]
        alone = len(self.nodes) == 1
        if people or len(self.nodes) > 2:
            return []
        if self.rng.random() < (0.42 if alone else 0.08):
            goal = self.goals[0]
            asked = self.speech.asked.get(id(goal))
            reasons = [w.text for w in self.speech.words(goal).because if w.fits(asked)]
            if len(self.goals) > 1:  # "it" would be which of them?
                reasons = [text for text in reasons if not _REFERS.search(text)]
            return [Span(self.rng.choice(reasons))] if reasons else []
        if not (alone and self.first):  # who has asked before needs no excuse to ask on
            return []
        if self.goals[0].tool.effect == "write" or self.rng.random() > 0.75:
            return []
        if id(self.goals[0]) not in self.speech.asked:
            return []  # a list is asked for, not one figure or name
        anybodys = self.goals[0].tool.pack in COMMON_KNOWLEDGE and not _OWN.search(flat(body))
        return self._frame("occasion" if anybodys else "occasion_own")

    def _courtesies(self, text: Text, *, plain_start: bool) -> Text:
        if plain_start and self.rng.random() < 0.06:
            (hello,) = self._frame("hello")
            text = [hello, *(lowered(text) if hello.text.endswith(", ") else text)]
        if self.english and self.rng.random() < 0.04:
            text = _please(text)
        alone = len(self.nodes) == 1 and not _open(text)
        if alone and self.rng.random() < 0.03:
            text = [*text, *self._frame("closing")]
        elif not (_open(text) or _THANKED.search(flat(text))) and self.rng.random() < 0.03:
            text = [*text, *self._frame("thanks")]
        return text

    # --------------------------------------------------------------- marks

    def _check_said(self) -> None:
        """Every literal must stand in the text; a shared one may stand for several calls."""
        marks = list(self.marks())
        for node in self.nodes:
            for name, argument in node.arguments.items():
                if isinstance(argument, Said) and not self.marks_of(node, name, argument, marks):
                    raise Unfit("unsaid", f"{node.tool.name}.{name}")

    def marks(self) -> list[tuple[Mark, int, int]]:
        """Every literal with its place in the text."""
        return list(positions(self.text))

    @staticmethod
    def marks_of(
        node: Node, name: str, argument: Said, marks: list[tuple[Mark, int, int]]
    ) -> list[tuple[Mark, int, int]]:
        """Where the value of an argument stands: its own mention, else one of an equal value."""
        own = [m for m in marks if m[0].node is node and m[0].name == name and not m[0].test]
        if own:
            return own[:1]
        kind = argument.parameter.kind
        return [m for m in marks if m[0].kind == kind and m[0].value == argument.value][:1]


def _please(text: Text) -> Text:
    """A question with ", please" before its mark, unless it is polite enough."""
    said = flat(text)
    if not said.endswith("?") or re.search(
        r"please|could you|would you|can you", said, re.IGNORECASE
    ):
        return text
    return [*text[:-1], Span(text[-1].text[:-1]), Span(", please?")]


def _open(sentence: Text) -> bool:
    return not flat(sentence).endswith((".", "?", "!", "。", "？", "！"))


def _fed(node: Node) -> Iterator[tuple[Node, Output]]:
    """What a step takes from others; from behind those that only give coordinates."""
    for argument in node.arguments.values():
        if isinstance(argument, Fed):
            if argument.output.kind.startswith(_UNTOLD):
                yield from _fed(argument.node)
            else:
                yield argument.node, argument.output


def _below(node: Node) -> list[Node]:
    return [n for n in nodes_of([node]) if n is not node]


def _without_article(phrase: Text) -> Text:
    if phrase and phrase[0].mark is None and phrase[0].text.startswith("the "):
        return [Span(phrase[0].text[4:]), *phrase[1:]]
    return phrase


_SENTENCE = re.compile(r"[.?!] ")
_OWN = re.compile(r"\b(?:my|our)\b|\bme\b(?= from)|我的|我家|我们")
_WHATS = re.compile(r"What's |What is ")
_UNTOLD = "geo."
"""Beginning of the kinds of links that mean nothing to a reader: coordinates."""
_REFERS = re.compile(
    r"\b(there|that|this|they|them|their|these|those|he|she|him|her|his|its)\b|\bit\b(?!'s)"
    r"|那边|那里|那儿|那个|这个|这些|当地|它|对方|他们|她们",
    re.IGNORECASE,
)
_THANKED = re.compile(r"[Tt]hank|grateful|appreciate|谢")
