"""Blocks of styled lines on a terminal; without colours where nobody would see them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from callwright.schemas.display import Block, Line, Span, Style
from callwright.schemas.errors import UserError

STYLES: dict[Style, str] = {
    "plain": "",
    "dim": "dim",
    "name": "bold cyan",
    "value": "yellow",
    "source": "magenta",
    "said": "underline yellow",
    "fed": "underline magenta",
    "claim": "underline green",
    "good": "green",
    "bad": "bold red",
}
_TITLES = {
    "system": "bold blue",
    "user": "bold yellow",
    "assistant": "bold green",
    "answer": "bold green",
}
MOST_LINES = 40
"""Lines of one result that are shown."""


class Show(Protocol):
    """Is called with what is done, how much of it, of how much, and how it goes."""

    def __call__(self, what: str, done: int, total: int, note: str = "") -> None: ...


@contextmanager
def progress() -> Iterator[Show]:
    """A bar on stderr for each thing done."""
    err = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
        console=err,
        transient=True,
        disable=not err.is_interactive,
    ) as bar:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int, note: str = "") -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total, note=note)
            elif done < bar.tasks[tasks[what]].completed:  # it is done once more
                bar.reset(tasks[what], total=total)
            bar.update(tasks[what], completed=done, note=note)

        yield show


def quiet_libraries() -> None:
    """Bars and warnings of transformers would tear ours apart."""
    try:
        from transformers.utils import logging
    except ImportError:
        return  # what is missing is told where it is needed
    logging.disable_progress_bar()
    logging.set_verbosity_error()


def console(width: int | None = None) -> Console:
    """A console on stdout that neither reads markup nor guesses highlights."""
    return Console(file=sys.stdout, highlight=False, markup=False, emoji=False, width=width)


def print_blocks(out: Console, blocks: Sequence[Block]) -> None:
    """Print one row, laid out by `display.blocks`."""
    for block in blocks:
        indent = 2 if block.kind in ("call", "result") else 0
        title = text(block.title)
        title.stylize_before(_TITLES.get(block.kind, ""))
        _print(out, title, indent)
        lines, left = block.lines, 0
        if block.kind == "result" and len(lines) > MOST_LINES:
            lines, left = lines[:MOST_LINES], len(lines) - MOST_LINES
        print_lines(out, lines, indent + 2)
        if left:
            note = f"… {left:,} more lines; --json or --html has them all"
            print_lines(out, [[Span(note, "dim")]], indent + 2)
        if block.kind not in ("call", "head"):
            out.print()


def print_lines(out: Console, lines: Iterable[Line], indent: int = 0) -> None:
    """Print lines; what does not fit goes on below, as far indented as it began."""
    for line in lines:
        printed = text(line)
        spaces = len(printed.plain) - len(printed.plain.lstrip(" "))
        _print(out, printed[spaces:], indent + spaces)


def text(line: Line) -> Text:
    """A line as rich text; nothing in it is read as markup."""
    return Text.assemble(*((piece.text, STYLES[piece.style]) for piece in line))


def _print(out: Console, line: Text, indent: int) -> None:
    if out.is_terminal:
        out.print(Padding(line, (0, 0, 0, indent)))
    else:  # a file or a pipe has no width: what is one line stays one
        out.print(Text(" " * indent).append_text(line), soft_wrap=True)


def write_page(path: Path, text: str) -> None:
    """Write a page where it was asked for.

    Raises:
        UserError: it cannot be written there.
    """
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror or error}") from None
