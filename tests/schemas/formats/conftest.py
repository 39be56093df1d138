"""What the tests of the formats share: a tool, small conversations, reading and writing a row."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from callwright.schemas.formats import FORMATS, READERS
from callwright.schemas.formats.defects import code_of
from callwright.schemas.formats.exports import Exporter
from callwright.schemas.record import Conversation, Function, Message, ToolCall

TOOL = {
    "name": "weather",
    "description": "Weather in a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city"],
        "additionalProperties": False,
    },
}
WRAPPED = {"type": "function", "function": TOOL}


def read(folder, form, row, **options):
    """One row of a file that holds it alone."""
    path = folder / "rows.jsonl"
    path.write_text(json.dumps(row))
    (made,) = READERS[form](path, **options)
    return made


def beside(folder, name, *rows):
    """A file of JSON lines beside the one that `read` writes."""
    (folder / name).write_text("\n".join(map(json.dumps, rows)))


def codes(row):
    return [code_of(found) for found in row.origin["defects"]]


def user(text="Weather in Oslo?"):
    return Message(role="user", content=text)


def answer(text="Grey."):
    return Message(role="assistant", content=text)


def calls(*arguments, first=1, **more):
    """An assistant's turn with a call for each of `arguments`."""
    made = [
        ToolCall(id=f"call_{number}", function=Function(name="weather", arguments=given))
        for number, given in enumerate(arguments, first)
    ]
    return Message(role="assistant", tool_calls=made, **more)


def result(number=1, text='{"sky":"grey"}'):
    return Message(role="tool", tool_call_id=f"call_{number}", content=text)


def row(*messages, tools=(WRAPPED,), **fields):
    record = {"id": "r1", "scenario": "single", "language": "en", "tools": list(tools)}
    return Conversation(**{**record, "messages": list(messages), **fields})


def single():
    return row(user(), calls({"city": "Oslo"}), result(), answer())


def parallel():
    two = calls({"city": "Oslo"}, {"city": "巴黎", "days": 2})
    return row(user(), two, result(1), result(2, "[1, 2.50]"), answer())


def chain():
    return row(
        Message(role="system", content="Today is Monday."),
        user(),
        calls({"city": "Oslo"}),
        result(),
        calls({"city": "grey", "days": 1}, first=2),
        result(2, "null"),
        answer(),
        user("Thanks!"),
        answer("Welcome."),
    )


def write(form, row):
    """The row in the format, decoded; a refusal as it is."""
    (made,) = Exporter(FORMATS[form]).rows([row])
    return made.refused or json.loads(made.text)


@pytest.fixture(scope="session")
def kit():
    return SimpleNamespace(**{k: v for k, v in globals().items() if callable(v) or k.isupper()})
