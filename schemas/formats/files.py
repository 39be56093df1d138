"""Read foreign files row by row: JSONL, one JSON list, or parquet. Never many rows in memory.

A row that cannot be read is one refused row, wherever what follows can still be found; a file of
which no row can be read is a FormatError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from callwright.schemas.errors import FormatError
from callwright.schemas.formats.guard import (
    DECODER,
    EXCERPT,
    MAX_ROW_BYTES,
    RowRefused,
    require_carriable,
)
from callwright.schemas.formats.tables import row_texts
from callwright.schemas.formats.tape import SPACE, Tape

MOST_UNREAD = 1000
"""Unreadable rows at a file's beginning after which it is not read on."""

Progress = Callable[[int, int], None]
"""Called now and then with the bytes read and the bytes in all."""

_EVERY = 256  # rows between two reports of progress
_MAGIC = {
    b"\x1f\x8b": "gzip: unpack it first",
    b"PK\x03\x04": "zip: unpack it first",
    b"\xff\xfe": "UTF-16: save it as UTF-8",
    b"\xfe\xff": "UTF-16: save it as UTF-8",
}


class RawRow(NamedTuple):
    """One row as the file has it."""

    line: int
    """Line it starts on, from 1; of parquet, which has no lines, the row."""
    value: Any
    """The decoded row; its excerpt as text if `refused`."""
    refused: RowRefused | None = None


def read_rows(path: Path, progress: Progress = lambda *_: None) -> Iterator[RawRow]:
    """Every row of a file, in order.

    Args:
        path: The file.
        progress: See `Progress`.

    Yields:
        Rows; one that cannot be read or carried unchanged has `refused` set.

    Raises:
        FormatError: The file cannot be read, holds no rows, or none that can be read.
    """
    unread: list[RawRow] = []
    good = False
    for row in _rows(path, progress):
        if not good and row.refused:
            unread.append(row)  # until one is good, this may be no file of rows at all
            if len(unread) >= MOST_UNREAD:
                break
            continue
        if not good:
            yield from unread
            good = True
        yield row
    if not good and unread:
        first = unread[0]
        assert first.refused is not None, "only refused rows wait"
        detail = first.refused.detail
        raise FormatError(f"{path}:{first.line}: {detail}; no row of the file can be read")
    if not good:
        raise FormatError(f"{path}: holds no rows; is this the right file?")


def _rows(path: Path, progress: Progress) -> Iterator[RawRow]:
    try:
        with path.open("rb") as handle:
            start = handle.read(4096)
            for magic, remedy in _MAGIC.items():
                if start.startswith(magic):
                    raise FormatError(f"{path}: this is {remedy}")
            if start.startswith(b"PAR1"):
                yield from _table_rows(path, progress)
                return
            bom = 3 if start.startswith(b"\xef\xbb\xbf") else 0
            handle.seek(bom)
            is_list = start[bom:].lstrip(SPACE.encode()).startswith(b"[")
            size = path.stat().st_size
            for number, row in enumerate(_list_rows(handle) if is_list else _lines(handle)):
                if number % _EVERY == 0:
                    progress(handle.tell(), size)
                yield row
    except OSError as error:
        raise FormatError(f"{path}: cannot be read ({error.strerror}); check the path") from error


def _table_rows(path: Path, progress: Progress) -> Iterator[RawRow]:
    for number, (text, total) in enumerate(row_texts(path), 1):
        if number % _EVERY == 1:
            progress(number, total)
        if len(text) > MAX_ROW_BYTES:
            yield RawRow(number, _excerpt(text), _too_large())
        else:
            yield _line(text, number)


# ---------------------------------------------------------------------- JSONL


def _lines(handle: IO[bytes]) -> Iterator[RawRow]:
    number = 0
    while line := handle.readline(MAX_ROW_BYTES + 1):
        number += 1
        if len(line) > MAX_ROW_BYTES:
            while not line.endswith(b"\n") and (more := handle.readline(MAX_ROW_BYTES)):
                line = line[: 4 * EXCERPT] + more[-1:]
            excerpt = line[:EXCERPT].decode(errors="replace")
            yield RawRow(number, excerpt, _too_large())
            continue
        text = line.decode(errors="surrogateescape")
        if text.strip(SPACE):
            yield _line(text, number)


def _line(text: str, number: int) -> RawRow:
    try:
        _require_utf8(text)
        value = DECODER.decode(text)
        require_carriable(value)
    except RowRefused as refused:
        return RawRow(number, _excerpt(text), refused)
    except RecursionError:
        return RawRow(number, _excerpt(text), _too_deep())
    except ValueError as error:
        detail = f"not JSON ({error}); write one object a line, or one JSON list"
        return RawRow(number, _excerpt(text), RowRefused("not_json", detail))
    return RawRow(number, value)


# ----------------------------------------------------------------- a JSON list


def _list_rows(handle: IO[bytes]) -> Iterator[RawRow]:
    tape = Tape(handle)
    tape.peek()
    tape.skip(1)
    first = True
    while (char := tape.peek()) != "]":
        if not first:
            if char != ",":
                detail = "the list is not closed or a comma is missing; is the file cut short?"
                yield RawRow(tape.line, _excerpt(tape.rest()), RowRefused("cut_short", detail))
                return
            tape.skip(1)
            tape.peek()
        first = False
        try:
            value, text = tape.value()
        except RecursionError:
            yield _last(tape, _too_deep())
            return
        except ValueError as error:
            yield _last(tape, RowRefused("not_json", f"not JSON ({error}); is the file cut short?"))
            return
        yield _item(value, text, tape.line)
        tape.skip(len(text))
    tape.skip(1)
    if tape.peek():
        detail = "text after the list's end; write one list, or JSONL"
        yield RawRow(tape.line, _excerpt(tape.rest()), RowRefused("not_json", detail))


def _last(tape: Tape, refused: RowRefused) -> RawRow:
    """Where a row of a list ends is known only once it is read: what follows cannot be found."""
    detail = f"{refused.detail} What follows in the list is not read; JSONL would be."
    return RawRow(tape.line, _excerpt(tape.rest()), RowRefused(refused.reason, detail))


def _item(value: Any, text: str, line: int) -> RawRow:
    try:
        if len(text) > MAX_ROW_BYTES:
            raise _too_large()
        _require_utf8(text)
        require_carriable(value)
    except RowRefused as refused:
        return RawRow(line, _excerpt(text), refused)
    return RawRow(line, value)


# ---------------------------------------------------------------------- words


def _require_utf8(text: str) -> None:
    """Text was decoded with `surrogateescape`: a byte that is no UTF-8 is a lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        byte = ord(text[error.start]) & 0xFF
        raise RowRefused("not_utf8", f"not UTF-8 (byte 0x{byte:02x}); save it as UTF-8") from None


def _excerpt(text: str) -> str:
    return text[:EXCERPT].encode(errors="replace").decode()


def _too_large() -> RowRefused:
    return RowRefused("too_large", f"the row is longer than {MAX_ROW_BYTES} bytes")


def _too_deep() -> RowRefused:
    return RowRefused("too_deep", "nested too deeply to decode")
