"""`callwright review push`, `pull` and `agreement`: rows to annotators, judgements back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from callwright.api import packs_named, packs_of
from callwright.cli.terminal import console, progress
from callwright.curation.review import choosing
from callwright.curation.review.connection import WORKSPACE, Connection, from_environment
from callwright.curation.review.home import Home
from callwright.generators.execution import PackToolbox
from callwright.recipe import Recipe, load_recipe
from callwright.schemas.errors import UserError
from callwright.schemas.store import Manifest, open_dataset
from callwright.schemas.visible import one_line

KEY = "ARGILLA_API_KEY"
"""Environment variable that holds the key, unless another is named."""

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="Folder of the server `review serve` runs."),
]
UrlOption = Annotated[
    str | None, typer.Option("--url", metavar="URL", help="Another Argilla, instead of --home.")
]
KeyOption = Annotated[
    str,
    typer.Option(
        "--api-key-env", metavar="NAME", help="With --url: the variable that holds its key."
    ),
]
WorkspaceOption = Annotated[
    str, typer.Option("--workspace", help="Argilla's workspace of the dataset.")
]


def push(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A dataset.")],
    name: Annotated[
        str, typer.Option("--dataset", metavar="NAME", help="In Argilla; made if missing.")
    ],
    *,
    home: HomeOption = None,
    url: UrlOption = None,
    api_key_env: KeyOption = KEY,
    workspace: WorkspaceOption = WORKSPACE,
    sample: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="So many rows; without it all.")
    ] = None,
    by: Annotated[
        str,
        typer.Option(metavar="A,B", help=f"Strata of the sample: {', '.join(choosing.STRATA)}."),
    ] = "",
    least_sure: Annotated[
        bool, typer.Option("--least-sure", help="The N rows that the gates are least sure of.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Another sample.")] = 0,
    min_submitted: Annotated[
        int | None,
        typer.Option(min=1, metavar="K", help="Annotators who must answer each record; else one."),
    ] = None,
) -> None:
    """Bring rows to Argilla, each once, however often this is run."""
    from callwright.curation.review.push import Order
    from callwright.curation.review.push import push as push_rows

    connection = _connection(home, url, api_key_env, workspace)
    dataset = open_dataset(folder)
    strata = [part.strip() for part in by.split(",") if part.strip()]
    chosen = choosing.choose(dataset, choosing.Choice(sample, strata, least_sure, seed))
    toolbox = PackToolbox(packs_of(folder))
    packs = {tool.name: tool.pack for tool in toolbox.tools()}
    order = Order(connection, name, min_submitted, packs)
    with progress() as show:
        pushed = push_rows(dataset, chosen, order, lambda done, of: show("pushing", done, of))
    line = f"{pushed.new:,} records pushed, {pushed.there:,} were there already"
    out = console()
    out.print(line, soft_wrap=True)
    out.print(f"people review them at {one_line(connection.url)}", soft_wrap=True)


def pull(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The dataset in Argilla.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder of the new dataset.")],
    *,
    recipe: Annotated[
        Path | None, typer.Option("--recipe", help="YAML recipe; `curation.review` has the rule.")
    ] = None,
    home: HomeOption = None,
    url: UrlOption = None,
    api_key_env: KeyOption = KEY,
    workspace: WorkspaceOption = WORKSPACE,
    force: Annotated[bool, typer.Option("--force", help="Replace the dataset in OUTPUT.")] = False,
) -> None:
    """Make a dataset of what people accepted and corrected.

    Every correction is run again with the real tools and put through every gate; what does not
    hold goes back to the annotators with the reason.
    """
    from callwright.curation.review.pull import COMMAND, Order
    from callwright.curation.review.pull import pull as pull_rows

    wanted = Recipe() if recipe is None else load_recipe(recipe)
    section = wanted.curation.review
    order = Order(
        connection=_connection(home, url, api_key_env, workspace),
        name=name,
        output=output,
        section=section,
        manifest=Manifest(
            command=COMMAND,
            recipe={"curation": {"review": section.model_dump(mode="json")}},
            versions={"callwright": version("callwright")},
        ),
        toolbox_of=lambda builds: PackToolbox(packs_named(builds)),
        force=force,
    )
    with progress() as show:
        pulled = pull_rows(order, lambda done, of: show("pulling", done, of))
    out = console()
    rejected, pending = pulled.rejected.total(), pulled.pending.total()
    out.print(
        f"{pulled.kept + rejected + pending:,} rows reviewed: {pulled.kept:,} kept "
        f"({pulled.edited:,} corrected), {rejected:,} rejected, {pending:,} pending",
        soft_wrap=True,
    )
    _print_reasons(pulled.rejected + pulled.pending)
    if pulled.returned:
        out.print(
            f"{pulled.returned:,} went back to the annotators with the reason", soft_wrap=True
        )
    if pulled.kept:
        out.print(f"prove them: callwright verify {one_line(str(output))}", soft_wrap=True)


def agreement(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The dataset in Argilla.")],
    *,
    home: HomeOption = None,
    url: UrlOption = None,
    api_key_env: KeyOption = KEY,
    workspace: WorkspaceOption = WORKSPACE,
) -> None:
    """Tell how far annotators agree: Krippendorff's alpha, counts, and where they do not."""
    from callwright.curation.review.agreement import agreement as measure
    from callwright.curation.review.answers import judged
    from callwright.curation.review.connection import connect, told
    from callwright.curation.review.push import opened

    connection = _connection(home, url, api_key_env, workspace)
    with connect(connection) as client:
        target = opened(client, name, connection)
        with told(connection):
            found = list(judged(target))
    measured = measure(found)
    out = console()
    table = Table(title=f"{measured.answered:,} of {measured.records:,} records answered")
    for column in ("question", "records", "alpha", "95% interval"):
        table.add_column(column, justify="left" if column == "question" else "right")
    for alpha in measured.alphas:
        interval = "" if alpha.low is None else f"{alpha.low:.2f} … {alpha.high:.2f}"
        value = "·" if alpha.alpha is None else f"{alpha.alpha:.2f}"
        table.add_row(alpha.question, f"{alpha.records:,}", value, interval)
    out.print(table)
    out.print("1 is agreement, 0 chance; ·: two answers or more never differed", soft_wrap=True)
    people = Table()
    for column in ("annotator", "accept", "fix", "reject", "suggestion left"):
        people.add_column(column, justify="left" if column == "annotator" else "right")
    for who, counts in sorted(measured.annotators.items()):
        cells = (counts[word] for word in ("accept", "fix", "reject", "untouched"))
        people.add_row(who, *(f"{count:,}" for count in cells))
    out.print(people)
    for one in measured.disagreements:
        told_ = "; ".join(f"{who}: {what}" for who, what in one.verdicts.items())
        out.print(one_line(f"{one.record}: {told_}"), soft_wrap=True)
    more = measured.disagreeing - len(measured.disagreements)
    if more > 0:
        out.print(f"… and {more:,} more on which verdicts differ", soft_wrap=True)


def _connection(home: Path | None, url: str | None, variable: str, workspace: str) -> Connection:
    if (home is None) == (url is None):
        raise UserError(
            "name the server: --home DIR of `callwright review serve`, or --url of another Argilla"
        )
    if url is not None:
        return from_environment(url, variable, workspace)
    assert home is not None
    return replace(Home(home).connection(), workspace=workspace)


def _print_reasons(reasons: Counter[str]) -> None:
    out = console()
    for reason, rows in reasons.most_common():
        out.print(f"  {one_line(reason)}: {rows:,}", soft_wrap=True)
