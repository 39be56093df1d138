"""The classifier hears a difference where there is one, and none where there is none."""

from __future__ import annotations

import importlib
import random
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
THINGS = "lamp tent watch kettle radio scarf teapot candle".split()
PLACES = "Oslo Lima Cairo Kyoto Quito Accra Delhi Turin".split()


@pytest.fixture(scope="module")
def voice():
    sys.path.insert(0, str(BENCHMARKS))
    try:
        yield importlib.import_module("voice")
    finally:
        sys.path.remove(str(BENCHMARKS))


def requests(seed, count, *frames):
    chance = random.Random(seed)
    return [
        chance.choice(frames).format(chance.choice(THINGS), chance.choice(PLACES))
        for _ in range(count)
    ]


PLAIN = ("Send the {0} to {1}.", "What is the price of the {0} in {1}?", "find a {0} in {1}")


def test_requests_of_one_source_are_not_told_apart(voice):
    heard = voice.told_apart(requests(1, 80, *PLAIN), requests(2, 60, *PLAIN), voice.masked)
    assert 0.3 < heard.auc < 0.65


def test_a_manner_of_ours_is_heard_through_the_mask_and_named(voice):
    ours = requests(1, 80, *(f"kindly {frame}" for frame in PLAIN[:2]), "Would you find a {0}?")
    people = requests(2, 60, "find me a {0}!", "where is the {0} in {1}")
    heard = voice.told_apart(ours, people, voice.masked)
    assert heard.auc > 0.95
    assert any("Would" in gram for gram in heard.ours)
    assert any("find me" in gram for gram in heard.people)


def test_a_topic_is_heard_only_without_the_mask(voice):
    ours = [text.replace("the", "the heron") for text in requests(1, 80, *PLAIN)]
    people = [text.replace("the", "the otter") for text in requests(2, 60, *PLAIN)]
    assert voice.told_apart(ours, people).auc > 0.75
    assert voice.told_apart(ours, people, voice.masked).auc < 0.65


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("What's the weather in New York, please?", "What's the x in x, please?"),
        ("Send 20.5 EUR to ann@example.com at 10:30!", "x to x at x!"),
        ("im at Riga's port. Find 'ue boom'", "im at x. Find 'x'"),
        ("list d:\\playground and https://a.b/c.", "list x and x."),
    ],
)
def test_the_mask_keeps_how_it_is_asked_and_hides_what(voice, text, left):
    assert voice.masked(text) == left


def test_with_fewer_requests_than_people_there_is_no_figure(voice):
    assert voice.told_apart(requests(1, 20, *PLAIN), requests(2, 60, *PLAIN)) is None
    assert "masked: – (" in voice.block(requests(1, 20, *PLAIN), [])
