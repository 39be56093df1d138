"""The two kinds of chart that a report is made of: labelled bars and histograms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from callwright.schemas.charts import SERIES, WIDTH, Sheet, width_of

_SHARE = 38
"""Pixels at the right that a share needs."""
_BAR = 6
_SHAPE = 66
_NODE = re.compile(r"\d{1,2}")


@dataclass(frozen=True)
class Bar:
    """One dataset's part of a row."""

    segments: tuple[tuple[float, str], ...]
    """(share of the longest bar, colour), from left to right."""
    text: str
    share: str = ""
    """Stands right of the text, in a column of its own."""


@dataclass(frozen=True)
class Row:
    """A label over a bar for each dataset."""

    label: str
    bars: tuple[Bar, ...]
    topology: str = ""
    """Drawn before the label."""


def bars(rows: Sequence[Row]) -> Sheet:
    """Rows from top to bottom: a label, and thin bars below it.

    Alone, a bar's number stands beside the label; several have each its own.
    """
    shapes = any(row.topology for row in rows)
    texts = [bar.text for row in rows for bar in row.bars]
    values = _SHARE + max((width_of(text, 10) for text in texts), default=0)
    alone = all(len(row.bars) == 1 for row in rows)
    pitch = (10 if alone else 14) * max((len(row.bars) for row in rows), default=1)
    step = 20 + pitch + (8 if shapes else 0)
    sheet = Sheet(max(len(rows), 1) * step)
    for number, row in enumerate(rows):
        top = number * step
        base = top + (20 if shapes else 14)
        if row.topology:
            _shape(sheet, row.topology, top + 9, 13)
        left = _SHAPE if shapes else 0
        room = WIDTH - left - (values if alone else 0)
        sheet.text(left, base, row.label, room=room)
        for index, bar in enumerate(row.bars):
            y = base + 6 + index * 14
            width = WIDTH if alone else WIDTH - values - 6
            sheet.rect(0, y, width, _BAR, "track")
            x = 0.0
            for share, colour in bar.segments:
                sheet.rect(x, y, share * width, _BAR, colour)
                x += share * width
            line = base if alone else y + _BAR
            sheet.text(WIDTH, line, bar.share, size=10, colour="dim", align="right")
            x = WIDTH - _SHARE if bar.share else WIDTH
            sheet.text(x, line, bar.text, size=10, colour="dim", align="right")
    if not rows:
        sheet.text(0, 20, "none", colour="dim")
    return sheet


def _shape(sheet: Sheet, topology: str, top: float, height: float) -> None:
    """The DAG `0>1,1>2` as dots and lines, or `3` lone dots; what is larger is not drawn."""
    edges = [(int(a), int(b)) for a, b in re.findall(r"(\d{1,2})>(\d{1,2})", topology)]
    count = 1 + max(map(max, edges)) if edges else int(topology) if _lone(topology) else 0
    if not 0 < count <= 12:
        return
    depth = [0] * count
    for a, b in sorted(edges):
        depth[b] = max(depth[b], depth[a] + 1) if a < b else depth[b]
    columns = [[n for n in range(count) if depth[n] == d] for d in range(max(depth) + 1)]
    across = min(12.0, (_SHAPE - 16) / max(len(columns) - 1, 1))
    place = {}
    for d, nodes in enumerate(columns):
        down = min(7.0, height / max(len(nodes) - 1, 1))
        for i, node in enumerate(nodes):
            place[node] = (4 + across * d, top + height / 2 + down * (i - (len(nodes) - 1) / 2))
    for a, b in edges:
        sheet.curve([place[a], place[b]], "dim", 1)
    for x, y in place.values():
        sheet.dot(x, y, 2.2, "ink")


def _lone(topology: str) -> bool:
    return _NODE.fullmatch(topology) is not None


def histogram(series: Sequence[Sequence[int]], unit: str) -> Sheet:
    """How often each length occurs, the datasets below each other on one scale.

    Args:
        series: Each dataset's values.
        unit: What the values are.
    """
    low = min((min(values) for values in series if values), default=0)
    high = max((max(values) for values in series if values), default=1)
    width = max(1, -(-(high - low + 1) // 34))  # values in a column, so that 34 columns fit
    columns = (high - low) // width + 1
    across = WIDTH / columns
    tall, step = 74.0, 112.0
    sheet = Sheet(step * len(series))
    for index, values in enumerate(series):
        counts = [0] * columns
        for value in values:
            counts[(value - low) // width] += 1
        top, floor = index * step, index * step + tall + 18
        most = max(counts) or 1
        for column, count in enumerate(counts):
            height = tall * count / most
            x = column * across
            sheet.rect(x, floor - height, max(across - 1.2, 0.8), height, SERIES[index])
        sheet.rect(0, floor, WIDTH, 1, "track")
        sheet.text(0, floor + 14, f"{low:,}", size=10, colour="dim")
        sheet.text(WIDTH, floor + 14, f"{high:,} {unit}", size=10, colour="dim", align="right")
        if values:
            middle = sorted(values)[len(values) // 2]
            x = ((middle - low) // width + 0.5) * across
            sheet.rect(x - 0.5, top + 12, 1, floor - top - 12, "ink")
            told = f"median {middle:,}"
            if x < WIDTH / 2:
                sheet.text(x + 5, top + 14, told, size=10)
            else:
                sheet.text(x - 5, top + 14, told, size=10, align="right")
    return sheet
