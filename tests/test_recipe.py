"""Recipes: what is wrong is named in one line, what is right is spelled out."""

from __future__ import annotations

import shlex
import time
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from callwright.generators.packs import PACK_NAMES
from callwright.generators.recipe import BUILT_SCENARIOS
from callwright.recipe import Recipe, load_recipe
from callwright.schemas.errors import RecipeError

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))


@pytest.fixture
def refusal(tmp_path):
    """Write a recipe, have it refused, give the message without the file's name."""

    def refused(text):
        path = tmp_path / "recipe.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(RecipeError) as error:
            load_recipe(path)
        message = str(error.value)
        assert message.startswith(str(path))
        assert "\n" not in message
        assert len(message) < len(str(path)) + 400
        return message.removeprefix(str(path)).removeprefix(": ")

    return refused


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seeed: 1", "unknown key 'seeed'; did you mean 'seed'?"),
        ("biuld: {}", "unknown key 'biuld'; did you mean 'build'?"),
        ("build: {cuont: 3}", "unknown key 'build.cuont'; did you mean 'count'?"),
        ("tools: {pack: [shop]}", "unknown key 'tools.pack'; did you mean 'packs'?"),
        (
            "build: {offered_tools: {at_lest: 3}}",
            "unknown key 'build.offered_tools.at_lest'; did you mean 'at_least'?",
        ),
        (
            "training: {mix: [{data: a, shares: 1}]}",
            "unknown key 'training.mix.0.shares'; did you mean 'share'?",
        ),
        (
            "build: {scenarios: {sinlge: 1}}",
            "unknown key 'build.scenarios.sinlge'; did you mean 'single'?",
        ),
    ],
)
def test_a_misspelt_key_names_the_nearest(refusal, text, message):
    assert refusal(text) == message


def test_a_key_that_resembles_none_lists_those_there_are(refusal):
    assert (
        refusal("xyzzy: 1")
        == "unknown key 'xyzzy'; known keys: build, curation, seed, tools, training"
    )
    assert refusal("build: {languages: {fr: 1}}").endswith("known keys: en, zh")


def test_an_unknown_pack_names_the_packs(refusal):
    message = refusal("tools: {packs: [geography, geografy]}")
    assert "unknown pack 'geografy'" in message
    assert all(name in message for name in PACK_NAMES)


@pytest.mark.parametrize("packs", ["[]", "[shop, shop]"])
def test_no_pack_and_a_pack_named_twice_are_refused(refusal, packs):
    assert "pack" in refusal(f"tools: {{packs: {packs}}}")


def test_a_scenario_that_is_not_built_names_those_that_are(refusal):
    message = refusal("build: {scenarios: {imported: 1}}")
    assert "'imported' cannot be built" in message
    assert all(name in message for name in BUILT_SCENARIOS)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("build: {scenarios: {single: -1}}", "build.scenarios.single"),
        ("build: {languages: {en: -0.5}}", "build.languages.en"),
        ("build: {languages: {en: .nan}}", "build.languages.en"),
        ("build: {scenarios: {single: 0, chain: 0}}", "scenarios: every weight is 0"),
        ("build: {scenarios: {}}", "scenarios: every weight is 0"),
        ("build: {languages: {en: 0}}", "languages: every weight is 0"),
        ("build: {offered_tools: {at_least: 9, at_most: 3}}", "at_least is more than at_most"),
        ("build: {offered_tools: {at_most: 41}}", "build.offered_tools.at_most"),
        ("build: {count: 0}", "build.count"),
        ("build: {count: 1e3}", "(given: '1e3')"),
        ("build: {max_per_skeleton: 0}", "build.max_per_skeleton"),
        ("build: {attempts: 0}", "build.attempts"),
        ("seed: -1", "seed"),
        ("seed: 9223372036854775808", "seed"),
        ("seed: 0x" + "f" * 9000, "seed"),
        ("seed: '" + "7" * 5000 + "x'", "seed"),
    ],
)
def test_a_value_out_of_range_is_named_with_its_key(refusal, text, named):
    assert named in refusal(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("build: [1, 2]", "build: must be a mapping of keys to values (given: [1, 2])"),
        ("build:", "build: must be a mapping of keys to values (given: None)"),
        (
            "build: {scenarios: [single]}",
            "build.scenarios: must be a mapping of names to weights (given: ['single'])",
        ),
        ("tools: {packs: shop}", "tools.packs: must be a list (given: 'shop')"),
        ("tools: {packs: {shop: 1}}", "tools.packs: must be a list (given: {'shop': 1})"),
        ("- seed", " must be a mapping of sections, not a list"),
        ("seed", " must be a mapping of sections, not a str"),
    ],
)
def test_a_list_where_a_mapping_is_meant_is_said_in_plain_words(refusal, text, message):
    assert refusal(text) == message


@pytest.mark.parametrize(
    "text",
    [
        "seed: [",
        "\tseed: 1",
        "seed: 1: 2",
        b"seed: \xff\xfe",
        "seed: 2026-13-45",  # a date that is none
        "seed: " + "9" * 5000,  # more digits than Python reads
        "[" * 5000,  # deeper than Python recurses
        "? [a]\n: b",
        "!!python/object/apply:os.system ['false']",
    ],
)
def test_what_is_not_yaml_is_said_in_one_line(refusal, text):
    assert refusal(text).startswith(" is not YAML: ")


def test_a_key_given_twice_is_refused_because_one_of_the_two_would_be_lost(refusal):
    assert "key 'build' is given twice" in refusal("build: {count: 3}\nseed: 1\nbuild: {}")


def _bomb(line):
    return "a: &a [x, x]\n" + "".join(
        line.format(new, ", ".join([f"*{old}"] * 9)) + "\n"
        for old, new in zip("abcdefghij", "bcdefghijk", strict=True)
    )


@pytest.mark.parametrize(
    "text",
    [
        _bomb("{0}: &{0} [{1}]"),
        _bomb("{0}: &{0} [{1}]") + "build: *k\n",
        _bomb("{0}: &{0} {{<<: [{1}]}}").replace("[x, x]", "{x: 1}"),
        "build: {scenarios: &s {single: *s}}",
        "build: {count: &c [*c]}",
    ],
)
def test_a_few_lines_that_stand_for_gigabytes_are_refused_at_once(refusal, text):
    started = time.monotonic()
    refusal(text)
    assert time.monotonic() - started < 2


def test_a_file_too_large_to_be_a_recipe_is_not_read(refusal):
    assert "no recipe: it has more than 1,000,000 bytes" in refusal("#" * 1_000_001)
    with pytest.raises(RecipeError, match="no recipe"):
        load_recipe(Path("/dev/zero"))


def test_a_recipe_that_cannot_be_read_says_why(tmp_path):
    with pytest.raises(RecipeError, match=r"cannot read recipe .*: No such file"):
        load_recipe(tmp_path / "none.yaml")
    with pytest.raises(RecipeError, match=r"cannot read recipe .*: Is a directory"):
        load_recipe(tmp_path)


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n", "{}"])
def test_an_empty_recipe_is_all_defaults(tmp_path, text):
    path = tmp_path / "recipe.yaml"
    path.write_text(text)
    assert load_recipe(path) == Recipe()


def test_the_resolved_recipe_spells_out_every_default():
    resolved = Recipe().resolved()
    assert resolved["seed"] == 0
    assert resolved["tools"]["packs"] == list(PACK_NAMES)
    assert set(resolved["build"]["scenarios"]) == set(BUILT_SCENARIOS)
    offered = {"at_least": 3, "at_most": 20, "distractors": 0}
    assert resolved["build"]["offered_tools"] == offered

    def fields(model):
        return set(type(model).model_fields)

    recipe = Recipe()
    for part, plain in [
        (recipe, resolved),
        (recipe.tools, resolved["tools"]),
        (recipe.build, resolved["build"]),
        (recipe.build.offered_tools, resolved["build"]["offered_tools"]),
    ]:
        assert fields(part) == set(plain)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "seed: 5\ntools: {packs: [shop, money]}",
        "build: {languages: {zh: 0.3}, scenarios: {chain: 2, dag: 1}, offered_tools: {at_most: 9}}",
    ],
)
def test_reading_the_resolved_recipe_back_gives_the_same_recipe(tmp_path, text):
    path = tmp_path / "recipe.yaml"
    path.write_text(text)
    recipe = load_recipe(path)
    path.write_text(yaml.safe_dump(recipe.resolved()))
    assert load_recipe(path) == recipe
    assert load_recipe(path).resolved() == recipe.resolved()


def test_a_recipe_cannot_be_changed_once_read():
    with pytest.raises(ValidationError, match="frozen"):
        Recipe().seed = 3


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_loads_and_its_first_line_is_the_command_that_runs_it(path):
    load_recipe(path)
    first = path.read_text().splitlines()[0]
    assert first.startswith("# callwright ")
    assert f"examples/{path.name}" in shlex.split(first[2:])


def test_there_are_examples():
    assert EXAMPLES
