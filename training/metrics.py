"""The figures: each a sum of counts over a sum of counts, explained in `docs/metrics.md`.

Being ratios of sums they can be taken over any set of rows, and resampled by row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from callwright.training.wanted import MODES, SOURCES


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure."""

    name: str
    over: tuple[str, ...]
    """Columns whose sum stands above the line."""
    under: tuple[str, ...]
    """Columns whose sum stands below it."""
    best: float | None = 1.0
    """What gold scores; None where more is neither better nor worse."""


def _by_mode(name: str, over: str, under: str) -> Iterator[Metric]:
    """The strict figure under its plain name, BFCL's with the suffix."""
    for mode in MODES:
        yield Metric(name + _suffix(mode), (f"{over}.{mode}",), (under,))


def _suffix(mode: str) -> str:
    return "" if mode == "strict" else f".{mode}"


def _extraction() -> Iterator[Metric]:
    for mode in MODES:
        for part in ("", *(f".{source}" for source in SOURCES)):
            equal, gold, made = (f"leaves{part}.{c}.{mode}" for c in ("equal", "gold", "made"))
            name = f"parameters{part}"
            yield Metric(f"{name}.precision{_suffix(mode)}", (equal,), (made,))
            yield Metric(f"{name}.recall{_suffix(mode)}", (equal,), (gold,))
            yield Metric(f"{name}.f1{_suffix(mode)}", (equal, equal), (gold, made))


def _costs(prefix: str) -> Iterator[Metric]:
    yield Metric(f"{prefix}.seconds", (f"{prefix}.seconds",), (f"{prefix}.timed",), None)
    for tokens in ("tokens_in", "tokens_out"):
        column = f"{prefix}.{tokens}"
        yield Metric(column, (column,), (f"{column}.known",), None)


METRICS: tuple[Metric, ...] = (
    *_by_mode("single_call", "right", "decisions"),
    *_by_mode("single_call.call", "right.call", "decisions.call"),
    *_by_mode("single_call.answer", "right.answer", "decisions.answer"),
    Metric("irrelevance", ("right.no_call.strict",), ("decisions.no_call",)),
    Metric("tool_choice", ("right.tools",), ("decisions.call",)),
    *_extraction(),
    Metric("format_validity", ("readable",), ("decisions",)),
    Metric("schema_validity", ("attempts.valid",), ("attempts",)),
    Metric("ungrounded", ("leaves.made_up",), ("leaves.written",), 0.0),
    Metric("redundant", ("calls.repeated",), ("calls",), 0.0),
    *_costs("decisions"),
    Metric("chain_success", ("episodes.success",), ("episodes",)),
    Metric("chain_state", ("episodes.state",), ("episodes",)),
    Metric("chain_outputs", ("episodes.outputs",), ("episodes",)),
    Metric("chain_answered", ("episodes.answered",), ("episodes",)),
    Metric("chain_forbidden", ("episodes.forbidden",), ("episodes",), 0.0),
    *_by_mode("exact_chain", "episodes.exact", "episodes"),
    *_by_mode("prefix", "episodes.prefix", "episodes"),
    *_by_mode("steps", "episodes.steps", "episodes"),
    Metric("recovery", ("episodes.recovered",), ("episodes.hindered",)),
    Metric("episodes.tool_errors", ("episodes.calls.failed",), ("episodes.calls",), 0.0),
    Metric("episodes.ungrounded", ("episodes.leaves.made_up",), ("episodes.leaves",), 0.0),
    Metric("episodes.redundant", ("episodes.calls.repeated",), ("episodes.calls",), 0.0),
    Metric("episodes.calls", ("episodes.calls",), ("episodes",), None),
    Metric("episodes.calls_per_gold", ("episodes.calls",), ("episodes.calls.gold",)),
    Metric("episodes.turns", ("episodes.turns",), ("episodes",), None),
    *_costs("episodes"),
)
"""Every figure, in the order in which they are shown. pass^k stands beside them (`score`)."""
