"""The table of terms: what people call the values of a kind, per language.

One YAML file per pack in `schemas/surface/terms/`:

    city.name:                       # kind
      Paris: {zh: [巴黎]}             # canonical value: names per language
    currency.code:
      EUR: {en: [euros, euro], zh: [欧元]}

Keys and names are read as the characters they are written with: `NO` stays Norway's code and
`true` stays `true`. A canonical value that is no string is written as its JSON text.
The canonical value itself always counts as a name and needs no entry.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from callwright.schemas.errors import FormatError

LANGUAGES = ("en", "zh")

Names = dict[str, tuple[str, ...]]
"""language -> names, the most usual first."""
Table = dict[str, dict[str, Names]]
"""kind -> canonical value as written -> names."""

FOLDER = Path(__file__).parent / "terms"


def load(path: Path) -> Table:
    """Read and check one file of terms.

    Raises:
        FormatError: naming file, line, and what is wrong there.
    """
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FormatError(f"{path}: not a readable YAML file: {error}") from error
    if root is None:
        return {}
    table: Table = {}
    for kind, values, _ in _entries(path, root, "a mapping of kinds"):
        table[kind] = {}
        for canonical, languages, node in _entries(path, values, f"a mapping of {kind} values"):
            names: Names = {}
            for language, listed, key in _entries(path, languages, "a mapping of languages"):
                if language not in LANGUAGES:
                    raise _fault(path, key, f"language {language!r}: known are en and zh")
                names[language] = _names(path, listed)
            if not names:
                raise _fault(path, node, f"{kind} {canonical!r} has no names: leave it out")
            table[kind][canonical] = names
    return table


def merge(tables: list[Table]) -> Table:
    """One table of several; a value that stands in two of them gets the names of both."""
    merged: Table = {}
    for table in tables:
        for kind, values in table.items():
            into = merged.setdefault(kind, {})
            for canonical, names in values.items():
                old = into.get(canonical, {})
                into[canonical] = {
                    language: tuple(dict.fromkeys(old.get(language, ()) + names.get(language, ())))
                    for language in LANGUAGES
                    if language in old or language in names
                }
    return merged


@lru_cache(maxsize=1)
def table() -> Table:
    """The terms of every pack. Read once."""
    return merge([load(path) for path in sorted(FOLDER.glob("*.yaml"))])


def written(value: Any) -> str:
    """How the table writes `value`: a string as it is, anything else as its JSON text."""
    return value if isinstance(value, str) else json.dumps(value)


def names_of(value: Any, kind: str | None, language: str) -> tuple[str, ...]:
    """The names of `value` in `language`, most usual first; empty where the table has none."""
    values = table().get(kind) if kind is not None else None
    if not values or isinstance(value, (dict, list)):
        return ()
    return values.get(written(value), {}).get(language, ())


@lru_cache(maxsize=4096)
def meanings(kind: str, language: str) -> dict[str, tuple[str, ...]]:
    """Casefolded name -> canonical values as written; the values name themselves too."""
    found: dict[str, list[str]] = {}
    for canonical, names in table().get(kind, {}).items():
        for name in (canonical, *names.get(language, ())):
            into = found.setdefault(name.casefold(), [])
            if canonical not in into:
                into.append(canonical)
    return {name: tuple(values) for name, values in found.items()}


def parse(text: str, kind: str | None, language: str) -> list[Any]:
    """The values of `kind` that `text` names.

    `true` and `840` in the table may each be a string or what the JSON text says; which one a
    kind means stands in its schema, not here, so both are given.
    """
    found: list[Any] = []
    if kind is None:
        return found
    for canonical in meanings(kind, language).get(" ".join(text.split()).casefold(), ()):
        found.append(canonical)
        value = _as_json(canonical)
        if value is not None:
            found.append(value)
    return found


def _as_json(canonical: str) -> bool | int | float | None:
    """The boolean or number that `canonical` is the JSON text of; None where it is neither."""
    if canonical[:1] not in "tf-0123456789" or len(canonical) > 40:
        return None
    try:
        value = json.loads(canonical)
    except ValueError:
        return None
    return value if isinstance(value, (bool, int, float)) else None


def _entries(
    path: Path, node: yaml.Node, expected: str
) -> list[tuple[str, yaml.Node, yaml.ScalarNode]]:
    """The entries of a mapping node: key as written, value node, key node."""
    if not isinstance(node, yaml.MappingNode):
        raise _fault(path, node, f"expected {expected}")
    entries: list[tuple[str, yaml.Node, yaml.ScalarNode]] = []
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or not key.value.strip():
            raise _fault(path, key, f"expected {expected}: a key must be plain text")
        if key.value in seen:
            raise _fault(path, key, f"{key.value!r} stands twice")
        seen.add(key.value)
        entries.append((key.value, value, key))
    return entries


def _names(path: Path, node: yaml.Node) -> tuple[str, ...]:
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        raise _fault(path, node, "expected a list of names, such as [euros, euro]")
    names: list[str] = []
    for item in node.value:
        if not isinstance(item, yaml.ScalarNode) or not item.value.strip():
            raise _fault(path, item, "a name must be non-empty text")
        if item.value != " ".join(item.value.split()):
            raise _fault(path, item, f"name {item.value!r} has stray spaces")
        if item.value in names:
            raise _fault(path, item, f"name {item.value!r} stands twice")
        names.append(item.value)
    return tuple(names)


def _fault(path: Path, node: yaml.Node, what: str) -> FormatError:
    return FormatError(f"{path}:{node.start_mark.line + 1}: {what}")
