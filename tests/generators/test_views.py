"""The same tools under other signatures: what is shown leads back, and all works through it."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from callwright.cli.toolset import Toolset
from callwright.curation.features import features
from callwright.curation.verify import certify, check
from callwright.generators.build import Job, build
from callwright.generators.execution import PackToolbox
from callwright.generators.maker import Maker
from callwright.generators.packs import PACK_NAMES
from callwright.generators.recipe import BuildSection, ToolsSection, ViewsSection
from callwright.generators.views.dressing import MASKS, Wardrobe
from callwright.generators.views.houses import HOUSES, Dress, House, masked
from callwright.generators.views.naming import names, pack_names
from callwright.schemas.canonical import canonical_text
from callwright.schemas.pointers import leaves, resolve
from callwright.schemas.record import Conversation, Function, View
from callwright.schemas.store import open_dataset
from callwright.schemas.toolbox import Tool
from callwright.schemas.validation import accepts
from callwright.schemas.views import (
    argument_pointer,
    arguments_in,
    arguments_out,
    fields_of,
    for_row,
    real_call,
    result_in,
    result_out,
    result_pointer,
    shown_tool,
    shown_tools,
    tool_behind,
    tool_of,
)

OPENAI_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


@cache
def toolbox() -> PackToolbox:
    return PackToolbox()


@cache
def examples() -> list[tuple[Tool, dict[str, Any], Any]]:
    """A call of every tool that really succeeds: tool, arguments, result."""
    tools = Toolset()
    found = [(tool, tools.example(tool)) for tool in tools.toolbox.tools()]
    return [(t, e.arguments, e.result.value) for t, e in found if e and e.result.failure is None]


def dresses(tool: Tool) -> Iterator[Dress]:
    """Every way in which a tool may be offered."""
    of_pack = [other for other in toolbox().tools() if other.pack == tool.pack]
    for number in range(HOUSES):
        for may_hide in (False, True):
            yield House(tool.pack, number, of_pack).dress(tool, (), may_hide=may_hide)
    yield masked(tool, 3, MASKS[0])


@cache
def all_dresses() -> list[tuple[Tool, dict[str, Any], Any, list[Dress]]]:
    """Tool, arguments and result of an example, and its dresses (houses made once a pack)."""
    houses = {
        pack: [
            House(pack, number, [t for t in toolbox().tools() if t.pack == pack])
            for number in range(HOUSES)
        ]
        for pack in PACK_NAMES
    }
    return [
        (
            tool,
            arguments,
            value,
            [
                *(
                    house.dress(tool, arguments, may_hide=hide)
                    for house in houses[tool.pack]
                    for hide in (False, True)
                ),
                masked(tool, 3, MASKS[0]),
            ],
        )
        for tool, arguments, value in examples()
    ]


@pytest.fixture(scope="module")
def dressed(tmp_path_factory: pytest.TempPathFactory) -> list[Conversation]:
    """160 rows, all of them with views."""
    folder: Path = tmp_path_factory.mktemp("views") / "out"
    section = BuildSection(count=160, views=ViewsSection(share=1, masked=0.4))
    build(Job(section, ToolsSection(), 4, certify), folder, {})
    return list(open_dataset(folder).rows())


def _called(row: Conversation) -> list[Function]:
    return [call.function for m in row.messages for call in m.tool_calls or ()]


def _is_masked(row: Conversation) -> bool:
    heads = {function for function, _ in MASKS}
    return all(name.rpartition("_")[0] in heads for name in row.views)


# --------------------------------------------------------------- there and back


def test_every_tool_has_an_example() -> None:
    assert len(examples()) == len(toolbox().tools())


def test_arguments_and_results_of_every_tool_come_back_from_every_view() -> None:
    for tool, arguments, value, ways in all_dresses():
        for dress in ways:
            shown = arguments_out(dress.view, arguments)
            assert arguments_in(dress.view, shown) == arguments, (tool.name, dress)
            back = result_in(dress.view, result_out(dress.view, value))
            assert orjson.dumps(back) == orjson.dumps(value), (tool.name, dress)


def test_what_is_shown_is_valid_under_the_shown_schemas_and_stands_where_pointers_say() -> None:
    for tool, arguments, value, ways in all_dresses():
        for dress in {repr(dress): dress for dress in ways}.values():
            other = shown_tool(dress.name, dress.view, tool)
            shown = arguments_out(dress.view, arguments)
            assert accepts(other.takes, shown), (tool.name, dress)
            assert accepts(other.gives, result_out(dress.view, value)), (tool.name, dress)
            for name in arguments:
                at = argument_pointer(dress.view, f"/{name}")
                assert at in dress.view.parameters
            seen = result_out(dress.view, value)
            for pointer, leaf in leaves(value):
                assert resolve(seen, result_pointer(dress.view, pointer)) == leaf


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["a", "order_id", "orderId", "data", "options", "arg_1", "error"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(st.data())
def test_whatever_a_model_says_is_read_without_a_fault(data: st.DataObject) -> None:
    tool, _, _, ways = data.draw(st.sampled_from(all_dresses()))
    dress = data.draw(st.sampled_from(ways))
    said = data.draw(st.dictionaries(st.text(max_size=4), JSON, max_size=3) | JSON)
    arguments = said if isinstance(said, dict) else {"order_id": said}
    arguments_in(dress.view, arguments)
    result_in(dress.view, said)
    assert result_in(dress.view, result_out(dress.view, {})) == {}
    assert tool.name == dress.view.tool


def test_houses_are_unlike_each_other_and_some_tools_keep_their_names() -> None:
    tool = toolbox().functions["list_orders"].tool
    shown = [shown_tool(d.name, d.view, tool) for d in dresses(tool)]
    assert len({json.dumps([t.name, t.parameters, t.returns]) for t in shown}) >= HOUSES
    kept = [name for tool in toolbox().tools()[::9] for name in _kept(tool)]
    assert kept


def _kept(tool: Tool) -> list[str]:
    return [dress.name for dress in dresses(tool) if dress.name == tool.name]


def test_a_packs_file_names_all_its_tools_and_no_name_means_two() -> None:
    own = {tool.name for tool in toolbox().tools()}
    found: list[str] = []
    for pack in PACK_NAMES:
        known = pack_names(pack)
        tools = {tool.name: tool for tool in toolbox().tools() if tool.pack == pack}
        assert known.tools.keys() in (tools.keys(), set())
        parameters = {name for tool in tools.values() for name in tool.parameters["properties"]}
        assert known.parameters.keys() <= parameters
        found += [name for others in known.tools.values() for name in others]
    assert len(set(found)) == len(found), "a name that means two tools"
    assert not own & set(found), "the name of another tool"
    assert all(OPENAI_NAME.fullmatch(name) for name in found)


def test_shared_names_name_parameters_that_tools_have() -> None:
    parameters = {name for tool in toolbox().tools() for name in tool.parameters["properties"]}
    fields = {name for tool in toolbox().tools() for name in fields_of(tool)}
    assert names().parameters.keys() <= parameters
    assert not names().both.keys() & names().parameters.keys()
    assert names().both.keys() <= parameters | fields
    for partners in names().together:
        assert partners[0] in parameters


# ------------------------------------------------------------------------ rows


def test_every_gate_passes_or_does_not_apply_and_is_proven_again(
    dressed: list[Conversation],
) -> None:
    for row in dressed:
        assert row.views.keys() == {tool["function"]["name"] for tool in row.tools}
        for name, gate in check(row, toolbox()).items():
            assert gate.outcome in ("pass", "not_applicable"), (row.id, name, gate.detail)


def test_masked_rows_say_no_real_name_of_a_tool_or_parameter(dressed: list[Conversation]) -> None:
    masked_rows = [row for row in dressed if _is_masked(row)]
    assert len(masked_rows) > 30
    for row in masked_rows:
        shown = json.dumps([row.tools, [m.model_dump() for m in row.messages]], ensure_ascii=False)
        words = set(re.findall(r"[A-Za-z0-9_]+", shown))
        for name, view in row.views.items():
            real = {view.tool, *view.parameters.values()}
            telling = {word for word in real if "_" in word}
            assert not telling & words, (row.id, name)
        for call in _called(row):
            view = row.views[call.name]
            assert not call.arguments.keys() & set(view.parameters.values())


def test_a_call_under_the_tools_own_name_or_parameters_is_refused(
    dressed: list[Conversation],
) -> None:
    tried = 0
    for row in dressed:
        for shown in _called(row)[:1]:
            session = for_row(toolbox(), row).open(row.seed)
            real = real_call(row.views, shown)
            first = next(m.content for m in row.messages if m.role == "tool")
            assert session.call(shown.name, shown.arguments).content == first
            if real.name not in row.views:
                assert session.call(real.name, real.arguments).failure == "invalid_arguments"
                tried += 1
            if real.arguments != shown.arguments:
                told = session.call(shown.name, real.arguments)
                assert told.failure == "invalid_arguments"
                assert shown.name in told.content
    assert tried > 100


def test_a_tool_looked_up_by_name_is_the_one_among_all_that_are_shown(
    dressed: list[Conversation],
) -> None:
    real = {tool.name: tool for tool in toolbox().tools()}
    for row in dressed[:40]:
        shown = {tool.name: tool for tool in shown_tools(row.views, real.values())}
        assert real.keys() - shown.keys()
        for name in (*real, *row.views, "no_such_tool"):
            assert tool_behind(name, row.views, real) is shown.get(name)


def test_plan_and_comparison_speak_of_the_tools_themselves(dressed: list[Conversation]) -> None:
    own = {tool.name for tool in toolbox().tools()}
    table = features(dressed)
    for row, flat in zip(dressed, table.iter_rows(named=True), strict=True):
        assert set(row.plan.sequence) <= own
        assert flat["sequence"] == " > ".join(row.plan.sequence)
        assert set(flat["offered"]) <= own
        for call in row.plan.steps:
            assert call.tool in own


def test_a_row_and_its_dressed_twin_are_the_same_to_deduplication() -> None:
    plain, shown = (_rows(share) for share in (0.0, 1.0))
    assert [canonical_text(row) for row in plain] == [canonical_text(row) for row in shown]
    columns = ["text", "calls", "results", "sequence", "called", "offered", "skeleton"]
    assert features(plain).select(columns).equals(features(shown).select(columns))
    assert any(
        a.messages != b.messages and tool_of(b.views, _called(b)[0].name) == _called(a)[0].name
        for a, b in zip(plain, shown, strict=True)
        if _called(a)
    )


def _rows(share: float) -> list[Conversation]:
    """Rows of one recipe, certified plain; then dressed or not."""
    plain = _plain()
    wardrobe = Wardrobe(toolbox().tools(), ViewsSection(share=share))
    return [wardrobe.dress(row) for row in plain]


def _made(section: BuildSection, count: int) -> list[Conversation]:
    maker = Maker(section, ToolsSection(), 8, "b", certify)
    return [
        next(row for _, row in maker.attempts(index) if isinstance(row, Conversation))
        for index in range(count)
    ]


@cache
def _plain() -> list[Conversation]:
    return _made(BuildSection(views=ViewsSection(share=0)), 60)


def test_errors_are_told_in_the_shown_names() -> None:
    """A call that fails, dressed, is what the tool under its view really answers."""
    singles = BuildSection(views=ViewsSection(share=0), scenarios={"single": 1})
    plain = next(row for row in _made(singles, 9) if _called(row)[0].arguments)
    call = _called(plain)[0]
    tool = toolbox().functions[call.name].tool
    name = next(iter(tool.parameters["required"]))
    wrong = {**call.arguments, name: ["?"]}
    answer = toolbox().open(plain.seed).call(call.name, wrong)
    assert answer.failure == "invalid_arguments"
    messages = [
        message.model_copy(
            update={"content": answer.content}
            if message.role == "tool"
            else {
                "tool_calls": message.tool_calls
                and [
                    message.tool_calls[0].model_copy(
                        update={"function": Function(name=call.name, arguments=wrong)}
                    )
                ]
            }
        )
        for message in plain.messages
    ]
    failing = plain.model_copy(
        update={
            "messages": messages,
            "claims": [],
            "sources": {},
            "expected": plain.expected.model_copy(update={"outputs": []}),
        }
    )
    wardrobe = Wardrobe(toolbox().tools(), ViewsSection(share=1, masked=1))
    shown = wardrobe.dress(failing)
    made = _called(shown)[0]
    again = for_row(toolbox(), shown).open(shown.seed).call(made.name, made.arguments)
    told = next(m.content for m in shown.messages if m.role == "tool")
    assert again.content == told
    assert call.name not in str(told)


def test_what_other_rows_are_does_not_depend_on_the_share() -> None:
    some = _rows(0.5)
    for row, plain in zip(some, _plain(), strict=True):
        assert row == plain or row.views
    assert 10 < sum(bool(row.views) for row in some) < 50


def test_a_view_that_does_not_fit_its_tool_fails_and_says_where(
    dressed: list[Conversation],
) -> None:
    row = next(row for row in dressed if _called(row) and _called(row)[0].arguments)
    name = _called(row)[0].name
    view = row.views[name]
    at = next(iter(view.parameters))
    wrong = view.model_copy(update={"parameters": {**view.parameters, at: "no_such"}})
    gates = check(row.model_copy(update={"views": {**row.views, name: wrong}}), toolbox())
    assert f"the view {name} does not fit {view.tool}: no parameter no_such" in (
        gates["form"].detail or ""
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"parameters": {"order": "a", "/b": "c"}},
        {"parameters": {"/a": "x", "/a/b": "y"}},
        {"parameters": {"/a": "x", "/b": "x"}},
        {"fields": {"a": "x", "b": "x"}},
        {"data": "result"},
        {"data": "error", "around": {"error": None}},
    ],
)
def test_a_view_that_leads_nowhere_is_no_part_of_a_record(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        View.model_validate({"tool": "t", **wrong})


def test_views_of_a_row_follow_from_its_id_alone() -> None:
    rows = _plain()
    once = Wardrobe(toolbox().tools(), ViewsSection(share=1))
    again = Wardrobe(PackToolbox().tools(), ViewsSection(share=1))
    order = list(range(len(rows)))
    random.Random(1).shuffle(order)
    first = {i: once.dress(rows[i]) for i in order}
    assert all(again.dress(row) == first[i] for i, row in enumerate(rows))
