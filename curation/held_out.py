"""What training never meets: tools for one test, shapes for another.

Chosen by counting, never by chance alone, so that as few rows as possible are spent on them.
"""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import polars as pl

from callwright.schemas.canonical import digest
from callwright.schemas.errors import RecipeError

MOST = 1 / 3
"""Share of the rows beyond which what is chosen would leave too little to train on."""

STARTS = 64
"""Tools from which clusters are grown, where packs do not serve."""


@dataclass(frozen=True)
class HeldOut:
    """Tools that only `test_unseen_tools` calls or offers."""

    names: tuple[str, ...] = ()
    """Packs or tools, as named or chosen."""
    tools: frozenset[str] = frozenset()


# --------------------------------------------------------------------- tools


def tools_named(
    names: Sequence[str], called: Sequence[Sequence[str]], packs: Mapping[str, str]
) -> HeldOut:
    """The tools that a recipe names, by pack or one by one.

    Args:
        names: Of packs or tools.
        called: The tools that each row calls.
        packs: Tool -> pack, as far as known.

    Raises:
        RecipeError: No row calls what is named.
    """
    known = set().union(*called)
    tools: set[str] = set()
    for name in names:
        found = {tool for tool in known if name in (tool, packs.get(tool))}
        if not found:
            choice = sorted({packs[tool] for tool in known if tool in packs}) or sorted(known)
            near = difflib.get_close_matches(name, [*choice, *known], n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(choice[:12])}"
            raise RecipeError(f"curation.split.held_out: no row calls {name!r}; {hint}")
        # The whole pack: what no row calls may still be offered.
        tools |= found | {tool for tool, pack in packs.items() if name == pack}
    return HeldOut(tuple(names), frozenset(tools))


def tools_chosen(
    wanted: int, called: Sequence[Sequence[str]], packs: Mapping[str, str]
) -> HeldOut | None:
    """Tools that at least `wanted` rows call, and as few more as possible; None if impossible.

    Packs where they serve, else a cluster of tools that are called together.
    """
    most = int(MOST * len(called))
    return _packs(wanted, most, called, packs) or _cluster(wanted, most, called)


def _packs(
    wanted: int, most: int, called: Sequence[Sequence[str]], packs: Mapping[str, str]
) -> HeldOut | None:
    rows: defaultdict[str, set[int]] = defaultdict(set)
    for row, tools in enumerate(called):
        for tool in tools:
            if tool in packs:
                rows[packs[tool]].add(row)
    if len(rows) < 2:
        return None
    order = sorted(rows, key=lambda pack: (len(rows[pack]), pack))
    enough = [pack for pack in order if len(rows[pack]) >= wanted][:1]
    chosen, found = list[str](), set[int]()
    for pack in enough or reversed(order):
        chosen.append(pack)
        found |= rows[pack]
        if len(found) >= wanted:
            break
    if not wanted <= len(found) <= most:
        return None
    of_them = frozenset(tool for tool, pack in packs.items() if pack in chosen)
    return HeldOut(tuple(sorted(chosen)), of_them)


def _cluster(wanted: int, most: int, called: Sequence[Sequence[str]]) -> HeldOut | None:
    rows: defaultdict[str, set[int]] = defaultdict(set)
    for row, tools in enumerate(called):
        for tool in tools:
            rows[tool].add(row)
    best: tuple[int, tuple[str, ...]] | None = None
    for start in sorted(rows, key=lambda tool: (len(rows[tool]), tool))[:STARTS]:
        cluster, found = {start}, set(rows[start])
        near = Counter(_beside(found, called))
        while len(found) < wanted and len(cluster) < len(rows):
            others = [tool for tool in near if tool not in cluster] or rows.keys() - cluster
            closest = min(others, key=lambda tool: (-near[tool] / len(rows[tool]), tool))
            cluster.add(closest)
            near.update(_beside(rows[closest] - found, called))
            found |= rows[closest]
        if wanted <= len(found) <= most:
            mixed = sum(not cluster.issuperset(called[row]) for row in found)
            score = (len(found) - wanted + mixed, tuple(sorted(cluster)))
            best = score if best is None else min(best, score)
    return None if best is None else HeldOut(best[1], frozenset(best[1]))


def _beside(rows: Iterable[int], called: Sequence[Sequence[str]]) -> Iterable[str]:
    return (tool for row in rows for tool in called[row])


# -------------------------------------------------------------------- shapes


def edges(topology: str) -> int:
    """How many edges a topology has: `0>1,1>2` has two."""
    return topology.count(">")


def shapes_named(names: Sequence[str], topologies: Iterable[str]) -> frozenset[str]:
    """The topologies that a recipe names.

    Args:
        names: of topologies.
        topologies: of the rows with calls.

    Raises:
        RecipeError: No row has what is named.
    """
    counts = Counter(topologies)
    for name in names:
        if name not in counts:
            most = ", ".join(shape for shape, _ in counts.most_common(12))
            raise RecipeError(
                f"curation.split.held_out_shapes: no row has {name!r}; the commonest are {most}"
            )
    return frozenset(names)


def shapes_chosen(wanted: int, rows: pl.DataFrame, seed: int) -> frozenset[str]:
    """Topologies that hold at least `wanted` rows whose sequences no other topology has.

    Those with two edges or more come first: what is unseen should be hard. Among them `seed`
    decides. Where that is possible every tool of theirs is still called in training (else the
    tool would be what is unseen) and at least half of the rows of each length stay there; half
    of all rows stay in any case.

    Args:
        wanted: Rows.
        rows: Columns `sequence`, `topology`, `length` and `called`.
        seed: The recipe's.

    Returns:
        The topologies; together they may hold fewer rows than wanted, where there are no more.
    """
    shaped = rows.filter(pl.col("sequence") != "", pl.col("topology") != "")
    own = shaped.filter(pl.col("topology").n_unique().over("sequence") == 1)
    lengths: defaultdict[str, Counter[int | None]] = defaultdict(Counter)
    for shape, length, number in own.group_by("topology", "length").len().iter_rows():
        lengths[shape][length] = number
    calls: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for shape, tools in shaped.select("topology", "called").iter_rows():
        calls[shape].update(tools)
    taught = sum(calls.values(), Counter[str]())
    room = Counter({length: number // 2 for length, number in Counter(shaped["length"]).items()})
    order = sorted(lengths, key=lambda shape: digest(f"{seed} {shape}"))
    hard = [shape for shape in order if edges(shape) >= 2]
    smallest, hard_smallest = (
        sorted(shapes, key=lambda shape: lengths[shape].total()) for shapes in (order, hard)
    )
    half, most = wanted // 2, shaped.height // 2
    chosen: dict[str, Counter[int | None]] = {}
    found = 0
    # First several shapes and not many more rows than wanted, in the end whatever it takes.
    for shapes, largest, excess, fair in (
        (hard, half, half, True),
        (hard_smallest, most, wanted, True),
        (smallest, most, wanted, True),
        (smallest, most, most, False),
    ):
        for shape in shapes:
            size = lengths[shape].total()
            fits = size <= largest and found + size <= min(wanted + excess, most)
            if found >= wanted or shape in chosen or not fits:
                continue
            known = all(taught[tool] > number for tool, number in calls[shape].items())
            if not fair or (known and sum(chosen.values(), lengths[shape]) <= room):
                chosen[shape] = lengths[shape]
                taught -= calls[shape]
                found += size
    return frozenset(chosen)


def calling(tools: AbstractSet[str], called: Sequence[Sequence[str]]) -> list[int]:
    """The rows that call one of `tools`."""
    return [row for row, names in enumerate(called) if not tools.isdisjoint(names)]
