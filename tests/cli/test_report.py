"""`callwright report` writes a page that any browser opens from disk, on a desk and on a phone."""

import json
import shutil

import pytest

from callwright.schemas.record import Function, Message, ToolCall

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
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
def browser():
    """A real browser, without a window."""
    pytest.importorskip("playwright", reason="playwright is not installed")
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} is installed")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield opened
        opened.close()


class Visit:
    """One page, opened from disk: what it asked for, what it complained of, how wide it is."""

    def __init__(self, browser, file, width, scheme="light"):
        size = {"width": width, "height": 844}
        context = browser.new_context(viewport=size, color_scheme=scheme)
        page = context.new_page()
        self.asked, self.complaints = [], []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(file.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        self.title = page.title()
        self.overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        self.svgs = page.locator("svg").count()
        self.seen = page.locator("body").inner_text()
        self.paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        ink = "getComputedStyle(document.querySelector('svg text')).fill"
        self.ink = page.evaluate(ink) if self.svgs else None
        self.hidden = page.evaluate("getComputedStyle(document.querySelector('h1')).display")
        context.close()


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
    browser, pages, name, width
):
    visit = Visit(browser, pages[name], width)
    assert visit.asked == [pages[name].as_uri()]
    assert visit.complaints == []
    assert visit.overflow == 0
    assert visit.svgs >= 10


def test_hostile_rows_are_text_and_nothing_else(browser, pages):
    visit = Visit(browser, pages["hostile"], 390)
    assert visit.title == "set"
    assert visit.hidden == "block"
    assert "<script>document.title='owned'</script>" in visit.seen


def test_at_night_paper_and_charts_change_together(browser, pages):
    day, night = (Visit(browser, pages["plain"], 390, scheme) for scheme in ("light", "dark"))
    assert day.paper == "rgb(255, 255, 255)"
    assert day.paper != night.paper
    assert day.ink != night.ink
