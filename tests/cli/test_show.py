"""`callwright show` finds the row that is meant, and says so when there is none."""

import json

import pytest


def test_the_first_row_is_shown_with_where_each_argument_comes_from(run, dataset):
    text = run("show", dataset).stdout
    assert text.startswith("aa11")
    assert 'city: "Paris"  ← user: “Paris” (name)' in text


def test_an_id_is_found_by_how_it_begins_in_whatever_part_it_lies(run, dataset):
    assert run("show", dataset, "bb").stdout.startswith("bb33")
    assert run("show", dataset, "cc44").stdout.startswith("cc44")


def test_an_id_that_several_begin_with_names_them(run, dataset):
    result = run("show", dataset, "aa")
    assert result.exit_code == 2
    assert "2 ids begin with 'aa': aa11, aa22" in result.stderr


def test_an_id_that_is_whole_is_found_though_another_begins_with_it(run, rows, tmp_path):
    folder = rows.write(tmp_path / "set", [[rows.make("r1"), rows.make("r10")]])
    assert run("show", folder, "r1").stdout.startswith("r1 ")


def test_an_unknown_id_names_the_nearest(run, dataset):
    result = run("show", dataset, "bb34")
    assert result.exit_code == 2
    assert "nearest id is bb33" in result.stderr


def test_a_scenario_without_rows_names_those_there_are(run, dataset):
    result = run("show", dataset, "--scenario", "parallel")
    assert result.exit_code == 2
    assert "'parallel'; it has: chain, dag, single" in result.stderr


def test_scenario_and_language_narrow_what_is_shown(run, dataset):
    assert run("show", dataset, "--scenario", "chain").stdout.startswith("aa22")
    both = run("show", dataset, "--scenario", "chain", "--language", "zh")
    assert both.stdout.startswith("bb33")
    none = run("show", dataset, "--scenario", "dag", "--language", "zh")
    assert "'zh' in scenario dag; it has: en" in none.stderr


def test_a_seed_picks_the_same_rows_again(run, dataset):
    again = {run("show", dataset, "--random", "--seed", 7, "--json").stdout for _ in range(3)}
    assert len(again) == 1


def test_without_a_seed_every_row_gets_its_turn(run, rows, tmp_path):
    folder = rows.write(tmp_path / "set", [[rows.make("r1"), rows.make("r2")]])
    seen = {run("show", folder, "--random").stdout.split()[0] for _ in range(40)}
    assert seen == {"r1", "r2"}  # fails once in 2**39


def test_json_is_the_row_as_stored_one_a_line(run, dataset):
    lines = run("show", dataset, "--count", 9, "--json").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["aa11", "aa22", "bb33", "cc44"]


def test_json_of_a_hostile_row_means_the_same_and_cannot_act_on_a_terminal(run, rows, tmp_path):
    hostile = "\x1b[2J\x9b \u202e\U000e0041\x7f巴黎"
    row = rows.make(
        "r1", messages=[{"role": "user", "content": hostile}], sources={}, scenario="irrelevant"
    )
    text = run("show", rows.write(tmp_path / "set", [[row]]), "--json").stdout
    assert json.loads(text)["messages"][0]["content"] == hostile
    assert not set(text) & set(hostile) - set("[2J 巴黎")


def test_html_writes_a_page_of_the_rows(run, dataset, tmp_path):
    file = tmp_path / "rows.html"
    result = run("show", dataset, "--count", 2, "--html", file)
    assert result.stdout == f"2 of 4 rows in {file}\n"
    assert file.read_text("utf-8").count("<article") == 2


def test_a_page_that_cannot_be_written_is_said_in_one_line(run, dataset, tmp_path):
    result = run("show", dataset, "--html", tmp_path / "no" / "rows.html")
    assert result.exit_code == 2
    assert "cannot write" in result.stderr


@pytest.mark.parametrize(
    "options", [["--html", "x", "--json"], ["--seed", 1], ["aa11", "--random"]], ids=str
)
def test_options_that_contradict_each_other_are_refused(run, dataset, options):
    result = run("show", dataset, *options)
    assert result.exit_code == 2
    assert result.stderr.startswith("callwright: ")


def test_an_unfinished_dataset_shows_what_it_has(run, rows, tmp_path):
    folder = rows.write(tmp_path / "set", [[rows.make("r1")]], finish=False)
    assert run("show", folder).stdout.startswith("r1")


def test_an_empty_dataset_says_that_it_is_empty(run, rows, tmp_path):
    result = run("show", rows.write(tmp_path / "set", []))
    assert result.exit_code == 2
    assert "has no rows" in result.stderr


def test_a_long_result_is_cut_and_says_so(run, rows, tmp_path):
    listed = json.dumps([{"text": "x" * 80, "number": n} for n in range(50)])
    messages = [{"role": "tool", "tool_call_id": "call_1", "content": listed}]
    row = rows.make("r1", messages=messages, sources={})
    text = run("show", rows.write(tmp_path / "set", [[row]])).stdout
    assert "more lines" in text
    assert '"number": 49' not in text
