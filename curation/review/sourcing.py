"""Where the arguments of corrected calls come from, found anew.

What did not change keeps its sources. A value that changed, or whose words did, is looked for in
the user's words, among defaults, in the system message and in earlier results, in this order.
Nothing is believed here: the gates prove what is found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from callwright.curation.fed import Fed, Gone, looked_up
from callwright.curation.review.corrections import Unclear
from callwright.curation.review.finding import Found, saying, today_in
from callwright.schemas.grounding import NEEDS_TODAY
from callwright.schemas.kinds import kind_at, parameter_kind, schema_at
from callwright.schemas.pointers import PointerError, leaves, resolve, split
from callwright.schemas.reading import Made, identical
from callwright.schemas.record import (
    ConstantSource,
    Conversation,
    DefaultSource,
    Message,
    ResultSource,
    SelectedSource,
    Source,
    SystemSource,
    UserSource,
)
from callwright.schemas.toolbox import Json, Tool

_REFERENCE = re.compile(r"\$step([1-9][0-9]?)((?:\.[^.]+)+)")
"""`$step1.airport`: how an annotator names a value of a result that does not exist yet."""


class Sourcing:
    """Finds values and sources of corrected calls, one after the other, as they are made."""

    def __init__(
        self,
        row: Conversation,
        messages: Sequence[Message],
        tools: Mapping[str, Tool],
        moved: Mapping[str, str],
    ) -> None:
        """Set up.

        Args:
            row: The row as it was.
            messages: Its system message and what the user says now, each at its index; what
                stands between is not read.
            tools: The real tools by name.
            moved: Id of a call of the row -> id of the same call among the corrected ones.
        """
        self.row = row
        self.messages = messages
        self.tools = tools
        self.moved = moved
        self.reworded = {
            index
            for index, message in enumerate(messages)
            if message.role == "user" and message.content != row.messages[index].content
        }
        first = messages[0]
        said = first.content if first.role == "system" else None
        self.today = today_in(said or "", row.language)

    # -------------------------------------------------------------- values

    def followed(
        self, leaf: str, value: Json, old: Made | None, made: Mapping[str, Made]
    ) -> tuple[Json, list[Source]] | None:
        """The value and sources of a leaf that follows an earlier result, else None.

        An argument that the annotator left as it was, and that came from an earlier call, gets
        what that call gives now. `$step1.airport` asks for a result's value by name.

        Raises:
            Unclear: That call gives no such value any more.
        """
        reference = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
        if reference is not None:
            return self._referred(reference, made)
        source = self._fed(leaf, value, old)
        if source is None:
            return None
        earlier = made.get(source.call)
        if earlier is None:  # that step is gone: perhaps another gives the same value
            return None
        try:
            return looked_up(source, earlier.value), [source]
        except Gone:
            number = source.call.removeprefix("call_")
            raise Unclear(
                f"{leaf[1:]} came from step {number}, whose result has no such value"
            ) from None

    def _referred(
        self, reference: re.Match[str], made: Mapping[str, Made]
    ) -> tuple[Json, list[Source]]:
        call, pointer = f"call_{reference[1]}", reference[2].replace(".", "/")
        if call not in made:
            raise Unclear(f"{reference[0]}: step {reference[1]} is not made before this one")
        try:
            value = resolve(made[call].value, pointer)
        except PointerError as error:
            raise Unclear(f"{reference[0]}: the result of step {reference[1]}: {error}") from None
        return value, [ResultSource(call=call, pointer=pointer)]

    def _fed(self, leaf: str, value: Json, old: Made | None) -> Fed | None:
        """The result source of an unchanged leaf, over the corrected calls."""
        if old is None or not _same_at(old.arguments, leaf, value):
            return None
        for source in self.row.sources.get(old.id, {}).get(leaf, ()):
            if isinstance(source, ResultSource | SelectedSource):
                return self._moved(source)
        return None

    def _moved(self, source: Fed) -> Fed:
        call = self.moved.get(source.call, "")
        if isinstance(source, ResultSource):
            return source.model_copy(update={"call": call})
        tests = []
        for test in source.rule.where:
            said = test.source
            if said is not None and said.message in self.reworded:
                again = self._again(said, test.value, None)
                if again is None:
                    raise Unclear(f"the request no longer says the {test.value!r} to choose by")
                test = test.model_copy(update={"source": again})  # noqa: PLW2901
            tests.append(test)
        rule = source.rule.model_copy(update={"where": tests})
        return source.model_copy(update={"call": call, "rule": rule})

    # ------------------------------------------------------------- sources

    def sources(
        self, tool: Tool, leaf: str, value: Json, old: Made | None, made: Mapping[str, Made]
    ) -> list[Source]:
        """Where a value that follows no result comes from.

        Raises:
            Unclear: From nowhere: nobody said it, and no earlier step gave it.
        """
        unchanged = old is not None and _same_at(old.arguments, leaf, value)
        stood = self.row.sources.get(old.id, {}).get(leaf, []) if old and unchanged else []
        words = [s for s in stood if isinstance(s, UserSource)]
        fed = any(isinstance(s, ResultSource | SelectedSource) for s in stood)
        if stood and not fed and not any(s.message in self.reworded for s in words):
            return list(stood)
        kind = parameter_kind(tool, leaf)
        said = self._again(words[0], value, kind) if words else self._said(value, kind)
        if said is not None:
            return [said, *self._day(said)]
        schema = schema_at(tool.parameters, leaf)
        if "default" in schema and identical(schema["default"], value):
            return [DefaultSource()]
        stated = self._stated(value, kind)
        if stated is not None:
            return [stated]
        given = self._given(tool, leaf, value, kind, made)
        if given is not None:
            return [given]
        if isinstance(value, bool) or any(identical(value, m) for m in schema.get("enum", ())):
            return [ConstantSource()]
        raise Unclear(
            f"nobody said {leaf[1:]} = {value!r}, and no earlier step gives it; correct the "
            "request as well, or name a result such as $step1.field"
        )

    def _again(self, old: UserSource, value: Json, kind: str | None) -> UserSource | None:
        """The same words in the reworded request, else other words that say the value."""
        before = (self.row.messages[old.message].content or "")[old.start : old.end]
        text = self.messages[old.message].content or ""
        if text.count(before) == 1:
            start = text.index(before)
            return old.model_copy(update={"start": start, "end": start + len(before)})
        return self._said(value, kind)

    def _said(self, value: Json, kind: str | None) -> UserSource | None:
        for index, message in enumerate(self.messages):
            found = self._find(message.content or "", value, kind) if message.role == "user" else []
            for start, end, form in found:
                return UserSource(message=index, start=start, end=end, form=form)
        return None

    def _stated(self, value: Json, kind: str | None) -> SystemSource | None:
        if self.messages[0].role != "system":
            return None
        for start, end, form in self._find(self.messages[0].content or "", value, kind):
            return SystemSource(start=start, end=end, form=form)
        return None

    def _find(self, text: str, value: Json, kind: str | None) -> list[Found]:
        day = None if self.today is None else self.today[1]
        return saying(text, value, kind=kind, language=self.row.language, today=day)

    def _day(self, said: UserSource) -> list[Source]:
        if said.form not in NEEDS_TODAY or self.today is None:
            return []
        start, end, form = self.today[0]
        return [SystemSource(start=start, end=end, form=form)]

    def _given(
        self, tool: Tool, leaf: str, value: Json, kind: str, made: Mapping[str, Made]
    ) -> ResultSource | None:
        """A field of an earlier result that is the value and is of a kind the parameter takes."""
        taken = {kind, *schema_at(tool.parameters, leaf).get("x-accepts", ())}
        for call in reversed(list(made.values())):
            returns = self.tools[call.name].returns
            for pointer, found in leaves(call.value):
                fits = kind_at(returns, pointer) in taken or split(pointer)[-1:] == split(leaf)[-1:]
                if fits and identical(found, value):
                    return ResultSource(call=call.id, pointer=pointer)
        return None


def _same_at(arguments: dict[str, Any], leaf: str, value: Json) -> bool:
    try:
        return identical(resolve(arguments, leaf), value)
    except PointerError:
        return False
