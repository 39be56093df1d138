"""Foreign text that Argilla's page cannot take for a script, a template or markup.

Argilla (2.8.0) writes a record, suggestions and metadata included, into a script of a frame of the
page's own origin. A `</script>` in it would end that script, and what follows would be run.
"""

from __future__ import annotations

import re
from typing import Any

_ACTIVE = re.compile(r"[&<>`$\\{}]")
_TAG = re.compile(r"<(?=[/!sS])")
_GUARD = "<\u2060"
"""A word joiner behind the sign; `visible` has spelled out those that were there before."""


def escaped(value: Any) -> Any:
    """The value with every text in it as HTML, for a template to print as it comes."""
    if isinstance(value, dict):
        return {name: escaped(item) for name, item in value.items()}
    if isinstance(value, list):
        return [escaped(item) for item in value]
    return _ACTIVE.sub(lambda c: f"&#{ord(c[0])};", value) if isinstance(value, str) else value


def guarded(text: str) -> str:
    """Text to be edited, in which no tag begins though it looks the same."""
    return _TAG.sub(_GUARD, text)


def unguarded(text: str) -> str:
    """What `guarded` guarded."""
    return text.replace(_GUARD, "<")
