"""The rows that `learn.py` trains on and tests with, and what is in them."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from learn_work import HERE, TESTS, Work, tokens_of

from callwright.schemas.errors import UserError
from callwright.schemas.record import Conversation
from callwright.schemas.views import tool_of

SPLITS = ("train", "validation", *TESTS)


def build(work: Work, *names: str) -> dict[str, Any]:
    """Build, curate, count, and print what train shares with each test split.

    Args:
        names: the recipes; the first one curates.
    """
    places = []
    for name in names:
        places.append(work.folder / f"rows-{name}")
        count = (work.scale.counts or {}).get(name)
        override = ["--count", str(count)] if count else []
        _callwright("build", HERE / f"{name}.yaml", "-o", places[-1], "--force", *override)
    recipe = HERE / f"{names[0]}.yaml"
    _callwright("curate", *places, "-o", work.data, "--recipe", recipe, "--force")
    tokenizer = work.tokenizer()
    rows = {split: work.rows(split) for split in SPLITS}
    found = {split: _statistics(some, tokenizer) for split, some in rows.items()}
    shared = {split: _shared(rows["train"], rows[split]) for split in TESTS}
    for split, counts in shared.items():
        print(f"  train and {split} share: " + ", ".join(f"{v} {k}" for k, v in counts.items()))
    leakage = json.loads((work.data / "leakage.json").read_bytes())
    return {"splits": found, "shared_with_train": shared, "leakage": leakage}


def _callwright(*arguments: str | Path) -> None:
    """Run the command.

    Raises:
        UserError: it failed.
    """
    command = [sys.executable, "-c", "from callwright.cli import main; main()"]
    done = subprocess.run([*command, *map(str, arguments)], check=False)  # noqa: S603 - ourselves
    if done.returncode:
        raise UserError(f"callwright {' '.join(map(str, arguments))} failed")


def called(row: Conversation) -> set[str]:
    """Names of the tools that a row calls."""
    calls = (call.function for m in row.messages for call in m.tool_calls or ())
    return {tool_of(row.views, call.name) for call in calls}


def _statistics(rows: Sequence[Conversation], tokenizer: Any) -> dict[str, Any]:
    tokens = [tokens_of(row, tokenizer) for row in rows]
    chains = [row for row in rows if row.plan.length >= 2]
    unnamed = sum(any(step.unnamed for step in row.plan.steps) for row in chains)
    spare = [len(row.tools) - len(called(row)) for row in rows]
    return {
        "rows": len(rows),
        "tools_called": sorted(set().union(*map(called, rows))),
        "fewest_distractors": min(spare),
        "distractors": round(statistics.mean(spare), 2),
        "lengths": _counted(row.plan.length for row in rows),
        "scenarios": _counted(row.scenario for row in rows),
        "topologies": _counted(row.plan.topology for row in rows),
        "sequences": len({tuple(row.plan.sequence) for row in rows}),
        "skeletons": len({row.plan.skeleton for row in rows}),
        "chains": len(chains),
        "chains_with_unnamed_step": unnamed,
        "tokens": {
            "sum": sum(tokens),
            "mean": round(statistics.mean(tokens), 1),
            "most": max(tokens),
        },
    }


def _counted(values: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for value in values:
        found[str(value)] = found.get(str(value), 0) + 1
    return dict(sorted(found.items()))


def _shared(train: Sequence[Conversation], test: Sequence[Conversation]) -> dict[str, int]:
    """How many different ones of each the two have in common; rows without calls aside."""
    kinds = {
        "skeletons": lambda row: row.plan.skeleton,
        "sequences": lambda row: tuple(row.plan.sequence),
        "topologies": lambda row: row.plan.topology,
    }
    sets = [[row for row in rows if row.plan.sequence] for rows in (train, test)]
    return {
        name: len({of(row) for row in sets[0]} & {of(row) for row in sets[1]})
        for name, of in kinds.items()
    }
