"""How a row is shown, anywhere: one door to the modules that lay it out.

`blocks(row)` are styled lines for a terminal, `html(row)` is a fragment for any page, and
`page(rows, title)` a whole document. Text in a row may come from anybody: none of it acts on a
terminal or a page, and none of it stays invisible.
"""

from __future__ import annotations

from callwright.schemas.display_blocks import blocks
from callwright.schemas.display_html import html, page
from callwright.schemas.display_lines import Block, Line, Span, Style, json_lines, plain_text
from callwright.schemas.visible import one_line, visible

__all__ = [
    "Block",
    "Line",
    "Span",
    "Style",
    "blocks",
    "html",
    "json_lines",
    "one_line",
    "page",
    "plain_text",
    "visible",
]
