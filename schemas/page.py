"""A report as one HTML document that loads nothing and runs nothing.

Names and texts may come from anybody: whatever is not ours passes through `text` or the display.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterable, Sequence
from html import escape

from callwright.schemas.display_html import CSS as ROW_CSS
from callwright.schemas.page_style import CSS
from callwright.schemas.visible import one_line, visible

LONGEST_SUMMARY = 140
"""Characters of what is folded that its summary shows."""


def document(
    title: str, heading: str, lead: str, sections: Sequence[tuple[str, str]], style: str = ""
) -> str:
    """The whole page.

    Args:
        title: Of the window; plain text.
        heading: HTML of the heading.
        lead: A sentence below the heading; plain text.
        sections: (title as plain text, HTML), in order.
        style: CSS beside the common one.
    """
    style = CSS + style + ROW_CSS
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    # Numbers, not titles: a row's id, which stands in the page too, never begins with this.
    links = "".join(f'<a href="#report-{n}">{text(s)}</a>' for n, (s, _) in enumerate(sections))
    body = "".join(
        f'<section id="report-{n}"><h2>{text(name)}</h2>\n{inner}\n</section>\n'
        for n, (name, inner) in enumerate(sections)
    )
    return (
        "<!doctype html>\n"
        '<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{text(title)}</title><style>{style}</style></head>\n"
        f'<body><main><header><h1>{heading}</h1><p class="lead">{text(lead)}</p>\n'
        f"<nav>{links}</nav></header>\n{body}</main></body></html>\n"
    )


def text(foreign: str) -> str:
    """Foreign text on one line, as HTML in which nothing acts."""
    return escape(one_line(foreign))


def note(words: str) -> str:
    """A paragraph in small letters."""
    return f'<p class="note">{text(words)}</p>'


def preformatted(foreign: str) -> str:
    """Foreign text with its lines, as HTML in which nothing acts."""
    return f'<pre dir="auto">{escape(visible(foreign))}</pre>'


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    kind: str = "",
    sums: Collection[int] = (),
) -> str:
    """Rows of cells, the first of each its label.

    Args:
        heads: HTML of the heads; none where there are to be none.
        rows: plain text.
        kind: the table's class; `words` where cells are no numbers.
        sums: numbers of rows, from 1, that say where the rows above lead.
    """
    lines = [f"<tr>{''.join(f'<th>{cell}</th>' for cell in heads)}</tr>"] if any(heads) else []
    for number, row in enumerate(rows, 1):
        marked = ' class="sum"' if number in sums else ""
        lines.append(f"<tr{marked}>{''.join(f'<td>{text(cell)}</td>' for cell in row)}</tr>")
    named = f' class="{kind}"' if kind else ""
    return f"<table{named}>{''.join(lines)}</table>"


def figure(title: str, about: str, svg: str, link: str = "") -> str:
    """A chart with its caption.

    Args:
        title, about: plain text.
        svg: of a `Sheet`: matplotlib's own, written anew from its parsed form.
        link: HTML.
    """
    caption = f"<b>{text(title)}</b>{link}<span>{text(about)}</span>"
    return f"<figure><figcaption>{caption}</figcaption>{svg}</figure>\n"


def folded(label: str, words: str, inner: str, *, is_open: bool = False) -> str:
    """Something long behind a line of text.

    Args:
        label, words: plain text.
        inner: HTML.
    """
    told = one_line(words)
    if len(told) > LONGEST_SUMMARY:
        told = told[: LONGEST_SUMMARY - 1] + "…"
    summary = f"<span>{text(label)}</span>{escape(told)}"
    opened = " open" if is_open else ""
    return f'<details class="sample"{opened}><summary>{summary}</summary>{inner}</details>\n'
