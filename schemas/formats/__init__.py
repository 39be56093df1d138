"""Foreign formats: read what others made and say what is wrong with it, write what they read.

To add a format, write its module (a `Format` with `read` and, where it can be written, `write`),
a line in the table below and a test. Reading repairs nothing: a row's defects stand in
`origin["defects"]` (see `defects`), and a row that no Conversation can hold unchanged is
rejected. Writing bends nothing: `exports` reads every row back and refuses what has changed.
"""

from __future__ import annotations

from functools import partial

from callwright.schemas.formats.bfcl import BFCL
from callwright.schemas.formats.format import Format
from callwright.schemas.formats.hermes import HERMES
from callwright.schemas.formats.hf_chat import HF
from callwright.schemas.formats.imports import Imported, Reader, read_file
from callwright.schemas.formats.ms_swift import MS_SWIFT
from callwright.schemas.formats.nestful import NESTFUL
from callwright.schemas.formats.openai_chat import OPENAI
from callwright.schemas.formats.seal_tools import SEAL_TOOLS
from callwright.schemas.formats.sharegpt import SHAREGPT
from callwright.schemas.formats.sharegpt_function import SHAREGPT_FUNCTION
from callwright.schemas.formats.xlam import XLAM

FORMATS: dict[str, Format] = {
    "openai": OPENAI,
    "hf": HF,
    "sharegpt": SHAREGPT,
    "sharegpt_function": SHAREGPT_FUNCTION,
    "hermes": HERMES,
    "xlam": XLAM,
    "ms_swift": MS_SWIFT,
    "nestful": NESTFUL,
    "seal_tools": SEAL_TOOLS,
    "bfcl": BFCL,
}
"""Name -> format."""

READERS: dict[str, Reader] = {name: partial(read_file, form) for name, form in FORMATS.items()}
"""Name -> `READERS[name](path)`, which yields a Conversation or a Rejection for every row."""

__all__ = ["FORMATS", "READERS", "Format", "Imported", "Reader"]
