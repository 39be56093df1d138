"""A made call beside the wanted one: what differs, and where it should have come from."""

from __future__ import annotations

from typing import Any

import pytest

from callwright.generators.execution import PackToolbox
from callwright.schemas.record import (
    Conversation,
    Function,
    ResultSource,
    SelectedSource,
    UserSource,
)
from callwright.training.call_diff import LONGEST, MOST_ARGUMENTS, diff
from callwright.training.wanted import Key, Wanted, keys


@pytest.fixture(scope="module")
def known(rows: list[Conversation], toolbox: PackToolbox) -> dict[str, Key]:
    return keys(rows, toolbox.tools())


def first(known: dict[str, Key], source: str) -> tuple[Key, Wanted, str]:
    """The first wanted call with an argument from `source`, and its name."""
    for key in known.values():
        for call in key.calls:
            for pointer, origin in call.origins.items():
                if origin == source and pointer.count("/") == 1:
                    return key, call, pointer.removeprefix("/")
    raise AssertionError(f"no argument from {source}")


def changed(call: Wanted, name: str, value: Any) -> Function:
    return Function(name=call.name, arguments={**call.example, name: value})


@pytest.mark.parametrize("source", ["user", "result", "selected"])
def test_the_argument_that_differs_names_its_source(known: dict[str, Key], source: str) -> None:
    key, call, name = first(known, source)
    found = diff(key.row, call, changed(call, name, "something else"))
    (wrong,) = [one for one in found.arguments if one.verdict != "equal"]
    assert (wrong.name, wrong.verdict, wrong.made) == (name, "different", '"something else"')
    place = key.row.sources[call.id][f"/{name}"][0]
    if isinstance(place, UserSource):
        said = (key.row.messages[place.message].content or "")[place.start : place.end]
        assert f"user: “{said}”" in wrong.origin
    else:
        assert isinstance(place, ResultSource | SelectedSource)
        tool = next(wanted.name for wanted in key.calls if wanted.id == place.call)
        assert wrong.origin.startswith(f"result of {tool}: {place.call} /")


def test_each_argument_is_equal_different_missing_or_superfluous(known: dict[str, Key]) -> None:
    key, call = next(
        (key, call)
        for key in known.values()
        for call in key.calls
        if len(call.example) >= 3 and call.flat
    )
    one, two, *_ = call.example
    made = changed(call, two, ["no such thing"])
    made.arguments.pop(one)
    made.arguments["made_up"] = 7
    verdicts = {a.name: a.verdict for a in diff(key.row, call, made).arguments}
    # A list where a value was wanted stands at another place: nothing is there, and one too many.
    assert verdicts[one] == "missing"
    assert verdicts["made_up"] == "superfluous"
    assert verdicts[two] in ("different", "missing")
    for name in call.example.keys() - {one, two}:
        assert verdicts[name] == "equal"


def test_gold_beside_itself_is_equal_throughout(known: dict[str, Key]) -> None:
    for key in known.values():
        for call in key.calls:
            found = diff(key.row, call, Function(name=call.name, arguments=call.example))
            assert {a.verdict for a in found.arguments} <= {"equal"}
            assert all(a.gold == a.made for a in found.arguments)


def test_calls_of_two_tools_have_nothing_in_common(known: dict[str, Key]) -> None:
    key, call, name = first(known, "user")
    found = diff(key.row, call, Function(name="other", arguments={name: call.example[name]}))
    assert found.title == f"wanted {call.name} ({call.id}), called other"
    assert [a.verdict for a in found.arguments if a.name == name] == ["missing", "superfluous"]


def test_whatever_a_model_writes_is_cut(known: dict[str, Key]) -> None:
    key, call, _ = first(known, "user")
    long = "x" * 100_000
    more = {f"{long}{n}": long for n in range(100)}
    made = Function(name=long, arguments=more)
    for found in (diff(key.row, call, made), diff(key.row, None, made)):
        assert len(found.arguments) == MOST_ARGUMENTS
        assert found.hidden >= 100 - MOST_ARGUMENTS
        words = [found.title, *(t for a in found.arguments for t in (a.name, a.made or ""))]
        assert max(map(len, words)) < LONGEST + 100
        assert "(100,000 characters)" in found.title
    mixed = diff(key.row, call, Function(name=call.name, arguments={**call.example, **more}))
    assert mixed.hidden > 0
    assert mixed.arguments[0].verdict == "superfluous"  # what differs is shown first
