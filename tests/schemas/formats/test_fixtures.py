"""What the readers find in real public data, where it is at hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from callwright.schemas.formats import READERS
from callwright.schemas.formats.defects import code_of
from callwright.schemas.record import Conversation

FIXTURES = Path(__file__).parents[3] / "../shared/fixtures"
pytestmark = pytest.mark.skipif(
    not FIXTURES.exists(), reason="../shared/fixtures is absent: foreign data is not shipped"
)


def read(form, place):
    rows = list(READERS[form](FIXTURES / place))
    assert all(isinstance(row, Conversation) for row in rows)
    return rows


def codes(rows):
    return Counter(code_of(found) for row in rows for found in row.origin["defects"])


def calls_with(rows, code):
    return {
        (row.id, found["where"].partition("#")[0])
        for row in rows
        for found in row.origin["defects"]
        if code_of(found) == code
    }


def call_count(rows):
    return sum(len(message.tool_calls or ()) for row in rows for message in row.messages)


def test_glaive_has_211_calls_and_its_one_violation_stands_in_row_259():
    rows = read("sharegpt", "glaive/glaive_toolcall_en_demo.json")
    assert (len(rows), call_count(rows)) == (300, 211)
    assert [i for i, row in enumerate(rows) if row.origin["defects"]] == [259]
    assert codes(rows) == {"schema_violation": 1}
    assert rows[259].origin["defects"][0]["where"] == "call_1#/calories_per_item"


def test_glaive_has_109_rows_without_tools_and_73_repeated_requests():
    rows = read("sharegpt", "glaive/glaive_toolcall_en_demo.json")
    assert sum(not row.tools for row in rows) == 109
    texts = [tuple(m.content for m in row.messages if m.role == "user") for row in rows]
    assert len(texts) - len(set(texts)) == 73
    assert {row.language for row in rows} == {"en"}
    assert rows[0].origin["licence"] == "Apache-2.0"


def test_seal_tools_has_50_calls_in_50_rows_that_violate_their_types():
    rows = read("seal_tools", "seal_tools/dev.jsonl")
    assert (len(rows), call_count(rows)) == (700, 1804)
    found = calls_with(rows, "schema_violation")
    assert (len(found), len({row for row, _ in found})) == (50, 50)
    assert codes(rows)["dangling_reference"] == 0


def test_nestful_glaive_has_one_extra_and_two_missing_arguments_and_none_dangling():
    rows = read("nestful", "nestful_v1/non-executable-glaive-data.json")
    assert len(rows) == 169
    assert len(calls_with(rows, "extra_argument")) == 1
    assert len(calls_with(rows, "missing_argument")) == 2
    assert codes(rows)["dangling_reference"] == 0
    assert codes(rows)["dangling_output"] == 3


def test_nestful_sgd_is_read_with_its_own_specification():
    rows = read("nestful", "nestful_v1/non-executable-sgd-data.json")
    assert len(rows) == 46
    assert codes(rows)["unknown_tool"] == codes(rows)["dangling_reference"] == 0


def test_bfcl_answers_are_valid_under_the_translated_functions():
    rows = read("bfcl", "bfcl_sample/simple_python_20.jsonl")
    assert len(rows) == 20
    assert all(row.expected.calls for row in rows)
    assert set(codes(rows)) == {"refused_name"}
