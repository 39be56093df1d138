"""What packs say in one language: `en.yaml` and `zh.yaml`, read and checked.

The grammar of forms is described in docs/packs.md. A form is parsed once into pieces; a slot
that names nothing is an error when the lexicon is loaded, not when a row is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from callwright.schemas.record import Language

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C loader where PyYAML has it: ten times faster, and every process reads all packs."""


def read_yaml(path: Path) -> Any:
    """A YAML file of ours."""
    return yaml.load(path.read_text("utf-8"), Loader=_LOADER)  # noqa: S506 - it is a safe loader


PREPOSITIONS = frozenset({"on", "at", "in", "by", "from", "for", "before", "after", "until", "to"})

_TEST = re.compile(r"if (no )?(\S+)(?: ([=>]) (.+))?")
_TOKEN = re.compile(r"\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}|(\[)|(\])")


@dataclass(frozen=True)
class Slot:
    name: str
    possessive: bool = False
    preposition: str | None = None


@dataclass(frozen=True)
class Each:
    """Lists the items of a list in an answer."""

    list: str
    separator: str
    item: tuple[Piece, ...]


@dataclass(frozen=True)
class Maybe:
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class If:
    """A test of a result's field in an answer: what it stands in is said where it holds."""

    name: str
    no: bool = False
    """It holds where the field is null, false, 0 or empty."""
    sign: str = ""
    """`=`, `>` or nothing."""
    value: str = ""

    def holds(self, found: Any) -> bool:
        """Of the field's value."""
        if self.sign == "=":
            return str(found) == self.value
        if self.sign == ">":
            return isinstance(found, int) and found > int(self.value)
        return bool(found) is not self.no


Piece = str | Slot | Each | Maybe | If


@dataclass(frozen=True)
class Form:
    """One parsed template."""

    text: str
    pieces: tuple[Piece, ...]
    fixed: tuple[tuple[str, Any], ...] = ()
    """Arguments that choosing this form fixes."""
    needs: frozenset[str] = field(default_factory=frozenset)
    """Slots outside optional pieces."""
    offers: frozenset[str] = field(default_factory=frozenset)
    """All slots."""
    about: str | None = None
    """The one field of the result that a request of this form asks for."""

    def fits(self, said: frozenset[str]) -> bool:
        """Usable for a call whose said parameters are exactly `said`?"""
        return self.needs <= said <= self.offers


def parse_form(text: str, fixed: dict[str, Any] | None = None, about: str | None = None) -> Form:
    """Parse a template.

    Raises:
        ValueError: unbalanced brackets or braces.
    """
    pieces, end = _parse(text, 0, inside=False)
    if end != len(text):
        raise ValueError(f"unbalanced ] in {text!r}")
    if any(isinstance(piece, str) and ("{" in piece or "}" in piece) for piece in pieces):
        raise ValueError(f"unbalanced brace in {text!r}")
    return Form(
        text,
        pieces,
        tuple((fixed or {}).items()),
        frozenset(_slots(pieces, optional=False)),
        frozenset(_slots(pieces, optional=True)),
        about,
    )


def _parse(text: str, at: int, *, inside: bool) -> tuple[tuple[Piece, ...], int]:
    pieces: list[Piece] = []
    while at < len(text):
        token = _TOKEN.search(text, at)
        if token is None:
            pieces.append(text[at:])
            at = len(text)
            break
        if token.start() > at:
            pieces.append(text[at : token.start()])
        at = token.end()
        if token.group(2):
            sub, at = _parse(text, at, inside=True)
            pieces.append(Maybe(sub))
        elif token.group(3):
            if inside:
                return tuple(pieces), at
            raise ValueError(f"unbalanced ] in {text!r}")
        else:
            pieces.append(_slot(token.group(1), text))
    if inside:
        raise ValueError(f"unbalanced [ in {text!r}")
    return tuple(pieces), at


def _slot(inner: str, text: str) -> Piece:
    if inner.startswith("each "):
        head, _, item = inner[5:].partition(":")
        name, *rest = head.split("|")
        separator = rest[0] if rest else ", "
        pieces, _ = _parse(item.removeprefix(" "), 0, inside=False)
        return Each(name.strip(), separator, pieces)
    if test := _TEST.fullmatch(inner):
        return If(test[2], bool(test[1]), test[3] or "", test[4] or "")
    words = inner.split()
    if len(words) == 2 and words[0] in PREPOSITIONS:
        return Slot(words[1].removesuffix("'s"), words[1].endswith("'s"), words[0])
    if len(words) != 1:
        raise ValueError(
            f"slot {{{inner}}} in {text!r} is neither a name nor a preposition and a name"
        )
    return Slot(inner.removesuffix("'s"), inner.endswith("'s"))


def _slots(pieces: Iterable[Piece], *, optional: bool) -> Iterable[str]:
    for piece in pieces:
        if isinstance(piece, Slot | If):
            yield piece.name
        elif isinstance(piece, Maybe) and optional:
            yield from _slots(piece.pieces, optional=True)


# ---------------------------------------------------------------- the files


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleWording(_Strict):
    """One way to single out an item of a list, and what it is called."""

    take: Literal["first", "last", "min", "max", "only"]
    by: str | None = None
    where: dict[str, Any] = {}
    """field -> a fixed value, `said` (equal to a value the user says) or {ge|le: fixed or said}."""
    name: list[str]
    unfit: list[str] = []
    """Tools to which such an item is not passed: nobody tracks an order that has arrived."""


class PickWording(_Strict):
    key: str
    told: list[str] = []
    """How an answer names the picked item where nothing else in it does."""
    rules: list[RuleWording]


class ReasonWording(_Strict):
    say: str
    about: str | list[str]
    """The fields of the result that it is a reason to ask for."""


class ToolWording(_Strict):
    ask: list[str | dict[str, Any]]
    do: list[str | dict[str, Any]]
    name: dict[str, list[str]] = {}
    that: dict[str, list[str]] = {}
    elide: dict[str, list[str]] = {}
    me: list[str] = []
    pick: dict[str, PickWording] = {}
    obvious: dict[str, Any] = {}
    """Result field -> the value that no speaker of this language would look up."""
    because: list[str | ReasonWording] = []
    answer: list[str]
    none: list[str] = []


@dataclass(frozen=True)
class PickRule:
    take: Literal["first", "last", "min", "max", "only"]
    by: str | None
    tests: tuple[tuple[str, Literal["eq", "ge", "le"], Any], ...]
    """(field, op, value); value `SAID` = a value the user says."""
    forms: tuple[Form, ...]
    unfit: frozenset[str] = frozenset()


SAID = "said"


@dataclass(frozen=True)
class Reason:
    """Why somebody asks."""

    text: str
    about: frozenset[str] = frozenset()
    """The fields that it is a reason to ask for; none: whatever the tool tells."""

    def fits(self, asked: str | None) -> bool:
        """May it be said with a request for this field, or for no field in particular?"""
        return asked is None or not self.about or asked in self.about


@dataclass(frozen=True)
class Words:
    """One tool's wording in one language, parsed."""

    ask: tuple[Form, ...]
    do: tuple[Form, ...]
    name: dict[str, tuple[Form, ...]]
    that: dict[str, tuple[Form, ...]]
    elide: dict[str, tuple[Form, ...]]
    me: tuple[Form, ...]
    pick_key: dict[str, str]
    pick: dict[str, tuple[PickRule, ...]]
    told: dict[str, tuple[Form, ...]]
    obvious: dict[str, Any]
    because: tuple[Reason, ...]
    answer: tuple[Form, ...]
    none: tuple[Form, ...]


class Lexicon:
    """Everything the given packs say in one language."""

    def __init__(self, language: Language, packs: Sequence[str]) -> None:
        self.language = language
        self.tools: dict[str, Words] = {}
        self.say: dict[str, tuple[Form, ...]] = {}
        for pack in packs:
            path = Path(__file__).parent.parent / "packs" / pack / f"{language}.yaml"
            content = read_yaml(path)
            for kind, forms in content.pop("say", {}).items():
                self.say[kind] = tuple(parse_form(form.replace("{}", "{value}")) for form in forms)
            for name, raw in content.items():
                try:
                    self.tools[name] = _words(ToolWording.model_validate(raw))
                except ValueError as error:
                    raise ValueError(f"{path.parent.name}/{path.name}, {name}: {error}") from error

    def can_name(self, tool: str, path: str, inside: str | None) -> bool:
        """Is there a noun phrase for this field of the tool's result?"""
        words = self.tools[tool]
        if inside is None:
            return path in words.name or path in words.elide
        if inside not in words.pick:
            return False
        return path in words.name or path == f"{inside}.{words.pick_key[inside]}"


def _reason(raw: str | ReasonWording) -> Reason:
    if isinstance(raw, str):
        return Reason(raw)
    return Reason(raw.say, frozenset([raw.about] if isinstance(raw.about, str) else raw.about))


def _words(raw: ToolWording) -> Words:
    def forms(texts: Iterable[str | dict[str, Any]]) -> tuple[Form, ...]:
        return tuple(
            parse_form(t)
            if isinstance(t, str)
            else parse_form(t["say"], t.get("set"), t.get("about"))
            for t in texts
        )

    def each(table: dict[str, list[str]]) -> dict[str, tuple[Form, ...]]:
        return {path: forms(texts) for path, texts in table.items()}

    return Words(
        ask=forms(raw.ask),
        do=forms(raw.do),
        name=each(raw.name),
        that=each(raw.that),
        elide=each(raw.elide),
        me=forms(raw.me),
        pick_key={path: pick.key for path, pick in raw.pick.items()},
        pick={path: tuple(map(_rule, pick.rules)) for path, pick in raw.pick.items()},
        told={path: forms(pick.told) for path, pick in raw.pick.items()},
        obvious=raw.obvious,
        because=tuple(map(_reason, raw.because)),
        answer=forms(raw.answer),
        none=forms(raw.none),
    )


def _rule(raw: RuleWording) -> PickRule:
    tests: list[tuple[str, Literal["eq", "ge", "le"], Any]] = []
    for name, wanted in raw.where.items():
        if isinstance(wanted, dict):
            for op, value in wanted.items():
                if op not in ("eq", "ge", "le"):
                    raise ValueError(f"pick rule: unknown test {op!r} (eq, ge or le)")
                tests.append((name, op, value))
        else:
            tests.append((name, "eq", wanted))
    forms = tuple(parse_form(text) for text in raw.name)
    return PickRule(raw.take, raw.by, tuple(tests), forms, frozenset(raw.unfit))


@cache
def lexicon(language: Language, packs: tuple[str, ...]) -> Lexicon:
    """The lexicon of `packs` in `language`, read once per process."""
    return Lexicon(language, packs)
