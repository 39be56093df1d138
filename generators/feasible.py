"""Which scenarios some packs have the words and the tools for."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import TYPE_CHECKING

from callwright.generators.execution import PackSession
from callwright.generators.misspelling import by_name, is_typed, slip
from callwright.generators.planning import Unfit
from callwright.schemas.record import Scenario

if TYPE_CHECKING:
    from callwright.generators.maker import Voice

TRIED = 8
"""Names that are misspelt to see whether a tool suggests the right one."""


def feasible(
    scenarios: Iterable[Scenario], voices: Iterable[Voice], session: PackSession
) -> list[Scenario]:
    """Those of `scenarios` that every voice can tell; what needs no words of its own always is."""
    return [s for s in scenarios if all(_can(s, voice, session) for voice in voices)]


def _can(scenario: Scenario, voice: Voice, session: PackSession) -> bool:
    graph, words = voice.everything, voice.dialogue
    if scenario == "stateful":
        return any(graph.ends(depth, "write") for depth in (2, 3, 4, 5))
    if scenario == "missing_argument":
        return any(graph.depths.get(tool) for tool in words.missing)
    if scenario == "policy":
        return any(graph.depths.get(tool) for tool in words.confirm)
    if scenario == "conditional":
        return any(
            graph.depths.get(tool) and then in graph.tools
            for tool, conditions in words.when.items()
            for when in conditions
            for then in when.then
        )
    return scenario != "error_recovery" or _misspells(voice, session)


def _misspells(voice: Voice, session: PackSession) -> bool:
    """Is there a tool that suggests what was meant?"""
    rng = random.Random(0)
    for name, parameters in voice.reads.parameters.items():
        if not by_name(name, parameters, voice.lexicon) or name not in voice.reads.cost:
            continue
        for _ in range(TRIED):
            try:
                meant = str(session.sample(parameters[0].kind, rng, {}))
                if not is_typed(meant, parameters[0].kind, voice.lexicon):
                    continue
                written = slip(meant, rng)
            except (Unfit, LookupError, ValueError):
                continue
            error = session.call(name, {parameters[0].name: written}).value.get("error")
            if error and error.get("suggestions"):
                return True
    return False
