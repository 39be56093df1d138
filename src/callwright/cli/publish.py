"""`callwright publish`: bring a dataset to the Hugging Face Hub, a folder or any URL."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from callwright.api import packs_of
from callwright.cli.terminal import console, progress
from callwright.curation.card_facts import Pack
from callwright.curation.publish import (
    Order,
    Outcome,
    Prepared,
    Target,
    prepare,
    standing_version,
    summary,
    target_for,
)
from callwright.curation.publish import publish as publish_dataset
from callwright.curation.publish_hub import HubTarget
from callwright.curation.publish_layout import Standing, changes, size_of
from callwright.curation.publish_place import Place, parse_place
from callwright.curation.secrets_people import Published
from callwright.generators.execution import PackToolbox
from callwright.generators.packs import PACK_NAMES, load_pack
from callwright.generators.packs.contacts.values import CARDS, EXAMPLE_IBANS
from callwright.schemas.errors import UserError
from callwright.schemas.store import open_dataset
from callwright.schemas.visible import one_line, visible


def publish(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A dataset.")],
    to: Annotated[
        str, typer.Option("--to", metavar="URL", help="hf://org/name, file:///…, s3://…")
    ],
    *,
    private: Annotated[
        bool | None,
        typer.Option(
            "--private/--public",
            help="Who may see it on the Hub; a new dataset is private, an old one stays as it is.",
        ),
    ] = None,
    tag: Annotated[
        str | None, typer.Option("--tag", metavar="v1.0", help="Name of this version on the Hub.")
    ] = None,
    licence: Annotated[
        str | None,
        typer.Option("--license", metavar="ID", help="By default what the rows stand under."),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="F", help="A further config; may be repeated."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show card and files; change nothing anywhere.")
    ] = False,
) -> None:
    """Publish a dataset with a card, in one step, after looking it through.

    Nothing leaves when a row of a sample fails a gate, when a key or something about a real person
    is found, or when an imported row has no known licence: the list says where.
    """
    place = parse_place(to)
    target = target_for(place, private=private, tag=tag)
    with tempfile.TemporaryDirectory(prefix="callwright-") as work:
        order = _order(folder, place, licence, formats or [], Path(work))
        version = None if dry_run else standing_version(order, target)
        if version is not None:
            outcome = Outcome(version, "", 0, 0)
        else:
            with progress() as show:
                prepared = prepare(order, show)
            _refuse(prepared, folder)
            if dry_run:
                _show(prepared, target)
                return
            with progress() as show:
                outcome = publish_dataset(prepared, target, show)
        done = target.finish(outcome.version) if isinstance(target, HubTarget) else []
        _print(outcome, target, done)


def _order(
    folder: Path, place: Place, licence: str | None, formats: list[str], work: Path
) -> Order:
    names = packs_of(folder)
    packs = [load_pack(name) for name in PACK_NAMES if name in names]
    builds = open_dataset(folder).manifest.builds.values()
    only_packs = bool(builds) and all(
        isinstance(build, dict) and set(build.get("tools") or ()) == {"packs"} for build in builds
    )
    return Order(
        folder=folder,
        place=place,
        toolbox=PackToolbox(names),
        packs=[Pack(p.name, p.about, p.data, len(p.functions)) for p in packs] if builds else [],
        pack_of={tool: pack.name for pack in packs for tool in pack.functions},
        published=Published(frozenset((*CARDS, *EXAMPLE_IBANS)), invents_ibans=only_packs),
        licence=licence,
        formats=formats,
        work=work,
    )


def _refuse(prepared: Prepared, folder: Path) -> None:
    """List why the dataset must not leave.

    Raises:
        UserError: It must not.
    """
    problems = prepared.problems
    for problem in problems:
        typer.echo(one_line(problem), err=True)
    if problems:
        raise UserError(
            f"{folder} was not published: mend or drop what stands above "
            f"({len(problems):,} in all), then publish again"
        )


def _show(prepared: Prepared, target: Target) -> None:
    out = console()
    try:
        at = target.look()
    except UserError as error:
        at = Standing({})
        typer.echo(f"not compared with what stands there: {one_line(str(error))}", err=True)
    card = prepared.card(at)
    todo = changes(prepared.files, card, at)
    out.print(visible(card), soft_wrap=True)
    for path, content in todo.write.items():
        out.print(f"write   {path}  {size_of(content):,} bytes", soft_wrap=True)
    for path in todo.delete:
        out.print(f"delete  {one_line(path)}", soft_wrap=True)
    if todo.write or todo.delete:
        title = summary(at.manifest, prepared.dataset.manifest).partition("\n")[0]
        out.print(f"would be published to {target.name}: {one_line(title)}", soft_wrap=True)
    else:
        out.print(f"{target.name} is up to date", soft_wrap=True)


def _print(outcome: Outcome, target: Target, done: list[str]) -> None:
    out = console()
    if outcome.message:
        title = one_line(outcome.message.partition("\n")[0])
        out.print(f"{target.name}: {title}", soft_wrap=True)
        out.print(f"{outcome.written:,} files written, {outcome.deleted:,} deleted")
    else:
        out.print(f"{target.name} is up to date: nothing was changed", soft_wrap=True)
    if isinstance(target, HubTarget):
        who = "private" if target.is_private else "public"
        out.print(" · ".join([f"version {outcome.version[:8]}", who, *done]))
