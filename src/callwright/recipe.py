"""Recipes: YAML read into frozen models. Each folder owns its section; this only composes them."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from callwright.generators.recipe import BuildSection, ToolsSection
from callwright.schemas.errors import RecipeError

_LARGEST = 1_000_000
"""Bytes of the largest recipe that is read; a larger file is not a recipe."""


class Recipe(BaseModel):
    """Everything a command needs to know, with every default spelled out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    tools: ToolsSection = ToolsSection()
    build: BuildSection = BuildSection()

    def resolved(self) -> dict[str, Any]:
        """The recipe as plain JSON, to be printed and saved with what it made."""
        return self.model_dump(mode="json")


def load_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Raises:
        RecipeError: it cannot be read, or a key or value in it is not understood.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RecipeError(f"cannot read recipe {path}: {error.strerror or error}") from None
    if len(data) > _LARGEST:
        raise RecipeError(f"{path} is no recipe: {len(data):,} bytes, more than {_LARGEST:,}")
    try:
        raw = yaml.safe_load(data.decode("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
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
    if first["type"] == "extra_forbidden":
        known = _keys(where[:-1])
        near = difflib.get_close_matches(where[-1], known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(known)}"
        raise RecipeError(f"{name}: unknown key {'.'.join(where)!r}; {hint}")
    message = first["msg"].removeprefix("Value error, ")
    given = "" if isinstance(first["input"], dict) else f" (given: {first['input']!r})"
    raise RecipeError(f"{name}: {'.'.join(where) or 'recipe'}: {message}{given}")


def _keys(path: list[str]) -> list[str]:
    """The known keys of the section at `path`."""
    model: Any = Recipe
    for step in path:
        field = getattr(model, "model_fields", {}).get(step)
        model = field.annotation if field is not None else None
    return sorted(getattr(model, "model_fields", {}))
