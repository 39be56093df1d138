"""Markdown that shows what strangers wrote and does nothing with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from callwright.schemas.errors import UserError
from callwright.schemas.visible import one_line, visible

BEGIN = "<!-- your own text: what stands from here on survives when the card is made again -->"
END = "<!-- end of your own text -->"


def cell(text: object) -> str:
    """Text on one line in which nothing is markup."""
    plain = escape(one_line(str(text)), quote=False)
    return re.sub(r"([\\`*_\[\]|~$])", r"\\\1", plain)


def table(head: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: bool = True) -> str:
    """A table; all columns but the first hold numbers, or all hold words."""
    line = ["---", *("---:" if numbers else "---" for _ in head[1:])]
    lines = [[cell(word) for word in head], line, *([cell(item) for item in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def fenced(text: str, language: str = "") -> str:
    """Text shown as it is, however many backticks stand in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{visible(text).rstrip()}\n{fence}"


def own_text(body: str) -> str:
    """What somebody wrote into a card: between the two marks, or all of it if it has none.

    Raises:
        UserError: A mark is missing or stands there twice.
    """
    counts = body.count(BEGIN), body.count(END)
    if counts == (0, 0):
        return body.strip()
    if counts != (1, 1) or body.index(BEGIN) > body.index(END):
        raise UserError(
            f"the marks around your own text in the card are damaged: {BEGIN!r} and {END!r} must "
            "each stand there once, in this order"
        )
    return body.partition(BEGIN)[2].partition(END)[0].strip()
