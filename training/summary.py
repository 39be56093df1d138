"""An evaluation as Markdown for a model card: figures, what they mean, how to make them again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from callwright.schemas.record import Conversation
from callwright.schemas.visible import one_line
from callwright.training.metric_words import (
    HEADLINES,
    MEANINGS,
    by_bfcl,
    headlines,
    interval,
    value,
    words,
)
from callwright.training.report import RULES, policy_of
from callwright.training.report_figures import by_origin
from callwright.training.score import Scores

_OTHERS = (
    "single_call.call", "irrelevance", "format_validity", "schema_validity", "ungrounded",
    "exact_chain", "prefix",
)  # fmt: skip
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~&$@:-])")


def summary(run: Mapping[str, Any], rows: Sequence[Conversation], scores: Scores) -> str:
    """The Markdown.

    Args:
        run: what `run.json` says was evaluated.
        rows: the rows that were.
        scores: the figures.
    """
    figures = scores.overall
    dataset = f"{scores.rows:,} rows of dataset `{_code(run.get('dataset'))}`"
    parts = [
        "## Tool calling, by callwright",
        f"{_text(policy_of(run))} on {dataset}; episodes over each row: {run.get('trials', 1)}.",
        _table(
            ("split", "rows"),
            ([_text(s), f"{n:,}"] for s, n in sorted(Counter(r.split for r in rows).items())),
        ),
        _table(
            ("figure", "strict", "95 % interval", "bfcl", "of"),
            (
                [HEADLINES[name], "not evaluated", "", "", ""]
                if figure is None
                else [
                    HEADLINES[name],
                    f"**{value(name, figure)}**",
                    interval(name, figure),
                    by_bfcl(name, figures),
                    f"{figure.of:,.0f}",
                ]
                for name, figure in headlines(figures).items()
            ),
        ),
        "\n".join(f"- **{HEADLINES[name]}**: {meaning}" for name, meaning in MEANINGS.items()),
        RULES,
        _table(
            ("also", "strict", "95 % interval"),
            (
                [words(name), value(name, figures[name]), interval(name, figures[name])]
                for name in _OTHERS
                if name in figures
            ),
        ),
    ]
    extracted = by_origin(figures)
    if extracted:
        parts.append(
            _table(
                ("argument values that come from", "F1", "95 % interval"),
                (
                    [name, value("parameters.f1", f), interval("parameters.f1", f)]
                    for name, f in extracted
                ),
            )
        )
    command = run.get("command")
    if isinstance(command, str):
        # Indented: no text of a name can end such a block.
        parts.append(f"To make these figures again:\n\n    {one_line(command)}")
    return "\n\n".join(parts) + "\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _text(foreign: str) -> str:
    """Foreign text as Markdown in which nothing acts."""
    return _MARKUP.sub(r"\\\1", one_line(foreign))


def _code(foreign: object) -> str:
    return one_line(str(foreign)).replace("`", "'")
