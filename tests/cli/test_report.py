"""`callwright report` writes a page that any browser opens from disk, on a desk and on a phone."""

import json

import pytest

from callwright.schemas.record import Function, Message, ToolCall

HOSTILE = (
    "<script>document.title='owned'</script><img src=http://evil.example/x "
    "onerror=\"document.title='owned'\"><style>*{display:none}</style>"
    "<svg onload=\"document.title='owned'\"></svg><iframe src=http://evil.example></iframe>"
    "</details></article><base href=http://evil.example>"
)


@pytest.fixture(scope="session")
def hostile(rows, tmp_path_factory):
    """A dataset whose rows would rather run something, and whose names are endless."""
    long = "a_name_without_any_space" * 40
    made = []
    for n, text in enumerate((HOSTILE, long, f"{HOSTILE}{long}")):
        call = ToolCall(id="call_1", function=Function(name=text, arguments={text: text}))
        messages = [
            Message(role="user", content=text),
            Message(role="assistant", tool_calls=[call]),
            Message(role="tool", tool_call_id="call_1", content=json.dumps({text: text})),
            Message(role="assistant", content=text),
        ]
        plan = {"steps": [{"call": "call_1", "tool": text}], "topology": text, "length": 1}
        tools = [{"type": "function", "function": {"name": text}}]
        made.append(
            rows.make(
                f"{n}{text}", messages=messages, plan=plan, tools=tools, sources={},
                gates={"form": {"outcome": "fail", "detail": text}},
            )
        )  # fmt: skip
    folder = rows.write(tmp_path_factory.mktemp("hostile") / "set", [made])
    pair = {"between": ["train", "test_seen"], "shared": {"requests": 3}, "must_be_zero": []}
    held_out = {"named": [HOSTILE, long], "tools": [HOSTILE], "topologies": [long]}
    (folder / "leakage.json").write_text(json.dumps([pair]))
    (folder / "split.json").write_text(json.dumps({"held_out": held_out}))
    return folder


def test_the_page_and_its_charts_lie_in_the_dataset(run, rows, tmp_path):
    folder = rows.write(tmp_path / "set", [[rows.make("r1")]])
    result = run("report", folder)
    assert result.exit_code == 0, result.stderr
    charts = len(list((folder / "report").glob("*.png")))
    assert result.stdout == f"{folder / 'report.html'} and {charts} charts in {folder / 'report'}\n"
    assert (folder / "report.html").read_text("utf-8").startswith("<!doctype html>")
    assert run("show", folder).exit_code == 0  # it still is a dataset


def test_two_datasets_share_a_page_in_the_first_one(run, rows, tmp_path):
    one = rows.write(tmp_path / "one", [[rows.make("r1")]])
    two = rows.write(tmp_path / "<two> é", [[rows.make("r2", "chain", "zh")]])
    assert run("report", one, two).exit_code == 0
    assert "&lt;two&gt; é" in (one / "report_beside__two_.html").read_text("utf-8")
    assert not (one / "report.html").exists()


def test_the_page_goes_where_it_is_told(run, dataset, tmp_path):
    assert run("report", dataset, "-o", tmp_path / "page.html").exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"page.html", "page"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "not a callwright dataset"),
        (["DATA", "nowhere"], "not a callwright dataset"),
        (["DATA", "-o", "no/such/page.html"], "cannot write no/such/page"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    run, dataset, tmp_path, monkeypatch, arguments, said
):
    monkeypatch.chdir(tmp_path)
    result = run("report", *(dataset if each == "DATA" else each for each in arguments))
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_unfinished_dataset_is_refused(run, rows, tmp_path):
    folder = rows.write(tmp_path / "set", [[rows.make("r1")]], finish=False)
    result = run("report", folder)
    assert result.exit_code == 2
    assert "is unfinished" in result.stderr


# --------------------------------------------------------------------- in a browser


@pytest.fixture(scope="session")
def pages(hostile, dataset, tmp_path_factory):
    """A page on a harmless dataset, on a hostile one, and on both."""
    from typer.testing import CliRunner

    from callwright.cli import app

    folder = tmp_path_factory.mktemp("pages")
    made = {"plain": [dataset], "hostile": [hostile], "both": [dataset, hostile]}
    for name, folders in made.items():
        arguments = ["report", *map(str, folders), "-o", str(folder / f"{name}.html")]
        assert CliRunner().invoke(app, arguments).exit_code == 0
    return {name: folder / f"{name}.html" for name in made}


@pytest.mark.parametrize("name", ["plain", "hostile", "both"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_browser_asks_for_nothing_complains_of_nothing_and_scrolls_one_way(
    visit, pages, name, width
):
    seen = visit(pages[name], width)
    assert seen.asked == [pages[name].as_uri()]
    assert seen.complaints == []
    assert seen.overflow == 0
    assert seen.svgs >= 10


def test_hostile_rows_are_text_and_nothing_else(visit, pages):
    seen = visit(pages["hostile"], 390)
    assert seen.title == "set"
    assert seen.hidden == "block"
    assert "<script>document.title='owned'</script>" in seen.text


def test_at_night_paper_and_charts_change_together(visit, pages):
    day, night = (visit(pages["plain"], 390, scheme) for scheme in ("light", "dark"))
    assert day.paper == "rgb(255, 255, 255)"
    assert day.paper != night.paper
    assert day.ink != night.ink
