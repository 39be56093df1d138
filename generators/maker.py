"""Making one row: plan, execute, word, assemble. Everything follows from (seed, index, attempt)."""

from __future__ import annotations

import difflib
import random
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from callwright.generators import irrelevant
from callwright.generators.assemble import Assembly, Exchange, conversation, talk
from callwright.generators.binding import Binder, signed_in
from callwright.generators.execution import PackToolbox
from callwright.generators.feasible import feasible
from callwright.generators.graph import Graph
from callwright.generators.offering import Offering
from callwright.generators.planning import Planner, SignedIn, Unfit, nodes_of
from callwright.generators.recipe import BuildSection, ToolsSection
from callwright.generators.scenarios import planned
from callwright.generators.thread import Thread
from callwright.generators.threads import THREADS
from callwright.generators.views.dressing import Wardrobe
from callwright.generators.wording.address import called_alike
from callwright.generators.wording.answer import answer
from callwright.generators.wording.dialogue import Dialogue, dialogue
from callwright.generators.wording.lexicon import Lexicon, lexicon
from callwright.generators.wording.reasoning import reasoned
from callwright.generators.wording.request import Request
from callwright.generators.wording.system import System, system_message
from callwright.generators.worlds import WORLDS
from callwright.schemas.canonical import digest
from callwright.schemas.errors import RecipeError
from callwright.schemas.reading import calls_of
from callwright.schemas.record import Conversation, Language, Scenario
from callwright.schemas.toolbox import Tool, Toolbox

Certify = Callable[[Conversation, Toolbox], Conversation]
"""Runs the gates and fills them in (`curation.verify.certify`, handed over by the command)."""

TODAY_SHARE = 0.3
"""Rows whose system message states the date."""

SIGNED_IN_SHARE = 0.25
"""Rows about a person in which the system message, not a lookup, says who it is."""


@dataclass(frozen=True)
class Failure:
    """An attempt that did not become a row."""

    reason: str
    detail: str
    row: dict[str, object]


class GateFailed(Unfit):
    """A row was made and did not pass."""

    def __init__(self, reason: str, detail: str, row: dict[str, object]) -> None:
        super().__init__(reason, detail)
        self.row = row


class Voice:
    """What one language's rows are made with."""

    def __init__(
        self,
        language: Language,
        toolbox: PackToolbox,
        packs: tuple[str, ...],
        tools: Sequence[Tool],
    ) -> None:
        self.lexicon: Lexicon = lexicon(language, packs)
        self.dialogue: Dialogue = dialogue(language, packs)
        said = frozenset(kind for kind, values in toolbox.values.items() if values.said)
        self.everything = Graph(tools, said, self.lexicon)
        self.reads = Graph([t for t in tools if t.effect == "read"], said, self.lexicon)
        self.identities = {
            name: next(iter(_kinds_elided(self.everything, self.lexicon, name)))
            for name, words in self.lexicon.tools.items()
            if words.me and name in self.everything.tools
        }


def _kinds_elided(graph: Graph, words: Lexicon, tool: str) -> list[str]:
    return [o.kind for o in graph.outputs[tool] if o.path in words.tools[tool].elide]


def _chosen(tools: list[Tool], only: Collection[str] | None) -> list[Tool]:
    """The tools that rows may call and offer.

    Raises:
        RecipeError: the packs have no tool of a name.
    """
    if only is None:
        return tools
    names = [tool.name for tool in tools]
    for name in only:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "see `callwright tools list`"
            raise RecipeError(f"tools.only: the packs have no tool {name!r}; {hint}")
    return [tool for tool in tools if tool.name in only]


class Maker:
    """Makes rows; one per process."""

    def __init__(
        self,
        build: BuildSection,
        tools: ToolsSection,
        seed: int,
        build_digest: str,
        certify: Certify,
    ) -> None:
        self.section = build
        self.seed = seed
        self.build_digest = build_digest
        self.certify = certify
        self.toolbox = PackToolbox(tools.packs)
        chosen = _chosen(self.toolbox.tools(), tools.only)
        self.writing = frozenset(tool.name for tool in chosen if tool.effect == "write")
        self.offering = Offering(chosen, build.descriptions)
        self.wardrobe = Wardrobe(chosen, build.views)
        self.voices = {
            language: Voice(language, self.toolbox, tools.packs, chosen)
            for language, weight in build.languages.items()
            if weight
        }

    @cached_property
    def _scenarios(self) -> tuple[list[Scenario], list[float]]:
        chosen = {name: w for name, w in self.section.scenarios.items() if w}
        if "scenarios" not in self.section.model_fields_set:
            possible = feasible(chosen, self.voices.values(), self.toolbox.open(0))
            chosen = {name: w for name, w in chosen.items() if name in possible}
        return list(chosen), list(chosen.values())

    @cached_property
    def _languages(self) -> tuple[list[Language], list[float]]:
        chosen = {name: w for name, w in self.section.languages.items() if w}
        return list(chosen), list(chosen.values())

    def assignment(self, index: int) -> tuple[Scenario, Language]:
        """Scenario and language belong to the index, so that hard scenarios keep their share."""
        chance = random.Random(f"{self.seed}/{index}")
        return chance.choices(*self._scenarios)[0], chance.choices(*self._languages)[0]

    def attempts(self, index: int, first: int = 0) -> Iterator[tuple[int, Conversation | Failure]]:
        """(attempt, row or failure) for row `index`, in order, until the attempts run out."""
        scenario, language = self.assignment(index)
        for attempt in range(first, self.section.attempts):
            rng = random.Random(f"{self.seed}/{index}/{attempt}")
            try:
                yield attempt, self._make(index, scenario, language, rng)
            except GateFailed as failed:
                yield attempt, Failure(failed.reason, failed.detail, failed.row)
            except Unfit as unfit:
                about: dict[str, object] = {
                    "index": index,
                    "scenario": scenario,
                    "language": language,
                }
                yield attempt, Failure(unfit.reason, unfit.detail, about)

    def _planners(self, voice: Voice, rng: random.Random) -> tuple[Planner, Planner]:
        """Planners with tools that only read, and with all."""
        weights, lengths = self.section.pack_weights, self.section.lengths
        return (
            Planner(voice.reads, rng, weights, lengths),
            Planner(voice.everything, rng, weights, lengths),
        )

    def _make(
        self, index: int, scenario: Scenario, language: Language, rng: random.Random
    ) -> Conversation:
        row_id = digest([self.build_digest, self.seed, index])
        seed = rng.randrange(WORLDS * 2**20)
        if scenario == "irrelevant":
            return self._talk(row_id, language, seed, rng)
        voice = self.voices[language]
        if scenario in THREADS:
            return self._thread(row_id, scenario, voice, seed, rng)
        goals = planned(scenario, *self._planners(voice, rng), voice.lexicon, rng)
        if rng.random() < SIGNED_IN_SHARE:
            signed_in(goals, voice.identities)
        session = self.toolbox.open(seed)
        turns = Binder(session, voice.lexicon, rng).run(goals)
        nodes = nodes_of(goals)
        today = session.world.now.date() if rng.random() < TODAY_SHARE else None
        request = Request(goals, voice.lexicon, rng, today=today)
        identities = {
            argument.kind: argument.value
            for node in nodes
            for argument in node.arguments.values()
            if isinstance(argument, SignedIn)
        }
        system = self._system(language, rng, today=today, identities=identities)
        said = answer(request.owed, voice.lexicon, rng, speaker=request.speech.me)
        exchange = Exchange(request.text, said, turns, goals, frozenset(request.unnamed))
        writes = any(node.tool.effect == "write" for node in nodes)
        needed = list({node.tool.name: node.tool for node in nodes}.values())
        row = conversation(
            Assembly(_called_alike([exchange], language), system),
            self.offering.offer(needed, self._size(len(needed), rng), rng),
            row_id=row_id,
            scenario=scenario,
            language=language,
            seed=seed,
            build=self.build_digest,
            state=session.digest() if writes else None,
        )
        return self._certified(row)

    def _thread(
        self, row_id: str, scenario: Scenario, voice: Voice, seed: int, rng: random.Random
    ) -> Conversation:
        """A row of several exchanges."""
        session = self.toolbox.open(seed)
        today = session.world.now.date() if rng.random() < TODAY_SHARE else None
        thread = Thread(
            session, voice.lexicon, voice.dialogue, *self._planners(voice, rng), rng, today=today
        )
        THREADS[scenario](thread, lambda: self.toolbox.open(seed))
        language = voice.lexicon.language
        system = self._system(language, rng, today=today, identities={}, rule=thread.rule)
        called = {node.tool.name: node.tool for node in thread.nodes}
        needed = list((called | {tool.name: tool for tool in thread.offered}).values())
        offer = self.offering.offer(
            needed,
            self._size(len(needed), rng),
            rng,
            absent=[tool.name for tool in thread.absent],
            near_to=thread.absent[:1],
        )
        row = conversation(
            Assembly(_called_alike(thread.exchanges, language), system),
            offer,
            row_id=row_id,
            scenario=scenario,
            language=language,
            seed=seed,
            build=self.build_digest,
            state=session.digest()
            if any(tool.effect == "write" for tool in called.values())
            else None,
        )
        return self._certified(row)

    def _talk(self, row_id: str, language: Language, seed: int, rng: random.Random) -> Conversation:
        offer = self.offering.offer([], self._size(0, rng), rng)
        said = irrelevant.talk(language, rng, packs={tool.pack for tool in offer.tools})
        today = self.toolbox.open(seed).world.now.date() if rng.random() < TODAY_SHARE else None
        system = self._system(language, rng, today=today, identities={})
        row = talk(
            said.request,
            said.answer,
            offer,
            system,
            row_id=row_id,
            language=language,
            seed=seed,
            build=self.build_digest,
            masked=said.masked,
        )
        return self._certified(row)

    def _system(self, language: Language, rng: random.Random, **facts: object) -> System | None:
        if not any(facts.values()) and rng.random() < 0.6:
            return None
        return system_message(language, rng, **facts)  # type: ignore[arg-type]

    def _size(self, needed: int, rng: random.Random) -> int:
        """How many tools to offer: few more often than many."""
        limits = self.section.offered_tools
        low = max(limits.at_least, needed + limits.distractors)
        high = max(limits.at_most, low)
        return min(high, low + int(rng.random() ** 1.5 * (high - low + 1)))

    def _certified(self, row: Conversation) -> Conversation:
        row = self.wardrobe.dress(row)
        if self.section.reasoning:
            row = reasoned(row, self.writing)
        row = self.certify(row, self.toolbox)
        for name, gate in row.gates.items():
            if gate.outcome not in ("pass", "not_applicable"):
                raise GateFailed(f"gate_{name}", gate.detail or "", row.model_dump(mode="json"))
        _refuse_idle_steps(row)
        return row


def _called_alike(exchanges: Sequence[Exchange], language: Language) -> list[Exchange]:
    """Chinese names a thing in several ways; an answer takes the user's."""
    asked = [one.user for one in exchanges]
    return [
        replace(one, answer=called_alike(asked[: at + 1], one.answer)) if language == "zh" else one
        for at, one in enumerate(exchanges)
    ]


def _refuse_idle_steps(row: Conversation) -> None:
    """Every step that is no goal must really feed one, and a chain must be one from end to end.

    A call whose result the request could have given serves nobody: the country of the capital
    of the country that was named.
    """
    serving = {producer for producer, _, _ in row.plan.causal_edges} | set(row.plan.goals)
    serving |= {call.id for call in calls_of(row) if call.failed}
    serving |= {condition.call for condition in row.plan.conditions}
    idle = [step.tool for step in row.plan.steps if step.call not in serving]
    if idle:
        raise Unfit("idle_step", ", ".join(idle))
    if row.scenario == "chain" and row.plan.length < len(row.plan.steps):
        raise Unfit("idle_step", " > ".join(row.plan.sequence))
