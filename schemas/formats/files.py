"""Read foreign files row by row: JSONL, or one JSON list."""

from __future__ import annotations

from collections.abc import Iterator
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

MAX_LIST_FILE_BYTES = 512 * 2**20
"""A JSON list is held in memory as text; JSONL has no limit."""

_MAGIC = {
    b"\x1f\x8b": "gzip: unpack it first",
    b"PAR1": "parquet: write its rows as JSONL first",
    b"PK\x03\x04": "zip: unpack it first",
    b"\xff\xfe": "UTF-16: save it as UTF-8",
    b"\xfe\xff": "UTF-16: save it as UTF-8",
}
_SPACE = " \t\r\n"


class RawRow(NamedTuple):
    """One row as the file has it."""

    line: int
    """Line it starts on, from 1."""
    value: Any
    """The decoded row; its excerpt as text if `refused`."""
    refused: RowRefused | None = None


def read_rows(path: Path) -> Iterator[RawRow]:
    """Every row of a JSONL file or a JSON list, in order.

    Args:
        path: The file.

    Yields:
        Rows; one that cannot be carried unchanged has `refused` set.

    Raises:
        FormatError: The file cannot be read, is not UTF-8, is not JSON, or holds no rows.
    """
    try:
        with path.open("rb") as handle:
            start = handle.read(4096)
            for magic, remedy in _MAGIC.items():
                if start.startswith(magic):
                    raise FormatError(f"{path}: this is {remedy}")
            bom = 3 if start.startswith(b"\xef\xbb\xbf") else 0
            handle.seek(bom)
            is_list = start[bom:].lstrip(_SPACE.encode()).startswith(b"[")
            empty = True
            for row in _list_rows(path, handle) if is_list else _lines(path, handle):
                empty = False
                yield row
    except OSError as error:
        raise FormatError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    if empty:
        raise FormatError(f"{path}: holds no rows; is this the right file?")


def _lines(path: Path, handle: IO[bytes]) -> Iterator[RawRow]:
    number = 0
    while line := handle.readline(MAX_ROW_BYTES + 1):
        number += 1
        if len(line) > MAX_ROW_BYTES:
            while not line.endswith(b"\n") and (more := handle.readline(MAX_ROW_BYTES)):
                line = line[: 4 * EXCERPT] + more[-1:]
            detail = f"the row is longer than {MAX_ROW_BYTES} bytes"
            excerpt = line[:EXCERPT].decode(errors="replace")
            yield RawRow(number, excerpt, RowRefused("too_large", detail))
            continue
        text = _utf8(path, line, number)
        if text.strip(_SPACE):
            yield _decoded(path, text, number)


def _decoded(path: Path, text: str, number: int) -> RawRow:
    excerpt = text[:EXCERPT].encode(errors="replace").decode()
    try:
        value = DECODER.decode(text)
        require_carriable(value)
    except RowRefused as refused:
        return RawRow(number, excerpt, refused)
    except RecursionError:
        return RawRow(number, excerpt, RowRefused("too_deep", "nested too deeply to decode"))
    except ValueError as error:
        raise FormatError(
            f"{path}:{number}: not JSON ({error}); write one object a line, or one JSON list"
        ) from error
    return RawRow(number, value)


def _list_rows(path: Path, handle: IO[bytes]) -> Iterator[RawRow]:
    raw = handle.read(MAX_LIST_FILE_BYTES + 1)
    if len(raw) > MAX_LIST_FILE_BYTES:
        raise FormatError(
            f"{path}: a JSON list over {MAX_LIST_FILE_BYTES} bytes; write it as JSONL instead"
        )
    text = _utf8(path, raw, None)
    del raw
    at, line, counted, first = text.index("[") + 1, 1, 0, True
    while True:
        at = _skip_space(text, at)
        line, counted = line + text.count("\n", counted, at), at
        if first and text[at : at + 1] == "]":
            break
        if not first:
            if text[at : at + 1] == "]":
                break
            if text[at : at + 1] != ",":
                raise FormatError(
                    f"{path}:{line}: the list is not closed or a comma is missing after row; "
                    "is the file cut short?"
                )
            at = _skip_space(text, at + 1)
            line, counted = line + text.count("\n", counted, at), at
        try:
            value, end = DECODER.raw_decode(text, at)
        except RecursionError as error:
            raise FormatError(
                f"{path}:{line}: nested too deeply to decode; remove this row, or write JSONL"
            ) from error
        except ValueError as error:
            raise FormatError(f"{path}:{line}: not JSON ({error}); is it cut short?") from error
        yield _checked(value, text[at : at + EXCERPT], line, end - at)
        at, first = end, False
    if text[at + 1 :].strip(_SPACE):
        raise FormatError(f"{path}:{line}: text after the list's end; write one list, or JSONL")


def _checked(value: Any, excerpt: str, line: int, size: int) -> RawRow:
    if size > MAX_ROW_BYTES:
        detail = f"the row is longer than {MAX_ROW_BYTES} characters"
        return RawRow(line, excerpt, RowRefused("too_large", detail))
    try:
        require_carriable(value)
    except RowRefused as refused:
        return RawRow(line, excerpt, refused)
    return RawRow(line, value)


def _skip_space(text: str, at: int) -> int:
    while text[at : at + 1] in _SPACE and at < len(text):
        at += 1
    return at


def _utf8(path: Path, raw: bytes, number: int | None) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = number or raw.count(b"\n", 0, error.start) + 1
        raise FormatError(
            f"{path}:{line}: not UTF-8 (byte 0x{raw[error.start]:02x}); save it as UTF-8"
        ) from error
