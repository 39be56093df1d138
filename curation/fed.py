"""Arguments that earlier results feed: what their sources mean in a result, real or imagined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from callwright.schemas.pointers import PointerError, resolve
from callwright.schemas.reading import Made
from callwright.schemas.record import ResultSource, Rule, SelectedSource, Source
from callwright.schemas.selection import select, value_at
from callwright.schemas.toolbox import Json

Fed = ResultSource | SelectedSource


class Gone(Exception):
    """Under a variation there is no such value: a call fails, or a rule selects nothing."""


def fed_leaves(found: Mapping[str, Sequence[Source]]) -> Iterator[tuple[str, Fed]]:
    """Argument leaves of a call that earlier results feed."""
    for leaf, sources in found.items():
        for source in sources:
            if isinstance(source, ResultSource | SelectedSource):
                yield leaf, source
                break


def looked_up(source: Fed, result: Json) -> Json:
    """The value that `source` means in `result`.

    Raises:
        Gone: there is none.
    """
    return resolve_or_gone(item_of(source, result), source.pointer)


def item_of(source: Fed, result: Json) -> Json:
    """The result, or the item of its list that the rule singles out.

    Raises:
        Gone: there is none.
    """
    if isinstance(source, ResultSource):
        return result
    items = resolve_or_gone(result, source.list)
    index = select(items, source.rule) if isinstance(items, list) else None
    if index is None:
        raise Gone
    return items[index]


def resolve_or_gone(value: Json, pointer: str) -> Json:
    """`pointers.resolve`, but what is missing or null is `Gone`."""
    try:
        found = resolve(value, pointer)
    except PointerError:
        raise Gone from None
    if found is None:
        raise Gone
    return found


def leaf_value(call: Made, leaf: str) -> Json:
    """The argument of `call` at `leaf`.

    Raises:
        Gone: there is none.
    """
    return resolve_or_gone(call.arguments, leaf)


def same_object(one: Fed, other: Fed) -> bool:
    """Two values of one object in one result."""
    if one.call != other.call or type(one) is not type(other):
        return False
    if (
        isinstance(one, SelectedSource)
        and isinstance(other, SelectedSource)
        and (one.list, one.rule) != (other.list, other.rule)
    ):
        return False
    return one.pointer.rpartition("/")[0] == other.pointer.rpartition("/")[0]


def tested(source: Fed) -> bool:
    """Whether the user said a value that the selection tests on."""
    return isinstance(source, SelectedSource) and any(
        test.source is not None for test in source.rule.where
    )


def resolve_or_none(value: Json, pointer: str) -> Json | None:
    """The value at `pointer`, or None."""
    try:
        return resolve_or_gone(value, pointer)
    except Gone:
        return None


def other_choices(source: Fed, result: Json) -> Iterator[Json]:
    """Items that the rule would select, had the user said another value in one of its tests."""
    if not isinstance(source, SelectedSource):
        return
    items = resolve_or_gone(result, source.list)
    for at, test in enumerate(source.rule.where):
        if test.source is None:
            continue
        for item in items:
            tests = list(source.rule.where)
            tests[at] = test.model_copy(update={"value": value_at(item, test.field)})
            index = select(items, Rule(where=tests, take=source.rule.take, by=source.rule.by))
            if index is not None:
                yield items[index]
