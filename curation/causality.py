"""The causality gate: is a chain a chain?

An edge (producer call, consumer call, argument leaf) is causal when

1. its value stands nowhere in the open (`standing`), and the producer does not merely echo it;
2. where user or system values feed the producer, some valid alternative of theirs changes it;
3. an alternative that the consumer accepts changes the consumer's result (beyond repeating the
   argument) or the state's digest.

`proving` looks at one edge after the other. Everything is tried in a fixed order that depends on
the edge alone, so an edge proven when the row was built is proven again whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from callwright.curation.fed import fed_leaves
from callwright.curation.proving import Prover
from callwright.curation.replay import Replay
from callwright.schemas.reading import NOT_APPLICABLE, PASS, Made, Unreadable, calls_of, fail
from callwright.schemas.record import Conversation, Gate
from callwright.schemas.shape import Edge, longest
from callwright.schemas.toolbox import Toolbox
from callwright.schemas.views import for_row

LONG = ("chain", "dag", "stateful")
"""Scenarios that promise at least two calls on a causal path."""


def prove(row: Conversation, toolbox: Toolbox) -> dict[Edge, str | None]:
    """Say for each candidate edge why it is not causal; None means that it is.

    Candidates are `row.plan.causal_edges`, or where it is empty all that results feed.
    """
    try:
        calls = calls_of(row)
        toolbox = for_row(toolbox, row)
    except Unreadable as fault:
        return dict.fromkeys(row.plan.causal_edges, str(fault))
    tools = {tool.name: tool for tool in toolbox.tools()}
    replay = Replay(row, toolbox, tools, calls)
    gate = replay.run()
    edges = candidates(row, calls)
    if gate.outcome != "pass":
        return dict.fromkeys(edges, f"replay: {gate.outcome}: {gate.detail}")
    return prove_edges(replay, edges)


def candidates(row: Conversation, calls: Sequence[Made]) -> list[Edge]:
    """The edges that a row may claim: those of its plan, or all that its sources tell of."""
    if row.plan.causal_edges:
        return list(row.plan.causal_edges)
    return [
        (source.call, call.id, leaf)
        for call in calls
        for leaf, source in fed_leaves(row.sources.get(call.id, {}))
    ]


def prove_edges(replay: Replay, edges: Iterable[Edge]) -> dict[Edge, str | None]:
    """As `prove`, over a replay that has passed."""
    prover = Prover(replay)
    return {edge: prover.why_not(edge) for edge in edges}


def judge(row: Conversation, calls: Sequence[Made], verdicts: Mapping[Edge, str | None]) -> Gate:
    """The gate, given what was found about the edges that the plan claims."""
    for edge in row.plan.causal_edges:
        why = verdicts.get(edge, "it was not looked at")
        if why is not None:
            return fail(f"{edge[0]} -> {edge[1]}{edge[2]} is not causal: {why}")
    length = longest(calls, row.plan.causal_edges)
    if row.plan.length != length:
        return fail(f"plan.length is {row.plan.length}, the proven path has {length} calls")
    if row.scenario in LONG and length < 2:
        return fail(f"a {row.scenario} row needs a causal path of 2 calls, this has {length}")
    return PASS if row.plan.causal_edges else NOT_APPLICABLE
