"""Which tool's result feeds which tool, as arcs beside one list of names.

A list needs no luck, as force-directed layouts do: every name can be read, on a phone too, and
the same rows give the same picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callwright.curation.report_facts import Fed
from callwright.schemas.charts import WIDTH, Sheet

MOST_EDGES = 60
"""Edges that are drawn, the most frequent ones; the numbers beside the picture tell the rest."""

_LINE, _NAMES = 14.0, 150.0
_OTHERS = "other tools"


def arcs(fed: Mapping[Fed, int], packs: Mapping[str, str], colour: str) -> Sheet:
    """Draw the most frequent edges.

    Args:
        fed: Edge -> how often it occurs.
        packs: Tool -> pack; names stand pack by pack, in the packs' order.
        colour: Of the arcs.
    """
    edges = sorted(fed, key=lambda edge: (-fed[edge], edge))[:MOST_EDGES]
    places, headings, height = _places(edges, packs)
    sheet = Sheet(max(height, 30.0))
    if not edges:
        sheet.text(0, 20, "none", colour="dim")
        return sheet
    for heading, y in headings:
        sheet.text(0, y, heading, size=10, colour="dim")
    for name, y in places.items():
        sheet.text(0, y + 3.5, name, size=10, room=_NAMES - 8)
        sheet.dot(_NAMES, y, 2.2, "ink")
    most = max(fed[edge] for edge in edges)
    for producer, consumer in reversed(edges):  # the strongest last, on top
        start, end = places[producer], places[consumer]
        far = _NAMES + 14 + (WIDTH - _NAMES - 18) * 1.3 * min(abs(end - start) / height, 1) ** 0.5
        share = fed[producer, consumer] / most
        x = _NAMES + 4
        points = [(x, start), (far, start), (far, end), (x + 3, end)]
        sheet.curve(points, colour, 0.8 + 2.4 * share, 0.45 + 0.45 * share)
        sheet.head(x, end, colour)
    return sheet


def _places(
    edges: Sequence[Fed], packs: Mapping[str, str]
) -> tuple[dict[str, float], list[tuple[str, float]], float]:
    """Height of each tool and each pack's heading, and of all; producers above consumers."""
    depth = dict.fromkeys((name for edge in edges for name in edge), 0)
    for _ in range(8):  # longer chains, and circles, need no finer order
        for producer, consumer in edges:
            depth[consumer] = min(8, max(depth[consumer], depth[producer] + 1))
    order = list(dict.fromkeys(packs.values()))
    by_pack: dict[str, list[str]] = {}
    for name in sorted(depth, key=lambda name: (depth[name], name)):
        by_pack.setdefault(packs.get(name, _OTHERS), []).append(name)
    places: dict[str, float] = {}
    headings: list[tuple[str, float]] = []
    y = 0.0
    for pack in sorted(by_pack, key=lambda p: order.index(p) if p in order else len(order)):
        if by_pack.keys() != {_OTHERS}:
            y += _LINE
            headings.append((pack, y - 2))
        for name in by_pack[pack]:
            places[name] = y + _LINE / 2
            y += _LINE
        y += 5
    return places, headings, y
