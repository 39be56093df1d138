"""How fast JSON Schema verdicts come where every row passes, against jsonschema's own rate.

    python benchmarks/validation.py DIR            arguments and results of up to 2,000 rows
    python benchmarks/validation.py DIR --check    exit 1 under 30 times, or on any other verdict

Both sides have their validators compiled beforehand and see the same values in the same order:
every call's arguments under `parameters`, every result under `returns`. The rate is that of the
valid values, which a build meets; that verdicts are equal is shown on those and on each value once
more with a member changed to another type.
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
from callwright.schemas.validation import Compiled, accepts
from callwright.schemas.views import shown_tools

Case = tuple[dict[str, Any], Compiled, Any]
"""A schema, its validator as the gates have it, and a value."""


def cases(folder: Path, rows: int) -> list[Case]:
    """Every call and result of the first `rows` rows."""
    real = PackToolbox().tools()
    found: list[Case] = []
    for row in islice(open_dataset(folder).rows(), rows):
        tools = {tool.name: tool for tool in shown_tools(row.views, real)}
        for call in calls_of(row):
            tool = tools[call.name]
            found.append((tool.parameters, tool.takes, call.arguments))
            found.append((tool.returns, tool.gives, call.value))
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
    valid = cases(options.folder, options.rows)
    spoilt = [(schema, ours, _spoilt(value)) for schema, ours, value in valid]
    reference = {id(schema): Draft202012Validator(schema) for schema, _, _ in valid}
    pairs = [
        (accepts(ours, value), reference[id(schema)].is_valid(value))
        for schema, ours, value in valid + spoilt
    ]  # which warms both
    differing = sum(ours is not theirs for ours, theirs in pairs)

    started = time.perf_counter()
    for _, ours, value in valid:
        accepts(ours, value)
    fast = time.perf_counter() - started
    started = time.perf_counter()
    for schema, _, value in valid:
        reference[id(schema)].is_valid(value)
    slow = time.perf_counter() - started
    print(
        f"{len(valid):,} valid values: {len(valid) / fast:,.0f} verdicts/s, jsonschema's compiled "
        f"validators {len(valid) / slow:,.0f}, {slow / fast:.1f} times; verdicts that differ "
        f"over {len(pairs):,} values, {sum(not ours for ours, _ in pairs):,} invalid: {differing}"
    )
    missed = slow / fast < 30 or differing > 0
    return 1 if options.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
