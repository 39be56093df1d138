"""The grounding gate: every argument leaf's sources are proven, and so are the answers."""

from __future__ import annotations

import datetime
import operator
from collections.abc import Mapping, Sequence
from typing import Any

from callwright.schemas import surface
from callwright.schemas.claims import NotGrounded, at, prove_answers, says
from callwright.schemas.kinds import kind_at, parameter_kind, schema_at
from callwright.schemas.pointers import leaves
from callwright.schemas.reading import PASS, Made, Unreadable, calls_of, fail, identical
from callwright.schemas.record import (
    Condition,
    Conversation,
    DefaultSource,
    Gate,
    Message,
    ResultSource,
    SelectedSource,
    Source,
    SystemSource,
    Test,
    UserSource,
)
from callwright.schemas.selection import select
from callwright.schemas.toolbox import Tool
from callwright.schemas.views import tool_of

NEEDS_TODAY = frozenset({"date.relative", "date.short", "datetime.relative"})
"""Surface forms that say nothing without the day on which they were said."""

_DATE_FORMS = ("date.iso", "date.long")


def check_grounding(
    row: Conversation,
    tools: Mapping[str, Tool] | None,
    calls: Sequence[Made] | None = None,
) -> Gate:
    """Prove every source of every argument leaf, and every fact in the answers.

    Args:
        row: The row.
        tools: The real tools by name, for kinds; without them terms cannot be read, and what
            then fails for a tool that is not there is `not_comparable`.
        calls: `calls_of(row)`, where the caller has it.
    """
    try:
        calls = calls_of(row) if calls is None else calls
        prover = _Prover(row, tools or {}, calls)
        prover.arguments()
        prover.conditions()
        prove_answers(row, tools or {}, calls)
    except (Unreadable, NotGrounded) as fault:
        gate = fail(str(fault))
        if tools is None or any(call.name not in tools for call in calls or ()):
            return Gate(outcome="not_comparable", detail=gate.detail)
        return gate
    return PASS


class _Prover:
    """Proves one row; raises `NotGrounded` at the first thing that is not so."""

    def __init__(self, row: Conversation, tools: Mapping[str, Tool], calls: Sequence[Made]) -> None:
        self.row = row
        self.tools = tools
        self.calls = calls
        self.by_id = {call.id: call for call in calls}

    # ----------------------------------------------------------- arguments

    def arguments(self) -> None:
        for call in self.calls:
            claimed = self.row.sources.get(call.id, {})
            # A call without arguments has nothing to ground.
            found = dict(leaves(call.arguments)) if call.arguments else {}
            for leaf in claimed:
                if leaf not in found:
                    raise NotGrounded(f"{call.id}: a source for {leaf}, which is no argument leaf")
            for leaf, value in found.items():
                sources = claimed.get(leaf)
                if not sources:
                    raise NotGrounded(f"{call.id}{leaf} = {value!r} has no source")
                self._leaf(call, leaf, value, sources)

    def conditions(self) -> None:
        for condition in self.row.plan.conditions:
            self._condition(condition)

    def _condition(self, condition: Condition) -> None:
        where = f"condition on {condition.call}{condition.pointer}"
        call = self.by_id.get(condition.call)
        if call is None:
            raise NotGrounded(f"{where}: there is no such call")
        value = at(call.value, condition.pointer, call.id, where)
        if _holds(value, condition) != condition.holds:
            raise NotGrounded(f"{where}: {value!r} {condition.op} {condition.value!r} is not so")
        acted = any(
            tool_of(self.row.views, other.name) == condition.then and other.turn > call.turn
            for other in self.calls
        )
        if acted != condition.holds:
            raise NotGrounded(f"{where}: {condition.then} is called where it must not be, or not")
        if condition.source is None:
            if not isinstance(condition.value, str | bool) and condition.value != 0:
                raise NotGrounded(f"{where}: nobody says {condition.value!r}")
            return
        tool = self.tools.get(call.name)
        kind = kind_at(tool.returns, condition.pointer) if tool else None
        self._said(condition.source, condition.value, kind, None, where)

    def _leaf(self, call: Made, leaf: str, value: Any, sources: Sequence[Source]) -> None:
        where = f"{call.id}{leaf} = {value!r}"
        tool = self.tools.get(call.name)
        kind = parameter_kind(tool, leaf) if tool else None
        today = self._today(sources)
        said = any(isinstance(source, UserSource) for source in sources)
        for source in sources:
            if isinstance(source, UserSource):
                self._said(source, value, kind, today, where)
            elif isinstance(source, SystemSource):
                # Beside what the user said it is the date that gives "tomorrow" a meaning.
                if not (said and today is not None and self._as_date(source) == today):
                    self._stated(source, value, kind, where)
            elif isinstance(source, ResultSource):
                earlier = self._earlier(source.call, call, where)
                self._identical(value, earlier.value, source.pointer, earlier.id, where)
            elif isinstance(source, SelectedSource):
                self._selected(source, call, value, today, where)
            else:
                parameter = schema_at(tool.parameters, leaf) if tool else {}
                _fixed(isinstance(source, DefaultSource), value, parameter, where)

    def _said(
        self,
        source: UserSource,
        value: Any,
        kind: str | None,
        today: datetime.date | None,
        where: str,
    ) -> None:
        text = self._text(source, "user", where)
        if source.form in NEEDS_TODAY and today is None:
            raise NotGrounded(
                f"{where}: {text!r} needs a date in the system message as second source"
            )
        says(value, text, source.form, kind, self.row.language, where, today=today)

    def _stated(self, source: SystemSource, value: Any, kind: str | None, where: str) -> None:
        text = self._text(source, "system", where)
        says(value, text, source.form, kind, self.row.language, where)

    def _selected(
        self,
        source: SelectedSource,
        call: Made,
        value: Any,
        today: datetime.date | None,
        where: str,
    ) -> None:
        earlier = self._earlier(source.call, call, where)
        items = at(earlier.value, source.list, earlier.id, where)
        if not isinstance(items, list):
            raise NotGrounded(f"{where}: {source.list} of {earlier.id} is no list")
        for test in source.rule.where:
            self._test(test, source, earlier, today, where)
        index = select(items, source.rule)
        if index is None:
            raise NotGrounded(f"{where}: the rule singles out no item of {earlier.id}{source.list}")
        self._identical(value, items[index], source.pointer, f"item {index}", where)

    def _test(
        self,
        test: Test,
        source: SelectedSource,
        earlier: Made,
        today: datetime.date | None,
        where: str,
    ) -> None:
        if test.source is None:
            # "the delivered one": words imply it, and "nonstop" implies 0. Any other number has
            # to be said.
            if not isinstance(test.value, str | bool) and test.value != 0:
                raise NotGrounded(
                    f"{where}: nobody says the {test.value!r} to test {test.field} on"
                )
            return
        tool = self.tools.get(earlier.name)
        pointer = f"{source.list}/0/{test.field.replace('.', '/')}"
        kind = kind_at(tool.returns, pointer) if tool else None
        if today is None and test.source.form in NEEDS_TODAY:
            today = self._today([s for leaf in self._system_sources() for s in leaf])
        self._said(test.source, test.value, kind, today, f"{where}: test on {test.field}")

    def _system_sources(self) -> list[list[Source]]:
        return [
            [source for source in leaf if isinstance(source, SystemSource)]
            for found in self.row.sources.values()
            for leaf in found.values()
        ]

    # ------------------------------------------------------------- helpers

    def _text(self, source: UserSource | SystemSource, role: str, where: str) -> str:
        message = self._message(source.message, where)
        text = message.content or ""
        if message.role != role:
            raise NotGrounded(
                f"{where}: message {source.message} is the {message.role}'s, not {role}"
            )
        if not 0 <= source.start < source.end <= len(text):
            raise NotGrounded(f"{where}: no span [{source.start}, {source.end}) in that message")
        return text[source.start : source.end]

    def _message(self, index: int, where: str) -> Message:
        if not 0 <= index < len(self.row.messages):
            raise NotGrounded(f"{where}: there is no message {index}")
        return self.row.messages[index]

    def _today(self, sources: Sequence[Source]) -> datetime.date | None:
        """The date that a system source states, where there is one."""
        for source in sources:
            if isinstance(source, SystemSource):
                day = self._as_date(source)
                if day is not None:
                    return day
        return None

    def _as_date(self, source: SystemSource) -> datetime.date | None:
        if source.form not in _DATE_FORMS:
            return None
        text = self._text(source, "system", "today")
        found = surface.parse(text, source.form, language=self.row.language)
        return datetime.date.fromisoformat(found[0]) if len(found) == 1 else None

    def _earlier(self, name: str, call: Made, where: str) -> Made:
        """The call `name`, whose result was there before `call` was made."""
        earlier = self.by_id.get(name)
        if earlier is None or earlier.turn >= call.turn:
            raise NotGrounded(f"{where}: {name} is no call of an earlier turn")
        return earlier

    def _identical(self, value: Any, holder: Any, pointer: str, what: str, where: str) -> None:
        found = at(holder, pointer, what, where)
        if not identical(value, found):
            raise NotGrounded(f"{where}: {what}{pointer} is {found!r}")


def _holds(value: Any, condition: Condition) -> bool:
    wanted = condition.value
    if condition.op == "eq":
        return identical(value, wanted)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    compare = {"le": operator.le, "ge": operator.ge, "lt": operator.lt, "gt": operator.gt}
    return bool(compare[condition.op](value, wanted))


def _fixed(default: bool, value: Any, parameter: Mapping[str, Any], where: str) -> None:
    """A value that nobody said: the schema's default, or one that the request's words imply."""
    if default:
        if "default" not in parameter or not identical(parameter["default"], value):
            raise NotGrounded(
                f"{where}: the schema's default is {parameter.get('default', 'none')!r}"
            )
    elif not isinstance(value, bool) and not any(
        identical(value, member) for member in parameter.get("enum", ())
    ):
        raise NotGrounded(f"{where}: only a boolean or an enum member may be a constant")
