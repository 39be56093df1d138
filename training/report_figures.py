"""A report's figures: the three that stand first, bars with intervals, tables, a heat map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from callwright.schemas import page
from callwright.schemas.charts import WIDTH, Sheet, width_of
from callwright.training.faults import KINDS
from callwright.training.metric_words import (
    BFCL,
    HEADLINES,
    MEANINGS,
    by_bfcl,
    headlines,
    interval,
    is_share,
    origin,
    value,
    words,
)
from callwright.training.score import Figure, Figures, Scores
from callwright.training.wanted import SOURCES

HEAT = {
    "single_call": "turns",
    "parameters.f1": "values",
    "parameters.result.recall": "results",
    "chain_success": "chains",
    "format_validity": "form",
    "schema_validity": "schema",
}
"""Figures of the heat map, all best at 1, under heads that a phone has room for."""

HEAT_NOTE = (
    "Turns: right ones, with the gold history. Values: F1 of argument values. Results: recall of "
    "values that come from an earlier result. Chains: success, running free. Form: turns that can "
    "be read. Schema: calls valid under it. The stronger the colour the better; a dot: nothing to "
    "count."
)
MOST_SLICES = 12
"""Values of one dimension that are shown, those with the most rows."""

_GROUPS = {
    "Single calls": ("single_call", "irrelevance", "tool_choice"),
    "Form": ("format_validity", "schema_validity", "ungrounded", "redundant"),
    "Parameters": ("parameters",),
    "Episodes": ("chain", "pass^", "exact_chain", "prefix", "steps", "recovery", "episodes"),
}
_COSTS = ("seconds", "tokens_in", "tokens_out")
_BAR, _STEP = 6, 34
_STEPS = 10  # shades of the heat map


def tiles(scores: Scores) -> str:
    """The three figures that stand first."""
    return f'<div class="tiles">{"".join(map(_tile, *_items(scores)))}</div>'


def _items(scores: Scores) -> tuple[Sequence[str], Sequence[Figure | None]]:
    found = headlines(scores.overall)
    return list(found), list(found.values())


def _tile(name: str, figure: Figure | None) -> str:
    if figure is None:
        number, about = "–", "nothing of this kind was evaluated"
    else:
        number = value(name, figure)
        about = f"95 % interval {interval(name, figure)}"
    told = f"<h3>{page.text(HEADLINES[name])}</h3><b>{number}</b><span>{page.text(about)}</span>"
    return f"<div>{told}<p>{page.text(MEANINGS[name])}</p></div>"


# ------------------------------------------------------------------------- charts


def charts(scores: Scores) -> str:
    """Bars with intervals, of what was counted."""
    sources = [f"parameters.{source}.f1" for source in SOURCES]
    found = {
        "With the gold history": (
            "share of turns, 95 % interval",
            ["single_call", "single_call.call", "single_call.answer", "irrelevance", "tool_choice"],
        ),
        "Running free": (
            "share of episodes, 95 % interval",
            ["chain_success", "chain_state", "chain_outputs", "chain_answered", "exact_chain"],
        ),
        "Argument values by where they come from": (
            "F1, 95 % interval",
            ["parameters.f1", *sources],
        ),
        "Form": (
            "share of turns, calls or values, 95 % interval",
            ["format_validity", "schema_validity", "ungrounded", "redundant"],
        ),
    }
    drawn = []
    for title, (about, names) in found.items():
        rows = [(_label(n), scores.overall[n]) for n in names if n in scores.overall]
        if rows:
            drawn.append(page.figure(title, about, _bars(rows).svg(title)))
    return f'<div class="charts">{"".join(drawn)}</div>'


def _label(name: str) -> str:
    return words(name).removesuffix(", F1")


def _bars(rows: Sequence[tuple[str, Figure]]) -> Sheet:
    """Labels over bars from 0 to 1, each with its interval as a whisker."""
    sheet = Sheet(len(rows) * _STEP)
    for number, (label, figure) in enumerate(rows):
        base = number * _STEP + 14
        told = f"{figure.value:.1%}  of {figure.of:,.0f}"
        sheet.text(0, base, label, room=WIDTH - width_of(told, 10) - 8)
        sheet.text(WIDTH, base, told, size=10, colour="dim", align="right")
        top = base + 6
        sheet.rect(0, top, WIDTH, _BAR, "track")
        sheet.rect(0, top, figure.value * WIDTH, _BAR, "first")
        low, high, middle = figure.low * WIDTH, figure.high * WIDTH, top + _BAR / 2
        sheet.curve([(low, middle), (high, middle)], "ink", 1)
        for end in (low, high):
            sheet.rect(end - 0.5, top - 1, 1, _BAR + 2, "ink")
    return sheet


def fault_charts(scores: Scores) -> str:
    """How often each kind of fault came first."""
    drawn = []
    for what, title in (("decisions", "With the gold history"), ("episodes", "Running free")):
        counts = scores.faults.get(what, {})
        of = scores.overall.get({"decisions": "single_call", "episodes": "chain_success"}[what])
        if counts and of is not None:
            about = f"{what} that are not right, of {of.of:,.0f}"
            drawn.append(page.figure(title, about, _counts(counts).svg(title)))
    return f'<div class="charts">{"".join(drawn)}</div>' if drawn else ""


def _counts(counts: Mapping[str, int]) -> Sheet:
    most = max(counts.values())
    sheet = Sheet(len(counts) * _STEP)
    for number, (kind, count) in enumerate(counts.items()):
        base = number * _STEP + 14
        sheet.text(0, base, kind)
        sheet.text(WIDTH, base, f"{count:,}", size=10, colour="dim", align="right")
        sheet.rect(0, base + 6, WIDTH, _BAR, "track")
        sheet.rect(0, base + 6, WIDTH * count / most, _BAR, "bad")
    return sheet


# ------------------------------------------------------------------------- tables


def fault_table(scores: Scores) -> str:
    """What the kinds mean that occurred."""
    found = [kind for kind in KINDS if any(kind in some for some in scores.faults.values())]
    rows = [[kind, KINDS[kind]] for kind in found]
    return page.table(("kind", "what it says"), rows, kind="words kinds") if rows else ""


def tables(scores: Scores) -> str:
    """Every figure that was counted, by both sets of rules."""
    heads = ("", "strict", "95 % interval", "bfcl", "of")
    parts = []
    for title, openings in _GROUPS.items():
        names = [n for n in scores.overall if _belongs(n, openings)]
        rows = [_row(n, scores.overall[n], scores.overall) for n in names]
        if rows:
            parts.append(f"<h3>{page.text(title)}</h3>{page.table(heads, rows, kind='figures')}")
    return "\n".join(parts)


def _belongs(name: str, openings: tuple[str, ...]) -> bool:
    return (
        name.startswith(openings)
        and not name.endswith(BFCL)
        and name.rpartition(".")[2] not in _COSTS
    )


def _row(name: str, figure: Figure, figures: Figures) -> list[str]:
    told = interval(name, figure), by_bfcl(name, figures), f"{figure.of:,.0f}"
    return [words(name), value(name, figure), *told]


def costs(scores: Scores) -> str:
    """How long it took and how many tokens; what nobody counted stays empty."""
    rows = []
    for what, title in (("decisions", "a turn, gold history"), ("episodes", "an episode")):
        latency = scores.latency.get(what, {})
        seconds = [f"{latency[p]:,.2f} s" if p in latency else "" for p in ("p50", "p95", "p99")]
        names = [f"{what}.{tokens}" for tokens in ("tokens_in", "tokens_out")]
        tokens = [f"{f.value:,.0f}" if (f := scores.overall.get(n)) else "" for n in names]
        if any((*seconds, *tokens)):
            rows.append([title, *seconds, *tokens])
    heads = ("", "median", "p95", "p99", "tokens read", "tokens written")
    if not rows:
        return page.note("No time and no tokens were recorded.")
    return page.table(heads, rows, kind="figures")


def heat_map(scores: Scores) -> str:
    """Slices down, main figures across, the stronger the colour the better."""
    heads = "".join(f"<th>{head}</th>" for head in ("", "rows", *HEAT.values()))
    lines = [f"<tr>{heads}</tr>", _heat_row("all rows", scores.overall, scores.rows)]
    for dimension, values in scores.slices.items():
        sizes = {name: _rows(figures) for name, figures in values.items()}
        most = sorted(sizes, key=lambda name: -sizes[name])[:MOST_SLICES]
        rest = f" ({len(sizes) - len(most):,} rarer ones not shown)" * (len(sizes) > len(most))
        lines.append(
            f'<tr class="dimension"><th colspan="{2 + len(HEAT)}">{dimension}{rest}</th></tr>'
        )
        lines += [_heat_row(name, values[name], sizes[name]) for name in sizes if name in most]
    return f'<table class="heat">{"".join(lines)}</table>'


def _rows(figures: Figures) -> int:
    """How many rows a slice has; 0 where none was played."""
    played = figures.get("pass^1")
    return int(played.of) if played else 0


def _heat_row(name: str, figures: Figures, rows: int) -> str:
    line = f"<td>{page.text(name.replace('_', ' '))}</td><td>{rows:,}</td>"
    return f"<tr>{line}{''.join(_heat_cell(n, figures.get(n)) for n in HEAT)}</tr>"


def _heat_cell(name: str, figure: Figure | None) -> str:
    if figure is None:
        return '<td class="none" title="nothing to count">·</td>'
    assert is_share(name)
    told = escape(f"{value(name, figure)} ({interval(name, figure)}), of {figure.of:,.0f}")
    return f'<td class="h{round(figure.value * _STEPS)}" title="{told}">{figure.value:.0%}</td>'


def by_origin(figures: Figures) -> list[tuple[str, Figure]]:
    """F1 of the argument values from each source that there are any of."""
    named = ((origin(source), figures.get(f"parameters.{source}.f1")) for source in SOURCES)
    return [(name, figure) for name, figure in named if figure is not None]
