"""Run `python benchmarks/quality.py DIR [--foreign ../shared/fixtures] [--check]`.

Measures a dataset and prints it beside foreign ones and beside the requests people write.
Every figure is counted from the rows; a dash means that the data set cannot show it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tokens
import voice
from measures import Grounding, Tally

from callwright.generators.execution import PackToolbox
from callwright.generators.packs import PACK_NAMES, load_pack
from callwright.schemas.errors import UserError
from callwright.schemas.formats import READERS
from callwright.schemas.grounding import check_grounding
from callwright.schemas.record import Conversation, Rejection
from callwright.schemas.store import open_dataset
from callwright.schemas.style import Style, measure
from callwright.schemas.views import shown_tools

FOREIGN = (
    ("glaive_en", "sharegpt", "glaive/glaive_toolcall_en_demo.json"),
    ("nestful", "nestful", "nestful_v1/non-executable-glaive-data.json"),
    ("nestful_sgd", "nestful", "nestful_v1/non-executable-sgd-data.json"),
    ("seal_tools", "seal_tools", "seal_tools/dev.jsonl"),
    ("bfcl", "bfcl", "bfcl_sample/simple_python_20.jsonl"),
)
PEOPLE = "people/requests.jsonl"

FULL_SIZE = 10_000
"""Variety is asserted from this many rows on: a smaller set cannot show as much."""
PEOPLE_SHARES = {"question": 53, "polite": 39, "first_person": 50, "several_sentences": 32}
PEOPLE_WORDS = {"words_p10": 8, "words_median": 16, "words_p90": 29}
"""Figures of BFCL live_multiple, 1,053 requests written by people."""


@dataclass(frozen=True)
class Dataset:
    """Our dataset, counted, and what it was meant to be."""

    tally: Tally
    weights: dict[str, float]
    """Share that the recipe asks for, by scenario; empty if it names none."""
    available: frozenset[str]
    """Tools that the build could have used."""


def grounding_gate() -> Grounding:
    """The grounding gate over the built-in tools."""
    tools = PackToolbox().tools()
    return lambda row: check_grounding(row, {t.name: t for t in shown_tools(row.views, tools)})


def weights_in(recipe: Any) -> dict[str, float]:
    """The scenarios' weights in a resolved recipe, as shares that sum to 1.

    They are looked for under the key `scenarios`, at any depth; a weight is a number or an
    object with `weight`.
    """
    if not isinstance(recipe, dict):
        return {}
    found = recipe.get("scenarios")
    if isinstance(found, dict):
        given = {k: v.get("weight") if isinstance(v, dict) else v for k, v in found.items()}
        numbers = {k: float(v) for k, v in given.items() if isinstance(v, int | float)}
        total = sum(numbers.values())
        if total > 0:
            return {name: value / total for name, value in numbers.items()}
    return next((shares for part in recipe.values() if (shares := weights_in(part))), {})


def pack_tools(recipe: Any) -> frozenset[str]:
    """Names of the tools of the built-in packs that a resolved recipe names under `packs`.

    All built-in packs if it names none; of their tools those under `only`, where it says so.
    """
    named = [name for name in _named_packs(recipe) if name in PACK_NAMES] or PACK_NAMES
    tools = recipe.get("tools") if isinstance(recipe, dict) else None
    only = tools.get("only") if isinstance(tools, dict) else None
    found = frozenset(name for pack in named for name in load_pack(pack).functions)
    return found if only is None else found.intersection(only)


def _named_packs(recipe: Any) -> list[str]:
    if not isinstance(recipe, dict):
        return []
    if isinstance(found := recipe.get("packs"), list | dict):
        return [name for name in found if isinstance(name, str)]
    return next((names for part in recipe.values() if (names := _named_packs(part))), [])


def read_ours(folder: Path, available: Iterable[str] = ()) -> Dataset:
    """Count our dataset; holds one part in memory at a time."""
    dataset = open_dataset(folder)
    tally = Tally(folder.name or "ours", grounding_gate(), ours=True)
    for row in dataset.rows():
        tally.add(row)
    weights = weights_in(dataset.manifest.recipe)
    known = frozenset(available) or pack_tools(dataset.manifest.recipe)
    return Dataset(tally, weights, known or frozenset(tally.offered))


def read_foreign(folder: Path) -> Iterator[Tally]:
    """Count every foreign set that `folder` has."""
    for name, form, place in FOREIGN:
        if (folder / place).exists():
            tally = Tally(name)
            for row in READERS[form](folder / place):
                if isinstance(row, Conversation):
                    tally.add(row)
                elif isinstance(row, Rejection):
                    print(f"{name}: rejected: {row.reason}: {row.detail}", file=sys.stderr)
            yield tally


def people_requests(folder: Path | None) -> list[str]:
    """The requests written by people; none where the file is absent."""
    path = folder / PEOPLE if folder else None
    if path is None or not path.exists():
        return []
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def _of(part: int, whole: int) -> str:
    return f"{part:,} ({100 * part / whole:.1f}%)" if whole else "–"


def _most(tally: Tally) -> str:
    return f"{max(tally.skeletons.values()):,}" if tally.skeletons else "–"


MEASURES: tuple[tuple[str, Callable[[Tally], str]], ...] = (
    ("rows", lambda t: f"{t.rows:,}"),
    ("calls", lambda t: f"{t.calls:,}"),
    ("calls that violate their tool's schema", lambda t: f"{t.violating_calls:,}"),
    ("  of these answered with an error", lambda t: f"{t.answered_violations:,}"),
    ("calls of tools that are not offered", lambda t: f"{t.unknown_tools:,}"),
    ("argument leaves", lambda t: f"{t.leaves:,}"),
    ("leaves without a recorded source", lambda t: f"{t.unsourced:,}" if t.ours else "–"),
    (
        "rows that fail the grounding gate",
        lambda t: f"{t.ungrounded_rows:,}" if t.check_grounding else "–",
    ),
    ("leaves found literally nowhere", lambda t: _of(t.nowhere, t.leaves)),
    ("rows beyond the first with equal user text", lambda t: _of(t.duplicates, t.rows)),
    (
        "rows fed by an earlier result alone (text)",
        lambda t: _of(t.fed_by_text, t.rows) if t.results else "–",
    ),
    (
        "rows fed by an earlier result alone (value)",
        lambda t: _of(t.fed_by_value, t.rows) if t.results else "–",
    ),
    ("rows of causal length 2 or more", lambda t: _of(t.longer, t.rows) if t.ours else "–"),
    (
        "  with an unnamed necessary step",
        lambda t: _of(t.chains_with_unnamed, t.chains) if t.ours else "–",
    ),
    ("rows with calls", lambda t: f"{t.with_calls:,}"),
    ("distinct sequences", lambda t: f"{len(t.sequences):,}"),
    ("distinct topologies", lambda t: f"{len(t.topologies):,}" if t.topologies else "–"),
    ("distinct skeletons", lambda t: f"{len(t.skeletons):,}"),
    ("distinct skeletons by this script's masking", lambda t: f"{len(t.masked):,}"),
    ("the commonest skeleton occurs", _most),
    ("tools used / offered", lambda t: f"{len(t.used):,} / {len(t.offered):,}"),
)
_STYLE = tuple(PEOPLE_SHARES) + tuple(PEOPLE_WORDS)


def _figure(style: Style | None, name: str) -> str:
    if style is None or not style.texts:
        return "–"
    value = getattr(style, name)
    return f"{value}" if name in PEOPLE_WORDS else f"{100 * value:.0f}%"


def table(tallies: list[Tally], people: Style | None) -> str:
    """All figures, a column a data set."""
    lines = [["", *(tally.name for tally in tallies), "people"]]
    lines += [[label, *(show(t) for t in tallies), "–"] for label, show in MEASURES]
    styles = [*(tally.style() for tally in tallies), people]
    lines.append(["style: requests", *(f"{s.texts:,}" if s else "–" for s in styles)])
    lines += [[f"  {name}", *(_figure(s, name) for s in styles)] for name in _STYLE]
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]).rstrip()
        for line in lines
    )


def scenario_table(ours: Dataset) -> str:
    """Each scenario's share beside the recipe's weight."""
    counts = ours.tally.scenarios
    return "\n".join(
        f"{name:<20}{100 * counts[name] / max(1, ours.tally.rows):6.1f}%   recipe "
        + (f"{100 * ours.weights.get(name, 0):.1f}%" if ours.weights else "–")
        for name in sorted({*counts, *ours.weights})
    )


def failures(ours: Dataset) -> Iterator[str]:
    """The thresholds that the dataset misses, one line each."""
    tally = ours.tally
    if not tally.rows:
        yield "the dataset has no rows"
        return
    zeros = ("violating_calls", "unknown_tools", "unsourced", "ungrounded_rows")
    for name in zeros:
        if count := getattr(tally, name):
            yield f"{name.replace('_', ' ')}: {count}, expected 0"
    style = tally.style()
    for name, wanted in PEOPLE_SHARES.items():
        share = 100 * getattr(style, name)
        if abs(share - wanted) > 10:
            yield f"{name} {share:.1f}%, expected {wanted} within 10 points"
    for name, words in PEOPLE_WORDS.items():
        if abs(getattr(style, name) - words) > 3:
            yield f"{name} {getattr(style, name)}, expected {words} within 3"
    if tally.rows >= FULL_SIZE:
        yield from _variety(ours)


def _variety(ours: Dataset) -> Iterator[str]:
    tally = ours.tally
    for what, found, least in (
        ("sequences", tally.sequences, 3000),
        ("topologies", tally.topologies, 200),
        ("skeletons", tally.skeletons, 6000),
    ):
        if len(found) < least:
            yield f"distinct {what}: {len(found):,}, expected at least {least:,}"
    if (most := max(tally.skeletons.values(), default=0)) > 10:
        yield f"the commonest skeleton occurs {most} times, expected at most 10"
    if unused := sorted(ours.available - tally.used):
        yield f"tools never used: {', '.join(unused)}"
    if not ours.weights:
        yield "the manifest's recipe names no scenarios"
    for name in sorted({*ours.weights, *tally.scenarios}) if ours.weights else ():
        share, wanted = tally.scenarios[name] / tally.rows, ours.weights.get(name, 0)
        if abs(share - wanted) > 0.02:
            yield f"{name}: {100 * share:.1f}% of the rows, the recipe asks for {100 * wanted:.1f}%"


def main(arguments: list[str] | None = None) -> int:
    """Print the tables. Exit 1 if `--check` finds a threshold missed, 2 if input is unusable."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[2])
    parser.add_argument("dir", nargs="?", type=Path, help="a dataset of ours")
    parser.add_argument("--foreign", type=Path, help="folder with the foreign sets")
    parser.add_argument("--available", default="", help="names of all tools, comma-separated")
    parser.add_argument("--check", action="store_true", help="exit 1 if a threshold is missed")
    options = parser.parse_args(arguments)
    if not (options.dir or options.foreign) or (options.check and not options.dir):
        parser.error("give the folder of a dataset")
    try:
        names = filter(None, options.available.split(","))
        ours = read_ours(options.dir, names) if options.dir else None
        foreign = list(read_foreign(options.foreign)) if options.foreign else []
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    people = people_requests(options.foreign)
    print(table([*([ours.tally] if ours else []), *foreign], measure(people) if people else None))
    if ours is None:
        return 0
    print(f"\n{scenario_table(ours)}")
    print(f"tools used / available: {len(ours.tally.used)} / {len(ours.available)}")
    print(tokens.line(open_dataset(options.dir).rows()))
    print(f"\n{voice.block(ours.tally.single_turns, people)}")
    missed = list(failures(ours)) if options.check else []
    for line in missed:
        print(f"MISSED {line}")
    if options.check and ours.tally.rows < FULL_SIZE:
        print(f"variety and shares are asserted from {FULL_SIZE:,} rows on: not here")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
