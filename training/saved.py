"""What an evaluation left in its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from callwright.schemas.errors import UserError

FORMAT = "callwright-evaluation"
DECISIONS, EPISODES = "decisions.jsonl", "episodes.jsonl"
SCORES, RUN = "scores.json", "run.json"
REPORT, SUMMARY = "report.html", "summary.md"
FILES = (DECISIONS, EPISODES, SCORES, RUN, REPORT, SUMMARY)
"""Everything in the folder."""


def is_evaluation(folder: Path) -> bool:
    """Does the folder say that it is one?"""
    return (folder / RUN).is_file()


def read_run(folder: Path, *, unfinished: bool = False) -> dict[str, Any]:
    """What was evaluated: `run.json`.

    Args:
        folder: the evaluation's.
        unfinished: also of one that has no scores yet.

    Raises:
        UserError: it is no evaluation, or not a finished one.
    """
    try:
        run = orjson.loads((folder / RUN).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        raise UserError(f"{folder} is no evaluation: it has no readable {RUN}") from None
    if not isinstance(run, dict) or run.get("format") != FORMAT:
        raise UserError(f"{folder}/{RUN} is not of an evaluation")
    if not isinstance(run.get("rows"), list):
        raise UserError(f"{folder}/{RUN} does not name its rows; evaluate anew")
    if not unfinished and not (folder / SCORES).is_file():
        raise UserError(f"{folder} is not finished; run `callwright evaluate … --resume` first")
    return run
