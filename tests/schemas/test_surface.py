"""Surface forms: parsers, mentions, residue, and the table of terms."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.schemas.errors import FormatError
from callwright.schemas.surface import FORMS, matches, mentions, parse, residue, same, scan, terms

TODAY = datetime.date(2026, 5, 6)  # a Wednesday

TERMS = """
city.name:
  Paris: {zh: [巴黎]}
  Lisbon: {en: [Lisboa], zh: [里斯本]}
country.code:
  NO: {en: [Norway], zh: [挪威]}
currency.code:
  USD: {en: [US dollars, dollars], zh: [美元]}
  AUD: {en: [Australian dollars, dollars], zh: [澳元]}
flag:
  true: {en: [yes], zh: [是]}
country.number:
  840: {en: [the United States]}
"""


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
    for cached in (terms.table, terms.meanings, scan._names):
        cached.cache_clear()


READ = [
    # form, language, text, values
    ("number.digits", "en", "1200", [1200]),
    ("number.digits", "en", "1,200", [1200]),
    ("number.digits", "en", "1200.5", [1200.5]),
    ("number.digits", "en", "-3", [-3]),
    ("number.digits", "zh", "１２", [12]),
    ("number.digits", "en", "1.5 million", []),
    ("number.digits", "en", "007", []),
    ("number.digits", "en", "1,20", []),
    ("number.digits", "en", "1e999", []),
    ("number.grouped", "en", "12,345.5", [12345.5]),
    ("number.grouped", "en", "12345", []),
    ("number.words", "en", "twelve", [12]),
    ("number.words", "en", "Two hundred and five", [205]),
    ("number.words", "en", "two hundred five", [205]),
    ("number.words", "en", "a hundred", [100]),
    ("number.words", "en", "a thousand and one", [1001]),
    ("number.words", "en", "minus three", [-3]),
    ("number.words", "en", "one two", []),
    ("number.words", "en", "hundred", []),
    ("number.words", "en", "", []),
    ("number.words", "zh", "十二", [12]),
    ("number.words", "zh", "两百", [200]),
    ("number.words", "zh", "二百五", [250]),
    ("number.words", "zh", "三千五", [3500]),
    ("number.words", "zh", "三千五百", [3500]),
    ("number.words", "zh", "一千零五", [1005]),
    ("number.words", "zh", "一万二", [12000]),
    ("number.words", "zh", "一万零二", [10002]),
    ("number.words", "zh", "十万", [100000]),
    ("number.words", "zh", "两十", []),
    ("number.words", "zh", "一百零", []),
    ("number.words", "zh", "万", []),
    ("percent", "en", "15%", [15]),
    ("percent", "en", "2.5 percent", [2.5]),
    ("percent", "zh", "百分之十五", [15]),
    ("date.iso", "en", "2026-05-03", ["2026-05-03"]),
    ("date.iso", "en", "2026-02-30", []),
    ("date.long", "en", "3 May 2026", ["2026-05-03"]),
    ("date.long", "en", "3rd May 2026", ["2026-05-03"]),
    ("date.long", "en", "May 3, 2026", ["2026-05-03"]),
    ("date.long", "en", "may 3rd, 2026", ["2026-05-03"]),
    ("date.long", "en", "Sunday, 3 May 2026", ["2026-05-03"]),
    ("date.long", "en", "Monday, 3 May 2026", []),
    ("date.long", "en", "3th May 2026", []),
    ("date.long", "en", "31 June 2026", []),
    ("date.long", "en", "3 May", []),
    ("date.long", "en", "Frİday, 3 May 2026", []),
    ("date.long", "zh", "2026年5月3日", ["2026-05-03"]),
    ("date.long", "zh", "2026年5月3号", ["2026-05-03"]),
    ("date.long", "zh", "2026年5月3日星期日", ["2026-05-03"]),
    ("date.long", "zh", "2026年5月3日星期一", []),
    ("date.short", "en", "May 6th", ["2026-05-06"]),
    ("date.short", "en", "5 May", ["2027-05-05"]),
    ("date.short", "en", "29 February", ["2028-02-29"]),
    ("date.short", "zh", "五月十号", ["2026-05-10"]),
    ("date.relative", "en", "the day after tomorrow", ["2026-05-08"]),
    ("date.relative", "en", "this Friday", ["2026-05-08"]),
    ("date.relative", "en", "next Friday", ["2026-05-15"]),
    ("date.relative", "en", "in two weeks", ["2026-05-20"]),
    ("date.relative", "en", "in 10 days", ["2026-05-16"]),
    ("date.relative", "en", "3 days ago", ["2026-05-03"]),
    ("date.relative", "en", "a week from now", ["2026-05-13"]),
    ("date.relative", "en", "in banana days", []),
    ("date.relative", "zh", "昨天", ["2026-05-05"]),
    ("date.relative", "zh", "下周五", ["2026-05-15"]),
    ("date.relative", "zh", "这周五", ["2026-05-08"]),
    ("date.relative", "zh", "两周后", ["2026-05-20"]),
    ("date.relative", "zh", "十天后", ["2026-05-16"]),
    ("date.relative", "zh", "三天前", ["2026-05-03"]),
    ("time.h24", "en", "18:30", ["18:30"]),
    ("time.h24", "en", "9:05", ["09:05"]),
    ("time.h24", "en", "24:00", []),
    ("time.h24", "zh", "18点30分", ["18:30"]),
    ("time.h24", "zh", "6点", []),
    ("time.h12", "en", "6 pm", ["18:00"]),
    ("time.h12", "en", "6:30pm", ["18:30"]),
    ("time.h12", "en", "6 p.m.", ["18:00"]),
    ("time.h12", "en", "12 am", ["00:00"]),
    ("time.h12", "en", "12 pm", ["12:00"]),
    ("time.h12", "en", "13 pm", []),
    ("time.h12", "zh", "下午6点", ["18:00"]),
    ("time.h12", "zh", "下午六点半", ["18:30"]),
    ("time.h12", "zh", "晚上8点", ["20:00"]),
    ("time.h12", "zh", "凌晨12点", ["00:00"]),
    ("time.h12", "zh", "上午8点零五分", ["08:05"]),
    ("time.h12", "zh", "上午8点五", ["08:05"]),
    ("time.h12", "zh", "凌晨8点", []),
    ("time.words", "en", "half past six", ["06:30", "18:30"]),
    ("time.words", "en", "half past six in the evening", ["18:30"]),
    ("time.words", "en", "quarter to nine", ["08:45", "20:45"]),
    ("time.words", "en", "quarter to one", ["00:45", "12:45"]),
    ("time.words", "en", "noon", ["12:00"]),
    ("time.words", "en", "midnight", ["00:00"]),
    ("time.words", "en", "six", []),
    ("time.words", "zh", "六点半", ["06:30", "18:30"]),
    ("time.words", "zh", "中午十二点", ["12:00"]),
    ("datetime.long", "en", "3 May 2026 at 18:30", ["2026-05-03T18:30"]),
    ("datetime.long", "en", "May 3, 2026, 6:30 pm", ["2026-05-03T18:30"]),
    ("datetime.long", "zh", "2026年5月3日18:30", ["2026-05-03T18:30"]),
    ("datetime.long", "zh", "2026年5月3日下午六点半", ["2026-05-03T18:30"]),
    ("datetime.iso", "en", "2026-05-03 18:30", ["2026-05-03T18:30"]),
    ("datetime.relative", "en", "tomorrow at 6 pm", ["2026-05-07T18:00"]),
    ("datetime.relative", "zh", "下周五下午6点", ["2026-05-15T18:00"]),
    ("phone", "en", "+44 20 7946 0018", ["+442079460018"]),
    ("phone", "en", "+1 (202) 555-0143", ["+12025550143"]),
    ("phone", "en", "020 7946 0018", []),
    ("spaced", "en", "GB82 WEST 1234 5698 7654 32", ["GB82WEST12345698765432"]),
    ("spaced", "en", "978-3-16-148410-0", ["9783161484100"]),
    ("spaced", "en", "hello world", []),
]


@pytest.mark.parametrize(("form", "language", "text", "values"), READ)
def test_each_form_is_read_as_documented(
    form: str, language: str, text: str, values: list[object]
) -> None:
    assert parse(text, form, language=language, today=TODAY) == values


@pytest.mark.parametrize("form", ["date.short", "date.relative", "datetime.relative"])
def test_forms_that_need_today_give_nothing_without_it(form: str) -> None:
    for text in ("tomorrow", "3 May", "tomorrow at 6 pm", "明天"):
        assert parse(text, form, language="en") == parse(text, form, language="zh") == []


def test_an_unknown_form_is_an_error() -> None:
    with pytest.raises(KeyError, match="known are"):
        parse("1", "number", language="en")


HOSTILE = st.text(max_size=60) | st.text(
    alphabet="0123456789 ,.:-+%()年月日号点半下午上零一二两十百千万分之后前天周星期"
    "aeinpmtz²٣ſKİıfrday",
    max_size=40,
)


@settings(max_examples=400, deadline=None)
@given(HOSTILE, st.sampled_from(sorted(FORMS)), st.sampled_from(["en", "zh"]), st.dates())
def test_no_text_makes_a_parser_raise(
    text: str, form: str, language: str, today: datetime.date
) -> None:
    for kind in (None, "city.name"):
        for value in parse(text, form, kind=kind, language=language, today=today):
            assert matches(value, text, form, kind=kind, language=language, today=today)


@settings(max_examples=300, deadline=None)
@given(
    HOSTILE,
    st.text(max_size=8) | st.integers() | st.floats() | st.booleans() | st.none(),
    st.none() | st.dates(),
)
def test_no_text_makes_mentions_or_residue_raise(
    text: str, value: object, today: datetime.date | None
) -> None:
    mentions(text, value, kind="city.name", today=today)
    for language in ("en", "zh"):
        residue(text, language, [(0, 3), (5, 90)])


def test_very_long_texts_are_refused_quickly() -> None:
    started = time.perf_counter()
    for text in ("9" * 100_000, "two hundred and " * 9000, "1 " * 50_000, "十" * 100_000):
        for form in FORMS:
            if form not in ("verbatim", "case"):
                assert parse(text, form, language="zh", today=TODAY) == []
    assert time.perf_counter() - started < 1


# ------------------------------------------------------------------- equality


def test_values_are_compared_as_json_does() -> None:
    assert matches(3, "3", "number.digits", language="en")
    assert matches(3.0, "3", "number.digits", language="en")
    assert matches(3, "3.0", "number.digits", language="en")
    assert not matches("3", "3", "number.digits", language="en")
    assert not matches(True, "1", "number.digits", language="en")
    assert not matches(3, "3", "verbatim", language="en")
    assert not same(True, 1)
    assert not same({"a": 1}, {"a": True})
    assert same([1, {"a": 2.0}], [1.0, {"a": 2}])
    assert matches("Lisbon", "LISBON", "case", language="en")
    assert not matches("Lisbon", "LISBON", "verbatim", language="en")


# ---------------------------------------------------------------------- terms


def test_terms_are_found_by_kind_and_language() -> None:
    assert parse("巴黎", "term", kind="city.name", language="zh") == ["Paris"]
    assert parse("巴黎", "term", kind="city.name", language="en") == []
    assert parse("PARIS", "term", kind="city.name", language="en") == ["Paris"]
    assert parse("dollars", "term", kind="currency.code", language="en") == ["USD", "AUD"]
    assert matches("Porto", "porto", "term", kind="city.name", language="en")


def test_yaml_does_not_turn_terms_into_booleans_or_numbers() -> None:
    assert parse("Norway", "term", kind="country.code", language="en") == ["NO"]
    assert matches(True, "yes", "term", kind="flag", language="en")
    assert not matches(1, "yes", "term", kind="flag", language="en")
    assert matches(840, "the United States", "term", kind="country.number", language="en")
    assert not matches(True, "Norway", "term", kind="country.code", language="en")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("- a", ":1: expected a mapping of kinds"),
        ("k: [a]", ":1: expected a mapping of k values"),
        ("k:\n  v: {fr: [a]}", ":2: language 'fr'"),
        ("k:\n  v: {en: a}", ":2: expected a list of names"),
        ("k:\n  v: {en: []}", ":2: expected a list of names"),
        ("k:\n  v: {en: ['']}", ":2: a name must be"),
        ("k:\n  v: {en: [a, a]}", "stands twice"),
        ("k:\n  v: {en: [a]}\n  v: {en: [b]}", ":3: 'v' stands twice"),
        ("k:\n  v: {}", "has no names"),
        ("k: {", "not a readable YAML file"),
    ],
)
def test_a_faulty_table_is_named_with_file_and_line(
    tmp_path: Path, text: str, complaint: str
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError) as error:
        terms.load(path)
    assert str(path) in str(error.value)
    assert complaint in str(error.value)


SHIPPED = sorted((Path(terms.__file__).parent / "terms").glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_table_of_terms_loads(path: Path) -> None:
    assert terms.load(path)


def test_tables_of_two_packs_are_merged() -> None:
    one = {"k": {"v": {"en": ("a",)}}}
    two = {"k": {"v": {"en": ("b", "a"), "zh": ("c",)}, "w": {"en": ("d",)}}}
    assert terms.merge([one, two]) == {
        "k": {"v": {"en": ("a", "b"), "zh": ("c",)}, "w": {"en": ("d",)}}
    }


# ------------------------------------------------------------------- mentions

SAID = [
    ("I fly to Paris.", "Paris", None),
    ("我要去巴黎玩", "Paris", "city.name"),
    ("我要去Paris玩", "Paris", None),
    ("fly to PARIS", "Paris", None),
    ("from Sao Paulo", "São Paulo", None),
    ("from New\n York", "New York", None),
    ("give me two hundred and five of them", 205, None),
    ("it is 1,200 euros", 1200, None),
    ("共一万二", 12000, None),
    ("3.5万元", 35000, None),
    ("about 1.5 million", 1500000, None),
    ("15% off", 0.15, None),
    ("-3 degrees", -3, None),
    ("on May 3rd, 2026 then", "2026-05-03", None),
    ("on the 3rd of May", "2026-05-03", None),
    ("2026/5/3出发", "2026-05-03", None),
    ("五月三号出发", "2026-05-03", None),
    ("on 3/5/2026", "2026-05-03", None),
    ("half past six please", "18:30", None),
    ("晚上六点半见", "18:30", None),
    ("at 6:30 p.m. sharp", "18:30", None),
    ("at noon on 3 May 2026", "2026-05-03T12:00", None),
    ("call +44 20 7946 0018", "+442079460018", None),
    ("call 020 7946 0018", "+442079460018", None),
    ("IBAN gb82 west 1234 5698 7654 32", "GB82WEST12345698765432", None),
    ("order ord 1001-7", "ORD-10017", None),
    ("I say yes", True, "flag"),
    ("twelve of them", "12", None),
    ("room 12b or 12", "12", None),
    ("isbn 978-3-16-148410-0", "9783161484100", None),
    ("we meet at 6:30", "18:30", None),
    ("买two张", 2, None),
    ("5k元", 5000, None),
    ("both 3 and 4", [3, 4], None),
]


@pytest.mark.parametrize(("text", "value", "kind"), SAID)
def test_a_value_is_found_however_it_is_written(text: str, value: object, kind: str) -> None:
    assert mentions(text, value, kind=kind)


NOT_SAID = [
    ("I like Parisian food", "Paris", None),
    ("我要去巴黎玩", "Paris", None),
    ("flight BA123 leaves", 123, None),
    ("it costs 1,200", 200, None),
    ("3 May 2026", "2026-05-04", None),
    ("3 May 2026", "2027-05-03", None),
    ("at 6:30 pm", "06:30", None),
    ("下午6:30见", "06:30", None),
    ("at 06:30", "18:30", None),
    ("it costs 1,200", "30", None),
    ("nothing here", "", None),
    ("nothing here", None, None),
    ("nothing here", [], None),
    ("nothing here", {}, None),
    ("1 thing", True, None),
    ("once upon a time, someone", 1, None),
]


@pytest.mark.parametrize(("text", "value", "kind"), NOT_SAID)
def test_a_value_that_is_not_there_is_not_found(text: str, value: object, kind: str) -> None:
    assert not mentions(text, value, kind=kind)


def test_relative_dates_are_found_where_today_is_known() -> None:
    assert mentions("leave next Friday!", "2026-05-15", today=TODAY)
    assert mentions("我们下周五走", "2026-05-15", today=TODAY)
    assert not mentions("leave next Friday!", "2026-05-15")
    assert mentions("on 10 May", "2026-05-10", today=TODAY)
    assert not mentions("on 10 May", "2025-05-10", today=TODAY)


@settings(max_examples=200, deadline=None)
@given(st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9).map(lambda x: round(x, 3)))
def test_every_number_in_digits_is_found(value: float) -> None:
    if "e" in repr(value):
        return
    for text in (f"take {value}, then", f"共{value}元", f"take {value:,} now"):
        assert mentions(text, value)


def test_mentions_is_fast() -> None:
    texts = [
        (f"Please book flight {n} for May {n % 28 + 1}, 2026 at 6 pm and tell me what two hundred "
         f"and five euros are in dollars. 我要两张票，下周五出发。 ") * 2
        for n in range(200)
    ]  # fmt: skip
    values = ["Lisbon", 1234, 12.5, "2026-07-01", "17:15", "ORD-99999", "LHR", 99]
    started = time.perf_counter()
    for text in texts:
        for value in values:
            mentions(text, value, kind="city.name", today=TODAY)
    each = (time.perf_counter() - started) / (len(texts) * len(values))
    # The target is 100 µs; ten times that is a fault and not a busy machine.
    assert each < 1e-3, f"{each * 1e6:.0f} µs"


# -------------------------------------------------------------------- residue


def _outside(text: str, language: str, *stated: str) -> list[str]:
    return residue(text, language, [(text.index(s), text.index(s) + len(s)) for s in stated])


def test_an_answer_that_states_only_results_leaves_nothing() -> None:
    assert _outside("The fare is 120.5 euros, and I'm sorry about that.", "en", "120.5") == []
    assert _outside("从巴黎出发，票价为120.5欧元，十分便宜。", "zh", "120.5") == []
    assert _outside('Done. The name is "Ann Lee".', "en", "Ann Lee") == []
    assert _outside("Paris is nice. London is too.", "en") == []


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("It is 12 and 3.5 km", "en", ["12", "3.5"]),
        ("It is twelve or twenty-one", "en", ["twelve", "twenty-one"]),
        ("It is nine, more or less", "en", []),
        ("So you go to Paris, OK", "en", ["Paris"]),
        ("It leaves on Friday", "en", ["Friday"]),
        ("IATA knows it as lhr", "en", ["IATA"]),
        ("Take A320 there", "en", ["A320"]),
        ("Write to ann@example.org now", "en", ["ann@example.org"]),
        ('He said "never"', "en", ['"never"']),
        ("It opens at half past six", "en", ["half past six"]),
        ("一共三十五个", "zh", ["三十五"]),
        ("一共三个", "zh", []),
        ("千万别忘了，万一下雨", "zh", []),
        ("十分钟后到", "zh", ["十"]),
        ("六点半到，周五走", "zh", ["六点半", "周五"]),
        ("Paris很美", "zh", ["Paris"]),
        ("书名是《红楼梦》", "zh", ["《红楼梦》"]),
        ("共12个A320型", "zh", ["12", "A320"]),
        ("five hundred and two people", "en", ["five hundred and two"]),
        ("on the 3rd of May at 18:30", "en", ["3rd", "May", "18:30"]),
    ],
)
def test_what_looks_like_a_fact_is_left_over(text: str, language: str, found: list[str]) -> None:
    assert _outside(text, language) == found


def test_a_span_that_covers_half_a_number_does_not_cover_it() -> None:
    assert residue("It costs 1234 euros", "en", [(9, 11)]) == ["34"]
