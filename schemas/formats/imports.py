"""What all readers share: a converted row becomes a Conversation, or a Rejection."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from callwright.schemas.errors import FormatError
from callwright.schemas.formats.defects import Defect, check_tools, defect
from callwright.schemas.formats.files import read_rows
from callwright.schemas.formats.guard import RowRefused, want_object, want_text
from callwright.schemas.record import (
    Conversation,
    Expected,
    Language,
    Message,
    Plan,
    Rejection,
)

Imported = Iterator[Conversation | Rejection]


class Reader(Protocol):
    """Reads one foreign format."""

    def __call__(
        self, path: Path, *, companion: Path | None = None, licence: str | None = None
    ) -> Imported:
        """Every row of `path`, kept or rejected, in order.

        Args:
            path: The file with the rows.
            companion: The format's second file (tools or answers), where it has one and it is
                not found beside `path` under its usual name.
            licence: SPDX name of the data's licence; read from LICENSE beside the file if not
                given, `unknown` if there is none.

        Raises:
            FormatError: The file does not have this format.
        """


@dataclass(slots=True)
class Draft:
    """What a format's converter makes of one row."""

    tools: list[dict[str, Any]]
    messages: list[Message]
    defects: list[Defect] = field(default_factory=list)
    plan: Plan = field(default_factory=Plan)
    expected: Expected = field(default_factory=Expected)
    extra: dict[str, Any] = field(default_factory=dict)
    """Further keys of `origin`: rows of companion files."""


def import_rows(
    path: Path,
    form: str,
    keys: tuple[str, ...],
    convert: Callable[[dict[str, Any]], Draft],
    licence: str | None,
) -> Imported:
    """Drive a converter over a file.

    Args:
        path: The file.
        form: The format's name.
        keys: What each row must have.
        convert: Makes a draft of a row, or raises RowRefused.
        licence: See `Reader`.

    Yields:
        One Conversation or Rejection a row.

    Raises:
        FormatError: See `read_rows`; also if the first row has not the format's keys.
    """
    terms = licence or licence_beside(path)
    for index, raw in enumerate(read_rows(path)):
        if raw.refused:
            row = {"line": raw.line, "text": raw.value}
            yield _rejection(path, raw.line, raw.refused.reason, raw.refused.detail, row)
            continue
        missing = _missing(raw.value, keys)
        if missing and index == 0:
            raise FormatError(
                f"{path}:{raw.line}: a {form} row is an object with {', '.join(keys)}; "
                f"{missing}. Is the file of another format?"
            )
        if missing:
            yield _rejection(path, raw.line, "missing_key", missing, {"value": raw.value})
            continue
        try:
            draft = convert(raw.value)
            yield _conversation(path, form, terms, index, raw.line, raw.value, draft)
        except RowRefused as refused:
            yield _rejection(path, raw.line, refused.reason, refused.detail, raw.value)
        except ValidationError as error:
            first = error.errors()[0]
            detail = f"{'/'.join(map(str, first['loc']))}: {first['msg']}"
            yield _rejection(path, raw.line, "not_a_conversation", detail, raw.value)


def _missing(row: Any, keys: tuple[str, ...]) -> str:
    if not isinstance(row, dict):
        return f"this one is {type(row).__name__}"
    absent = [key for key in keys if key not in row]
    return f"this one lacks {', '.join(absent)}" if absent else ""


def _rejection(path: Path, line: int, reason: str, detail: str, row: dict[str, Any]) -> Rejection:
    detail = f"{path.name}:{line}: {detail}"
    return Rejection(stage="import", reason=reason, detail=detail, row=row)


def _conversation(
    path: Path, form: str, terms: str, index: int, line: int, raw: dict[str, Any], draft: Draft
) -> Conversation:
    language, sure = language_of(m.content or "" for m in draft.messages if m.role == "user")
    defects = [*check_tools(draft.tools), *draft.defects]
    if not sure:
        detail = f"neither English nor Chinese letters prevail; carried as {language}"
        defects.append(defect("messages", "language_unknown", detail))
    text = json.dumps([form, index, raw], ensure_ascii=False, sort_keys=True)
    return Conversation(
        id=hashlib.sha256(text.encode()).hexdigest()[:16],
        scenario="imported",
        language=language,
        tools=draft.tools,
        messages=draft.messages,
        plan=draft.plan,
        expected=draft.expected,
        origin={
            "source": path.name,
            "licence": terms,
            "format": form,
            "line": line,
            "raw": raw,
            **draft.extra,
            "defects": defects,
        },
    )


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


def offered(tool: Any, where: str) -> dict[str, Any]:
    """An OpenAI-shaped tool from a wrapped or flat one.

    Args:
        tool: `{"type": "function", "function": {...}}` or the inner object alone.
        where: For the message.

    Raises:
        RowRefused: bad_tool.
    """
    inner = want_object(tool, where)
    if isinstance(inner.get("function"), dict):
        inner = inner["function"]
    name = inner.get("name")
    if not isinstance(name, str) or not name:
        raise RowRefused("bad_tool", f"{where} has no name")
    parameters = inner.get("parameters")
    if parameters is None:
        parameters = {"type": "object", "properties": {}}
    if not isinstance(parameters, dict):
        raise RowRefused("bad_tool", f"{where}: parameters of {name} are no JSON Schema object")
    description = want_text(inner.get("description") or "", f"{where}: description of {name}")
    function = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "function": function}
