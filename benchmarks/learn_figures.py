"""The figures of `learn.py`."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from learn_work import TESTS

from callwright.schemas.charts import COLOURS, drawing

LINES = dict(zip(TESTS, ("first", "second", "good"), strict=True))
"""Split -> its colour."""


def draw(
    found: Mapping[str, Any],
    sizes: Mapping[int, Mapping[str, Any]],
    ablation: Mapping[str, Sequence[Mapping[str, Any]]],
) -> dict[str, bytes]:
    """Name -> PNG, of what there is.

    Args:
        found: part -> what it made.
        sizes: rows trained on -> the evaluation.
        ablation: weighting -> its two figures.
    """
    made: dict[str, bytes] = {}
    if "main" in found:
        made["learn-loss"] = _figure(1, lambda axes: _losses(axes[0], found["main"]))
    if len(sizes) > 1:
        made["learn-sizes"] = _figure(2, lambda axes: _sizes(axes, sizes))
    if ablation:
        made["learn-weights"] = _figure(2, lambda axes: _weights(axes, ablation))
    return made


def _figure(columns: int, fill: Callable[[Sequence[Any]], None]) -> bytes:
    with drawing():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(4.6 * columns, 3.2), dpi=144, layout="constrained")
        axes = [figure.add_subplot(1, columns, n + 1) for n in range(columns)]
        for one in axes:
            one.grid(color=COLOURS["track"])
            one.tick_params(colors=COLOURS["dim"], labelsize=8)
            one.spines[["top", "right"]].set_visible(False)
        fill(axes)
        data = io.BytesIO()
        figure.savefig(data, format="png", metadata={"Software": None})
    return data.getvalue()


def _title(axes: Any, title: str, across: str) -> None:
    axes.set_title(title, loc="left", fontsize=10, color=COLOURS["ink"])
    axes.set_xlabel(across, color=COLOURS["dim"], fontsize=9)


def _losses(axes: Any, main: Mapping[str, Any]) -> None:
    for name, colour, mark in (("losses", "idle", None), ("validation", "second", "o")):
        if main[name]:
            steps, values = zip(*main[name], strict=True)
            words = "validation" if name == "validation" else "training"
            axes.plot(steps, values, label=words, color=COLOURS[colour], marker=mark, markersize=4)
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=8)
    _title(axes, "loss", "optimiser steps")


def _sizes(axes: Sequence[Any], sizes: Mapping[int, Mapping[str, Any]]) -> None:
    for one, (of, figure, title) in zip(
        axes,
        (("all", "single_call.call", "single calls"), ("chains", "chain_success", "chains")),
        strict=True,
    ):
        for split, colour in LINES.items():
            points = [(n, s[split][of][figure]) for n, s in sizes.items() if figure in s[split][of]]
            if points:
                _line(one, points, split, COLOURS[colour])
        one.set_xscale("log")
        one.set_xticks(list(sizes), [str(size) for size in sizes])
        one.minorticks_off()
        one.set_ylim(-0.03, 1.03)
        one.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        _title(one, title, "rows trained on")
    axes[0].legend(frameon=False, fontsize=8)


def _line(
    axes: Any, points: Sequence[tuple[int, Mapping[str, float]]], words: str, colour: str
) -> None:
    across = [x for x, _ in points]
    axes.plot(
        across, [f["value"] for _, f in points], "o-", label=words, color=colour, markersize=4
    )
    bounds = [[f[name] for _, f in points] for name in ("low", "high")]
    axes.fill_between(across, *bounds, color=colour, alpha=0.12, linewidth=0)


def _weights(axes: Sequence[Any], ablation: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    for n, (one, title) in enumerate(
        zip(axes, ("turns right", "rows right, running free"), strict=True)
    ):
        for place, figures in enumerate(ablation.values()):
            figure = figures[n]
            between = [[figure["value"] - figure["low"]], [figure["high"] - figure["value"]]]
            one.errorbar(
                figure["value"], place, xerr=between, fmt="o", color=COLOURS["first"], capsize=3
            )
        names = list(ablation) if n == 0 else [""] * len(ablation)
        one.set_yticks(range(len(ablation)), names)
        one.invert_yaxis()
        one.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        _title(one, title, "95 % interval over rows")
