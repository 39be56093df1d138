"""What is said between a request and its answer: `dialogue_en.yaml` and `dialogue_zh.yaml`.

A forgetful request, the question that it needs, what the user says then; whether to go ahead;
what is to be so before something is done. docs/packs.md describes the keys. A pack without such a
file has no such words, and its tools stand in no such rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from callwright.generators.wording.lexicon import Form, parse_form, read_yaml
from callwright.schemas.record import Language

Written = str | dict[str, Any]
"""A form, or one that fixes arguments: `{say: …, set: {state: off}}`."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Missing(_Strict):
    request: list[Written]
    question: list[str]
    reply: list[str]


class _When(_Strict):
    field: str
    equals: Any = Field(default=None, alias="is")
    le: Literal["said"] | None = None
    ge: Literal["said"] | None = None
    lt: float | None = None
    gt: float | None = None
    clause: list[str] = Field(alias="if")
    otherwise: list[str] = Field(alias="else")
    then: list[str]


class _Tool(_Strict):
    missing: dict[str, _Missing] = {}
    confirm: list[Written] = []
    declined: list[str] = []
    when: list[_When] = []
    otherwise: dict[str, list[str]] = {}


@dataclass(frozen=True)
class Missing:
    """An argument that a forgetful user leaves out."""

    request: tuple[Form, ...]
    """Whole requests without it."""
    question: tuple[Form, ...]
    """What the assistant asks then."""
    reply: tuple[Form, ...]
    """What the user says then."""


class Dialogue:
    """What the given packs say in one language between a request and its answer."""

    def __init__(self, language: Language, packs: Sequence[str]) -> None:
        self.missing: dict[str, dict[str, Missing]] = {}
        """Tool -> parameter -> words."""
        self.confirm: dict[str, tuple[Form, ...]] = {}
        """Tool that writes -> what it is about to do, and whether it shall."""
        self.declined: dict[str, tuple[Form, ...]] = {}
        """Tool that writes -> what is said when it shall not."""
        for pack in packs:
            path = Path(__file__).parent.parent / "packs" / pack / f"dialogue_{language}.yaml"
            if not path.exists():
                continue
            for tool, raw in read_yaml(path).items():
                try:
                    words = _Tool.model_validate(raw)
                    self.missing[tool] = {
                        name: _missing(name, one) for name, one in words.missing.items()
                    }
                    if words.confirm:
                        self.confirm[tool] = _forms(words.confirm)
                        self.declined[tool] = _forms(words.declined)
                except ValueError as error:
                    raise ValueError(f"{path.parent.name}/{path.name}, {tool}: {error}") from error


def _missing(name: str, raw: _Missing) -> Missing:
    found = Missing(_forms(raw.request), _forms(raw.question), _forms(raw.reply))
    for form in (*found.request, *found.question):
        if name in form.offers:
            raise ValueError(f"{form.text!r} says {name}, which is what is missing")
    for form in found.reply:
        if form.offers != {name}:
            raise ValueError(f"{form.text!r} is to say {name} and nothing else")
    return found


def _forms(texts: Iterable[Written]) -> tuple[Form, ...]:
    return tuple(
        parse_form(t) if isinstance(t, str) else parse_form(t["say"], t.get("set"), t.get("about"))
        for t in texts
    )


@cache
def dialogue(language: Language, packs: tuple[str, ...]) -> Dialogue:
    """The dialogue words of `packs` in `language`, read once per process."""
    return Dialogue(language, packs)
