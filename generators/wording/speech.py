"""Putting a plan's steps into words: literals, noun phrases and back references."""

from __future__ import annotations

import datetime
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache

from callwright.generators.graph import Output
from callwright.generators.planning import Fed, Node, Said, SignedIn, Unfit
from callwright.generators.wording.lexicon import (
    Form,
    Lexicon,
    Maybe,
    Piece,
    Slot,
    Words,
    parse_form,
)
from callwright.generators.wording.literals import RELATIVE, Literals
from callwright.generators.wording.pronouns import then_it
from callwright.generators.wording.steady import Steady
from callwright.generators.wording.text import Mark, Span, Text, flat
from callwright.schemas.kinds import schema_at
from callwright.schemas.pointers import from_dotted

_INDIRECT = re.compile(r"(how|when|where|what|which|whether|who|if)\b", re.IGNORECASE)

SHORT = {"en": 12, "zh": 4}
"""Characters up to which a phrase may be said twice; a longer one is referred back to."""

_THAT = re.compile("that ")
_OF = re.compile(
    r"the (?P<what>(?:(?!(?:of|from|between|with|in) )[a-z-]+ )*?[a-z-]+)"
    r" of (?P<the>(?:the )?)\{(?P<slot>\w+)\}"
)
_PLAIN_NAME = re.compile(r"[^\W\d_]{2,3}|[^\W\d_][^\W\d_' -]{3,}(?: [^\W\d_]+){0,2}")
"""A code or a name of letters that can own something: no address, no long title."""
_parsed = cache(parse_form)

_OWN = re.compile(
    r"\b(?:I|my|mine|our|us|(?<!tell )(?<!show )(?<!give )(?<!let )(?<!get )(?<!find )me)\b"
)
_OWN_CHINESE = re.compile(r"(?<!帮)(?<!给)(?<!告诉)我")
"""What a person says of their own affairs."""


Fill = Callable[[Slot], Text]


class Speech:
    """One request's words: knows what has been mentioned and who is speaking.

    Args:
        me: the step that looks the speaker up; it is then worded "my" / 我.
        today: the date the system message gives, which allows "tomorrow".
        others: it is about somebody else, so nothing is called "my".
    """

    def __init__(
        self,
        lexicon: Lexicon,
        rng: random.Random,
        *,
        me: Node | None = None,
        today: datetime.date | None = None,
        others: bool = False,
    ) -> None:
        self.lexicon = lexicon
        self.rng = rng
        self.me = me
        self.others = others
        self.style = Steady(rng.random())
        """Every literal of a request is written from the same chance: one way of writing dates,
        one of writing numbers."""
        self.literals = Literals(lexicon.language, self.style, today)
        self.english = lexicon.language == "en"
        self.says_the = rng.random() < 0.75
        """"The flight" where others say "that flight" when they refer back."""
        self.mentioned: set[tuple[int, str]] = set()
        self.elided: dict[tuple[int, str], bool] = {}
        self.references: dict[str, int] = {}
        """Back reference -> the step it means."""
        self.several: set[str] = set()
        """Kinds of which several values are said, each as briefly as can be."""
        self.in_item = False
        """Inside the words for an item of a list or a list of values, where days are absolute."""
        self.asked: dict[int, str] = {}
        """Node -> the one field of its result that the request asks for."""
        self.named: set[int] = set()
        """Nodes that some words name."""
        self.numbers: dict[tuple[str, object], Node] = {}
        """Numbers of orders, tickets, … that have been said -> the step that they were said for."""

    def words(self, node: Node) -> Words:
        return self.lexicon.tools[node.tool.name]

    # ------------------------------------------------------------- forms

    def fitting(
        self, forms: Iterable[Form], node: Node, extra: frozenset[str] = frozenset()
    ) -> list[Form]:
        """The forms that mention just what this call needs said."""
        said = node.said | extra
        fixed = node.fixed
        return [f for f in forms if dict(f.fixed) == fixed and f.fits(said)]

    def clause(self, forms: Sequence[Form], node: Node) -> Text:
        """One of `forms` with this call's arguments in it; the call is thereby named.

        Raises:
            Unfit: none of the forms fits the call.
        """
        fitting = self._personal(self.fitting(forms, node), node)
        if not fitting:
            raise Unfit("no_form", f"{node.tool.name} said {sorted(node.said)}")
        self.named.add(id(node))
        form = self.rng.choice(self._branching(fitting, node, deep=True))
        if form.about is not None:
            self.asked[id(node)] = form.about
        return self.fill(form, lambda slot: self.argument(node, slot))

    def _personal(self, forms: list[Form], node: Node) -> list[Form]:
        """In the first person, forms with "my" before forms with "me"; about others, neither."""
        if self.others:
            own = _OWN if self.english else _OWN_CHINESE
            return [f for f in forms if not own.search(f.text)] or forms
        mine = [name for name, a in node.arguments.items() if self._is_me(a)]
        if not (mine and self.english):
            return forms
        possessive = [f for f in forms if all(_possessive(f.pieces, name) for name in mine)]
        return possessive or forms

    def fill(self, form: Form, fill: Fill) -> Text:
        """The form's text, `fill` giving what stands in each slot."""
        return self._pieces(form.pieces, fill)

    def _pieces(self, pieces: Iterable[Piece], fill: Fill) -> Text:
        out: Text = []
        for piece in pieces:
            if isinstance(piece, str):
                out.append(Span(piece))
            elif isinstance(piece, Slot):
                said = fill(piece)
                if said and said[0].text == "人民币" and flat(out)[-1:].isdigit():
                    said = [replace(said[0], text="元人民币"), *said[1:]]
                if flat(said) == "it" and out:
                    out[-1] = Span(then_it(out[-1].text), out[-1].mark)
                else:
                    out.extend(said)
            elif isinstance(piece, Maybe):
                try:
                    out.extend(self._pieces(piece.pieces, fill))
                except _NotSaid:
                    continue
        return out

    # --------------------------------------------------------- arguments

    def argument(self, node: Node, slot: Slot) -> Text:
        """What stands in a slot: a literal, a noun phrase, a back reference or the speaker."""
        argument = node.arguments.get(slot.name)
        if isinstance(argument, Said):
            return self._literal(node, argument, slot)
        if self._is_me(argument):
            return self._speaker(slot)
        if isinstance(argument, Fed) and argument.node.fails:
            self.named.add(id(argument.node))
            return self.argument(argument.node, slot)
        if isinstance(argument, Fed):
            return self._dressed(self.phrase(argument.node, argument.output), slot, None)
        raise _NotSaid

    def _is_me(self, argument: object) -> bool:
        if isinstance(argument, SignedIn):
            return True
        if not isinstance(argument, Fed) or argument.node is not self.me:
            return False
        return argument.output.path in self.words(argument.node).elide

    def _speaker(self, slot: Slot) -> Text:
        if not self.english:
            return [Span("我")]
        word = "my" if slot.possessive else "me"
        return [Span(f"{slot.preposition} {word}" if slot.preposition else word)]

    def _literal(self, node: Node, argument: Said, slot: Slot) -> Text:
        parameter = argument.parameter
        it = self._it(parameter.kind) if slot.name.endswith(("_id", "_number")) else None
        if it is not None:
            first = self.numbers.setdefault((parameter.kind, argument.value), node)
            if first is not node and len(self.numbers) == 1:
                return self._dressed([it], slot, None)
        text, form = self.literals.said(node, argument, slot, item=self.in_item)
        mark = Mark(node, slot.name, form, argument.value, parameter.kind)
        wrapped = self.wrapped(parameter.kind, Span(text, mark))
        return self._dressed(wrapped, slot, form)

    def _it(self, kind: str) -> Span | None:
        """What a thing whose number has been said is called the second time, if it can be."""
        if self.english:
            return Span("it")
        nouns = (form.pieces[0] for form in self.lexicon.say.get(kind, ()))
        noun = next((noun for noun in nouns if isinstance(noun, str)), None)
        return Span(f"这个{noun}") if noun else None

    def wrapped(self, kind: str, literal: Span) -> Text:
        forms = self.lexicon.say.get(kind)
        if not forms:
            return [literal]
        if kind in self.several:
            forms = tuple(form for form in forms if not form.text.startswith("the ")) or forms
        return self.fill(self.style.choice(forms), lambda _slot: [literal])

    def _dressed(self, spans: Text, slot: Slot, form: str | None) -> Text:
        if slot.preposition and form not in RELATIVE and self.english:
            spans = [Span(slot.preposition + " "), *spans]
        if slot.possessive and flat(spans) == "it":
            return [Span("its")]
        if slot.possessive and self.english:
            ending = "'" if spans and spans[-1].text.endswith("s") else "'s"
            spans = [*spans, Span(ending)]
        return spans

    # ------------------------------------------------------ noun phrases

    def phrase(self, node: Node, output: Output) -> Text:
        """What the value at `output` is called: by name, unsaid, or by reference back.

        Raises:
            Unfit: nothing in the lexicon names it for the arguments this call has.
        """
        if output.list is not None:
            return self._item_phrase(node, output)
        words, key = self.words(node), (id(node), output.path)
        if self.elides(node, output):
            return self._elided(node, output)
        if key in self.mentioned:
            return self.back_reference(node, output.path)
        forms = self._personal(self.fitting(words.name.get(output.path, ()), node), node)
        forms = [f for f in forms if not (self.english and indirect(f.text))]
        if not forms:
            raise Unfit("no_name", f"{node.tool.name}.{output.path} said {sorted(node.said)}")
        self.mentioned.add(key)
        self.named.add(id(node))
        form = self.owned(self.rng.choice(self._branching(forms, node)), node)
        return self.fill(form, lambda slot: self.argument(node, slot))

    def owned(self, form: Form, node: Node) -> Form:
        """The form, or now and then, where a name owns it, with "Oslo's" for "of Oslo"."""
        found = _OF.fullmatch(form.text) if self.english else None
        if found is None or self.rng.random() < 0.5:
            return form
        argument = node.arguments.get(found["slot"])
        if not isinstance(argument, Said) or argument.parameter.kind in self.lexicon.say:
            return form
        if not isinstance(argument.value, str) or not _PLAIN_NAME.fullmatch(argument.value):
            return form
        return _parsed(f"{found['the']}{{{found['slot']}'s}} {found['what']}")

    def _branching(self, forms: list[Form], node: Node, *, deep: bool = False) -> list[Form]:
        """Where a noun phrase takes another one in, forms that take it in at their end.

        "The currency of the country of …" can be followed; "the country the city … is in is
        in" cannot. Chinese is the other way about, and its forms are written that way.
        """
        inner = [
            name
            for name, a in node.arguments.items()
            if isinstance(a, Fed)
            and self._wordy(a)
            and (not deep or any(self._wordy(b) for b in a.node.arguments.values()))
        ]
        if not (inner and self.english):
            return forms
        ending = [f for f in forms if _ends_with(f, inner)]
        if deep and not ending:
            raise Unfit("too_deep", node.tool.name)
        return ending or forms

    def _wordy(self, argument: object) -> bool:
        """Will this argument be worded as a noun phrase of its own?"""
        return (
            isinstance(argument, Fed)
            and not argument.node.fails
            and not self._is_me(argument)
            and not self.elides(argument.node, argument.output)
            and (id(argument.node), argument.output.list or argument.output.path)
            not in self.mentioned
        )

    def _elided(self, node: Node, output: Output) -> Text:
        """The phrase that leaves the step unsaid; a long one is not said in full twice."""
        key = (id(node), output.path)
        form = self.rng.choice(self._elisions(node, output))
        said = self.fill(form, lambda slot: self.argument(node, slot))
        if (
            key in self.mentioned
            and len(flat(said)) > SHORT[self.lexicon.language]
            and output.path in self.words(node).that
        ):
            return self.back_reference(node, output.path)
        self.mentioned.add(key)
        return said

    def elides(self, node: Node, output: Output) -> bool:
        """Is this step left unsaid? Decided once, so that a request does not waver."""
        key = (id(node), output.path)
        if key not in self.elided:
            self.elided[key] = output.list is None and bool(self._elisions(node, output))
        return self.elided[key]

    def _elisions(self, node: Node, output: Output) -> list[Form]:
        return self.fitting(self.words(node).elide.get(output.path, ()), node)

    def back_reference(self, node: Node, path: str) -> Text:
        forms = self.words(node).that.get(path)
        if not forms:
            raise Unfit("no_back_reference", f"{node.tool.name}.{path}")
        said = self.fill(self.rng.choice(forms), lambda slot: self.argument(node, slot))
        # "between that time zone and that time zone": two steps may not read the same.
        meant = self.references.setdefault(flat(said), id(node))
        if meant != id(node):
            raise Unfit("ambiguous_reference", flat(said))
        if self.says_the and _THAT.match(said[0].text):
            return [Span("the" + said[0].text[4:]), *said[1:]]
        return said

    def _item_phrase(self, node: Node, output: Output) -> Text:
        assert output.list is not None
        words = self.words(node)
        item = self.item(node, output.list)
        if output.field == words.pick_key[output.list]:
            return item
        forms = self.fitting(words.name.get(output.path, ()), node, frozenset({"@"}))
        forms = forms or [f for f in words.name.get(output.path, ()) if f.needs == {"@"}]
        if not forms:
            raise Unfit("no_name", f"{node.tool.name}.{output.path}")
        return self.fill(self.rng.choice(forms), lambda slot: self._at(slot, item, node))

    def _at(self, slot: Slot, item: Text, node: Node) -> Text:
        if slot.name == "@":
            return self._dressed(item, slot, None)
        return self.argument(node, slot)

    def item(self, node: Node, path: str) -> Text:
        """The picked item of a list."""
        key = (id(node), path)
        if key in self.mentioned:
            return self.back_reference(node, path)
        pick = node.picks[path]
        rule = self.words(node).pick[path][pick.wording]
        dotted = frozenset(
            f".{field}"
            for field, _, value in rule.tests
            if isinstance(value, str) and value == "said"
        )
        forms = self._personal(self.fitting(rule.forms, node, dotted), node)
        if not forms:
            raise Unfit("no_form", f"{node.tool.name} pick {path} said {sorted(node.said)}")
        self.mentioned.add(key)
        self.named.add(id(node))
        forms = self._branching(forms, node)
        self.in_item = True
        said = self.fill(self.rng.choice(forms), lambda slot: self._in_pick(node, path, slot))
        self.in_item = False
        return said

    def _in_pick(self, node: Node, path: str, slot: Slot) -> Text:
        if not slot.name.startswith("."):
            return self.argument(node, slot)
        field = slot.name[1:]
        for i, test in enumerate(node.picks[path].rule.where):
            if test.field == field:
                schema = schema_at(node.tool.returns, from_dotted(f"{path}.0.{field}"))
                kind = schema.get("x-kind", f"{node.tool.name}.{field}")
                text, form = self.literals.written(test.value, kind, schema)
                mark = Mark(node, field, form, test.value, kind, (path, i))
                return self._dressed(self.wrapped(kind, Span(text, mark)), slot, form)
        raise Unfit("no_form", f"{node.tool.name} pick {path}: nothing tests {field}")


class _NotSaid(Exception):
    """An optional piece names something this call does not say."""


def _ends_with(form: Form, names: list[str]) -> bool:
    last = form.pieces[-1] if form.pieces else ""
    return isinstance(last, Slot) and last.name in names and not last.possessive


def ends_with(forms: Iterable[Form], name: str) -> bool:
    """Does one of the forms end in the slot `name`?"""
    return any(_ends_with(form, [name]) for form in forms)


def indirect(text: str) -> bool:
    """Does a noun phrase begin like "how far …"? It can be told, but not taken or converted."""
    return bool(_INDIRECT.match(text))


def _possessive(pieces: Iterable[Piece], name: str) -> bool:
    for piece in pieces:
        if isinstance(piece, Slot) and piece.name == name and not piece.possessive:
            return False
        if isinstance(piece, Maybe) and not _possessive(piece.pieces, name):
            return False
    return True
