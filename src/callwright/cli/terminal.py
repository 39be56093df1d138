"""Blocks of styled lines on a terminal; without colours where nobody would see them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

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


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on stderr for each thing done: call what it gives with what, done and of how many."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done)

        yield show


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
