"""`callwright show` of an evaluation: episodes as the model led them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import typer

from callwright.cli.evaluations import read_evaluation
from callwright.cli.rows import identified
from callwright.cli.terminal import console, print_blocks, write_page
from callwright.schemas.display_html import article_of, page_of
from callwright.schemas.errors import UserError
from callwright.schemas.visible import json_escaped
from callwright.training.assess import Assessed
from callwright.training.episode_view import episode_blocks
from callwright.training.episodes import EpisodeScore
from callwright.training.saved import read_run


@dataclass(frozen=True)
class Asked:
    """Which episodes are asked for."""

    row: str | None
    """A row's id, or how it begins: all its episodes."""
    scenario: str | None
    language: str | None
    count: int
    seed: int | None
    failed: bool
    by_chance: bool


def show_episodes(
    folder: Path, data: Path | None, asked: Asked, *, html: Path | None, as_json: bool
) -> None:
    """Print episodes of an evaluation, or write them as a page."""
    # Also one that is still under way: what it has so far can be looked at.
    assessed = read_evaluation(folder, read_run(folder, unfinished=True), data)
    played = [one for one in assessed.played if (one.row, one.trial) in assessed.episodes]
    chosen = _chosen(assessed, played, asked, folder)
    if html is not None:
        articles = [
            article_of(
                episode_blocks(assessed, one),
                assessed.keys[one.row].row.language,
                f"{one.row}-{one.trial}",
            )
            for one in chosen
        ]
        write_page(html, page_of(articles, f"callwright: {folder.resolve().name}"))
        typer.echo(f"{len(chosen)} of {len(played)} episodes in {html}")
        return
    out = console()
    for one in chosen:
        if as_json:
            typer.echo(json_escaped(assessed.episodes[one.row, one.trial].model_dump_json()))
        else:
            print_blocks(out, episode_blocks(assessed, one))


def _chosen(
    assessed: Assessed, played: list[EpisodeScore], asked: Asked, folder: Path
) -> list[EpisodeScore]:
    if not played:
        raise UserError(f"{folder} has no episodes yet")
    if asked.row is not None:
        name = identified(list(dict.fromkeys(one.row for one in played)), asked.row, folder)
        played = [one for one in played if one.row == name]
    for what in ("scenario", "language"):
        only = getattr(asked, what)
        if only is not None:
            has = {one.row: getattr(assessed.keys[one.row].row, what) for one in played}
            played = [one for one in played if has[one.row] == only]
            if not played:
                known = ", ".join(sorted(set(has.values())))
                raise UserError(f"{folder} has no episode with {what} {only!r}; it has: {known}")
    if asked.failed:
        played = [one for one in played if not one.success]
        if not played:
            raise UserError(f"no such episode of {folder} failed; leave out --failed")
    if asked.row is not None:
        return played
    if asked.by_chance:
        return random.Random(asked.seed).sample(played, min(asked.count, len(played)))
    return played[: asked.count]
