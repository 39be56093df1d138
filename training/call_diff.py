"""A wanted call beside the one that was made, argument by argument."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from callwright.schemas.display_lines import compact
from callwright.schemas.display_sources import in_words
from callwright.schemas.record import Conversation, Function, ResultSource, SelectedSource, Source
from callwright.training.extraction import extract
from callwright.training.wanted import Wanted, argument_leaves

Verdict = Literal["equal", "different", "missing", "superfluous"]

SIGNS: dict[Verdict, str] = {"equal": "=", "different": "≠", "missing": "−", "superfluous": "+"}
_VERDICTS: dict[str, Verdict] = {"wrong": "different", "missing": "missing", "extra": "superfluous"}

LONGEST = 240
"""Characters of a value or a name that are shown; models write anything."""
MOST_ARGUMENTS = 24
"""Arguments of a call that are shown, those that are not equal first."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One leaf of the arguments."""

    name: str
    """Its JSON pointer, without the first slash."""
    verdict: Verdict
    gold: str | None
    """JSON text, cut; None where nothing was wanted there."""
    made: str | None
    """Likewise; None where nothing was said."""
    comes_from: tuple[str, ...] = ()
    """Where the wanted value is to be read, in words."""
    sources: tuple[Source, ...] = ()

    @property
    def origin(self) -> str:
        """Where it should have come from."""
        if self.verdict == "superfluous":
            return "nobody wanted it"
        if self.gold is None:
            return ""
        return cut("; ".join(self.comes_from)) or "not recorded"


@dataclass(frozen=True, slots=True)
class CallDiff:
    """One pair of calls, or one of the two alone."""

    call: str | None
    """Id of the gold call."""
    gold: str | None
    """Name of the wanted tool."""
    made: str | None
    """Name of the called tool, cut."""
    arguments: tuple[Argument, ...]
    hidden: int = 0
    """Arguments that are not shown."""

    @property
    def title(self) -> str:
        """What the two calls are to each other."""
        if self.gold is None:
            return f"called, but not wanted: {self.made}"
        if self.made is None:
            return f"wanted, but not called: {self.gold} ({self.call})"
        if self.made != self.gold:
            return f"wanted {self.gold} ({self.call}), called {self.made}"
        return f"{self.gold} ({self.call})"


def diff(row: Conversation, wanted: Wanted | None, made: Function | None) -> CallDiff:
    """Set a made call against the wanted one, by the strict rules.

    Args:
        row: whose sources tell where values come from.
        wanted: None for a call that nobody wanted.
        made: None for a call that was not made.
    """
    found = list(_arguments(row, wanted, made))
    shown = found
    if len(found) > MOST_ARGUMENTS:
        shown = sorted(found, key=lambda one: one.verdict == "equal")[:MOST_ARGUMENTS]
    return CallDiff(
        wanted.id if wanted else None,
        wanted.name if wanted else None,
        cut(made.name) if made else None,
        tuple(shown),
        len(found) - len(shown),
    )


def _arguments(
    row: Conversation, wanted: Wanted | None, made: Function | None
) -> Iterator[Argument]:
    there = dict(_leaves(made.arguments)) if made else {}
    judged: dict[str, Verdict] = {}
    together = wanted is not None and made is not None and wanted.name == made.name
    if wanted is not None and made is not None and together:
        compared = extract([wanted], [made], "strict").compared.get(0)
        differences = compared.differences if compared else []
        judged = {one.pointer: _VERDICTS[one.what] for one in differences}
    for pointer, value in _leaves(wanted.example) if wanted else ():
        assert wanted is not None
        verdict = judged.get(pointer, "equal") if together else "missing"
        said = pointer in there and together
        written = _shown(there.pop(pointer)) if said else None
        sources = tuple(row.sources.get(wanted.id, {}).get(pointer, ()))
        words = tuple(source_in_words(row, source) for source in sources)
        yield Argument(_name(pointer), verdict, _shown(value), written, words, sources)
    for pointer, value in there.items():
        # Beside an equal call a default that was spelled out, or an item of an equal list.
        verdict = judged.get(pointer, "equal") if together else "superfluous"
        yield Argument(_name(pointer), verdict, None, _shown(value))


def source_in_words(row: Conversation, source: Source) -> str:
    """As `in_words`; what comes from a result with the tool that gave it."""
    words = in_words(row, source)
    if not isinstance(source, ResultSource | SelectedSource):
        return words
    names = {call.id: call.function.name for m in row.messages for call in m.tool_calls or ()}
    return f"result of {names.get(source.call, 'an unknown call')}: {words}"


def cut(text: str, length: int = LONGEST) -> str:
    """`text`, or its beginning and how long it is."""
    return text if len(text) <= length else f"{text[:length]}… ({len(text):,} characters)"


def _leaves(arguments: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in arguments.items():
        try:
            yield from argument_leaves(name, value)
        except RecursionError:
            yield f"/{name}", "(nested too deeply to be shown)"


def _shown(value: Any) -> str:
    return cut(compact(value))


def _name(pointer: str) -> str:
    return cut(pointer.removeprefix("/"))
