"""The charts of a report: which counts are drawn, under which words, in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from callwright.curation.report_facts import Facts
from callwright.curation.report_graph import MOST_EDGES, arcs
from callwright.curation.report_shapes import Bar, Row, bars, histogram
from callwright.curation.report_size import Sizes
from callwright.schemas.charts import SERIES, Picture
from callwright.schemas.display_sources import ORIGINS

MOST_ROWS = 16
"""Rows of a chart; what is rarer is counted in its note."""

K = TypeVar("K")

_OUTCOMES = {"pass": "good", "not_applicable": "idle", "not_comparable": "odd", "fail": "bad"}
_WORDS = {"not_applicable": "n/a", "not_comparable": "not comparable", "fail": "failed"}
_LANGUAGES = {"en": "English", "zh": "Chinese"}


def about_rows(sets: Sequence[Facts]) -> list[Picture]:
    """What kind of rows there are."""
    pictures = [
        _counted(sets, "scenarios", "Scenarios", "rows", lambda f: f.scenarios, words=_plain),
        _counted(
            sets, "lengths", "Lengths", "rows; calls on the longest causal path",
            lambda f: f.lengths, words=_length,
            order=lambda n: (n is None, n or 0),
        ),
        _counted(
            sets, "topologies", "Topologies", "rows",
            lambda f: f.topologies, words=_topology, shape=str,
        ),
        _counted(
            sets, "languages", "Languages", "rows", lambda f: f.languages,
            words=lambda name: _LANGUAGES.get(name, name),
        ),
    ]  # fmt: skip
    if any(facts.splits.keys() != {"all"} for facts in sets):
        order = list(dict.fromkeys(split for facts in sets for split in facts.splits))
        pictures.append(
            _counted(
                sets, "splits", "Splits", "rows", lambda f: f.splits,
                words=_plain, order=order.index,
            )
        )  # fmt: skip
    return pictures


def about_tools(sets: Sequence[Facts], packs: Mapping[str, str]) -> list[Picture]:
    """Which tools are called and offered, and which feeds which."""
    pictures = [_counted(sets, "tools", "Tools", "rows that call one", lambda f: f.called)]
    if any(facts.packs for facts in sets):
        note = "rows that call a tool of one"
        pictures.append(_counted(sets, "packs", "Packs", note, lambda f: f.packs))
    offered = [list(facts.offered.elements()) for facts in sets]
    sheet = histogram(offered, "tools")
    pictures.append(
        sheet.picture("offered", "Tools offered", "rows, by how many tools a row offers")
    )
    pictures.append(
        _counted(
            sets, "edges", "Passed on most often", "edges: a result of the first feeds the second",
            lambda f: f.fed, words=" → ".join, whole=lambda f: f.fed.total(),
        )
    )  # fmt: skip
    return pictures + [_graph(sets, index, packs) for index in range(len(sets))]


def about_arguments(sets: Sequence[Facts]) -> Picture:
    """Where the values of arguments come from."""
    return _counted(
        sets, "sources", "Sources of arguments", "argument values",
        lambda f: f.sources, words=lambda origin: ORIGINS.get(origin, origin),
        whole=lambda f: f.sources.total(),
    )  # fmt: skip


def about_size(sizes: Sequence[Sizes]) -> Picture:
    """How long rows are."""
    unit = sizes[0].unit
    sheet = histogram([size.lengths for size in sizes], unit)
    return sheet.picture("size", f"{unit.capitalize()} a row", "rows")


def about_gates(sets: Sequence[Facts]) -> Picture:
    """How the rows' gates came out when they were last verified."""
    names = list(dict.fromkeys(gate for facts in sets for gate in facts.gates))
    rows = [Row(name, tuple(_gate(facts, name) for facts in sets)) for name in names]
    return bars(rows).picture("gates", "Gates", "rows; what each row records of its checks")


def about_rejects(sets: Sequence[Facts], stage: str) -> Picture:
    """Why a stage dropped rows."""

    def reasons(facts: Facts) -> dict[str, int]:
        return {reason: n for (at, reason), n in facts.rejected.items() if at == stage}

    return _counted(
        sets, f"rejected_{_file(stage)}", f"Rejected: {_plain(stage)}", "rows, by reason",
        reasons, words=_plain, whole=lambda facts: sum(reasons(facts).values()),
    )  # fmt: skip


# ------------------------------------------------------------------------- pieces


def _counted(
    sets: Sequence[Facts],
    name: str,
    title: str,
    note: str,
    pick: Callable[[Facts], Mapping[K, int]],
    *,
    words: Callable[[Any], str] = str,
    order: Callable[[Any], Any] | None = None,
    shape: Callable[[Any], str] = lambda _: "",
    whole: Callable[[Facts], int] = lambda facts: facts.rows,
) -> Picture:
    """Bars of a count, the most frequent first, as shares of each dataset's `whole`."""
    counts = [pick(facts) for facts in sets]
    wholes = [max(whole(facts), 1) for facts in sets]
    keys = _in_order(counts) if order is None else sorted(set().union(*counts), key=order)
    shown = keys[:MOST_ROWS]
    shares = [[c.get(k, 0) / w for c, w in zip(counts, wholes, strict=True)] for k in shown]
    most = max((share for row in shares for share in row), default=0) or 1
    rows = [
        Row(
            words(key),
            tuple(
                Bar(((share / most, SERIES[i]),), f"{counts[i].get(key, 0):,}", _percent(share))
                for i, share in enumerate(row)
            ),
            shape(key),
        )
        for key, row in zip(shown, shares, strict=True)
    ]
    if len(keys) > len(shown):
        note += f"; {len(keys) - len(shown):,} rarer ones not drawn"
    return bars(rows).picture(name, title, note)


def _in_order(counts: Sequence[Mapping[K, int]]) -> list[K]:
    """The most frequent first; of several counts each one's in turn, so that all are seen."""
    places = [
        {key: n for n, key in enumerate(sorted(count, key=lambda key: (-count[key], str(key))))}
        for count in counts
    ]
    keys = set().union(*counts)

    def rank(key: K) -> tuple[int, list[int]]:
        at = [place.get(key, len(keys)) for place in places]
        return min(at), at

    return sorted(keys, key=rank)


def _graph(sets: Sequence[Facts], index: int, packs: Mapping[str, str]) -> Picture:
    facts = sets[index]
    edges, drawn = len(facts.fed), min(len(facts.fed), MOST_EDGES)
    note = f"{edges:,} edges" if edges == drawn else f"the {drawn} most frequent of {edges:,} edges"
    title = "Which result feeds which tool"
    if len(sets) > 1:
        title += f": {facts.name}"
    return arcs(facts.fed, packs, SERIES[index]).picture(f"graph_{index + 1}", title, note)


def _gate(facts: Facts, name: str) -> Bar:
    counts: Counter[str] = facts.gates.get(name, Counter())
    whole = max(facts.rows, 1)
    known = {outcome: counts[outcome] for outcome in _OUTCOMES if counts[outcome]}
    segments = tuple((count / whole, _OUTCOMES[outcome]) for outcome, count in known.items())
    told = [f"{count:,} {_WORDS.get(outcome, outcome)}" for outcome, count in known.items()]
    return Bar(segments, " · ".join(told) or "not run")


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.0995 or not share else f"{share:.1%}"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _file(name: str) -> str:
    return "".join(char if char.isascii() and char.isalnum() else "_" for char in name)[:40]


def _length(length: int | None) -> str:
    if length is None:
        return "unknown"
    return {0: "no call", 1: "1 call"}.get(length, f"{length} calls")


def _topology(topology: str) -> str:
    known = {"0": "no call", "1": "one call", "unknown": "unknown"}
    if topology in known:
        return known[topology]
    return f"{topology} calls" if topology.isdecimal() else topology


def stages(sets: Iterable[Facts]) -> list[str]:
    """Stages that dropped rows, in the order in which they did."""
    return list(dict.fromkeys(stage for facts in sets for stage, _ in facts.rejected))
