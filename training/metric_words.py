"""What the figures are called and how they are written, for people."""

from __future__ import annotations

from collections.abc import Mapping

from callwright.schemas.display_sources import ORIGINS
from callwright.training.metrics import METRICS
from callwright.training.score import Figure, Figures
from callwright.training.wanted import SOURCES

BFCL = ".bfcl"
"""Suffix of the figures by BFCL's rules."""

HEADLINES: dict[str, str] = {
    "single_call": "Single-call accuracy",
    "chain_success": "Chain success",
    "parameters.f1": "Parameter extraction",
}
"""The three figures that stand first."""

MEANINGS: dict[str, str] = {
    "single_call": "With the gold history before it, the share of turns that are right: just the "
    "wanted calls with just the wanted arguments, or words where words are due.",
    "chain_success": "Left alone with tools that really run, the share of conversations that end "
    "with an answer, in the wanted state, with every required result and no forbidden change.",
    "parameters.f1": "F1 over the argument values of all wanted calls: what was left out counts "
    "against it, and so does what nobody wanted.",
}

WORDS: dict[str, str] = {
    "single_call": "right turns",
    "single_call.call": "right where calls are due",
    "single_call.answer": "right where an answer is due",
    "irrelevance": "no call where none is wanted",
    "tool_choice": "the wanted tools, any arguments",
    "format_validity": "turns that can be read",
    "schema_validity": "calls valid under their schema",
    "ungrounded": "argument values from nowhere (best 0)",
    "redundant": "calls said again (best 0)",
    "decisions.seconds": "seconds a turn",
    "decisions.tokens_in": "tokens read a turn",
    "decisions.tokens_out": "tokens written a turn",
    "chain_success": "chain success",
    "chain_state": "the world ends as wanted",
    "chain_outputs": "every required result was there",
    "chain_answered": "ends with an answer",
    "chain_forbidden": "changes what it must not (best 0)",
    "exact_chain": "just the gold calls",
    "prefix": "gold calls before the first slip",
    "steps": "gold calls made at all",
    "recovery": "success after a tool's error",
    "episodes.tool_errors": "calls that the tool refused (best 0)",
    "episodes.ungrounded": "argument values from nowhere (best 0)",
    "episodes.redundant": "calls said again (best 0)",
    "episodes.calls": "calls an episode",
    "episodes.calls_per_gold": "calls for each gold call",
    "episodes.turns": "turns an episode",
    "episodes.seconds": "seconds an episode",
    "episodes.tokens_in": "tokens read an episode",
    "episodes.tokens_out": "tokens written an episode",
}
"""Figure -> what it is, where it is neither a parameter's nor pass^k."""

_PARTS = {"precision": "precision", "recall": "recall", "f1": "F1"}
_NUMBERS = {metric.name for metric in METRICS if metric.best is None} | {"episodes.calls_per_gold"}


def words(name: str) -> str:
    """What a figure is called, whichever rules it is by."""
    name = name.removesuffix(BFCL)
    if not name.startswith("parameters."):
        return WORDS.get(name, name)
    *_, source, part = name.split(".")
    return f"{origin(source) if source in SOURCES else 'all values'}, {_PARTS[part]}"


def origin(source: str) -> str:
    """Where a value comes from, in words."""
    return ORIGINS.get(source, "not recorded")


def is_share(name: str) -> bool:
    """Is the figure from 0 to 1, and not a number of something?"""
    return name not in _NUMBERS


def value(name: str, figure: Figure) -> str:
    """The figure as it is written."""
    return _number(name, figure.value)


def interval(name: str, figure: Figure) -> str:
    """Its 95 % interval."""
    return f"{_number(name, figure.low)} – {_number(name, figure.high)}"


def by_bfcl(name: str, figures: Figures) -> str:
    """The figure by BFCL's rules, where there is such a one."""
    other = figures.get(name + BFCL)
    return value(name, other) if other else ""


def headlines(figures: Figures) -> Mapping[str, Figure | None]:
    """The three figures; None where nothing of the kind was evaluated."""
    return {name: figures.get(name) for name in HEADLINES}


def _number(name: str, number: float) -> str:
    return f"{number:.1%}" if is_share(name) else f"{number:,.2f}"
