"""Text of strangers, made safe to look at: what would be invisible or act on a terminal is shown.

Control characters (ANSI escapes begin with one), bidi overrides, zero-width and other format
characters, lone surrogates and odd line ends become `⟨ESC⟩`, `⟨U+202E⟩` and the like.
"""

from __future__ import annotations

import json
import re

_NAMED = {0x00: "NUL", 0x07: "BEL", 0x08: "BS", 0x0D: "CR", 0x1B: "ESC", 0x7F: "DEL", 0xFEFF: "BOM"}
_SHOWN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, except tab and newline
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, fillers, joiners
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, line ends, bidi
    "\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb"  # fillers, selectors, byte order mark
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # surrogates, noncharacters
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # tags: text that only a model reads
    "\U000f0000-\U0010ffff"  # private use
    "]"
)
# U+FE0F, the emoji selector, is left alone: it is common, and it hides nothing.


def _name(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"⟨{_NAMED.get(code, f'U+{code:04X}')}⟩"


def visible(text: str) -> str:
    """`text` with every character that would not be seen, or would do something, spelled out.

    Tabs and newlines stay; `visible` of what it returns changes nothing.
    """
    return _SHOWN.sub(_name, text)


def one_line(text: str) -> str:
    """`visible`, on one line."""
    return " ".join(visible(text).split())


def json_escaped(text: str) -> str:
    """JSON text that means the same, what `visible` would spell out written as escapes."""
    return _SHOWN.sub(lambda found: json.dumps(found[0])[1:-1], text)
