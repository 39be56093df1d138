"""Does an endpoint say what the same model says locally? SmolLM2-135M-Instruct, asked both ways.

    python benchmarks/agreement.py DIR WORK --server ENV/bin/transformers
    python benchmarks/agreement.py DIR WORK --server … --limit 4       the first rows of each split
    python benchmarks/agreement.py DIR WORK --server … --check         exit 1 under 99 % equal

DIR is a curated dataset; every decision of its splits `test_*` is asked with the gold history,
greedily and in fp32: through `HfPolicy` and through `OpenAIPolicy` from `transformers serve`
(`pip install 'transformers[serving]'`, in an environment of its own, for example). Once with the
plain prompt and once with the few-shot examples. An answer is equal if the text, the calls and the
number of tokens are. Every difference is listed. The model is made on first use (`smollm2.py`).
It takes hours on a CPU; what was answered stays in WORK, and a second start goes on from there.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path

import smollm2

from callwright.generators.execution import PackToolbox
from callwright.schemas.errors import UserError
from callwright.schemas.record import Conversation
from callwright.schemas.store import open_dataset
from callwright.training.evaluate import Evaluation
from callwright.training.policies.base import Policy
from callwright.training.policies.few_shot import FewShotPolicy
from callwright.training.policies.hf import HfPolicy
from callwright.training.policies.hf_load import load_hf
from callwright.training.policies.openai import OpenAIPolicy
from callwright.training.records import Decision

WANTED = 0.99
_AT_A_TIME = 32  # prompts
_START = 300  # seconds that a server may take until it answers


def rows_to_ask(folder: Path, limit: int | None) -> list[Conversation]:
    """The rows of the splits `test_*`, the first `limit` of each.

    Raises:
        UserError: there is no such split.
    """
    dataset = open_dataset(folder)
    splits = [name for name in dataset.splits() if fnmatchcase(name, "test_*")]
    if not splits:
        raise UserError(f"{folder} has no split test_*; curate it first")
    return [row for name in splits for row in islice(dataset.rows(name), limit)]


@contextmanager
def served(server: str, model: Path) -> Iterator[str]:
    """The address of `transformers serve`, in fp32 on the CPU.

    Raises:
        UserError: it does not start.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [server, "serve", str(model), "--host", "127.0.0.1", "--port", port]
    try:
        process = subprocess.Popen(  # noqa: S603 - what the user names
            [*command, "--device", "cpu", "--dtype", "float32"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise UserError(f"cannot start {server}: {error.strerror}") from None
    try:
        _wait(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START
    while process.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise UserError(f"{process.args!r} does not answer")


def ask(rows: Sequence[Conversation], policy: Policy, folder: Path) -> list[Decision]:
    """The policy's decisions, those asked earlier from `folder`, in the rows' order."""
    started = time.perf_counter()
    asked: list[int] = []

    def tell(what: str, done: int, total: int) -> None:
        asked.append(done)
        if what == "decisions" and done > asked[0]:
            seconds = (time.perf_counter() - started) / (done - asked[0])
            told = f"{folder.name}: {done:,} of {total:,}, {seconds:.2f} s each"
            print(told, file=sys.stderr, flush=True)

    folder.mkdir(parents=True, exist_ok=True)
    evaluation = Evaluation(rows, PackToolbox(), folder, trials=0, in_flight=_AT_A_TIME)
    decisions, _ = evaluation.records(policy, tell)
    order = {row.id: place for place, row in enumerate(rows)}
    return sorted(decisions, key=lambda one: (order[one.row], one.message))


def said(one: Decision) -> tuple[object, ...]:
    turn = one.turn
    return turn.content, turn.calls, turn.fault, one.tokens_in, one.tokens_out, one.failure


def compare(here: Sequence[Decision], there: Sequence[Decision]) -> float:
    """The share of equal answers; each difference is printed."""
    equal = 0
    for local, remote in zip(here, there, strict=True):
        if said(local) == said(remote):
            equal += 1
            continue
        print(f"  differs: row {local.row} message {local.message}")
        for name, one in (("local", local), ("endpoint", remote)):
            told = one.failure or repr(one.turn.raw)
            print(f"    {name} ({one.tokens_in} -> {one.tokens_out} tokens): {told}")
    return equal / len(here)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("work", type=Path, metavar="WORK", help="folder of what was answered")
    parser.add_argument("--server", required=True, metavar="TRANSFORMERS", help="the command")
    parser.add_argument("--model", type=Path, help="a folder with another model")
    parser.add_argument("--limit", type=int, help="rows of each split")
    parser.add_argument("--max-new-tokens", type=int, default=128)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    room: int = options.max_new_tokens
    try:
        rows = rows_to_ask(options.folder, options.limit)
        model = options.model or smollm2.folder()
        local = HfPolicy(*load_hf(str(model), device="cpu"), name="local", max_new_tokens=room)
        print(f"{len(rows):,} rows")
        shares: list[float] = []
        with served(options.server, model) as address:
            # One at a time: a server on a CPU gains nothing by more, and none times out.
            remote = OpenAIPolicy(
                address, str(model), concurrency=1, timeout=600, max_new_tokens=room
            )
            for name, wrapped in (("plain", False), ("few-shot", True)):
                policies: dict[str, Policy] = {"local": local, "endpoint": remote}
                here, there = (
                    ask(rows, FewShotPolicy(p) if wrapped else p, options.work / f"{name}-{where}")
                    for where, p in policies.items()
                )
                shares.append(compare(here, there))
                print(f"{name}: {shares[-1]:.2%} equal answers")
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    return 1 if options.check and min(shares) < WANTED else 0


if __name__ == "__main__":
    sys.exit(main())
