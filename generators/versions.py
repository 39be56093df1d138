"""What a build depends on: with the same tools section and versions, the same bytes."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version

from callwright.generators.recipe import ToolsSection
from callwright.schemas.canonical import digest

LIBRARIES = (
    "callwright",
    "airportsdata",
    "astral",
    "babel",
    "email-validator",
    "holidays",
    "phonenumbers",
    "pycountry",
    "pyproj",
    "python-dateutil",
    "python-stdnum",
    "tzdata",
)
"""Distributions whose data or code stands behind a tool's result."""


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Library -> installed version."""
    return {name: version(name) for name in LIBRARIES}


def build_digest(tools: ToolsSection) -> str:
    """Digest of the tools section and the versions: names the builds that replay alike."""
    return digest({"tools": tools.written(), "versions": versions()})
