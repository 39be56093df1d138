"""The card says what was counted, keeps what somebody wrote, and nothing in a row acts in it."""

import re

import pytest
import yaml
from publishing import prepared, store

from callwright.curation.card_metadata import kept_metadata, licence_of
from callwright.curation.card_text import BEGIN, END, cell, fenced, own_text, table
from callwright.curation.publish_layout import Standing
from callwright.schemas.errors import UserError
from callwright.schemas.record import Judgement, Review

datasets = pytest.importorskip("datasets")

HOSTILE = '<img src=x onerror="x()"> | `a` [b](javascript:x) ``` \x1b[2J\u202e'


@pytest.fixture(scope="module")
def ready(tmp_path_factory, rows, toolbox):
    splits = {
        "train": [rows["chain"], rows["stateful"], rows["single"]],
        "test": [rows["irrelevant"]],
    }
    return prepared(
        store(tmp_path_factory.mktemp("card") / "d", splits), "hf://org/my-set", toolbox
    )


@pytest.fixture(scope="module")
def card(ready):
    return ready.card(Standing({}))


def test_the_metadata_is_complete_and_names_our_splits(card):
    found, _ = kept_metadata(card)
    assert found["pretty_name"] == "My set"
    assert found["license"] == "cc-by-4.0"
    assert found["language"] == ["en", "zh"]
    assert found["size_categories"] == ["n<1K"]
    assert found["task_categories"] == ["text-generation"]
    assert found["annotations_creators"] == ["machine-generated"]
    assert found["source_datasets"] == ["original"]
    assert "tool-calling" in found["tags"]
    assert [config["config_name"] for config in found["configs"]] == ["default", "everything"]
    for info in found["dataset_info"]:
        splits = {split["name"]: split["num_examples"] for split in info["splits"]}
        assert splits == {"train": 3, "test": 1}
        assert info["dataset_size"] == sum(split["num_bytes"] for split in info["splits"]) > 0


def test_the_features_in_the_card_are_those_of_the_published_form(card):
    from callwright.schemas.hf import features

    found, _ = kept_metadata(card)
    told = {info["config_name"]: info["features"] for info in found["dataset_info"]}
    everything = datasets.Features._from_yaml_list(told["everything"])
    assert {name: everything[name] for name in features()} == features()
    assert list(everything) == [*features(), "text"]
    short = datasets.Features._from_yaml_list(told["default"])
    assert list(short) == found["configs"][0]["columns"]
    assert str(short["messages"]) == str(datasets.Json())


def test_the_card_counts_what_the_rows_promise_and_how_they_came_here(card):
    assert (
        "4 conversations in which an assistant calls tools (3 in English and 1 in Chinese)" in card
    )
    assert "| executed (exact) | 3 of 4 |" in card
    assert "a sample of 4 rows was checked anew, calls run again. Passed: form 4" in card
    assert "| rows into build | 5 |" in card
    assert "| rejected by build: stutter | −1 |" in card
    assert "No row was reviewed by people." in card
    assert "nothing is known of leakage" in card
    assert "**中文简介：** 本数据集包含 4 条" in card
    assert 'load_dataset("org/my-set", "everything")' in card
    assert "callwright pull hf://org/my-set -o data" in card


def test_the_card_says_what_people_made_of_the_rows(rows, toolbox, tmp_path):
    def reviewed(name, *verdicts):
        judgements = [Judgement(who=f"a{n}", verdict=v) for n, v in enumerate(verdicts)]
        review = Review(verdict=verdicts[0], rule="majority", judgements=judgements)
        return rows[name].model_copy(update={"review": review})

    train = [
        reviewed("chain", "accept", "accept"),
        reviewed("stateful", "fix", "accept"),
        reviewed("single", "accept"),
        rows["irrelevant"],
    ]
    made = prepared(store(tmp_path / "d", {"train": train}), "hf://org/my-set", toolbox)
    told = made.card(Standing({}))
    assert "People reviewed 3 of these rows and corrected 1." in told
    assert "2 were judged by more than one, with the same verdict in 1;" in told


def test_every_picture_of_the_card_is_published_beside_it(card, ready):
    shown = set(re.findall(r"\]\((card/[a-z0-9_]+\.png)\)", card))
    assert shown
    assert shown == {path for path in ready.files if path.startswith("card/")}
    assert all(ready.files[path].startswith(b"\x89PNG") for path in shown)


def test_own_words_and_own_metadata_survive(card, ready):
    mine = card.replace(BEGIN, f"{BEGIN}\nMy *words*.\n\n---\nand a line").replace(
        "pretty_name: My set", "pretty_name: Our set\nhomepage: https://example.org"
    )
    again = ready.card(Standing({}, mine))
    assert f"{BEGIN}\nMy *words*.\n\n---\nand a line\n{END}" in again
    assert "# Our set" in again
    assert kept_metadata(again)[0]["homepage"] == "https://example.org"
    assert ready.card(Standing({}, again)) == again
    assert ready.card(Standing({}, card)) == card


def test_a_card_without_marks_is_all_own_words(ready):
    again = ready.card(Standing({}, "---\nlicense: mit\n---\n# Theirs\nText."))
    assert f"{BEGIN}\n# Theirs\nText.\n{END}" in again
    assert kept_metadata(again)[0]["license"] == "cc-by-4.0"


@pytest.mark.parametrize("body", [BEGIN, END, f"{END}{BEGIN}", f"{BEGIN}{BEGIN}{END}"])
def test_damaged_marks_are_refused_not_guessed(body):
    with pytest.raises(UserError, match="marks around your own text"):
        own_text(body)


@pytest.mark.parametrize("text", ["---\n- a list\n---\n", "---\na: [\n---\n", "---\na: 1\nno end"])
def test_metadata_that_is_none_is_refused_not_lost(text):
    with pytest.raises(UserError, match="mend its YAML"):
        kept_metadata(text)


def test_the_recipe_in_the_card_is_a_recipe(tmp_path_factory, card):
    (recipe,) = re.findall(r"`1_build.yaml`:\n\n```yaml\n(.*?)```", card, re.DOTALL)
    assert yaml.safe_load(recipe) == {}  # the small one was written by hand
    assert "callwright build 1_build.yaml -o 1_build" in card


def test_names_from_rows_are_no_markup():
    shown = cell(HOSTILE)
    assert "<img" not in shown
    assert not re.search(r"(?<!\\)[`|\[\]*_]", shown)
    assert "\x1b" not in shown
    assert table(["a"], [[HOSTILE]]).count("\n") == 2
    text = fenced(HOSTILE + "\n````\nx")
    assert text.startswith("`````\n")
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("origins", "rows", "chosen", "licence"),
    [
        ({}, 5, None, "cc-by-4.0"),
        ({("a", "MIT"): 5}, 5, None, "mit"),
        ({("a", "MIT"): 3}, 5, None, "other"),
        ({("a", "MIT"): 3, ("b", "mit"): 2}, 5, None, "mit"),
        ({("a", "MIT"): 3}, 5, "Apache-2.0", "apache-2.0"),
    ],
)
def test_the_licence_is_that_of_all_rows_or_other(origins, rows, chosen, licence):
    assert licence_of(origins, rows, chosen) == licence
