"""What fingers do to a request never touches its values."""

from __future__ import annotations

from collections import Counter

import pytest

from callwright.curation.verify import certify
from callwright.generators.maker import Maker
from callwright.generators.recipe import BuildSection, ToolsSection
from callwright.generators.wording.text import Mark, Span, flat, positions
from callwright.generators.wording.typing_habits import Hand

from .kit import shapes

SENTENCES = {
    "en": (
        ["I'm ", "Lea Kern", ". Could you check whether the reservation ", "FB12345",
         " is open, please? What's the price of ", "Tarnway Watch", " in ", "Oslo", "?"],
        ["Add ", "Tarnway Watch", " to my cart, and then send it to ", "lea@example.com", "."],
    ),
    "zh": (
        ["你好，我是", "金莉", "。帮我查一下订单", "FB12345", "，再看看", "Oslo", "的天气怎么样。"],
        ["把", "Tarnway Watch", "放进购物车，谢谢。"],
    ),
}  # fmt: skip
KINDS = {
    "FB12345": "booking.flight",
    "Tarnway Watch": "product.name",
    "Oslo": "city.name",
    "lea@example.com": "customer.email",
}
WRITERS = 400


@pytest.fixture(scope="module")
def node():
    return next(shapes("single", 1))[0]


def texts(language, node):
    for parts in SENTENCES[language]:
        yield [
            Span(p, Mark(node, p, "verbatim", p, KINDS.get(p, "customer.name")) if i % 2 else None)
            for i, p in enumerate(parts)
        ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_value_stays_as_it_is_and_its_mark_covers_it(language, node):
    for text in texts(language, node):
        for seed in range(WRITERS):
            typed = Hand.of(language, seed).typed(text)
            said = flat(typed)
            marks = list(positions(typed))
            assert [said[start:end] for _, start, end in marks] == [m.value for m, _, _ in marks]
            assert [m for m, _, _ in marks] == [m for m, _, _ in positions(text)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_most_type_as_one_should_and_few_misspell(language, node):
    for text in texts(language, node):
        shown = Counter(flat(Hand.of(language, seed).typed(text)) for seed in range(WRITERS))
        assert shown[flat(text)] == max(shown.values())
        assert len(shown) > 5
        slips = sum(n for t, n in shown.items() if "teh" in t or "adn" in t or "wether" in t)
        assert slips <= 0.07 * WRITERS


def test_a_writer_types_the_same_words_the_same_way_and_keeps_the_habits(node):
    text, other = texts("en", node)
    one, again = (Hand.of("en", 11) for _ in range(2))
    assert flat(one.typed(text)) == flat(again.typed(text))
    hurried = [h for h in (Hand.of("en", seed) for seed in range(WRITERS)) if len(h.habits) > 5]
    assert hurried
    assert all(flat(h.typed(t))[0].islower() for h in hurried for t in (other,))


def test_names_and_numbers_of_things_may_be_quoted_but_no_place_person_or_address(node):
    quoted = set()
    for seed in range(WRITERS):
        for text in texts("en", node):
            typed = Hand.of("en", seed).typed(text)
            said = flat(typed)
            quoted |= {m.value for m, start, _ in positions(typed) if said[start - 1] in "'\""}
    assert quoted == {"FB12345", "Tarnway Watch"}


def test_thanks_are_shortened_where_they_are_said_and_not_where_they_are_spoken_of():
    shown = {
        flat(Hand.of("zh", seed).typed([Span("我想谢谢老同学，怎么写？谢谢。")]))
        for seed in range(WRITERS)
    }
    assert any("谢啦" in text for text in shown)
    assert all("我想谢谢老同学" in text for text in shown)


def test_a_slip_of_the_finger_makes_no_other_skeleton(monkeypatch):
    def skeletons():
        section = BuildSection(count=40, languages={"en": 1}, scenarios={"single": 1})
        maker = Maker(section, ToolsSection(packs=("units", "science")), 5, "b" * 16, certify)
        rows = [next(r for _, r in maker.attempts(i) if hasattr(r, "plan")) for i in range(25)]
        return [r.plan.skeleton for r in rows], [
            m.content for r in rows for m in r.messages if m.role == "user"
        ]

    typed, said = skeletons()
    monkeypatch.setattr(Hand, "typed", lambda _self, text: text)
    plain, worded = skeletons()
    assert typed == plain
    changed = sum(a != b for a, b in zip(said, worded, strict=True))
    assert 5 <= changed <= 20
