"""The style rules: what counts as a question, as polite, as a sentence, as a word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callwright.schemas.style import Style, length, measure

PEOPLE = Path(__file__).parents[2] / "../shared/fixtures/people/requests.jsonl"


@pytest.mark.parametrize(
    ("text", "question", "polite", "first_person", "several"),
    [
        ("Where is Oslo?", 1, 0, 0, 0),
        ("Where is Oslo? ", 1, 0, 0, 0),
        ("Could you find my flight. Thanks!", 0, 1, 1, 1),
        ("I'm off. It costs 3.50 in total", 0, 0, 1, 0),
        ("Hi. Image of Iowa.", 0, 0, 0, 1),
    ],
)
def test_each_rule_finds_what_it_names(text, question, polite, first_person, several):
    style = measure([text])
    found = (style.question, style.polite, style.first_person, style.several_sentences)
    assert found == (question, polite, first_person, several)


def test_chinese_is_measured_by_its_own_words_and_by_characters():
    style = measure(["请帮我查一下天气。明天去 New York 吗？"], "zh")
    assert (style.question, style.polite, style.first_person, style.several_sentences) == (1,) * 4
    assert style.words_median == length("请帮我查一下天气。明天去 New York 吗？", "zh") == 14


def test_numbers_between_chinese_characters_count_one_each():
    assert length("买10个，花3.5元", "zh") == 6


def test_no_texts_give_zeros():
    assert measure([]) == Style(0, 0, 0, 0, 0, 0, 0, 0)


def test_quantiles_are_lengths_that_occur():
    style = measure("x " * n for n in range(1, 11))
    assert (style.words_p10, style.words_median, style.words_p90) == (2, 6, 10)


@pytest.mark.skipif(not PEOPLE.exists(), reason="../shared/fixtures is absent")
def test_the_published_figures_of_live_simple_are_found_again():
    lines = PEOPLE.read_text(encoding="utf-8").splitlines()
    style = measure(json.loads(line)["text"] for line in lines)
    shares = (style.question, style.polite, style.first_person, style.several_sentences)
    assert [round(100 * share) for share in shares] == [41, 38, 40, 26]
    assert (style.words_p10, style.words_median, style.words_p90) == (7, 16, 35)
