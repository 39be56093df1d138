"""Failures as HTML. A model may have said anything: it is cut, made visible and escaped."""

from __future__ import annotations

from callwright.schemas import page
from callwright.schemas.display_html import lines
from callwright.schemas.display_lines import Style, prose
from callwright.schemas.display_sources import spoken
from callwright.training.call_diff import SIGNS, Argument, CallDiff, cut
from callwright.training.failures import Failure

LONGEST = 1200
"""Characters of a request, a turn or a result that are shown."""


def failure(one: Failure, *, is_open: bool = False) -> str:
    """One failure, folded."""
    row = one.row
    label = f"{one.kind} · {one.what} · {row.scenario.replace('_', ' ')} · {row.language}"
    parts = [
        page.note(f"{one.where[0].upper()}{one.where[1:]}. {one.kind}: {one.means}."),
        *(page.note(cut(f"{note[0].upper()}{note[1:]}.", LONGEST)) for note in one.notes),
        "<h4>Request</h4>",
        f'<div class="cw" lang="{row.language}">{_request(one)}</div>',
        *(_call(call) for call in one.calls),
    ]
    if one.hidden:
        parts.append(page.note(f"{one.hidden:,} more calls in this turn."))
    if one.said is not None:
        parts.append(
            f"<h4>What the model said in this turn</h4>{page.preformatted(cut(one.said, LONGEST))}"
        )
    if one.returned is not None:
        parts.append(
            f"<h4>What the tool returned</h4>{page.preformatted(cut(one.returned, LONGEST))}"
        )
    parts.append(page.note(f"Row {row.id}"))
    inner = f'<div class="failure">{"".join(parts)}</div>'
    return page.folded(label, _asked(one), inner, is_open=is_open)


def _asked(one: Failure) -> str:
    messages = one.row.messages
    return (messages[one.request].content or "") if one.request < len(messages) else ""


def _request(one: Failure) -> str:
    """The request, with the words marked that a differing argument should have come from."""
    marks: list[tuple[int, int, Style]] = [
        (said.start, said.end, "said")
        for call in one.calls
        for argument in call.arguments
        if argument.verdict != "equal"
        for source in argument.sources
        for said in spoken(source)
        if said.message == one.request
    ]
    return lines(prose(cut(_asked(one), LONGEST), marks), spoken=True)


def _call(call: CallDiff) -> str:
    title = call.title[0].upper() + call.title[1:] if call.gold != call.made else call.title
    if not call.arguments:
        return f"<h4>{page.text(title)}</h4>{page.note('No arguments.')}"
    heads = "".join(f"<th>{h}</th>" for h in ("argument", "gold", "made", "should come from"))
    rows = "".join(_argument(one) for one in call.arguments)
    more = page.note(f"{call.hidden:,} more arguments.") if call.hidden else ""
    table = f'<table class="diff"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    return f"<h4>{page.text(title)}</h4>{table}{more}"


def _argument(one: Argument) -> str:
    cells = {"gold": one.gold, "made": one.made, "from": one.origin}
    told = "".join(
        f'<td data-label="{name}">{page.text(text or "")}</td>' for name, text in cells.items()
    )
    name = f"<i>{SIGNS[one.verdict]}</i>{page.text(one.name)}<small>{one.verdict}</small>"
    return f'<tr class="{one.verdict}"><td>{name}</td>{told}</tr>'
