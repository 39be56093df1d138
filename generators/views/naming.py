"""How services write names, and what else they call things.

The latter stands in `names.yaml` for all packs, and in each pack's `views.yaml` for its tools.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Group(_Strict):
    """Parameters that some services take as one object."""

    called: tuple[str, ...]
    holds: dict[str, str]
    """Parameter -> its name within the object."""


class Names(_Strict):
    """What every pack's things may be called."""

    both: dict[str, tuple[str, ...]]
    """Parameter and field alike -> other names."""
    parameters: dict[str, tuple[str, ...]]
    """Parameter -> other names that would say something else in a result."""
    together: tuple[tuple[str, ...], ...]
    """Names that are chosen together: partners have theirs from the same place in their lists."""
    groups: tuple[Group, ...]
    verbs: dict[str, tuple[str, ...]]
    """First word of a tool's name -> other verbs."""


class PackNames(_Strict):
    """What one pack's tools may be called."""

    service: tuple[str, ...]
    """What the service may be called, where tools carry its name."""
    tools: dict[str, tuple[str, ...]] = {}
    """Tool -> other names."""
    parameters: dict[str, tuple[str, ...]] = {}
    """Parameter of these tools -> other names, before those that all packs share."""


@lru_cache(maxsize=1)
def names() -> Names:
    """The names that all packs share."""
    return Names.model_validate(_read("callwright.generators.views", "names.yaml"))


@lru_cache(maxsize=256)
def pack_names(pack: str) -> PackNames:
    """A pack's names. One without `views.yaml` (somebody's own) has none but by its verbs."""
    try:
        found = _read(f"callwright.generators.packs.{pack}", "views.yaml")
    except (ModuleNotFoundError, FileNotFoundError):
        return PackNames(service=(pack,))
    return PackNames.model_validate(found)


def other_names(tool: str, pack: str) -> tuple[str, ...]:
    """Names that a tool may have instead of its own; none where nothing is known."""
    known = pack_names(pack).tools.get(tool)
    if known:
        return known
    verb, _, rest = tool.partition("_")
    return tuple(f"{other}_{rest}" for other in names().verbs.get(verb, ()) if rest)


def _read(package: str, name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load((files(package) / name).read_text("utf-8"))
    return found


# --------------------------------------------------------------- conventions

_DIGIT = re.compile(r"(?<=[0-9])_(?=[0-9])")


def snake(name: str) -> str:
    """`get_order`: as the tools write themselves."""
    return name


def kebab(name: str) -> str:
    """`get-order`."""
    return name.replace("_", "-")


def pascal(name: str) -> str:
    """`GetOrder`; between two digits the underscore stays, or 639_3 would be another number."""
    name = _DIGIT.sub("\0", name)
    return "".join(part[:1].upper() + part[1:] for part in name.split("_")).replace("\0", "_")


def camel(name: str) -> str:
    """`getOrder`."""
    found = pascal(name)
    return found[:1].lower() + found[1:]


Convention = Callable[[str], str]
