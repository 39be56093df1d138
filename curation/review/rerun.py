"""Running corrected calls, in the row's own world, each fed by what the earlier ones give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from callwright.curation.review.corrections import Turn, Unclear
from callwright.curation.review.sourcing import Sourcing
from callwright.schemas.pointers import leaves, replace
from callwright.schemas.reading import Made
from callwright.schemas.record import Conversation, Function, Message, Source, Sources
from callwright.schemas.toolbox import Tool, Toolbox, ToolResult
from callwright.schemas.views import for_row


@dataclass
class Rerun:
    """What came of running the corrected calls."""

    made: list[Made] = field(default_factory=list)
    """The calls with their results; `turn` is the place of the turn among the turns."""
    sources: Sources = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    """Id of a call of the row -> id of the same call now."""
    state: str | None = None
    """Digest of the world afterwards, where a call writes."""


def rerun(
    row: Conversation,
    before: Sequence[Made],
    turns: Sequence[Turn],
    messages: Sequence[Message],
    toolbox: Toolbox,
) -> Rerun:
    """Run the calls of `turns`.

    Args:
        row: The row as it was.
        before: `calls_of(row)`.
        turns: The corrected calls, those that are made at once together.
        messages: The row's messages, the user's words as they are now.
        toolbox: The tools that made the row.

    Raises:
        Unclear: A call cannot be made, fails, or has an argument from nowhere.
    """
    toolbox = for_row(toolbox, row)
    tools = {tool.name: tool for tool in toolbox.tools()}
    offered = {str(tool.get("function", {}).get("name")) for tool in row.tools}
    flat = [call for turn in turns for call in turn]
    same = aligned([call.name for call in before], [call.name for call in flat])
    done = Rerun(moved={before[old].id: f"call_{new + 1}" for new, old in same.items()})
    sourcing = Sourcing(row, messages, tools, done.moved)
    session = toolbox.open(row.seed)
    earlier: dict[str, Made] = {}
    for at, turn in enumerate(turns):
        for call in turn:
            number = len(done.made) + 1
            old = before[same[number - 1]] if number - 1 in same else None
            try:
                _check(call, offered, tools)
                arguments, sources = _filled(call, tools[call.name], old, earlier, sourcing)
                result = session.call(call.name, arguments)
                if result.failure in ("timeout", "memory"):  # the machine's making: once more
                    result = session.call(call.name, arguments)
                _refuse_failure(result, old)
            except Unclear as fault:
                raise Unclear(f"step {number}, {call.name}: {fault}") from None
            identity = f"call_{number}"
            done.sources[identity] = sources
            done.made.append(
                Made(number - 1, at, identity, call.name, arguments, result.content, result.value)
            )
        earlier = {made.id: made for made in done.made}
    if any(tools[made.name].effect == "write" for made in done.made):
        done.state = session.digest()
    return done


def aligned(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    """Index of a corrected call -> index of the row's call that it is."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return {b + i: a + i for a, b, size in matcher.get_matching_blocks() for i in range(size)}


def _check(call: Function, offered: set[str], tools: Mapping[str, Tool]) -> None:
    if call.name not in offered or call.name not in tools:
        raise Unclear(f"no such tool is offered in this row; offered: {', '.join(sorted(offered))}")


def _filled(
    call: Function,
    tool: Tool,
    old: Made | None,
    earlier: Mapping[str, Made],
    sourcing: Sourcing,
) -> tuple[dict[str, object], dict[str, list[Source]]]:
    """The arguments with what earlier results give now, and the sources of all of them."""
    arguments, sources = dict(call.arguments), dict[str, list[Source]]()
    for leaf, value in list(leaves(call.arguments)) if call.arguments else ():
        followed = sourcing.followed(leaf, value, old, earlier)
        if followed is None:
            sources[leaf] = sourcing.sources(tool, leaf, value, old, earlier)
        else:
            value, found = followed  # noqa: PLW2901
            arguments = replace(arguments, leaf, value)
            sources[leaf] = found
    return arguments, sources


def _refuse_failure(result: ToolResult, old: Made | None) -> None:
    # A row about recovering from an error keeps the call that fails; any other has to succeed.
    if result.failure is not None and not (old is not None and old.failed):
        raise Unclear(f"fails ({result.failure}): {result.value['error']['message']}")
