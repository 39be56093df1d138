"""Fixtures that several test files of the store share."""

from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest

from callwright.schemas.record import Conversation, Function, Message, Rejection, ToolCall
from callwright.schemas.store import Manifest, Writer

PLAN = Manifest(command="build", recipe={"rows": 6}, seed=7, versions={"callwright": "0.1.0"})


def make_row(index=0, arguments=None, **fields):
    function = Function(name="find", arguments={"city": "巴黎"} if arguments is None else arguments)
    messages = [
        Message(role="user", content=f"Find {index}"),
        Message(role="assistant", tool_calls=[ToolCall(id="call_1", function=function)]),
        Message(role="tool", tool_call_id="call_1", content='{"code":"CDG"}'),
    ]
    record = {
        "id": f"r{index}",
        "scenario": "single",
        "language": "en",
        "tools": [{"type": "function", "function": {"name": "find"}}],
        "messages": messages,
        "seed": index,
    }
    return Conversation(**{**record, **fields})


def reject(reason="duplicate"):
    return Rejection(stage="dedup", reason=reason, detail="of r1", row={"id": "x", "a": None})


def write_three_parts(writer, start=0, stop=3):
    for number in range(start, stop):
        rows = [make_row(2 * number), make_row(2 * number + 1, language="zh")]
        writer.write_part(rows, [reject()], progress={"next": number + 1})


def make_dataset(folder):
    writer = Writer(folder, PLAN)
    write_three_parts(writer)
    writer.finish(builds={"b1": {"packs": ["travel"]}})
    return folder


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


def edit_manifest(folder, **fields):
    path = folder / "manifest.json"
    path.write_bytes(orjson.dumps({**orjson.loads(path.read_bytes()), **fields}))


@pytest.fixture(scope="session")
def kit():
    """What the tests of the store write: rows, rejects, a small dataset, and a look at files."""
    return SimpleNamespace(
        PLAN=PLAN,
        make_row=make_row,
        reject=reject,
        write_three_parts=write_three_parts,
        make_dataset=make_dataset,
        files=files,
        edit_manifest=edit_manifest,
    )
