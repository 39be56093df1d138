"""How fast decisions are scored: both comparator modes, every figure, one core.

    python benchmarks/score.py DIR                      decisions of up to 2,000 rows
    python benchmarks/score.py DIR --answers RUN ...    and those that models really made
    python benchmarks/score.py DIR --check              exit 1 under 20,000 calls a second

Of the `mixed` decisions a third is gold, a third gold with one value changed, a third gold with
another tool, one call too many or no call at all: more mistakes than a model makes, and a mistake
takes longer to judge. RUN is a folder with the `decisions.jsonl` of an evaluation of DIR's rows.
`--check` looks at gold and at the models' decisions. Timed is the judging, rows and records being
in memory; adding up and the bootstrap, whose time does not grow with the calls, are told apart.
CPU time.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from callwright.generators.execution import PackToolbox
from callwright.schemas.record import Conversation, Function, Message
from callwright.schemas.store import open_dataset
from callwright.training.decisions import score_decisions
from callwright.training.gold import gold_text
from callwright.training.journal import Journal
from callwright.training.records import Decision
from callwright.training.score import summarise
from callwright.training.turns import Turn, read_turn
from callwright.training.wanted import keys

WANTED = 20_000


def turn_of(message: Message, number: int) -> Turn:
    """Gold, or one of the usual mistakes."""
    turn = read_turn(gold_text(message))
    if not turn.calls or number % 3 == 0:
        return turn
    first, *others = turn.calls
    mistakes: tuple[tuple[Function, ...], ...] = (
        (Function(name="no_such_tool", arguments=first.arguments), *others),
        (*turn.calls, first),
        (),
    )
    if number % 3 == 1:
        changed = Function(name=first.name, arguments=_changed(first.arguments))
        return Turn("", (changed, *others))
    calls = mistakes[number // 3 % 3]
    return Turn("" if calls else "I cannot say.", calls)


def _changed(arguments: dict[str, Any]) -> dict[str, Any]:
    name, value = next(iter(arguments.items()), ("none", ""))
    return {**arguments, name: f"{value}x" if isinstance(value, str) else [value]}


def rate(
    rows: Sequence[Conversation], decisions: Sequence[Decision], tools: Any
) -> tuple[float, float]:
    """Calls judged per second of CPU time, and the seconds that figures and intervals took."""
    gc.collect()
    gc.freeze()  # what was loaded before is no part of scoring
    started = time.thread_time()
    judged = score_decisions(keys(rows, tools), decisions)
    between = time.thread_time()
    summarise(rows, judged, [])
    calls = sum(len(one.turn.calls) for one in decisions)
    return calls / (between - started), time.thread_time() - between


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--answers", type=Path, nargs="+", default=[], metavar="RUN")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    every = {row.id: row for row in open_dataset(options.folder).rows()}
    rows = list(islice(every.values(), options.rows))
    tools = PackToolbox().tools()
    places = [(row, i) for row in rows for i, m in enumerate(row.messages) if m.role == "assistant"]
    asked = {
        name: [
            Decision(row=row.id, message=i, turn=turn_of(row.messages[i], n if mix else 0))
            for n, (row, i) in enumerate(places)
        ]
        for name, mix in (("gold", False), ("mixed", True))
    }
    for run in options.answers:
        with Journal(run / "decisions.jsonl", Decision) as journal:
            asked[str(run)] = journal.records
    print("calls scored per second of one core:")
    enough = True
    for name, decisions in asked.items():
        about = list({one.row: every[one.row] for one in decisions}.values())
        per_second, adding = max(rate(about, decisions, tools) for _ in range(3))
        print(
            f"  {name}: {per_second:,.0f} ({len(about):,} rows, {len(decisions):,} decisions), "
            f"then {adding:.1f} s for figures and intervals"
        )
        enough &= name == "mixed" or per_second >= WANTED
    return 1 if options.check and not enough else 0


if __name__ == "__main__":
    sys.exit(main())
