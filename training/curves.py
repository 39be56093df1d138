"""The curves of a training as one PNG: loss, the three metrics, learning rate."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from callwright.schemas.charts import COLOURS, drawing
from callwright.training.metric_words import HEADLINES

Series = dict[str, tuple[str, str]]
"""Name in the log -> its words and its colour."""

PANELS: dict[str, Series] = {
    "loss": {"loss": ("training", "first"), "eval_loss": ("validation", "second")},
    "on validation rows": {
        f"eval_{name}": (words, colour)
        for (name, words), colour in zip(
            HEADLINES.items(), ("first", "second", "good"), strict=True
        )
    },
    "learning rate": {"learning_rate": ("", "first")},
}
"""Title -> what is drawn under it."""


def draw(entries: Sequence[Mapping[str, Any]]) -> bytes:
    """Draw a training's log.

    Args:
        entries: what `read_log` gives.

    Returns:
        A PNG; panels without any figure are left out, an empty log gives an empty one.
    """
    logged = {name for entry in entries for name in entry}
    panels = {title: series for title, series in PANELS.items() if logged & series.keys()}
    with drawing():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(7, 2.4 * max(1, len(panels))), dpi=144, layout="constrained")
        rows = figure.subplots(max(1, len(panels)), sharex=True, squeeze=False)[:, 0]
        for axes, (title, series) in zip(rows, panels.items(), strict=False):
            _panel(axes, title, series, entries)
        rows[-1].set_xlabel("optimiser steps", color=COLOURS["dim"])
        data = io.BytesIO()
        figure.savefig(data, format="png", metadata={"Software": None})
    return data.getvalue()


def _panel(axes: Any, title: str, series: Series, entries: Sequence[Mapping[str, Any]]) -> None:
    for name, (words, colour) in series.items():
        points = [(entry["step"], entry[name]) for entry in entries if name in entry]
        if points:
            few = name.startswith("eval_") or len(points) == 1
            steps, values = zip(*points, strict=True)
            style = {"marker": "o" if few else None, "markersize": 4, "color": COLOURS[colour]}
            axes.plot(steps, values, label=words, **style)
    axes.set_title(title, loc="left", fontsize=10, color=COLOURS["ink"])
    if title == "on validation rows":
        axes.set_ylim(-0.03, 1.03)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    if len(series) > 1:
        axes.legend(frameon=False, fontsize=8)
    axes.grid(color=COLOURS["track"])
    axes.tick_params(colors=COLOURS["dim"], labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
