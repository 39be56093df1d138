"""`certify` fills in what is proven, `check` believes nothing, a dataset is checked row by row."""

import dataclasses
from functools import partial

import pytest
import small_world
from typer.testing import CliRunner

from callwright.curation.verify import GATES, certify, check
from callwright.curation.verify_dataset import verify_dataset
from callwright.schemas.errors import StoreError
from callwright.schemas.store import Manifest, Writer
from callwright.schemas.store_rows import flatten, unflatten

NAMES = ("chain", "stateful", "companions", "single", "parallel", "miles", "irrelevant")


@pytest.mark.parametrize("name", NAMES)
def test_a_sound_row_passes_every_gate(name, rows, toolbox):
    for gates in (rows[name].gates, check(rows[name], toolbox)):
        assert list(gates) == list(GATES)
        assert {g.outcome for g in gates.values()} <= {"pass", "not_applicable"}, gates


@pytest.mark.parametrize("name", NAMES)
def test_a_row_read_back_from_a_dataset_gets_the_same_verdict(name, rows, toolbox):
    assert check(unflatten(flatten(rows[name])), toolbox) == rows[name].gates


def test_promises_are_what_the_gates_allow(rows):
    assert rows["chain"].promises.model_dump() == {
        "executed": "exact",
        "grounded": True,
        "causal": True,
    }
    assert rows["single"].promises.causal is False
    assert rows["irrelevant"].promises.executed is None


def test_length_counts_calls_on_the_longest_proven_path(rows):
    lengths = {name: row.plan.length for name, row in rows.items()}
    assert lengths == {
        "chain": 3,
        "stateful": 3,
        "companions": 2,
        "single": 1,
        "parallel": 1,
        "miles": 1,
        "irrelevant": 0,
    }


def test_certify_drops_the_edges_that_are_not_proven(toolbox):
    row = certify(small_world.echo(), toolbox)
    assert row.plan.causal_edges == []  # taking note gives back what it was given, twice over
    assert row.plan.length == 1
    assert row.gates["causality"].outcome == "fail"
    assert "merely gives it back" in row.gates["causality"].detail
    assert row.gates["form"].outcome == "pass"


def test_certify_does_not_run_what_cannot_pass(rows, toolbox):
    row = rows["chain"].model_copy(update={"sources": {}})
    before = toolbox.calls
    gates = certify(row, toolbox).gates
    assert gates["grounding"].outcome == "fail"
    assert gates["replay"].detail.startswith("not tried")
    assert toolbox.calls == before


def test_what_a_row_says_of_its_own_gates_is_not_believed(rows, toolbox):
    forged = rows["chain"].model_copy(update={"seed": 1, "sources": {}})
    assert forged.gates["grounding"].outcome == "pass"
    assert check(forged, toolbox)["grounding"].outcome == "fail"


def test_a_promise_that_is_not_proven_fails_the_form(rows, toolbox):
    promises = rows["single"].promises.model_copy(update={"causal": True})
    gate = check(rows["single"].model_copy(update={"promises": promises}), toolbox)["form"]
    assert gate.outcome == "fail"
    assert "promises to be causal" in gate.detail


def test_where_versions_differ_what_fails_is_not_comparable(rows, toolbox):
    forged = rows["stateful"].model_copy(update={"seed": 4})  # another world
    state = forged.expected.model_copy(update={"state": "0" * 24})
    forged = forged.model_copy(update={"expected": state})
    assert check(forged, toolbox)["replay"].outcome == "fail"
    gates = check(forged, toolbox, differs="built with tzdata 1")
    assert gates["replay"].outcome == "not_comparable"
    assert gates["grounding"].outcome == "pass"
    same = check(rows["stateful"], toolbox, differs="built with tzdata 1")
    assert same["replay"].outcome == "pass"  # equal bytes are equal bytes


# ------------------------------------------------------------------- datasets


def dataset(folder, rows, versions=None):
    writer = Writer(folder, Manifest(command="build", seed=1))
    listed = [row.model_copy(update={"build": "b"}) for row in rows]
    for start in range(0, len(listed), 4):
        writer.write_part(listed[start : start + 4], [], progress={"next": start})
    writer.finish(builds={"b": {"tools": {"packs": ["geography"]}, "versions": versions or {}}})
    return folder


def copies(rows, count):
    """The rows again and again, each under an id of its own."""
    names = list(rows)
    return [rows[names[i % len(names)]].model_copy(update={"id": f"row-{i}"}) for i in range(count)]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_sound_dataset_is_ok_on_any_number_of_workers(workers, rows, tmp_path):
    folder = dataset(tmp_path / "d", copies(rows, 21))
    seen = []
    report = verify_dataset(
        folder,
        small_world.toolbox if workers == 1 else _fresh,
        workers=workers,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert report.ok
    assert report.rows == 21
    assert report.counts["replay"] == {"pass": 18, "not_applicable": 3}
    assert seen[-1] == (21, 21)


_fresh = small_world.toolbox  # a module's function: workers import it


@pytest.mark.parametrize("workers", [1, 2])
def test_a_faulty_row_is_named_with_its_gate(workers, rows, tmp_path):
    faulty = rows["chain"].model_copy(update={"id": "bad", "claims": []})
    folder = dataset(tmp_path / "d", [*copies(rows, 5), faulty])
    report = verify_dataset(folder, small_world.toolbox, workers=workers)
    assert not report.ok
    assert report.failed == 1
    assert [(f.row, f.gate) for f in report.failures] == [("bad", "grounding")]
    assert report.to_json()["gates"]["grounding"]["fail"] == 1


def test_a_row_that_is_there_twice_fails(rows, tmp_path):
    folder = dataset(tmp_path / "d", [rows["single"], rows["single"]])
    report = verify_dataset(folder, small_world.toolbox)
    assert [f.detail for f in report.failures] == ["another row has the same id"]


def test_another_version_makes_failures_not_comparable_and_that_is_not_ok(rows, tmp_path):
    forged = rows["stateful"].model_copy(
        update={"expected": rows["stateful"].expected.model_copy(update={"state": "0" * 24})}
    )
    folder = dataset(tmp_path / "d", [forged, rows["single"]], versions={"holidays": "0.1"})
    report = verify_dataset(folder, small_world.toolbox)
    assert (report.failed, report.incomparable, report.ok) == (0, 1, False)
    assert "holidays 0.1" in report.failures[0].detail


def test_no_dataset_is_one_clear_error(tmp_path):
    with pytest.raises(StoreError, match="not a callwright dataset"):
        verify_dataset(tmp_path, small_world.toolbox)


# ------------------------------------------------------------------ the command


@pytest.fixture
def command(monkeypatch):
    """Runs `callwright verify` over the small world."""
    from callwright.cli import app, verify

    monkeypatch.setattr(verify, "PackToolbox", lambda _packs: small_world.toolbox())
    return partial(CliRunner().invoke, app)


def test_the_command_prints_a_table_and_ends_with_0(command, rows, tmp_path):
    folder = dataset(tmp_path / "d", copies(rows, 7))
    result = command(["verify", str(folder)])
    assert result.exit_code == 0, result.output
    assert "every gate of all 7 rows passes" in result.output


def test_the_command_ends_with_1_and_names_the_row_that_fails(command, rows, tmp_path):
    folder = dataset(tmp_path / "d", [rows["chain"].model_copy(update={"id": "bad", "claims": []})])
    result = command(["verify", str(folder)])
    assert result.exit_code == 1
    assert "bad grounding: fail: no answer states anything from call_3" in result.output
    assert "1 of 1 rows fail" in result.output
    told = command(["verify", str(folder), "--json"])
    assert told.exit_code == 1
    assert '"failed": 1' in told.stdout


def test_the_command_ends_with_2_and_one_line_for_bad_input(command, tmp_path):
    result = command(["verify", str(tmp_path)])
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "not a callwright dataset" in result.stderr


def test_recorded_calls_make_replay_not_applicable(rows, toolbox, monkeypatch):
    function = toolbox.functions["opening_hours"]
    live = dataclasses.replace(function.tool, replay="recorded")
    monkeypatch.setitem(
        toolbox.functions, "opening_hours", dataclasses.replace(function, tool=live)
    )
    tools = [live if tool is function.tool else tool for tool in toolbox.tools()]
    monkeypatch.setattr(toolbox, "tools", lambda: tools)
    row = certify(small_world.single(), toolbox)
    assert row.gates["replay"].outcome == "not_applicable"
    assert row.promises.executed == "recorded"
