"""`Conversation`: the one record that every stage reads and writes.

Messages are OpenAI-shaped with one exception that Hugging Face chat templates ask for:
`arguments` is an object, not a string. Positions (`start`, `end`) count Unicode code points.
The JSON Schema of this module's models ships as `schemas/conversation.schema.json`.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

SCHEMA_VERSION = 1

Language = Literal["en", "zh"]
Scenario = Literal[
    "single",
    "parallel",
    "chain",
    "dag",
    "conditional",
    "multi_turn",
    "missing_argument",
    "irrelevant",
    "missing_tool",
    "error_recovery",
    "stateful",
    "policy",
    "long_history",
    "imported",
]
GateName = Literal["form", "schema", "grounding", "replay", "causality"]
Outcome = Literal["pass", "fail", "not_applicable", "not_comparable"]
Verdict = Literal["accept", "fix", "reject"]


class Part(BaseModel):
    """Base of every part of the record: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# ------------------------------------------------------------------ messages


class Function(Part):
    name: str
    arguments: dict[str, Any]


class ToolCall(Part):
    id: str
    """Unique in the row, `call_1`, `call_2`, … in the order the calls are made."""
    type: Literal["function"] = "function"
    function: Function


class Message(Part):
    role: Literal["system", "user", "assistant", "tool"]
    content: str | None = None
    """Text; for a tool message the JSON text exactly as the tool returned it."""
    reasoning_content: str | None = None
    tool_calls: list[ToolCall] | None = None
    tool_call_id: str | None = None


# ------------------------------------------------------------------- sources


class UserSource(Part):
    """The value stands in a user message, written in surface form `form`."""

    origin: Literal["user"] = "user"
    message: int
    start: int
    end: int
    form: str


class SystemSource(Part):
    """The value stands in the system message; beside a UserSource ("next Friday") both count."""

    origin: Literal["system"] = "system"
    message: int = 0
    start: int
    end: int
    form: str


class ResultSource(Part):
    """The value is the one at `pointer` (RFC 6901) in the result of an earlier call."""

    origin: Literal["result"] = "result"
    call: str
    pointer: str


class Test(Part):
    """One condition on a list item: `item[field] op value`."""

    __test__ = False  # not a pytest class
    field: str
    op: Literal["eq", "ge", "le"]
    value: Any
    source: UserSource | None = None
    """Where the user said `value`; None when the request's own words imply it ("delivered")."""


class Rule(Part):
    """Which item of a list: those that pass every test in `where`, then `take` among them.

    `first`/`last`: by position. `min`/`max`: by field `by`, which must have no tie.
    `only`: exactly one passes.
    """

    where: list[Test] = []
    take: Literal["first", "last", "min", "max", "only"]
    by: str | None = None


class SelectedSource(Part):
    """The value is at `pointer` within the item that `rule` selects from the list at `list`."""

    origin: Literal["selected"] = "selected"
    call: str
    list: str
    """JSON pointer to the list in the result of `call`."""
    rule: Rule
    pointer: str
    """JSON pointer within the selected item."""


class DefaultSource(Part):
    """The value is the parameter's schema default, spelled out."""

    origin: Literal["default"] = "default"


class ConstantSource(Part):
    """The value follows from the request's wording; only booleans and enum members may."""

    origin: Literal["constant"] = "constant"


Source = Annotated[
    UserSource | SystemSource | ResultSource | SelectedSource | DefaultSource | ConstantSource,
    Field(discriminator="origin"),
]

Sources = dict[str, dict[str, list[Source]]]
"""call id -> JSON pointer of an argument leaf -> sources. An empty container is a leaf."""


class Claim(Part):
    """A span of the final answer that states the value at `pointer` in the result of `call`."""

    message: int
    start: int
    end: int
    call: str
    pointer: str
    form: str


# ---------------------------------------------------------------------- plan


class Step(Part):
    call: str
    tool: str
    """The tool itself, under whatever name the row offers it."""
    after: list[str] = []
    """Ids of the calls whose results this call's arguments come from."""
    unnamed: bool = False
    """The request does not name this step; the model must find it."""


class Condition(Part):
    """What the request makes a further call depend on: `result[pointer] op value`."""

    call: str
    """The call whose result decides."""
    pointer: str
    op: Literal["eq", "le", "ge", "lt", "gt"]
    value: Any
    source: UserSource | None = None
    """Where the user said `value`; None when the request's own words imply it ("in stock")."""
    holds: bool
    then: str
    """The tool itself: it is called if the condition holds, and is not if it does not."""


class Plan(Part):
    steps: list[Step] = []
    goals: list[str] = []
    """Ids of the calls whose results the user asked for."""
    sequence: list[str] = []
    """The tools themselves in calling order."""
    topology: str = ""
    """The DAG's shape: `0>1,1>2` over steps numbered in calling order; `2` = two lone steps."""
    skeleton: str = ""
    """Hex digest of sequence + bindings + the request with its values masked."""
    conditions: list[Condition] = []
    """Proven by the grounding gate: each holds or does not as it says, and is acted upon."""
    causal_edges: list[tuple[str, str, str]] = []
    """(producer call, consumer call, argument pointer) of each edge claimed to be causal."""
    length: int = 0
    """Number of calls on the longest path of causal edges; 1 when there is a call, 0 without."""


# ---------------------------------------------------------------------- rest


class Expected(Part):
    """What scoring needs to know about a right answer."""

    state: str | None = None
    """Digest of the world after the gold calls, where any of them writes."""
    outputs: list[dict[str, str]] = []
    """Required outputs: `{"call": id, "pointer": JSON pointer}` into the gold results."""
    forbidden: list[str] = []
    """Offered write tools that a right episode never calls successfully."""
    calls: list[Function] = []
    """Gold calls in order."""


class Gate(Part):
    outcome: Outcome
    detail: str | None = None
    """On `fail`: step, value and what was expected."""


class Judgement(Part):
    """What one annotator thought of the row."""

    who: str
    """A pseudonym, the same in every row of one Argilla server."""
    verdict: Verdict
    problems: list[str] = []
    """What is wrong, in the words of the review's question."""
    step: int | None = None
    """The first step that is wrong, from 1."""
    reason: str = ""
    untouched: list[str] = []
    """Questions answered by leaving the suggestion as it was: consent, not an own finding."""


class Edit(Part):
    """One change to the row after it was built."""

    revision: int
    """What the change made of the row."""
    by: list[str]
    """Pseudonyms of those who wanted it, or a command's name."""
    before: dict[str, Any]
    """Part of the row -> what stood there: request, calls, answer."""


class Review(Part):
    """What people thought of the row and made of it."""

    verdict: Verdict
    rule: str
    """How several judgements became one verdict: majority, strict, adjudicator."""
    judgements: list[Judgement]
    history: list[Edit] = []


class View(Part):
    """Another signature over a tool, and the way back from it (see `views`)."""

    tool: str
    """The tool's own name."""
    parameters: dict[str, str] = {}
    """JSON pointer in the shown arguments -> real parameter. One left out is not shown: its
    default holds."""
    told: list[str] = []
    """Real parameters whose enum is told in their description instead of listed."""
    fields: dict[str, str] = {}
    """Key of the real result -> shown key, wherever it stands in the result."""
    around: dict[str, Any] = {}
    """What is shown beside the result; where `data` says so, around it."""
    data: str | None = None
    """Key of `around` at which the result stands."""

    @model_validator(mode="after")
    def _leads_back(self) -> View:
        for pointer in self.parameters:
            if not _PARAMETER.fullmatch(pointer):
                raise ValueError(f"{pointer!r} cannot be a parameter's place")
            way = pointer.rpartition("/")[0]
            while way:
                if way in self.parameters:
                    raise ValueError(f"{pointer!r} stands within another parameter, {way!r}")
                way = way.rpartition("/")[0]
        for names in (self.parameters, self.fields):
            if len(set(names.values())) < len(names):
                raise ValueError("two names stand for one")
        if self.data is not None and self.data not in self.around:
            raise ValueError("`data` is no key of `around`")
        if self.around.keys() == {"error"}:
            raise ValueError("a result in `error` alone would pass for a failure")
        return self


_PARAMETER = re.compile(r"(/[A-Za-z0-9_-]{1,64}){1,4}")


class Promises(Part):
    executed: Literal["exact", "recorded"] | None = None
    grounded: bool = False
    causal: bool = False


class Conversation(Part):
    id: str
    revision: int = 0
    schema_version: int = SCHEMA_VERSION
    scenario: Scenario
    language: Language
    tools: list[dict[str, Any]]
    """Offered tools, OpenAI-shaped: `{"type": "function", "function": {...}}`, without kinds."""
    messages: list[Message]
    plan: Plan = Plan()
    sources: Sources = {}
    claims: list[Claim] = []
    expected: Expected = Expected()
    views: dict[str, View] = {}
    """Offered name -> mapping back to the tool, for tools offered under another signature."""
    promises: Promises = Promises()
    gates: dict[GateName, Gate] = {}
    split: str = "all"
    review: Review | None = None
    origin: dict[str, Any] | None = None
    seed: int = 0
    """Opens this row's world: `toolbox.open(row.seed)`."""
    build: str = ""
    """Digest of the build (tools section of the recipe + versions) that made the row."""


class Rejection(Part):
    """A row that a stage dropped: nothing disappears silently."""

    stage: str
    reason: str
    """A short machine-countable word, e.g. `duplicate_request`."""
    detail: str = ""
    row: dict[str, Any]
    """The row, or as much of it as existed."""
