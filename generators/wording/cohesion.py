"""Statements said one after the other: who names a thing twice running sounds like a form.

"The publisher is Domblick Verlag. Domblick Verlag has its head office in Cologne." is said as "The
publisher is Domblick Verlag, which has its head office in Cologne."
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Literal

from callwright.generators.wording.text import Mark, Span, Text, capitalised, flat

_ITEM = re.compile(r"/\d+(/|$)")
_UP_TO_ITEM = re.compile(r".*?/\d+(?=/|$)")
_VERB = re.compile(
    r" (is|was|has|had|can|falls|comes|belongs|makes|sits|works|lies|stands|costs|holds|uses"
    r"|corresponds|equals)\b"
)
_PEOPLE = ("person", "customer", "traveller", "colleague", "payee", "author")
_PLACES = ("city", "country")
_DATES = ("date.long", "date.short")
_ADDRESS = re.compile(r"\S@\S|://")
_REACH = re.compile(r" (to reach|to get through to|for) $|打$")
_STOPS = (".", "。")
_RELATIVE = re.compile(r", (which|who|whose) ")  # one in a sentence is enough
_IS = re.compile(r"(\bis|It's|That's)( the)? $")
_OF = re.compile(r"The ([\w' -]+) of (?:the )?")
_AFTER_IT = re.compile(r"[.,:;]|( (off|on|from|to|in|at|by|for|and|until|with|is|has)\b)")
_QUOTES = ("《", "“")
_OPENED = re.compile("Done[,:] |好的，|[\u4e00-\u9fff]{0,3}[好到]了，|[加改续选]好了：")
_FOCUS = 3  # spans: 684,800, a space, KRW
_TIED = re.compile("[里中上和与]|到(?!期)|飞(?!行)")
"""What a name before it cannot be left out of: "HD-7268里有…", "旧金山到大阪要飞…"."""


def cohesive(statements: Sequence[Text], language: str) -> Text:
    """The statements as one text.

    One that begins with what the one before ended with becomes a part of its sentence; one that
    begins as the one before began takes it up with "It", in Chinese with nothing at all; in English
    one that names the thing or the sum later on says "it" or "that".
    """
    taken_up = _taken_up_zh if language == "zh" else _taken_up_en
    space = [Span(" ")] if language == "en" else []
    out: Text = []
    before: Text = []
    for statement in (*statements[:1], *map(unopened, statements[1:])):
        both = (
            taken_up(out, before, statement) if before and not _alike(before, statement) else None
        )
        lengthened = both is not None and both[: len(out)] != out
        out = both or [*out, *(space if out else ()), *statement]
        before = [] if lengthened else statement  # a sentence is lengthened once
    return out


def _alike(before: Text, now: Text) -> bool:
    """Do they tell the results of two calls of one tool? Such statements stay alike."""
    one, other = (next((s.mark.node for s in t if s.mark is not None), None) for t in (before, now))
    return one is not None and other is not None and one is not other and one.tool is other.tool


def unopened(statement: Text) -> Text:
    """Without "Done: ", with which an answer begins and does not go on."""
    found = _OPENED.match(statement[0].text)
    if found is None:
        return statement
    rest = Span(statement[0].text[found.end() :], statement[0].mark)
    return capitalised([rest, *statement[1:]] if rest.text else statement[1:])


def has_items(text: Text) -> bool:
    """Does it tell of items of a list?"""
    return any(span.mark is not None and in_list(span.mark) for span in text)


def _has_several(text: Text) -> bool:
    """Does it tell of several items of a list?"""
    found = {m[0] for s in text if s.mark is not None and (m := _UP_TO_ITEM.match(s.mark.name))}
    return len(found) > 1


def in_list(mark: Mark) -> bool:
    """Does a statement tell of an item of a list?"""
    return bool(_ITEM.search(mark.name))


def _taken_up_en(out: Text, before: Text, now: Text) -> Text | None:
    if (again := _focus(before, now)) and not _has_several(before):
        what, rest = _what(again[0]), again[1]
        if what is None or not _goes_on(rest) or _RELATIVE.search(flat(before) + flat(now)):
            return None
        word = "whose" if _owns(rest) else "who" if what == "person" else "which"
        return [*out[:-1], Span(f"{out[-1].text[:-1]}, {word}"), *_without(rest, "'s")]
    again = _topic(before, now) or _identified(before, now)
    if again and _what(again[0]) == "thing" and _goes_on(again[1]):
        rest = again[1]
        return [*out, Span(" Its" if _owns(rest) else " It"), *_without(rest, "'s")]
    for shortened in (_with_its, _with_it, _with_that, _with_day, _with_there, _with_quantity):
        if short := shortened(before, now):
            return [*out, Span(" "), *short]
    short = _without_address(before, now, "en") or _without_phone(before, now)
    return [*out, Span(" "), *short] if short else None


def _with_its(before: Text, now: Text) -> Text | None:
    """`now` with "Its" for what `before` is about or ends with: "Its ten-digit ISBN is …"."""
    of = _OF.fullmatch(now[0].text)
    if of is None or _has_several(before) or not _VERB.match(flat(now[2:])):
        return None
    known = [span for span in before if span.mark is not None]
    ended = known and before[-1].text == "." and before[-2] is known[-1]
    named = known[:1] + (known[-1:] if ended else [])
    if _what(now[1]) != "thing" or not any(_is_same(span, now[1]) for span in named):
        return None
    return [Span(f"Its {of[1]}"), *now[2:]]


def _with_it(before: Text, now: Text) -> Text | None:
    """`now` with "it" for the thing that `before` is about or ends with: "I've opened it."."""
    start = 1 if before[0].text == "The " else 0
    ends = [-2] if before[-1].text == "." and flat(before[:-2]).endswith(" the ") else []
    for place in [start, *ends] if len(before) > start and not _has_several(before) else []:
        name = before[place]
        if place == -2 and _family(_kind(name)) in _PLACES:
            continue
        again = [at for at, span in enumerate(now) if span.mark and _is_same(name, span)]
        if _what(name) != "thing" or len(again) != 1 or len(now) == again[0] + 1:
            continue
        at = again[0]
        said, follows = flat(now[:at]), now[at + 1].text
        the = flat(before[:place]).lower().endswith("the ")
        # Neither "to it folder" nor "it (bathroom)"; and before the thing stands what takes "it".
        if not said.endswith(" the " if the else " ") or not _AFTER_IT.match(follows):
            continue
        if len(said.split()) < 3 or now[at - 1].mark is not None:
            continue
        head = [*now[: at - 1], Span(now[at - 1].text.removesuffix("the ") + "it")]
        return [*head, *now[at + 1 :]]
    return None


def _with_that(before: Text, now: Text) -> Text | None:
    """`now` with "that" for the sum that `before` ends with: "Split between 4, that comes to …"."""
    if len(before) < 4 or before[-1].text != "." or _has_several(before):
        return None
    amount = before[-4:-1]
    if not _kind(amount[0]).startswith("money.") or not _kind(amount[2]).startswith("currency."):
        return None
    for at in range(1, len(now) - 3):
        same = all(map(_says_the_same, amount, now[at : at + 3]))
        rest = flat(now[at + 3 :])
        if (
            same
            and now[at - 1].text.endswith(" ")
            and (rest[0] in ",." or rest.startswith(" and ") or _VERB.match(rest))
        ):
            return [*now[:at], Span("that"), *now[at + 3 :]]
    return None


def _without_address(before: Text, now: Text, language: str) -> Text | None:
    """`now` without the address or link that `before` gives: "I've added it to the note"."""
    for at, span in enumerate(now):
        if not any(_is_same(span, known) for known in before) or not _ADDRESS.search(span.text):
            continue
        said, rest = flat(now[:at]), now[at + 1 :]
        if said.endswith("“") and rest and rest[0].text.startswith("”"):
            said, rest = said.removesuffix("“"), _without(rest, "”")
        if language == "zh":
            if said.endswith(("加上", "加上：")) and flat(rest) in ("", "。"):
                head = now[: at - 1]
                last = now[at - 1].text.rstrip("“：")
                return [*head, Span(last + "了。")]
            return rest if not said and rest else None
        if flat(rest).startswith(" ") and (not said or said.endswith(" ")):
            before_it = [*now[: at - 1], Span(now[at - 1].text.removesuffix("“"))] if at else []
            return [*before_it, Span("it" if said else "It"), *rest]
    return None


def _without_phone(before: Text, now: Text) -> Text | None:
    """`now` without the number that `before` gives: "From Norway, dial 00 49 …"."""
    for at, span in enumerate(now):
        if not at or not _kind(span).startswith("phone.") or now[at - 1].mark is not None:
            continue
        if not any(_is_same(span, known) for known in before):
            continue
        if flat(now[:at]) == "To reach " and now[at + 1].text.startswith(" from "):
            return [Span("From "), *_without(now[at + 1 :], " from ")]
        reach = _REACH.search(now[at - 1].text)
        if reach:
            said = now[at - 1].text[: reach.start()] + ("打过去" if reach[0] == "打" else "")
            return [*now[: at - 1], Span(said), *now[at + 1 :]]
    return None


def _with_day(before: Text, now: Text) -> Text | None:
    """`now` with "that day" for the one day that `before` names."""
    at = _same_one(before, now, lambda span: span.mark is not None and span.mark.form in _DATES)
    if at is None:
        return None
    rest, said = now[at + 1 :], now[at - 1].text if at else ""
    if at == 0:
        return [Span("That day"), *rest] if _VERB.match(flat(rest)) else None
    if now[at - 1].mark is None and said.endswith(" on "):
        return [*now[: at - 1], Span(said.removesuffix("on ") + "that day"), *rest]
    if now[at - 1].mark is None and said.endswith((" before ", " after ")) and _goes_on(rest):
        return [*now[:at], Span("that"), *rest]
    return None


def _with_there(before: Text, now: Text) -> Text | None:
    """`now` with "there" for the one place that `before` names: "The money used there is …"."""
    at = _same_one(before, now, lambda span: _family(_kind(span)) in _PLACES)
    if not at or now[at - 1].mark is not None:
        return None
    said, rest = now[at - 1].text, now[at + 1 :]
    if at == 1 and said == "In ":
        return [Span("There"), *rest]
    if said.endswith(" in ") and said != " in " and (flat(rest) == "." or _VERB.match(flat(rest))):
        return [*now[: at - 1], Span(said.removesuffix("in ") + "there"), *rest]
    return None


def _with_quantity(before: Text, now: Text) -> Text | None:
    """`now` with "That" for a quantity that `before` gives: "That comes to 5528 miles"."""
    for length in (1, _FOCUS):
        quantity, rest = now[:length], now[length:]
        if (
            not rest
            or quantity[0].mark is None
            or not isinstance(quantity[0].mark.value, int | float)
        ):
            return None
        unit = re.match(r" \S+(?= )", rest[0].text) if rest[0].mark is None else None
        if length == 1:
            if unit is None:
                continue
            rest = _without(rest, unit[0])
        for start in range(len(before) - length):
            same = all(map(_is_same, before[start : start + length], quantity))
            after = flat(before[start + length :])
            follows = length > 1 or (unit and re.match(re.escape(unit[0]) + r"\b", after))
            if same and follows and _VERB.match(flat(rest)):
                return [Span("That"), *rest]
    return None


def _same_one(before: Text, now: Text, wanted: Callable[[Span], bool]) -> int | None:
    """Where `now` names what `before` names, if each names one only."""
    if _has_several(before):
        return None
    named = [span for span in before if wanted(span)]
    again = [at for at, span in enumerate(now) if wanted(span)]
    if len(named) == 1 and again and _says_the_same(named[0], now[again[0]]):
        return again[0]
    return None


def _taken_up_zh(out: Text, before: Text, now: Text) -> Text | None:
    if _has_several(before):
        return None
    if short := _without_address(before, now, "zh") or _without_phone(before, now):
        return [*out, *short]
    focus = _focus(before, now)
    kind = (_kind(before[-2]) or _kind(focus[0])) if focus else ""
    here = "那天" if kind.startswith("date.") else "那里" if _family(kind) in _PLACES else ""
    begins = now[0].mark is not None or now[0].text in _QUOTES
    again = focus or (_topic(before, now) if begins and not has_items(before) else None)
    if not again or not out[-1].text.endswith("。"):
        return None
    rest = again[1]
    if _TIED.match(flat(rest)) or not flat(rest)[:1].isalnum():
        return None
    if here and flat(rest).startswith(here):
        here = ""
    elif not here:
        if has_items(now) and focus and flat(rest).startswith("的"):
            return None  # "…是E-3711，文章有：" would be whose articles?
        rest = _without(rest, "的")
    return [*out[:-1], Span(out[-1].text.removesuffix("。") + "，" + here), *rest]


def _focus(before: Text, now: Text) -> tuple[Span, Text] | None:
    """The value or amount that `before` ends with and `now` begins with; the rest of `now`."""
    start = 1 if now[0].mark is None and now[0].text in ("The ", "the ") else 0
    if len(before) < 2 or not before[-1].text.endswith(_STOPS):
        return None
    unit = before[-1].text[:-1]
    for length in range(1, min(len(before), len(now) - start, _FOCUS + 1)):
        ending, beginning = before[-1 - length : -1], now[start : start + length]
        rest = now[start + length :]
        if not beginning[0].mark or not all(map(_says_the_same, ending, beginning)):
            continue
        if rest[0].mark is None and rest[0].text.startswith(unit):
            return beginning[0], _without(rest, unit)
    return None


def _topic(before: Text, now: Text) -> tuple[Span, Text] | None:
    """The name that both begin with, and the rest of `now`."""
    same = takewhile(lambda pair: _is_same(*pair), zip(before, now, strict=False))
    shared = [at for at, (_, span) in enumerate(same, 1) if span.mark is not None]
    if not shared or shared[-1] == len(now):
        return None
    name = now[shared[-1] - 1]
    if name.mark is None or not isinstance(name.mark.value, str):
        return None
    return name, now[shared[-1] :]


def _identified(before: Text, now: Text) -> tuple[Span, Text] | None:
    """What `before` says the thing is, where `now` begins with it: "It's HD-6784. HD-6784 …"."""
    start = 1 if now[0].text in ("The ", "the ") else 0
    if len(now) < start + 2 or now[start].mark is None:
        return None
    for at, span in enumerate(before):
        if span.mark is not None and _is_same(span, now[start]):
            return (span, now[start + 1 :]) if _IS.search(flat(before[:at])) else None
    return None


def _says_the_same(one: Span, other: Span) -> bool:
    if one.mark is None or other.mark is None:
        return one == other
    return bool(one.mark.value == other.mark.value)


def _is_same(one: Span, other: Span) -> bool:
    return one.text == other.text and _says_the_same(one, other)


def _what(span: Span) -> Literal["person", "thing"] | None:
    """A name of unknown kind may be anybody's."""
    kind = _kind(span)
    if _family(kind) in _PEOPLE or kind.endswith(_PEOPLE):
        return "person"
    return "thing" if kind or any(c.isdigit() for c in span.text) else None


def _kind(span: Span) -> str:
    return (span.mark.kind if span.mark else None) or ""


def _family(kind: str) -> str:
    return kind.partition(".")[0]


def _goes_on(rest: Text) -> bool:
    return _owns(rest) or bool(_VERB.match(flat(rest)))


def _owns(rest: Text) -> bool:
    return flat(rest).startswith("'s ")


def _without(rest: Text, first: str) -> Text:
    return [Span(rest[0].text.removeprefix(first), rest[0].mark), *rest[1:]]
