"""`callwright pull`: what goes wrong is one line and exit code 2."""

import pytest


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("hf://org", "is no dataset of the Hub"),
        ("somewhere", "is no URL"),
        ("file:///nonexistent/set", "it has no manifest.json; in fact it holds nothing"),
        ("hf://org/none", "no such dataset or version"),
    ],
)
def test_a_source_that_is_none_is_one_line(source, told, run, hub, tmp_path):
    pulled = run("pull", source, "-o", tmp_path / "back")
    assert pulled.exit_code == 2
    (line,) = [line for line in pulled.stderr.splitlines() if line]
    assert line.startswith("callwright: ")
    assert told in line
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_left_alone(run, dataset, tmp_path):
    (tmp_path / "a.txt").write_text("mine")
    pulled = run("pull", dataset.as_uri(), "-o", tmp_path)
    assert pulled.exit_code == 2
    assert "already holds something" in pulled.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_plain_dataset_folder_can_be_pulled(run, dataset, tmp_path):
    pulled = run("pull", dataset.as_uri(), "-o", tmp_path / "back")
    assert pulled.exit_code == 0, pulled.output
    assert "4 rows in" in pulled.stdout
    assert "prove them: callwright verify" in pulled.stdout
    assert (tmp_path / "back/manifest.json").read_bytes() == (
        dataset / "manifest.json"
    ).read_bytes()
