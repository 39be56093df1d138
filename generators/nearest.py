"""What somebody may have meant who wrote a name that nothing has."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

CLOSE = 0.75
"""Similarity (difflib's ratio) from which a name is suggested: one slip in four letters."""


def nearest(written: str, names: Iterable[str], *, most: int = 3) -> list[str]:
    """The names most like `written`, the likest first; letter case does not count.

    For the `suggestions` of a `ToolError`: `ToolError("not_found", …, nearest(payee, payees))`.
    """
    known = {name.casefold(): name for name in sorted(names, reverse=True)}
    found = difflib.get_close_matches(written.casefold(), sorted(known), n=most, cutoff=CLOSE)
    return [known[name] for name in found]
