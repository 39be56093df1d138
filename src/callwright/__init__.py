"""callwright: tool-calling datasets whose calls were really run.

import callwright

data = callwright.load("out/quickstart")
for row in data.rows():          # a callwright.Conversation each
print(row.messages[0].content)
callwright.verify("out/quickstart").failures
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

if _TYPE_CHECKING:
    from callwright.api import verify
    from callwright.schemas.record import Conversation
    from callwright.schemas.store import open_dataset as load

__all__ = ["Conversation", "load", "verify"]

# Name -> where it lives. Imported on first use: `callwright --help` must not wait for polars.
_HOMES = {
    "Conversation": ("callwright.schemas.record", "Conversation"),
    "load": ("callwright.schemas.store", "open_dataset"),
    "verify": ("callwright.api", "verify"),
}


def __getattr__(name: str) -> _Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'callwright' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(_import_module(module), attribute)


def __dir__() -> list[str]:
    return __all__
