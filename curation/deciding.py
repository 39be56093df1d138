"""Deciding of every row where it goes. It depends on the rows and the recipe alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

import orjson
import polars as pl

from callwright.curation import decontaminate
from callwright.curation.benchmark import Benchmark
from callwright.curation.decontaminate import Contamination
from callwright.curation.dedup import duplicates
from callwright.curation.features import SCHEMA, features_of
from callwright.curation.intake import Intake
from callwright.curation.leakage import Shared, leakage
from callwright.curation.near import near_duplicates
from callwright.curation.recipe import CurationSection
from callwright.curation.split import Split, split
from callwright.schemas.record import Rejection

Progress = Callable[[str, int, int], None]
"""Called with what is being done, rows done and rows in all."""

Dropped = Mapping[int, tuple[str, str]]
"""Row (place in the frame) -> reason and detail."""


@dataclass(frozen=True)
class Stage:
    """What one stage was given and what it dropped."""

    name: str
    rows: int
    rejected: dict[str, int]
    """Reason -> rows."""


@dataclass
class Decisions:
    """Where every row goes, by its number in the intake."""

    split_of: dict[int, str] = field(default_factory=dict)
    rejected: dict[int, Rejection] = field(default_factory=dict)
    """Stage, reason and detail; the row itself comes when it is written."""
    stages: list[Stage] = field(default_factory=list)
    contamination: Contamination = field(
        default_factory=lambda: Contamination(pl.DataFrame(schema=decontaminate.HITS))
    )
    split: Split = field(default_factory=lambda: Split([], {}))
    table: list[Shared] = field(default_factory=list)

    def not_offered(self, split: str) -> AbstractSet[str]:
        """Tools that no row of the split may offer."""
        judged = self.contamination.tools.keys()
        return judged if split == "test_unseen_tools" else judged | self.split.held_out.tools


def decide(
    intake: Intake,
    section: CurationSection,
    benchmarks: Sequence[Benchmark],
    seed: int,
    packs: Mapping[str, str],
    progress: Progress,
) -> Decisions:
    """Decide of every row that is read where it goes.

    Args:
        intake: The rows.
        section: The recipe's.
        benchmarks: What judges ask.
        seed: The recipe's.
        packs: Tool -> pack, as far as known.
        progress: Called when something else begins, and while rows are read.

    Raises:
        StoreError: A dataset cannot be read.
        RecipeError: The recipe wants what the rows cannot give.
    """
    run = _Deciding(section, seed, packs, progress)
    rows, functions = run.read(intake, learn=bool(benchmarks))
    rows = run.without(rows, "dedup", run.duplicates(rows))
    if benchmarks:
        hits = run.contaminated(rows, functions, benchmarks)
        rows = run.without(rows, "decontaminate", hits)
    run.divide(rows)
    return run.made


class _Deciding:
    def __init__(
        self, section: CurationSection, seed: int, packs: Mapping[str, str], progress: Progress
    ) -> None:
        self.section, self.seed, self.packs, self.progress = section, seed, packs, progress
        self.made = Decisions()

    def read(self, intake: Intake, *, learn: bool) -> tuple[pl.DataFrame, dict[str, Any]]:
        """Features of all good rows with their `number`; and functions by name, if to `learn`."""
        frames = [pl.DataFrame(schema={"number": pl.UInt32, **SCHEMA})]
        functions: dict[str, Any] = {}
        reasons = Counter[str]()
        rows = 0
        for part in intake.slices():
            found = _with_gold(features_of(part.frame, "the rows that are read"), part.frame)
            frames.append(found.select(part.frame["number"], *SCHEMA))
            reasons.update(rejection.reason for rejection in part.rejects)
            if learn:
                functions = {**_functions(part.frame), **functions}
            rows += found.height + len(part.rejects)
            self.progress("reading", rows, len(intake))
        self.made.stages.append(Stage("read", len(intake), dict(reasons)))
        return pl.concat(frames), functions

    def without(self, rows: pl.DataFrame, stage: str, dropped: Dropped) -> pl.DataFrame:
        """Take note of the rows that a stage drops; give the others."""
        for row, (reason, detail) in dropped.items():
            rejection = Rejection(stage=stage, reason=reason, detail=detail, row={})
            self.made.rejected[rows["number"][row]] = rejection
        counts = Counter(reason for reason, _ in dropped.values())
        self.made.stages.append(Stage(stage, rows.height, dict(counts)))
        return rows.filter(~pl.int_range(pl.len()).is_in(list(dropped)))

    def duplicates(self, rows: pl.DataFrame) -> Dropped:
        self.progress("looking for duplicates", 0, rows.height)
        found = duplicates(rows, **self.section.dedup.model_dump())
        columns = found.select("row", "reason", "kept", "similarity").iter_rows()
        return {
            row: (reason, f"of {kept}" + (f", similarity {like:.3f}" if like is not None else ""))
            for row, reason, kept, like in columns
        }

    def contaminated(
        self, rows: pl.DataFrame, functions: Mapping[str, Any], benchmarks: Sequence[Benchmark]
    ) -> Dropped:
        self.progress("looking for what judges ask", 0, rows.height)
        made = decontaminate.find(rows, functions, benchmarks, self.section.decontaminate)
        self.made.contamination = made
        place = {name: row for row, name in enumerate(rows["id"])}
        found = {
            place[hit["id"]]: (f"benchmark_{hit['reason']}", f"{hit['judge']}: {hit['detail']}")
            for hit in made.hits.iter_rows(named=True)
        }
        for row, offered in enumerate(rows["offered"]):
            if len(offered) and made.tools.keys() >= set(offered):
                found.setdefault(row, ("benchmark_tool", "it offers tools of judges only"))
        return found

    def divide(self, rows: pl.DataFrame) -> None:
        """Split the rows and count what the splits share."""
        self.progress("splitting", 0, rows.height)
        rows = rows.with_columns(_less(self.made.contamination.tools))
        made = split(rows, self.section.split, seed=self.seed, packs=self.packs)
        self.made.split = made
        dropped = {row: ("leak", why) for row, why in made.dropped.items()}
        split_of = pl.Series("split", made.split_of, dtype=pl.String)
        kept = self.without(rows.with_columns(split_of), "split", dropped)
        self.made.split_of = dict(kept.select("number", "split").iter_rows())
        self.progress("counting leaks", 0, kept.height)
        self.made.table = self._leakage(kept)

    def _leakage(self, kept: pl.DataFrame) -> list[Shared]:
        held = self.made.split.held_out.tools
        unseen = pl.col("split") == "test_unseen_tools"
        offered = pl.when(unseen).then("offered").otherwise(_less(held))
        groups = kept["calls"].rank("dense").cast(pl.Int64).to_numpy()
        dedup = self.section.dedup
        alike = near_duplicates(kept["text"], groups, dedup.near, dedup.shingle)
        pairs = [(pair.row, pair.kept) for pair in alike]
        table = leakage(kept.with_columns(offered=offered), near=pairs, held_out=held)
        leaks = [f"{s.one} and {s.other}: {s.leaks}" for s in table if s.leaks]
        assert not leaks, f"the split leaks: {'; '.join(leaks)}"
        return table


def _less(tools: Mapping[str, Any] | AbstractSet[str]) -> pl.Expr:
    """What is offered, without `tools`."""
    return pl.col("offered").list.set_difference(pl.lit(sorted(tools), pl.List(pl.String)))


def _functions(frame: pl.DataFrame) -> dict[str, Any]:
    """Offered functions by their own names, and under their own signatures where they have them."""
    plain, viewed = dict[str, Any](), dict[str, Any]()
    for tools, views in frame.select("tools", "views").iter_rows():
        shown = orjson.loads(views)
        for function in (tool.get("function") for tool in orjson.loads(tools)):
            if isinstance(function, dict) and isinstance(function.get("name"), str):
                view = shown.get(function["name"])
                if view is None:
                    plain[function["name"]] = function
                else:
                    viewed[view["tool"]] = {**function, "name": view["tool"]}
    return {**viewed, **plain}


def _with_gold(found: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Count as called what an imported row without calls wants called."""
    bare = (frame["scenario"] == "imported") & (found["called"].list.len() == 0)
    if not bare.any():
        return found
    called = found["called"].to_list()
    for row in bare.arg_true():
        expected = orjson.loads(frame["expected"][row])
        called[row] = sorted({call["name"] for call in expected.get("calls", ())})
    return found.with_columns(called=pl.Series(called, dtype=pl.List(pl.String)))
