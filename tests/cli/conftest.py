"""Fixtures of the command line's tests."""

import pytest
from typer.testing import CliRunner

from callwright.cli import app
from callwright.schemas.record import Conversation, Function, Message, ToolCall, UserSource
from callwright.schemas.store import Manifest, Writer


def make_row(row_id, scenario="single", language="en", **fields):
    call = ToolCall(id="call_1", function=Function(name="find", arguments={"city": "Paris"}))
    messages = [
        Message(role="user", content=f"Find Paris, {row_id}."),
        Message(role="assistant", tool_calls=[call]),
        Message(role="tool", tool_call_id="call_1", content='{"code":"CDG"}'),
        Message(role="assistant", content="It is CDG."),
    ]
    record = {
        "id": row_id,
        "scenario": scenario,
        "language": language,
        "tools": [{"type": "function", "function": {"name": "find"}}],
        "messages": messages,
        "sources": {"call_1": {"/city": [UserSource(message=0, start=5, end=10, form="name")]}},
    }
    return Conversation(**{**record, **fields})


def write(folder, parts, *, finish=True):
    writer = Writer(folder, Manifest(command="build", recipe={}, seed=1, versions={}))
    for rows in parts:
        writer.write_part(rows, [])
    if finish:
        writer.finish()
    return folder


ROWS = [
    make_row("aa11"),
    make_row("aa22", "chain"),
    make_row("bb33", "chain", "zh"),
    make_row("cc44", "dag"),
]


@pytest.fixture(scope="session")
def dataset(tmp_path_factory):
    """Two parts: aa11, aa22 | bb33, cc44."""
    return write(tmp_path_factory.mktemp("data") / "set", [ROWS[:2], ROWS[2:]])


@pytest.fixture(scope="session")
def run():
    """Run the command in this process; gives exit code, stdout, stderr and exception."""
    return lambda *arguments: CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture(scope="session")
def rows():
    """What makes rows and datasets: `rows.make(...)`, `rows.write(...)`."""

    class Kit:
        make = staticmethod(make_row)
        write = staticmethod(write)

    return Kit


@pytest.fixture(scope="session")
def data(run, tmp_path_factory):
    """Rows that were really built, of the default recipe."""
    folder = tmp_path_factory.mktemp("data") / "built"
    recipe = folder.with_suffix(".yaml")
    recipe.write_text("build: {count: 40}\n")
    assert run("build", recipe, "-o", folder, "--workers", 1).exit_code == 0
    return folder


@pytest.fixture(scope="session")
def gold(run, data, tmp_path_factory):
    """Gold's evaluation over them: its folder, and what was printed."""
    folder = tmp_path_factory.mktemp("gold") / "out"
    result = run("evaluate", "--data", data, "--scripted", "gold", "-o", folder)
    assert result.exit_code == 0, result.stderr
    return folder, result.stdout


# --------------------------------------------------------------------- in a browser


@pytest.fixture(scope="session")
def browser(chromium):
    """A real browser, without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
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
        self.text = page.locator("body").inner_text()
        self.paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        ink = "getComputedStyle(document.querySelector('svg text')).fill"
        self.ink = page.evaluate(ink) if self.svgs else None
        self.hidden = page.evaluate("getComputedStyle(document.querySelector('h1')).display")
        context.close()


@pytest.fixture(scope="session")
def visit(browser):
    """Open a page: `visit(file, width)`, `visit(file, width, "dark")`."""
    return lambda *how: Visit(browser, *how)
