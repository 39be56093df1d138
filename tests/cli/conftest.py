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


@pytest.fixture
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
