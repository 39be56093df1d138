"""Does `duplicates` find what is planted and nothing else, how fast, and in how much memory?

    python benchmarks/dedup.py                    200,000 rows, against rensa and daft
    python benchmarks/dedup.py --large            1,000,000 rows too: time's ratio, peak memory
    python benchmarks/dedup.py --rows 20000       a quick look
    python benchmarks/dedup.py --large --check    exit 1 when a bound is missed

daft wants an older pyarrow than ours, so the others live in an environment of their own:

    python -m venv rivals && rivals/bin/pip install -e . rensa==0.5.0 daft==0.7.26
    rivals/bin/python benchmarks/dedup.py

Each takes its turn in a process of its own, on the same file, with as many threads as it likes.
Time is of the work alone, after the file is read, and memory the process's peak. The bounds are on
processor time, which a busy machine leaves alone; elapsed time is printed beside it.

- rensa: `RMinHashDeduplicator`, 128 permutations, LSH, of 5-character shingles.
- daft: `minhash` of 64 hashes over word pairs, 16 bands of 4, candidates (with the first of a
  band's bucket) verified as ours are.
- ours, calls ignored: all texts compared with all, as the others do; ours does less otherwise.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import polars as pl
from dedup_data import Plant, similarity

SEED = 11


def ours(frame: pl.DataFrame) -> list[tuple[int, str]]:
    from callwright.curation.dedup import duplicates

    found = duplicates(frame, max_same_calls=len(frame) + 1, max_per_skeleton=None)
    return list(found.select("row", "kept").iter_rows())


def ours_calls_ignored(frame: pl.DataFrame) -> list[tuple[int, str]]:
    return ours(frame.with_columns(calls=pl.lit("")))


def rensa(frame: pl.DataFrame) -> list[tuple[int, str]]:
    from rensa import RMinHashDeduplicator

    index = RMinHashDeduplicator(threshold=0.8, num_perm=128, use_lsh=True)
    stays = index.add_pairs(
        (str(row), [text[i : i + 5] for i in range(len(text) - 4)])
        for row, text in enumerate(frame["text"])
    )
    return [(row, "") for row, stay in enumerate(stays) if not stay]


def daft(frame: pl.DataFrame) -> list[tuple[int, str]]:
    import daft
    import numpy as np
    from daft.functions import minhash

    from callwright.curation.near import jaccard

    table = daft.from_arrow(frame.select("text").to_arrow())
    hashed = table.select(minhash(daft.col("text"), num_hashes=64, ngram_size=2).alias("hashes"))
    column = hashed.to_arrow()["hashes"].combine_chunks()
    bands = column.flatten().to_numpy().reshape(len(frame), 16, 4).astype(np.uint64)
    pairs = []
    for band in range(16):
        low, high = (bands[:, band, i] << np.uint64(32) | bands[:, band, i + 1] for i in (0, 2))
        keys = pl.DataFrame({"low": low, "high": high}).with_row_index("row")
        first = pl.col("row").first().over("low", "high").alias("first")
        pairs.append(keys.with_columns(first).filter(pl.col("first") < pl.col("row")))
    texts, calls, found = frame["text"].to_list(), frame["calls"].to_list(), {}
    for row, first in pl.concat(pairs).select("row", "first").unique().iter_rows():
        if calls[row] == calls[first] and row not in found:
            one, other = texts[first], texts[row]
            if one == other or jaccard(one, other, 5) >= 0.8:
                found[row] = first
    return [(row, f"r{first}") for row, first in found.items()]


CONTESTANTS: dict[str, Callable[[pl.DataFrame], list[tuple[int, str]]]] = {
    "ours": ours,
    "rensa": rensa,
    "daft": daft,
    "ours, calls ignored": ours_calls_ignored,
}


def work(contestant: str, path: str, result: str) -> None:
    """Take one turn; runs in a process of its own."""
    frame = pl.read_parquet(path)
    started, spent = time.perf_counter(), time.process_time()
    found = CONTESTANTS[contestant](frame)
    seconds, spent = time.perf_counter() - started, time.process_time() - spent
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    report = {"seconds": seconds, "cpu": spent, "memory": memory, "found": found}
    Path(result).write_bytes(orjson.dumps(report))


def turn(contestant: str, path: Path) -> dict[str, Any]:
    result = path.with_suffix(".json")
    command = [sys.executable, __file__, "--turn", contestant, str(path), str(result)]
    subprocess.run(command, check=True)  # noqa: S603 - ourselves
    return dict(orjson.loads(result.read_bytes()))


def plant(rows: int, path: Path) -> dict[str, str]:
    planted = Plant(SEED).rows(rows)
    planted.frame.write_parquet(path)
    return planted.copied


def quality(frame: pl.DataFrame, copied: dict[str, str], found: list[tuple[int, str]]) -> Any:
    """Share of near and exact copies found; false positives; different rows that went."""
    kinds, ids = frame["kind"], frame["id"]
    text = dict(zip(ids, frame["text"], strict=True))
    calls = dict(zip(ids, frame["calls"], strict=True))
    gone = {ids[row]: kept for row, kept in found}
    shares = {}
    for kind in ("exact", "near"):
        # The first row of all may be meant to be a copy, of nothing.
        those = [i for i in ids.filter(kinds == kind) if i in copied]
        shares[kind] = sum(i in gone for i in those) / len(those)
    wrong = sum(
        calls[row] != calls[kept]
        or (text[row] != text[kept] and similarity(text[row], text[kept]) < 0.8)
        for row, kept in gone.items()
        if kept
    )
    lost = sum(i in gone for i in ids.filter(kinds.is_in(["template", "one_value"])))
    return shares, wrong, lost


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--large", action="store_true", help="five times the rows too")
    parser.add_argument("--alone", action="store_true", help="without rensa and daft")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bound is missed")
    parser.add_argument("--turn", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.turn:
        work(*options.turn)
        return
    missed: list[str] = []

    def bound(text: str, *, holds: bool) -> None:
        print(f"{'  ok  ' if holds else 'MISSED'}  {text}", flush=True)
        if not holds:
            missed.append(text)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        copied = plant(options.rows, path)
        frame = pl.read_parquet(path)
        letters = frame["text"].str.len_chars()
        print(
            f"{len(frame):,} rows, {letters.mean():.0f} characters each on average, "
            f"{(frame['calls'] == '').mean():.0%} without calls"
        )
        speed = {}
        names = ["ours"] if options.alone else list(CONTESTANTS)
        for name in names:
            done = turn(name, path)
            speed[name] = len(frame) / done["cpu"]
            shares, wrong, lost = quality(frame, copied, done["found"])
            print(
                f"{name:<20} {done['cpu']:>6.1f} CPU-s ({done['seconds']:.1f} s) "
                f"{speed[name]:>7,.0f} rows/CPU-s "
                f"{done['memory']:>5.2f} GiB  exact {shares['exact']:.4f}  near "
                f"{shares['near']:.4f}  false {wrong}  different rows lost {lost}",
                flush=True,
            )
            if name == "ours":
                seconds = done["cpu"]
                bound(
                    f"recall on near copies {shares['near']:.4f} >= 0.999",
                    holds=shares["near"] >= 0.999,
                )
                bound(
                    f"recall on exact copies {shares['exact']:.4f} = 1", holds=shares["exact"] == 1
                )
                bound(f"false positives {wrong} = 0", holds=not wrong)
                bound(f"different rows lost {lost} = 0", holds=not lost)
        if not options.alone:
            ratio = speed["ours"] / speed["rensa"]
            bound(f"{ratio:.2f} times rensa's throughput >= 2.5", holds=ratio >= 2.5)
            ratio = speed["ours"] / speed["daft"]
            bound(f"{ratio:.2f} times daft's throughput >= 1", holds=ratio >= 1)
        if options.large:
            del frame
            plant(5 * options.rows, path)
            done = turn("ours", path)
            ratio = done["cpu"] / seconds
            print(
                f"{5 * options.rows:,} rows: {done['cpu']:.1f} CPU-s ({done['seconds']:.1f} s), "
                f"{done['memory']:.2f} GiB"
            )
            bound(f"{ratio:.2f} times the time for 5 times the rows <= 6", holds=ratio <= 6)
            bound(f"{done['memory']:.2f} GiB < 4", holds=done["memory"] < 4)
    sys.exit(1 if missed and options.check else 0)


if __name__ == "__main__":
    main()
