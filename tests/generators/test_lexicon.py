"""The grammar of forms, and what every pack must say in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, combinations, product
from typing import Any

import pytest

from callwright.generators.execution import PackToolbox
from callwright.generators.graph import parameters_of
from callwright.generators.packs import PACK_NAMES, load_pack
from callwright.generators.wording.lexicon import (
    SAID,
    Each,
    Form,
    If,
    Lexicon,
    Maybe,
    Piece,
    Slot,
    ToolWording,
    parse_form,
    read_yaml,
)

from .packs.fields import field_schema

LANGUAGES = ["en", "zh"]

# ------------------------------------------------------------------- the grammar


def test_a_form_without_slots_is_its_text() -> None:
    form = parse_form("What time is it?")
    assert form.pieces == ("What time is it?",)
    assert form.needs == form.offers == frozenset()


def test_slots_stand_between_their_words() -> None:
    form = parse_form("From {origin} to {destination}?")
    assert form.pieces == ("From ", Slot("origin"), " to ", Slot("destination"), "?")
    assert form.needs == form.offers == {"origin", "destination"}


def test_a_slot_may_be_possessive_or_have_a_preposition_or_both() -> None:
    assert parse_form("{name's} order").pieces[0] == Slot("name", possessive=True)
    assert parse_form("open {on date}").pieces[1] == Slot("date", preposition="on")
    assert parse_form("{from name's} side").pieces[0] == Slot("name", True, "from")
    assert parse_form("{name's}").needs == {"name"}


def test_a_slot_may_name_a_field_of_a_picked_item_the_item_or_itself() -> None:
    form = parse_form("{@} after {.departs_at} in {.}")
    assert form.needs == {"@", ".departs_at", "."}


def test_an_optional_piece_offers_what_it_does_not_need() -> None:
    form = parse_form("Weather in {city}[ on {date}[ at {time}]]?")
    assert form.needs == {"city"}
    assert form.offers == {"city", "date", "time"}
    maybe = form.pieces[2]
    assert isinstance(maybe, Maybe)
    assert isinstance(maybe.pieces[-1], Maybe)


def test_a_list_has_a_separator_and_an_item_and_needs_nothing_of_the_call() -> None:
    form = parse_form("Orders: {each orders|; |: {order_id}[ ({status})]}.")
    each = form.pieces[1]
    assert isinstance(each, Each)
    assert (each.list, each.separator) == ("orders", "; ")
    assert each.item[0] == Slot("order_id")
    assert isinstance(each.item[1], Maybe)
    assert form.offers == frozenset()
    plain = parse_form("{each orders: {order_id}}").pieces[0]
    assert isinstance(plain, Each)
    assert plain.separator == ", "


@pytest.mark.parametrize(
    "text",
    [
        "[on {date}",
        "on {date}]",
        "[[on] {date}",
        "a ] b [ c",
        "{each orders: [{order_id}}",
        "{two words}",
        "{on}{}",
        "{on the date}",
    ],
)
def test_what_is_unbalanced_or_no_slot_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"unbalanced|neither a name"):
        parse_form(text)


@pytest.mark.parametrize("text", ["Where is {city?", "Where is city}?", "{each orders: {id}"])
def test_a_stray_brace_is_refused_or_seen_by_the_test_of_all_forms(text: str) -> None:
    try:
        form = parse_form(text)
    except ValueError:
        return
    assert _stray(form.pieces)


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ({"city"}, True),
        ({"city", "date"}, True),
        ({"date"}, False),
        (set(), False),
        ({"city", "unit"}, False),
    ],
)
def test_a_form_fits_what_it_needs_and_no_more_than_it_offers(said: set[str], fits: bool) -> None:
    assert parse_form("Weather in {city}[ {on date}]?").fits(frozenset(said)) is fits


def test_a_form_may_fix_arguments() -> None:
    wording = ToolWording(
        ask=[{"say": "Which is cheapest?", "set": {"sort": "price"}}], do=[], answer=[]
    )
    assert parse_form("Which?", {"sort": "price"}).fixed == (("sort", "price"),)
    assert wording.ask


def test_a_misspelt_key_of_a_wording_is_refused() -> None:
    with pytest.raises(ValueError, match="aks"):
        ToolWording.model_validate({"aks": [], "ask": [], "do": [], "answer": []})


# ----------------------------------------------------------------- all the packs


@pytest.fixture(scope="module")
def tools() -> dict[str, Any]:
    return {tool.name: tool for tool in PackToolbox().tools()}


@pytest.fixture(scope="module", params=LANGUAGES)
def everything(request: pytest.FixtureRequest) -> Lexicon:
    return Lexicon(request.param, PACK_NAMES)


@pytest.mark.parametrize("pack", PACK_NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pack_words_each_of_its_tools_and_nothing_else(language: Any, pack: str) -> None:
    assert Lexicon(language, [pack]).tools.keys() == load_pack(pack).functions.keys()


def test_both_languages_say_the_same_things(tools: dict[str, Any]) -> None:
    """A chain that can be asked for in one language can be asked for in the other."""
    english, chinese = (Lexicon(language, PACK_NAMES) for language in ("en", "zh"))
    for name in tools:
        one, two = english.tools[name], chinese.tools[name]
        assert set(one.name) | set(one.elide) == set(two.name) | set(two.elide), name
        assert one.pick_key == two.pick_key, name
        assert bool(one.me) == bool(two.me), name
    for language in LANGUAGES:
        kinds = set().union(
            *(read_yaml(_folder(pack) / f"{language}.yaml").get("say", {}) for pack in PACK_NAMES)
        )
        assert kinds <= _kinds(tools), language


def test_every_tool_has_four_requests_two_phrases_three_reasons_and_three_answers(
    everything: Lexicon,
) -> None:
    for name, words in everything.tools.items():
        assert len(_texts(words.ask)) >= 4, name
        assert len(_texts(words.do)) >= 2, name
        assert len(set(words.because)) >= 3, name
        assert len(_texts(words.answer)) >= 3, name


ONE_NAME = {
    "date_before.date",
    "oven_setting.fan_oven_c",
    "get_flight_booking.departure.local_time",
    "get_flight_booking.destination_country",
    "get_stay.check_out",
    "get_stay.city",
    "get_stay.country_code",
}
"""Side results that only one noun phrase names so far; none may be added."""


def test_every_named_result_has_two_names(everything: Lexicon, tools: dict[str, Any]) -> None:
    for name, words in everything.tools.items():
        if tools[name].effect == "read":
            assert words.name or words.elide or words.pick, name
        for path, forms in words.name.items():
            of_item = any(path.startswith(f"{at}.") for at in words.pick)
            if not of_item and f"{name}.{path}" not in ONE_NAME:
                assert len(_texts(forms)) >= 2, (name, path)
            assert forms, (name, path)


def test_reasons_hold_no_digits_and_are_whole_sentences(everything: Lexicon) -> None:
    for name, words in everything.tools.items():
        for text in (why.text for why in words.because):
            assert not any(char.isdigit() for char in text), (name, text)
            assert text[-1] in ".!?。！？", (name, text)


def test_every_slot_names_a_parameter_or_a_tested_field(
    everything: Lexicon, tools: dict[str, Any]
) -> None:
    for name, words in everything.tools.items():
        parameters = set(tools[name].parameters["properties"])
        elided = chain.from_iterable(words.elide.values())
        for form in (*words.ask, *words.do, *words.me, *elided):
            assert _slots(form) <= parameters, (name, form.text)
        for form in chain(*words.name.values(), *words.that.values()):
            assert _slots(form) <= parameters | {"@"}, (name, form.text)
        for path, rules in words.pick.items():
            assert field_schema(tools[name], f"{path}.{words.pick_key[path]}"), (name, path)
            for rule in rules:
                said = {f".{field}" for field, _, value in rule.tests if value == SAID}
                assert rule.forms, (name, path)
                for form in rule.forms:
                    assert said <= _slots(form) <= parameters | said, (name, form.text)
                for field in [f for f, _, _ in rule.tests] + ([rule.by] if rule.by else []):
                    assert field_schema(tools[name], f"{path}.{field}"), (name, field)


def test_min_and_max_say_by_what_and_nothing_else_does(everything: Lexicon) -> None:
    for name, words in everything.tools.items():
        for rule in chain(*words.pick.values()):
            assert (rule.by is not None) is (rule.take in ("min", "max")), (name, rule)


def test_what_a_form_fixes_is_a_boolean_or_a_member_of_an_enum(
    everything: Lexicon, tools: dict[str, Any]
) -> None:
    for name, words in everything.tools.items():
        for form in (*words.ask, *words.do):
            for parameter, value in form.fixed:
                schema = tools[name].parameters["properties"][parameter]
                allowed = [True, False] if schema.get("type") == "boolean" else schema["enum"]
                assert value in allowed, (name, form.text)
                assert parameter not in _slots(form), (name, form.text)


def test_every_name_and_every_answer_states_a_field_of_the_result(
    everything: Lexicon, tools: dict[str, Any]
) -> None:
    for name, words in everything.tools.items():
        for path in {**words.name, **words.that, **words.elide, **words.pick}:
            assert field_schema(tools[name], path), (name, path)
        for form in (*words.answer, *words.none):
            for path in _stated(form.pieces):
                assert field_schema(tools[name], path), (name, form.text)


def test_what_is_mentioned_can_be_referred_back_to(everything: Lexicon) -> None:
    for name, words in everything.tools.items():
        assert set(words.pick) <= set(words.that), name


def test_every_choice_of_optional_arguments_can_be_asked_for(
    everything: Lexicon, tools: dict[str, Any]
) -> None:
    said = {kind for kind, values in PackToolbox().values.items() if values.said}
    for name, words in everything.tools.items():
        parameters = parameters_of(tools[name])
        needed = {p.name for p in parameters if p.required and p.along is None}
        beside = {p.name for p in parameters if p.along is not None}
        free = [
            p.name
            for p in parameters
            if not p.required and p.along is None and (p.kind in said or p.choices)
        ]
        forms = (*words.ask, *words.do)
        chosen = [p for p in parameters if p.name in needed and p.choices]
        names = [p.name for p in chosen]
        for more in chain.from_iterable(combinations(free, n) for n in range(len(free) + 1)):
            wanted = frozenset(needed | set(more))
            for values in product(*(p.choices for p in chosen)):
                said_so = dict(zip(names, values, strict=True)).items()  # "accept" says it
                assert any(
                    f.fits(left) or f.fits(left | beside)
                    for f in forms
                    if dict(f.fixed).items() <= said_so
                    for left in (wanted - dict(f.fixed).keys(),)
                ), (name, more, values)


def test_no_form_has_a_stray_brace_or_bracket(everything: Lexicon) -> None:
    for name, words in everything.tools.items():
        fields = (words.name, words.that, words.elide)
        forms = [
            *chain(words.ask, words.do, words.me, words.answer, words.none),
            *chain.from_iterable(chain(*field.values()) for field in fields),
            *chain.from_iterable(rule.forms for rule in chain(*words.pick.values())),
        ]
        for form in (*forms, *chain(*everything.say.values())):
            assert not _stray(form.pieces), (name, form.text)
            assert form.text == form.text.strip(), (name, form.text)
            assert "  " not in form.text, (name, form.text)


# --------------------------------------------------------------------- helpers


def _texts(forms: Iterable[Form]) -> set[str]:
    return {form.text for form in forms}


def _slots(form: Form) -> frozenset[str]:
    return form.offers


def _stated(pieces: Iterable[Piece], path: str = "") -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, Slot):
            if piece.name != ".":
                yield path + piece.name
        elif isinstance(piece, Maybe):
            yield from _stated(piece.pieces, path)
        elif isinstance(piece, Each):
            yield path + piece.list
            yield from _stated(piece.item, f"{path}{piece.list}.")


def _stray(pieces: Iterable[Piece]) -> bool:
    return any(
        any(char in piece for char in "{}[]")
        if isinstance(piece, str)
        else _stray(getattr(piece, "pieces", getattr(piece, "item", ())))
        for piece in pieces
    )


def _folder(pack: str) -> Any:
    from importlib.resources import files

    return files(f"callwright.generators.packs.{pack}")


def _kinds(tools: dict[str, Any]) -> set[str]:
    """Every kind that a schema names, `tool.parameter` where a parameter names none."""

    def walk(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("x-kind"), str):
                yield node["x-kind"]
            for sub in node.values():
                yield from walk(sub)
        elif isinstance(node, list):
            for sub in node:
                yield from walk(sub)

    found = {p.kind for tool in tools.values() for p in parameters_of(tool)}
    return found.union(*(walk([tool.parameters, tool.returns]) for tool in tools.values()))


def test_what_is_obvious_and_where_items_do_not_go_is_said_of_fields_and_tools_there_are(
    everything: Lexicon, tools: dict[str, Any]
) -> None:
    seen = 0
    for name, words in everything.tools.items():
        assert words.obvious.keys() <= tools[name].returns["properties"].keys(), name
        unfit = {tool for rules in words.pick.values() for rule in rules for tool in rule.unfit}
        assert unfit <= tools.keys(), name
        seen += len(unfit)
    assert seen


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("{if no n}Nobody.", [0]),
        ("{if n = 1}One person.", [1]),
        ("{if n > 1}Several.", [2]),
        ("{if n}Some.", [1, 2]),
    ],
)
def test_a_test_of_a_field_holds_for_just_what_it_names(form: str, said: list[int]) -> None:
    test = parse_form(form).pieces[0]
    assert isinstance(test, If)
    assert [n for n in (0, 1, 2) if test.holds(n)] == said
    assert parse_form(form).offers == {"n"}
