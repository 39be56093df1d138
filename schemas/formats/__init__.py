"""Foreign formats: read what others made, and say what is wrong with it.

`READERS[name](path)` yields a Conversation or a Rejection for every row. Nothing is repaired:
a row's defects stand in `origin["defects"]` (see `defects`), a row that no Conversation can
hold unchanged is rejected, and a file of another form is a FormatError.
"""

from __future__ import annotations

from callwright.schemas.formats.bfcl import read_bfcl
from callwright.schemas.formats.imports import Imported, Reader
from callwright.schemas.formats.nestful import read_nestful
from callwright.schemas.formats.openai_chat import read_openai_chat
from callwright.schemas.formats.seal_tools import read_seal_tools
from callwright.schemas.formats.sharegpt import read_sharegpt

READERS: dict[str, Reader] = {
    "bfcl": read_bfcl,
    "nestful": read_nestful,
    "openai_chat": read_openai_chat,
    "seal_tools": read_seal_tools,
    "sharegpt": read_sharegpt,
}
"""Name of a format -> its reader."""

__all__ = ["READERS", "Imported", "Reader"]
