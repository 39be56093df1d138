"""A row as an annotator wants it, its calls run again and every gate passed; or why there is none.

An argument that was left as it is and that came from an earlier call gets what that call gives
now. Of anything that changed the sources are found anew (`sourcing`), claims likewise
(`answering`). Then the row is certified as if it had just been built.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callwright.curation.review.answering import found_claims, moved_claims
from callwright.curation.review.corrections import (
    Texts,
    Turn,
    Unclear,
    parse_calls,
    parse_request,
    turns_of,
)
from callwright.curation.review.rerun import Rerun, rerun
from callwright.curation.verify import certify
from callwright.schemas.canonical import digest
from callwright.schemas.claims import NotGrounded, prove_answers
from callwright.schemas.kinds import parameter_kind
from callwright.schemas.reading import Made, Unreadable, calls_of
from callwright.schemas.record import (
    Conversation,
    Expected,
    Function,
    Message,
    Plan,
    ResultSource,
    Scenario,
    SelectedSource,
    Step,
    ToolCall,
    UserSource,
)
from callwright.schemas.shape import feeders, topology
from callwright.schemas.toolbox import Tool, Toolbox
from callwright.schemas.views import for_row, tool_of

SHAPED = ("single", "parallel", "chain", "dag")
"""Scenarios that say nothing but how the calls hang together; a correction may change them."""


@dataclass(frozen=True)
class Refused:
    """Why a correction makes no row."""

    reason: str
    answer: bool = False
    """Only the answer is wrong: the calls hold, and `draft` shows what they give now."""
    draft: Conversation | None = None
    """The row as it would be, as far as it could be made."""


def mend(row: Conversation, wanted: Texts, toolbox: Toolbox) -> Conversation | Refused:
    """Make the corrections of `wanted` in `row`.

    Args:
        row: The row as it was reviewed.
        wanted: What was corrected, and nothing else (`corrections.edited`).
        toolbox: The tools that made the row.

    Returns:
        The certified row, its revision and review still those of `row`; or why there is none.
    """
    if row.scenario == "imported":
        return Refused("its calls were not run here and cannot be run again: accept or reject it")
    try:
        return _Mending(row, wanted, toolbox).row()
    except (Unclear, Unreadable) as fault:
        return Refused(str(fault))


class _Mending:
    """One row's correction."""

    def __init__(self, row: Conversation, wanted: Texts, toolbox: Toolbox) -> None:
        self.old = row
        self.wanted = wanted
        self.toolbox = toolbox
        self.tools: Mapping[str, Tool] = {t.name: t for t in for_row(toolbox, row).tools()}
        self.before = calls_of(row)

    def row(self) -> Conversation | Refused:
        turns = turns_of(self.old)
        if self.wanted.calls is not None:
            turns = parse_calls(self.wanted.calls)
            self._refuse_moves(turns)
        said = self._said()
        done = rerun(self.old, self.before, turns, said, self.toolbox)
        goals = self._goals(done)
        messages = self._messages(said, turns, done)
        last = len(messages) - 1
        answer = messages[last].content or ""
        claims = moved_claims(self.old, done.moved, last)
        if self.wanted.answer is not None:
            found = found_claims(self.old, answer, done.made, done.moved, goals, self.tools)
            claims = [claim for claim in claims if claim.message != last]
            claims += [claim.model_copy(update={"message": last}) for claim in found]
        record = self.old.model_copy(
            update={
                "messages": messages,
                "sources": done.sources,
                "claims": claims,
                "expected": self._expected(done),
            }
        )
        record = record.model_copy(update=self._shape(record, done, goals))
        return self._judged(record)

    def _judged(self, record: Conversation) -> Conversation | Refused:
        calls = calls_of(record)
        lost = len(record.claims) < len(self.old.claims) and self.wanted.answer is None
        try:
            prove_answers(record, self.tools, calls)
            if lost:
                raise NotGrounded("it states the result of a step that is gone")
        except NotGrounded as fault:
            return Refused(
                f"the answer no longer holds, please correct it: {fault}", answer=True, draft=record
            )
        outputs = [{"call": claim.call, "pointer": claim.pointer} for claim in record.claims]
        expected = record.expected.model_copy(update={"outputs": outputs})
        certified = certify(record.model_copy(update={"expected": expected}), self.toolbox)
        failed = [
            f"{name}: {gate.detail}"
            for name, gate in certified.gates.items()
            if gate.outcome in ("fail", "not_comparable")
        ]
        return Refused("; ".join(failed), draft=certified) if failed else certified

    # ------------------------------------------------------------ messages

    def _refuse_moves(self, turns: Sequence[Turn]) -> None:
        """With several requests nobody could tell which of them a new step belongs to."""
        asked = sum(message.role == "user" for message in self.old.messages)
        same = [len(turn) for turn in turns] == [len(turn) for turn in turns_of(self.old)]
        if asked > 1 and not same:
            raise Unclear(
                "in a row with several requests steps can be changed, but not added or taken away"
            )

    def _said(self) -> list[Message]:
        """The row's messages, the user's in their new words."""
        messages = list(self.old.messages)
        if self.wanted.request is not None:
            said = iter(parse_request(self.old, self.wanted.request))
            for index, message in enumerate(messages):
                if message.role == "user":
                    messages[index] = message.model_copy(update={"content": next(said)})
        return messages

    def _messages(
        self, said: Sequence[Message], turns: Sequence[Turn], done: Rerun
    ) -> list[Message]:
        groups = [_turn(done.made, at) for at in range(len(turns))]
        old_turns = [m for m in self.old.messages if m.tool_calls]
        if [len(m.tool_calls or ()) for m in old_turns] == [len(turn) for turn in turns]:
            rest, out = iter(groups), list[Message]()
            for message in said:
                if message.tool_calls:
                    out += _kept_words(message, next(rest))
                elif message.role != "tool":
                    out.append(message)
        else:
            # One request: what comes before the first call, all turns, the answer.
            out = [m for m in said if m.role in ("system", "user")]
            out += [message for group in groups for message in group]
            out.append(said[-1])
        if self.wanted.answer is not None:
            out[-1] = out[-1].model_copy(update={"content": self.wanted.answer})
        return out

    # ---------------------------------------------------------------- plan

    def _goals(self, done: Rerun) -> list[str]:
        """What was asked for; of new steps those that feed no other."""
        kept = [done.moved[goal] for goal in self.old.plan.goals if goal in done.moved]
        feeding = {
            source.call
            for leaves in done.sources.values()
            for sources in leaves.values()
            for source in sources
            if isinstance(source, ResultSource | SelectedSource)
        }
        old = set(done.moved.values())
        new = [m.id for m in done.made if m.id not in old and m.id not in feeding]
        goals = [*kept, *new]
        return goals or [made.id for made in done.made[-1:]]

    def _expected(self, done: Rerun) -> Expected:
        called = {made.name for made in done.made}
        offered = [str(tool["function"]["name"]) for tool in self.old.tools]
        return Expected(
            state=done.state,
            forbidden=[
                name
                for name in offered
                if name not in called and name in self.tools and self.tools[name].effect == "write"
            ],
            calls=[Function(name=made.name, arguments=made.arguments) for made in done.made],
        )

    def _shape(self, record: Conversation, done: Rerun, goals: list[str]) -> dict[str, object]:
        calls = calls_of(record)
        after = feeders(calls, record.sources)
        unnamed = {
            done.moved[step.call]
            for step in self.old.plan.steps
            if step.unnamed and step.call in done.moved
        }
        sequence = [tool_of(record.views, call.name) for call in calls]
        plan = Plan(
            steps=[
                Step(call=c.id, tool=tool, after=after[c.id], unnamed=c.id in unnamed)
                for c, tool in zip(calls, sequence, strict=True)
            ],
            goals=goals,
            sequence=sequence,
            topology=topology(calls, after),
            skeleton=self._skeleton(record, calls),
            conditions=[
                condition.model_copy(update={"call": done.moved[condition.call]})
                for condition in self.old.plan.conditions
                if condition.call in done.moved
            ],
        )
        return {"plan": plan, "scenario": _scenario(self.old.scenario, calls, plan)}

    def _skeleton(self, record: Conversation, calls: Sequence[Made]) -> str:
        old = _pattern(self.old, self.before, self.tools)
        new = _pattern(record, calls, self.tools)
        return self.old.plan.skeleton if new == old else digest(new)


def _turn(made: Sequence[Made], at: int) -> list[Message]:
    calls = [call for call in made if call.turn == at]
    asked = [
        ToolCall(id=call.id, function=Function(name=call.name, arguments=call.arguments))
        for call in calls
    ]
    results = [Message(role="tool", tool_call_id=call.id, content=call.content) for call in calls]
    return [Message(role="assistant", tool_calls=asked), *results]


def _kept_words(old: Message, group: list[Message]) -> list[Message]:
    """What was said or thought beside the calls stays where they stay as they were."""
    if old.tool_calls == group[0].tool_calls:
        return [old, *group[1:]]
    return group


def _scenario(old: Scenario, calls: Sequence[Made], plan: Plan) -> Scenario:
    if old not in SHAPED:
        return old
    if len(calls) == 1:
        return "single"
    after = [step.after for step in plan.steps]
    if not any(after):
        return "parallel"
    path = all(a == ([calls[i - 1].id] if i else []) for i, a in enumerate(after))
    return "chain" if path else "dag"


def _pattern(row: Conversation, calls: Sequence[Made], tools: Mapping[str, Tool]) -> list[object]:
    """Sequence, bindings, and the requests with their values masked by their kinds."""
    kind_of: dict[tuple[int, int, int], str] = {}
    bindings: list[list[str]] = []
    for call in calls:
        for leaf, sources in row.sources.get(call.id, {}).items():
            for source in sources:
                bindings.append([call.id, leaf, *_binding(source)])
                if isinstance(source, UserSource) and call.name in tools:
                    span = (source.message, source.start, source.end)
                    kind_of[span] = parameter_kind(tools[call.name], leaf)
    masked = [message.content or "" for message in row.messages]
    for (message, start, end), kind in sorted(kind_of.items(), reverse=True):
        masked[message] = f"{masked[message][:start]}<{kind}>{masked[message][end:]}"
    said = [masked[i] for i, message in enumerate(row.messages) if message.role == "user"]
    return [[call.name for call in calls], bindings, said]


def _binding(source: object) -> list[str]:
    if isinstance(source, ResultSource):
        return ["result", source.call, source.pointer]
    if isinstance(source, SelectedSource):
        return ["selected", source.call, source.list, source.rule.take, source.pointer]
    return [type(source).__name__]
