"""The final answer: states results, and nothing but results."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from callwright.generators.planning import Fed, Node, Said, Unfit, nodes_of
from callwright.generators.wording.address import addressed, own_name
from callwright.generators.wording.cohesion import cohesive, in_list
from callwright.generators.wording.lexicon import Each, Form, If, Lexicon, Maybe, Piece, Slot
from callwright.generators.wording.steady import Steady
from callwright.generators.wording.surface import render_answer
from callwright.generators.wording.text import Mark, Span, Text, capitalised, flat, listed
from callwright.schemas.kinds import schema_at
from callwright.schemas.pointers import PointerError, from_dotted, resolve
from callwright.schemas.selection import value_at


@dataclass(frozen=True)
class Owed:
    """A result that the answer owes.

    The result of a goal has to be told; what was asked for on the way is, where a form tells it.
    """

    node: Node
    field: str | None = None
    """Tell this field and as little else as may be."""
    item: str | None = None
    """Tell which item of this list was singled out, unless another statement names it."""
    asked: bool = False
    """The item itself was asked for ("look up my next flight"), so its name alone is too little."""
    goal: bool = True
    link: bool = False
    """Nobody asked for it. Told where nothing else shows what the user asked about: "Stuttgart is
    in Germany" before the dialling code of Germany."""


def answer(
    owed: Sequence[Owed],
    lexicon: Lexicon,
    rng: random.Random,
    manner: Steady | None = None,
    *,
    speaker: Node | None = None,
) -> Text:
    """What the assistant says once the results are in.

    Results of one tool are told apart: each statement names what its call was about.

    Args:
        owed: what to tell, in the order of its sentences.
        manner: how the answers before it write their dates.
        speaker: the step that looks up who asks, by what they said of themselves.

    Returns:
        Text whose marks carry the JSON pointer of the field that each span states.

    Raises:
        Unfit: no form fits a result: all mention a field that is null here, or none tells it
            from another call's.
    """
    manner = manner or Steady(rng.random())  # one answer writes all its dates alike
    said: list[Text] = []
    used: dict[str, Form] = {}  # by tool: results of one tool are told alike
    for debt in owed:
        if debt.item is not None:
            said.append(_item(debt.node, debt.item, lexicon, rng, manner))
        else:
            twins = [
                o.node for o in owed if o.node.tool is debt.node.tool and o.node is not debt.node
            ]
            said.append(_one(debt, twins, used, lexicon, rng, manner))
    needed = [not (debt.link or debt.item is not None) for debt in owed]
    for at, debt in enumerate(owed):
        others = [text for i, text in enumerate(said) if i != at and needed[i]]
        if debt.item is not None:
            names = _names(debt.node, debt.item)
            asked = {str(test.value) for test in debt.node.picks[debt.item].rule.where}
            named = names & asked or any(names & _stated(text) for text in others)
            all_said = _stated(said[at]) <= set().union(*map(_stated, others))
            needed[at] = not (all_said or (named and not debt.asked))
        elif debt.link:
            fed = {i: o.node for i, o in enumerate(owed) if debt.node in o.node.feeders()}
            near = [said[i] for i in fed if needed[i]] or others
            needed[at] = _is_missing(debt, said[at], near, list(fed.values()), lexicon)
    kept = [capitalised(text) for at, text in enumerate(said) if text and needed[at]]
    name = own_name(speaker, nodes_of([debt.node for debt in owed]))
    return addressed(cohesive(kept, lexicon.language), name, lexicon.language)


def stated(form: Form, node: Node, lexicon: Lexicon, rng: random.Random) -> Text:
    """A clause about one result.

    Raises:
        Unfit: a field that it names is null here.
    """
    try:
        return _pieces(form.pieces, node, "", lexicon, Steady(rng.random()))
    except _Null:
        raise Unfit("empty_field", form.text) from None


def finds_nothing(node: Node, lexicon: Lexicon) -> bool:
    """Is the list empty that this result's answers tell, so that they say there is nothing?"""
    words = lexicon.tools[node.tool.name]
    assert node.result is not None
    forms = (*words.answer, *words.none) if words.none else ()
    lists = [piece.list for form in forms for piece in form.pieces if isinstance(piece, Each)]
    return bool(lists) and not value_at(node.result.value, lists[0])


def _stated(text: Text) -> set[str]:
    """The values that a statement gives."""
    return {str(span.mark.value) for span in text if span.mark is not None}


def _names(node: Node, path: str) -> set[str]:
    """What tells the item that was singled out from all others: its id, its name or its number."""
    assert node.result is not None
    item = value_at(node.result.value, path)[node.picks[path].index]
    return {
        str(value) for field, value in item.items() if value is not None and field.endswith(_NAMING)
    }


def _is_missing(
    link: Owed, said: Text, others: Sequence[Text], fed: Sequence[Node], lexicon: Lexicon
) -> bool:
    """Would a reader miss this link between what was asked and what is answered?"""
    if _stated(said) <= set().union(*map(_stated, others)):
        return False
    value = link.node.result and value_at(link.node.result.value, link.field or "")
    if any(node.tool.effect == "write" for node in fed) and any(
        str(value) in _stated(text) for text in others
    ):
        return False  # what was done with it says it
    known = _known(link.node, lexicon)
    known -= {str(value) for node in fed for value in node.values.values()}  # theirs as well
    if known:
        return not any(_shows(text, known) for text in others)
    # It hangs on who asked. A place or a thing speaks for itself; a mere figure or day does not.
    return any(c.isdigit() for c in str(value))


def _known(node: Node, lexicon: Lexicon) -> set[str]:
    """What the user asked about, as far as this node knows it; who asked does not count."""
    known: set[str] = set()
    for below in nodes_of([node]):
        if lexicon.tools[below.tool.name].me or below.fails:
            continue
        for name, argument in below.arguments.items():
            mended = isinstance(argument, Fed) and argument.node.fails  # what was meant
            said = isinstance(argument, Said) and argument.parameter.choices is None
            if said or mended:
                known |= {str(below.values[name]), *_echoes(below, name)}
    return known


def _shows(text: Text, known: set[str]) -> bool:
    """Does a statement show one of these values, be it within a name: "Oslo" in "Oslo Airport"?"""
    stated = {value.casefold() for value in _stated(text)}
    whole = {value.casefold() for value in known}
    within = [v for v in whole if len(v) > 3 and not _NUMBER.match(v)]
    return bool(whole & stated) or any(value in other for value in within for other in stated)


def _echoes(node: Node, name: str) -> Iterator[str]:
    """The result's other words for an argument: `origin_name` for `origin`."""
    value = node.result.value if node.result is not None else None
    for field, echoed in value.items() if isinstance(value, dict) else ():
        if field.startswith(f"{name}_") and isinstance(echoed, str):
            yield echoed


def _item(node: Node, path: str, lexicon: Lexicon, rng: random.Random, manner: Steady) -> Text:
    """Which item of a list it is."""
    forms = list(lexicon.tools[node.tool.name].told.get(path, ()))
    rng.shuffle(forms)
    pointer = f"{from_dotted(path)}/{node.picks[path].index}"
    for form in forms:
        try:
            return _pieces(form.pieces, node, pointer, lexicon, manner)
        except _Null:
            continue
    return []


def _one(
    debt: Owed,
    twins: Sequence[Node],
    used: dict[str, Form],
    lexicon: Lexicon,
    rng: random.Random,
    manner: Steady,
) -> Text:
    node, field = debt.node, debt.field
    words = lexicon.tools[node.tool.name]
    assert node.result is not None
    forms = list(words.none if finds_nothing(node, lexicon) else words.answer)
    rng.shuffle(forms)
    if field is not None:
        forms.sort(key=lambda form: (field not in form.needs, len(form.offers)))
        telling = [form for form in forms if field in form.offers]
        # A code is told by its name: `country` by `country_name`; a link, where it can be.
        about = field.partition("_")[0]
        if not telling:
            telling = [f for f in forms if any(slot.startswith(about) for slot in f.needs)]
        elif debt.link:
            named = [f for f in forms if f"{field}_name" in f.needs and f not in telling]
            telling = named or telling
        if debt.goal:
            # The plainest ones that say it, in any order; the others if none can be said.
            best = [f for f in telling if len(f.offers) <= len(telling[0].offers) + 1]
            rng.shuffle(best)
        else:
            best = forms = telling
    else:
        # Who asks for no field in particular is not told just one.
        told = [len(form.offers - node.values.keys() - _UNITS) for form in forms]
        best = [f for f, count in zip(forms, told, strict=True) if 2 * count > max(told)]
    forms = [*best, *(form for form in forms if form not in best)]
    if node.tool.name in used:
        forms.sort(key=lambda form: used[node.tool.name] is not form)
    telling_apart: list[tuple[Form, Text]] = []
    for form in forms:
        try:
            said = _pieces(form.pieces, node, "", lexicon, manner)
        except _Null:
            continue
        if all(_tells_apart(said, node, twin) for twin in twins):
            telling_apart.append((form, said))

    # What tells the results apart had better come first: "In Turkey …, in Hungary …".
    def place(one: tuple[Form, Text]) -> tuple[bool, bool]:
        return one[0] not in best, not all(_begins_apart(one[1], node, t) for t in twins)

    for form, said in sorted(telling_apart, key=place)[:1]:
        used[node.tool.name] = form
        return said
    if debt.link:
        return []
    raise Unfit("no_answer", node.tool.name)


def _tells_apart(said: Text, node: Node, twin: Node) -> bool:
    """Does the statement name what this call was about and the other was not?

    It does with a value that the two were asked with, and with a name of their results. Other
    findings tell nothing: of two firmware versions one cannot see which device has which, nor of
    two lists of articles which is on what.
    """
    differing = {name: v for name, v in node.values.items() if twin.values.get(name) != v}
    asked = list(differing.values())
    telling = (*_TELLING, *(name.removesuffix("_id") for name in differing))
    said = [s for s in said if s.mark is not None and not in_list(s.mark)]
    return any(
        span.mark is not None and (span.mark.value in asked or _value(twin, span.mark.name) is None)
        for span in said
    ) or any(
        span.mark is not None
        and isinstance(span.mark.value, str)
        and _value(twin, span.mark.name) != span.mark.value
        and span.mark.name.endswith(telling)
        for span in said
    )


def _begins_apart(said: Text, node: Node, twin: Node) -> bool:
    """Does the statement begin with what this call was about and the other was not?"""
    first = next((span.mark for span in said if span.mark is not None), None)
    differing = {name: v for name, v in node.values.items() if twin.values.get(name) != v}
    return first is not None and (
        first.value in differing.values()
        or any(first.name.startswith(f"/{n.partition('_')[0]}") for n in differing)
    )


_UNITS = {"unit", "currency"}
_TELLING = ("name", "title", "city", "number", "_id")
_NAMING = ("_id", "name", "number", "title", "heading", "seat", "month")
_NUMBER = re.compile(r"-?\d+(\.\d+)?$")
_WEEKDAY = re.compile(r"[A-Z][a-z]+day,")
_ARTICLE = re.compile(r"(United |Netherlands$|Philippines$|Bahamas$|Maldives$|.* Republic$)")


def _takes_article(name: str, before: str) -> bool:
    """Say "in the Netherlands" and "The United Kingdom has …", but "Leeds, United Kingdom"."""
    within = not before or (before[-1] == " " and before[-2:-1].isalpha())
    return within and bool(_ARTICLE.match(name)) and not before.lower().endswith("the ")


class _Null(Exception):
    """A slot names a field that is null, absent or an empty list, or a test does not hold."""


def _pieces(
    pieces: Iterable[Piece], node: Node, pointer: str, lexicon: Lexicon, manner: Steady
) -> Text:
    """Fill `pieces` from the object at `pointer` in the node's result."""
    out: Text = []
    for piece in pieces:
        if isinstance(piece, str):
            out.append(Span(piece))
        elif isinstance(piece, Slot):
            where = pointer if piece.name == "." else pointer + from_dotted(piece.name)
            stated = _state(where, node, lexicon, manner)
            if stated.text == "人民币" and flat(out)[-1:].isdigit():
                stated = replace(stated, text="元人民币")
            if lexicon.language == "en" and _takes_article(stated.text, flat(out)):
                out.append(Span("the "))
            out.append(stated)
        elif isinstance(piece, If):
            if not piece.holds(_value(node, pointer + from_dotted(piece.name))):
                raise _Null
        elif isinstance(piece, Maybe):
            try:
                out.extend(_pieces(piece.pieces, node, pointer, lexicon, manner))
            except _Null:
                continue
        elif isinstance(piece, Each):
            here = pointer + from_dotted(piece.list)
            items = _value(node, here)
            if not isinstance(items, list) or not items:
                raise _Null
            rows = [
                _pieces(piece.item, node, f"{here}/{i}", lexicon, manner) for i in range(len(items))
            ]
            comma = piece.separator
            last = " and " if lexicon.language == "en" and comma == ", " else comma
            out.extend(listed(rows, comma, last))
    return out


def _state(where: str, node: Node, lexicon: Lexicon, manner: Steady) -> Span:
    """The value at the pointer `where`, as an assistant says it."""
    value = _value(node, where)
    if value is None or value == "":
        raise _Null
    schema = schema_at(node.tool.returns, where)
    kind = schema.get("x-kind")
    try:
        text, form = render_answer(
            value, kind=kind, schema=schema, language=lexicon.language, rng=manner
        )
        # A result that has its weekday says it itself: no "a Saturday (Saturday, 25 December)".
        roll = manner.roll
        while "weekday" in node.tool.returns["properties"] and _WEEKDAY.match(text):
            roll = (roll + 0.37) % 1
            text, form = render_answer(
                value, kind=kind, schema=schema, language=lexicon.language, rng=Steady(roll)
            )
    except ValueError as error:
        raise Unfit("no_surface", f"{node.tool.name}{where}: {error}") from error
    return Span(text, Mark(node, where, form, value, kind))


def _value(node: Node, pointer: str) -> Any:
    assert node.result is not None
    try:
        return resolve(node.result.value, pointer)
    except PointerError:
        return None
