"""Episodes per minute with a local model, against the loop that one would write first.

    python benchmarks/evaluate.py DIR                   12 chains of a dataset, SmolLM2-135M
    python benchmarks/evaluate.py DIR --model FOLDER    another model
    python benchmarks/evaluate.py DIR --check           exit 1 under 3 times the loop, on a CPU

The loop plays one episode after the other and calls `generate` on the whole prompt at every turn.
`HfPolicy` has many in flight and keeps what was read of an episode. Both play the same rows with
the same model, in one run, with as many threads, and every turn is decoded greedily.

An untrained model ends most chains at once, and there would be nothing to keep. So the decoding is
guided: each token is computed as ever, and then gold's is taken in place of the likeliest, by the
same few lines on both sides. The episodes then are those of a model that knows its tools, and
their ends are checked: all succeed, on both sides.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import smollm2

from callwright.generators.execution import PackToolbox
from callwright.schemas.errors import UserError
from callwright.schemas.record import Conversation
from callwright.schemas.store import open_dataset
from callwright.training.episode import Episode
from callwright.training.evaluate import gold_script
from callwright.training.policies.base import Policy, Prompt
from callwright.training.policies.hf import HfPolicy
from callwright.training.policies.hf_load import end_tokens, load_hf
from callwright.training.turns import read_turn

WANTED = 3.0

Script = Mapping[tuple[int, ...], Sequence[int]]
"""Tokens of a prompt, padding left out -> tokens of the turn that follows."""


class Guide:
    """A logits processor that has every row of a batch say what the script says."""

    def __init__(self, script: Script, prompts: Any, pad: int) -> None:
        self._width = prompts.shape[1]
        rows = prompts.tolist()
        self._turns = [script[tuple(token for token in row if token != pad)] for row in rows]

    def __call__(self, tokens: Any, scores: Any) -> Any:
        import torch

        at = tokens.shape[1] - self._width
        wanted = torch.tensor([turn[min(at, len(turn) - 1)] for turn in self._turns])
        guided = torch.full_like(scores, float("-inf"))
        return guided.scatter(1, wanted[:, None].to(scores.device), 0.0)


def guide(model: Any, tokenizer: Any, policy: HfPolicy, rows: Sequence[Conversation]) -> int:
    """Have `model.generate` follow gold; gives the most tokens of a turn."""
    pad, end = tokenizer.pad_token_id, end_tokens(model, tokenizer)[-1]
    script: dict[tuple[int, ...], list[int]] = {}
    for prompt, text in gold_script(rows):
        read = tuple(token for token in policy.tokens(prompt) if token != pad)
        script[read] = [*tokenizer(text, add_special_tokens=False)["input_ids"], end]
    plain = model.generate

    def generate(**options: Any) -> Any:
        processor = Guide(script, options["input_ids"], pad)
        return plain(**options, logits_processor=[processor])

    model.generate = generate
    return max(map(len, script.values()))


def naive(
    rows: Sequence[Conversation], toolbox: PackToolbox, model: Any, tokenizer: Any, room: int
) -> list[bool]:
    """What one would write first; gives whether each episode succeeded."""
    import torch

    won: list[bool] = []
    for row in rows:
        episode = Episode(row, toolbox)
        while not episode.ended:
            text = tokenizer.apply_chat_template(
                episode.messages, tools=episode.tools, add_generation_prompt=True, tokenize=False
            )
            asked = tokenizer(text, add_special_tokens=False, return_tensors="pt").to(model.device)
            with torch.inference_mode():
                made = model.generate(**asked, max_new_tokens=room)
            said = made[0, asked["input_ids"].shape[1] :]
            episode.act(read_turn(tokenizer.decode(said, skip_special_tokens=True)))
        won.append(episode.outcome().success)
    return won


def together(rows: Sequence[Conversation], toolbox: PackToolbox, policy: Policy) -> list[bool]:
    """The episodes as `callwright evaluate` plays them."""
    episodes = [Episode(row, toolbox) for row in rows]
    while running := [episode for episode in episodes if not episode.ended]:
        prompts = [Prompt(list(episode.messages), episode.tools) for episode in running]
        for episode, reply in zip(running, policy.turns(prompts), strict=True):
            if reply.failure:
                raise UserError(reply.failure)
            episode.act(reply.turn)
    return [episode.outcome().success for episode in episodes]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--model", help="a model's folder or name; SmolLM2 unless named")
    parser.add_argument("--rows", type=int, default=12)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    try:
        chains = (row for row in open_dataset(options.folder).rows() if row.scenario == "chain")
        rows = list(islice(chains, options.rows))
        if not rows:
            raise UserError(f"{options.folder} holds no chains")
        model, tokenizer = load_hf(options.model or str(smollm2.folder()), device=options.device)
        policy = HfPolicy(model, tokenizer, name="model", batch=options.batch)
        room = guide(model, tokenizer, policy, rows)
        toolbox = PackToolbox()
        together(rows[:1], toolbox, HfPolicy(model, tokenizer, name="warm"))  # not timed
        started = time.perf_counter()
        one = naive(rows, toolbox, model, tokenizer, room)
        between = time.perf_counter()
        other = together(rows, toolbox, policy)
        ended = time.perf_counter()
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    if not (all(one) and all(other)):
        print("the guided episodes did not all succeed: the figures mean nothing", file=sys.stderr)
        return 1
    turns = sum(message.role == "assistant" for row in rows for message in row.messages)
    ratio = (between - started) / (ended - between)
    print(f"{len(rows)} episodes of {turns} turns:")
    for name, seconds in (("one by one", between - started), ("HfPolicy", ended - between)):
        print(f"  {name}: {60 * len(rows) / seconds:.1f} a minute ({seconds:.1f} s)")
    print(f"  ratio: {ratio:.2f}")
    return 1 if options.check and ratio < WANTED else 0


if __name__ == "__main__":
    sys.exit(main())
