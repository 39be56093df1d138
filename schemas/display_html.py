"""Rows as HTML: no scripts, no network, nothing unescaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from html import escape

from callwright.schemas.display_blocks import blocks
from callwright.schemas.display_lines import Block, Line
from callwright.schemas.record import Conversation
from callwright.schemas.visible import one_line

# Every rule is within .cw, so that a fragment leaves the page around it as it is.
CSS = """
.cw{--ink:#1d2329;--dim:#5d6873;--paper:#fff;--edge:#d8dee4;--tint:#f4f6f8;--name:#0b5cad;
--value:#7a3e00;--source:#6a35a8;--said:#fff0b8;--fed:#e6dcfa;--claim:#1a7f37;--good:#1a7f37;
--bad:#b3261e;color:var(--ink);background:var(--paper);
font:15px/1.5 system-ui,-apple-system,"Segoe UI","Noto Sans","Noto Sans CJK SC",sans-serif}
@media(prefers-color-scheme:dark){.cw{--ink:#e3e8ed;--dim:#98a3ae;--paper:#14181c;--edge:#333b43;
--tint:#1d2328;--name:#7db7f5;--value:#e8b07a;--source:#c6a4f2;--said:#4a3f10;--fed:#3a2b59;
--claim:#63c27a;--good:#63c27a;--bad:#ff8a80}}
article.cw{max-width:60rem;margin:0 auto 2rem;padding:1rem;border:1px solid var(--edge);
border-radius:10px;box-sizing:border-box}
.cw section{margin:.5rem 0;padding:.5rem .75rem;border-radius:8px;border:1px solid transparent}
.cw h2,.cw h3{margin:0;font-weight:600;overflow-wrap:anywhere}
.cw h2{font-size:1.05rem}
.cw h3,.cw summary{font-size:.85rem}
.cw summary{cursor:pointer}
.cw summary h3{display:inline}
.cw p{margin:0;min-height:1em;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate}
.cw span{unicode-bidi:isolate}
.cw .head{padding-left:0;padding-right:0}
.cw .head p,.cw .tools p,.cw .plan p,.cw .verdict p{font-size:.85rem}
.cw .tools,.cw .plan,.cw .verdict{border-color:var(--edge)}
.cw .user{background:var(--tint);border-color:var(--edge);margin-right:8%}
.cw .answer{border-color:var(--claim);margin-left:8%}
.cw .assistant{border-color:var(--edge);margin-left:8%}
.cw .reasoning{font-style:italic;color:var(--dim)}
.cw .call,.cw .result{border-left:3px solid var(--edge);border-radius:0;padding:.15rem .75rem;
margin-left:4%}
.cw .call{border-left-color:var(--name)}
.cw .call p,.cw .result p{font:13px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace}
.cw .result p{tab-size:2}
.cw .s-dim{color:var(--dim);font-weight:400}
.cw .s-name{color:var(--name)}
.cw .s-value{color:var(--value)}
.cw .s-source{color:var(--source)}
.cw .s-said{background:var(--said);border-radius:3px}
.cw .s-fed{background:var(--fed);border-radius:3px}
.cw .s-claim{text-decoration:underline 2px var(--claim);text-underline-offset:3px}
.cw .s-good{color:var(--good)}
.cw .s-bad{color:var(--bad);font-weight:600}
@media(max-width:40rem){article.cw{padding:.6rem;border-radius:0;border-width:1px 0}
.cw .user,.cw .answer,.cw .assistant,.cw .call,.cw .result{margin-left:0;margin-right:0}}
@media print{.cw section{break-inside:avoid}}
"""
_PAGE_CSS = """
body{margin:0;background:#eef1f4}
body>h1,body>p{max-width:60rem;margin:1rem auto;padding:0 1rem;color:#1d2329;
font:600 1.3rem/1.4 system-ui,sans-serif;overflow-wrap:anywhere}
body>p{font-size:.9rem;font-weight:400}
@media(prefers-color-scheme:dark){body{background:#0c0f12}body>h1,body>p{color:#e3e8ed}}
"""


def html(row: Conversation) -> str:
    """A row as a fragment that carries its own style; put it where you like."""
    return f"<style>{CSS}</style>{article(row)}"


def page(rows: Iterable[Conversation], title: str) -> str:
    """Rows as a complete document. Its policy lets it load nothing and run nothing."""
    return page_of([article(row) for row in rows], title)


def page_of(articles: Sequence[str], title: str) -> str:
    """Articles as a complete document."""
    style = CSS + _PAGE_CSS
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = escape(one_line(title))
    count = "1 conversation" if len(articles) == 1 else f"{len(articles):,} conversations"
    return (
        "<!doctype html>\n"
        '<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{head}</title><style>{style}</style></head>\n"
        f"<body><h1>{head}</h1><p>{count}</p>\n{''.join(articles)}</body></html>\n"
    )


def article(row: Conversation) -> str:
    """A row as an `<article>`, to stand where `CSS` already is."""
    return article_of(blocks(row), row.language, row.id)


def article_of(shown: Sequence[Block], language: str, name: str) -> str:
    """Blocks, the first of them a head, as an `<article>`.

    Args:
        language: Of what is spoken in them.
        name: The article's id.
    """
    head, *others = shown
    inner = f'<section class="head"><h2>{_line(head.title)}</h2>{lines(head.lines)}</section>\n'
    inner += "".join(_section(block, language) for block in others)
    return f'<article class="cw" id="{escape(one_line(name))}">\n{inner}</article>\n'


def _section(block: Block, language: str) -> str:
    spoken = block.kind in ("system", "user", "assistant", "answer", "reasoning")
    attributes = f'class="{block.kind}"' + (f' lang="{language}"' if spoken else "")
    title, inner = f"<h3>{_line(block.title)}</h3>", lines(block.lines, spoken=spoken)
    # What somebody said is never folded away: it is what the reader came for.
    if block.long and not spoken:
        more = f' <span class="s-dim">{len(block.lines):,} lines</span>'
        inner = f"<details><summary>{title}{more}</summary>{inner}</details>"
        title = ""
    return f"<section {attributes}>{title}{inner}</section>\n"


def lines(told: Sequence[Line], *, spoken: bool = False) -> str:
    """Lines as paragraphs, to stand within an element of class `cw`."""
    start = '<p dir="auto">' if spoken else "<p>"
    return "".join(f"{start}{_line(line)}</p>" for line in told)


def _line(line: Line) -> str:
    return "".join(
        escape(text) if style == "plain" else f'<span class="s-{style}">{escape(text)}</span>'
        for text, style in line
    )
