"""How long publishing takes, against what a bare `push_to_hub` of the same rows takes.

    callwright build examples/quickstart.yaml -o DIR --count 100000
    python benchmarks/publish.py DIR

Both go to the test server of tests/hub on this machine, in processes of their own. `publish` also
proves a sample, looks through every row for secrets, and writes the card; the bare push only
converts and uploads, from a `DatasetDict` that lies converted on disk.
"""

from __future__ import annotations

import argparse
import multiprocessing
import multiprocessing.connection
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1] / "tests" / "hub"

PUSH = (
    "import sys, time\n"
    "from datasets import load_from_disk\n"
    "rows = load_from_disk(sys.argv[1])\n"
    "started = time.perf_counter()\n"
    "rows.push_to_hub('org/bare', private=True)\n"
    "print(time.perf_counter() - started)\n"
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    folder = parser.parse_args().folder
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    url, token = ours.recv()
    with tempfile.TemporaryDirectory() as work:
        environment = {
            **os.environ,
            "HF_ENDPOINT": url,
            "HF_TOKEN": token,
            "HF_HOME": work,
            "HF_HUB_DISABLE_XET": "1",
        }
        rows = _converted(folder, Path(work))
        bare = float(_run([sys.executable, "-c", PUSH, f"{work}/rows"], environment))
        command = [sys.executable, "-m", "callwright.cli", "publish", str(folder)]
        first = _timed([*command, "--to", "hf://org/ours"], environment)
        again = _timed([*command, "--to", "hf://org/ours"], environment)
    server.terminate()
    print(f"{rows:,} rows: bare push_to_hub {bare:.0f} s, publish {first:.0f} s")
    print(f"ratio {first / bare:.2f}; publishing again, nothing changed: {again:.0f} s")
    return 0


def _serve(pipe: multiprocessing.connection.Connection) -> None:
    sys.path.insert(0, str(TESTS))
    from server import TOKEN, serve  # type: ignore[import-not-found]

    with serve() as hub:
        pipe.send((hub.url, TOKEN))
        pipe.recv()  # until the parent ends this process


def _converted(folder: Path, work: Path) -> int:
    from datasets import DatasetDict, disable_progress_bars

    from callwright.schemas.hf import to_datasets
    from callwright.schemas.store import open_dataset

    disable_progress_bars()
    found = to_datasets(open_dataset(folder))
    # `all` is no split's name to `datasets`.
    named = {"train" if split == "all" else split: rows for split, rows in found.items()}
    DatasetDict(named).save_to_disk(work / "rows")
    return sum(rows.num_rows for rows in named.values())


def _timed(command: list[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    _run(command, environment)
    return time.perf_counter() - started


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(  # noqa: S603 - our own commands
        command, env=environment, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    return done.stdout.decode()


if __name__ == "__main__":
    sys.exit(main())
