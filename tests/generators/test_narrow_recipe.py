"""A recipe may name few tools, lengths and descriptions, and gets just these."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from callwright.curation.verify import certify
from callwright.generators.build import Job, build
from callwright.generators.execution import PackToolbox
from callwright.generators.maker import Maker
from callwright.generators.recipe import BuildSection, OfferedTools, ToolsSection, ViewsSection
from callwright.schemas.errors import RecipeError
from callwright.schemas.record import Conversation
from callwright.schemas.store import open_dataset

FEW = (
    "compound_cas",
    "compound_formula",
    "molar_mass",
    "moles_in_mass",
    "element_symbol",
    "melting_point",
)
TOOLS = ToolsSection(packs=("science",), only=FEW)
SECTION = BuildSection(
    count=60,
    languages={"en": 1},
    scenarios={"single": 1, "chain": 3},
    lengths={2: 1, 4: 1},
    offered_tools=OfferedTools(at_least=3, at_most=3, distractors=2),
    descriptions="concise",
    views=ViewsSection(share=0),
)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Conversation]:
    folder: Path = tmp_path_factory.mktemp("narrow") / "out"
    build(Job(SECTION, TOOLS, 3, certify), folder, {})
    return list(open_dataset(folder).rows())


def _offered(row: Conversation) -> set[str]:
    return {tool["function"]["name"] for tool in row.tools}


def test_only_the_named_tools_are_called_and_offered(rows: list[Conversation]) -> None:
    assert set().union(*map(_offered, rows)) == set(FEW)


def test_a_row_has_its_distractors_however_many_tools_it_needs(rows: list[Conversation]) -> None:
    spare = {
        row.plan.length: {len(_offered(row) - set(row.plan.sequence))}
        for row in rows
        if len(set(row.plan.sequence)) == row.plan.length
    }
    assert spare == {1: {2}, 2: {2}, 4: {2}}


def test_chains_are_as_long_as_the_recipe_says(rows: list[Conversation]) -> None:
    assert {row.plan.length for row in rows if row.scenario == "chain"} == {2, 4}


@pytest.mark.parametrize("wanted", ["concise", "full"])
def test_a_row_offers_the_descriptions_that_the_recipe_names(wanted: str) -> None:
    section = SECTION.model_copy(update={"descriptions": wanted})
    maker = Maker(section, ToolsSection(packs=("contacts",)), 3, "", certify)
    tools = {tool.name: tool for tool in PackToolbox(("contacts",)).tools()}
    seen = set()
    for index in range(5):
        row = next(made for _, made in maker.attempts(index) if isinstance(made, Conversation))
        for told in (tool["function"] for tool in row.tools):
            tool = tools[told["name"]]
            texts = {"concise": tool.concise, "full": tool.description}
            assert told["description"] == texts[wanted]
            seen.add(len(set(texts.values())))
    assert 2 in seen  # some of these tools have two


def test_a_tool_of_no_pack_is_refused_with_the_nearest(tmp_path: Path) -> None:
    wrong = ToolsSection(packs=("science",), only=("molar_mas",))
    with pytest.raises(RecipeError, match=r"tools.only: .* 'molar_mas'; did you mean 'molar_mass'"):
        build(Job(SECTION, wrong, 3, certify), tmp_path / "out", {})
    assert not (tmp_path / "out").exists()


def test_a_recipe_that_names_no_tools_names_its_builds_as_it_did() -> None:
    assert ToolsSection(packs=("science",)).written() == {"packs": ["science"]}
    assert TOOLS.written() == {"packs": ["science"], "only": list(FEW)}


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ({"lengths": {1: 1}}, "1 is no length of a chain: 2 to 6"),
        ({"lengths": {7: 1}}, "7 is no length of a chain: 2 to 6"),
        ({"lengths": {2: 0}}, "lengths: every weight is 0"),
    ],
)
def test_lengths_that_no_chain_has_are_refused(section: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        BuildSection.model_validate(section)


@pytest.mark.parametrize("only", [[], ["molar_mass", "molar_mass"]])
def test_only_names_each_of_some_tools_once(only: list[str]) -> None:
    with pytest.raises(ValidationError, match="`only` names no tool, or one twice"):
        ToolsSection.model_validate({"only": only})
