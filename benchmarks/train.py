"""How fast and in how much memory LoRA training goes, beside TRL's SFTTrainer.

    python benchmarks/train.py DIR                         rows of a built dataset
    python benchmarks/train.py DIR --trl-python PATH       a Python that has trl 1.16 installed
    python benchmarks/train.py DIR --check                 exit 1 below 1.3 times TRL

Both train the same adapter of the same model on the same tokens and labels, in fp32 on a CPU and
in bf16 on a GPU, with as many samples a step, without gradient checkpointing; all weights are 1,
since TRL knows no others. They run in turn, in processes of their own, several times; the best of
each counts, and the most memory. A run is one epoch; timed are its steps after the first, counted
are tokens that are no padding. TRL makes random batches unless told otherwise, and pads; told to
group by length it is measured a second time, so that what comes of the batches is seen apart.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

WANTED = 1.3
SIDES = ("callwright", "trl", "trl by length")
RANK, ALPHA, BATCH, RATE = 16, 32, 4, 1e-3


class Clock:
    """The moments at which optimiser steps end."""

    def callback(self) -> Any:
        from transformers import TrainerCallback

        ends = self.ends = []

        class Ends(TrainerCallback):
            def on_step_end(self, *_: Any, **__: Any) -> None:
                ends.append((time.perf_counter(), time.process_time()))

        return Ends()


def callwright(job: dict[str, Any], clock: Clock, scratch: Path) -> list[int]:
    """Train with callwright; returns the tokens of each step."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from callwright.training.adapters import loading_options
    from callwright.training.fit import fit
    from callwright.training.recipe import TrainingSection
    from callwright.training.sample import Sample

    section = TrainingSection.model_validate(
        {
            "adapter": {"rank": RANK, "alpha": ALPHA},
            "gradient_checkpointing": False,
            "batch_size": BATCH,
            "accumulation": 1,
            "max_steps": job["steps"],
            "learning_rate": RATE,
            "schedule": "constant",
            "warmup_steps": 0,
            "validate_every": None,
        }
    )
    model = AutoModelForCausalLM.from_pretrained(job["model"], **loading_options(section))
    samples = [
        Sample(str(n), ids, [float(label >= 0) for label in labels], [None] * len(ids))
        for n, (ids, labels) in enumerate(job["samples"])
    ]
    watch = clock.callback()
    seen: list[int] = []
    watch.on_log = lambda _a, _s, _c, logs, **_: seen.append(logs["tokens"])
    tokenizer = AutoTokenizer.from_pretrained(job["model"])
    fit(model, tokenizer, section, samples, [], scratch, seed=1, callbacks=[watch])
    return [one - before for one, before in zip(seen, [0, *seen], strict=False)][: job["steps"]]


def trl(job: dict[str, Any], clock: Clock, scratch: Path) -> list[int]:
    """Train with TRL; returns the tokens of each step."""
    import torch
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from trl import SFTConfig, SFTTrainer

    gpu = torch.cuda.is_available()
    grouped = job["side"] == "trl by length"
    dtype = torch.bfloat16 if gpu else torch.float32
    tokens: list[int] = []

    class Counting(SFTTrainer):  # type: ignore[misc]
        def training_step(self, model: Any, inputs: Any, *more: Any) -> Any:
            tokens.append(int(inputs["attention_mask"].sum()))
            return super().training_step(model, inputs, *more)

    trainer = Counting(
        model=AutoModelForCausalLM.from_pretrained(job["model"], dtype=dtype),
        processing_class=AutoTokenizer.from_pretrained(job["model"]),
        train_dataset=Dataset.from_list([{"input_ids": i, "labels": o} for i, o in job["samples"]]),
        peft_config=LoraConfig(
            r=RANK, lora_alpha=ALPHA, target_modules="all-linear", task_type="CAUSAL_LM"
        ),
        args=SFTConfig(
            output_dir=str(scratch),
            max_steps=job["steps"],
            per_device_train_batch_size=BATCH,
            learning_rate=RATE,
            lr_scheduler_type="constant",
            max_length=None,
            gradient_checkpointing=False,
            bf16=gpu,
            use_cpu=not gpu,
            train_sampling_strategy="group_by_length" if grouped else "random",
            dataloader_pin_memory=gpu,
            logging_steps=1,
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
            seed=1,
        ),
        callbacks=[clock.callback()],
    )
    trainer.train()
    return tokens


def child(path: Path) -> None:
    """One side's run, in a process of its own, as the job in `path` says."""
    job = json.loads(path.read_text())
    clock = Clock()
    with tempfile.TemporaryDirectory() as scratch:
        run = callwright if job["side"] == "callwright" else trl
        tokens = run(job, clock, Path(scratch))
    (began, began_cpu), (ended, ended_cpu) = clock.ends[0], clock.ends[-1]
    told = {
        "tokens": sum(tokens[1:]),
        "seconds": ended - began,
        "cpu_seconds": ended_cpu - began_cpu,
        "bytes": _peak(),
    }
    path.with_suffix(".done").write_text(json.dumps(told))


def _peak() -> int:
    import torch

    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


Labelled = tuple[list[int], list[int]]
"""Tokens and labels; -100 where nothing is trained."""


def samples(folder: Path, model: str, count: int, longest: int) -> list[Labelled]:
    """The samples of the first rows that are short enough."""
    from transformers import AutoTokenizer

    from callwright.schemas.store import open_dataset
    from callwright.training.recipe import Weights
    from callwright.training.render import Refusal, Renderer

    tokenizer = AutoTokenizer.from_pretrained(model)
    renderer = Renderer(tokenizer, weights=Weights(), max_tokens=longest, too_long="refuse")

    def rendered() -> Any:
        for row in open_dataset(folder).rows():
            try:
                yield from renderer.render(row)
            except Refusal:
                continue

    return [
        (s.ids, [t if w else -100 for t, w in zip(s.ids, s.weights, strict=True)])
        for s in islice(rendered(), count)
    ]


def measure(job: dict[str, Any], python: str, scratch: Path) -> dict[str, float]:
    path = scratch / "job.json"
    path.write_text(json.dumps(job))
    command = [python, __file__, "--child", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=False)  # noqa: S603
    if done.returncode:
        sys.exit(f"{job['side']} failed:\n{done.stderr[-2000:]}")
    told: dict[str, float] = json.loads(path.with_suffix(".done").read_text())
    return {**told, "rate": told["tokens"] / told["seconds"]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="DIR", nargs="?")
    parser.add_argument("--model", help="a folder or a name; default: what smollm2.py makes")
    parser.add_argument("--trl-python", default=sys.executable, metavar="PATH")
    parser.add_argument("--steps", type=int, default=16)
    parser.add_argument("--longest", type=int, default=1024, metavar="TOKENS")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child)
        return 0
    if options.folder is None:
        parser.error("DIR is missing: a dataset that callwright build made")
    if options.model is None:
        from smollm2 import folder as smollm2

        options.model = str(smollm2())
    chosen = samples(options.folder, options.model, options.steps * BATCH, options.longest)
    lengths = [len(ids) for ids, _ in chosen]
    print(f"{len(chosen)} samples of {min(lengths)} to {max(lengths)} tokens")
    runs: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
    with tempfile.TemporaryDirectory() as scratch:
        for turn in range(1, options.rounds + 1):
            for side in SIDES:
                job = {"side": side, "model": options.model, "steps": options.steps}
                python = sys.executable if side == "callwright" else options.trl_python
                found = measure({**job, "samples": chosen}, python, Path(scratch))
                runs[side].append(found)
                print(
                    f"  round {turn}, {side}: {found['rate']:,.0f} tokens/s,"
                    f" {found['tokens'] / found['cpu_seconds']:,.0f} a CPU second,"
                    f" {found['bytes'] / 2**20:,.0f} MiB",
                    flush=True,
                )
    rate = {side: max(run["rate"] for run in found) for side, found in runs.items()}
    held = {side: max(run["bytes"] for run in found) for side, found in runs.items()}
    for side in SIDES[1:]:
        print(
            f"callwright / {side}: {rate['callwright'] / rate[side]:.2f} times the tokens/s,"
            f" {held['callwright'] / held[side]:.2f} times the memory"
        )
    fast = rate["callwright"] >= WANTED * rate["trl"]
    small = held["callwright"] <= held["trl"]
    return 0 if (fast and small) or not options.check else 1


if __name__ == "__main__":
    sys.exit(main())
