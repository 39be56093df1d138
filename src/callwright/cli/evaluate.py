"""`callwright evaluate`: score a model on a dataset, with tools that really run."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.table import Table

from callwright.api import packs_of
from callwright.cli.evaluations import command_line, write_pages
from callwright.cli.terminal import console, progress
from callwright.generators.execution import PackToolbox
from callwright.schemas.errors import UserError
from callwright.schemas.record import Conversation
from callwright.schemas.store import open_dataset
from callwright.schemas.store_write import replace_file
from callwright.schemas.visible import one_line
from callwright.training.assess import assess
from callwright.training.evaluate import Evaluation, failing_gold, gold_policy
from callwright.training.policies.base import Policy
from callwright.training.policies.few_shot import FewShotPolicy, examples_digest
from callwright.training.saved import FILES, FORMAT, RUN, SCORES, is_evaluation, read_run
from callwright.training.score import Figure, Figures, Scores

HEADLINE = {
    "single_call": "single calls, gold history",
    "single_call.bfcl": "  by BFCL's rules",
    "irrelevance": "no call where none is wanted",
    "parameters.f1": "parameters, F1",
    "parameters.user.recall": "  found in the user's words",
    "parameters.result.recall": "  found in an earlier result",
    "parameters.selected.recall": "  found by picking an item",
    "format_validity": "turns that can be read",
    "schema_validity": "calls valid under their schema",
    "ungrounded": "argument values from nowhere",
    "chain_success": "chains, running free",
    "exact_chain": "  with just the gold calls",
    "prefix": "  gold calls before the first slip",
}
"""The figures that are printed; all of them are in `scores.json`."""

ABOUT = ("data", "command")
"""What `run.json` says beside what was evaluated: another spelling is the same evaluation."""


def evaluate(
    context: typer.Context,
    data: Annotated[Path, typer.Option("--data", metavar="DIR", help="A dataset.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="A new folder.")],
    *,
    split: Annotated[
        list[str] | None,
        typer.Option(help="Splits, such as 'test_*'; may be repeated. Without it: every row."),
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="A model's folder or name; with --endpoint, its name there.")
    ] = None,
    adapter: Annotated[str | None, typer.Option(help="A LoRA adapter for the model.")] = None,
    chat_template: Annotated[
        str | None,
        typer.Option(help="A Jinja file, or 'hermes', for a model whose own knows no tools."),
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option(metavar="URL", help="An OpenAI-compatible endpoint, with /v1.")
    ] = None,
    scripted: Annotated[
        str | None, typer.Option(metavar="gold", help="Play the gold turns: the preflight.")
    ] = None,
    trials: Annotated[int, typer.Option(min=1, help="Episodes over each row, for pass^k.")] = 1,
    limit: Annotated[int | None, typer.Option(min=1, help="Most rows of each split.")] = None,
    batch: Annotated[int, typer.Option(min=1, help="Turns that a model takes at a time.")] = 16,
    max_new_tokens: Annotated[int, typer.Option(min=1, help="Most tokens of one turn.")] = 512,
    few_shot: Annotated[
        bool,
        typer.Option("--few-shot", help="Show the model the format of calls by examples first."),
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted evaluation.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier evaluation.")] = False,
) -> None:
    """Score a model: single calls with the gold history, then whole chains on its own.

    Every chain is played against the tools that made the data, in the row's own world. Gold is
    played first: rows on which it does not score 1.0 could not judge a model.
    """
    rows = _rows(data, split or ["*"], limit)
    toolbox = PackToolbox(packs_of(data))
    settings: dict[str, Any] = {
        "adapter": adapter, "chat_template": chat_template, "endpoint": endpoint,
        "max_new_tokens": max_new_tokens, "few_shot": examples_digest() if few_shot else None,
    }  # fmt: skip
    _only_one(scripted, endpoint, model)
    if scripted is not None and few_shot:
        raise UserError("--scripted needs no --few-shot: gold knows the format")
    run = {
        "format": FORMAT,
        "dataset": open_dataset(data).digest,
        "rows": [row.id for row in rows],
        "policy": scripted or model,
        "settings": settings,
        "trials": trials,
        "data": str(data.resolve()),
        "command": command_line(context),
    }
    begun = _begun(output, run, resume=resume, force=force)
    policy = _policy(rows, scripted, model, settings, batch)
    if few_shot:
        policy = FewShotPolicy(policy)
    failing = [] if begun else failing_gold(rows, toolbox)
    if failing:
        raise UserError(
            f"gold fails on {len(failing):,} of {len(rows):,} rows, the first {failing[0]}; "
            f"`callwright verify {data}` may say why"
        )
    if not begun:
        _begin(output, run)
    plan = Evaluation(rows, toolbox, output, trials, batch)
    with progress() as show:
        records = plan.records(policy, show)
    assessed = assess(rows, *records, toolbox.tools())
    scores = assessed.scores()
    replace_file(output / SCORES, scores.model_dump_json(indent=2).encode() + b"\n")
    _print(scores, output, write_pages(output, run, assessed, scores))


# ------------------------------------------------------------------------- before


def _only_one(scripted: str | None, endpoint: str | None, model: str | None) -> None:
    if scripted not in (None, "gold"):
        raise UserError(f"--scripted knows 'gold', not {scripted!r}")
    if (scripted is None) == (model is None):
        raise UserError("name --model (and --endpoint, if it is served), or --scripted gold")
    if scripted is not None and endpoint is not None:
        raise UserError("--scripted needs no --endpoint")


def _rows(folder: Path, patterns: list[str], limit: int | None) -> list[Conversation]:
    dataset = open_dataset(folder)
    chosen = [s for s in dataset.splits() if any(fnmatchcase(s, p) for p in patterns)]
    if not chosen:
        known = ", ".join(dataset.splits())
        raise UserError(f"{folder} has no split {' or '.join(patterns)}; it has {known}")
    rows: list[Conversation] = []
    for name in chosen:
        # Ids are hashes, so the first by id are as good as drawn by lot.
        rows += sorted(dataset.rows(name), key=lambda row: row.id)[:limit]
    return rows


def _policy(
    rows: list[Conversation],
    scripted: str | None,
    model: str | None,
    settings: dict[str, Any],
    batch: int,
) -> Policy:
    room = settings["max_new_tokens"]
    if scripted is not None:
        return gold_policy(rows)
    assert model is not None
    if settings["endpoint"] is not None:
        from callwright.training.policies.openai import OpenAIPolicy

        return OpenAIPolicy(settings["endpoint"], model, concurrency=batch, max_new_tokens=room)
    from callwright.training.policies.hf import HfPolicy
    from callwright.training.policies.hf_load import load_hf

    loaded, tokenizer = load_hf(
        model, adapter=settings["adapter"], chat_template=settings["chat_template"]
    )
    return HfPolicy(loaded, tokenizer, name=model, batch=batch, max_new_tokens=room)


def _begun(folder: Path, run: dict[str, Any], *, resume: bool, force: bool) -> bool:
    """Is this evaluation to be gone on with in `folder`?

    Raises:
        UserError: what is there is neither to be gone on with nor to be replaced.
    """
    if resume and force:
        raise UserError("--resume goes on, --force begins anew: name one of them")
    if is_evaluation(folder):
        saved = read_run(folder, unfinished=True) if resume else {}
        if resume and any(saved.get(name) != run[name] for name in run if name not in ABOUT):
            raise UserError(f"{folder} holds another evaluation (other rows, model or settings)")
        if not (resume or force):
            raise UserError(f"{folder} holds an evaluation; --resume goes on, --force replaces it")
        return resume
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder} is not empty and holds no evaluation; name another folder")
    return False


def _begin(folder: Path, run: dict[str, Any]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"cannot write to {folder}: {error.strerror or error}") from None
    replace_file(folder / RUN, orjson.dumps(run, option=orjson.OPT_INDENT_2) + b"\n")


# -------------------------------------------------------------------------- after


def _print(scores: Scores, output: Path, pages: tuple[Path, Path]) -> None:
    out = console()
    table = Table(title=f"{scores.rows:,} rows, scored strictly unless it says otherwise")
    for name in ("figure", "value", "95 % interval", "of"):
        table.add_column(name, justify="left" if name == "figure" else "right")
    for name, words in HEADLINE.items():
        if name in scores.overall:
            table.add_row(words, *_cells(scores.overall[name]))
    for name, figure in scores.overall.items():
        if name.startswith("pass^") and "pass^2" in scores.overall:
            table.add_row(name, *_cells(figure))
    out.print(table)
    for dimension in ("scenario", "length"):
        out.print(_slices(dimension, scores.slices[dimension]))
    out.print(one_line(f"all figures: {output / SCORES}; every turn: callwright show {output}"))
    out.print(one_line(f"the report: {pages[0]}; for a model card: {pages[1]}"))


def _cells(figure: Figure) -> tuple[str, str, str]:
    between = f"{figure.low:.1%} – {figure.high:.1%}"
    return f"{figure.value:.1%}", between, f"{figure.of:,.0f}"


def _slices(dimension: str, slices: dict[str, Figures]) -> Table:
    table = Table(title=f"by {dimension}")
    table.add_column(dimension)
    names = ("single_call", "parameters.f1", "chain_success")
    for name in names:
        table.add_column(HEADLINE[name], justify="right")
    for value, figures in slices.items():
        table.add_row(value, *(_share(figures.get(name)) for name in names))
    return table


def _share(figure: Figure | None) -> str:
    return "·" if figure is None else f"{figure.value:.1%}"
