"""`callwright export`: built rows in every format, and back."""

from __future__ import annotations

import json

import pytest

from callwright.curation.verify import certify
from callwright.generators.build import Job, build
from callwright.generators.recipe import BuildSection, ToolsSection
from callwright.schemas.formats import FORMATS, READERS
from callwright.schemas.formats.exports import Exporter
from callwright.schemas.record import Conversation
from callwright.schemas.store import open_dataset

WHOLE = ("openai", "hf", "sharegpt", "sharegpt_function", "hermes", "ms_swift")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Rows of every scenario that is built, in both languages."""
    folder = tmp_path_factory.mktemp("build") / "out"
    build(Job(BuildSection(count=40), ToolsSection(), 3, certify), folder, {})
    return folder


def read(form, path):
    rows = list(READERS[form](path))
    assert all(isinstance(row, Conversation) for row in rows)
    return rows


@pytest.mark.parametrize("form", WHOLE)
def test_built_rows_of_every_scenario_come_back_equal(run, built, tmp_path, form):
    rows = list(open_dataset(built).rows())
    assert len({row.scenario for row in rows}) >= 5
    path = tmp_path / "rows.jsonl"
    made = run("export", built, "--format", form, "-o", path)
    assert made.exit_code == 0, made.output
    assert "40 rows of split all" in made.stdout
    back = read(form, path)
    assert [row.messages for row in back] == [row.messages for row in rows]
    assert [row.tools for row in back] == [row.tools for row in rows]
    assert {row.gates["form"].outcome for row in back} == {"pass"}
    assert {row.gates["schema"].outcome for row in back} == {"pass"}
    assert not any(row.origin["defects"] for row in back)


def test_a_format_of_calls_takes_what_it_can_and_lists_the_rest(run, built, tmp_path):
    path = tmp_path / "rows.jsonl"
    made = run("export", built, "--format", "xlam", "-o", path)
    assert made.exit_code == 0, made.output
    written = path.read_text().splitlines()
    refused = [
        json.loads(line)
        for line in (tmp_path / "rows.jsonl.rejects.jsonl").read_text().splitlines()
    ]
    assert len(written) + len(refused) == 40
    assert {line["reason"] for line in refused} <= {
        "system_message",
        "needs_results",
        "several_requests",
    }
    assert "results and answers are left out" in made.stdout
    scenarios = {row.id: row.scenario for row in open_dataset(built).rows()}
    kept = {scenarios[json.loads(line)["id"]] for line in written}
    short = {"single", "parallel", "irrelevant", "missing_tool", "policy", "conditional"}
    assert kept <= short  # what one turn of calls can hold


def test_nestful_writes_its_tools_beside_and_is_read_with_them(run, built, tmp_path):
    path = tmp_path / "rows-data.json"
    made = run("export", built, "--format", "nestful", "-o", path)
    assert made.exit_code == 0, made.output
    assert (tmp_path / "rows-spec.json").exists()
    back = read("nestful", path)
    assert {row.gates["schema"].outcome for row in back} == {"pass"}
    told = {found["what"].partition(":")[0] for row in back for found in row.origin["defects"]}
    assert told == {"missing_result"}


def test_a_split_is_named_or_train_or_the_only_one(run, rows, tmp_path):
    folder = rows.write(tmp_path / "set", [])
    assert "has no rows" in run("export", folder, "--format", "hf", "-o", tmp_path / "x").output
    from callwright.schemas.store import Manifest, Writer

    writer = Writer(tmp_path / "two", Manifest(command="curate"))
    for split in ("train", "test"):
        writer.write_part([rows.make(f"row_{split}", split=split)], split=split)
    writer.finish()
    for options, row in (((), "row_train"), (("--split", "test"), "row_test")):
        out = tmp_path / "x.jsonl"
        made = run("export", tmp_path / "two", "--format", "hf", "-o", out, "--force", *options)
        assert made.exit_code == 0, made.output
        assert row in out.read_text()
    missing = run("export", tmp_path / "two", "--format", "hf", "-o", out, "--split", "none")
    assert (missing.exit_code, "no split 'none'" in missing.output) == (2, True)


def test_a_file_is_replaced_only_by_force_and_json_is_one_list(run, dataset, tmp_path):
    out = tmp_path / "x.json"
    out.write_text("mine")
    refused = run("export", dataset, "--format", "hf", "-o", out)
    assert (refused.exit_code, out.read_text()) == (2, "mine")
    assert run("export", dataset, "--format", "hf", "-o", out, "--force").exit_code == 0
    assert len(json.loads(out.read_text())) == 4
    assert list(tmp_path.iterdir()) == [out]


def test_where_no_row_can_be_held_there_is_no_file(run, rows, tmp_path):
    thought = {"role": "assistant", "content": "CDG.", "reasoning_content": "Hm."}
    row = rows.make("aa11")
    row = row.model_copy(
        update={"messages": [*row.messages[:-1], type(row.messages[0])(**thought)]}
    )
    folder = rows.write(tmp_path / "set", [[row]])
    made = run("export", folder, "--format", "openai", "-o", tmp_path / "x.jsonl")
    assert made.exit_code == 2
    assert "openai can hold no row of split all" in made.output
    assert not (tmp_path / "x.jsonl").exists()
    assert "reasoning" in (tmp_path / "x.jsonl.rejects.jsonl").read_text()


@pytest.mark.parametrize(
    ("form", "said"), [("sharegtp", "no format 'sharegtp'"), ("bfcl", "imported, not exported")]
)
def test_a_format_that_is_not_there_is_said_in_one_line(run, dataset, tmp_path, form, said):
    made = run("export", dataset, "--format", form, "-o", tmp_path / "x")
    assert (made.exit_code, made.stderr.count("\n")) == (2, 1)
    assert said in made.stderr


def test_memory_holds_one_row_at_a_time(built):
    source = iter(open_dataset(built).rows())
    exporter = Exporter(FORMATS["hf"]).rows(source)
    next(exporter)
    assert len(list(source)) == 39
