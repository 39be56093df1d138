"""What a report says about one dataset, gathered in a single walk over its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import orjson

from callwright.curation.report_lineage import ancestors
from callwright.schemas.errors import StoreError
from callwright.schemas.record import Conversation
from callwright.schemas.store import Dataset, Manifest
from callwright.schemas.store_rows import conversations

SAMPLES = 20
"""Rows that a report shows in full."""

_NESTED = ("tools", "messages", "plan", "sources", "expected", "gates", "views")
_COLUMNS = ("id", "scenario", "language", "split", "text", *_NESTED)

Fed = tuple[str, str]
"""(tool whose result is passed on, tool whose argument it becomes)."""


@dataclass
class Facts:
    """Counts of rows, unless a field says otherwise."""

    name: str
    dataset: Dataset
    rows: int = 0
    splits: Counter[str] = field(default_factory=Counter)
    scenarios: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int | None] = field(default_factory=Counter)
    """Calls on the longest causal path; None: the row has calls and does not tell."""
    topologies: Counter[str] = field(default_factory=Counter)
    called: Counter[str] = field(default_factory=Counter)
    """Tool -> rows that call it."""
    packs: Counter[str] = field(default_factory=Counter)
    """Pack -> rows that call one of its tools; tools of no known pack are left out."""
    offered: Counter[int] = field(default_factory=Counter)
    """Tools offered -> rows."""
    fed: Counter[Fed] = field(default_factory=Counter)
    """Edges of the plans, not rows."""
    sources: Counter[str] = field(default_factory=Counter)
    """Origin -> argument leaves; a leaf of two origins counts for both."""
    gates: dict[str, Counter[str]] = field(default_factory=dict)
    """Gate -> outcome -> rows."""
    rejected: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(stage, reason) in the order in which they first occur; those of `lineage` come first."""
    judges: list[tuple[str, str, str]] = field(default_factory=list)
    """(id, reason, detail) of rows that `decontaminate` found at a judge's, at most `SAMPLES`."""
    lineage: list[list[Manifest]] = field(default_factory=list)
    """What the dataset was made from, see `ancestors`."""
    repeated: int = 0
    """Rows whose canonical text an earlier row has."""
    samples: list[Conversation] = field(default_factory=list)


def gather(dataset: Dataset, name: str, packs: Mapping[str, str]) -> Facts:
    """Read all that a report says about `dataset`, one part in memory at a time.

    Args:
        dataset: A finished dataset.
        name: What the report calls it.
        packs: Tool -> pack, of the tools that are known here.

    Raises:
        StoreError: A part is missing or corrupt, or a row is no conversation.
    """
    facts = Facts(name, dataset)
    texts = set[int]()
    for part, frame in zip(dataset.parts(), dataset.frames(columns=_COLUMNS), strict=True):
        for flat in frame.iter_rows(named=True):
            try:
                _enter(facts, flat, packs)
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                # A part's digest is no proof that its rows are conversations.
                where = f"{dataset.folder / part.path}, row {flat['id']}"
                raise StoreError(f"{where}: not a conversation ({error!r})") from None
            texts.add(hash(flat["text"]))  # 64 bits are enough to notice what is there twice
    facts.repeated = facts.rows - len(texts)
    facts.lineage = ancestors(dataset)
    for manifest in chain.from_iterable(facts.lineage):
        for reason, count in manifest.counts.rejected_by_reason.items():
            facts.rejected[manifest.command, reason] += count
    for reject in dataset.rejects():
        facts.rejected[reject.stage, reject.reason] += 1
        if reject.stage == "decontaminate" and len(facts.judges) < SAMPLES:
            row_id = str(reject.row.get("id"))
            facts.judges.append((row_id, reject.reason, reject.detail))
    facts.samples = _samples(dataset)
    return facts


def _enter(facts: Facts, flat: dict[str, Any], packs: Mapping[str, str]) -> None:
    loaded = (orjson.loads(flat[name]) for name in _NESTED)
    tools, messages, plan, sources, expected, gates, views = loaded
    calls = [call["function"] for m in messages for call in m.get("tool_calls") or ()]
    if not calls and flat["scenario"] == "imported":  # a judge's row says what it wants called
        calls = expected.get("calls", ())
    # Under another signature a tool is still that tool.
    called = [str(views.get(call["name"], {}).get("tool", call["name"])) for call in calls]
    steps = {step["call"]: step for step in plan["steps"]}
    if None in (flat["scenario"], flat["language"], flat["split"]):
        raise ValueError("a column is empty")
    facts.rows += 1
    facts.splits[flat["split"]] += 1
    facts.scenarios[flat["scenario"]] += 1
    facts.languages[flat["language"]] += 1
    # A row with calls that tells no length was imported: its causality was never proved.
    facts.lengths[int(plan["length"]) or (None if called else 0)] += 1
    facts.topologies[str(plan["topology"]) or _topology(steps, len(called))] += 1
    facts.called.update(set(called))
    facts.packs.update({packs[name] for name in called if name in packs})
    facts.offered[len(tools)] += 1
    facts.fed.update(
        (str(steps[producer]["tool"]), str(step["tool"]))
        for step in steps.values()
        for producer in set(step["after"])
        if producer in steps
    )
    for leaf in chain.from_iterable(leaves.values() for leaves in sources.values()):
        facts.sources.update({str(source["origin"]) for source in leaf})
    for gate, found in gates.items():
        facts.gates.setdefault(gate, Counter())[str(found["outcome"])] += 1


def _topology(steps: Mapping[str, dict[str, Any]], calls: int) -> str:
    """Of a plan that does not name it, as `shape.topology` writes it."""
    if not steps:
        return "unknown" if calls else "0"
    order = {call: number for number, call in enumerate(steps)}
    edges = {(order[p], order[c]) for c, s in steps.items() for p in s["after"] if p in order}
    return ",".join(f"{a}>{b}" for a, b in sorted(edges)) or str(len(steps))


def _samples(dataset: Dataset) -> list[Conversation]:
    """Rows of every scenario and language in turn; ids are digests, so their order is chance."""
    frame = dataset.frame(columns=["id", "scenario", "language"]).sort("id")
    groups: dict[tuple[str, str], list[str]] = {}
    for row_id, scenario, language in frame.iter_rows():
        ids = groups.setdefault((scenario, language), [])
        if len(ids) < SAMPLES:
            ids.append(row_id)
    chosen = list(_in_turn([groups[key] for key in sorted(groups)]))[:SAMPLES]
    found = {row.id: row for row in _rows(dataset, set(chosen))}
    return [found[row_id] for row_id in chosen if row_id in found]


def _in_turn(groups: list[list[str]]) -> Iterator[str]:
    for place in range(max(map(len, groups), default=0)):
        yield from (ids[place] for ids in groups if place < len(ids))


def _rows(dataset: Dataset, wanted: set[str]) -> Iterator[Conversation]:
    for part, frame in zip(dataset.parts(), dataset.frames(), strict=True):
        some = frame.filter(frame["id"].is_in(list(wanted)))
        yield from conversations(some, str(dataset.folder / part.path))
