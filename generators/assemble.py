"""From an executed, worded plan to a `Conversation`."""

from __future__ import annotations

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
from callwright.generators.wording.request import Request
from callwright.generators.wording.system import System
from callwright.generators.wording.text import Text, flat, positions
from callwright.schemas.canonical import digest
from callwright.schemas.pointers import escape, from_dotted
from callwright.schemas.record import (
    Claim,
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

_NEEDS_TODAY = ("date.relative", "date.short", "datetime.relative")


class Assembly:
    """The parts of one row, put together by `conversation`."""

    def __init__(
        self, request: Request, turns: list[list[Node]], system: System | None, answer: Text
    ) -> None:
        self.request = request
        self.turns = turns
        self.nodes = [node for turn in turns for node in turn]
        self.system = system
        self.answer = answer
        self.asked = 0 if system is None else 1
        """Index of the user's message."""
        self.marks = request.marks()

    # ------------------------------------------------------------ messages

    def messages(self) -> list[Message]:
        out: list[Message] = []
        if self.system is not None:
            out.append(Message(role="system", content=self.system.text))
        out.append(Message(role="user", content=flat(self.request.text)))
        for turn in self.turns:
            calls = [
                ToolCall(id=n.call, function=Function(name=n.tool.name, arguments=n.values))
                for n in turn
            ]
            out.append(Message(role="assistant", tool_calls=calls))
            for node in turn:
                assert node.result is not None
                out.append(
                    Message(role="tool", tool_call_id=node.call, content=node.result.content)
                )
        out.append(Message(role="assistant", content=flat(self.answer)))
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
        ((mark, start, end),) = self.request.marks_of(node, name, argument, self.marks)
        found: list[Source] = [UserSource(message=self.asked, start=start, end=end, form=mark.form)]
        if mark.form in _NEEDS_TODAY:
            assert self.system is not None
            assert self.system.today is not None
            found.append(self.system.today)
        return found

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
        for mark, start, end in self.marks:
            if mark.node is node and mark.test == (path, index):
                return UserSource(message=self.asked, start=start, end=end, form=mark.form)
        return None

    def claims(self, message: int) -> list[Claim]:
        return [
            Claim(
                message=message,
                start=start,
                end=end,
                call=mark.node.call,
                pointer=mark.name,
                form=mark.form,
            )
            for mark, start, end in positions(self.answer)
        ]

    # ---------------------------------------------------------------- plan

    def plan(self) -> Plan:
        order = {id(node): i for i, node in enumerate(self.nodes)}
        steps = [
            Step(
                call=node.call,
                tool=node.tool.name,
                after=sorted({f.call for f in node.feeders()}, key=_number),
                unnamed=node.call in self.request.unnamed,
            )
            for node in self.nodes
        ]
        edges = sorted({(order[id(f)], order[id(n)]) for n in self.nodes for f in n.feeders()})
        sequence = [node.tool.name for node in self.nodes]
        return Plan(
            steps=steps,
            goals=[goal.call for goal in self.request.goals],
            sequence=sequence,
            topology=",".join(f"{a}>{b}" for a, b in edges) or str(len(self.nodes)),
            skeleton=self._skeleton(sequence),
            causal_edges=[
                (argument.node.call, node.call, "/" + escape(name))
                for node in self.nodes
                for name, argument in node.arguments.items()
                if isinstance(argument, Fed)
            ],
        )

    def _skeleton(self, sequence: list[str]) -> str:
        """Digest of sequence, bindings and the request with its values masked."""
        masked = "".join(
            f"<{span.mark.kind}>" if span.mark else span.text for span in self.request.text
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
                {"call": mark.node.call, "pointer": mark.name}
                for mark, _, _ in positions(self.answer)
            ],
            forbidden=[t.name for t in offer.tools if t.effect == "write" and t.name not in called],
            calls=[Function(name=n.tool.name, arguments=n.values) for n in self.nodes],
        )


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
    messages = assembly.messages()
    return Conversation(
        id=row_id,
        scenario=scenario,
        language=language,
        tools=offer.shown(),
        messages=messages,
        plan=assembly.plan(),
        sources=assembly.sources(),
        claims=assembly.claims(len(messages) - 1),
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
