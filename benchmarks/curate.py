"""How long curating a dataset takes, end to end, and how much memory.

    callwright build examples/quickstart.yaml -o DIR --count 100000
    python benchmarks/curate.py DIR            seconds, rows per second, peak memory
    python benchmarks/curate.py DIR --check    exit 1 at 3 GB or more

`callwright curate` runs in a process of its own; the memory is that process's largest.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from callwright.schemas.store import open_dataset

RUN = (
    "import resource, subprocess, sys\n"
    "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    "sys.exit(done.returncode)\n"
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        command = [sys.executable, "-m", "callwright.cli", "curate", str(options.folder)]
        started = time.perf_counter()
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-c", RUN, *command, "-o", str(out)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        seconds = time.perf_counter() - started
        counts = open_dataset(out).manifest.counts
    megabytes = int(done.stdout) / 1000
    rows = counts.kept + counts.rejected
    print(
        f"{rows:,} rows curated in {seconds:.0f} s ({rows / seconds:,.0f} a second), "
        f"{counts.kept:,} kept, peak memory {megabytes:,.0f} MB"
    )
    return 1 if options.check and megabytes >= 3000 else 0


if __name__ == "__main__":
    sys.exit(main())
