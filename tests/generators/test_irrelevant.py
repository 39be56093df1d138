"""Requests that no tool can serve: many, distinct, and answered without a single fact."""

from __future__ import annotations

import itertools
import math
import random
from pathlib import Path

import pytest
import yaml

from callwright.generators import irrelevant, wording
from callwright.generators.wording.lexicon import Slot, parse_form
from callwright.schemas.surface import residue

FOLDER = Path(wording.__file__).parent


@pytest.fixture(params=["en", "zh"])
def language(request):
    return request.param


@pytest.fixture
def topics(language):
    return yaml.safe_load((FOLDER / f"irrelevant_{language}.yaml").read_text("utf-8"))


def test_there_are_thousands_of_distinct_requests(topics):
    forms = [parse_form(t["request"]) for t in (*topics["chat"], *topics["beyond"])]
    assert len({form.text for form in forms}) == len(forms) >= 70
    count = sum(math.prod(len(topics["slots"][s]) for s in form.offers) for form in forms)
    assert count >= 3000


def test_every_slot_is_filled_and_used(topics):
    used = set()
    for topic in (*topics["chat"], *topics["beyond"]):
        asked = parse_form(topic["request"]).offers
        used |= asked
        assert len(set(topic["answers"])) >= 4, topic["request"]
        for text in topic["answers"]:
            assert parse_form(text).offers <= asked, text
    assert used == topics["slots"].keys()
    for name, entries in topics["slots"].items():
        assert len(entries) == len(set(entries)) >= 7, name


def test_no_answer_states_a_fact(topics, language):
    for topic in (*topics["chat"], *topics["beyond"]):
        for text in topic["answers"]:
            form = parse_form(text)
            names = sorted(form.offers)
            for chosen in itertools.product(*(topics["slots"][name] for name in names)):
                filling = dict(zip(names, chosen, strict=True))
                said = "".join(
                    filling[p.name] if isinstance(p, Slot) else str(p) for p in form.pieces
                )
                assert not residue(said, language, []), said


def test_talk_follows_from_the_random_numbers_alone(language):
    drawn = [irrelevant.talk(language, random.Random(seed)) for seed in range(300)]
    assert drawn == [irrelevant.talk(language, random.Random(seed)) for seed in range(300)]
    assert all("{" not in talk.request + talk.answer for talk in drawn)


def test_nobody_with_a_tool_for_it_says_that_there_is_none(topics, language):
    untrue = {t["request"] for t in topics["beyond"] if "home" in t.get("without", ())}
    drawn = [irrelevant.talk(language, random.Random(seed)).topic for seed in range(900)]
    beside = [
        irrelevant.talk(language, random.Random(seed), packs=["home"]).topic for seed in range(900)
    ]
    assert untrue <= set(drawn)
    assert untrue
    assert not untrue & set(beside)


def test_what_has_been_talked_about_is_not_asked_again_and_nobody_greets_twice(language):
    told: set[str] = set()
    for seed in range(60):
        talk = irrelevant.talk(language, random.Random(seed), told=told, opens=False)
        assert talk.topic not in told
        assert talk.masked.startswith(talk.topic)
        told.add(talk.topic)
