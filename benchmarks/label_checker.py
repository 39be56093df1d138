"""Are a sample's labels right? A second opinion that shares no code with the renderer.

The renderer lays characters over tokens and parses calls. Here everything goes the other way: a
state machine over the tokens' own bytes tells who speaks, each assistant turn is *written* anew
from the row, piece by piece, and the pieces' bytes are laid beside the tokens' bytes. It knows one
family of templates: `<|im_start|>role`, newline, text, `<|im_end|>`, newline (Qwen, SmolLM2), with
calls as JSON between `<tool_call>` tags.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from callwright.schemas.record import Conversation, Message
from callwright.training.sample import Sample

START, END, BREAK = b"<|im_start|>", b"<|im_end|>", b"\n"
NO_THOUGHT = b"<think>\n\n</think>\n\n"
OPEN, CLOSE = "<tool_call>\n", "\n</tool_call>"


class Wrong(NamedTuple):
    """A token whose label is wrong, or a place from which nothing can be followed."""

    place: int
    why: str


@dataclass(frozen=True, slots=True)
class Block:
    """One `<|im_start|> … <|im_end|>`; places are indices of tokens."""

    role: str
    start: int
    """First token after the header's newline."""
    end: int
    """The `<|im_end|>`; the number of tokens where the text breaks off before it."""


class Checker:
    """Checks the samples of rows.

    Args:
        tokenizer: a byte-level one.
        weights: of each class of token, all different, so that a weight tells its class.
        options: what the chat template is given beside messages and tools.
    """

    def __init__(self, tokenizer: Any, weights: dict[str, float], options: dict[str, Any]) -> None:
        assert len(set(weights.values())) == len(weights)
        self._tokenizer, self._weights, self._options = tokenizer, weights, options
        self._asks_without_thought = options.get("enable_thinking") is False
        byte_of = _bytes_of_letters()
        added = {token.content for token in tokenizer.added_tokens_decoder.values()}
        self._bytes = [
            token.encode() if token in added else bytes(map(byte_of.__getitem__, token))
            for token in tokenizer.convert_ids_to_tokens(range(len(tokenizer)))
        ]

    def check(self, row: Conversation, samples: Sequence[Sample]) -> list[Wrong]:
        """All that is wrong with the samples of a row of which nothing was left out."""
        due = [i for i, message in enumerate(row.messages) if message.role == "assistant"]
        # One sample holds every turn, or each holds one more than the one before.
        shares = [due] if len(samples) == 1 else [[index] for index in due]
        if len(shares) != len(samples):
            return [Wrong(0, f"{len(samples)} samples for {len(due)} turns")]
        return [
            wrong
            for share, sample in zip(shares, samples, strict=True)
            for wrong in self._sample(row, share, sample)
        ]

    def _sample(self, row: Conversation, share: list[int], sample: Sample) -> Iterator[Wrong]:
        if not len(sample.ids) == len(sample.weights) == len(sample.classes):
            yield Wrong(0, "the lists are not equally long")
            return
        tokens = [self._bytes[token] for token in sample.ids]
        blocks = list(_blocks(tokens))
        wanted = _speakers(row.messages[: share[-1] + 1])
        if blocks and blocks[0].role == "system" and wanted[0][0] != "system":
            wanted.insert(0, ("system", -1))  # a template's own
        if [block.role for block in blocks] != [role for role, _ in wanted]:
            yield Wrong(0, f"speakers {[b.role for b in blocks]}, not {[r for r, _ in wanted]}")
            return
        expected: list[set[str]] = [set() for _ in tokens]
        for block, (_, index) in zip(blocks, wanted, strict=True):
            if index in share:
                yield from self._turn(row, index, block, sample, tokens, expected)
            elif index >= 0 and row.messages[index].role == "tool":
                yield from self._results(row.messages, index, block, tokens)
        for place, kinds in enumerate(expected):
            kind = max(kinds, key=self._weights.__getitem__, default=None)
            weight = self._weights[kind] if kind else 0.0
            if (sample.classes[place], sample.weights[place]) != (kind, weight):
                found = f"{sample.classes[place]} ({sample.weights[place]})"
                yield Wrong(place, f"{tokens[place]!r}: {found}, not {kind} ({weight})")

    def _turn(
        self,
        row: Conversation,
        index: int,
        block: Block,
        sample: Sample,
        tokens: list[bytes],
        expected: list[set[str]],
    ) -> Iterator[Wrong]:
        """Write what each token of a trained turn is into `expected`."""
        start = block.start
        if self._asks_without_thought:
            given = _count(tokens[start:], NO_THOUGHT)
            if given is None:
                yield Wrong(start, "no empty thought where the prompt ends with one")
                return
            start += given
        if sample.ids[:start] != self._prompt(row, index):
            yield Wrong(start, f"message {index}: what stands before it is not what is served")
        said = b"".join(tokens[start : block.end])
        alone = self._tokenizer(said.decode(errors="replace"), add_special_tokens=False)
        if alone["input_ids"] != sample.ids[start : block.end]:
            yield Wrong(start, f"message {index}: its tokens are not those of its text")
        message = row.messages[index]
        pieces = list(_pieces(row, message))
        thought = said[: said.find(b"</think>") + 8].decode() if b"</think>" in said else ""
        if thought:
            space = said[len(thought.encode()) :].decode()
            thought += space[: len(space) - len(space.lstrip())]
            pieces.insert(0, ("assistant_text", thought))
        written = "".join(text for _, text in pieces)
        if written.encode() != said:
            yield Wrong(start, f"message {index}: {said!r} is trained, {written!r} was said")
            return
        kinds = [kind for kind, text in pieces for _ in text.encode()]
        kinds += ["call" if message.tool_calls else "assistant_text"] * len(END)
        edges = list(accumulate((len(t) for t in tokens[start : block.end + 1]), initial=0))
        for place, (low, high) in enumerate(pairwise(edges), start):
            expected[place] |= set(kinds[low:high])
        for decision in self._decisions(pieces, len(said)):
            place = max(n for n, edge in enumerate(edges[:-1]) if edge <= decision)
            expected[start + place].add("decision")

    def _decisions(self, pieces: list[tuple[str, str]], length: int) -> Iterator[int]:
        """Bytes at which a turn decides."""
        yield length
        at, called, spoken = 0, False, False
        for kind, text in pieces:
            if "</think>" not in text or kind != "assistant_text":
                if not spoken:
                    yield at
                spoken = True
                opened = text.startswith((OPEN, "\n" + OPEN)) and kind == "call"
                if opened and called:
                    yield at
                elif opened:
                    yield at + text.index(OPEN[:1])
                called = called or opened
            at += len(text.encode())

    def _results(
        self, messages: Sequence[Message], index: int, block: Block, tokens: list[bytes]
    ) -> Iterator[Wrong]:
        """Are the results of one turn in their block, in order, as the text that came?"""
        text = b"".join(tokens[block.start : block.end]).decode()
        at = 0
        while index < len(messages) and messages[index].role == "tool":
            content = _nfc(messages[index].content or "")
            found = text.find(f"<tool_response>\n{content}\n</tool_response>", at)
            if found < 0:
                yield Wrong(block.start, f"message {index}: the result is not told as it came")
                return
            at = found + len(content)
            index += 1

    def _prompt(self, row: Conversation, index: int) -> list[int]:
        """What the model is served for a turn."""
        text = self._tokenizer.apply_chat_template(
            [_plain(message) for message in row.messages[:index]],
            tools=row.tools or None,
            add_generation_prompt=True,
            tokenize=False,
            **self._options,
        )
        ids: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids


# ----------------------------------------------------------------------- who speaks


def _blocks(tokens: list[bytes]) -> Iterator[Block]:
    """The blocks of a sample. Where a block does not begin or end as it must, they stop."""
    place = 0
    while place < len(tokens):
        if tokens[place] != START:
            return
        start = place + 1
        while start < len(tokens) and BREAK not in tokens[start]:
            start += 1
        role = b"".join(tokens[place + 1 : start]).decode(errors="replace")
        # In a user block of results the header's newline may be one token with what follows.
        if role == "assistant" and tokens[start : start + 1] != [BREAK]:
            return
        end = start
        while end < len(tokens) and tokens[end] != END:
            end += 1
        yield Block(role, start + (tokens[start : start + 1] == [BREAK]), end)
        place = end + 2
        if tokens[end + 1 : place] not in ([BREAK], []):
            return


def _speakers(messages: Sequence[Message]) -> list[tuple[str, int]]:
    """(Role of a block, index of its first message): results of one turn are one user block."""
    found: list[tuple[str, int]] = []
    for index, message in enumerate(messages):
        if message.role != "tool":
            found.append((message.role, index))
        elif messages[index - 1].role != "tool":
            found.append(("user", index))
    return found


def _plain(message: Message) -> dict[str, Any]:
    found: dict[str, Any] = {"role": message.role, "content": message.content or ""}
    if message.tool_calls:
        found["tool_calls"] = [
            {
                "type": "function",
                "function": {"name": c.function.name, "arguments": c.function.arguments},
            }
            for c in message.tool_calls
        ]
    return found


# ------------------------------------------------------------------------ what is said


def _pieces(row: Conversation, message: Message) -> Iterator[tuple[str, str]]:
    """An assistant message, written: (class, text) in order."""
    content = _nfc((message.content or "").strip())
    if content:
        yield "assistant_text", content
    for number, call in enumerate(message.tool_calls or ()):
        gap = "\n" if content or number else ""
        yield "call", f'{gap}{OPEN}{{"name": "'
        yield "name", _nfc(json.dumps(call.function.name, ensure_ascii=False)[1:-1])
        yield "call", '", "arguments": '
        fed = {
            pointer
            for pointer, sources in row.sources.get(call.id, {}).items()
            if {"result", "selected"} & {source.origin for source in sources}
        }
        yield from _value(call.function.arguments, "", fed)
        yield "call", "}" + CLOSE


def _value(value: Any, pointer: str, fed: set[str]) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for number, (key, item) in enumerate(value.items()):
            yield "call", ', "' if number else '{"'
            yield "argument_key", _nfc(json.dumps(key, ensure_ascii=False)[1:-1])
            yield "call", '": '
            step = key.replace("~", "~0").replace("/", "~1")
            yield from _value(item, f"{pointer}/{step}", fed)
        yield "call", "}"
    elif isinstance(value, list) and value:
        for number, item in enumerate(value):
            yield "call", ", " if number else "["
            yield from _value(item, f"{pointer}/{number}", fed)
        yield "call", "]"
    else:
        kind = "argument_from_result" if pointer in fed else "argument_value"
        text = _nfc(json.dumps(value, ensure_ascii=False))
        if isinstance(value, str):
            yield "call", '"'
            yield kind, text[1:-1]
            yield "call", '"'
        else:
            yield kind if pointer else "call", text


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


# ----------------------------------------------------------------------------- bytes


def _count(tokens: list[bytes], text: bytes) -> int | None:
    """How many tokens `text` is, if they begin with it and one ends where it does."""
    for number, length in enumerate(accumulate((len(t) for t in tokens), initial=0)):
        if length >= len(text):
            return number if b"".join(tokens[:number]) == text else None
    return None


def _bytes_of_letters() -> dict[str, int]:
    """The letters in which byte-level vocabularies write bytes (GPT-2's table)."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return {chr(b): b for b in shown} | {chr(256 + n): b for n, b in enumerate(hidden)}
