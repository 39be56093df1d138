"""What `quality.py` counts, row by row: the same rules for our rows and for foreign ones.

Two of them are deliberately simple, so that they do not rest on what they are to check:

- A value *stands* in a text if its plain form (a string as it is, a number as JSON writes it) is
  there as a word or words of its own, letter case aside: "OSL" does not stand in "Oslo", nor
  "4" in "4.5". The rule is blind to other wordings ("3 May" for 2026-05-03). One figure,
  `fed_by_text`, asks less: that the form is any part of the text.
- A *skeleton* is the sequence of tool names and the user's words with every argument value,
  quoted text and number masked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from callwright.schemas.formats import nestful, seal_tools
from callwright.schemas.formats.defects import VIOLATIONS, check_calls, code_of
from callwright.schemas.pointers import leaves, split
from callwright.schemas.record import Conversation, Function, Gate, Plan
from callwright.schemas.style import Style, measure
from callwright.schemas.views import tool_of

Grounding = Callable[[Conversation], Gate]

REFERENCES: dict[str, re.Pattern[str]] = {
    "nestful": nestful.REFERENCE,
    "seal_tools": seal_tools.REFERENCE,
}
"""Formats whose arguments may stand for a result that the format does not hold."""

_MASKED = re.compile(r"\"[^\"]*\"|'[^'\s][^']*'|“[^”]*”|「[^」]*」|#?\d[\d.,:/%-]*")


@dataclass
class Tally:
    """Counts over the rows of one data set; `add` each row once."""

    name: str
    check_grounding: Grounding | None = None
    """The grounding gate; for rows of ours, whose sources are recorded."""
    ours: bool = False
    rows: int = 0
    calls: int = 0
    violating_calls: int = 0
    answered_violations: int = 0
    """Violating calls that the tool refused in the same row (error recovery shows these)."""
    unknown_tools: int = 0
    leaves: int = 0
    unsourced: int = 0
    ungrounded_rows: int = 0
    nowhere: int = 0
    """Leaves that stand in no earlier text or result and are no default or enum member."""
    fed_by_text: int = 0
    fed_by_value: int = 0
    duplicates: int = 0
    results: int = 0
    chains: int = 0
    chains_with_unnamed: int = 0
    longer: int = 0
    with_calls: int = 0
    sequences: Counter[str] = field(default_factory=Counter)
    topologies: Counter[str] = field(default_factory=Counter)
    skeletons: Counter[str] = field(default_factory=Counter)
    masked: Counter[str] = field(default_factory=Counter)
    scenarios: Counter[str] = field(default_factory=Counter)
    used: set[str] = field(default_factory=set)
    offered: set[str] = field(default_factory=set)
    _texts: set[tuple[str, ...]] = field(default_factory=set)
    single_turns: list[str] = field(default_factory=list)
    """English requests of rows with one user message."""
    _requests: list[str] = field(default_factory=list)

    def add(self, row: Conversation) -> None:
        """Count one row."""
        self.rows += 1
        self.scenarios[row.scenario] += 1
        turns = tuple(m.content or "" for m in row.messages if m.role == "user")
        self.duplicates += turns in self._texts
        self._texts.add(turns)
        if row.language == "en" and len(turns) == 1:
            self.single_turns.append(turns[0])
        if row.language == "en" and row.scenario in ("single", "imported") and turns:
            self._requests.append(turns[0])
        calls = calls_of(row)
        self.calls += len(calls)
        self.with_calls += bool(calls)
        names = {tool["function"]["name"] for tool in row.tools}
        self.offered.update(tool_of(row.views, name) for name in names)
        self.used.update(tool_of(row.views, function.name) for _, function in calls)
        self._schema(row, calls)
        self._sources(row, calls)
        self._texts_and_results(row)
        self._shapes(row, calls, turns)

    def style(self) -> Style:
        """How single English requests (imported rows: first English user turns) are worded."""
        return measure(self._requests)

    def _schema(self, row: Conversation, calls: list[tuple[str, Function]]) -> None:
        closed = {
            tool["function"]["name"]
            for tool in row.tools
            if tool["function"]["parameters"].get("additionalProperties") is False
        }
        by_id = dict(calls)
        reference = REFERENCES.get((row.origin or {}).get("format", ""))
        broken: set[str] = set()
        for found in check_calls(row.tools, calls, reference):
            call = found["where"].partition("#")[0]
            code = code_of(found)
            self.unknown_tools += code == "unknown_tool"
            if code in VIOLATIONS or (code == "extra_argument" and by_id[call].name in closed):
                broken.add(call)
        self.violating_calls += len(broken)
        for message in row.messages:
            if message.tool_call_id in broken and (message.content or "").startswith('{"error":'):
                self.answered_violations += 1

    def _sources(self, row: Conversation, calls: list[tuple[str, Function]]) -> None:
        for call, function in calls:
            recorded = row.sources.get(call, {})
            for at, _ in leaves(function.arguments) if function.arguments else ():
                self.leaves += 1
                self.unsourced += not recorded.get(at)
        if self.check_grounding:
            self.ungrounded_rows += self.check_grounding(row).outcome == "fail"

    def _texts_and_results(self, row: Conversation) -> None:
        parameters = {t["function"]["name"]: t["function"]["parameters"] for t in row.tools}
        reference = REFERENCES.get((row.origin or {}).get("format", ""))
        said, shown, values, given = "", "", set[str](), set[str]()
        by_text = by_value = False
        pending = [] if any(m.tool_calls for m in row.messages) else row.expected.calls
        for message in row.messages:
            text = (message.content or "").casefold()
            if message.role in ("user", "system"):
                said += text + "\n"
            elif message.role == "tool":
                self.results += 1
                shown += text + "\n"
                values.update(_result_values(message.content or ""))
            for call in message.tool_calls or ():
                for at, leaf in _plain_leaves(call.function, reference):
                    form = plain(leaf)
                    fixed = isinstance(leaf, bool) or leaf is None
                    by_text = by_text or (form in shown and form not in said and not fixed)
                    if stands(form, said):
                        continue
                    # A result that repeats an argument has not brought the value forth.
                    by_value = by_value or (form in values - given and not fixed)
                    if form not in values and not stands(form, shown):
                        self.nowhere += not _free(parameters.get(call.function.name), at, leaf)
            for call in message.tool_calls or ():
                given.update(plain(leaf) for _, leaf in leaves(call.function.arguments))
        for function in pending:
            for at, leaf in _plain_leaves(function, reference):
                if not stands(plain(leaf), said):
                    self.nowhere += not _free(parameters.get(function.name), at, leaf)
        self.fed_by_text += by_text
        self.fed_by_value += by_value

    def _shapes(
        self, row: Conversation, calls: list[tuple[str, Function]], turns: tuple[str, ...]
    ) -> None:
        if not calls:
            return
        plan = row.plan
        sequence = plan.sequence or [tool_of(row.views, function.name) for _, function in calls]
        self.sequences[">".join(sequence)] += 1
        if shape := plan.topology or topology(plan):
            self.topologies[shape] += 1
        masked = f"{'>'.join(sequence)}|{masked_request(turns, calls)}"
        self.masked[masked] += 1
        self.skeletons[plan.skeleton or masked] += 1
        self.longer += plan.length >= 2
        if plan.length >= 2:
            producers = {producer for producer, _, _ in plan.causal_edges}
            self.chains += 1
            self.chains_with_unnamed += any(s.unnamed and s.call in producers for s in plan.steps)


def calls_of(row: Conversation) -> list[tuple[str, Function]]:
    """(id, call) in order; the expected calls where the messages hold none."""
    made = [(c.id, c.function) for m in row.messages for c in m.tool_calls or ()]
    if made:
        return made
    imported = row.scenario == "imported"
    return [(f"gold_{i}", call) for i, call in enumerate(row.expected.calls)] if imported else []


def plain(value: Any) -> str:
    """The form in which a value is looked for in texts."""
    if isinstance(value, str):
        return value.casefold()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return orjson.dumps(value).decode()


def stands(form: str, text: str) -> bool:
    """Whether `form` is in `text` as words of its own (Chinese has no gaps between words)."""
    at = text.find(form)
    while at >= 0:
        end = at + len(form)
        before, after = text[max(0, at - 1) : at], text[end : end + 2]
        inside = _is_latin(before) and _is_latin(form[:1])
        inside = inside or (_is_latin(after[:1]) and _is_latin(form[-1:]))
        inside = inside or (form[-1:].isdigit() and after[:1] == "." and after[1:].isdigit())
        if not inside:
            return True
        at = text.find(form, at + 1)
    return False


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def topology(plan: Plan) -> str:
    """Number of steps and edges between them; empty without steps."""
    if not plan.steps:
        return ""
    place = {step.call: i for i, step in enumerate(plan.steps)}
    edges = sorted((place[a], place[s.call]) for s in plan.steps for a in s.after if a in place)
    return ",".join([str(len(plan.steps)), *(f"{a}>{b}" for a, b in edges)])


def masked_request(turns: tuple[str, ...], calls: list[tuple[str, Function]]) -> str:
    """The user's words with argument values, quoted texts and numbers masked."""
    text = " ".join(" ".join(turns).casefold().split())
    forms = {" ".join(plain(leaf).split()) for _, f in calls for _, leaf in leaves(f.arguments)}
    for form in sorted(forms, key=lambda form: (-len(form), form)):
        if len(form) > 1:
            text = text.replace(form, "<>")
    return _MASKED.sub("<>", text)


def _plain_leaves(
    function: Function, reference: re.Pattern[str] | None
) -> Iterator[tuple[str, Any]]:
    for at, leaf in leaves(function.arguments) if function.arguments else ():
        if not (reference and isinstance(leaf, str) and reference.search(leaf)):
            yield at, leaf


def _result_values(content: str) -> Iterator[str]:
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError:
        return
    for _, leaf in leaves(value):
        yield plain(leaf)


def _free(parameters: Any, at: str, leaf: Any) -> bool:
    """Whether the schema itself gives the value: a default, an enum or const, true or false.

    An enum may also be told: "One of: window, aisle." at the end of the description.
    """
    if isinstance(leaf, bool) or leaf is None:
        return True
    schema = parameters
    for token in split(at):
        if not isinstance(schema, dict):
            return False
        if schema.get("default") is not None and schema["default"] == leaf:
            return True
        inner = schema.get("properties")
        schema = inner.get(token) if isinstance(inner, dict) else schema.get("items")
    if not isinstance(schema, dict):
        return False
    told = str(schema.get("description", "")).rstrip(".").partition("One of: ")[2].split(", ")
    return leaf in (schema.get("enum") or told) or any(
        key in schema and schema[key] == leaf for key in ("default", "const")
    )
