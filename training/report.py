"""An evaluation as one HTML page that opens from disk: it loads nothing and runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callwright.schemas import page
from callwright.schemas.charts import drawing
from callwright.training.assess import Assessed
from callwright.training.failures import chosen
from callwright.training.report_failures import failure
from callwright.training.report_figures import (
    HEAT_NOTE,
    charts,
    costs,
    fault_charts,
    fault_table,
    heat_map,
    tables,
    tiles,
)
from callwright.training.report_style import CSS
from callwright.training.score import Scores

RULES = (
    "Strict rules unless it says otherwise; bfcl: by the rules of the Berkeley leaderboard's own "
    "checker. Nothing leaves a denominator: what could not be read or was not said scores 0. "
    "Intervals are bootstrapped over rows."
)


def make_report(run: Mapping[str, Any], assessed: Assessed, scores: Scores) -> str:
    """Make the page.

    Args:
        run: what `run.json` says was evaluated.
        assessed: what was done, judged.
        scores: the figures over it.
    """
    failed = chosen(assessed)
    with drawing():
        glance = [tiles(scores), charts(scores)]
        faults = [fault_charts(scores), fault_table(scores)]
    if not failed:
        faults = [page.note("Nothing went wrong.")]
    shown = "".join(failure(one, is_open=n == 0) for n, one in enumerate(failed))
    spread = (
        f"{len(failed)} of {sum(sum(kinds.values()) for kinds in scores.faults.values()):,}, of as "
        "many rows, kinds and scenarios as there are. Each: the first step that failed, what was "
        "wanted and made, and where the wanted values stand; words of the request that a "
        "differing argument should have come from are marked. `callwright show`, with this folder "
        "and a row's id, prints the whole episode."
    )
    sections = [
        ("At a glance", "\n".join([*glance, page.note(RULES)])),
        ("Slices", page.note(HEAT_NOTE) + heat_map(scores)),
        ("What went wrong first", "\n".join(faults)),
        ("Failures", page.note(spread) + shown),
        ("All figures", tables(scores)),
        ("Time and tokens", costs(scores)),
    ]  # fmt: skip
    if not failed:
        sections = [section for section in sections if section[0] != "Failures"]
    name = policy_of(run)
    return page.document(f"{name}: evaluation", page.text(name), _lead(run, scores), sections, CSS)


def policy_of(run: Mapping[str, Any]) -> str:
    """What was evaluated, with its adapter."""
    settings = run.get("settings")
    adapter = settings.get("adapter") if isinstance(settings, dict) else None
    name = str(run.get("policy"))
    return f"{name} with {adapter}" if adapter else name


def _lead(run: Mapping[str, Any], scores: Scores) -> str:
    splits = ", ".join(scores.slices.get("split", {}))
    trials = run.get("trials")
    times = f", {trials} episodes each" if isinstance(trials, int) and trials > 1 else ""
    return f"{scores.rows:,} rows ({splits}){times}, of dataset {run.get('dataset')}."
