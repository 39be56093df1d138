"""What the renderer writes, the independent parsers read back to exactly the same value."""

from __future__ import annotations

import datetime
import json
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.generators.wording import surface, words
from callwright.generators.wording.surface import render, render_answer
from callwright.schemas.surface import FORMS, matches, mentions, parse, scan, terms

TERMS = """
city.name:
  Paris: {zh: [巴黎]}
  New York: {en: [New York City, NYC], zh: [纽约]}
currency.code:
  EUR: {en: [euros, euro], zh: [欧元]}
  USD: {en: [US dollars, dollars], zh: [美元]}
  AUD: {en: [Australian dollars, dollars], zh: [澳元]}
flag:
  true: {en: [yes], zh: [是]}
  false: {en: [no], zh: [否]}
"""

LANGUAGE = st.sampled_from(["en", "zh"])
SEED = st.integers(0, 10**6)
DAY = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31))
TIME = st.times().map(lambda at: f"{at:%H:%M}")
NUMBER = (
    st.integers(-(10**12), 10**12)
    | st.integers(0, 20_000)
    | st.integers(1, 99).map(lambda n: n * 1_000_000)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.floats(-1e5, 1e5).map(lambda x: round(x, 2))
)


@pytest.fixture(autouse=True, scope="module")
def _terms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("terms")
    (folder / "example.yaml").write_text(TERMS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(terms, "FOLDER", folder)
        _forget()
        yield
    _forget()


def _forget() -> None:
    for cached in (terms.table, terms.meanings, scan._names, surface._names_of):
        cached.cache_clear()


def _check(
    value: Any,
    kind: str | None,
    schema: dict[str, Any],
    language: str,
    seed: int,
    today: datetime.date | None,
) -> None:
    """Both writers: read back to the value and no other, and found within a sentence."""
    asked = render(
        value, kind=kind, schema=schema, language=language, rng=random.Random(seed), today=today
    )
    stated = render_answer(
        value, kind=kind, schema=schema, language=language, rng=random.Random(seed)
    )
    for (text, form), day in ((asked, today), (stated, None)):
        assert form in FORMS
        read = parse(text, form, kind=kind, language=language, today=day)
        assert matches(value, text, form, kind=kind, language=language, today=day), (text, form)
        assert len({json.dumps(v) for v in read}) == 1 or form == "term", (text, form, read)
        sentence = f"请帮我查{text}的情况" if language == "zh" else f"Tell me about {text}, please"
        assert mentions(sentence, value, kind=kind, today=day), (sentence, value)


@settings(max_examples=500, deadline=None)
@given(NUMBER, LANGUAGE, SEED)
def test_numbers_come_back(value: float, language: str, seed: int) -> None:
    _check(value, None, {"type": "number"}, language, seed, None)


@settings(max_examples=500, deadline=None)
@given(DAY, LANGUAGE, SEED, st.none() | DAY, st.integers(-60, 250))
def test_dates_come_back(
    day: datetime.date, language: str, seed: int, today: datetime.date | None, near: int
) -> None:
    schema = {"type": "string", "format": "date"}
    _check(day.isoformat(), None, schema, language, seed, today)
    close = day + datetime.timedelta(days=near)
    _check(close.isoformat(), None, schema, language, seed, day)


@settings(max_examples=500, deadline=None)
@given(TIME, LANGUAGE, SEED)
def test_times_come_back(value: str, language: str, seed: int) -> None:
    _check(value, None, {"type": "string", "format": "time"}, language, seed, None)


@settings(max_examples=500, deadline=None)
@given(DAY, TIME, LANGUAGE, SEED, st.integers(-60, 250), st.booleans())
def test_dates_with_times_come_back(
    today: datetime.date, clock: str, language: str, seed: int, near: int, known: bool
) -> None:
    day = today + datetime.timedelta(days=near)
    schema = {"type": "string", "format": "date-time"}
    _check(f"{day.isoformat()}T{clock}", None, schema, language, seed, today if known else None)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(
        [
            ("Paris", "city.name"),
            ("New York", "city.name"),
            ("Porto", "city.name"),
            ("EUR", "currency.code"),
            ("USD", "currency.code"),
            ("AUD", "currency.code"),
            (True, "flag"),
            (False, "flag"),
            ("+442079460018", "phone.e164"),
            ("+12025550143", "phone.e164"),
            ("+8613800138000", None),
            ("GB82WEST12345698765432", "iban"),
            ("9783161484100", "book.isbn"),
            ("round_trip", "trip.type"),
            ("2026-13-45", None),
        ]
    ),
    LANGUAGE,
    SEED,
)
def test_strings_and_terms_come_back(
    pair: tuple[object, str | None], language: str, seed: int
) -> None:
    value, kind = pair
    _check(value, kind, {}, language, seed, None)


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=30), st.sampled_from(["date", "time", "date-time", None]))
def test_any_string_is_written_in_a_form_that_holds_it(value: str, reading: str | None) -> None:
    schema = {"format": reading} if reading else {}
    rng = random.Random(1)
    for language in ("en", "zh"):
        text, form = render(value, kind=None, schema=schema, language=language, rng=rng)
        assert matches(value, text, form, language=language)
        text, form = render_answer(value, kind=None, schema=schema, language=language, rng=rng)
        assert matches(value, text, form, language=language)


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 10**6), st.integers(1, 10**6), LANGUAGE, SEED)
def test_a_wrong_number_is_not_read(value: int, other: int, language: str, seed: int) -> None:
    text, form = render(value, kind=None, schema={}, language=language, rng=random.Random(seed))
    assert matches(other, text, form, language=language) == (value == other)


@settings(max_examples=300, deadline=None)
@given(DAY, st.integers(-400, 400), LANGUAGE, SEED)
def test_a_wrong_date_is_not_read(today: datetime.date, off: int, language: str, seed: int) -> None:
    other = today + datetime.timedelta(days=off)
    schema = {"format": "date"}
    day = today + datetime.timedelta(days=seed % 60)
    text, form = render(
        day.isoformat(), kind=None, schema=schema, language=language,
        rng=random.Random(seed), today=today,
    )  # fmt: skip
    right = matches(other.isoformat(), text, form, language=language, today=today)
    assert right == (other == day)


def test_every_number_word_up_to_999999_is_read() -> None:
    numbers = [*range(1, 12_000), *range(12_000, 1_000_000, 7), 99_999_999]
    for number in numbers:
        text = words.chinese(number)
        assert parse(text, "number.words", language="zh") == [number], text
        if number < 1_000_000:
            text = words.english(number)
            assert parse(text, "number.words", language="en") == [number], text


@pytest.mark.parametrize(
    ("number", "text"),
    [(2, "两"), (12, "十二"), (200, "两百"), (205, "两百零五"), (1010, "一千零一十"),
     (3500, "三千五百"), (12_000, "一万两千"), (20_000, "两万"), (10_002, "一万零二"),
     (120_000, "十二万"), (220_000, "二十二万")],
)  # fmt: skip
def test_chinese_numbers_read_as_people_write_them(number: int, text: str) -> None:
    assert words.chinese(number) == text


def test_a_request_never_leaves_a_time_in_doubt() -> None:
    rng = random.Random(0)
    for minute in range(24 * 60):
        value = f"{minute // 60:02}:{minute % 60:02}"
        for language in ("en", "zh"):
            text, form = render(
                value, kind=None, schema={"format": "time"}, language=language, rng=rng
            )
            assert parse(text, form, language=language) == [value], text


def test_an_ambiguous_name_is_not_written() -> None:
    rng = random.Random(0)
    for _ in range(50):
        text, _ = render("USD", kind="currency.code", schema={}, language="en", rng=rng)
        assert text == "US dollars"


def test_requests_without_today_have_no_relative_dates() -> None:
    rng = random.Random(0)
    forms = {
        render("2026-05-03", kind=None, schema={"format": "date"}, language="en", rng=rng)[1]
        for _ in range(300)
    }
    assert forms == {"date.iso", "date.long"}


def test_answers_state_numbers_exactly_and_without_idle_decimals() -> None:
    rng = random.Random(0)
    for value, text in ((3, "3"), (3.0, "3"), (0.1, "0.1"), (-2, "-2"), (12.5, "12.5")):
        for language in ("en", "zh"):
            stated = render_answer(value, kind=None, schema={}, language=language, rng=rng)
            assert stated == (text, "number.digits")


def test_answers_state_money_with_its_cents() -> None:
    rng = random.Random(0)
    for value, text in ((7.3, "7.30"), (512.0, "512"), (3.999, "3.999")):
        stated = render_answer(value, kind="money.total", schema={}, language="en", rng=rng)
        assert stated == (text, "number.digits")


def test_english_answers_group_quantities_from_a_thousand_and_years_stay_whole() -> None:
    rng = random.Random(0)

    def stated(value: float, kind: str | None, language: str) -> str:
        return render_answer(value, kind=kind, schema={}, language=language, rng=rng)[0]

    assert stated(1512.0, "money.total", "en") == "1,512"
    assert stated(1512.5, "money.total", "en") == "1,512.50"
    assert stated(1512, "distance.km", "en") == "1,512"
    assert stated(1989, None, "en") == "1989"
    assert stated(1512, "distance.km", "zh") == "1512"
    assert stated(84_700, "distance.km", "zh") == "84,700"


@pytest.mark.parametrize("value", [None, [], {}, True])
def test_what_has_no_words_of_its_own_is_refused(value: object) -> None:
    for write in (render, render_answer):
        with pytest.raises(ValueError, match="word it in the sentence"):
            write(value, kind="x", schema={}, language="en", rng=random.Random(0))


def test_the_same_seed_writes_the_same() -> None:
    def written() -> list[tuple[str, str]]:
        rng = random.Random(7)
        return [
            render(value, kind="city.name", schema={}, language="zh", rng=rng)
            for value in ["Paris", "New York", 7, 12_000, 3.5] * 20
        ]

    assert written() == written()


def test_rendering_is_fast() -> None:
    rng = random.Random(0)
    cases: list[tuple[Any, dict[str, Any]]] = [
        ("2026-05-03", {"format": "date"}), ("18:30", {"format": "time"}), (12_345, {}),
        ("2026-05-03T18:30", {"format": "date-time"}), ("Paris", {}), (7, {}),
    ]  # fmt: skip
    started = time.perf_counter()
    for _ in range(1000):
        for value, schema in cases:
            render(
                value, kind="city.name", schema=schema, language="zh", rng=rng,
                today=datetime.date(2026, 5, 1),
            )  # fmt: skip
    each = (time.perf_counter() - started) / (1000 * len(cases))
    # The target is 20 µs; ten times that is a fault and not a busy machine.
    assert each < 2e-4, f"{each * 1e6:.1f} µs"
