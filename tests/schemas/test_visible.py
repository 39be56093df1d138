"""Foreign text and foreign JSON are shown as they are, but for what would act or hide."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.schemas.display import json_lines, one_line, plain_text, visible
from callwright.schemas.visible import json_escaped

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=40,
)


@given(st.text())
def test_visible_text_stays_as_it_is(text):
    assert visible(visible(text)) == visible(text)


def test_what_acts_or_hides_is_spelled_out():
    assert visible("a\x1b[1m\u202eb\u200b\n\t\ud800") == "a⟨ESC⟩[1m⟨U+202E⟩b⟨U+200B⟩\n\t⟨U+D800⟩"
    assert one_line("a\n\x00 b") == "a ⟨NUL⟩ b"
    assert visible("巴黎 naïve 👍 ✈️") == "巴黎 naïve 👍 ✈️"


@given(VALUES)
def test_escaped_json_means_the_same_and_hides_nothing(value):
    text = json_escaped(json.dumps(value, ensure_ascii=False))
    assert json.loads(text) == value
    assert visible(text) == text


def test_numbers_and_doubled_keys_of_a_result_stay_as_written():
    text = '{"a":1e16,"a":1.50,"b":123456789012345678901234567890,"c":-0.0}'
    assert "".join(plain_text(json_lines(text, {})).split()) == text


def test_a_long_result_is_indented_within_the_width_of_a_terminal():
    text = '{"items":[' + ",".join(f'{{"id":{n},"name":"number {n}"}}' for n in range(9)) + "]}"
    lines = plain_text(json_lines(text, {})).splitlines()
    assert len(lines) > 4
    assert max(map(len, lines)) <= 76


@pytest.mark.parametrize("text", ["", "not json", '{"a":', "[" * 100_000])
def test_a_result_that_is_no_json_is_shown_as_it_is(text):
    assert plain_text(json_lines(text, {})) == text


@given(VALUES)
def test_indenting_changes_nothing_but_white_space(value):
    text = json.dumps(value, ensure_ascii=False)
    shown = plain_text(json_lines(text, {}))
    assert "".join(shown.split()) == "".join(visible(text).split())
