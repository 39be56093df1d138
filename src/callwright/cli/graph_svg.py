"""The tool graph as a picture: tools on a circle, pack by pack, and arrows across it.

A circle needs no luck, as force-directed layouts do: the same graph gives the same picture, no two
names overlap, and what joins two packs is seen crossing between them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from html import escape

from callwright.cli.toolset import Edge
from callwright.schemas.toolbox import Tool
from callwright.schemas.visible import one_line

_STEP = 15.0
"""Pixels of the circle that a name needs."""
_GAP = 2
"""Empty places between two packs."""
_HUES = (210, 25, 130, 280, 50, 340, 175, 95, 250, 5)

_STYLE = """
text{font:11px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1d2329}
.paper{fill:#fff}.pack{font-size:14px;font-weight:600}.note{fill:#5d6873}.write{font-weight:700}
.edge{fill:none;stroke-width:1.1;stroke-opacity:.45}.edge:hover{stroke-width:3;stroke-opacity:1}
@media(prefers-color-scheme:dark){text{fill:#e3e8ed}.paper{fill:#14181c}.note{fill:#98a3ae}}
"""


def draw(tools: Sequence[Tool], edges: Sequence[Edge]) -> str:
    """The graph as a self-contained SVG document, without scripts and network."""
    packs = list(dict.fromkeys(tool.pack for tool in tools))
    places = len(tools) + _GAP * len(packs)
    radius = max(150.0, places * _STEP / (2 * math.pi))
    longest = max((len(tool.name) for tool in tools), default=0)
    half = radius + 30 + 6.6 * longest
    colour = {pack: f"hsl({_HUES[i % len(_HUES)]},60%,45%)" for i, pack in enumerate(packs)}
    angle: dict[str, float] = {}
    place = 0
    for pack in packs:
        for tool in tools:
            if tool.pack == pack:
                angle[tool.name] = 2 * math.pi * place / max(places, 1) - math.pi / 2
                place += 1
        place += _GAP
    pack_of = {tool.name: tool.pack for tool in tools}
    left, top = -half - 10, -half - 30
    box = f"{left:.0f} {top:.0f} {2 * half + 20:.0f} {2 * half + 40:.0f}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img">',
        f"<title>{len(tools)} tools, {len(edges)} edges</title><style>{_STYLE}</style>",
        f'<rect class="paper" x="{left:.0f}" y="{top:.0f}" width="100%" height="100%"/>',
        "<defs>",
        *(_marker(i, colour[pack]) for i, pack in enumerate(packs)),
        "</defs>",
    ]
    joined: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for edge in edges:
        joined[edge.producer, edge.consumer].append(edge)
    for (producer, consumer), same in joined.items():
        pack = pack_of[producer]
        parts.append(
            _arrow(angle[producer], angle[consumer], radius, same, colour[pack], packs.index(pack))
        )
    parts += [_name(tool, angle[tool.name], radius, colour[tool.pack]) for tool in tools]
    parts += _legend(tools, packs, colour, left + 16, top + 24)
    return "\n".join([*parts, "</svg>\n"])


def _marker(index: int, colour: str) -> str:
    return (
        f'<marker id="to{index}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        f'markerHeight="7" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="M0 0.5L8 4L0 7.5z" fill="{colour}"/></marker>'
    )


def _arrow(
    start: float, end: float, radius: float, edges: list[Edge], colour: str, pack: int
) -> str:
    """A curve that bends towards the middle, the more the farther apart its ends are."""
    ends = [(radius * math.cos(a), radius * math.sin(a)) for a in (start, end)]
    apart = abs(math.remainder(end - start, 2 * math.pi)) / math.pi
    pull = 0.85 - 0.7 * min(1.0, 2 * apart)
    middle = (start + math.remainder(end - start, 2 * math.pi) / 2, radius * pull)
    bend = (middle[1] * math.cos(middle[0]), middle[1] * math.sin(middle[0]))
    (x1, y1), (x2, y2) = ends
    told = "\n".join(f"{e.producer}.{e.field} → {e.consumer}.{e.parameter}" for e in edges)
    return (
        f'<path class="edge" d="M{x1:.1f} {y1:.1f}Q{bend[0]:.1f} {bend[1]:.1f} {x2:.1f} {y2:.1f}" '
        f'stroke="{colour}" marker-end="url(#to{pack})"><title>{escape(told)}</title></path>'
    )


def _name(tool: Tool, angle: float, radius: float, colour: str) -> str:
    """The tool's name along its ray; on the left half turned, so that none stands on its head."""
    degrees = math.degrees(angle)
    x, y = (radius + 5) * math.cos(angle), (radius + 5) * math.sin(angle)
    left = math.cos(angle) < -1e-9
    turn, anchor, shift = (degrees + 180, "end", -7) if left else (degrees, "start", 7)
    weight = ' class="write"' if tool.effect == "write" else ""
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'
        f'<text{weight} transform="translate({x:.1f} {y:.1f}) rotate({turn:.2f})" x="{shift}" '
        f'dy="0.35em" text-anchor="{anchor}">{escape(one_line(tool.name))}'
        f"<title>{escape(one_line(tool.concise))}</title></text>"
    )


def _legend(
    tools: Sequence[Tool], packs: list[str], colour: dict[str, str], x: float, y: float
) -> list[str]:
    lines = []
    for i, pack in enumerate(packs):
        count = sum(tool.pack == pack for tool in tools)
        lines.append(
            f'<circle cx="{x:.0f}" cy="{y + 20 * i - 4:.0f}" r="6" fill="{colour[pack]}"/>'
            f'<text class="pack" x="{x + 12:.0f}" y="{y + 20 * i:.0f}">{escape(pack)} '
            f'<tspan class="note">{count}</tspan></text>'
        )
    under = y + 20 * len(packs) + 4
    notes = ("→ from the tool whose", "result is passed on", "bold: the tool writes")
    return [
        *lines,
        *(
            f'<text class="note" x="{x - 6:.0f}" y="{under + 16 * i:.0f}">{note}</text>'
            for i, note in enumerate(notes)
        ),
    ]
