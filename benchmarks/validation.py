"""How fast JSON Schema verdicts come where every row passes, against jsonschema's own rate.

    python benchmarks/validation.py DIR            arguments and results of up to 2,000 rows
    python benchmarks/validation.py DIR --check    exit 1 under 30 times, or on any other verdict

Both sides have their validators compiled beforehand and see the same values in the same order:
every call's arguments under `parameters`, every result under `returns`, and each value once more
with one member changed to another type, so that invalid ones are judged too.
"""

from __future__ import annotations

import argparse
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from jsonschema import Draft202012Validator

from callwright.generators.execution import PackToolbox
from callwright.schemas.reading import calls_of
from callwright.schemas.store import open_dataset
from callwright.schemas.validation import is_valid


def cases(folder: Path, rows: int) -> list[tuple[dict[str, Any], Any]]:
    """(schema, value) of every call and result of the first `rows` rows."""
    tools = {tool.name: tool for tool in PackToolbox().tools()}
    found: list[tuple[dict[str, Any], Any]] = []
    for row in islice(open_dataset(folder).rows(), rows):
        for call in calls_of(row):
            for schema, value in (
                (tools[call.name].parameters, call.arguments),
                (tools[call.name].returns, call.value),
            ):
                found += [(schema, value), (schema, _spoilt(value))]
    return found


def _spoilt(value: Any) -> Any:
    """The value with its first member turned into an object, which no leaf may be."""
    changed = orjson.loads(orjson.dumps(value))
    if isinstance(changed, dict) and changed:
        changed[next(iter(changed))] = {"not": "this"}
    return changed


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    given = cases(options.folder, options.rows)
    compiled = {id(schema): Draft202012Validator(schema) for schema, _ in given}
    for schema, value in given:  # both warm
        is_valid(schema, value)
        compiled[id(schema)].is_valid(value)

    started = time.perf_counter()
    ours = [is_valid(schema, value) for schema, value in given]
    fast = time.perf_counter() - started
    started = time.perf_counter()
    theirs = [compiled[id(schema)].is_valid(value) for schema, value in given]
    slow = time.perf_counter() - started

    differing = sum(one is not other for one, other in zip(ours, theirs, strict=True))
    print(
        f"{len(given):,} values, {ours.count(False):,} of them invalid: "
        f"{len(given) / fast:,.0f} verdicts/s against {len(given) / slow:,.0f} of jsonschema's "
        f"compiled validators, {slow / fast:.1f} times; verdicts that differ: {differing}"
    )
    missed = slow / fast < 30 or differing > 0
    return 1 if options.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
