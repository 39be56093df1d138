"""The parts of `learn.py` that run the model: trainings, and evaluations with tools that run."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from learn_work import TESTS, WEIGHTINGS, Work, digest_of

from callwright.schemas.record import Conversation
from callwright.schemas.store_write import replace_file
from callwright.training.assess import Assessed, assess
from callwright.training.evaluate import Evaluation
from callwright.training.gather import render_rows
from callwright.training.policies.base import Policy
from callwright.training.policies.few_shot import FewShotPolicy
from callwright.training.policies.hf import HfPolicy
from callwright.training.recipe import Weights
from callwright.training.render import Sample
from callwright.training.score import Figures, summarise

FIGURES = (
    "single_call", "single_call.call", "single_call.answer", "tool_choice", "parameters.f1",
    "irrelevance", "format_validity", "schema_validity", "chain_success", "exact_chain", "prefix",
)  # fmt: skip
"""What is kept of an evaluation; its records tell the rest."""

# --------------------------------------------------------------------------- trainings


def train(
    work: Work,
    place: Path,
    rows: Sequence[Conversation],
    steps: int,
    weights: Weights,
    *,
    seed: int,
    validation: Sequence[Conversation] = (),
) -> dict[str, Any]:
    """Train the model in `place`, or go on with it, and say what it cost."""
    from callwright.training.fit import fit
    from callwright.training.material import renderer_of

    section = work.section(steps, weights, every=work.scale.validate_every)
    model, tokenizer = work.load()
    renderer = renderer_of(tokenizer, section)

    def samples(some: Sequence[Conversation], what: str) -> list[Sample]:
        return render_rows(renderer, some, what, _progress).samples

    clock = cpu_clock(place / "cpu.json")
    fitted = fit(
        model, tokenizer, section, samples(rows, "train"),
        samples(validation, "validation") if validation else [], place, seed=seed, resume=True,
        callbacks=[clock],
    )  # fmt: skip
    return {
        "core_minutes": round(clock.seconds[fitted.steps] / 60, 1),
        "rows": len(rows),
        "steps": fitted.steps,
        "tokens": fitted.tokens,
        "seconds": round(fitted.seconds, 1),
        "tokens_per_second": round(fitted.tokens / fitted.seconds, 1),
        "losses": fitted.losses,
        "validation": fitted.validation,
        "section": section.model_dump(mode="json", exclude={"model", "chat_template"}),
        "seed": seed,
    }


def cpu_clock(path: Path) -> Any:
    """A callback that counts the CPU seconds of the steps, validations left out.

    Wall seconds say how busy the machine was with other things. `seconds` has them by step, those
    before a resumption too.
    """
    from transformers import TrainerCallback

    class Clock(TrainerCallback):  # type: ignore[misc]
        def __init__(self) -> None:
            known = json.loads(path.read_bytes()) if path.exists() else {}
            self.seconds = {int(step): spent for step, spent in known.items()}

        def on_step_begin(self, *_: Any, **__: Any) -> None:
            self._begun = time.process_time()

        def on_step_end(self, _args: Any, state: Any, _control: Any, **_: Any) -> None:
            step, spent = state.global_step, time.process_time() - self._begun
            self.seconds[step] = self.seconds.get(step - 1, 0.0) + spent
            replace_file(path, json.dumps(self.seconds).encode())

    return Clock()


def main_training(work: Work) -> dict[str, Any]:
    """The largest set, on which everything but the ablation rests."""
    size = work.scale.sizes[-1]
    validation = work.rows("validation")[: work.scale.validated]
    return train(
        work, work.folder / "main", work.training(size), work.scale.steps(size), Weights(),
        seed=0, validation=validation,
    )  # fmt: skip


def curve_point(work: Work, size: int) -> dict[str, Any]:
    """A smaller set, gone through as often as the largest, and what it taught."""
    place = work.folder / f"curve-{size}"
    rows, steps = work.training(size), work.scale.steps(size)
    trained = train(work, place, rows, steps, Weights(), seed=0)
    return {"training": trained, **evaluate(work, place, adapted(work, place), work.subset)}


def control(work: Work) -> dict[str, Any]:
    """A quarter of the rows for as many steps as all: is it the rows, or the steps?"""
    place, size = work.folder / "control", work.scale.sizes[-1]
    rows = work.training(max(1, size // 4))
    trained = train(work, place, rows, work.scale.steps(size), Weights(), seed=0)
    return {"training": trained, **evaluate(work, place, adapted(work, place), work.subset)}


def broad_training(work: Work) -> dict[str, Any]:
    """As the main training, on as many rows of the broad set."""
    broad = work.broad
    rows = broad.training(work.scale.sizes[-1])
    return train(broad, broad.folder / "main", rows, work.scale.steps(len(rows)), Weights(), seed=0)


def cross(work: Work) -> dict[str, Any]:
    """The narrow and the broad model, each on the tests of both sets."""
    found: dict[str, Any] = {}
    for model, place in (("narrow", work.folder / "main"), ("broad", work.broad.folder / "main")):
        policy = adapted(work, place)
        for tests, tested in (("narrow", work), ("broad", work.broad)):
            folder = work.folder / "cross" / f"{model}-{tests}"
            found[f"{model} on {tests}"] = evaluate(tested, folder, policy, tested.crossed)
    return found


def ablation_run(work: Work, name: str, seed: int) -> dict[str, Any]:
    """A short training under one weighting. The same rows for all; the seed sets their order."""
    place = work.folder / f"ablation-{name.replace(' ', '_')}-{seed}"
    steps = work.scale.ablation_steps
    rows = work.training(work.scale.sizes[-1])
    trained = train(work, place, rows, steps, WEIGHTINGS[name], seed=seed)
    made = evaluate(work, place, adapted(work, place), work.subset)
    return {"training": trained, "weighting": name, **made}


# ------------------------------------------------------------------------- evaluations


def plain(work: Work) -> dict[str, Any]:
    """The model as it came."""
    return evaluate(work, work.folder / "plain", _policy(work, None, "plain"))


def few_shot(work: Work) -> dict[str, Any]:
    """The model as it came, shown how calls are written: what is still wrong is the skill."""
    policy = FewShotPolicy(_policy(work, None, "base"))
    return evaluate(work, work.folder / "few_shot", policy)


def after(work: Work) -> dict[str, Any]:
    """The trained model: on all tested rows, and on the subset that smaller trainings share."""
    place = work.folder / "main"
    made = evaluate(work, place, adapted(work, place))
    return {**made, "on_subset": again(work, place)}


def adapted(work: Work, place: Path) -> Policy:
    """The model with the adapter that was trained in `place`."""
    return _policy(work, place / "adapter", place.name)


def _policy(work: Work, adapter: Path | None, name: str) -> Policy:
    model, tokenizer = work.load(adapter)
    scale = work.scale
    return HfPolicy(model, tokenizer, name=name, batch=scale.batch, max_new_tokens=scale.room)


def evaluate(
    work: Work,
    place: Path,
    policy: Policy,
    chosen: Callable[[str], list[Conversation]] | None = None,
) -> dict[str, Any]:
    """Ask a policy the test splits, or what is left of them to ask.

    Args:
        chosen: gives the rows of a split; None: all that are tested.
    """
    found: dict[str, Any] = {}
    for split in TESTS:
        rows = (chosen or work.tested)(split)
        folder = place / "evaluation" / split
        folder.mkdir(parents=True, exist_ok=True)
        evaluation = Evaluation(rows, work.toolbox, folder, in_flight=2 * work.scale.batch)
        started = time.perf_counter()
        records = evaluation.records(policy, partial(_tell, split))
        seconds = time.perf_counter() - started
        judged = assess(rows, *records, work.toolbox.tools())
        found[split] = {**verdict(judged), "seconds": round(seconds, 1)}
    return {"subset": chosen is not None, "splits": found}


def verdict(judged: Assessed) -> dict[str, Any]:
    """What one evaluation of one split says."""
    rows = judged.rows
    chains = {row.id for row in rows if row.plan.length >= 2}
    length = summarise(
        [row for row in rows if row.id in chains],
        [one for one in judged.decided if one.row in chains],
        [one for one in judged.played if one.row in chains],
    )
    shapes = {row.id: row.plan.topology for row in rows}
    right: dict[str, list[int]] = {}
    for one in judged.played:
        won, of = right.get(shapes[one.row], (0, 0))
        right[shapes[one.row]] = [won + one.success, of + 1]
    scores = judged.scores()
    return {
        "rows": len(rows),
        "digest": digest_of(rows),
        "all": _kept(scores.overall),
        "chains": _kept(length.overall),
        "shapes": right,
        "faults": scores.faults,
        "lengths": _by_length(judged),
        "decisions": _rights((one.row, one.right["strict"]) for one in judged.decided),
        "episodes": _rights((one.row, one.success) for one in judged.played),
    }


def again(work: Work, place: Path) -> dict[str, Any]:
    """The verdict on the subset alone, of an evaluation of all tested rows."""
    found: dict[str, Any] = {}
    for split in TESTS:
        rows, ids = work.subset(split), {row.id for row in work.subset(split)}
        # Everything is on record, so that nobody is asked.
        evaluation = Evaluation(work.tested(split), work.toolbox, place / "evaluation" / split)
        decisions, episodes = evaluation.records(_Nobody())
        found[split] = verdict(
            assess(
                rows,
                [one for one in decisions if one.row in ids],
                [one for one in episodes if one.row in ids],
                work.toolbox.tools(),
            )
        )
    return {"subset": True, "splits": found}


class _Nobody:
    name = "nobody"

    def turns(self, prompts: Sequence[object]) -> list[Any]:
        raise AssertionError(f"{len(prompts)} turns are not on record")


def _kept(figures: Figures) -> dict[str, dict[str, float]]:
    return {name: figures[name].model_dump() for name in FIGURES if name in figures}


def _by_length(judged: Assessed) -> dict[str, dict[str, int]]:
    """Causal length -> kind of fault of its episodes, `right` among the kinds."""
    lengths = {row.id: str(row.plan.length) for row in judged.rows}
    found: dict[str, Counter[str]] = {}
    for one in judged.played:
        kind = one.fault.kind if one.fault else "right"
        found.setdefault(lengths[one.row], Counter())[kind] += 1
    return {length: dict(kinds.most_common()) for length, kinds in sorted(found.items())}


def _rights(pairs: Iterable[tuple[str, bool]]) -> dict[str, list[int]]:
    """Row -> (how many right, of how many)."""
    found: dict[str, list[int]] = {}
    for row, right in pairs:
        won, of = found.get(row, (0, 0))
        found[row] = [won + right, of + 1]
    return found


def _tell(split: str, what: str, done: int, total: int) -> None:
    _progress(f"{split} {what}", done, total)


_told: dict[str, float] = {}


def _progress(what: str, done: int, total: int, note: str = "") -> None:
    """A line now and then: it runs unattended, into a file."""
    now = time.monotonic()
    if done == total or now - _told.get("last", 0) > 30:
        _told["last"] = now
        print(f"  {time.strftime('%H:%M:%S')} {what} {done}/{total} {note}".rstrip(), flush=True)
