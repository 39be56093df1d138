"""How the values of one request are written: each in one way, all in one manner."""

from __future__ import annotations

import datetime
import re

from callwright.generators.planning import Node, Said, Unfit
from callwright.generators.wording.lexicon import Slot
from callwright.generators.wording.steady import Steady
from callwright.generators.wording.surface import render
from callwright.schemas.record import Language

RELATIVE = ("date.relative", "datetime.relative")
"""Surface forms that today's date gives a meaning: "in two weeks"."""
_NEVER_RELATIVE = ("date.travel",)
_ADVERB = re.compile(r"^in |\bago$")
"""Relative dates that stand after no other word than a verb: no "between in two weeks and …"."""
_WEEKDAY = re.compile(r"[A-Z][a-z]+day,")


class Literals:
    """The values that one request says.

    Args:
        style: the chance from which everything is written.
        today: the date the system message gives, which allows "tomorrow".
    """

    def __init__(self, language: Language, style: Steady, today: datetime.date | None) -> None:
        self._language, self._style, self._today = language, style, today
        self._said: dict[tuple[object, ...], tuple[str, str]] = {}

    def said(self, node: Node, argument: Said, slot: Slot, *, item: bool) -> tuple[str, str]:
        """An argument's text and surface form: one value in one way throughout a request.

        Args:
            item: inside the words for an item of a list or a list of values, where days are
                absolute.

        Raises:
            Unfit: it cannot be written in this language.
        """
        parameter = argument.parameter
        adverbs = bool(slot.preposition)  # "in two weeks" may stand where "on 3 May" may
        weekdays = "weekday" not in node.tool.returns.get("properties", {})  # nobody asks and says
        # "The first flight in eight days" is another flight, and "moved to in eight days" another
        # day than today's eighth.
        relative = not item and parameter.kind not in _NEVER_RELATIVE
        key = (parameter.kind, argument.value, adverbs, weekdays, relative)
        if key not in self._said:
            text, form = self._render(
                argument.value, parameter.kind, parameter.schema, relative=relative
            )
            if form in RELATIVE and not adverbs and _ADVERB.search(text):
                text, form = self.written(argument.value, parameter.kind, parameter.schema)
            again = 0
            while form == "date.long" and not weekdays and _WEEKDAY.match(text):
                again += 1
                text, form = self._render(
                    argument.value, parameter.kind, parameter.schema, again=again
                )
            self._said[key] = (text, form)
        return self._said[key]

    def written(self, value: object, kind: str, schema: dict[str, object]) -> tuple[str, str]:
        """A value's text and surface form, never relative to today.

        Raises:
            Unfit: as above.
        """
        return self._render(value, kind, schema, relative=False)

    def _render(
        self,
        value: object,
        kind: str,
        schema: dict[str, object],
        *,
        relative: bool = True,
        again: int = 0,
    ) -> tuple[str, str]:
        try:
            return render(
                value,
                kind=kind,
                schema=schema,
                language=self._language,
                rng=Steady((self._style.roll + 0.37 * again) % 1) if again else self._style,
                today=self._today if relative else None,
            )
        except ValueError as error:
            raise Unfit("no_surface", str(error)) from error
