"""What is typed into the search box is read as its docstring says; anything can be typed."""

from hypothesis import given
from hypothesis import strategies as st

from callwright.curation.review.server.contents import Contents, texts
from callwright.curation.review.server.query import Term, answers, fold, parse


def test_words_are_all_wanted_and_a_bar_gives_alternatives():
    paris, rome, kyiv = Term("paris"), Term("rome"), Term("kyiv")
    assert parse("Paris rome") == ((paris, rome),)
    assert parse("paris rome | KYIV") == ((paris, rome), (kyiv,))
    assert parse("paris|kyiv") == ((paris,), (kyiv,))


def test_a_minus_forbids_and_a_plus_is_what_holds_anyway():
    assert parse('-paris +rome -"to kyiv"') == (
        (Term("paris", wanted=False), Term("rome"), Term("to kyiv", wanted=False)),
    )


def test_only_a_leading_minus_forbids():
    assert parse("2026-05-03") == ((Term("2026-05-03"),),)


def test_a_phrase_holds_its_spaces_and_an_unclosed_quote_is_a_character():
    assert parse('"to Paris" x') == ((Term("to paris"), Term("x")),)
    assert parse('"to') == ((Term('"to'),),)


def test_nothing_but_signs_looks_for_nothing_and_all_answer():
    for query in ("", "  ", "|", "- | +", "*"):
        assert parse(query) == ()
        assert answers("anything", parse(query))


def test_case_width_and_composition_make_no_difference():
    assert fold("Ｚｕ\u0308RICH") == fold("zürich")
    assert fold("STRASSE") == fold("straße")
    assert fold("ΣΊΣΥΦΟΣ") == fold("σίσυφος")


@given(st.text())
def test_anything_can_be_typed_and_folding_twice_changes_nothing(text):
    parse(text)
    assert fold(fold(text)) == fold(text)


@given(st.text(min_size=1).filter(lambda text: not set(text) & set('"\x00') and fold(text)))
def test_what_a_text_says_is_found_in_it_as_a_phrase(text):
    assert answers(fold(f"before {text} after"), parse(f'"{text}"'))


def test_texts_of_a_record_are_values_and_not_the_names_of_keys():
    fields = '{"chat": [{"role": "user", "content": "\\u5df4\\u9ece"}], "n": [1.5, true, null]}'
    assert texts(fields) == {"chat": "user\x00巴黎", "n": "1.5"}


def test_a_phrase_is_not_found_across_two_texts():
    assert not answers(texts('{"a": ["to", "paris"]}')["a"], parse('"to paris"'))


def test_what_was_made_of_a_text_is_made_once_and_the_oldest_goes_first():
    made = []

    def make(text):
        made.append(text)
        return text.upper()

    contents = Contents(make, limit=6)
    assert [contents.of(text) for text in ("aaa", "bbb", "aaa")] == ["AAA", "BBB", "AAA"]
    assert made == ["aaa", "bbb"]
    contents.of("ccc")
    contents.of("bbb")
    assert made == ["aaa", "bbb", "ccc"]
    contents.of("aaa")
    assert made == ["aaa", "bbb", "ccc", "aaa"]
