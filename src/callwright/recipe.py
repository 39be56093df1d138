"""Recipes: YAML read into frozen models. Each folder owns its section; this only composes them."""

from __future__ import annotations

import difflib
import re
import reprlib
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from callwright.curation.recipe import CurationSection
from callwright.generators.recipe import BuildSection, ToolsSection
from callwright.schemas.errors import RecipeError
from callwright.training.recipe import TrainingSection

_LARGEST = 1_000_000
"""Bytes of the largest recipe that is read; a larger file is not a recipe."""

_PLAIN = {
    "model_type": "must be a mapping of keys to values",
    "dict_type": "must be a mapping of names to weights",
    "tuple_type": "must be a list",
}
"""pydantic's word for what went wrong -> ours, where its own speaks of Python."""


class Recipe(BaseModel):
    """Everything a command needs to know, with every default spelled out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    tools: ToolsSection = ToolsSection()
    build: BuildSection = BuildSection()
    curation: CurationSection = CurationSection()
    training: TrainingSection = TrainingSection()

    def resolved(self, *sections: str) -> dict[str, Any]:
        """The recipe as plain JSON, to be printed and saved with what it made.

        Args:
            sections: Those that made it, beside the seed; none named: all. What a command does
                not read must not make its work look like another recipe's.
        """
        include = {"seed", *sections} if sections else None
        return self.model_dump(mode="json", include=include)


class _Loader(yaml.SafeLoader):
    """Refuses a key given twice, and merge keys, of which a few lines can grow without bound."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                raise yaml.constructor.ConstructorError(
                    None, None, "merge keys (<<) are not read; write the keys out", key.start_mark
                )
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key {key.value!r} is given twice", key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def load_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Raises:
        RecipeError: it cannot be read, or a key or value in it is not understood.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise RecipeError(f"cannot read recipe {path}: {error.strerror or error}") from None
    if len(data) > _LARGEST:
        raise RecipeError(f"{path} is no recipe: it has more than {_LARGEST:,} bytes")
    try:
        raw = yaml.load(data.decode("utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # ValueError: not UTF-8, or a date or number that cannot be one, such as 2026-13-45.
        raise RecipeError(f"{path} is not YAML: {' '.join(str(error).split())}") from None
    if raw is None:
        raw = {}
    if not isinstance(raw, dict):
        raise RecipeError(f"{path} must be a mapping of sections, not a {type(raw).__name__}")
    return parse_recipe(raw, str(path))


def parse_recipe(raw: dict[str, Any], name: str) -> Recipe:
    """Check a recipe that has been read.

    Raises:
        RecipeError: one line that names the key, the value and, for a misspelt key, the nearest.
    """
    try:
        return Recipe.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    where = [str(step) for step in first["loc"] if step != "[key]"]
    wrong_key = first["type"] == "extra_forbidden" or first["loc"][-1:] == ("[key]",)
    if wrong_key:
        # A mapping of names to weights knows its names from the error, a section by its fields.
        listed = re.findall(r"'([^']*)'", first.get("ctx", {}).get("expected", ""))
        known = listed or _keys(where[:-1])
        near = difflib.get_close_matches(where[-1], known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(known)}"
        raise RecipeError(f"{name}: unknown key {'.'.join(where)!r}; {hint}")
    message = _PLAIN.get(first["type"], first["msg"].removeprefix("Value error, "))
    # A validator of a whole section has said what is wrong in it.
    given = "" if first["type"] == "value_error" else f" (given: {_shortened(first['input'])})"
    raise RecipeError(f"{name}: {'.'.join(where) or 'recipe'}: {message}{given}")


def _shortened(value: Any) -> str:
    """The value in a few words: a few aliases can stand for gigabytes."""
    brief = reprlib.Repr()
    brief.maxlevel, brief.maxstring = 2, 60
    try:
        return brief.repr(value)
    except ValueError:  # an integer of more digits than Python writes
        return "a number of thousands of digits"


def _keys(path: list[str]) -> list[str]:
    """The known keys of the section at `path`."""
    model: Any = Recipe
    for step in path:
        if get_origin(model) is tuple:  # a list of sections: `step` is a place in it
            model = get_args(model)[0]
            continue
        field = getattr(model, "model_fields", {}).get(step)
        model = field.annotation if field is not None else None
    return sorted(getattr(model, "model_fields", {}))
