"""`callwright curate`: sets one can trust, every row accounted for, and nothing lost on the way."""

from __future__ import annotations

import json
import shutil
from collections import Counter

import orjson
import polars as pl
import pytest

from callwright.curation import curate as pipeline
from callwright.curation.editing import without_tools
from callwright.curation.verify import certify
from callwright.generators.build import Job, build
from callwright.generators.recipe import BuildSection, ToolsSection
from callwright.schemas.canonical import digest
from callwright.schemas.store import open_dataset
from callwright.schemas.store_rows import COLUMNS
from callwright.schemas.views import tool_of

SIZES = "{validation: 0.1, test_seen: 0.1, test_unseen_shapes: 0.1, test_unseen_tools: 0.1}"


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """150 rows over two packs that are often joined, and their recipe."""
    home = tmp_path_factory.mktemp("raw")
    job = Job(BuildSection(count=150), ToolsSection(packs=("shop", "money")), 6, certify)
    build(job, home / "raw", {})
    return home / "raw"


@pytest.fixture(scope="session")
def recipe(tmp_path_factory):
    path = tmp_path_factory.mktemp("recipe") / "recipe.yaml"
    path.write_text(f"curation: {{split: {SIZES}}}\n")
    return path


@pytest.fixture
def curated(run, built, recipe, tmp_path):
    """The rows, curated by the command; gives folder and output."""
    result = run("curate", built, "-o", tmp_path / "out", "--recipe", recipe)
    assert result.exit_code == 0, result.output
    return tmp_path / "out", result.output


@pytest.fixture
def refused(run):
    """Run a command that must be refused in one line; gives the line."""

    def line(*arguments):
        result = run(*arguments)
        assert result.exit_code == 2, result.output
        (said,) = [part for part in result.stderr.split("\n") if part]
        assert said.startswith("callwright: ")
        return said.removeprefix("callwright: ")

    return line


def contents(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def ids(dataset, split=None):
    return [row.id for row in dataset.rows(split)]


def doctored(source, target, edit):
    """Copy a dataset with its first part's frame edited, digests and all."""
    shutil.copytree(source, target)
    manifest = json.loads((target / "manifest.json").read_text())
    part = manifest["parts"][0]
    frame = edit(pl.read_parquet(target / part["path"]))
    frame.write_parquet(target / part["path"])
    data = (target / part["path"]).read_bytes()
    part.update(digest=digest(data), rows=frame.height)
    (target / "manifest.json").write_text(json.dumps(manifest))
    return target


# ------------------------------------------------------------------ what is made


def test_every_row_is_kept_or_rejected_with_a_reason(curated, built):
    folder, _ = curated
    made, raw = open_dataset(folder), open_dataset(built)
    rejects = list(made.rejects())
    assert sorted([*ids(made), *(r.row["id"] for r in rejects)]) == sorted(ids(raw))
    assert made.manifest.counts.kept == len(made)
    assert made.manifest.counts.rejected == len(rejects)
    assert all(r.stage and r.reason and r.detail for r in rejects)


def test_the_curated_copy_verifies_though_tools_are_no_longer_offered(run, curated):
    folder, _ = curated
    assert any(row.revision for row in open_dataset(folder).rows())
    result = run("verify", folder, "--workers", 1)
    assert result.exit_code == 0, result.output


def test_builds_are_carried_and_the_parent_is_named(curated, built):
    made, raw = open_dataset(curated[0]), open_dataset(built)
    assert made.manifest.builds == raw.manifest.builds
    assert made.manifest.parents == [raw.digest]
    assert made.manifest.command == "curate"


def test_held_out_tools_are_offered_in_their_test_alone(curated):
    made = open_dataset(curated[0])
    held = set(json.loads((curated[0] / "split.json").read_text())["held_out"]["tools"])
    assert held
    for row in made.rows():
        offered = {tool_of(row.views, tool["function"]["name"]) for tool in row.tools}
        called = set(row.plan.sequence)
        forbidden = {tool_of(row.views, name) for name in row.expected.forbidden}
        if row.split == "test_unseen_tools":
            assert called & held
        else:
            assert not (offered | called | forbidden) & held
            assert offered


def test_rows_are_as_they_were_but_for_split_tools_and_revision(curated, built):
    raw = {row.id: row for row in open_dataset(built).rows()}
    for row in open_dataset(curated[0]).rows():
        before = raw[row.id].model_copy(update={"split": row.split})
        if row.revision:
            kept = [tool for tool in before.tools if tool in row.tools]
            assert kept == row.tools != before.tools
            expected = before.expected.model_copy(update={"forbidden": row.expected.forbidden})
            names = {tool["function"]["name"] for tool in row.tools}
            views = {name: view for name, view in before.views.items() if name in names}
            edited = {"tools": row.tools, "revision": 1, "expected": expected, "views": views}
            before = before.model_copy(update=edited)
        assert row == before


def test_splits_stages_and_leakage_are_printed_and_saved(curated):
    folder, said = curated
    about = json.loads((folder / "split.json").read_text())
    table = json.loads((folder / "leakage.json").read_text())
    made = open_dataset(folder)
    assert about["splits"] == {name: len(ids(made, name)) for name in about["splits"]}
    assert set(about["splits"]) == set(made.splits())
    assert len(table) == 10
    for pair in table:
        assert all(pair["shared"][name] == 0 for name in pair["must_be_zero"])
    for words in ("dedup", "T train", "test_unseen_tools", "near duplicates", "0✓"):
        assert words in said


def test_the_report_shows_what_the_curation_says_of_its_splits(run, curated, tmp_path):
    folder = shutil.copytree(curated[0], tmp_path / "copy")
    result = run("report", folder)
    assert result.exit_code == 0, result.stderr
    page = (folder / "report.html").read_text("utf-8")
    for words in ("train – test unseen tools", "near duplicates", "rejected by dedup"):
        assert words in page


def test_the_same_rows_and_recipe_give_the_same_bytes(run, curated, built, recipe, tmp_path):
    run("curate", built, "-o", tmp_path / "again", "--recipe", recipe)
    assert contents(tmp_path / "again") == contents(curated[0])


def test_what_two_datasets_both_have_is_kept_once(run, built, recipe, tmp_path):
    def renamed(frame):
        return frame[:5].with_columns(id=pl.format("again{}", pl.col("id")))

    other = doctored(built, tmp_path / "other", renamed)
    result = run("curate", built, other, "-o", tmp_path / "out", "--recipe", recipe)
    assert result.exit_code == 0, result.output
    made = open_dataset(tmp_path / "out")
    twice = [r for r in made.rejects() if r.reason == "exact_duplicate"]
    assert [r.row["id"] for r in twice] == ["again" + name for name in ids(open_dataset(built))[:5]]
    assert twice[0].detail == f"of {ids(open_dataset(built))[0]}, similarity 1.000"
    assert len(made.manifest.parents) == 2


def test_a_judges_rows_are_rejected_and_the_hits_are_named(run, built, recipe, tmp_path):
    victim = next(row for row in open_dataset(built).rows() if row.scenario == "chain")
    judge = tmp_path / "judge.jsonl"
    judge.write_text(json.dumps({"id": "q1", "question": victim.messages[0].content}) + "\n")
    out = tmp_path / "out"
    line = ("curate", built, "-o", out, "--recipe", recipe, "--benchmark", judge)
    assert run(*line).exit_code == 0
    (reject,) = [r for r in open_dataset(out).rejects() if r.stage == "decontaminate"]
    assert reject.row["id"] == victim.id
    assert (reject.reason, reject.detail[:15]) == ("benchmark_request", "judge.jsonl:q1:")
    told = json.loads((out / "decontamination.json").read_text())
    assert [hit["judge"] for hit in told["hits"]] == ["judge.jsonl:q1"]
    assert open_dataset(out).manifest.recipe["curation"]["decontaminate"]["benchmarks"]


def test_a_judges_tool_is_called_and_offered_nowhere(run, built, recipe, tmp_path):
    called = Counter(tool for row in open_dataset(built).rows() for tool in row.plan.sequence)
    name = min(called, key=called.get)
    judge = tmp_path / "judge.jsonl"
    judge.write_text(json.dumps({"question": "Anything?", "tools": [{"name": name}]}) + "\n")
    out = tmp_path / "out"
    result = run("curate", built, "-o", out, "--recipe", recipe, "--benchmark", judge)
    assert result.exit_code == 0, result.output
    made = open_dataset(out)
    assert made.manifest.counts.rejected_by_reason["benchmark_tool"] >= 1
    assert not any(tool["function"]["name"] == name for row in made.rows() for tool in row.tools)


# ------------------------------------------------------------------ hostile rows


def spoiled(column, text):
    """An edit that puts `text` into a column of the first row."""
    first = pl.int_range(pl.len()) == 0
    return lambda frame: frame.with_columns(
        pl.when(first).then(pl.lit(text)).otherwise(pl.col(column)).alias(column)
    )


DEEP = '[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"c","function":'
DEEP += '{"name":"x","arguments":{"a":' + "[" * 900 + "]" * 900 + "}}}]}]"


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("messages", "[" * 100_000, "not_json"),
        ("messages", DEEP, "too_deep"),
        ("messages", '[{"role":"user","content":"cut', "not_json"),
        ("messages", '[{"role":"judge","content":"?"}]', "not_a_conversation"),
        ("messages", '[{"role":"user","content":"\\ud800"}]', "not_json"),
        ("tools", '[],"id":"another"', "not_json"),
        ("plan", '{"length":1e999}', "not_json"),
        ("language", "tlh", "not_a_conversation"),
        ("messages", '[{"role":"user","content":"' + "x" * 100_000_000 + '"}]', "too_large"),
    ],
    ids=["open", "deep", "cut", "role", "surrogate", "escape", "infinite", "language", "100MB"],
)
def test_a_row_that_is_none_is_rejected_as_it_stands_and_the_rest_is_curated(
    run, built, recipe, tmp_path, column, text, reason
):
    bad = doctored(built, tmp_path / "bad", spoiled(column, text))
    result = run("curate", bad, "-o", tmp_path / "out", "--recipe", recipe)
    assert result.exit_code == 0, result.output
    made = open_dataset(tmp_path / "out")
    (reject,) = [r for r in made.rejects() if r.stage == "read"]
    assert reject.reason == reason
    assert reject.row[column] == text
    assert "part-00000.parquet, row 0" in reject.detail
    assert len(reject.detail) < 1000
    counts = made.manifest.counts
    assert counts.kept + counts.rejected == 150


def test_a_second_row_of_the_same_id_is_rejected(run, built, recipe, tmp_path):
    name = ids(open_dataset(built))[3]
    bad = doctored(built, tmp_path / "bad", spoiled("id", name))
    assert run("curate", bad, "-o", tmp_path / "out", "--recipe", recipe).exit_code == 0
    made = open_dataset(tmp_path / "out")
    assert made.manifest.counts.rejected_by_reason["duplicate_id"] == 1


def test_a_part_that_is_no_parquet_though_its_digest_is_right_is_refused(
    refused, built, recipe, tmp_path
):
    bad = doctored(built, tmp_path / "bad", lambda frame: frame)
    manifest = json.loads((bad / "manifest.json").read_text())
    (bad / manifest["parts"][0]["path"]).write_bytes(b"PAR1 \xff\xfe and no more")
    manifest["parts"][0]["digest"] = digest(b"PAR1 \xff\xfe and no more")
    (bad / "manifest.json").write_text(json.dumps(manifest))
    line = refused("curate", bad, "-o", tmp_path / "out", "--recipe", recipe)
    assert "cannot be read as parquet" in line
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("harm", ["cut", "changed"])
def test_a_corrupt_part_is_refused_and_nothing_is_left_behind(
    refused, built, recipe, tmp_path, harm
):
    shutil.copytree(built, tmp_path / "bad")
    part = tmp_path / "bad" / "data" / "all" / "part-00000.parquet"
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(data if harm == "changed" else data[: len(data) // 2])
    line = refused("curate", tmp_path / "bad", "-o", tmp_path / "out", "--recipe", recipe)
    assert "part-00000.parquet is corrupt" in line
    assert not (tmp_path / "out").exists()


# ------------------------------------------------------------------ what is refused


def test_a_finished_dataset_is_replaced_only_with_force(
    run, refused, curated, built, recipe, tmp_path
):
    folder, _ = curated
    before = contents(folder)
    line = ("curate", built, "-o", folder, "--recipe", recipe)
    assert "replace it with --force" in refused(*line)
    assert "nothing to resume" in refused(*line, "--resume")
    assert contents(folder) == before
    assert run(*line, "--force").exit_code == 0
    assert contents(folder) == before


def test_a_dataset_is_never_curated_into_itself(refused, built, tmp_path):
    shutil.copytree(built, tmp_path / "raw")
    before = contents(tmp_path / "raw")
    line = refused("curate", tmp_path / "raw", "-o", tmp_path / "raw", "--force")
    assert "cannot be curated into itself" in line
    assert contents(tmp_path / "raw") == before


def test_a_dataset_named_twice_is_refused(refused, built, tmp_path):
    assert "named twice" in refused("curate", built, built, "-o", tmp_path / "out")


def test_what_is_no_dataset_is_refused(refused, tmp_path):
    (tmp_path / "raw").mkdir()
    line = refused("curate", tmp_path / "raw", "-o", tmp_path / "out")
    assert "is not a callwright dataset" in line
    assert not (tmp_path / "out").exists()


def test_an_impossible_wish_is_one_line_and_leaves_nothing_behind(refused, built, tmp_path):
    path = tmp_path / "recipe.yaml"
    path.write_text("curation: {split: {test_unseen_shapes: 0.8, test_seen: 0}}")
    line = refused("curate", built, "-o", tmp_path / "out", "--recipe", path)
    assert "curation.split.test_unseen_shapes" in line
    assert "are possible" in line
    assert not (tmp_path / "out").exists()


def test_a_benchmark_that_cannot_be_read_is_refused_before_anything_is_made(
    refused, built, tmp_path
):
    judge = tmp_path / "none.jsonl"
    line = refused("curate", built, "-o", tmp_path / "out", "--benchmark", judge)
    assert "cannot be read" in line
    assert not (tmp_path / "out").exists()


def test_interrupted_it_is_begun_again_and_ends_in_the_same_bytes(
    run, refused, curated, built, recipe, tmp_path, monkeypatch
):
    out = tmp_path / "broken"
    line = ("curate", built, "-o", out, "--recipe", recipe)
    monkeypatch.setattr(pipeline, "PART_ROWS", 20)
    saved = pipeline.Writer.write_part

    def interrupted(writer, *arguments, **options):
        saved(writer, *arguments, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline.Writer, "write_part", interrupted)
    result = run(*line)
    assert result.exit_code == 130
    assert "run it again with --resume" in result.stderr
    monkeypatch.undo()
    half = open_dataset(out, unfinished=True)
    assert 0 < len(list(half.rows())) == len(half) < 150
    assert "unfinished" in refused("verify", out)
    assert "go on with --resume" in refused(*line)
    assert run(*line, "--resume").exit_code == 0
    assert contents(out) == contents(curated[0])


# ------------------------------------------------------------------ one row


def test_a_tool_that_is_not_offered_leaves_a_row_untouched(built):
    flat = next(open_dataset(built).frames()).row(0, named=True)
    assert without_tools(flat, {"unheard_of"}) is flat
    assert set(flat) == set(COLUMNS)


def test_what_is_forbidden_goes_with_the_tool(built):
    for flat in next(open_dataset(built).frames()).iter_rows(named=True):
        forbidden = orjson.loads(flat["expected"])["forbidden"]
        if forbidden:
            edited = without_tools(flat, {forbidden[0]})
            assert orjson.loads(edited["expected"])["forbidden"] == forbidden[1:]
            assert edited["revision"] == flat["revision"] + 1
            return
    raise AssertionError("no row offers a write tool in vain")
