"""The label audit: is every token that is trained, and none besides, trained for what it is?

    python benchmarks/labels.py DIR                       10,000 rows, each tokenizer
    python benchmarks/labels.py DIR --rows 500 --with qwen3
    python benchmarks/labels.py DIR --check               exit 1 unless all is right

Rows are rendered, then judged by `label_checker`, which shares no code with the renderer. Faults of
fifteen kinds are planted into the first rows: the check that misses one has not checked.
Tokenizers come from `qwen.py` and `smollm2.py`; one that is not there is left out, and it is said.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import qwen
import smollm2
from label_checker import Checker, Wrong
from label_faults import FAULTS

from callwright.schemas.errors import UserError
from callwright.schemas.record import Conversation
from callwright.schemas.store import open_dataset
from callwright.training.policies.hf_load import load_tokenizer
from callwright.training.recipe import Weights
from callwright.training.render import Refusal, Renderer

# All different, so that a weight tells its class; the larger, the narrower.
WEIGHTS = {
    "assistant_text": 1.0,
    "call": 2.0,
    "argument_key": 3.0,
    "name": 4.0,
    "argument_value": 5.0,
    "argument_from_result": 6.0,
    "decision": 7.0,
}
SERVED: dict[str, tuple[Callable[[], Path], dict[str, Any]]] = {
    "qwen2.5": (lambda: qwen.folder("qwen2.5"), {}),
    "qwen3": (lambda: qwen.folder("qwen3"), {}),
    "qwen3-quiet": (lambda: qwen.folder("qwen3"), {"enable_thinking": False}),
    "smollm2": (smollm2.folder, {}),
}
"""Name -> tokenizer's folder, options of the template."""

PLANTED_ROWS = 20


def audit(name: str, rows: list[Conversation]) -> bool:
    """Render, judge and report with one tokenizer; True if all is right."""
    place, options = SERVED[name]
    tokenizer = load_tokenizer(str(place()))
    weights = Weights.model_validate(WEIGHTS)
    renderer = Renderer(tokenizer, weights=weights, max_tokens=10**6, template_options=options)
    checker = Checker(tokenizer, WEIGHTS, options)
    refused: Counter[str] = Counter()
    wrong: list[tuple[str, Wrong]] = []
    samples = tokens = trained = 0
    spent = 0.0
    missed: Counter[str] = Counter()
    planted: Counter[str] = Counter()
    for number, row in enumerate(rows):
        began = time.process_time()
        try:
            made = renderer.render(row)
        except Refusal as refusal:
            refused[refusal.reason] += 1
            continue
        spent += time.process_time() - began
        samples += len(made)
        tokens += sum(len(sample.ids) for sample in made)
        trained += sum(1 for sample in made for kind in sample.classes if kind)
        wrong += [(row.id, found) for found in checker.check(row, made)]
        if number % 1000 == 999:
            print(f"{name}: {number + 1:,} rows", file=sys.stderr)
        if number < PLANTED_ROWS:
            for fault in FAULTS:
                for at, sample in enumerate(made):
                    spoilt = fault(sample, tokenizer)
                    if spoilt is not None:
                        planted[fault.__name__] += 1
                        among = [*made[:at], spoilt, *made[at + 1 :]]
                        missed[fault.__name__] += not checker.check(row, among)
                        break
    print(
        f"{name}: {len(rows):,} rows, {samples:,} samples, {tokens:,} tokens, {trained:,} trained"
    )
    print(f"  refused {sum(refused.values()):,} {dict(refused) or ''}")
    print(f"  wrong tokens {len(wrong):,}")
    for row_id, found in wrong[:5]:
        print(f"    row {row_id}, token {found.place}: {found.why[:300]}")
    told = ", ".join(f"{fault} {missed[fault]}" for fault in missed if missed[fault])
    print(f"  planted {planted.total():,} faults of {len(planted)} kinds, missed {told or 'none'}")
    print(f"  rendering {spent:.1f} s of one core ({spent / len(rows) * 1000:.1f} ms a row)")
    idle = [fault.__name__ for fault in FAULTS if not planted[fault.__name__]]
    if idle:
        print(f"  no row had a place for: {', '.join(idle)}")
    return not wrong and not refused and not missed.total() and not idle


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dataset", type=Path, metavar="DIR")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--with", dest="names", nargs="+", choices=SERVED, default=list(SERVED))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    rows = list(islice(open_dataset(options.dataset).rows(), options.rows))
    right = True
    for name in options.names:
        try:
            right = audit(name, rows) and right
        except UserError as error:
            print(f"{name}: left out: {error}")
            right = False
    return 1 if options.check and not right else 0


if __name__ == "__main__":
    sys.exit(main())
