"""The five gates together: `certify` for who builds a row, `check` for who doubts it.

Both run the same checks. `certify` may correct the plan (an edge that cannot be proven is no
causal edge) and fills in gates and promises; `check` believes nothing that the row says of itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callwright.curation.causality import candidates, judge, prove_edges
from callwright.curation.replay import Replay
from callwright.schemas.form import check_form
from callwright.schemas.formats import FORMATS
from callwright.schemas.formats.imported_gates import imported_gates
from callwright.schemas.grounding import check_grounding
from callwright.schemas.reading import NOT_APPLICABLE, Made, Unreadable, calls_of, fail
from callwright.schemas.record import Conversation, Gate, GateName, Promises
from callwright.schemas.schema_gate import check_schema
from callwright.schemas.shape import Edge, longest
from callwright.schemas.toolbox import Tool, Toolbox
from callwright.schemas.views import for_row

GATES: tuple[GateName, ...] = ("form", "schema", "grounding", "replay", "causality")

Gates = dict[GateName, Gate]


def certify(row: Conversation, toolbox: Toolbox) -> Conversation:
    """Give the row with its gates, its promises and only those causal edges that are proven.

    What cannot pass is not examined further: replay and causality of a row that fails `schema`
    or `grounding` are `not_applicable`, with "not tried" as their detail.

    Args:
        row: A row whose `plan.causal_edges` are candidates (none: everything results feed).
        toolbox: The tools that made it.
    """
    try:
        calls = calls_of(row)
        toolbox = for_row(toolbox, row)
    except Unreadable as fault:
        return _filled(row, _unreadable(str(fault)))
    tools = {tool.name: tool for tool in toolbox.tools()}
    gates: Gates = {
        "schema": check_schema(row, tools, calls),
        "grounding": check_grounding(row, tools, calls),
    }
    edges = candidates(row, calls)
    if any(gate.outcome == "fail" for gate in gates.values()):
        row = _planned(row, calls, edges)
        untried = Gate(outcome="not_applicable", detail="not tried: an earlier gate failed")
        gates["replay"] = gates["causality"] = untried
    else:
        replay = Replay(row, toolbox, tools, calls)
        gates["replay"] = replay.run(keep=bool(edges))
        if gates["replay"].outcome == "pass":
            verdicts = prove_edges(replay, edges)
            edges = [edge for edge in edges if verdicts[edge] is None]
            row = _planned(row, calls, edges)
            gates["causality"] = _explained(judge(row, calls, verdicts), verdicts)
        else:
            row = _planned(row, calls, edges)
            gates["causality"] = _unreplayed(gates["replay"], edges)
    gates["form"] = check_form(row, calls)
    return _filled(row, gates)


def check(row: Conversation, toolbox: Toolbox, *, differs: str | None = None) -> Gates:
    """Run all five gates anew, whatever the row says of itself.

    Args:
        row: The row.
        toolbox: The tools that it is said to have been made with.
        differs: Why results cannot be compared with those of the build (`replay.comparable`), if
            so: what then fails where tools are asked is `not_comparable`.
    """
    if row.scenario == "imported":
        return _imported(row)
    try:
        calls = calls_of(row)
        toolbox = for_row(toolbox, row)
    except Unreadable as fault:
        return _unreadable(str(fault))
    tools = {tool.name: tool for tool in toolbox.tools()}
    gates: Gates = {
        "form": check_form(row, calls),
        "schema": _schema(row, tools, calls, differs),
        "grounding": check_grounding(row, tools, calls),
    }
    replay = Replay(row, toolbox, tools, calls)
    gates["replay"] = replay.run(keep=bool(row.plan.causal_edges))
    if gates["replay"].outcome == "pass":
        gates["causality"] = judge(row, calls, prove_edges(replay, row.plan.causal_edges))
    else:
        gates["causality"] = _unreplayed(gates["replay"], row.plan.causal_edges)
    if differs:
        for name in ("replay", "causality"):
            if gates[name].outcome == "fail":
                gates[name] = Gate(outcome="not_comparable", detail=differs)
    if all(gate.outcome in ("pass", "not_applicable") for gate in gates.values()):
        claimed = _claimed_too_much(row, promises(row, gates))
        if claimed:
            gates["form"] = fail(claimed)
    return gates


def _imported(row: Conversation) -> Gates:
    """A row from elsewhere has a form and calls; what was not run here can promise nothing."""
    gates = imported_gates(row, FORMATS.get(str((row.origin or {}).get("format"))))
    claimed = _claimed_too_much(row, Promises())
    if claimed:
        gates["form"] = fail(claimed)
    return gates


def promises(row: Conversation, gates: Mapping[GateName, Gate]) -> Promises:
    """What the gates allow the row to promise: nothing where one of them fails."""
    if row.scenario == "imported" or any(gate.outcome == "fail" for gate in gates.values()):
        return Promises()
    executed = None
    if row.plan.steps and gates["replay"].outcome == "pass":
        executed = "exact"
    elif row.plan.steps and gates["replay"].outcome == "not_applicable":
        executed = "recorded"
    return Promises.model_validate(
        {
            "executed": executed,
            "grounded": gates["grounding"].outcome == "pass",
            "causal": gates["causality"].outcome == "pass",
        }
    )


def _schema(
    row: Conversation, tools: Mapping[str, Tool], calls: Sequence[Made], differs: str | None
) -> Gate:
    gate = check_schema(row, tools, calls)
    if differs and gate.outcome == "fail" and check_schema(row, None, calls).outcome == "pass":
        return Gate(outcome="not_comparable", detail=differs)
    return gate


def _claimed_too_much(row: Conversation, proven: Promises) -> str | None:
    claimed = row.promises
    if claimed.executed not in (None, proven.executed):
        return f"the row promises executed={claimed.executed!r}, proven is {proven.executed!r}"
    for name in ("grounded", "causal"):
        if getattr(claimed, name) and not getattr(proven, name):
            return f"the row promises to be {name}, which is not proven"
    return None


def _planned(row: Conversation, calls: Sequence[Made], edges: list[Edge]) -> Conversation:
    plan = {"causal_edges": edges, "length": longest(calls, edges)}
    return row.model_copy(update={"plan": row.plan.model_copy(update=plan)})


def _explained(gate: Gate, verdicts: Mapping[Edge, str | None]) -> Gate:
    """A failed gate with what was found out about the edges that were dropped."""
    if gate.outcome != "fail":
        return gate
    reasons = [f"{e[0]} -> {e[1]}{e[2]}: {why}" for e, why in verdicts.items() if why]
    return fail("; ".join([gate.detail or "", *reasons]))


def _unreplayed(replay: Gate, edges: Sequence[Edge]) -> Gate:
    """The causality gate where the calls could not be run again as they stand."""
    if replay.outcome == "fail":
        return fail("the calls do not replay") if edges else NOT_APPLICABLE
    return replay


def _unreadable(fault: str) -> Gates:
    gates = dict.fromkeys(GATES, fail(f"the row cannot be read: {fault}"))
    gates["form"] = fail(fault)
    return gates


def _filled(row: Conversation, gates: Gates) -> Conversation:
    ordered = {name: gates[name] for name in GATES}
    return row.model_copy(update={"gates": ordered, "promises": promises(row, gates)})
