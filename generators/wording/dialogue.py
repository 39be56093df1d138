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
from callwright.generators.wording.words import chinese, english
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
    le: Literal["said"] | float | None = None
    ge: Literal["said"] | float | None = None
    lt: float | None = None
    gt: float | None = None
    clause: list[str] = Field(alias="if")
    otherwise: list[str] = Field(alias="else")
    then: list[str]
    fixed: dict[str, Any] = Field(default={}, alias="set")


class _Otherwise(_Strict):
    say: list[str]
    refused: list[str]
    first: str | None = None


class _Tool(_Strict):
    missing: dict[str, _Missing] = {}
    confirm: list[Written] = []
    declined: list[str] = []
    when: list[_When] = []
    undone: str = ""
    otherwise: dict[str, _Otherwise] = {}


@dataclass(frozen=True)
class Missing:
    """An argument that a forgetful user leaves out."""

    request: tuple[Form, ...]
    """Whole requests without it."""
    question: tuple[Form, ...]
    """What the assistant asks then."""
    reply: tuple[Form, ...]
    """What the user says then."""


@dataclass(frozen=True)
class When:
    """A condition that somebody may set on a result before something else is done."""

    field: str
    op: Literal["eq", "le", "ge", "lt", "gt"]
    value: Any
    """What the field is compared with; None: a limit that the user says."""
    clause: tuple[Form, ...]
    """ "if it's in stock"; with `{limit}` where a limit is said."""
    otherwise: tuple[Form, ...]
    """Why nothing more was done; slots are fields of the result."""
    then: tuple[str, ...]
    """Tools that it makes sense to go on with."""
    fixed: dict[str, Any]
    """Arguments of theirs that follow from the condition: what is on is switched off."""


@dataclass(frozen=True)
class Otherwise:
    """A second value for an argument, should the tool refuse the first."""

    say: tuple[Form, ...]
    """ "if that's taken, make it {starts_at}"."""
    refused: tuple[Form, ...]
    """ "{starts_at} is taken, so I went for the other time."; slots are of the first wish."""
    first: str | None
    """Kind of the values that the tool refuses; None: more than there is of a number."""


class Dialogue:
    """What the given packs say in one language between a request and its answer."""

    def __init__(self, language: Language, packs: Sequence[str]) -> None:
        self.missing: dict[str, dict[str, Missing]] = {}
        """Tool -> parameter -> words."""
        self.when: dict[str, tuple[When, ...]] = {}
        """Tool that reads -> conditions on its result."""
        self.undone: dict[str, str] = {}
        """Tool that a condition leads to -> what is said when it was not called."""
        self.confirm: dict[str, tuple[Form, ...]] = {}
        """Tool that writes -> what it is about to do, and whether it shall."""
        self.declined: dict[str, tuple[Form, ...]] = {}
        """Tool that writes -> what is said when it shall not."""
        self.otherwise: dict[str, dict[str, Otherwise]] = {}
        """Tool -> parameter -> what a second wish is for."""
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
                    if words.when:
                        self.when[tool] = tuple(map(_when, words.when))
                    if words.undone:
                        self.undone[tool] = words.undone
                    if words.confirm:
                        self.confirm[tool] = _forms(words.confirm)
                        self.declined[tool] = _forms(words.declined)
                    if words.otherwise:
                        self.otherwise[tool] = {
                            name: _otherwise(name, one) for name, one in words.otherwise.items()
                        }
                except ValueError as error:
                    raise ValueError(f"{path.parent.name}/{path.name}, {tool}: {error}") from error
        led_to = {then for whens in self.when.values() for when in whens for then in when.then}
        if silent := sorted(led_to - set(self.undone)):
            raise ValueError(f"dialogue_{language}.yaml: no `undone` for {', '.join(silent)}")


def _missing(name: str, raw: _Missing) -> Missing:
    found = Missing(_forms(raw.request), _forms(raw.question), _forms(raw.reply))
    for form in (*found.request, *found.question):
        if name in form.offers:
            raise ValueError(f"{form.text!r} says {name}, which is what is missing")
    for form in found.reply:
        if form.needs != {name}:
            raise ValueError(f"{form.text!r} is to say {name}, and at most what goes along with it")
    return found


def _otherwise(name: str, raw: _Otherwise) -> Otherwise:
    found = Otherwise(_forms(raw.say), _forms(raw.refused), raw.first)
    for form in found.say:
        if form.needs != {name}:
            raise ValueError(f"{form.text!r} is to say another {name}")
    return found


def _when(raw: _When) -> When:
    tests = {"eq": raw.equals, "le": raw.le, "ge": raw.ge, "lt": raw.lt, "gt": raw.gt}
    given = [(op, value) for op, value in tests.items() if value is not None]
    if len(given) != 1:
        raise ValueError(f"when {raw.field}: give one of is, le, ge, lt, gt")
    op, value = given[0]
    said = value == "said"
    clause = _forms(raw.clause)
    for form in clause:
        if ("limit" in form.needs) != said:
            raise ValueError(f"{form.text!r}: {{limit}} stands where the user says it, only there")
        if op != "eq" and not said and value and figure_in(form.text, value) is None:
            raise ValueError(f"{form.text!r} does not say {value:g}")
    return When(
        raw.field,
        op,  # type: ignore[arg-type]  # the keys above
        None if said else value,
        clause,
        _forms(raw.otherwise),
        tuple(raw.then),
        raw.fixed,
    )


def figure_in(text: str, value: float) -> tuple[str, str] | None:
    """How `text` says `value`, and in which surface form; None where it does not."""
    spoken = [words(int(value)) for words in (english, chinese)]
    spoken += ["两"] if value == 2 else []
    for written, form in (
        (f"{value:g}", "number.digits"),
        *((word, "number.words") for word in spoken),
    ):
        if written in text:
            return written, form
    return None


def _forms(texts: Iterable[Written]) -> tuple[Form, ...]:
    return tuple(
        parse_form(t) if isinstance(t, str) else parse_form(t["say"], t.get("set"), t.get("about"))
        for t in texts
    )


@cache
def dialogue(language: Language, packs: tuple[str, ...]) -> Dialogue:
    """The dialogue words of `packs` in `language`, read once per process."""
    return Dialogue(language, packs)
