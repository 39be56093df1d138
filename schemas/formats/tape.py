"""The text of a file that holds one long JSON value, read on as far as it is needed."""

from __future__ import annotations

import codecs
import json
from typing import IO, Any

from callwright.schemas.formats.guard import DECODER

CHUNK = 2**20
"""Bytes read at a time, at least."""
LONGEST = 64 * 2**20
"""Characters after which a value that has not ended counts as broken."""
SPACE = " \t\r\n"

_DOUBT = 16  # an error so near the end of what was read may be the cut and not the text


class Tape:
    """Values of a JSON list, one after another."""

    def __init__(self, handle: IO[bytes]) -> None:
        self.line = 1
        """Line of what comes next, from 1."""
        self._handle = handle
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self._text, self._at, self._ended = "", 0, False

    def peek(self) -> str:
        """The next character that is no space, which is then the next; "" at the end."""
        while True:
            while self._at < len(self._text):
                char = self._text[self._at]
                if char not in SPACE:
                    return char
                self.skip(1)
            if self._ended:
                return ""
            self._more()

    def skip(self, characters: int) -> None:
        """Go on."""
        end = self._at + characters
        self.line += self._text.count("\n", self._at, end)
        self._at = end

    def rest(self) -> str:
        """What is left of what was read."""
        return self._text[self._at :]

    def value(self) -> tuple[Any, str]:
        """The JSON value that comes next, and its text; the tape stays before it.

        Raises:
            ValueError: It is not JSON, or the file ends within it.
            RecursionError: It is nested too deeply.
        """
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._ended or not self._may_be_cut(error):
                    raise ValueError(error.msg) from None
            else:
                if end < len(self._text) or self._ended:
                    return value, self._text[self._at : end]
            self._more()

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        if len(self._text) - self._at > LONGEST:
            return False
        near = error.pos >= len(self._text) - _DOUBT
        return near or error.msg.startswith("Unterminated string")

    def _more(self) -> None:
        # As much again as is waiting: a long value is tried a few times, not once a chunk.
        data = self._handle.read(max(CHUNK, len(self._text) - self._at))
        self._ended = not data
        self._text = self._text[self._at :] + self._decode(data, final=not data)
        self._at = 0
