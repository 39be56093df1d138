"""Reading a file of a format: each row becomes a Conversation, or a Rejection."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from callwright.schemas.errors import FormatError
from callwright.schemas.formats.defects import check_calls, check_tools, defect
from callwright.schemas.formats.files import Progress, RawRow, read_rows
from callwright.schemas.formats.format import Draft, Format, Raw
from callwright.schemas.formats.guard import RowRefused
from callwright.schemas.formats.imported_gates import imported_gates
from callwright.schemas.record import Conversation, Language, Rejection

Imported = Iterator[Conversation | Rejection]


class Reader(Protocol):
    """Reads one foreign format."""

    def __call__(
        self,
        path: Path,
        *,
        companion: Path | None = None,
        licence: str | None = None,
        source: str | None = None,
        progress: Progress = ...,
    ) -> Imported:
        """Every row of `path`, kept or rejected, in order.

        Args:
            path: The file with the rows.
            companion: The format's second file (tools or answers), where it has one and it is
                not found beside `path` under its usual name.
            licence: SPDX name of the data's licence; read from LICENSE beside the file if not
                given, `unknown` if there is none.
            source: Where the data comes from; the file's name if not given.
            progress: See `files.Progress`.

        Raises:
            FormatError: The file does not have this format.
        """


def read_file(
    form: Format,
    path: Path,
    *,
    companion: Path | None = None,
    licence: str | None = None,
    source: str | None = None,
    progress: Progress = lambda *_: None,
) -> Imported:
    """Read a file of the format; arguments and errors as in `Reader`."""
    second = form.load_second(path, companion) if form.load_second else {}
    origin = {
        "source": source or path.name,
        "licence": licence or licence_beside(path),
        "format": form.name,
    }
    first = True
    for index, raw in enumerate(read_rows(path, progress)):
        if raw.refused:
            row = {"line": raw.line, "text": raw.value}
            yield _rejection(path, raw.line, index, raw.refused, row)
            continue
        missing = _missing(raw.value, form.keys)
        if missing and first:
            raise FormatError(
                f"{path}:{raw.line}: a row of {form.name} is an object with "
                f"{', '.join(form.keys)}; {missing}. Is the file of another format?"
            )
        first = False
        try:
            if missing:
                raise RowRefused("missing_key", missing)
            yield _conversation(form, origin, index, raw, form.read(raw.value, second))
        except RowRefused as refused:
            row = raw.value if isinstance(raw.value, dict) else {"value": raw.value}
            yield _rejection(path, raw.line, index, refused, row)
        except ValidationError as error:
            found = error.errors()[0]
            detail = f"{'/'.join(map(str, found['loc']))}: {found['msg']}"
            wrong = RowRefused("not_a_conversation", detail)
            yield _rejection(path, raw.line, index, wrong, raw.value)


def _missing(row: Any, keys: tuple[str, ...]) -> str:
    if not isinstance(row, dict):
        return f"this one is {type(row).__name__}"
    absent = [key for key in keys if key not in row]
    return f"this one lacks {', '.join(absent)}" if absent else ""


def _rejection(path: Path, line: int, index: int, refused: RowRefused, row: Raw) -> Rejection:
    detail = f"{path.name}:{line}: row {index}: {refused.detail}"
    return Rejection(stage="import", reason=refused.reason, detail=detail, row=row)


def _conversation(
    form: Format, origin: dict[str, str], index: int, raw: RawRow, draft: Draft
) -> Conversation:
    language, sure = language_of(m.content or "" for m in draft.messages if m.role == "user")
    calls = [(call.id, call.function) for m in draft.messages for call in m.tool_calls or ()]
    defects = [
        *check_tools(draft.tools),
        *draft.defects,
        *check_calls(draft.tools, calls, form.reference),
    ]
    if not sure:
        detail = f"neither English nor Chinese letters prevail; carried as {language}"
        defects.append(defect("messages", "language_unknown", detail))
    text = json.dumps([form.name, index, raw.value], ensure_ascii=False, sort_keys=True)
    row = Conversation(
        id=hashlib.sha256(text.encode()).hexdigest()[:16],
        scenario="imported",
        language=language,
        tools=draft.tools,
        messages=draft.messages,
        plan=draft.plan,
        expected=draft.expected,
        origin={
            **origin,
            "row": index,
            "line": raw.line,
            "raw": raw.value,
            **draft.extra,
            "defects": defects,
        },
    )
    return row.model_copy(update={"gates": imported_gates(row, form)})


_LICENCES = (("Apache License", "Apache-2.0"), ("MIT License", "MIT"))


def licence_beside(path: Path) -> str:
    """SPDX name of the LICENSE file in the same folder, `unknown` if there is none we know."""
    for name in ("LICENSE", "LICENSE.txt", "LICENSE.md"):
        try:
            with (path.parent / name).open(encoding="utf-8", errors="replace") as handle:
                head = handle.read(400)
        except OSError:
            continue
        return next((spdx for words, spdx in _LICENCES if words in head), "unknown")
    return "unknown"


_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_LETTER = re.compile(r"[^\W\d_]")


def language_of(texts: Iterator[str]) -> tuple[Language, bool]:
    """The language of the user's words, by letters.

    Args:
        texts: User messages.

    Returns:
        `zh` where at least a fifth of the letters are Han (names and codes in Chinese rows are
        often Latin), else `en`; and whether these two scripts make up half of the letters.
    """
    joined = "\n".join(texts)
    letters = len(_LETTER.findall(joined))
    han, latin = len(_HAN.findall(joined)), len(_LATIN.findall(joined))
    language: Language = "zh" if letters and 5 * han >= letters else "en"
    return language, not letters or 2 * (han + latin) >= letters
