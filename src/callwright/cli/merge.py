"""`callwright merge`: an adapter and its base model as one model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from callwright.cli.terminal import console, quiet_libraries
from callwright.schemas.visible import one_line
from callwright.training.merge import merge as merge_adapter


def merge(
    adapter: Annotated[
        Path, typer.Argument(metavar="ADAPTER", help="An adapter's folder, or its training's.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="A new folder.")],
    *,
    model: Annotated[
        str | None, typer.Option(help="The base model, where it is no longer where it was.")
    ] = None,
) -> None:
    """Merge an adapter into the weights of its base model, ready to be served.

    What was saved is loaded again and must answer as base and adapter did together.
    """
    quiet_libraries()
    made = merge_adapter(adapter, output, model=model)
    out = console()
    out.print(
        one_line(
            f"{output}: {made.base} with {adapter} merged into it, in {made.dtype}; over "
            f"{made.tokens:,} tokens its logits differ by at most {made.difference:.2g} of the "
            "largest"
        ),
        soft_wrap=True,
    )
