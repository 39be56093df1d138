"""A report as one HTML document that loads nothing and runs nothing.

Names and rows may come from anybody: whatever is not ours passes through `_text` or the display.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from callwright.curation.report_draw import SERIES, Picture
from callwright.curation.report_leakage import Leakage
from callwright.curation.report_style import CSS
from callwright.schemas.display_html import CSS as ROW_CSS
from callwright.schemas.display_html import article
from callwright.schemas.record import Conversation
from callwright.schemas.visible import one_line

LONGEST_REQUEST = 140
"""Characters of a folded row's request."""


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first row is the head, the first cell of each its label."""

    rows: list[list[str]]
    sums: frozenset[int] = frozenset()
    """Numbers of rows that say where the rows above lead."""
    is_text: bool = False
    """Cells hold words, not numbers."""


@dataclass(frozen=True)
class Samples:
    """Rows shown in full."""

    name: str
    rows: list[Conversation]


Block = str | Table | Leakage | Samples | Sequence[Picture]
"""What stands in a section; a text is a paragraph."""


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: Sequence[Block]


def document(names: Sequence[str], lead: str, sections: Sequence[Section], pictures: str) -> str:
    """The whole page.

    Args:
        names: Of the datasets.
        lead: A sentence below the heading.
        sections: In order.
        pictures: Folder of the PNGs, relative to the page.
    """
    style = CSS + ROW_CSS
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title, heading = _text(" beside ".join(names)), _text(names[0])
    if len(names) > 1:
        heading = " <i>beside</i> ".join(_key(name, i) for i, name in enumerate(names))
    # Numbers, not titles: a row's id, which stands in the page too, never begins with this.
    links = "".join(f'<a href="#report-{n}">{_text(s.title)}</a>' for n, s in enumerate(sections))
    body = "".join(_section(n, section, pictures) for n, section in enumerate(sections))
    return (
        "<!doctype html>\n"
        '<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title><style>{style}</style></head>\n"
        f'<body><main><header><h1>{heading}</h1><p class="lead">{_text(lead)}</p>\n'
        f"<nav>{links}</nav></header>\n{body}</main></body></html>\n"
    )


def _text(text: str) -> str:
    return escape(one_line(text))


def _key(name: str, index: int) -> str:
    return f'<span class="key {SERIES[index]}">{_text(name)}</span>'


def _section(number: int, section: Section, pictures: str) -> str:
    inner = "\n".join(_block(block, pictures) for block in section.blocks)
    head = f'<section id="report-{number}"><h2>{_text(section.title)}</h2>'
    return f"{head}\n{inner}\n</section>\n"


def _block(block: Block, pictures: str) -> str:
    match block:
        case str():
            return f'<p class="note">{_text(block)}</p>'
        case Table():
            return _table(block)
        case Leakage():
            return _leaks(block)
        case Samples():
            return _samples(block)
        case _:
            return f'<div class="charts">{"".join(_figure(p, pictures) for p in block)}</div>'


def _figure(picture: Picture, pictures: str) -> str:
    link = f'<a href="./{quote(pictures)}/{quote(picture.name)}.png">PNG</a>'
    caption = f"<b>{_text(picture.title)}</b>{link}<span>{_text(picture.note)}</span>"
    # The SVG is matplotlib's own, written anew from its parsed form.
    return f"<figure><figcaption>{caption}</figcaption>{picture.svg}</figure>\n"


def _table(table: Table) -> str:
    head, *rows = table.rows
    lines = [f"<tr>{''.join(f'<th>{cell}</th>' for cell in _heads(table, head))}</tr>"]
    if not any(head):
        lines = []
    for number, row in enumerate(rows, 1):
        sums = ' class="sum"' if number in table.sums else ""
        lines.append(f"<tr{sums}>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>")
    words = ' class="words"' if table.is_text else ""
    return f"<table{words}>{''.join(lines)}</table>"


def _heads(table: Table, head: list[str]) -> list[str]:
    """Words, or the datasets' names in the colours of their bars."""
    if table.is_text:
        return [_text(cell) for cell in head]
    return ["", *(_key(name, index) for index, name in enumerate(head[1:]))]


def _leaks(table: Leakage) -> str:
    measures = list(dict.fromkeys(name for pair in table.pairs for name in pair.counts))
    words = [_text(name.replace("_", " ")) for name in measures]
    head = "".join(f"<th>{word}</th>" for word in ("", *words))
    lines = []
    for pair in table.pairs:
        cells = "".join(
            f'<td data-label="{word}">{_count(pair.counts.get(name))}</td>'
            for name, word in zip(measures, words, strict=True)
        )
        lines.append(f"<tr><td>{_text(pair.name)}</td>{cells}</tr>")
    return (
        f'<div class="wide"><table class="leaks"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def _count(found: tuple[int, bool] | None) -> str:
    if found is None:
        return ""
    count, must_be_zero = found
    if not must_be_zero:
        return f"{count:,}"
    return f'<span class="leak">{count:,} leak</span>' if count else '<span class="zero">0 ✓</span>'


def _samples(samples: Samples) -> str:
    title = f"<h3>{_text(samples.name)}</h3>" if samples.name else ""
    return title + "".join(_sample(row, is_first=i == 0) for i, row in enumerate(samples.rows))


def _sample(row: Conversation, *, is_first: bool) -> str:
    said: Iterable[str] = (m.content or "" for m in row.messages if m.role == "user")
    request = one_line(next(iter(said), ""))
    if len(request) > LONGEST_REQUEST:
        request = request[: LONGEST_REQUEST - 1] + "…"
    summary = f"<span>{_text(row.scenario.replace('_', ' '))}</span>{escape(request)}"
    opened = " open" if is_first else ""
    return f'<details class="sample"{opened}><summary>{summary}</summary>{article(row)}</details>\n'
