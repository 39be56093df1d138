"""Where a dotted path of a wording leads in a tool's result."""

from __future__ import annotations

from typing import Any

from callwright.schemas.kinds import schema_at
from callwright.schemas.pointers import from_dotted
from callwright.schemas.toolbox import Tool


def field_schema(tool: Tool, path: str) -> dict[str, Any]:
    """The schema of a dotted path; lists are entered without an index."""
    found = tool.returns
    for name in path.split("."):
        found = schema_at(found.get("items", found), from_dotted(name))
    return found
