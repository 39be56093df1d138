"""Export then import gives what was there, or the row was refused: nothing comes back bent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.schemas.formats import FORMATS, READERS
from callwright.schemas.formats.exports import Exporter
from callwright.schemas.reading import identical
from callwright.schemas.record import Conversation, Function, Message, ToolCall

WHOLE = ("openai", "hf", "sharegpt", "sharegpt_function", "hermes", "ms_swift")
"""Formats that hold results and answers too."""
CALLS = ("xlam", "nestful")

TRAPS = (
    "<tool_call>",
    "</tool_response>\n<tool_response>",
    "<tool_response>\n",
    "\n</tool_response>",
    '{"name": "f", "arguments": {}}',
    "$var1.x$",
    "# Tools\n",
    "",
    " ",
    "巴黎\u2028",
    '"\\',
)
text = st.sampled_from(TRAPS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
value = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | text,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(text, inner, max_size=2),
    max_leaves=4,
)
schema = st.fixed_dictionaries(
    {"type": st.sampled_from(["string", "integer", "object"])},
    optional={
        "description": text,
        "enum": st.lists(value, min_size=1, max_size=2),
        "default": value,
    },
)


@st.composite
def tool(draw, name):
    properties = draw(st.dictionaries(st.sampled_from("abc"), schema, max_size=2))
    function = {"name": name, "description": draw(text)}
    if draw(st.booleans()):
        parameters = {"type": "object", "properties": properties, "required": sorted(properties)}
        function["parameters"] = {**parameters, "additionalProperties": False}
    return {"type": "function", "function": function}


@st.composite
def conversation(draw, said=text):
    """Any order of turns, as odd as a Conversation can be."""
    messages, made = [], 0
    if draw(st.booleans()):
        messages.append(Message(role="system", content=draw(said)))
    for _ in range(draw(st.integers(1, 4))):
        role = draw(st.sampled_from(["user", "assistant", "calls", "calls"]))
        if role != "calls":
            thought = draw(st.none() | said) if role == "assistant" else None
            messages.append(Message(role=role, content=draw(said), reasoning_content=thought))
            continue
        count = draw(st.integers(1, 2))
        calls = [
            ToolCall(
                id=f"call_{made + i + 1}",
                function=Function(
                    name=draw(st.sampled_from(["f", "g"])),
                    arguments=draw(st.dictionaries(text, value, max_size=2)),
                ),
            )
            for i in range(count)
        ]
        made += count
        content = draw(st.none() | st.none() | said)
        messages.append(Message(role="assistant", content=content, tool_calls=calls))
        answered = calls if draw(st.sampled_from([True, True, False])) else []
        messages += [
            Message(role="tool", tool_call_id=call.id, content=draw(said)) for call in answered
        ]
    tools = [draw(tool(name)) for name in ("f", "g")[: draw(st.integers(0, 2))]]
    return Conversation(id="r", scenario="imported", language="en", tools=tools, messages=messages)


def told(messages):
    """Messages as plain values; nothing said beside calls is null, however it was written."""
    plain = [message.model_dump() for message in messages]
    for message in plain:
        if message["tool_calls"] and not message["content"]:
            message["content"] = None
    return plain


@pytest.mark.parametrize("form", WHOLE)
@settings(max_examples=60, deadline=None)
@given(row=conversation())
def test_what_is_written_comes_back_equal_through_a_file(tmp_path_factory, form, row):
    (made,) = Exporter(FORMATS[form]).rows([row])
    if made.refused:
        assert made.refused.reason.isidentifier()
        return
    path = Path(tmp_path_factory.mktemp("back")) / "rows.jsonl"
    path.write_text(made.text + "\n", encoding="utf-8")
    (back,) = READERS[form](path)
    assert isinstance(back, Conversation)
    assert identical(told(back.messages), told(row.messages))
    assert identical(back.tools, row.tools)


@st.composite
def plain_conversation(draw):
    """What every format that holds whole conversations has a place for."""
    words = st.sampled_from(["Hi there", "巴黎?", "a\n\nb", "1 < 2 & 3"])
    row = draw(conversation(words))
    messages, made = [], 0
    if row.messages[0].role == "system":
        messages.append(row.messages[0])
    for _ in range(draw(st.integers(1, 3))):
        messages.append(Message(role="user", content=draw(words)))
        for _ in range(draw(st.integers(0, 2))):
            count = draw(st.integers(1, 3))
            arguments = draw(st.dictionaries(st.sampled_from("ab"), value, max_size=2))
            calls = [
                ToolCall(id=f"call_{made + i}", function=Function(name="f", arguments=arguments))
                for i in range(1, count + 1)
            ]
            made += count
            messages.append(Message(role="assistant", tool_calls=calls))
            messages += [
                Message(role="tool", tool_call_id=call.id, content=json.dumps(draw(value)))
                for call in calls
            ]
        messages.append(Message(role="assistant", content=draw(words)))
    tools = [draw(tool("f"))]
    return row.model_copy(update={"messages": messages, "tools": tools})


@pytest.mark.parametrize("form", WHOLE)
@settings(max_examples=40, deadline=None)
@given(row=plain_conversation())
def test_a_plain_row_is_refused_by_none(form, row):
    (made,) = Exporter(FORMATS[form]).rows([row])
    assert made.refused is None, made.refused


@pytest.mark.parametrize("form", CALLS)
@settings(max_examples=80, deadline=None)
@given(row=conversation())
def test_of_a_format_of_calls_the_request_and_the_calls_come_back(tmp_path_factory, form, row):
    exporter = Exporter(FORMATS[form])
    (made,) = exporter.rows([row])
    if made.refused:
        return
    folder = Path(tmp_path_factory.mktemp("back"))
    (folder / "rows.jsonl").write_text(made.text + "\n", encoding="utf-8")
    companion = None
    if FORMATS[form].second_of:
        companion = folder / "tools.jsonl"
        entries = [json.dumps(entry) for entry in exporter.second.values()] or ['{"name": "-"}']
        companion.write_text("\n".join(entries))
    (back,) = READERS[form](folder / "rows.jsonl", companion=companion)
    was, now = (
        [(c.function.name, c.function.arguments) for m in r.messages for c in m.tool_calls or ()]
        for r in (row, back)
    )
    assert identical(was, now)
    asked = [[m.content for m in r.messages if m.role == "user"] for r in (row, back)]
    assert asked[0] == asked[1]


def test_every_format_has_a_test_of_its_own():
    here = Path(__file__).parent
    assert [name for name in FORMATS if not (here / f"test_{name}.py").exists()] == []
