"""Does the data teach? Shown on a real model of 135 million parameters, on two CPU cores.

    python benchmarks/learn.py WORK                     every part that WORK does not have yet
    python benchmarks/learn.py WORK --only curve        parts whose names begin so
    python benchmarks/learn.py WORK --minutes 90        begin no part after so long

It takes hours and may be killed at any moment: a part that is done is skipped, a training goes on
from its checkpoint, an evaluation with the next turn. What came of it: `python
benchmarks/learn.py WORK --only page` (also while it runs) writes learn.json, learn.md and PNGs.

What the parts of the published run made lies in `benchmarks/learned`. In a copy of that folder
they count as done: `--only page` makes the tables again. Take data.json and main.json out of the
copy, and rows and model are made anew (at the revision in docs/learn.md), for parts that are left.
"""

from __future__ import annotations

import argparse
import sys
import time
from functools import partial
from pathlib import Path

import learn_data
import learn_page
import learn_runs
from learn_work import SCALES, WEIGHTINGS, Part, Scale, Work

from callwright.schemas.errors import UserError


def parts(scale: Scale) -> dict[str, Part]:
    """Every part under its name, the most telling first."""
    found: dict[str, Part] = {
        "data": lambda work: learn_data.build(work, "learn", "learn_unseen"),
        "plain": learn_runs.plain,
        "main": learn_runs.main_training,
        "after": learn_runs.after,
        "few_shot": learn_runs.few_shot,
    }
    for size in scale.sizes[:-1]:
        found[f"curve-{size}"] = partial(learn_runs.curve_point, size=size)
    for seed in scale.seeds:
        for name in WEIGHTINGS:
            run = partial(learn_runs.ablation_run, name=name, seed=seed)
            found[f"ablation-{name.replace(' ', '_')}-{seed}"] = run
    return {
        **found,
        "broad-data": lambda work: learn_data.build(work.broad, "learn_broad"),
        "broad-main": learn_runs.broad_training,
        "broad-cross": learn_runs.cross,
        "control": learn_runs.control,
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the parts. Exit 2 if something cannot be had."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("work", type=Path, help="folder of everything that is made")
    parser.add_argument("--only", default="", metavar="PART", help="parts that begin so; or page")
    parser.add_argument("--minutes", type=float, help="begin no part after so many")
    parser.add_argument("--scale", choices=SCALES, default="full")
    parser.add_argument("--model", type=Path, help="another model's folder")
    parser.add_argument("--list", action="store_true", help="say what is done and what is left")
    options = parser.parse_args(arguments)
    work = Work(options.work, SCALES[options.scale], options.model)
    known = parts(work.scale)
    chosen = [name for name in known if name.startswith(options.only)]
    if not chosen and options.only != "page":
        parser.error(f"no part begins with {options.only!r}: {', '.join(known)}, page")
    started = time.monotonic()
    try:
        for name in chosen:
            if options.list or work.found(name) is not None:
                print(f"{name}: {'done' if work.found(name) is not None else 'left'}")
                continue
            if options.minutes and time.monotonic() - started > 60 * options.minutes:
                print(f"{options.minutes:g} minutes are over: {name} and what follows is left")
                break
            print(f"{name} …", flush=True)
            began = time.monotonic()
            made = known[name](work)
            work.keep(name, {"wall_seconds": round(time.monotonic() - began, 1), **made})
        if not options.list:
            learn_page.write(work)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
