"""What of an imported row can be checked: its form and its calls' schemas, and nothing else."""

from __future__ import annotations

from callwright.schemas.form import check_form
from callwright.schemas.formats.defects import VIOLATIONS, check_calls, check_tools, code_of
from callwright.schemas.formats.format import Format
from callwright.schemas.reading import PASS, fail
from callwright.schemas.record import (
    Conversation,
    Expected,
    Function,
    Gate,
    GateName,
    Message,
    Plan,
)

_UNPROVEN: dict[GateName, str] = {
    "grounding": "imported: the row does not say where its arguments come from",
    "replay": "imported: its tools are not here to run again",
    "causality": "imported: without replay nothing shows what a result decides",
}


def imported_gates(row: Conversation, form: Format | None) -> dict[GateName, Gate]:
    """The five gates of an imported row.

    Args:
        row: The row.
        form: The format it came in, as far as known.
    """
    return {
        "form": _form(row, form),
        "schema": _schema(row, form),
        **{
            name: Gate(outcome="not_applicable", detail=detail)
            for name, detail in _UNPROVEN.items()
        },
    }


def _form(row: Conversation, form: Format | None) -> Gate:
    if form is None or not form.calls_only or any(m.role == "tool" for m in row.messages):
        return check_form(row)
    gate = check_form(_completed(row))
    if gate.outcome == "fail":
        return gate
    detail = f"imported: {form.name} holds a request and its calls, no results and no answer"
    return Gate(outcome="not_applicable", detail=detail)


def _completed(row: Conversation) -> Conversation:
    """The row with a result for each call and an answer, to check the form of what it has."""
    messages: list[Message] = []
    for message in row.messages:
        messages.append(message)
        messages += [
            Message(role="tool", tool_call_id=call.id, content="null")
            for call in message.tool_calls or ()
        ]
    if not row.messages or row.messages[-1].role != "assistant" or row.messages[-1].tool_calls:
        messages.append(Message(role="assistant", content="."))
    bare = {"messages": messages, "plan": Plan(), "expected": Expected()}
    return row.model_copy(update=bare)


def _schema(row: Conversation, form: Format | None) -> Gate:
    closed = {
        tool["function"]["name"]
        for tool in row.tools
        if (tool["function"].get("parameters") or {}).get("additionalProperties") is False
    }
    for found in check_tools(row.tools):
        if code_of(found) == "bad_tool_schema":
            return fail(f"{found['where']}: {found['what']}")
    calls = calls_of(row)
    names = {call: function.name for call, function in calls}
    for found in check_calls(row.tools, calls, form.reference if form else None):
        code, call = code_of(found), found["where"].partition("#")[0]
        if code == "extra_argument" and names[call] not in closed:
            continue  # reported on import; the schema does not forbid it
        if code in VIOLATIONS or code in ("extra_argument", "unknown_tool"):
            return fail(f"{found['where']} {names[call]}: {found['what']}")
    return PASS


def calls_of(row: Conversation) -> list[tuple[str, Function]]:
    """Ids and calls in order; those that a benchmark wants where the row makes none."""
    made = [(call.id, call.function) for m in row.messages for call in m.tool_calls or ()]
    return made or [(f"gold_{i}", call) for i, call in enumerate(row.expected.calls, 1)]
