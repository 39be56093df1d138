"""The answers: what they claim stands in results, and they claim all that they state."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from callwright.schemas import surface
from callwright.schemas.kinds import kind_at
from callwright.schemas.pointers import PointerError, leaves, resolve
from callwright.schemas.reading import Made
from callwright.schemas.record import Conversation
from callwright.schemas.toolbox import Tool
from callwright.schemas.views import result_in

_CAPITALS = re.compile(r"[A-Z]{2,8}s?")
_WORD = re.compile(r"[A-Za-z]+")


class NotGrounded(ValueError):
    """A value or a statement whose source is not what the row says."""


def prove_answers(row: Conversation, tools: Mapping[str, Tool], calls: Sequence[Made]) -> None:
    """Prove every claim, that each goal is answered, and that nothing else is stated.

    Whatever the assistant says in words is proven, a question or a refusal too.

    Raises:
        NotGrounded: at the first thing that is not so.
    """
    by_id = {call.id: call for call in calls}
    for claim in row.claims:
        where = f"claim at {claim.start} of message {claim.message}"
        call = by_id.get(claim.call)
        if call is None or call.turn >= claim.message or not is_answer(row, claim.message):
            raise NotGrounded(f"{where}: it must stand in an answer and name a call before it")
        value = at(call.value, claim.pointer, call.id, where)
        tool = tools.get(call.name)
        kind = kind_at(tool.returns, claim.pointer) if tool else None
        where = f"{where}: {call.id}{claim.pointer} = {value!r}"
        text = row.messages[claim.message].content or ""
        says(value, text[claim.start : claim.end], claim.form, kind, row.language, where)
    claimed = {claim.call for claim in row.claims}
    for goal in row.plan.goals:
        call = by_id.get(goal)
        if call is not None and goal not in claimed and not _says_nothing(call):
            raise NotGrounded(f"no answer states anything from {goal} {call.name}")
    for index in range(len(row.messages)):
        if is_answer(row, index):
            _nothing_else(row, index, calls)


def is_answer(row: Conversation, index: int) -> bool:
    """Is message `index` the assistant's words, without calls?"""
    if not 0 <= index < len(row.messages):
        return False
    message = row.messages[index]
    return message.role == "assistant" and not message.tool_calls


def says(
    value: Any,
    text: str,
    form: str,
    kind: str | None,
    language: str,
    where: str,
    *,
    today: datetime.date | None = None,
) -> None:
    """Prove that `text` says `value` in surface form `form`.

    Raises:
        NotGrounded: it does not; `where` begins the message.
    """
    if form not in surface.FORMS:
        raise NotGrounded(f"{where}: there is no surface form {form!r}")
    if not surface.matches(value, text, form, kind=kind, language=language, today=today):
        raise NotGrounded(f"{where}: {text!r} does not say it in form {form} (kind {kind})")


def at(value: Any, pointer: str, what: str, where: str) -> Any:
    """The value at `pointer`.

    Raises:
        NotGrounded: there is none.
    """
    try:
        return resolve(value, pointer)
    except PointerError as error:
        raise NotGrounded(f"{where}: {what}: {error}") from None


def _nothing_else(row: Conversation, index: int, calls: Sequence[Made]) -> None:
    before = row.messages[:index]
    spans = [(claim.start, claim.end) for claim in row.claims if claim.message == index]
    known: set[str] | None = None
    for fragment in surface.residue(row.messages[index].content or "", row.language, spans):
        if _CAPITALS.fullmatch(fragment):
            # An abbreviation of the tools' own (IBAN, VAT) names what is stated, it states nothing.
            known = known if known is not None else _abbreviations(row, calls)
            if fragment.rstrip("s") in known:
                continue
        # Behind a request without results, a question or a refusal, only what was said is said.
        if before[-1].role == "user" and any(
            fragment.casefold() in (message.content or "").casefold()
            for message in before
            if message.role != "tool"
        ):
            continue
        raise NotGrounded(f"the answer states {fragment!r}, which no claim traces to a result")


def _abbreviations(row: Conversation, calls: Sequence[Made]) -> set[str]:
    """Words in capitals that offered tools use, and the words of results' keys."""
    known: set[str] = set()
    for tool in row.tools:
        known |= _capitals(str(tool.get("function", {}).get("description", "")))
    for call in calls:
        view = row.views.get(call.name)
        for key in _keys(call.value if view is None else result_in(view, call.value)):
            known.update(word.upper() for word in _WORD.findall(key))
    return known


@lru_cache(maxsize=4096)
def _capitals(text: str) -> frozenset[str]:
    return frozenset(word for word in _WORD.findall(text) if word.isupper())


def _says_nothing(call: Made) -> bool:
    """A result that leaves nothing to state: an error, or an empty list."""
    return call.failed or any(leaf == [] for _, leaf in leaves(call.value))


def _keys(value: Any) -> Iterator[str]:
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            yield from item
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
