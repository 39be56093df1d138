"""`reasoning_content`: what the assistant thinks before each turn, told from the row's own plan.

It says why this tool, which result feeds it and what is still missing. It names tools and
parameters as the row offers them and never a value, so it cannot give away one that is not known
yet.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from callwright.generators.wording.lexicon import read_yaml
from callwright.schemas.reading import Made, calls_of
from callwright.schemas.record import (
    Conversation,
    Language,
    ResultSource,
    SelectedSource,
    SystemSource,
    UserSource,
)

_UNSERVED = ("irrelevant", "missing_tool")
"""Scenarios whose turns without a call mean that no tool can do it."""

_OPEN_ENDED = ("conditional", "error_recovery", "policy")
"""Scenarios that may end without what was asked for."""


@cache
def _sentences(language: Language) -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(Path(__file__).with_name("reasoning.yaml"))[language]
    return found


def reasoned(row: Conversation, writing: Collection[str]) -> Conversation:
    """The row with a thought before each turn of the assistant's.

    Args:
        row: with its plan and sources.
        writing: names of the tools that change something, as the plan names them.

    Returns:
        The same row; only `reasoning_content` differs. A turn of which nothing true is known to
        say has none.
    """
    thoughts = _Thoughts(row, writing)
    messages = [
        message.model_copy(update={"reasoning_content": thoughts.before(at)})
        if message.role == "assistant"
        else message
        for at, message in enumerate(row.messages)
    ]
    return row.model_copy(update={"messages": messages})


class _Thoughts:
    def __init__(self, row: Conversation, writing: Collection[str]) -> None:
        self.row = row
        self.writes = {step.call for step in row.plan.steps if step.tool in writing}
        self.rng = random.Random(f"{row.seed}/reasoning")
        self.sentences = _sentences(row.language)
        self.said: set[str] = set()
        """Sentences as they stand in the table; none comes twice while there are others."""
        self.made: dict[str, Made] = {call.id: call for call in calls_of(row)}
        users = [at for at, message in enumerate(row.messages) if message.role == "user"]
        asked = {call: bisect(users, made.turn) for call, made in self.made.items()}
        self.feeding: dict[str, list[tuple[str, str]]] = {}
        """Call -> (the call that it feeds, by which parameter), in the order of the calls. Only
        what the same message of the user's asks for: nobody knows what will be asked next, nor
        that a call will fail."""
        for call in self.made:
            for producer, name, _ in self._fed(call):
                if asked[producer] == asked[call] and not self.made[producer].failed:
                    self.feeding.setdefault(producer, []).append((call, name))

    def before(self, at: int) -> str | None:
        """The thought before the message at this place."""
        message = self.row.messages[at]
        if message.tool_calls:
            return self._joined(self._calling([call.id for call in message.tool_calls], at))
        if self.row.messages[at - 1].role == "tool":
            open_end = self.row.scenario in _OPEN_ENDED or self._failed_before(at)
            return self._say("enough" if open_end else "done")
        return self._without_calls(at)

    # ------------------------------------------------------------------ calls

    def _calling(self, calls: Sequence[str], at: int) -> list[str]:
        if len(calls) > 1:
            return self._several(calls)
        (call,) = calls
        feeders = [self.made[producer] for producer, _, _ in self._fed(call)]
        failed = next((f for f in feeders if f.failed), None) or self._failed_before(at)
        first = self._after_error(call, failed) if failed else self._inputs(call)
        waiting = self.feeding.get(call)
        if waiting is None:
            return [first, self._say("write")] if call in self.writes else [first]
        if failed is not None or self._fed(call):
            return [first, self._waiting("onward", call, waiting)]
        return [self._waiting("lookup", call, waiting)]

    def _after_error(self, call: str, failed: Made) -> str:
        suggested = any(producer == failed.id for producer, _, _ in self._fed(call))
        kind = "mended" if suggested else "failed"
        return self._say(kind, tool=self._tool(call), **{"from": failed.name})

    def _several(self, calls: Sequence[str]) -> list[str]:
        tools = list(dict.fromkeys(map(self._tool, calls)))
        if len(tools) == 1:
            said = [self._say("twice", tool=tools[0])]
        else:
            said = [self._say("together", tools=self._listed(tools))]
        for call in calls:
            if waiting := self.feeding.get(call):
                return [*said, self._waiting("onward", call, waiting)]
        return said

    def _inputs(self, call: str) -> str:
        """What makes this call possible now."""
        tool = self._tool(call)
        fed = self._fed(call)
        if fed:
            last = max(fed, key=lambda one: list(self.made).index(one[0]))[0]
            names = self._listed(dict.fromkeys(name for one, name, _ in fed if one == last))
            picked = any(chosen for one, _, chosen in fed if one == last)
            kind = "picked" if picked else "follow"
            return self._say(kind, tool=tool, known=names, **{"from": self._tool(last)})
        if not self.made[call].arguments:
            return self._say("bare", tool=tool)
        system = [
            _name(leaf)
            for leaf, sources in self.row.sources.get(call, {}).items()
            if any(isinstance(s, SystemSource) for s in sources)
            and not any(isinstance(s, UserSource) for s in sources)
        ]
        if system:
            return self._say("signed_in", tool=tool, known=self._listed(system))
        return self._say("direct", tool=tool)

    def _fed(self, call: str) -> list[tuple[str, str, bool]]:
        """(feeding call, parameter, was an item of a list chosen?) for what results feed."""
        return [
            (source.call, _name(leaf), isinstance(source, SelectedSource))
            for leaf, sources in self.row.sources.get(call, {}).items()
            for source in sources
            if isinstance(source, ResultSource | SelectedSource)
        ]

    def _waiting(self, kind: str, call: str, waiting: Sequence[tuple[str, str]]) -> str:
        consumer = waiting[0][0]
        names = dict.fromkeys(name for one, name in waiting if one == consumer)
        return self._say(
            kind,
            tool=self._tool(call),
            later=self._tool(consumer),
            missing=self._listed(names),
        )

    def _failed_before(self, at: int) -> Made | None:
        """The last call, where it was answered with an error."""
        last = self.made.get(self.row.messages[at - 1].tool_call_id or "")
        return last if last is not None and last.failed else None

    # ---------------------------------------------------------------- no calls

    def _without_calls(self, at: int) -> str | None:
        """Before an answer that no call led to."""
        users = [i for i, message in enumerate(self.row.messages) if message.role == "user"]
        later = users[bisect(users, at) :]
        if self.row.scenario == "missing_argument" and later:
            for call in self.made:
                for leaf, sources in self.row.sources.get(call, {}).items():
                    if any(isinstance(s, UserSource) and s.message == later[0] for s in sources):
                        return self._say("asks", tool=self._tool(call), missing=_name(leaf))
        if self.row.scenario == "policy":
            last = "settled" if len(users) > 1 else "ruled"
            return self._say("rules" if later else last)
        return self._say("nothing") if self.row.scenario in _UNSERVED else None

    # ------------------------------------------------------------------- words

    def _tool(self, call: str) -> str:
        return self.made[call].name

    def _listed(self, names: Iterable[str]) -> str:
        *head, last = names
        before: str = self.sentences["comma"].join(head)
        return f"{before}{self.sentences['and']}{last}" if before else last

    def _joined(self, said: Sequence[str]) -> str:
        text: str = self.sentences["between"].join(said)
        return text

    def _say(self, kind: str, **words: str) -> str:
        forms: list[str] = self.sentences[kind]
        chosen = self.rng.choice([f for f in forms if f not in self.said] or forms)
        self.said.add(chosen)
        return chosen.format(**words)


def _name(leaf: str) -> str:
    """A parameter's name: the last part of its JSON pointer that is no index."""
    return next((part for part in leaf.split("/")[::-1] if part and not part.isdigit()), leaf)
