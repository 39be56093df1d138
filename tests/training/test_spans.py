"""Where things stand: in a JSON text, and in a turn of the assistant."""

from __future__ import annotations

import json
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.schemas.pointers import leaves, resolve
from callwright.training.json_spans import parts
from callwright.training.recipe import Weights
from callwright.training.spans import CLASSES, spans_of

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)
STYLES = [
    {},
    {"ensure_ascii": False},
    {"separators": (",", ":")},
    {"indent": 2, "sort_keys": True},
]


@given(VALUES, st.sampled_from(STYLES), st.sampled_from(["", '{"a": ', "x"]))
def test_every_leaf_is_found_where_it_stands_however_the_json_is_written(value, style, before):
    written = json.dumps(value, **style)
    text = before + written + '"}]'
    found = {}
    for part in parts(text, len(before), len(before) + len(written)):
        if part.is_key:
            key = part.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
            assert json.loads(f'"{text[part.start : part.end]}"') == key
            continue
        shown = text[part.start : part.end]
        if text[part.start - 1 : part.start] == '"' and isinstance(
            resolve(value, part.pointer), str
        ):
            shown = f'"{shown}"'
        found[part.pointer] = json.loads(shown)
    assert found == dict(leaves(value))


def test_a_deep_value_needs_no_deep_stack():
    text = "[" * 2_000 + "]" * 2_000
    assert [part.pointer.count("/") for part in parts(text, 0, len(text))] == [1_999]


def test_every_class_has_a_weight_in_the_recipe():
    assert set(CLASSES) == set(Weights.model_fields)


# ---------------------------------------------------------------------------- turns

END = "<|im_end|>"


def told(turn: str, *fed: set[str]) -> list[tuple[str, str]]:
    """The pieces of a turn, and what each is part of."""
    spans = spans_of(turn + END, len(turn), [frozenset(f) for f in fed])
    named = zip(turn + END, spans.classes, strict=True)
    return [
        (CLASSES[kind], "".join(c for c, _ in group))
        for kind, group in groupby(named, key=lambda pair: pair[1])
    ]


def decides(turn: str, count: int = 0) -> list[str]:
    """What stands at each place that decides, up to the next white space or `>`."""
    text = turn + END
    spans = spans_of(text, len(turn), [frozenset()] * count)
    return [text[place : text.find(">", place) + 1] or text[place:] for place in spans.decisions]


def test_a_call_is_taken_apart_to_its_nested_leaves():
    turn = (
        '<tool_call>\n{"name": "f", "arguments": {"a": {"b": ["x", 2]}, "c": true}}\n</tool_call>'
    )
    assert told(turn, {"/a/b/1"}) == [
        ("call", '<tool_call>\n{"name": "'),
        ("name", "f"),
        ("call", '", "arguments": {"'),
        ("argument_key", "a"),
        ("call", '": {"'),
        ("argument_key", "b"),
        ("call", '": ["'),
        ("argument_value", "x"),
        ("call", '", '),
        ("argument_from_result", "2"),
        ("call", ']}, "'),
        ("argument_key", "c"),
        ("call", '": '),
        ("argument_value", "true"),
        ("call", "}}\n</tool_call><|im_end|>"),
    ]


def test_a_call_may_put_its_arguments_first_and_an_empty_container_is_a_value():
    turn = '<tool_call>{"arguments":{"a/b":[],"n":""},"name":"f"}</tool_call>'
    assert ("argument_from_result", "[]") in told(turn, {"/a~1b"})
    assert ("name", "f") in told(turn, set())
    assert ("argument_key", "a/b") in told(turn, set())


def test_a_key_called_name_among_the_arguments_is_no_tool():
    turn = '<tool_call>{"name": "f", "arguments": {"name": "Ada"}}</tool_call>'
    assert [text for kind, text in told(turn, set()) if kind == "name"] == ["f"]
    assert ("argument_value", "Ada") in told(turn, set())


def test_words_beside_a_call_stay_words():
    turn = 'Let me look.\n<tool_call>{"name": "f", "arguments": {}}</tool_call>'
    assert told(turn, set())[:2] == [
        ("assistant_text", "Let me look."),
        ("call", '\n<tool_call>{"name": "'),
    ]


CALL = '<tool_call>{"name": "f", "arguments": {}}</tool_call>'


@pytest.mark.parametrize(
    ("turn", "count", "places"),
    [
        ("It rains.", 0, ["It rains.<|im_end|>", "<|im_end|>"]),
        ("", 0, ["<|im_end|>"]),
        (CALL, 1, ["<tool_call>", "<|im_end|>"]),
        (f"{CALL}\n{CALL}", 2, ["<tool_call>", "\n<tool_call>", "<|im_end|>"]),
        (f"So:\n{CALL}", 1, ["So:\n<tool_call>", "<tool_call>", "<|im_end|>"]),
        (f"<think>\nhm\n</think>\n\n{CALL}", 1, ["<tool_call>", "<|im_end|>"]),
        ("<think>\n\n</think>\n\nIt rains.", 0, ["It rains.<|im_end|>", "<|im_end|>"]),
        (f"<think>{CALL}</think>No.", 0, ["No.<|im_end|>", "<|im_end|>"]),
    ],
)
def test_a_turn_decides_at_its_first_word_at_a_call_and_after_it(turn, count, places):
    assert decides(turn, count) == places
