"""From an executed, worded plan to a `Conversation`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import orjson

from callwright.generators.graph import Output
from callwright.generators.offering import Offer
from callwright.generators.planning import (
    Along,
    Fed,
    Fixed,
    Node,
    Said,
    SignedIn,
)
from callwright.generators.wording.system import System
from callwright.generators.wording.text import Mark, Span, Text, flat, positions
from callwright.generators.wording.typing_habits import Hand
from callwright.schemas.canonical import digest
from callwright.schemas.pointers import escape, from_dotted
from callwright.schemas.record import (
    Claim,
    Condition,
    ConstantSource,
    Conversation,
    Expected,
    Function,
    Language,
    Message,
    Plan,
    ResultSource,
    Scenario,
    SelectedSource,
    Source,
    Step,
    ToolCall,
    UserSource,
)
from callwright.schemas.toolbox import Json

IF = "if"
"""Name of the mark of a value on which something depends."""

Place = tuple[int, Mark, int, int]
"""A literal: index of its message, what it stands for, the code points that it covers."""

_NEEDS_TODAY = ("date.relative", "date.short", "datetime.relative")


@dataclass(frozen=True)
class Depends:
    """A condition in the making: what it says of which call, and what it decides."""

    node: Node
    field: str
    op: Literal["eq", "le", "ge", "lt", "gt"]
    value: Json
    holds: bool
    then: str


@dataclass(frozen=True)
class Exchange:
    """What a user says, the calls that it leads to, and what the assistant says then."""

    user: Text
    answer: Text
    turns: Sequence[Sequence[Node]] = ()
    goals: Sequence[Node] = ()
    unnamed: frozenset[str] = frozenset()
    """Calls that the user's words leave unsaid."""
    depends: Depends | None = None
    """What the last call of the exchange depends on."""


class Assembly:
    """The parts of one row, put together by `conversation`.

    Args:
        exchanges: in their order; the calls are numbered through all of them.
        system: the system message.
    """

    def __init__(self, exchanges: Sequence[Exchange], system: System | None) -> None:
        self.exchanges = exchanges
        self.worded = exchanges
        """The exchanges before anybody typed them."""
        self.system = system
        self.nodes = [node for one in exchanges for turn in one.turns for node in turn]
        self.marks: list[Place] = []
        """Every literal of the user's messages."""
        self.claimed: list[Place] = []
        """Every literal of the answers."""
        at = 0 if system is None else 1
        self._asked: dict[int, int] = {}
        for one in exchanges:
            self.marks += [(at, *place) for place in positions(one.user)]
            self._asked |= {id(node): at for turn in one.turns for node in turn}
            at += 1 + sum(1 + len(turn) for turn in one.turns)
            self.claimed += [(at, *place) for place in positions(one.answer)]
            at += 1

    def typed(self, hand: Hand) -> Assembly:
        """The same, its user messages as this writer types them."""
        exchanges = [replace(one, user=hand.typed(one.user)) for one in self.exchanges]
        assembly = Assembly(exchanges, self.system)
        assembly.worded = self.worded
        return assembly

    # ------------------------------------------------------------ messages

    def messages(self) -> list[Message]:
        out: list[Message] = []
        if self.system is not None:
            out.append(Message(role="system", content=self.system.text))
        for one in self.exchanges:
            out.append(Message(role="user", content=flat(one.user)))
            for turn in one.turns:
                out += _made(turn)
            out.append(Message(role="assistant", content=flat(one.answer)))
        return out

    # ------------------------------------------------------------- sources

    def sources(self) -> dict[str, dict[str, list[Source]]]:
        return {
            node.call: {"/" + escape(name): self._sources(node, name) for name in node.arguments}
            for node in self.nodes
        }

    def _sources(self, node: Node, name: str) -> list[Source]:
        argument = node.arguments[name]
        if isinstance(argument, Said):
            return self._said(node, name, argument)
        if isinstance(argument, SignedIn):
            assert self.system is not None
            return [self.system.identities[argument.kind]]
        if isinstance(argument, Fixed):
            return [ConstantSource()]
        if isinstance(argument, Along):
            return [self._fed(argument.partner.node, argument.partner.output, argument.field)]
        return [self._fed(argument.node, argument.output, argument.output.field)]

    def _said(self, node: Node, name: str, argument: Said) -> list[Source]:
        message, mark, start, end = self._place(node, name, argument)
        found: list[Source] = [UserSource(message=message, start=start, end=end, form=mark.form)]
        if mark.form in _NEEDS_TODAY:
            assert self.system is not None
            assert self.system.today is not None
            found.append(self.system.today)
        return found

    def _place(self, node: Node, name: str, argument: Said) -> Place:
        """Where a value stands: said for this call, else last said for another."""
        until = self._asked[id(node)]
        before = [place for place in self.marks if place[0] <= until]
        own = [p for p in before if p[1].node is node and p[1].name == name and not p[1].test]
        kind = argument.parameter.kind
        equal = [p for p in before if p[1].kind == kind and p[1].value == argument.value]
        last = [p for p in equal if p[0] == equal[-1][0]]
        return (own or last)[0]

    def _fed(self, node: Node, output: Output, field: str) -> Source:
        if output.list is None:
            return ResultSource(call=node.call, pointer=from_dotted(field))
        rule = node.picks[output.list].rule
        tests = [
            test.model_copy(update={"source": self._test_source(node, output.list, i)})
            for i, test in enumerate(rule.where)
        ]
        return SelectedSource(
            call=node.call,
            list=from_dotted(output.list),
            rule=rule.model_copy(update={"where": tests}),
            pointer=from_dotted(field),
        )

    def _test_source(self, node: Node, path: str, index: int) -> UserSource | None:
        for message, mark, start, end in self.marks:
            if mark.node is node and mark.test == (path, index):
                return UserSource(message=message, start=start, end=end, form=mark.form)
        return None

    def claims(self) -> list[Claim]:
        return [
            Claim(
                message=message,
                start=start,
                end=end,
                call=mark.node.call,
                pointer=mark.name,
                form=mark.form,
            )
            for message, mark, start, end in self.claimed
        ]

    # ---------------------------------------------------------------- plan

    def plan(self) -> Plan:
        order = {id(node): i for i, node in enumerate(self.nodes)}
        unnamed = frozenset().union(*(one.unnamed for one in self.exchanges))
        steps = [
            Step(
                call=node.call,
                tool=node.tool.name,
                after=sorted({f.call for f in node.feeders()}, key=_number),
                unnamed=node.call in unnamed,
            )
            for node in self.nodes
        ]
        edges = sorted({(order[id(f)], order[id(n)]) for n in self.nodes for f in n.feeders()})
        sequence = [node.tool.name for node in self.nodes]
        return Plan(
            steps=steps,
            goals=[goal.call for one in self.exchanges for goal in one.goals],
            sequence=sequence,
            topology=",".join(f"{a}>{b}" for a, b in edges) or str(len(self.nodes)),
            skeleton=self._skeleton(sequence),
            conditions=[
                self._condition(one.depends) for one in self.exchanges if one.depends is not None
            ],
            causal_edges=[
                (argument.node.call, node.call, "/" + escape(name))
                for node in self.nodes
                for name, argument in node.arguments.items()
                if isinstance(argument, Fed) and not argument.node.fails
            ],
        )

    def _condition(self, depends: Depends) -> Condition:
        said = next((p for p in self.marks if p[1].node is depends.node and p[1].name == IF), None)
        source = None
        if said is not None:
            message, mark, start, end = said
            source = UserSource(message=message, start=start, end=end, form=mark.form)
        return Condition(
            call=depends.node.call,
            pointer=from_dotted(depends.field),
            op=depends.op,
            value=depends.value,
            source=source,
            holds=depends.holds,
            then=depends.then,
        )

    def _skeleton(self, sequence: list[str]) -> str:
        """Digest of sequence, bindings and the request with its values masked."""
        masked = "\n".join(
            "".join(f"<{span.mark.kind}>" if span.mark else span.text for span in one.user)
            for one in self.worded  # a slip of the finger makes no other skeleton
        )
        bindings = [
            [name, *_binding(argument)]
            for node in self.nodes
            for name, argument in node.arguments.items()
        ]
        return digest([sequence, bindings, masked])

    def expected(self, state: str | None, offer: Offer) -> Expected:
        called = {node.tool.name for node in self.nodes}
        return Expected(
            state=state,
            outputs=[
                {"call": mark.node.call, "pointer": mark.name} for _, mark, _, _ in self.claimed
            ],
            forbidden=[t.name for t in offer.tools if t.effect == "write" and t.name not in called],
            calls=[Function(name=n.tool.name, arguments=n.values) for n in self.nodes],
        )


def _made(turn: Sequence[Node]) -> Iterator[Message]:
    """The messages of one turn of calls."""
    calls = [
        ToolCall(id=node.call, function=Function(name=node.tool.name, arguments=node.values))
        for node in turn
    ]
    yield Message(role="assistant", tool_calls=calls)
    for node in turn:
        assert node.result is not None
        yield Message(role="tool", tool_call_id=node.call, content=node.result.content)


def _binding(argument: object) -> list[str]:
    if isinstance(argument, Fed):
        return ["result", argument.node.call, argument.output.path]
    if isinstance(argument, Along):
        return ["along", argument.partner.node.call, argument.field]
    if isinstance(argument, Fixed):
        return ["fixed", orjson.dumps(argument.value).decode()]
    return [type(argument).__name__.lower()]


def _number(call: str) -> int:
    return int(call.removeprefix("call_"))


def conversation(
    assembly: Assembly,
    offer: Offer,
    *,
    row_id: str,
    scenario: Scenario,
    language: Language,
    seed: int,
    build: str,
    state: str | None,
) -> Conversation:
    """The row, without gates and promises, its causal edges still candidates."""
    assembly = assembly.typed(Hand.of(language, seed))
    return Conversation(
        id=row_id,
        scenario=scenario,
        language=language,
        tools=offer.shown(),
        messages=assembly.messages(),
        plan=assembly.plan(),
        sources=assembly.sources(),
        claims=assembly.claims(),
        expected=assembly.expected(state, offer),
        seed=seed,
        build=build,
    )


def talk(
    request: str,
    answer: str,
    offer: Offer,
    system: System | None,
    *,
    row_id: str,
    language: Language,
    seed: int,
    build: str,
    masked: str,
) -> Conversation:
    """A row without calls: the request and an answer that needs no tool."""
    request = flat(Hand.of(language, seed).typed([Span(request)]))
    messages = [Message(role="system", content=system.text)] if system else []
    messages += [
        Message(role="user", content=request),
        Message(role="assistant", content=answer),
    ]
    return Conversation(
        id=row_id,
        scenario="irrelevant",
        language=language,
        tools=offer.shown(),
        messages=messages,
        plan=Plan(topology="0", skeleton=digest([[], [], masked])),
        expected=Expected(forbidden=[t.name for t in offer.tools if t.effect == "write"]),
        seed=seed,
        build=build,
    )
