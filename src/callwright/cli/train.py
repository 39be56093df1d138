"""`callwright train`: fine-tune a model on curated rows, or look at what it would learn."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.table import Table

from callwright.api import packs_of
from callwright.cli.terminal import Show, console, progress, quiet_libraries
from callwright.generators.execution import PackToolbox
from callwright.recipe import Recipe, load_recipe
from callwright.schemas.errors import UserError
from callwright.schemas.store import open_dataset
from callwright.schemas.store_write import replace_file
from callwright.schemas.visible import one_line, visible
from callwright.training.metric_words import HEADLINES
from callwright.training.recipe import TrainingSection
from callwright.training.train import Order, Trained
from callwright.training.train import train as train_model

SECONDS = 30.0
"""Between two lines of progress where there is no terminal to draw a bar on."""


def train(
    recipe: Annotated[
        Path | None, typer.Argument(metavar="[RECIPE]", help="YAML with a section `training`.")
    ] = None,
    *,
    data: Annotated[Path, typer.Option("--data", metavar="DIR", help="A curated dataset.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT", help="A new folder.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="A model's folder or name, instead of the recipe's.")
    ] = None,
    chat_template: Annotated[
        str | None,
        typer.Option(help="A Jinja file, or 'hermes', for a model whose own knows no tools."),
    ] = None,
    max_steps: Annotated[
        int | None, typer.Option(min=1, help="Most optimiser steps, instead of the recipe's.")
    ] = None,
    preview: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Show N rows as they would be trained on; no more."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With --preview: write a page instead.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted training.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier training.")] = False,
) -> None:
    """Fine-tune a model on the rows of a dataset, with LoRA unless the recipe says otherwise.

    Only what the assistant says is trained, each class of token with the recipe's weight. Under
    validation the model plays rows against the tools that made them.
    """
    wanted = Recipe() if recipe is None else load_recipe(recipe)
    given = {"model": model, "chat_template": chat_template, "max_steps": max_steps}
    section = wanted.training.model_copy(
        update={name: value for name, value in given.items() if value is not None}
    )
    wanted = wanted.model_copy(update={"training": section})
    if html is not None and preview is None:
        raise UserError("--html says where --preview writes: add --preview N")
    quiet_libraries()
    if preview is not None:
        _preview(data, section, preview, html)
        return
    if output is None:
        raise UserError("say where the adapter goes: -o OUT (or --preview N to look at rows)")
    resolved = wanted.resolved("training")
    order = Order(data, output, section, wanted.seed, resolved, PackToolbox(packs_of(data)))
    out = console()
    text = yaml.safe_dump(resolved, sort_keys=False, default_flow_style=None, width=10_000)
    out.print(visible(text.rstrip()), style="dim", soft_wrap=True)
    with _shown() as show:
        made = train_model(order, resume=resume, force=force, progress=show, say=_say)
    if made is not None:
        _summarise(made, order)


def _preview(data: Path, section: TrainingSection, count: int, html: Path | None) -> None:
    """Show rows of each scenario in turn; those that would be refused with their reason."""
    from callwright.training.gather import rows_of
    from callwright.training.material import renderer_of
    from callwright.training.policies.hf_load import load_tokenizer
    from callwright.training.preview import page, terminal
    from callwright.training.sample import Refusal, Sample
    from callwright.training.validation import stratified

    tokenizer = load_tokenizer(section.model, chat_template=section.chat_template)
    renderer = renderer_of(tokenizer, section)
    samples: list[Sample] = []
    for row in stratified(rows_of(open_dataset(data), section.train, "train"), count):
        try:
            samples += renderer.render(row)
        except Refusal as refusal:
            _say(f"row {row.id} would be refused: {refusal}")
    out = console()
    if html is not None:
        replace_file(html, page(tokenizer, samples).encode())
        out.print(one_line(f"{len(samples):,} samples in {html}"), soft_wrap=True)
        return
    for sample in samples:
        out.print(terminal(tokenizer, sample), soft_wrap=not out.is_terminal, end="\n\n")


def _say(line: str) -> None:
    typer.echo(one_line(line), err=True)


@contextmanager
def _shown() -> Iterator[Show]:
    if sys.stderr.isatty():
        with progress() as show:
            yield show
    else:
        yield _lines()


def _lines() -> Show:
    """A line every now and then, for a log."""
    begun: dict[str, float] = {}
    last = time.monotonic()

    def show(what: str, done: int, total: int, note: str = "") -> None:
        nonlocal last
        now = time.monotonic()
        since = begun.setdefault(what, now)
        if now - last < SECONDS or not done:
            return
        last = now
        left = (now - since) / done * (total - done)
        _say(f"{what} {done:,}/{total:,}, {left / 60:,.0f} min left {note}")

    return show


# -------------------------------------------------------------------------- after


def _summarise(made: Trained, order: Order) -> None:
    out = console()
    if made.validations:
        out.print(_table(made))
    told = f"{made.steps:,} steps, {made.tokens:,} tokens, {made.seconds / 60:,.1f} min"
    if made.best_step is not None:
        told += f"; the weights are those of step {made.best_step:,}, of the lowest loss"
    saved = made.saved
    lines = [
        told,
        f"{saved} renders {made.compared:,} texts to the byte as they were trained",
        f"curves: {order.output / 'curves.png'}; all there is to know: {order.output / 'run.json'}",
    ]
    model = order.section.model
    if order.section.adapter.kind == "full":
        lines.append(f"next: callwright evaluate --data {order.data} --model {saved} -o …")
    else:
        lines += [
            f"next: callwright evaluate --data {order.data} --model {model} --adapter {saved} -o …",
            f"      callwright merge {order.output} -o …",
        ]
    for line in lines:
        out.print(one_line(line) if not line.startswith(" ") else line, soft_wrap=True)


def _table(made: Trained) -> Table:
    """The first and the last validation side by side."""
    steps = sorted(made.validations)
    chosen = list(dict.fromkeys((steps[0], steps[-1])))
    table = Table(title="on validation rows")
    table.add_column("figure")
    for step in chosen:
        table.add_column(f"step {step:,}", justify="right")
    names: dict[str, Any] = {"loss": "loss", **HEADLINES}
    for name, words in names.items():
        cells = [_cell(name, made.validations[step].get(name)) for step in chosen]
        if any(cells):
            table.add_row(words, *cells)
    return table


def _cell(name: str, value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if name == "loss" else f"{value:.1%}"
