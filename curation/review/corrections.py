"""Request, calls and answer of a row as texts that an annotator may correct, and back."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from callwright.curation.review.inert import guarded, unguarded
from callwright.schemas.reading import identical
from callwright.schemas.record import Conversation, Function
from callwright.schemas.visible import json_escaped, visible

BETWEEN_TURNS = "\n\n--- next turn ---\n\n"
"""Stands between what the user says at first and what the user says later."""

Turn = list[Function]
"""Calls that are made at once."""


class Unclear(ValueError):
    """A correction that cannot be read. The message says why, to the annotator."""


@dataclass(frozen=True)
class Texts:
    """What may be corrected of a row; None: it was left as it is."""

    request: str | None = None
    calls: str | None = None
    answer: str | None = None

    def __bool__(self) -> bool:
        return any(text is not None for text in (self.request, self.calls, self.answer))


NOTHING = Texts()
"""Everything was left as it is."""


def texts_of(row: Conversation) -> Texts:
    """The row's request, calls and answer as they stand, nothing in them invisible."""
    said = BETWEEN_TURNS.join(m.content or "" for m in row.messages if m.role == "user")
    return Texts(
        request=guarded(visible(said)),
        calls=json_escaped(calls_text(turns_of(row))).replace("<", "\\u003c"),
        answer=guarded(visible(row.messages[-1].content or "")),
    )


def turns_of(row: Conversation) -> list[Turn]:
    """The row's calls, those of one message together."""
    return [[c.function for c in m.tool_calls] for m in row.messages if m.tool_calls]


def calls_text(turns: list[Turn]) -> str:
    """The calls as JSON text, a line each; those that are made at once in brackets of their own."""
    lines = []
    for turn in turns:
        made = [json.dumps(call.model_dump(), ensure_ascii=False) for call in turn]
        lines.append(made[0] if len(made) == 1 else "[" + ",\n   ".join(made) + "]")
    return "[" + ",\n ".join(lines) + "]"


def edited(row: Conversation, given: Texts) -> Texts:
    """What of `given` differs from the row; white space at the ends or in JSON is nothing."""
    stands = texts_of(row)
    found = Texts()
    for name in ("request", "answer"):
        text, old = getattr(given, name), getattr(stands, name)
        if text is not None and _plain(text) != _plain(old):
            found = replace(found, **{name: _plain(text)})
    if given.calls is not None and not _same_calls(given.calls, row):
        found = replace(found, calls=given.calls)
    return found


def parse_calls(text: str) -> list[Turn]:
    """Read what an annotator made of `calls_text`.

    Raises:
        Unclear: It is not such a text.
    """
    value = _json(text)
    if not isinstance(value, list):
        raise Unclear("the corrected calls must be a list: [ … ]")
    return [
        [_call(one) for one in item] if isinstance(item, list) and item else [_call(item)]
        for item in value
    ]


def parse_request(row: Conversation, text: str) -> list[str]:
    """What the user says, turn by turn.

    Raises:
        Unclear: Not as many turns as in the row, or one is empty.
    """
    said = [part.strip() for part in text.split(BETWEEN_TURNS.strip())]
    wanted = sum(message.role == "user" for message in row.messages)
    if len(said) != wanted or not all(said):
        raise Unclear(
            f"the corrected request must have {wanted} turns of words, with a line "
            f"{BETWEEN_TURNS.strip()!r} between any two"
        )
    return said


def _json(text: str) -> Any:
    def refuse(word: str) -> Any:
        raise ValueError(f"{word} is no JSON number")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError("a key stands twice in one object")
        return dict(pairs)

    try:
        # A browser's text box writes spaces that JSON does not know.
        return json.loads(
            text.replace("\u00a0", " "), parse_constant=refuse, object_pairs_hook=unique
        )
    except (ValueError, RecursionError) as error:
        raise Unclear(f"the corrected calls are not JSON: {error}") from None


def _call(value: Any) -> Function:
    known = isinstance(value, dict) and value.keys() == {"name", "arguments"}
    if not known or not isinstance(value["name"], str) or not isinstance(value["arguments"], dict):
        raise Unclear('each corrected call must read {"name": "…", "arguments": {…}}')
    return Function(**value)


def _same_calls(text: str, row: Conversation) -> bool:
    try:
        turns = parse_calls(text)
    except Unclear:
        return False
    stands = turns_of(row)
    return [len(turn) for turn in turns] == [len(turn) for turn in stands] and all(
        one.name == other.name and identical(one.arguments, other.arguments)
        for turn, old in zip(turns, stands, strict=True)
        for one, other in zip(turn, old, strict=True)
    )


def _plain(text: str) -> str:
    return unguarded(text).replace("\u00a0", " ").replace("\r\n", "\n").strip()
