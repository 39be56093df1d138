"""A report on datasets as a page: what its sections hold, laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from callwright.curation.report_leakage import Leakage
from callwright.schemas import page
from callwright.schemas.charts import SERIES, Picture
from callwright.schemas.display_html import article
from callwright.schemas.page import text as _text
from callwright.schemas.record import Conversation

_CSS = """
.leaks th,.leaks td{font-size:.8rem;padding-right:.5rem;overflow-wrap:normal}
.leaks td:first-child{min-width:8.5rem}
.zero{color:var(--good)}
.leak{color:var(--bad);font-weight:600}
@media(max-width:40rem){
.leaks tr{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 1.25rem;
padding:.75rem 0;border-bottom:1px solid var(--edge)}
.leaks thead{display:none}
.leaks td{border:0;padding:.1rem 0;display:flex;justify-content:space-between}
.leaks td:first-child{grid-column:1/-1;color:var(--ink);font-weight:600}
.leaks td+td::before{content:attr(data-label);color:var(--dim)}
}
"""


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
    heading = _text(names[0])
    if len(names) > 1:
        heading = " <i>beside</i> ".join(_key(name, i) for i, name in enumerate(names))
    inner = [(s.title, "\n".join(_block(block, pictures) for block in s.blocks)) for s in sections]
    return page.document(" beside ".join(names), heading, lead, inner, _CSS)


def _key(name: str, index: int) -> str:
    return f'<span class="key {SERIES[index]}">{_text(name)}</span>'


def _block(block: Block, pictures: str) -> str:
    match block:
        case str():
            return page.note(block)
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
    return page.figure(picture.title, picture.note, picture.svg, link)


def _table(table: Table) -> str:
    head, *rows = table.rows
    kind = "words" if table.is_text else ""
    heads = _heads(table, head) if any(head) else []
    return page.table(heads, rows, kind=kind, sums=table.sums)


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
    request = next((m.content or "" for m in row.messages if m.role == "user"), "")
    return page.folded(row.scenario.replace("_", " "), request, article(row), is_open=is_first)
