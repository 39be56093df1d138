"""A sheet that matplotlib draws on, one unit a CSS pixel, and what comes off it: SVG and PNG.

The SVG stands inline in a page whose policy allows no inline style, so each style becomes
attributes, which the page's own rules then recolour at night. Its text stays text: it can be
searched, and a reader's fonts have the letters that the machine's may lack.
"""

from __future__ import annotations

import io
import re
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal
from xml.etree import ElementTree as ET

from callwright.schemas.visible import one_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 340
"""Pixels: two charts beside each other on a desk, one on a phone, in letters of one size."""

COLOURS = {
    "ink": "#1d2329",
    "dim": "#5d6873",
    "track": "#e9edf1",
    "first": "#2f6f9f",
    "second": "#c8843a",
    "good": "#3f8f5f",
    "idle": "#c2cad2",
    "odd": "#d9a441",
    "bad": "#b8433a",
}
"""What every chart is drawn in; `page_style` has the same by night."""

SERIES = ("first", "second")
"""Colours of what is set beside each other, in order."""

_SVG = "http://www.w3.org/2000/svg"
_CJK = ("Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "WenQuanYi Micro Hei")


@dataclass(frozen=True)
class Picture:
    """One chart, drawn."""

    name: str
    """Of its file, without the ending."""
    title: str
    note: str
    """What is counted, in a few words."""
    svg: str
    png: bytes


class Sheet:
    """A figure with the origin in its upper left corner."""

    def __init__(self, height: float) -> None:
        from matplotlib.figure import Figure

        self.height = height
        self.figure: Figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72)
        self.axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(height, 0))
        self.axes.set_axis_off()

    def rect(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        from matplotlib.patches import Rectangle

        patch = Rectangle((x, y), width, height, facecolor=COLOURS[colour], linewidth=0)
        patch.set_clip_on(False)
        self.axes.add_artist(patch)

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        from matplotlib.patches import Circle

        patch = Circle((x, y), radius, facecolor=COLOURS[colour], linewidth=0)
        patch.set_clip_on(False)
        self.axes.add_artist(patch)

    def curve(
        self, points: Sequence[tuple[float, float]], colour: str, width: float, opacity: float = 1
    ) -> None:
        """A line through two points, or a Bézier curve of three (quadratic) or four (cubic)."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        step = {2: Path.LINETO, 3: Path.CURVE3, 4: Path.CURVE4}[len(points)]
        path = Path(points, [Path.MOVETO, *[step] * (len(points) - 1)])
        patch = PathPatch(
            path, fill=False, edgecolor=COLOURS[colour], linewidth=width, alpha=opacity
        )
        patch.set_clip_on(False)
        self.axes.add_artist(patch)

    def head(self, x: float, y: float, colour: str) -> None:
        """An arrow's head, its tip at the left."""
        from matplotlib.patches import Polygon

        patch = Polygon(
            [(x, y), (x + 6, y - 2.6), (x + 6, y + 2.6)], facecolor=COLOURS[colour], linewidth=0
        )
        patch.set_clip_on(False)
        self.axes.add_artist(patch)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 11,
        colour: str = "ink",
        align: Literal["left", "center", "right"] = "left",
        room: float = WIDTH,
    ) -> None:
        """Foreign text, made visible, on its baseline, cut to the room it has."""
        self.axes.text(
            x,
            y,
            cut(one_line(text), size, room),
            fontsize=size,
            color=COLOURS[colour],
            ha=align,
            va="baseline",
            clip_on=False,
        )

    def svg(self, title: str) -> str:
        """Render the sheet as an element of a page; the same sheet gives the same text."""
        data = io.BytesIO()
        with _quiet():
            self.figure.savefig(
                data, format="svg", transparent=True, metadata={"Date": None, "Creator": None}
            )
        return _inline(data.getvalue(), title)

    def picture(self, name: str, title: str, note: str = "") -> Picture:
        """Render the sheet for a page and as a PNG; the same sheet gives the same bytes."""
        svg, png = self.svg(title), io.BytesIO()
        with _quiet():
            self._frame(title, note)
            self.figure.savefig(png, format="png", dpi=144, metadata={"Software": None})
        return Picture(name, title, note, svg, png.getvalue())

    def _frame(self, title: str, note: str) -> None:
        """Put a margin around, and title and note above: a PNG stands alone."""
        lines = textwrap.wrap(one_line(note), 50)
        side, head = 20, 50 + 13 * len(lines)
        width, height = WIDTH + 2 * side, self.height + head + side
        self.figure.set_size_inches(width / 72, height / 72)
        place = (side / width, side / height, WIDTH / width, self.height / height)
        self.axes.set_position(place)
        self.text(0, 30 - head, title, size=13)
        for number, line in enumerate(lines):
            self.text(0, 48 - head + 13 * number, line, size=10, colour="dim")


@contextmanager
def drawing() -> Iterator[None]:
    """Settings that all sheets are made and rendered under."""
    import matplotlib as mpl

    settings: Any = {
        "font.family": ["DejaVu Sans", *_chinese_font()],
        "savefig.facecolor": "white",
        "svg.fonttype": "none",
        "svg.hashsalt": "callwright",
        "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    }
    with mpl.rc_context(settings):
        yield


@contextmanager
def _quiet() -> Iterator[None]:
    # A letter that no font here has is a box in the PNG; in the page the reader's fonts have it.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"(?s).*missing from font")
        yield


@cache
def _chinese_font() -> tuple[str, ...]:
    from matplotlib.font_manager import get_font_names

    known = set(get_font_names())
    return tuple(name for name in _CJK if name in known)[:1]


# --------------------------------------------------------------------------- text


def cut(text: str, size: float, room: float) -> str:
    """`text`, its middle left out where it is wider than `room` pixels."""
    if width_of(text, size) <= room:
        return text
    keep = min(len(text) - 1, int(room))  # no letter is narrower than a pixel
    while keep > 2 and width_of(_without_middle(text, keep), size) > room:
        keep -= 1
    return _without_middle(text, keep)


def _without_middle(text: str, keep: int) -> str:
    return f"{text[: keep - keep // 2]}…{text[len(text) - keep // 2 :]}"


def width_of(text: str, size: float) -> float:
    """Pixels, by the widest of common fonts; an East Asian letter is as wide as it is high."""
    return size * sum(0.62 if char < "\u1100" else 1.0 for char in text)


# ---------------------------------------------------------------------------- SVG


def _inline(data: bytes, title: str) -> str:
    """matplotlib's document as an element: attributes for styles, no ids, no links, no size."""
    ET.register_namespace("", _SVG)
    root = ET.fromstring(data)  # noqa: S314 - written a moment ago, by matplotlib
    box = root.get("viewBox", "")
    for element in root.iter():
        element.attrib.pop("id", None)
        for declaration in element.attrib.pop("style", "").split(";"):
            key, _, value = declaration.partition(":")
            _set(element, key.strip(), value.strip())
    for tag in ("defs", "metadata"):
        for element in root.findall(f"{{{_SVG}}}{tag}"):
            root.remove(element)
    root.attrib.clear()
    root.attrib.update({"viewBox": box, "role": "img", "aria-label": one_line(title)})
    return re.sub(r">\s+<", "><", ET.tostring(root, encoding="unicode"))


def _set(element: ET.Element, key: str, value: str) -> None:
    # The page chooses the fonts; only the size is the chart's.
    if key == "font":
        found = re.search(r"([\d.]+)px", value)
        if found:
            element.set("font-size", found[1])
    elif key and key != "font-family":
        element.set(key, value.removesuffix("px") if key == "font-size" else value)
