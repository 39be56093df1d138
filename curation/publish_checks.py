"""What is looked at before anything leaves: the gates anew, secrets and people, licences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import polars as pl
from pydantic import ValidationError

from callwright.curation.publish_layout import dataset_files
from callwright.curation.replay import comparable
from callwright.curation.secrets import Finding, scan
from callwright.curation.secrets_people import Published
from callwright.curation.verify import check
from callwright.schemas.record import Review
from callwright.schemas.store import Dataset
from callwright.schemas.store_rows import NESTED, conversations
from callwright.schemas.toolbox import Toolbox
from callwright.schemas.visible import one_line

SAMPLE = 200
"""Rows whose gates are run again, spread over the splits."""

MOST_LISTED = 20
"""Problems of one sort that are listed; more are counted."""

_UNKNOWN = ("", "unknown", "none")


@dataclass
class Checked:
    """What was found."""

    sampled: int = 0
    gates: dict[str, Counter[str]] = field(default_factory=dict)
    """Gate -> outcome -> rows of the sample."""
    origins: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(source, licence) -> imported rows."""
    bytes: dict[str, dict[str, int]] = field(default_factory=dict)
    """Split -> column -> bytes in memory."""
    promises: Counter[str] = field(default_factory=Counter)
    """Promise -> rows that make it."""
    reviews: Counter[str] = field(default_factory=Counter)
    """`rows` that people judged; how many of them were `corrected`, judged by `several` people, and
    by these `alike`."""
    problems: list[str] = field(default_factory=list)
    """Why the dataset must not leave, a line each."""


def look_through(
    dataset: Dataset,
    toolbox: Toolbox,
    published: Published,
    tell: Callable[[str, int, int], None] = lambda *_: None,
) -> Checked:
    """Examine all that would be published.

    Args:
        dataset: A finished dataset.
        toolbox: The tools that its rows were made with.
        published: Numbers known to be nobody's.
        tell: Called with what, rows done and rows in all.

    Raises:
        StoreError: A part is missing or corrupt.
    """
    found = Checked()
    _read_all(dataset, published, found, tell)
    _read_about(dataset, published, found)
    _sample(dataset, toolbox, found)
    for (source, licence), rows in sorted(found.origins.items()):
        if licence.lower() in _UNKNOWN:
            found.problems.append(
                f"{rows:,} rows from {source} have no known licence: import them again with "
                "--license, or leave them out"
            )
    return found


def _read_all(
    dataset: Dataset, published: Published, found: Checked, tell: Callable[[str, int, int], None]
) -> None:
    harmless: dict[str, set[str]] = {}
    findings: list[Finding] = []
    done = 0
    for part, frame in zip(dataset.parts(), dataset.frames(), strict=True):
        findings += scan(frame, NESTED, published, harmless)
        sizes = found.bytes.setdefault(part.split, Counter())
        for name in frame.columns:
            sizes[name] += int(frame[name].estimated_size())
        _count(frame, found)
        done += frame.height
        tell("looking for secrets", done, len(dataset))
    rejects = [item.model_dump() for item in dataset.rejects()]
    if rejects:
        texts = [str(orjson.dumps(item["row"]), "utf-8") for item in rejects]
        names = [f"rejected, {item['row'].get('id', '')}" for item in rejects]
        details = [str(item["detail"]) for item in rejects]
        frame = pl.DataFrame({"id": names, "row": texts, "detail": details})
        findings += scan(frame, ["row", "detail"], published, harmless)
    found.problems += _listed([str(finding) for finding in findings], "more to hide")


def _read_about(dataset: Dataset, published: Published, found: Checked) -> None:
    """Look through what is told of the data: recipes, what they were given, what came of it."""
    texts = {
        path: content.decode(errors="replace")
        for path, content in dataset_files(dataset).items()
        if isinstance(content, bytes)
    }
    frame = pl.DataFrame({"id": list(texts), "text": list(texts.values())})
    findings = scan(frame, ["text"], published, {})
    found.problems += _listed([f"{f.row}: {f.rule}: {f.text}" for f in findings], "more to hide")


def _count(frame: pl.DataFrame, found: Checked) -> None:
    for text, rows in frame["promises"].value_counts().iter_rows():
        for name, value in orjson.loads(text).items():
            if value:
                word = f"{name} ({value})" if isinstance(value, str) else name
                found.promises[word] += rows
    for row, text in frame.select("id", "review").drop_nulls().iter_rows():
        try:
            review = Review.model_validate_json(text)
        except ValidationError:
            found.problems.append(f"row {row}, review: not in the record's form")
            continue
        verdicts = [judgement.verdict for judgement in review.judgements]
        found.reviews["rows"] += 1
        found.reviews["corrected"] += review.verdict == "fix"
        found.reviews["several"] += len(verdicts) > 1
        found.reviews["alike"] += len(verdicts) > 1 and len(set(verdicts)) == 1
    for text in frame["origin"].drop_nulls():
        origin = orjson.loads(text)
        source = one_line(str(origin.get("source") or "an unknown source"))
        licence = one_line(str(origin.get("licence") or origin.get("license") or "unknown"))
        found.origins[source, licence] += 1


def _sample(dataset: Dataset, toolbox: Toolbox, found: Checked) -> None:
    chosen = _chosen(dataset)
    builds: Mapping[str, Any] = dataset.manifest.builds
    failed = []
    for part, frame in zip(dataset.parts(), dataset.frames(), strict=True):
        some = frame.filter(pl.col("id").is_in(chosen))
        for row in conversations(some, str(dataset.folder / part.path)):
            build = builds.get(row.build)
            differs: str | None = "the manifest does not know the build that made the row"
            if isinstance(build, dict):
                differs = comparable(build.get("versions", {}))
            found.sampled += 1
            for name, gate in check(row, toolbox, differs=differs).items():
                found.gates.setdefault(name, Counter())[gate.outcome] += 1
                # An imported row promises nothing, and may say of itself what is wrong with it.
                said = row.scenario == "imported" and gate == row.gates.get(name)
                if gate.outcome in ("fail", "not_comparable") and not said:
                    words = gate.outcome.replace("_", " ")
                    failed.append(f"row {row.id}, {name}: {words}: {one_line(gate.detail or '')}")
    found.problems += _listed(failed, "more gates of the sample not passed")


def _chosen(dataset: Dataset) -> list[str]:
    """Ids of the sample; ids are digests, so their order is chance and always the same."""
    splits = dataset.splits()
    ids: list[str] = []
    for number, split in enumerate(splits):
        room = (SAMPLE - len(ids)) // (len(splits) - number)
        ids += dataset.frame(split, ["id"])["id"].sort().head(room).to_list()
    return ids


def _listed(lines: list[str], more: str) -> list[str]:
    if len(lines) <= MOST_LISTED:
        return lines
    return [*lines[:MOST_LISTED], f"… {len(lines) - MOST_LISTED:,} {more}"]
