"""Decontamination: a judge's requests, calls and tools are found however they are written."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from callwright.curation.benchmark import plain_name, read_benchmark, signature
from callwright.curation.decontaminate import find, report
from callwright.curation.features import SCHEMA, features
from callwright.curation.recipe import DecontaminateSection
from callwright.schemas.errors import FormatError
from callwright.schemas.formats import READERS
from callwright.schemas.record import Conversation

FIXTURES = Path(__file__).parents[3] / "shared" / "fixtures"
BFCL = FIXTURES / "bfcl_sample" / "simple_python_20.jsonl"

needs_fixtures = pytest.mark.skipif(not BFCL.exists(), reason="needs ../shared/fixtures")

QUESTION = "What will the weather be like in Lisbon on the third of May next year?"
TOOL = {
    "name": "weather.forecast",
    "parameters": {
        "type": "dict",
        "properties": {
            "city": {"type": "string"},
            "day": {"type": "integer"},
            "unitName": {"type": "string"},
        },
    },
}


@pytest.fixture
def judge(tmp_path):
    """Write a benchmark of some rows; gives what is read of it."""

    def write(*rows):
        path = tmp_path / "judge.jsonl"
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
        return read_benchmark(path)

    return write


def frame(**fields):
    """Features of one row that has nothing to do with any judge."""
    plain = {
        "id": "r1",
        "language": "en",
        "scenario": "single",
        "length": 1,
        "text": "",
        "user": "How tall is the tower?",
        "calls": '[["height",{"of":"tower"}]]',
        "results": "",
        "sequence": "height",
        "topology": "1",
        "skeleton": "s",
        "called": ["height"],
        "offered": ["height"],
        "grounded": [],
    }
    return pl.DataFrame([{**plain, **fields}], schema=SCHEMA)


def reason(benchmark, functions=None, section=None, **fields):
    found = find(frame(**fields), functions or {}, [benchmark], section or DecontaminateSection())
    return [(hit["reason"], hit["judge"]) for hit in found.hits.iter_rows(named=True)]


# ------------------------------------------------------------------ requests


@pytest.mark.parametrize(
    "said",
    [
        QUESTION,
        QUESTION.upper(),
        f"Hello there! {QUESTION} Thank you very much, you are a great help.",
        "what will the weather be like in Lisbon, on the third of May -- and in Porto?",
    ],
)
def test_a_judges_request_is_found_whatever_surrounds_it_and_in_whatever_case(judge, said):
    benchmark = judge({"id": "q7", "question": QUESTION})
    assert reason(benchmark, user=said) == [("request", "judge.jsonl:q7")]


@pytest.mark.parametrize(
    "said",
    ["What will the weather be like?", "On the third of May I fly to Lisbon.", "How tall is it?"],
)
def test_a_request_with_few_words_in_common_is_none_of_a_judges(judge, said):
    assert reason(judge({"question": QUESTION}), user=said) == []


def test_the_threshold_and_the_n_are_the_recipes(judge):
    benchmark = judge({"question": QUESTION})
    said = "What will the weather be like in Porto tomorrow?"
    assert reason(benchmark, user=said) == []
    loose = DecontaminateSection(overlap=0.2, words=3)
    assert reason(benchmark, section=loose, user=said) == [("request", "judge.jsonl:1")]


def test_chinese_requests_are_compared_by_characters(judge):
    benchmark = judge({"question": "帮我查一下明年五月三号里斯本的天气怎么样,要摄氏度"})
    assert reason(benchmark, user="您好，帮我查一下明年五月三号里斯本的天气怎么样。")
    assert not reason(benchmark, user="帮我查一下明年去里斯本的机票要多少钱。")


def test_a_request_shorter_than_an_n_gram_counts_only_as_a_whole(judge):
    benchmark = judge({"question": "Cancel it."})
    assert reason(benchmark, user="cancel it") == [("request", "judge.jsonl:1")]
    assert not reason(benchmark, user="Please find my order and cancel it.")


def test_of_several_judges_the_one_with_most_in_common_is_named(judge):
    benchmark = judge(
        {"id": "half", "question": f"{QUESTION} And please tell me what I should wear for it."},
        {"id": "whole", "question": QUESTION},
    )
    assert reason(benchmark, user=QUESTION) == [("request", "judge.jsonl:whole")]


# ------------------------------------------------------------------ calls and tools


def test_equal_calls_are_found_whatever_the_order_of_their_arguments(judge):
    call = {"name": "fly", "arguments": {"to": "巴黎", "seats": 2}}
    benchmark = judge({"question": "Something else", "tool_calls": [{"function": call}]})
    found = reason(benchmark, calls='[["fly",{"seats":2,"to":"巴黎"}]]', called=["other"])
    assert found == [("calls", "judge.jsonl:1")]


@pytest.mark.parametrize("name", ["weather_forecast", "weatherForecast", "Weather.Forecast"])
def test_a_judges_tool_is_found_however_its_name_is_spelled(judge, name):
    benchmark = judge({"question": QUESTION, "tools": [TOOL]})
    functions = {name: {"name": name, "parameters": {}}}
    assert reason(benchmark, functions, called=[name]) == [("tool", "judge.jsonl:1")]


def test_a_tool_of_another_name_is_a_judges_when_its_parameters_are(judge):
    benchmark = judge({"question": QUESTION, "tools": [TOOL]})
    same = {"unit_name": {"type": "string"}, "day": {"type": "number"}, "city": {"type": "string"}}
    other = {**same, "day": {"type": "string"}}
    for properties, found in ((same, ["outlook"]), (other, [])):
        functions = {"outlook": {"name": "outlook", "parameters": {"properties": properties}}}
        made = find(frame(called=["outlook"]), functions, [benchmark], DecontaminateSection())
        assert list(made.tools) == found
        assert made.hits.height == len(found)


def test_few_parameters_do_not_make_two_tools_one(judge):
    tool = {"name": "a", "parameters": {"properties": {"city": {"type": "string"}}}}
    benchmark = judge({"question": QUESTION, "tools": [tool]})
    functions = {"b": {**tool, "name": "b"}}
    assert not reason(benchmark, functions, called=["b"])
    strict = DecontaminateSection(parameters=1)
    assert reason(benchmark, functions, strict, called=["b"])


def test_a_row_that_only_offers_a_judges_tool_is_no_hit_but_the_tool_is_named(judge):
    benchmark = judge({"question": QUESTION, "tools": [TOOL]})
    functions = {"weather_forecast": {"name": "weather_forecast", "parameters": {}}}
    found = find(
        frame(offered=["weather_forecast", "height"]),
        functions,
        [benchmark],
        DecontaminateSection(),
    )
    assert found.hits.is_empty()
    assert found.tools == {"weather_forecast": "judge.jsonl:1"}


def test_names_and_signatures_are_read_as_they_are_meant():
    assert plain_name("math.hypot") == plain_name("mathHypot") == plain_name("Math-hypot")
    assert plain_name("计算") == "计算"
    assert signature(TOOL) == ("city:string", "day:number", "unit_name:string")
    assert signature({"parameters": "none"}) == signature({}) == ()


# ------------------------------------------------------------------ files


@needs_fixtures
def test_every_row_of_bfcl_is_found_in_itself_and_none_in_what_people_ask():
    benchmark = read_benchmark(BFCL)
    rows = features(row for row in READERS["bfcl"](BFCL) if isinstance(row, Conversation))
    assert find(rows, {}, [benchmark], DecontaminateSection()).hits.height == 20
    people = read_benchmark(FIXTURES / "people" / "requests.jsonl")
    assert len(people.rows) == 258
    assert find(rows, {}, [people], DecontaminateSection()).hits.is_empty()


@needs_fixtures
@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("glaive/glaive_toolcall_en_demo.json", 300),
        ("seal_tools/dev.jsonl", 700),
        ("nestful_v1/non-executable-sgd-data.json", 46),
    ],
)
def test_other_benchmarks_are_read_too(name, rows):
    found = read_benchmark(FIXTURES / name)
    assert len(found.rows) == rows
    assert sum(bool(row.request) for row in found.rows) == rows


def test_a_row_that_cannot_be_read_is_named_and_the_rest_is_read(tmp_path):
    deep = '{"question": ' + "[" * 5000 + "]" * 5000 + "}"
    twice = '{"question": "a", "question": "b"}'
    large = '{"question": "' + "x" * (9 * 2**20) + '"}'
    path = tmp_path / "judge.jsonl"
    path.write_text("\n".join([deep, twice, large, json.dumps({"question": QUESTION})]))
    found = read_benchmark(path)
    assert [row.request for row in found.rows] == [QUESTION]
    assert len(found.unread) == 3
    told = report(find(frame(user=QUESTION), {}, [found], DecontaminateSection()), [found])
    assert told["benchmarks"] == [{"file": "judge.jsonl", "rows": 1, "unread": found.unread}]
    assert told["rejected"] == {"request": 1}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"question": "cut', "not JSON"),
        (b'{"question": "\xff\xfe"}', "not UTF-8"),
        (b'\x1f\x8b{"question": 1}', "gzip"),
        (b"", "holds no rows"),
        (b'{"weather": 3}\n', "no row has a question"),
    ],
)
def test_a_file_that_is_no_benchmark_is_refused_in_one_line(tmp_path, data, said):
    path = tmp_path / "judge.jsonl"
    path.write_bytes(data)
    with pytest.raises(FormatError, match=said) as error:
        read_benchmark(path)
    assert "\n" not in str(error.value)
