"""What came of `learn.py`, as far as it is: learn.json, learn.md and three figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import learn_ablation
import learn_figures
from learn_work import TESTS, Work

from callwright.schemas.store_write import replace_file
from callwright.training.faults import KINDS

RUNS = {"plain": "before", "few_shot": "before, few-shot", "after": "after"}
"""Part -> its heading."""

MODELS = ("narrow", "broad")

FIGURES = (
    ("single calls, gold history", "all", "single_call.call", 0.90),
    ("  with answers and rows without calls", "all", "single_call", None),
    ("right tool, any arguments", "all", "tool_choice", None),
    ("argument values, F1", "all", "parameters.f1", None),
    ("no call where none is wanted", "all", "irrelevance", None),
    ("turns that can be read", "all", "format_validity", None),
    ("chains of 2 and more, running free", "chains", "chain_success", {0: 0.75, 1: 0.50}),
    ("  with just the gold calls", "chains", "exact_chain", None),
    ("all rows, running free", "all", "chain_success", None),
)
"""Words, rows, figure, and what it is to beat, if anything (by split: unseen tools are told)."""


def write(work: Work) -> None:
    """Write the page from the parts there are."""
    names = ["data", "plain", "main", "after", "few_shot", "control"]
    names += ["broad-data", "broad-main", "broad-cross"]
    names += [f"curve-{size}" for size in work.scale.sizes]
    found = {name: part for name in names if (part := work.found(name)) is not None}
    runs = learn_ablation.runs_of(work)
    ablation = {name: learn_ablation.figures(runs[name]) for name in runs}
    first = runs.get("all 1", [])
    pairs = {n: learn_ablation.against(first, runs[n]) for n in runs if n != "all 1"}
    learned = {"parts": found, "ablation": {"figures": ablation, "against all 1": pairs}}
    work.keep("learn", learned)
    pictures = learn_figures.draw(found, curve(work, found), ablation)
    for name, png in pictures.items():
        replace_file(work.folder / f"{name}.png", png)
    lines = [
        "# Does the data teach?", "",
        *_data(found), *_before_and_after(found), *_shapes(found), *_curve(work, found),
        *_weights(ablation, pairs), *_broad(found), *_faults(found), *_costs(work),
        *(f"![{name}]({name}.png)" for name in pictures),
    ]  # fmt: skip
    replace_file(work.folder / "learn.md", ("\n".join(lines) + "\n").encode())


# ------------------------------------------------------------------------------ tables


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    head = list(head)
    yield "| " + " | ".join(head) + " |"
    yield "|" + "|".join(["---", *["---:"] * (len(head) - 1)]) + "|"
    for row in rows:
        yield "| " + " | ".join(map(str, row)) + " |"
    yield ""


def _data(found: Mapping[str, Any]) -> Iterator[str]:
    if "data" not in found:
        return
    splits, shared = found["data"]["splits"], found["data"]["shared_with_train"]
    yield from ("## The rows", "")
    lines: list[list[object]] = [
        ["rows", *(s["rows"] for s in splits.values())],
        ["tools called", *(len(s["tools_called"]) for s in splits.values())],
        ["fewest distractors", *(s["fewest_distractors"] for s in splits.values())],
        ["chains (2 calls and more)", *(s["chains"] for s in splits.values())],
        ["  with an unnamed step", *(s["chains_with_unnamed_step"] for s in splits.values())],
        ["longest chain", *(max(map(int, s["lengths"])) for s in splits.values())],
        ["different skeletons", *(s["skeletons"] for s in splits.values())],
        ["tokens a row", *(f"{s['tokens']['mean']:.0f}" for s in splits.values())],
    ]
    lines += [
        [f"{name} shared with train", *(shared.get(split, {}).get(name, "") for split in splits)]
        for name in ("skeletons", "sequences", "topologies")
    ]
    yield from _table(["", *splits], lines)


def _before_and_after(found: Mapping[str, Any]) -> Iterator[str]:
    runs = {name: words for name, words in RUNS.items() if name in found}
    if not runs:
        return
    yield from ("## Before and after", "")
    for number, split in enumerate(TESTS):
        one = {name: found[name]["splits"][split] for name in runs}
        rows = next(iter(one.values()))["rows"]
        yield from (f"`{split}`, {rows} rows:", "")
        lines = []
        for words, of, figure, wanted in FIGURES:
            goal = wanted.get(number) if isinstance(wanted, dict) else wanted
            cells = [_cell(one[name][of].get(figure)) for name in runs]
            told = f"≥ {goal:.0%}" if goal and number < 2 else ""
            if any(cells):
                lines.append([words, *cells, told])
        yield from _table(["", *runs.values(), "to beat"], lines)


def _cell(figure: Mapping[str, float] | None) -> str:
    if figure is None:
        return ""
    return f"{figure['value']:.1%} ({figure['low']:.0%}–{figure['high']:.0%}) of {figure['of']:.0f}"


def _shapes(found: Mapping[str, Any]) -> Iterator[str]:
    if "after" not in found:
        return
    yield from ("## Rows that succeed, by shape (after)", "")
    splits = found["after"]["splits"]
    shapes = sorted({shape for split in TESTS for shape in splits[split]["shapes"]})
    cells = [
        [f"`{shape}`", *(_of(splits[split]["shapes"].get(shape)) for split in TESTS)]
        for shape in shapes
    ]
    yield from _table(["shape", *TESTS], cells)


def _of(counts: list[int] | None) -> str:
    return f"{counts[0]} of {counts[1]}" if counts else ""


def curve(work: Work, found: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """Rows trained on -> the evaluation on the subset."""
    points = {
        size: found[f"curve-{size}"]["splits"]
        for size in work.scale.sizes
        if f"curve-{size}" in found
    }
    if "after" in found:
        points[work.scale.sizes[-1]] = found["after"]["on_subset"]["splits"]
    return points


def _curve(work: Work, found: Mapping[str, Any]) -> Iterator[str]:
    points: dict[str, dict[str, Any]] = {str(n): s for n, s in curve(work, found).items()}
    if len(points) < 2:
        return
    if "control" in found:
        quarter = found["control"]["training"]["rows"]
        points[f"{quarter}, as many steps as {work.scale.sizes[-1]}"] = found["control"]["splits"]
    yield from ("## How many rows", "")
    yield (
        f"Every size is gone through {work.scale.passes:g} times; the smaller sets are parts of "
        f"the larger ones. Judged on {work.scale.subset} rows of each split."
    )
    yield ""
    for of, figure, words in (
        ("all", "single_call.call", "single calls"),
        ("chains", "chain_success", "chains, running free"),
    ):
        cells = [
            [name, *(_cell(splits[split][of].get(figure)) for split in TESTS)]
            for name, splits in points.items()
        ]
        yield from _table([f"{words}: rows", *TESTS], cells)


def _weights(
    figures: Mapping[str, list[dict[str, Any]]], pairs: Mapping[str, list[dict[str, Any]]]
) -> Iterator[str]:
    if not figures:
        return
    yield from ("## Which tokens to weigh", "")
    lines = []
    for name, both in figures.items():
        cells = [
            f"{one['value']:.1%} (by seed: {', '.join(f'{seed:.0%}' for seed in one['seeds'])})"
            for one in both
        ]
        gains = [
            f"{100 * one['value']:+.1f} ({100 * one['low']:+.1f} to {100 * one['high']:+.1f})"
            for one in pairs.get(name, [])
        ]
        lines.append([name, cells[0], *(gains[:1] or ["–"]), cells[1], *(gains[1:] or ["–"])])
    yield from _table(
        [
            "weight 3 on",
            "turns right",
            "more than all 1",
            "rows right, running free",
            "more",
        ],
        lines,
    )


def _broad(found: Mapping[str, Any]) -> Iterator[str]:
    if "broad-cross" not in found:
        return
    yield from ("## Narrow and broad", "")
    cross, data = found["broad-cross"], found["broad-data"]["splits"]["train"]
    yield (
        f"The broad model was trained on as many rows: {len(data['tools_called'])} tools, "
        f"{len(data['scenarios'])} scenarios, {data['sequences']:,} sequences among the "
        f"{data['rows']:,} to choose from."
    )
    yield ""
    for tests in ("narrow", "broad"):
        for split in TESTS:
            one = {model: cross[f"{model} on {tests}"]["splits"][split] for model in MODELS}
            yield from (f"The {tests} set's `{split}`, {one['narrow']['rows']} rows:", "")
            told = [
                [words, *(_cell(one[model][of].get(figure)) for model in MODELS)]
                for words, of, figure, _ in FIGURES
            ]
            yield from _table(
                ["", *(f"{m} model" for m in MODELS)], [t for t in told if any(t[1:])]
            )


# -------------------------------------------------------------------------- the rest


def _faults(found: Mapping[str, Any]) -> Iterator[str]:
    runs = {name: words for name, words in RUNS.items() if name in found}
    if not runs:
        return
    yield from ("## What fails, by kind", "")
    for what, words in (("decisions", "turns"), ("episodes", "rows, running free")):
        counts = {
            name: sum((Counter(found[name]["splits"][s]["faults"][what]) for s in TESTS), Counter())
            for name in runs
        }
        kinds = [kind for kind in KINDS if any(counts[name][kind] for name in runs)]
        kinds.sort(key=lambda kind: -counts[list(runs)[-1]][kind])
        cells = [[f"`{k}`: {KINDS[k]}", *(counts[name][k] for name in runs)] for k in kinds]
        yield from _table([f"first fault, {words}", *runs.values()], cells)
    if "after" in found:
        lengths = [found["after"]["splits"][split]["lengths"] for split in TESTS]
        cells = []
        for length in sorted(set(chain.from_iterable(lengths))):
            kinds = sum((Counter(one.get(length, {})) for one in lengths), Counter())
            told = ", ".join(f"{n} {kind}" for kind, n in kinds.most_common() if kind != "right")
            cells.append([length, f"{kinds['right']} of {kinds.total()}", told])
        yield from _table(["calls in a row (after)", "right", "first faults of the others"], cells)


def _costs(work: Work) -> Iterator[str]:
    lines, names = [], ("rows", "steps", "tokens", "tokens_per_second")
    for path in sorted(work.folder.glob("*.json")):
        part = work.found(path.stem) or {}
        run = part.get("training") or part
        if "core_minutes" in run:
            lines.append([path.stem, run["core_minutes"], *(run[name] for name in names)])
    if lines:
        yield from ("## What training cost", "")
        yield from _table(["part", "core-minutes", "rows", "steps", "tokens", "tokens/s"], lines)
