"""Other chats that are mixed in, so that what the model could do before is not forgotten."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from callwright.schemas.errors import FormatError, UserError
from callwright.schemas.formats.chat import read_chat
from callwright.schemas.formats.files import read_rows
from callwright.schemas.formats.guard import RowRefused, require_carriable
from callwright.schemas.record import Rejection
from callwright.training.gather import Gathered
from callwright.training.recipe import MixSection
from callwright.training.render import Refusal, Renderer, Sample

Row = dict[str, Any]


def mix(
    renderer: Renderer, parts: Sequence[MixSection], samples: int, seed: int
) -> dict[str, Gathered]:
    """Draw and render the share of each part.

    Args:
        renderer: makes the samples.
        parts: what is mixed in.
        samples: of the dataset itself, to which the shares are taken.
        seed: of the drawing: the same seed draws the same rows.

    Returns:
        What became of the rows that were drawn, by the part's name.

    Raises:
        UserError: a part cannot be read, or gives nothing.
    """
    whole = samples / (1 - sum(part.share for part in parts))
    return {
        f"mix {part.data} ({part.split})": _drawn(
            renderer, part, max(1, round(whole * part.share)), seed
        )
        for part in parts
    }


def _drawn(renderer: Renderer, part: MixSection, wanted: int, seed: int) -> Gathered:
    rows = read_set(part)
    order = list(range(len(rows)))
    random.Random(f"{seed} {part.data} {part.split}").shuffle(order)
    found = Gathered()
    for index in order:
        if len(found.samples) >= wanted:
            break
        found.rows += 1
        name = f"{part.data}:{part.split}:{index}"
        try:
            found.samples += _rendered(renderer, rows[index], name)
        except (Refusal, RowRefused) as refusal:
            found.refused.append(
                Rejection(
                    stage="mix",
                    reason=refusal.reason,
                    detail=refusal.detail,
                    row={"id": name},
                )
            )
    # A template that is not prefix-stable makes several samples of one chat.
    del found.samples[wanted:]
    if not found.samples:
        why = found.refused[0].detail if found.refused else "it is empty"
        raise UserError(f"no row of {part.data!r} can be mixed in; the first: {why}")
    return found


def _rendered(renderer: Renderer, row: object, name: str) -> list[Sample]:
    """The samples of one foreign row.

    Raises:
        Refusal: the renderer refuses it.
        RowRefused: it is no chat.
    """
    if isinstance(row, RowRefused):
        raise row
    if not isinstance(row, dict) or row.get("messages") is None:
        raise RowRefused("missing_key", "a row of a mix is an object with `messages`")
    require_carriable(row)
    chat = read_chat(row, {})
    messages = [{"content": "", **m.model_dump(exclude_none=True)} for m in chat.messages]
    return renderer.render_chat(messages, chat.tools, row=name)


# ----------------------------------------------------------------------- reading


def read_set(part: MixSection) -> Sequence[Row | RowRefused]:
    """The rows of a file, of a folder, or of a dataset on the Hub, each read when it is asked for.

    Raises:
        UserError: there is no such file or set, it is out of reach, or it has no `messages`.
    """
    path = Path(part.data)
    if path.suffix in (".jsonl", ".json") and path.is_file():
        return list(_lines(path))
    if path.suffix == ".parquet" or path.suffix in (".jsonl", ".json"):
        if not path.is_file():
            raise UserError(f"training.mix: there is no file {part.data}")
        return _loaded("parquet", part, data_files=str(path))
    return _loaded(part.data, part)


def _lines(path: Path) -> Iterator[Row | RowRefused]:
    for raw in read_rows(path):
        yield raw.refused or raw.value


def _loaded(name: str, part: MixSection, **options: Any) -> Sequence[Row]:
    from datasets import disable_progress_bars, load_dataset

    disable_progress_bars()
    split = "train" if options else part.split  # a lone file has one split, called that
    try:
        rows: Sequence[Row] = load_dataset(name, split=split, **options)
    except Exception as error:  # noqa: BLE001 - whatever the library, its parsers and the net raise
        line = " ".join(str(error).split()) or type(error).__name__
        raise UserError(
            f"training.mix: cannot load {part.data!r} (split {split!r}): {line}; "
            "a JSONL or parquet file needs no network"
        ) from None
    columns = rows[0].keys() if len(rows) else ()
    if "messages" not in columns:
        raise FormatError(
            f"training.mix: {part.data!r} has no column `messages`; it has {', '.join(columns)}"
        )
    return rows
