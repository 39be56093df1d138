"""One conversation that a model leads by itself, against tools that really run.

A policy sees `episode.messages` and `episode.tools` and nothing else: what is expected, the plan
and the sources of a row stay outside its reach.

    episode = Episode(row, toolbox)
    while not episode.ended:
        text = my_model(episode.messages, episode.tools)
        episode.act(read_turn(text))
    print(episode.outcome().success)
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

from callwright.schemas.canonical import dumps
from callwright.schemas.pointers import PointerError, resolve
from callwright.schemas.reading import calls_of
from callwright.schemas.record import Conversation, Function, Message, ToolCall
from callwright.schemas.toolbox import Json, Toolbox
from callwright.schemas.views import for_row
from callwright.training.answers import is_answer
from callwright.training.turns import Turn
from callwright.training.user import asks, reply

Ending = Literal["answered", "malformed", "too_many_turns", "too_many_calls"]

REPLIES = 2
"""Questions of a model that the user answers; what it says after them is its answer."""


@dataclass(frozen=True, slots=True)
class Executed:
    """A call of the episode and what it returned."""

    turn: int
    function: Function
    content: str
    """The result's JSON text."""
    failure: str | None

    @property
    def value(self) -> Json:
        return orjson.loads(self.content)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an episode ended, judged by what is so in its world, not by how it got there."""

    ending: Ending
    words: bool
    """It ended with an answer or a question in words (`answers.is_answer`): neither with silence
    nor with the request said again."""
    state: bool
    """The world is in the wanted state."""
    outputs: bool
    """Every required output was returned by some call."""
    forbidden: list[str] = field(default_factory=list)
    """Calls that changed what was not to be changed."""

    @property
    def success(self) -> bool:
        """Chain success; `docs/metrics.md` says why each part is needed."""
        return self.words and self.state and self.outputs and not self.forbidden


def shaped(message: Message) -> dict[str, Any]:
    """A message as every policy is given it: OpenAI-shaped, arguments as objects."""
    found: dict[str, Any] = {"role": message.role, "content": message.content or ""}
    if message.tool_calls:
        found["tool_calls"] = [call.model_dump() for call in message.tool_calls]
    if message.tool_call_id is not None:
        found["tool_call_id"] = message.tool_call_id
    return found


class Episode:
    """One episode over a row.

    Args:
        row: the row; it is not changed.
        toolbox: runs the calls, in a world of this episode's own.
        turns: turns a model may take; by default twice the row's own and four more.
        calls: calls a model may make, likewise.
    """

    def __init__(
        self,
        row: Conversation,
        toolbox: Toolbox,
        *,
        turns: int | None = None,
        calls: int | None = None,
    ) -> None:
        self._row = row
        self._gold = calls_of(row)
        toolbox = for_row(toolbox, row)
        self._session = toolbox.open(row.seed)
        self._effects = {tool.name: tool.effect for tool in toolbox.tools()}
        self._most_turns = turns or 2 * sum(m.role == "assistant" for m in row.messages) + 4
        self._most_calls = calls or 2 * len(self._gold) + 4
        self._replies = 0
        self.tools: list[dict[str, Any]] = copy.deepcopy(row.tools)
        """The offered tools, OpenAI-shaped."""
        self._offered = {tool["function"]["name"] for tool in self.tools}
        first = next(i for i, m in enumerate(row.messages) if m.role == "assistant")
        self.messages: list[dict[str, Any]] = [shaped(m) for m in row.messages[:first]]
        """The conversation so far, OpenAI-shaped, arguments as objects."""
        self._later = [m.content for m in row.messages[first:] if m.role == "user"]
        self.turns: list[Turn] = []
        self.executed: list[Executed] = []
        self.ended: Ending | None = None

    def act(self, turn: Turn) -> None:
        """Take a model's turn: run its calls, or take what it says as answer or question."""
        if self.ended is not None:
            raise RuntimeError("the episode has ended")
        self.turns.append(turn)
        if turn.fault is not None:
            self.ended = "malformed"
            return
        if turn.calls:
            self._run(turn)
        else:
            self.messages.append({"role": "assistant", "content": turn.content})
            self._hear(turn.content)
        self._limit()

    def _limit(self) -> None:
        if self.ended is None and len(self.turns) >= self._most_turns:
            self.ended = "too_many_turns"

    def _run(self, turn: Turn) -> None:
        first = len(self.executed) + 1
        calls = [ToolCall(id=f"call_{n}", function=f) for n, f in enumerate(turn.calls, first)]
        said = Message(role="assistant", content=turn.content, tool_calls=calls)
        self.messages.append(shaped(said))
        for call in calls:
            if len(self.executed) >= self._most_calls:
                self.ended = "too_many_calls"
                return
            done = self._call(call.function)
            self.executed.append(done)
            answer = Message(role="tool", tool_call_id=call.id, content=done.content)
            self.messages.append(shaped(answer))

    def _call(self, call: Function) -> Executed:
        if call.name not in self._offered:
            why = {"error": {"kind": "not_found", "message": f"There is no tool {call.name!r}."}}
            return Executed(len(self.turns) - 1, call, dumps(why), "not_found")
        result = self._session.call(call.name, call.arguments)
        return Executed(len(self.turns) - 1, call, result.content, result.failure)

    def _hear(self, text: str) -> None:
        if self._later:
            self.messages.append({"role": "user", "content": self._later.pop(0)})
        elif asks(text) and self._replies < REPLIES and not self._reached():
            self._replies += 1
            self.messages.append({"role": "user", "content": reply(self._row, text)})
        else:
            self.ended = "answered"

    # ------------------------------------------------------------- judgement

    def outcome(self) -> Outcome:
        """Judge the ended episode.

        Raises:
            RuntimeError: it has not ended.
        """
        if self.ended is None:
            raise RuntimeError("the episode has not ended")
        forbidden = set(self._row.expected.forbidden)
        return Outcome(
            self.ended,
            self._ended_with_words(),
            self._state_is_right(),
            self._outputs_are_there(),
            [
                done.function.name
                for done in self.executed
                if done.failure is None and done.function.name in forbidden
            ],
        )

    def _ended_with_words(self) -> bool:
        before = ((m["role"], m["content"]) for m in self.messages[:-1])
        return self.ended == "answered" and is_answer(self.turns[-1], before, self._offered)

    def _reached(self) -> bool:
        return self._state_is_right() and self._outputs_are_there()

    def _state_is_right(self) -> bool:
        wanted = self._row.expected.state
        if wanted is not None:
            return self._session.digest() == wanted
        # Nothing was to be changed, so nothing may have been.
        return not any(
            done.failure is None and self._effects.get(done.function.name) == "write"
            for done in self.executed
        )

    def _outputs_are_there(self) -> bool:
        made = {call.id: call for call in self._gold}
        for output in self._row.expected.outputs:
            gold, pointer = made.get(output["call"]), output["pointer"]
            if gold is None or not _has(gold.value, pointer):
                return False  # a row that expects what its own calls do not give
            wanted = resolve(gold.value, pointer)
            if not any(
                done.function.name == gold.name
                and done.failure is None
                and _has(done.value, pointer)
                and resolve(done.value, pointer) == wanted
                for done in self.executed
            ):
                return False
        # A row without calls wants none.
        return bool(self._gold) or not self.executed


def _has(value: Json, pointer: str) -> bool:
    try:
        resolve(value, pointer)
    except PointerError:
        return False
    return True
