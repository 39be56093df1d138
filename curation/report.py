"""`report`: one page, and its charts as PNGs, about a dataset or two beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from callwright.curation.report_charts import (
    about_arguments,
    about_gates,
    about_rejects,
    about_rows,
    about_size,
    about_tools,
    stages,
)
from callwright.curation.report_facts import SAMPLES, Facts, gather
from callwright.curation.report_leakage import Leakage, read_leakage
from callwright.curation.report_page import Block, Samples, Section, Table, document
from callwright.curation.report_size import Sizes, measure
from callwright.schemas.charts import Picture, drawing
from callwright.schemas.errors import StoreError
from callwright.schemas.store import open_dataset
from callwright.schemas.store_manifest import refuse_links
from callwright.schemas.store_write import replace_file


@dataclass(frozen=True)
class Report:
    """A report, made and not yet written."""

    html: str
    pictures: list[Picture]


def make_report(
    folders: Sequence[str | Path],
    *,
    tokenizer: str | None = None,
    packs: Mapping[str, str] | None = None,
    pictures: str = "report",
) -> Report:
    """Make a report about one dataset, or two beside each other.

    Args:
        folders: One or two finished datasets.
        tokenizer: Measures rows in its tokens: a model's name, a folder or a `tokenizer.json`.
        packs: Tool -> pack, of the tools that are known here.
        pictures: Folder, relative to the page, that the PNGs will be in.

    Raises:
        StoreError: A folder is no finished dataset, or something in it is corrupt.
        UserError: There is no such tokenizer, or what loads it is not installed.
    """
    known = packs or {}
    measured = measure(tokenizer)  # first, as this fails fastest
    opened = [open_dataset(folder) for folder in folders]
    names = _names([Path(folder) for folder in folders])
    leaks = [read_leakage(dataset.folder) for dataset in opened]
    sets = [gather(dataset, name, known) for dataset, name in zip(opened, names, strict=True)]
    sizes = [measured(dataset) for dataset in opened]
    with drawing():
        rejected = [about_rejects(sets, stage) for stage in stages(sets)]
        rows, tools = about_rows(sets), about_tools(sets, known)
        rest = [about_arguments(sets), about_size(sizes), about_gates(sets)]
    alone = len(sets) == 1
    sections = [
        Section("At a glance", [_glance(sets, sizes)]),
        Section("Through the stages", [_stages(sets, leaks), rejected]),
        Section("Rows", [rows]),
        Section("Tools", [tools]),
        Section("Arguments, size, gates", [_sized(sizes), rest]),
        Section("Duplicates and leakage", [_repeats(sets), *_shared(sets, leaks), *_judged(sets)]),
        Section(
            "Sample rows",
            [Samples("" if alone else facts.name, facts.samples) for facts in sets],
        ),
    ]
    html = document(names, _lead(sets), sections, pictures)
    return Report(html, [*rejected, *rows, *tools, *rest])


def pictures_of(page: Path) -> Path:
    """The folder of a page's PNGs."""
    return page.with_suffix("") if page.suffix else page.with_name(f"{page.name}_charts")


def write_report(report: Report, page: Path) -> None:
    """Write the page, and its pictures into `pictures_of(page)`; what a link points to stays.

    Raises:
        StoreError: Something cannot be written.
    """
    folder = refuse_links(page.parent, pictures_of(page).name)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot write {folder}: {error.strerror or error}") from None
    for picture in report.pictures:
        replace_file(folder / f"{picture.name}.png", picture.png)
    replace_file(page, report.html.encode())


# -------------------------------------------------------------------------- pieces


def _names(folders: Sequence[Path]) -> list[str]:
    names = [folder.resolve().name for folder in folders]
    return names if len(set(names)) == len(names) else [str(folder) for folder in folders]


def _lead(sets: Sequence[Facts]) -> str:
    told = [f"{facts.rows:,} conversations, {len(facts.called):,} tools called" for facts in sets]
    if len(sets) == 1:
        return f"{told[0]}."
    return "; ".join(f"{facts.name}: {text}" for facts, text in zip(sets, told, strict=True)) + "."


def _heads(sets: Sequence[Facts]) -> list[str]:
    return ["", *(facts.name if len(sets) > 1 else "" for facts in sets)]


def _glance(sets: Sequence[Facts], sizes: Sequence[Sizes]) -> Table:
    manifests = [facts.dataset.manifest for facts in sets]
    rows = {
        "rows": [f"{facts.rows:,}" for facts in sets],
        "with a causal chain": [
            _of(sum(n for length, n in f.lengths.items() if (length or 0) > 1), f.rows)
            for f in sets
        ],
        "calls in the longest chain": [_longest(facts) for facts in sets],
        "different tools called": [f"{len(facts.called):,}" for facts in sets],
        "different edges between tools": [f"{len(facts.fed):,}" for facts in sets],
        f"median {sizes[0].unit} a row": [_median(size.lengths) for size in sizes],
        "made by": [f"{m.command}, seed {m.seed}" for m in manifests],
        "callwright": [m.versions.get("callwright", "unknown") for m in manifests],
        "digest": [facts.dataset.digest for facts in sets],
    }
    return Table([_heads(sets), *([label, *cells] for label, cells in rows.items())])


def _longest(facts: Facts) -> str:
    known = [length for length in facts.lengths if length is not None]
    return f"{max(known):,}" if known else "unknown"


def _of(part: int, whole: int) -> str:
    return f"{part:,} ({part / whole:.0%})" if whole else "0"


def _median(values: Sequence[int]) -> str:
    return f"{sorted(values)[len(values) // 2]:,}" if values else "no rows"


def _stages(sets: Sequence[Facts], leaks: Sequence[Leakage | None]) -> Table:
    """In = kept + rejected, from the first dataset that is known down to this one."""
    flows = [
        _flow(facts, leakage.stages if leakage else ())
        for facts, leakage in zip(sets, leaks, strict=True)
    ]
    labels = list(dict.fromkeys(label for flow in flows for label in flow if label != _KEPT))
    rows = [_heads(sets)]
    rows += [[label, *(flow.get(label, "") for flow in flows)] for label in (*labels, _KEPT)]
    sums = (number for number, row in enumerate(rows) if not row[0].startswith(_REJECTED))
    return Table(rows, frozenset(sums))


_REJECTED, _KEPT = "rejected by ", "rows kept"


def _flow(facts: Facts, known: Sequence[str]) -> dict[str, str]:
    """Label -> rows, in the order in which rows came and went."""
    own = facts.dataset.manifest
    generations = [[m.counts for m in generation] for generation in facts.lineage]
    first = generations[0] if generations else [own.counts]
    flow = {"rows in": f"{sum(c.kept + c.rejected for c in first):,}"}
    for generation, counts in zip(facts.lineage, generations, strict=True):
        command = " and ".join(dict.fromkeys(manifest.command for manifest in generation))
        flow[f"{_REJECTED}{command}"] = _minus(sum(count.rejected for count in counts))
        flow[f"kept by {command}"] = f"{sum(count.kept for count in counts):,}"
    # A stage of the same name as a command before it has its counts there.
    before = {manifest.command for generation in facts.lineage for manifest in generation}
    for stage in dict.fromkeys([*known, *(stage for stage, _ in facts.rejected)]):
        if stage not in before:
            dropped = sum(n for (at, _), n in facts.rejected.items() if at == stage)
            flow[f"{_REJECTED}{stage.replace('_', ' ')}"] = _minus(dropped)
    return {**flow, _KEPT: f"{own.counts.kept:,}"}


def _minus(count: int) -> str:
    return f"−{count:,}" if count else "0"


def _sized(sizes: Sequence[Sizes]) -> str:
    return " ".join(dict.fromkeys(size.how for size in sizes))


def _repeats(sets: Sequence[Facts]) -> str:
    told = [
        f"{facts.repeated:,} of {facts.rows:,} rows have the text of an earlier row"
        for facts in sets
    ]
    if len(sets) > 1:
        told = [f"{facts.name}: {text}" for facts, text in zip(sets, told, strict=True)]
    return "; ".join(told) + "."


def _shared(sets: Sequence[Facts], leaks: Sequence[Leakage | None]) -> Iterator[Block]:
    for facts, leakage in zip(sets, leaks, strict=True):
        of = "" if len(sets) == 1 else f"{facts.name}: "
        if leakage is None:
            yield f"{of}Not split by curate, so there is no leakage between splits to tell of."
            continue
        told = "What every two splits share; ✓ where there must be nothing."
        yield f"{of}{told} {leakage.held_out}".rstrip()
        yield leakage


def _judged(sets: Sequence[Facts]) -> Iterator[Block]:
    """The rows that stand in a benchmark, named."""
    for facts in sets:
        if facts.judges:
            of = "" if len(sets) == 1 else f" of {facts.name}"
            yield f"Rows{of} dropped because a benchmark has them (the first {SAMPLES}):"
            rows = [[row_id[:12], reason, detail] for row_id, reason, detail in facts.judges]
            yield Table([["row", "reason", "where"], *rows], is_text=True)
