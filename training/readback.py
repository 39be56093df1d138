"""The proof that a turn's tokens say what its message says: they are decoded and read again."""

from __future__ import annotations

import unicodedata
from typing import Any

from callwright.schemas.reading import identical
from callwright.schemas.record import Message
from callwright.training.sample import Refusal
from callwright.training.served import Served
from callwright.training.turns import read_turn

_SHOWN = 120  # characters of a turn that a refusal quotes


def require_same(
    tokenizer: Any, ids: list[int], end: int, served: Served, message: Message
) -> None:
    """Check the tokens of a turn that are about to be trained.

    They must be the turn and nothing before or after it, end with the end-of-turn token, hold it
    nowhere else, and read (as a served model's turn is read) as the calls and words of `message`.
    Texts are compared in NFC, which some tokenizers (Qwen's) bring them into.

    Raises:
        Refusal: one of these is not so.
    """
    where = f"message {served.index}"
    if not ids or ids[-1] != end:
        raise Refusal("end_of_turn", f"{where}: the turn's last token does not end it")
    if end in ids[:-1]:
        raise Refusal("end_of_turn", f"{where}: the turn would end before it is over")
    if _nfc(_decoded(tokenizer, ids, bare=False)) != _nfc(served.turn):
        raise Refusal("not_assistant", f"{where}: the tokens are not those of the turn alone")
    turn = read_turn(_decoded(tokenizer, ids[:-1], bare=True))
    if turn.fault is not None:
        raise Refusal("reparse", f"{where}: {turn.fault}")
    gold = [[call.function.name, call.function.arguments] for call in message.tool_calls or ()]
    read = [[call.name, call.arguments] for call in turn.calls]
    if not identical(_nfc_all(gold), _nfc_all(read)):
        raise Refusal("reparse", f"{where}: reads as {str(read)[:_SHOWN]}")
    if _nfc(turn.content) != _nfc((message.content or "").strip()):
        raise Refusal("reparse", f"{where}: its words read as {turn.content[:_SHOWN]!r}")
    thought = message.reasoning_content or ""
    if turn.reasoning and _nfc(turn.reasoning) != _nfc(thought.strip()):
        raise Refusal("reparse", f"{where}: its thought reads as {turn.reasoning[:_SHOWN]!r}")


def _decoded(tokenizer: Any, ids: list[int], *, bare: bool) -> str:
    """The text of tokens; `bare` as a served model's turn is decoded, without special tokens."""
    text: str = tokenizer.decode(ids, skip_special_tokens=bare, clean_up_tokenization_spaces=False)
    return text


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _nfc_all(value: Any) -> Any:
    """A JSON value with every text in it, keys too, in NFC."""
    match value:
        case str():
            return _nfc(value)
        case dict():
            return {_nfc(key): _nfc_all(item) for key, item in value.items()}
        case list():
            return [_nfc_all(item) for item in value]
        case _:
            return value
