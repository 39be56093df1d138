"""`callwright import`: a file that others made becomes a dataset like any other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callwright.schemas.store import open_dataset

FIXTURES = Path(__file__).parents[2] / "../shared/fixtures"
needs_fixtures = pytest.mark.skipif(
    not FIXTURES.exists(), reason="../shared/fixtures is absent: foreign data is not shipped"
)
TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Weather.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}


def chat(number, city="Oslo", tool=TOOL):
    function = {"name": "weather", "arguments": json.dumps({"city": city})}
    return {
        "messages": [
            {"role": "user", "content": f"Weather in {number}?"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "a", "type": "function", "function": function}],
            },
            {"role": "tool", "tool_call_id": "a", "content": "{}"},
            {"role": "assistant", "content": f"Fine in {number}."},
        ],
        "tools": [tool],
    }


def write(path, *rows):
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    return path


def defects(folder):
    return [json.loads(line) for line in (folder / "defects.jsonl").read_text().splitlines()]


def test_every_defect_is_listed_with_its_row_and_every_row_is_counted(run, tmp_path):
    file = write(tmp_path / "x.jsonl", chat(0), chat(1, city=7), "{oops", {"messages": 1}, chat(4))
    made = run("import", file, "--format", "openai", "-o", tmp_path / "set", "--license", "MIT")
    assert made.exit_code == 0, made.output
    counts = open_dataset(tmp_path / "set").manifest.counts
    assert (counts.kept, counts.rejected) == (3, 2)
    assert counts.rejected_by_reason == {"not_json": 1, "not_list": 1}
    listed = defects(tmp_path / "set")
    assert [line.get("row") for line in listed] == [1, None, None]
    assert [line.get("rejected") for line in listed] == [None, "not_json", "not_list"]
    assert "x.jsonl:3: row 2: not JSON" in listed[1]["what"]
    assert "row 1 (line 2) call_1#/city: schema_violation" in made.stdout


def test_the_raw_row_its_source_and_licence_are_kept_and_ids_are_the_same_again(run, tmp_path):
    file = write(tmp_path / "x.jsonl", chat(0))
    options = ("--format", "openai", "--license", "MIT", "--source", "example.org/data")
    for name in ("one", "two"):
        assert run("import", file, "-o", tmp_path / name, *options).exit_code == 0
    (one,), (two,) = (list(open_dataset(tmp_path / name).rows()) for name in ("one", "two"))
    assert one == two
    assert (one.origin["source"], one.origin["licence"]) == ("example.org/data", "MIT")
    assert one.origin["raw"] == chat(0)


def test_an_imported_dataset_is_verified_by_form_and_schema_and_promises_nothing(run, tmp_path):
    file = write(tmp_path / "x.jsonl", chat(0), chat(1, city=7))
    run("import", file, "--format", "openai", "-o", tmp_path / "set")
    made = run("verify", tmp_path / "set", "--workers", "1", "--json")
    assert made.exit_code == 1
    report = json.loads(made.stdout)
    assert report["failed"] == 1
    assert report["gates"]["form"]["pass"] == 2
    assert report["gates"]["schema"] == {
        "pass": 1,
        "fail": 1,
        "not_applicable": 0,
        "not_comparable": 0,
    }
    for gate in ("grounding", "replay", "causality"):
        assert report["gates"][gate]["not_applicable"] == 2
    row = next(open_dataset(tmp_path / "set").rows())
    assert row.promises.executed is None
    assert not row.promises.grounded
    assert not row.promises.causal


def test_a_row_that_calls_itself_imported_may_promise_nothing(run, rows, tmp_path):
    promises = {"executed": "exact", "grounded": True, "causal": True}
    liar = rows.make("aa11", "imported", promises=promises)
    made = run("verify", rows.write(tmp_path / "set", [[liar]]), "--workers", "1", "--json")
    assert made.exit_code == 1
    assert "promises executed='exact'" in made.stdout


def test_an_imported_dataset_is_shown_curated_and_exported_again(run, tmp_path):
    tools = [
        {"type": "function", "function": {**TOOL["function"], "name": f"tool_{n}"}} for n in "abc"
    ]
    cities = "Oslo Rome Paris Lima Cairo Delhi Quito Accra Sofia Minsk".split()
    talk = [
        {
            "messages": [
                {"role": "user", "content": f"{city}, number {n}: {' '.join(cities[n % 7 :])}?"},
                {"role": "assistant", "content": f"{city} it is."},
            ],
            "tools": [tools[n % 3]],
        }
        for n, city in enumerate(cities * 3)
    ]
    file = write(tmp_path / "x.jsonl", *talk)
    assert run("import", file, "--format", "hf", "-o", tmp_path / "set").exit_code == 0
    shown = run("show", tmp_path / "set")
    assert "imported" in shown.stdout
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(
        "curation: {split: {test_seen: 0, test_unseen_shapes: 0, test_unseen_tools: 0}}\n"
    )
    made = run("curate", tmp_path / "set", "-o", tmp_path / "cut", "--recipe", recipe)
    assert made.exit_code == 0, made.output
    again = run("export", tmp_path / "cut", "--format", "openai", "-o", tmp_path / "y.jsonl")
    assert again.exit_code == 0, again.output
    assert len((tmp_path / "y.jsonl").read_text().splitlines()) > 10


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x1f\x8b\x08", "gzip"),
        (b"", "holds no rows"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"conversations": []}', "Is the file of another format?"),
        (b'{"messages": 7}', "no row of it could be kept as openai"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line_and_exit_code_2(run, tmp_path, content, said):
    (tmp_path / "x.jsonl").write_bytes(content)
    made = run("import", tmp_path / "x.jsonl", "--format", "openai", "-o", tmp_path / "set")
    assert (made.exit_code, made.stderr.count("\n")) == (2, 1)
    assert said in made.stderr
    assert "Traceback" not in made.output


def test_what_could_not_be_read_leaves_no_dataset_behind(run, tmp_path):
    run("import", tmp_path / "none.jsonl", "--format", "openai", "-o", tmp_path / "set")
    assert not (tmp_path / "set").exists()


def test_a_companion_for_a_format_without_one_is_refused(run, tmp_path):
    file = write(tmp_path / "x.jsonl", chat(0))
    options = ("--format", "openai", "--companion", file, "-o", tmp_path / "set")
    made = run("import", file, *options)
    assert (made.exit_code, "leave out --companion" in made.stderr) == (2, True)


@needs_fixtures
@pytest.mark.parametrize(
    ("form", "file", "counts"),
    [
        ("sharegpt", "glaive/glaive_toolcall_en_demo.json", {"schema_violation": 1}),
        (
            "nestful",
            "nestful_v1/non-executable-glaive-data.json",
            {"extra_argument": 1, "missing_argument": 2},
        ),
        ("nestful", "nestful_v1/non-executable-sgd-data.json", {"dangling_reference": 0}),
        ("bfcl", "bfcl_sample/simple_python_20.jsonl", {"schema_violation": 0}),
    ],
)
def test_public_data_is_imported_with_the_defects_that_it_is_known_for(
    run, tmp_path, form, file, counts
):
    made = run("import", FIXTURES / file, "--format", form, "-o", tmp_path / "set")
    assert made.exit_code == 0, made.output
    codes = [line["what"].partition(":")[0] for line in defects(tmp_path / "set")]
    assert {code: codes.count(code) for code in counts} == counts


@needs_fixtures
def test_the_one_violation_of_glaive_is_row_259(run, tmp_path):
    path = FIXTURES / "glaive/glaive_toolcall_en_demo.json"
    made = run("import", path, "--format", "sharegpt", "-o", tmp_path / "set")
    assert "300 rows in" in made.stdout
    (only,) = defects(tmp_path / "set")
    assert only["row"] == 259
    origin = next(open_dataset(tmp_path / "set").rows()).origin
    assert origin["licence"] == "Apache-2.0"


@needs_fixtures
@pytest.mark.parametrize("file", ["people/requests.jsonl", "tau2_mock/tasks.json"])
def test_what_is_no_dataset_of_calls_is_refused_in_one_line(run, tmp_path, file):
    for form in ("openai", "sharegpt", "xlam", "bfcl"):
        made = run("import", FIXTURES / file, "--format", form, "-o", tmp_path / "set")
        assert (made.exit_code, "Is the file of another format?" in made.stderr) == (2, True)
