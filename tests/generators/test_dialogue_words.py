"""What the packs say between a request and its answer names tools and fields that there are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from callwright.generators.execution import PackToolbox
from callwright.generators.packs import PACK_NAMES
from callwright.generators.wording.dialogue import Dialogue
from callwright.generators.wording.lexicon import Form
from callwright.schemas.kinds import schema_at
from callwright.schemas.pointers import from_dotted
from callwright.schemas.record import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh")
TOOLS = {tool.name: tool for tool in PackToolbox().tools()}
VALUES = PackToolbox().values


@pytest.fixture(scope="module", params=PACK_NAMES)
def pack(request) -> str:
    return str(request.param)


def said(pack: str) -> Iterator[Dialogue]:
    return (Dialogue(language, [pack]) for language in LANGUAGES)


def test_what_may_be_left_out_is_the_same_in_both_languages(pack) -> None:
    english, chinese = (
        {(tool, name) for tool, words in one.missing.items() for name in words}
        for one in said(pack)
    )
    assert english == chinese
    assert len({tool for tool, _ in english}) >= 4


def test_words_of_a_missing_argument_name_arguments_and_fields_of_the_tool(pack) -> None:
    for words in said(pack):
        for tool, missing in words.missing.items():
            parameters = set(TOOLS[tool].parameters["properties"])
            for name, one in missing.items():
                assert name in parameters, (tool, name)
                assert len(one.request) >= 3, (tool, name)
                assert len(one.question) >= 2, (tool, name)
                for form in (*one.request, *one.question, *one.reply):
                    assert form.offers <= parameters, form.text
                for form in one.request:
                    refuse_unknown_field(tool, form)


def refuse_unknown_field(tool: str, form: Form) -> None:
    if form.about is not None:
        assert schema_at(TOOLS[tool].returns, from_dotted(form.about)), form.text


def test_every_write_can_be_confirmed_and_declined(pack) -> None:
    writes = {t.name for t in TOOLS.values() if t.pack == pack and t.effect == "write"}
    for words in said(pack):
        assert set(words.confirm) == writes
        for tool in writes:
            assert len(words.confirm[tool]) >= 3, tool
            assert len(words.declined[tool]) >= 2, tool
            for form in words.confirm[tool]:
                assert form.offers <= set(TOOLS[tool].parameters["properties"]), form.text


def test_conditions_are_on_fields_and_lead_to_tools_that_are(pack) -> None:
    for words in said(pack):
        for tool, conditions in words.when.items():
            for when in conditions:
                assert schema_at(TOOLS[tool].returns, from_dotted(when.field)), (tool, when.field)
                assert set(when.then) <= set(TOOLS), (tool, when.then)


def test_a_second_wish_is_for_an_argument_and_the_same_in_both_languages(pack) -> None:
    english, chinese = (
        {(t, n, one.first) for t, wishes in words.otherwise.items() for n, one in wishes.items()}
        for words in said(pack)
    )
    assert english == chinese
    for tool, name, first in english:
        assert name in TOOLS[tool].parameters["properties"], (tool, name)
        assert first is None or first in VALUES, (tool, first)


def test_why_a_second_wish_is_granted_can_be_said_of_any_first_one(pack) -> None:
    for words in said(pack):
        for tool, wishes in words.otherwise.items():
            required = set(TOOLS[tool].parameters["required"])
            for name, one in wishes.items():
                assert len(one.refused) >= 2, tool
                for form in one.refused:
                    assert form.needs <= required | {name}, form.text
                    assert form.offers <= set(TOOLS[tool].parameters["properties"]), form.text
