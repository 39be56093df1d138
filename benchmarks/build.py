"""How fast the builder is, as a ratio to the tools it runs, and how much memory it takes.

    python benchmarks/build.py                 the ratio and rows per second
    python benchmarks/build.py --memory        peak memory at 10,000 and 100,000 rows too

The ratio: build time / (time of every tool call the build made, replay's and causality's
included, + time of orjson-serialising the rows). One process, one run, the quickstart's mix.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson

from callwright.curation.verify import certify
from callwright.generators.build import Job, build
from callwright.generators.execution import PackToolbox
from callwright.generators.recipe import BuildSection
from callwright.recipe import Recipe, load_recipe
from callwright.schemas.record import Conversation
from callwright.schemas.store import open_dataset

QUICKSTART = Path(__file__).parents[1] / "examples" / "quickstart.yaml"
_toolboxes: dict[int, PackToolbox] = {}


def _certify(row: Conversation, toolbox: Any) -> Conversation:
    """The real gates; remembers the toolbox, whose clocks the benchmark reads."""
    _toolboxes[id(toolbox)] = toolbox
    return certify(row, toolbox)


def measure(recipe: Recipe, section: BuildSection, packs: tuple[str, ...]) -> dict[str, Any]:
    """Build once in this process."""
    _toolboxes.clear()
    tools = recipe.tools.model_copy(update={"packs": packs})
    job = Job(section, tools, recipe.seed, _certify)
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        manifest = build(job, Path(folder) / "out", recipe.resolved())
        elapsed = time.perf_counter() - started
        rows = [row.model_dump(mode="json") for row in open_dataset(Path(folder) / "out").rows()]
    started = time.perf_counter()
    for row in rows:
        orjson.dumps(row)
    serialising = time.perf_counter() - started
    boxes = list(_toolboxes.values())
    spent = {
        pack: sum(box.spent.get(pack, 0.0) for box in boxes) for box in boxes for pack in box.spent
    }
    return {
        "rows": manifest.counts.kept,
        "seconds": elapsed,
        "calls": sum(box.calls for box in boxes),
        "tools": sum(spent.values()),
        "spent": spent,
        "serialising": serialising,
        "ratio": elapsed / (sum(spent.values()) + serialising),
    }


def _print(name: str, found: dict[str, Any]) -> None:
    print(
        f"{name:<12} {found['rows']:>6} rows {found['rows'] / found['seconds']:>7.0f} rows/s  "
        f"{found['calls']:>7} calls  build {found['seconds']:>6.2f} s / (tools "
        f"{found['tools']:.2f} s + orjson {found['serialising']:.2f} s) = {found['ratio']:.2f}"
    )


def peak_memory(count: int, workers: int) -> float:
    """MiB of the largest process of a build, measured in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        recipe = Path(folder) / "recipe.yaml"
        text = QUICKSTART.read_text("utf-8").replace(
            "max_per_skeleton: 20", f"max_per_skeleton: {max(20, count // 250)}"
        )
        recipe.write_text(text, "utf-8")
        code = (
            "import subprocess, sys, resource\n"
            "subprocess.run(sys.argv[1:], check=True, stderr=subprocess.DEVNULL, "
            "stdout=subprocess.DEVNULL)\n"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
        )
        command = [sys.executable, "-m", "callwright.cli", "build", str(recipe)]
        command += ["-o", f"{folder}/out", "--count", str(count), "--workers", str(workers)]
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-c", code, *command], check=True, capture_output=True, text=True
        )
    return int(done.stdout) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--memory", action="store_true", help="also 10,000 and 100,000 rows")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bound is broken")
    options = parser.parse_args()
    recipe = load_recipe(QUICKSTART)
    section = recipe.build.model_copy(update={"count": options.count})
    whole = measure(recipe, section, recipe.tools.packs)
    _print("quickstart", whole)
    for pack, seconds in sorted(whole["spent"].items(), key=lambda item: -item[1]):
        print(f"  tools of {pack:<12} {seconds:6.2f} s")
    singles = section.model_copy(update={"scenarios": {"single": 1}, "count": options.count // 5})
    for pack in recipe.tools.packs:
        _print(pack, measure(recipe, singles, (pack,)))
    broken = whole["ratio"] > 3
    print(
        f"largest process here: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"
    )
    if options.memory:
        small, large = peak_memory(10_000, 2), peak_memory(100_000, 2)
        print(
            f"peak memory: 10,000 rows {small:.0f} MiB, 100,000 rows {large:.0f} MiB, "
            f"{large / small:.2f} times"
        )
        broken |= large > 1.3 * small
    if options.check and broken:
        sys.exit(1)


if __name__ == "__main__":
    main()
