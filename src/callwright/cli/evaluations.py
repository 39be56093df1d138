"""Evaluations on disk, with the dataset they are about."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from callwright.api import packs_of
from callwright.cli.rows import rows_by_id
from callwright.generators.execution import PackToolbox
from callwright.schemas.errors import UserError
from callwright.schemas.record import Conversation
from callwright.schemas.store import open_dataset
from callwright.schemas.store_write import replace_file
from callwright.training.assess import Assessed, assess
from callwright.training.journal import read_records
from callwright.training.records import Decision, EpisodeRecord
from callwright.training.saved import DECISIONS, EPISODES, REPORT, SUMMARY
from callwright.training.score import Scores

_HOW_TO_BEGIN = ("resume", "force")
_LOGIN = re.compile(r"//[^/@\s]*@")


def evaluated_rows(
    folder: Path, run: Mapping[str, Any], data: Path | None
) -> tuple[list[Conversation], PackToolbox]:
    """The rows of an evaluation, and the tools they were evaluated with.

    Args:
        folder: the evaluation's.
        run: its `run.json`.
        data: the dataset; without it the one that `run` names.

    Raises:
        UserError: the dataset is not there, or is another one.
    """
    named = run.get("data")
    found = data or (Path(named) if isinstance(named, str) else None)
    if found is None or (data is None and not found.is_dir()):
        gone = "names no dataset" if found is None else f"names {found}, which is not there"
        raise UserError(f"{folder}/run.json {gone}; add --data DIR")
    dataset = open_dataset(found)
    if dataset.digest != run.get("dataset"):
        raise UserError(f"{found} is not the dataset that {folder} evaluated; add --data DIR")
    return rows_by_id(dataset, list(map(str, run["rows"]))), PackToolbox(packs_of(found))


def read_evaluation(folder: Path, run: Mapping[str, Any], data: Path | None) -> Assessed:
    """An evaluation, judged; arguments and errors as for `evaluated_rows`.

    Raises:
        StoreError: its records cannot be read.
    """
    rows, toolbox = evaluated_rows(folder, run, data)
    decisions = read_records(folder / DECISIONS, Decision)
    episodes = read_records(folder / EPISODES, EpisodeRecord)
    try:
        return assess(rows, decisions, episodes, toolbox.tools())
    except ValueError as error:
        raise UserError(f"{folder}: {error}; its files are not of one evaluation") from None


def command_line(context: typer.Context) -> str:
    """The command as it was typed, without what says only how to begin; no address's password."""
    words = ["callwright", str(context.info_name)]
    for parameter in context.command.params:
        value = context.params.get(str(parameter.name))
        if parameter.name in _HOW_TO_BEGIN or value == parameter.default or value in (None, ()):
            continue
        for one in value if isinstance(value, list | tuple) else [value]:
            words += [max(parameter.opts, key=len), _LOGIN.sub("//", str(one))]
    return shlex.join(words)


def write_pages(
    folder: Path, run: Mapping[str, Any], assessed: Assessed, scores: Scores
) -> tuple[Path, Path]:
    """Write the report and the summary of an evaluation beside its records; give their paths."""
    from callwright.training.report import make_report
    from callwright.training.summary import summary

    page, card = folder / REPORT, folder / SUMMARY
    replace_file(page, make_report(run, assessed, scores).encode())
    replace_file(card, summary(run, assessed.rows, scores).encode())
    return page, card
