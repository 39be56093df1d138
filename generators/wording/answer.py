"""The final answer: states results, and nothing but results."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from typing import Any

from callwright.generators.planning import Node, Unfit
from callwright.generators.wording.lexicon import Each, Lexicon, Maybe, Piece, Slot
from callwright.generators.wording.steady import Steady
from callwright.generators.wording.surface import render_answer
from callwright.generators.wording.text import Mark, Span, Text, capitalised, flat, joined
from callwright.schemas.kinds import schema_at
from callwright.schemas.pointers import PointerError, from_dotted, resolve
from callwright.schemas.selection import value_at


def answer(told: Sequence[tuple[Node, str | None]], lexicon: Lexicon, rng: random.Random) -> Text:
    """What the assistant says once the results are in.

    Results of one tool are told apart: each statement names what its call was about.

    Args:
        told: the calls whose results the answer owes, in the order of its sentences; with a
            field, that field alone, if there is a form for it.

    Returns:
        Text whose marks carry the JSON pointer of the field that each span states.

    Raises:
        Unfit: no form fits a result: all mention a field that is null here, or none tells it
            from another call's.
    """
    manner = Steady(rng.random())  # one answer writes all its dates alike
    said = []
    for node, field in told:
        twins = [other for other, _ in told if other.tool is node.tool and other is not node]
        sentence = _one(node, field, twins, lexicon, rng, manner)
        if sentence:
            said.append(capitalised(sentence))
    return joined(said, " " if lexicon.language == "en" else "")


def _one(
    node: Node,
    field: str | None,
    twins: Sequence[Node],
    lexicon: Lexicon,
    rng: random.Random,
    manner: Steady,
) -> Text:
    words = lexicon.tools[node.tool.name]
    assert node.result is not None
    forms = list(words.answer)
    if words.none:
        lists = [
            p.list for f in (*words.answer, *words.none) for p in f.pieces if isinstance(p, Each)
        ]
        path = lists[0] if lists else None
        if path is not None and not value_at(node.result.value, path):
            forms = list(words.none)
    rng.shuffle(forms)
    if field is not None:
        # The form that says this field and as little else as may be.
        forms.sort(key=lambda form: (field not in form.needs, len(form.offers)))
        forms = [form for form in forms if field in form.offers]
    for form in forms:
        try:
            said = _pieces(form.pieces, node, "", lexicon, manner)
        except _Null:
            continue
        if all(_tells_apart(said, node, twin) for twin in twins):
            return said
    if field is not None:
        return []
    raise Unfit("no_answer", node.tool.name)


def _tells_apart(said: Text, node: Node, twin: Node) -> bool:
    """Does the statement name a value that the two calls were asked with?"""
    asked = [v for name, v in node.values.items() if twin.values.get(name) != v]
    return any(
        span.mark is not None and (span.mark.value in asked or _value(twin, span.mark.name) is None)
        for span in said
    ) or any(
        span.mark is not None
        and isinstance(span.mark.value, str)
        and _value(twin, span.mark.name) != span.mark.value
        for span in said
    )


_WEEKDAY = re.compile(r"[A-Z][a-z]+day,")
_ARTICLE = re.compile(r"(United |Netherlands$|Philippines$|Bahamas$|Maldives$|.* Republic$)")


def _takes_article(name: str, before: str) -> bool:
    """Say "in the Netherlands" and "The United Kingdom has …", but "Leeds, United Kingdom"."""
    within = not before or (before[-1] == " " and before[-2:-1].isalpha())
    return within and bool(_ARTICLE.match(name)) and not before.lower().endswith("the ")


class _Null(Exception):
    """A slot names a field that is null, absent or an empty list."""


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
            if lexicon.language == "en" and _takes_article(stated.text, flat(out)):
                out.append(Span("the "))
            out.append(stated)
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
            out.extend(joined(rows, piece.separator))
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
